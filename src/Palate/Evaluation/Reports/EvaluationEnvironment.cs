using System.Runtime.InteropServices;

namespace Palate;

/// <summary>Where an evaluation ran.</summary>
/// <param name="Processors">Logical processors.</param>
/// <param name="OperatingSystem">Name and version.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="Architecture">The processor's architecture.</param>
public sealed record EvaluationEnvironment(int Processors, string OperatingSystem, string Runtime, string Architecture)
{
    /// <summary>The environment of this process.</summary>
    public static EvaluationEnvironment Current { get; } = new(
        Environment.ProcessorCount,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.ProcessArchitecture.ToString());
}
