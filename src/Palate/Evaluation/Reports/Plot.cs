namespace Palate;

/// <summary>A drawing of one quantity against another.</summary>
/// <param name="Title">What is shown.</param>
/// <param name="Subtitle">Under which conditions.</param>
/// <param name="Horizontal">What goes to the right.</param>
/// <param name="Series">What is drawn, the most important first.</param>
internal sealed record Plot(string Title, string Subtitle, string Horizontal, IReadOnlyList<Plot.Curve> Series)
{
    /// <summary>Marks on the horizontal axis, ascending; they span it.</summary>
    public required IReadOnlyList<double> Marks { get; init; }

    /// <summary>Whether equal factors are equally far apart; the first mark then has to be above 0.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Points that belong together.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="Look">A class of the style: <c>s0</c> to <c>s5</c> in colour, anything else grey.</param>
    /// <param name="Points">One is drawn as a dot with its name, more as a line with dots.</param>
    internal sealed record Curve(string Name, string Look, IReadOnlyList<(double X, double Y)> Points);
}
