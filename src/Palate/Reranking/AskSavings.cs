namespace Palate;

/// <summary>What asking selectively saves, measured on requests that had no part in learning the rule.</summary>
/// <param name="Skipped">The share of requests for which the model is not asked.</param>
/// <param name="GainKept">The share of the whole gain that is kept; above 1 where skipping avoids harm.</param>
/// <param name="Requests">How many requests it was measured on.</param>
public sealed record AskSavings(double Skipped, double GainKept, int Requests);
