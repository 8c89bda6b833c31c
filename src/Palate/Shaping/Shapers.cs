namespace Palate;

/// <summary>The built-in shapers by the name of their method. A new one stands here on a line.</summary>
internal static class Shapers
{
    private static readonly OrderedDictionary<string, Func<ShapingOptions, Shaper>> Known = new()
    {
        ["mmr"] = _ => new Mmr(),
        ["dpp"] = options => new Dpp(options.Window),
        ["xquad"] = _ => new Xquad(),
        ["xquad-even"] = _ => new Xquad(usesTaste: false),
        ["pm2"] = _ => new Pm2(),
        ["calibration"] = _ => new Calibration(),
        ["fa-ir"] = options => options.GroupShare is { } share ? new FairTopK(1, share) : new FairTopK(),
        ["exposure"] = _ => new Exposure(),
        ["exposure-linear"] = _ => new Exposure(isLinear: true),
        ["parity"] = _ => new Parity(),
        ["cap"] = options => new CategoryCap(options.MostPerValue),
        ["novelty"] = _ => new Novelty(),
    };

    /// <summary>The names of the methods.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Keys];

    /// <summary>The shaper of a method; null when there is none.</summary>
    public static Shaper? Create(ShapingOptions options) => Known.GetValueOrDefault(options.Method)?.Invoke(options);
}
