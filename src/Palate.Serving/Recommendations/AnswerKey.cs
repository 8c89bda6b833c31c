namespace Palate.Serving;

/// <summary>All that the short answer of one generation depends on.</summary>
internal readonly record struct AnswerKey(string Generation, string UserId, int Count, string? Pipeline);
