namespace Palate.Testing;

/// <summary>
/// How many cases the tests draw whose worth grows with the number: fuzzing, random worlds, kills. They carry the category
/// <c>Soak</c>. The environment variable <c>PALATE_SOAK</c> names the tier: nothing for <c>dotnet test</c>, <c>reduced</c> for
/// <c>.ci/run</c>, <c>full</c> for the benchmark <c>soak</c>, which reads the counts from the tests' output.
/// </summary>
internal static class Soak
{
    /// <summary>The name of the category.</summary>
    public const string Category = nameof(Soak);

    /// <summary>The share of the full count that the tier draws, noted in the test's output.</summary>
    /// <exception cref="InvalidOperationException">The variable names no tier.</exception>
    public static int Count(int full)
    {
        int share = Environment.GetEnvironmentVariable("PALATE_SOAK") switch
        {
            null or "" => 40,
            "reduced" => 5,
            "full" => 1,
            string other => throw new InvalidOperationException(
                $"PALATE_SOAK is '{other}'. Set it to 'reduced' or 'full', or leave it away for a fortieth of the full counts."),
        };
        int count = full / share;
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"soak cases: {count}"));
        return count;
    }
}
