namespace Palate;

/// <summary>A row that was skipped.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Line">The line, 1-based.</param>
/// <param name="Reason">What is wrong with it, with the value.</param>
public sealed record BadRow(string File, long Line, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{File}:{Line}: {Reason}");
}
