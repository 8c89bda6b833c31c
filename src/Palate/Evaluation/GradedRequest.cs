namespace Palate;

/// <summary>A request of which it is known what each item is worth to it.</summary>
/// <param name="Request">The request; its pipeline and explanation are chosen by who asks.</param>
/// <param name="Grades">Grades above 0 by item id; an item that is not named is worth nothing.</param>
public sealed record GradedRequest(RecommendRequest Request, IReadOnlyDictionary<string, int> Grades);
