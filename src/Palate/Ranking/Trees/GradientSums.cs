namespace Palate;

/// <summary>What a set of training rows adds up to: gradients, second derivatives, rows.</summary>
internal readonly record struct GradientSums(double Gradient, double Hessian, double Count)
{
    public static GradientSums operator -(GradientSums all, GradientSums part) =>
        new(all.Gradient - part.Gradient, all.Hessian - part.Hessian, all.Count - part.Count);
}
