namespace Palate.Simulation;

/// <summary>One respect in which a subcategory's items differ, such as how a headset connects.</summary>
/// <param name="Name">Its name, also as an attribute.</param>
/// <param name="IsAttribute">Whether items state it as an attribute; otherwise only their texts do.</param>
/// <param name="Position">
/// Where a query says it: <c>&lt;</c> before the noun, <c>s</c> after it in the plural, or after this preposition.
/// </param>
/// <param name="Sentences">Sentences of a description, with <c>{x}</c> where the word goes.</param>
/// <param name="Concepts">What it can be.</param>
internal sealed record DemoFacet(
    string Name, bool IsAttribute, string Position, string[] Sentences, DemoConcept[] Concepts);
