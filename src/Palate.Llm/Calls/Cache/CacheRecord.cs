namespace Palate.Llm;

/// <summary>Cached bytes as a store keeps them.</summary>
/// <param name="Value">The bytes; not to be changed.</param>
/// <param name="Expires">When they are worth nothing any more.</param>
public sealed record CacheRecord(ReadOnlyMemory<byte> Value, DateTimeOffset Expires);
