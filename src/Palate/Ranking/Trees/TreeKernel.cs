namespace Palate;

/// <summary>Which instructions score trees.</summary>
internal enum TreeKernel
{
    /// <summary>One candidate after another.</summary>
    Scalar,

    /// <summary>32 candidates at once.</summary>
    Avx2,

    /// <summary>64 candidates at once.</summary>
    Avx512,
}
