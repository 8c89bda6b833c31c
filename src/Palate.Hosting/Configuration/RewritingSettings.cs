namespace Palate.Hosting;

/// <summary>How a pipeline rewrites queries, as <c>palate.yaml</c> declares it.</summary>
/// <remarks>Case, punctuation and words like <c>the</c> always go; a query of which nothing would be left stays.</remarks>
internal sealed record RewritingSettings
{
    /// <summary>Which rules are learned: <c>none</c>, or from the <c>catalog</c> which words imply others.</summary>
    /// <value>The default is <c>none</c>: what a catalog teaches does not always help, so compare before you use it.</value>
    public RewritingRules Rules { get; init; }

    /// <summary>Words and those that take their place.</summary>
    public IReadOnlyDictionary<string, string> Synonyms { get; init; } = new Dictionary<string, string>();

    /// <summary>Words and those that are added to a query that has them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Expansions { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The name of a language model in the section <c>models</c> that may add words; absent for none.</summary>
    public string? Model { get; init; }

    /// <summary>How long the model may take, in milliseconds; never more than a quarter of the request's time.</summary>
    /// <value>The default is 100.</value>
    public int TimeoutMs { get; init; } = 100;

    /// <summary>How many tokens the model may use for one query.</summary>
    /// <value>The default is 400.</value>
    public int Tokens { get; init; } = 400;

    /// <summary>How many dollars the model may cost for one query.</summary>
    /// <value>The default is 0.0005.</value>
    public decimal Dollars { get; init; } = 0.0005m;
}
