namespace Palate.Hosting;

/// <summary>Everything that <c>palate.yaml</c> says.</summary>
public sealed record HomeSettings
{
    /// <summary>How generations are trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Language models by name.</summary>
    public IReadOnlyDictionary<string, ModelSettings> Models { get; init; } = new Dictionary<string, ModelSettings>();

    /// <summary>Pipelines by name.</summary>
    public IReadOnlyDictionary<string, PipelineSettings> Pipelines { get; init; } =
        new Dictionary<string, PipelineSettings>();

    /// <summary>Prices by the model's name at its server.</summary>
    public IReadOnlyDictionary<string, PriceSettings> Prices { get; init; } = new Dictionary<string, PriceSettings>();

    /// <summary>Limits on what may be spent.</summary>
    public IReadOnlyList<SpendSettings> Spend { get; init; } = [];

    /// <summary>Checks that what is named is there.</summary>
    /// <exception cref="ArgumentException">A pipeline names a model that is not declared, or nothing.</exception>
    public void Validate()
    {
        foreach ((string name, PipelineSettings pipeline) in Pipelines)
        {
            if (pipeline is null)
            {
                throw new ArgumentException($"pipelines.{name} is empty; give it at least a model.");
            }

            foreach (string model in Named(pipeline))
            {
                // The simulated model is always there, with any of its profiles.
                if (!Models.ContainsKey(model) && model.Split(':')[0] != "simulated")
                {
                    throw new ArgumentException(
                        $"pipelines.{name} names the model '{model}', which is not under models; there are "
                        + $"{string.Join(", ", Models.Keys.Append("simulated").Distinct().Order(StringComparer.Ordinal))}.");
                }
            }
        }

        foreach ((string name, PriceSettings price) in Prices)
        {
            if (price is null)
            {
                throw new ArgumentException($"prices.{name} is empty; give it input and output, in dollars per million tokens.");
            }
        }

        foreach ((string name, ModelSettings model) in Models)
        {
            if (string.IsNullOrEmpty(model?.Provider))
            {
                throw new ArgumentException($"models.{name} has no provider; give one, for example openai or simulated.");
            }
        }
    }

    private static IEnumerable<string> Named(PipelineSettings pipeline) =>
        pipeline.Rewriting?.Model is { } rewriter
            ? [pipeline.Model, .. pipeline.Cascade, rewriter]
            : [pipeline.Model, .. pipeline.Cascade];
}
