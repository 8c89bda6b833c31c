namespace Palate.Serving;

/// <summary>A short answer as it was written.</summary>
/// <param name="Body">The JSON in UTF-8.</param>
/// <param name="Mode">How it came about, for the counters.</param>
/// <param name="WrittenAt">The timestamp of the service's clock.</param>
internal sealed record StoredAnswer(byte[] Body, string Mode, long WrittenAt);
