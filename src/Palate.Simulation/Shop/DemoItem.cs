namespace Palate.Simulation;

/// <summary>An item of the demo world with what only its maker knows.</summary>
internal sealed class DemoItem
{
    public required Item Item { get; init; }

    /// <summary>The place of its subcategory in the list of all.</summary>
    public required int Subcategory { get; init; }

    /// <summary>The place of its maker in the subcategory's list.</summary>
    public required int Maker { get; init; }

    /// <summary>The place of its concept in each facet of the subcategory.</summary>
    public required int[] Concepts { get; init; }

    public required double Price { get; init; }

    /// <summary>Where the price lies between the subcategory's lowest (0) and highest (1).</summary>
    public required double PriceLevel { get; init; }

    /// <summary>How much better than others it is, whoever asks; about -1.5 to 1.5.</summary>
    public required double Quality { get; init; }

    /// <summary>What it is like, in directions that nobody has a word for.</summary>
    public required double[] Hidden { get; init; }
}
