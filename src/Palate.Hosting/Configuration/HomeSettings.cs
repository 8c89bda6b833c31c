using Palate.Llm;

namespace Palate.Hosting;

/// <summary>Everything that <c>palate.yaml</c> says.</summary>
internal sealed record HomeSettings
{
    private const decimal MostDollars = 1_000_000;

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

    /// <summary>What does not fit together, or would be spent without end: each setting with what is wrong of it.</summary>
    public IEnumerable<(string Setting, string Problem)> Problems() =>
    [
        .. Models.Where(model => string.IsNullOrEmpty(model.Value?.Provider)).Select(model => (
            $"models.{model.Key}.provider", $"models.{model.Key} has no provider; give one, for example openai.")),
        .. Pipelines.SelectMany(pipeline => pipeline.Value is null
            ? [($"pipelines.{pipeline.Key}", $"pipelines.{pipeline.Key} is empty; give it at least a model.")]
            : ProblemsOf($"pipelines.{pipeline.Key}", pipeline.Value)),
        .. Prices.Where(price => price.Value is null).Select(price => (
            $"prices.{price.Key}", $"prices.{price.Key} is empty; give it input and output, in dollars per million tokens.")),
        .. Spend.SelectMany((limit, place) => Dollars($"spend[{place}].dollars", limit.Dollars)),
        .. Spend.SelectMany((limit, place) => Dollars($"spend[{place}].soft_dollars", limit.SoftDollars ?? 0)),
    ];

    /// <summary>Models that a pipeline names and nobody declares: each setting with what is wrong of it.</summary>
    public IEnumerable<(string Setting, string Problem)> UnknownModels(ProviderRegistry providers) =>
        from pipeline in Pipelines
        from named in Named(pipeline.Value)
        where named.Model is { } model && !Models.ContainsKey(model) && providers.FindUndeclared(model) is null
        select (
            $"pipelines.{pipeline.Key}.{named.Setting}",
            $"pipelines.{pipeline.Key} names the model '{named.Model}', which is not under models; there are "
            + $"{string.Join(", ", Models.Keys.Concat(providers.Undeclared).Distinct().Order(StringComparer.Ordinal))}.");

    private static IEnumerable<(string Setting, string? Model)> Named(PipelineSettings pipeline) =>
    [
        ("model", pipeline.Model),
        .. pipeline.Cascade.Select((model, place) => ($"cascade[{place}]", (string?)model)),
        ("rewriting.model", pipeline.Rewriting?.Model),
    ];

    private static IEnumerable<(string Setting, string Problem)> ProblemsOf(string name, PipelineSettings pipeline) =>
    [
        .. Dollars($"{name}.dollars", pipeline.Dollars),
        .. Dollars($"{name}.rewriting.dollars", pipeline.Rewriting?.Dollars ?? 0),
        .. (pipeline.Rewriting?.Synonyms ?? new Dictionary<string, string>())
            .Where(pair => pair.Value is null).Select(pair => Empty($"{name}.rewriting.synonyms.{pair.Key}")),
        .. (pipeline.Rewriting?.Expansions ?? new Dictionary<string, IReadOnlyList<string>>())
            .Where(pair => pair.Value is null).Select(pair => Empty($"{name}.rewriting.expansions.{pair.Key}")),
    ];

    private static (string Setting, string Problem) Empty(string setting) =>
        (setting, $"{setting} is empty; give it words, or leave it away.");

    private static IEnumerable<(string Setting, string Problem)> Dollars(string setting, decimal dollars) =>
        dollars is < 0 or > MostDollars
            ? [(setting, FormattableString.Invariant($"{setting} is {dollars}; give 0 to {MostDollars}."))]
            : [];
}
