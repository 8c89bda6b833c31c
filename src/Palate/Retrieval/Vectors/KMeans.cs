using System.Numerics.Tensors;

namespace Palate;

/// <summary>Groups vectors around centres so that the sum of squared distances is locally least.</summary>
/// <remarks>
/// Lloyd's iteration (1982) from the centres of k-means++ (Arthur and Vassilvitskii 2007). Rows are assigned on all
/// cores; a centre is the mean of its rows, added in row order, so the result does not depend on the number of threads.
/// A tie goes to the lower cluster. Immutable, safe to use from any thread.
/// </remarks>
internal sealed class KMeans
{
    private const int RowsPerPart = 1024;

    // Half the squared length of each centre: |x - c|^2 = |x|^2 - 2 (x.c - |c|^2 / 2).
    private readonly float[] _halves;

    private KMeans(int dimensions, float[] centres, int[] clusters, double inertia, int rounds)
    {
        Dimensions = dimensions;
        Centres = centres;
        Clusters = clusters;
        Inertia = inertia;
        Rounds = rounds;
        _halves = Halves(centres, dimensions);
    }

    /// <summary>The length of a vector.</summary>
    public int Dimensions { get; }

    /// <summary>How many clusters there are.</summary>
    public int Count => Centres.Length / Dimensions;

    /// <summary>Row-major: the centre of cluster c is at <c>c * Dimensions</c>.</summary>
    public float[] Centres { get; }

    /// <summary>The cluster of each row that was fitted.</summary>
    public int[] Clusters { get; }

    /// <summary>The sum of squared distances of the rows to their centres.</summary>
    public double Inertia { get; }

    /// <summary>How many rounds it took; 0 after loading.</summary>
    public int Rounds { get; }

    /// <summary>Clusters vectors.</summary>
    public static KMeans Fit(ItemVectors vectors, KMeansOptions? options = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        options ??= new KMeansOptions();
        options.Validate();
        ItemVectors sample = Sample(vectors, options.MaxRows);
        int width = vectors.Dimensions;
        float[] centres = FirstCentres(sample, options, stop);
        int[] clusters = new int[vectors.Count];
        float[] distances = new float[vectors.Count];
        if (centres.Length == 0)
        {
            return new KMeans(width, centres, clusters, inertia: 0, rounds: 0);
        }

        int rounds = 0;
        int[] own = new int[sample.Count];
        float[] ownDistances = new float[sample.Count];
        own.AsSpan().Fill(-1);
        while (rounds < options.MaxRounds && Assign(sample, centres, own, ownDistances))
        {
            stop.ThrowIfCancellationRequested();
            rounds++;
            Average(sample, own, ownDistances, centres);
        }

        Assign(vectors, centres, clusters, distances);
        double inertia = 0;
        foreach (float distance in distances)
        {
            inertia += distance;
        }

        return new KMeans(width, centres, clusters, inertia, rounds);
    }

    /// <summary>The cluster whose centre is nearest to a vector.</summary>
    public int Nearest(ReadOnlySpan<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, Dimensions);
        VectorScan.RejectNotFinite(vector);
        float[] scores = new float[Count];
        return Nearest(vector, Centres, _halves, scores);
    }

    /// <summary>Writes centres and assignments to a generation's file.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Dimensions);
        writer.Write(Inertia);
        writer.WriteArray<float>(Centres);
        writer.WriteArray<int>(Clusters);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static KMeans Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        try
        {
            int dimensions = reader.ReadInt32();
            double inertia = reader.ReadDouble();
            float[] centres = reader.ReadArray<float>();
            int[] clusters = reader.ReadArray<int>();
            bool fits = dimensions > 0 && centres.Length % dimensions == 0
                && TensorPrimitives.IsFiniteAll<float>(centres)
                && !clusters.AsSpan().ContainsAnyExceptInRange(0, centres.Length / Math.Max(dimensions, 1) - 1);
            return fits
                ? new KMeans(dimensions, centres, clusters, inertia, rounds: 0)
                : throw new InvalidDataException("The file of the clusters is damaged: its parts do not fit.");
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("The file of the clusters is damaged: it ends early.", e);
        }
    }

    // Rows at even distances, which is as good as drawn ones unless the order repeats with that very distance.
    private static ItemVectors Sample(ItemVectors vectors, int limit)
    {
        if (vectors.Count <= limit)
        {
            return vectors;
        }

        int width = vectors.Dimensions;
        float[] data = new float[limit * width];
        for (int row = 0; row < limit; row++)
        {
            vectors[(int)((long)row * vectors.Count / limit)].CopyTo(data.AsSpan(row * width, width));
        }

        return new ItemVectors(width, data);
    }

    // k-means++: each further centre is a row drawn with probability proportional to its squared distance.
    private static float[] FirstCentres(ItemVectors vectors, KMeansOptions options, CancellationToken stop)
    {
        int rows = vectors.Count;
        int width = vectors.Dimensions;
        var random = new SeededRandom(options.Seed);
        var centres = new List<float>();
        float[] nearest = new float[rows];
        nearest.AsSpan().Fill(float.PositiveInfinity);
        int chosen = rows == 0 ? -1 : random.Next(rows);
        while (chosen >= 0)
        {
            stop.ThrowIfCancellationRequested();
            centres.AddRange(vectors[chosen]);
            if (centres.Count == (long)options.Clusters * width)
            {
                break;
            }

            int centre = chosen;
            ForParts(rows, (start, end) =>
            {
                ReadOnlySpan<float> point = vectors[centre];
                for (int row = start; row < end; row++)
                {
                    float distance = SquaredDistance(point, vectors[row]);
                    nearest[row] = Math.Min(nearest[row], distance);
                }
            });
            chosen = Draw(nearest, random);
        }

        return [.. centres];
    }

    // A row by its weight; -1 when every weight is zero, that is, when each row is already a centre.
    private static int Draw(float[] weights, SeededRandom random)
    {
        double total = 0;
        foreach (float weight in weights)
        {
            total += weight;
        }

        double left = random.NextDouble() * total;
        int last = -1;
        for (int row = 0; row < weights.Length; row++)
        {
            if (weights[row] > 0)
            {
                last = row;
                left -= weights[row];
                if (left < 0)
                {
                    break;
                }
            }
        }

        return last;
    }

    private static bool Assign(ItemVectors vectors, float[] centres, int[] clusters, float[] distances)
    {
        int width = vectors.Dimensions;
        float[] halves = Halves(centres, width);
        int moved = 0;
        ForParts(vectors.Count, (start, end) =>
        {
            float[] scores = new float[halves.Length];
            bool any = false;
            for (int row = start; row < end; row++)
            {
                int cluster = Nearest(vectors[row], centres, halves, scores);
                any |= clusters[row] != cluster;
                clusters[row] = cluster;
                distances[row] = SquaredDistance(vectors[row], centres.AsSpan(cluster * width, width));
            }

            if (any)
            {
                Interlocked.Exchange(ref moved, 1);
            }
        });
        return moved != 0;
    }

    private static int Nearest(ReadOnlySpan<float> vector, float[] centres, float[] halves, float[] scores)
    {
        VectorScan.Scores(vector, centres, scores);
        TensorPrimitives.Subtract(scores, halves, scores);
        return TensorPrimitives.IndexOfMax<float>(scores);
    }

    private static void Average(ItemVectors vectors, int[] clusters, float[] distances, float[] centres)
    {
        int width = vectors.Dimensions;
        int count = centres.Length / width;
        int[] offsets = new int[count + 1];
        foreach (int cluster in clusters)
        {
            offsets[cluster + 1]++;
        }

        for (int cluster = 0; cluster < count; cluster++)
        {
            offsets[cluster + 1] += offsets[cluster];
        }

        // The rows of a cluster side by side, ascending.
        int[] rows = new int[clusters.Length];
        int[] next = offsets.AsSpan(0, count).ToArray();
        for (int row = 0; row < clusters.Length; row++)
        {
            rows[next[clusters[row]]++] = row;
        }

        Parallel.For(0, count, cluster =>
        {
            ReadOnlySpan<int> own = rows.AsSpan(offsets[cluster], offsets[cluster + 1] - offsets[cluster]);
            if (own.IsEmpty)
            {
                return;
            }

            double[] sum = new double[width];
            foreach (int row in own)
            {
                ReadOnlySpan<float> vector = vectors[row];
                for (int d = 0; d < width; d++)
                {
                    sum[d] += vector[d];
                }
            }

            for (int d = 0; d < width; d++)
            {
                centres[cluster * width + d] = (float)(sum[d] / own.Length);
            }
        });

        // A cluster that lost all rows starts again at the row that is worst served.
        for (int cluster = 0; cluster < count; cluster++)
        {
            if (offsets[cluster] == offsets[cluster + 1])
            {
                int farthest = TensorPrimitives.IndexOfMax<float>(distances);
                distances[farthest] = 0;
                vectors[farthest].CopyTo(centres.AsSpan(cluster * width, width));
            }
        }
    }

    private static float[] Halves(float[] centres, int width)
    {
        float[] halves = new float[centres.Length / width];
        for (int cluster = 0; cluster < halves.Length; cluster++)
        {
            halves[cluster] = TensorPrimitives.SumOfSquares<float>(centres.AsSpan(cluster * width, width)) / 2;
        }

        return halves;
    }

    private static float SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float distance = TensorPrimitives.Distance(a, b);
        return distance * distance;
    }

    private static void ForParts(int rows, Action<int, int> work) =>
        Parallel.For(0, (rows + RowsPerPart - 1) / RowsPerPart, part =>
            work(part * RowsPerPart, Math.Min((part + 1) * RowsPerPart, rows)));
}
