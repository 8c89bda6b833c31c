namespace Palate.Serving;

/// <summary>One published generation, as <c>GET /generations</c> lists it.</summary>
/// <param name="Name">The generation's name.</param>
/// <param name="CreatedAt">When it was trained.</param>
/// <param name="DataHash">The digest of the data that it was trained on.</param>
internal sealed record GenerationEntry(string Name, DateTimeOffset CreatedAt, string DataHash);
