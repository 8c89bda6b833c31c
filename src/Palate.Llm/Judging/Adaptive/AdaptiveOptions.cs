namespace Palate.Llm;

/// <summary>How much <see cref="AdaptiveStrategy"/> may ask.</summary>
public sealed record AdaptiveOptions
{
    public int BlockSize { get; init; } = 20;
    public int Shown { get; init; } = 90;
    public double First { get; init; } = .45;
    public double Second { get; init; } = .8;
    public int Score { get; init; }
    public double Weight { get; init; } = 1;
    public double Wanted { get; init; } = 1;
    public int Deal { get; init; }
}
