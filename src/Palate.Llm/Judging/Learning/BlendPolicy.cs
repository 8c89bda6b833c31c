namespace Palate.Llm;

/// <summary>How a pipeline blends a re-ranker's judgment with the base scores, and whether it asks it at all.</summary>
/// <remarks>
/// A model that is not followed is not asked either: its answer would cost and change nothing. Thread-safe as far as
/// its functions are.
/// </remarks>
public sealed record BlendPolicy
{
    /// <summary>The model's name, for reasons.</summary>
    public required string Model { get; init; }

    /// <summary>The share of the base score, 0 to 1; null for what was learned.</summary>
    public double? Alpha { get; init; }

    /// <summary>What was learned of the model's worth; gives null while there is nothing.</summary>
    public Func<Trust?> Trust { get; init; } = () => null;

    /// <summary>When asking is worth its price, as learned; gives null for always.</summary>
    public Func<AskRule?> Ask { get; init; } = () => null;

    /// <summary>How base and judgment are put together for a request.</summary>
    public Blend BlendOf(RerankContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return BlendOf(context.Segment);
    }

    /// <summary>How base and judgment are put together for a kind of requests.</summary>
    public Blend BlendOf(string segment) => Alpha is { } alpha ? new Blend { Alpha = alpha } :
        Trust()?.BlendOf(segment) ?? new Blend { Alpha = LlmRerankerOptions.UnlearnedAlpha };

    /// <summary>The answer where the model is not asked; null where it is.</summary>
    /// <param name="context">The request.</param>
    /// <param name="candidates">The numbers of the candidates that it would be asked about.</param>
    public RerankResult? Refusal(RerankContext context, ReadOnlySpan<int> candidates)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (BlendOf(context).Alpha >= 1)
        {
            string why = Alpha is null
                ? $"what was learned of it says that it does not help on such requests ({context.Segment})"
                : "its pipeline gives the base score all the weight";
            return new RerankResult(
                [], Mode.Base(ReasonCode.NotTrusted, $"The model '{Model}' was not asked, and would not be followed: {why}."));
        }

        return Ask() is { } rule && !rule.Asks(FeaturesOf(context, candidates))
            ? new RerankResult(
                [],
                Mode.Base(
                    ReasonCode.NotWorthAsking,
                    $"The model '{Model}' was not asked: what was learned says that it would hardly change anything here."))
            {
                IsDecided = true,
            }
            : null;
    }

    /// <summary>What the rule goes by.</summary>
    internal static AskFeatures FeaturesOf(RerankContext context, ReadOnlySpan<int> candidates)
    {
        float[] all = context.Ranking.Stages[^1].Scores;
        float[] scores = new float[candidates.Length];
        for (int place = 0; place < scores.Length; place++)
        {
            scores[place] = all[candidates[place]];
        }

        return AskFeatures.Of(scores, context.Request.Count, context.Profile.Items.Length, context.Request.Query);
    }
}
