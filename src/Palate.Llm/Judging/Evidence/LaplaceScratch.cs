using System.Buffers;
using System.Numerics;

namespace Palate.Llm;

/// <summary>Room for the fits of one posterior, one after the other. Not thread-safe.</summary>
internal sealed class LaplaceScratch : IDisposable
{
    /// <summary>Room for this many unknowns.</summary>
    public LaplaceScratch(int unknowns)
    {
        Square = Rent(unknowns * Stride(unknowns));
        Prior = Rent(unknowns);
        Precision = Rent(unknowns);
        Inverse = Rent(unknowns);
        Step = Rent(unknowns);
        Solved = Rent(unknowns);
        At = Rent(unknowns);
        Trial = Rent(unknowns);
    }

    /// <summary>The negative Hessian, row-major, with the gradient as its last column; only the upper triangle is used.</summary>
    public double[] Square { get; }

    public double[] Prior { get; }

    public double[] Precision { get; }

    /// <summary>The inverses of the factor's diagonal.</summary>
    public double[] Inverse { get; }

    public double[] Step { get; }

    /// <summary>The step in the order of elimination.</summary>
    public double[] Solved { get; }

    public double[] At { get; }

    public double[] Trial { get; }

    /// <summary>The length of a row of the square: one more than the unknowns, up to whole vectors.</summary>
    public static int Stride(int unknowns) =>
        (unknowns + Vector<double>.Count) / Vector<double>.Count * Vector<double>.Count;

    public void Dispose()
    {
        foreach (double[] one in (ReadOnlySpan<double[]>)[Square, Prior, Precision, Inverse, Step, Solved, At, Trial])
        {
            ArrayPool<double>.Shared.Return(one);
        }
    }

    private static double[] Rent(int length) => ArrayPool<double>.Shared.Rent(length);
}
