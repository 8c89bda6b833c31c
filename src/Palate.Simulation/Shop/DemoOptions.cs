namespace Palate.Simulation;

/// <summary>How large the demo world is. The defaults are what <c>palate demo</c> shows.</summary>
public sealed class DemoOptions
{
    /// <summary>What the world follows from.</summary>
    /// <value>The default is 1.</value>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many items.</summary>
    /// <value>The default is 4,000; 100 to 100,000.</value>
    public int Items { get; init; } = 4000;

    /// <summary>How many users.</summary>
    /// <value>The default is 3,000; 10 to 100,000.</value>
    public int Users { get; init; } = 3000;

    /// <summary>How many interactions to learn from, of all users together.</summary>
    /// <value>The default is 150,000; at least 10 for each user.</value>
    public int Interactions { get; init; } = 150_000;

    /// <summary>How many queries.</summary>
    /// <value>The default is 200; 2 to 2,000.</value>
    public int Queries { get; init; } = 200;

    /// <summary>The Unix second at which the story begins; it goes on for 180 days.</summary>
    /// <value>The default is 1 July 2025, UTC.</value>
    public long Start { get; init; } = 1_751_328_000;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its limits.</exception>
    internal void Validate()
    {
        Check(nameof(Items), Items, 100, 100_000);
        Check(nameof(Users), Users, 10, 100_000);
        Check(nameof(Interactions), Interactions, 10L * Users, 100_000_000);
        Check(nameof(Queries), Queries, 2, 2000);
        Check(nameof(Start), Start, 0, 4_000_000_000);
    }

    private static void Check(string name, long value, long least, long most)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(
                name,
                value,
                FormattableString.Invariant($"{name} of the demo world must lie between {least} and {most}."));
        }
    }
}
