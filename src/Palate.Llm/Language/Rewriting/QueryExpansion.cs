namespace Palate.Llm;

/// <summary>Words to add to a query that has a certain word and lacks another.</summary>
/// <param name="When">The word that must be there, in lower case.</param>
/// <param name="Add">The words to add, each if it is not there yet.</param>
public sealed record QueryExpansion(string When, IReadOnlyList<string> Add)
{
    /// <summary>A word that must not be there; null for the first of the added ones.</summary>
    public string? Unless { get; init; }

    /// <summary>For how many of the queries it is done, decided by the query and the options' seed.</summary>
    /// <value>The default is 1: always. 0 to 1.</value>
    public double Chance { get; init; } = 1;

    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(When) || Add is null or [] || !(Chance is >= 0 and <= 1))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"An expansion of '{When}' has a chance of {Chance} or nothing to add; ") +
                "give a word, at least one to add, and a chance from 0 to 1.");
        }
    }
}
