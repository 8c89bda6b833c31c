namespace Palate.Llm;

/// <summary>One part of a rendered prompt, for people who want to see what is sent and what it costs.</summary>
/// <param name="Name">The block's name in the template; <c>system</c> for the first.</param>
/// <param name="Bytes">Its length in UTF-8.</param>
/// <param name="Tokens">Its estimated tokens.</param>
/// <param name="Shared">Whether it is part of the prefix that is the same in every prompt of the request.</param>
public sealed record PromptBlock(string Name, int Bytes, int Tokens, bool Shared);
