namespace Palate;

/// <summary>How <see cref="Als"/> solves the linear system of a row.</summary>
public enum AlsSolver
{
    /// <summary>
    /// A few steps of the conjugate gradient from the last solution (Takacs, Pilaszy and Tikk 2011): several times
    /// faster, and after some iterations as good.
    /// </summary>
    ConjugateGradient,

    /// <summary>Exactly, by Cholesky's factorization: factors^2 multiply-adds per cell.</summary>
    Cholesky,
}
