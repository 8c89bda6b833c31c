namespace Palate.Llm;

/// <summary>What a judge made of the best candidates of a request.</summary>
/// <param name="Candidates">The numbers of the candidates that were judged.</param>
/// <param name="BaseScores">The base score of each.</param>
/// <param name="Utilities">
/// How relevant the judge finds each, higher is better; empty where it gave no judgment of relevance.
/// </param>
/// <param name="Mode">How the judgment came about, and why.</param>
/// <param name="Usage">What it took.</param>
public sealed record JudgedTop(
    int[] Candidates, float[] BaseScores, float[] Utilities, Mode Mode, RerankUsage Usage)
{
    private readonly Lazy<float[]>? _later;

    /// <summary>
    /// How relevant the judge finds each, higher is better; empty where it gave no judgment of relevance. Those of a walk
    /// are fitted when they are first read, which takes about as long as the answer's own fit.
    /// </summary>
    public float[] Utilities
    {
        get => _later?.Value ?? field;
        init => (field, _later) = (value, null);
    } = Utilities;

    /// <summary>Whether the utilities have yet to be fitted.</summary>
    internal bool IsToBeFitted => _later is { IsValueCreated: false };

    /// <summary>The utilities, made when they are first read; may be read on any thread.</summary>
    internal Lazy<float[]> Later
    {
        init => _later = value;
    }
}
