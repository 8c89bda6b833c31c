using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Palate.Llm;

/// <content>Utilities drawn from it, for what has no closed form.</content>
internal sealed partial class Posterior
{
    /// <summary>How many times the utilities are drawn where an expectation has no closed form.</summary>
    public const int Draws = 256;

    private const int TableLength = 1 << 15;

    private static readonly double[] Normals = StandardNormals(TableLength + (2 * Draws));

    /// <summary>How many rows <see cref="Draw"/> fills.</summary>
    public int DrawnRows => _scores.Length + 1;

    /// <summary>Utilities drawn from the posterior, always the same ones.</summary>
    /// <param name="draws">Gets a row of <see cref="Draws"/> for each candidate, in the order of the result, and one between
    /// that is none.</param>
    /// <returns>The candidate of each row; -1 for the one that is none.</returns>
    public int[] Draw(Span<double> draws)
    {
        int n = _scores.Length;
        int width = Vector<double>.Count;
        int[] candidates = Rows();
        double[] room = ArrayPool<double>.Shared.Rent((n + 1) * (Draws + width));
        int first = 0;
        double reached = 0;
        for (int part = 0; part < _parts.Count && first < Draws; part++)
        {
            (LaplaceFit? fit, double correlation, double weight) = _parts[part];
            reached += weight;
            int end = part == _parts.Count - 1 ? Draws : Math.Clamp((int)Math.Ceiling((reached * Draws) - .5), first, Draws);
            if (end > first)
            {
                // Rows begin where a vector does, for the fit's sake.
                int stride = (end - first + width - 1) / width * width;
                Span<double> panel = room.AsSpan(0, (n + 1) * stride);
                for (int row = 0; row <= n; row++)
                {
                    // Shifted by more than a row, so that no two candidates have the same normals when the table begins anew.
                    Normals.AsSpan((row * (Draws + 1) % TableLength) + first, stride).CopyTo(panel[(row * stride)..]);
                }

                fit?.Colour(panel, stride);
                double deviation = Math.Sqrt(1 - (correlation * correlation));
                for (int row = 0; row <= n; row++)
                {
                    bool isFitted = fit is not null && row <= _judged.Length;
                    double mean = isFitted ? fit!.Mode[row] : row == _judged.Length ? 0 : correlation * _scores[candidates[row]];
                    double scale = isFitted ? 1 : deviation;
                    Span<double> own = panel.Slice(row * stride, stride);
                    foreach (ref Vector<double> one in MemoryMarshal.Cast<double, Vector<double>>(own))
                    {
                        one = new Vector<double>(mean) + (one * scale);
                    }

                    own[..(end - first)].CopyTo(draws[((row * Draws) + first)..]);
                }
            }

            first = end;
        }

        ArrayPool<double>.Shared.Return(room);
        return candidates;
    }

    // Those that a fit is about as it counts them, then the others.
    private int[] Rows()
    {
        int n = _scores.Length;
        int[] candidates = new int[n + 1];
        bool[] isJudged = new bool[n];
        _judged.CopyTo(candidates, 0);
        candidates[_judged.Length] = -1;
        foreach (int candidate in _judged)
        {
            isJudged[candidate] = true;
        }

        int row = _judged.Length + 1;
        for (int candidate = 0; candidate < n; candidate++)
        {
            if (!isJudged[candidate])
            {
                candidates[row++] = candidate;
            }
        }

        return candidates;
    }

    private static double[] StandardNormals(int count)
    {
        // Box and Muller 1958, from a fixed seed: the same draws for every request.
        var random = new Random(20_240_917);
        double[] normals = new double[count];
        for (int at = 0; at < count; at += 2)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            normals[at] = radius * cosine;
            normals[at + 1] = radius * sine;
        }

        return normals;
    }
}
