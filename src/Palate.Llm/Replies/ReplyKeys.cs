namespace Palate.Llm;

/// <summary>The names that models give to the fields of their replies.</summary>
internal static class ReplyKeys
{
    /// <summary>What a field of this name holds, whatever its case.</summary>
    public static ReplyKey Classify(ReadOnlySpan<char> key)
    {
        if (key.Length > 24)
        {
            return ReplyKey.Other;
        }

        Span<char> lower = stackalloc char[24];
        int length = key.ToLowerInvariant(lower);
        return lower[..Math.Max(0, length)] switch
        {
            "id" or "alias" or "item" or "candidate" or "name" or "index" or "item_id" or "identifier" or "letter" => ReplyKey.Id,
            "grade" or "score" or "relevance" or "relevance_score" or "rating" or "value" or "probability" or "fits" or "fit"
                or "match" or "relevant" or "grades" or "scores" => ReplyKey.Grade,
            "why" or "rationale" or "reason" or "reasons" or "rationales" or "explanation" or "explanations"
                or "justification" => ReplyKey.Reason,
            "order" or "ranking" or "ranked" or "ranking_order" or "result" or "results" or "answer" or "output" or "list"
                or "items" or "candidates" or "permutation" or "best" or "winner" or "choice" or "chosen" or "selected"
                or "selection" or "top" or "better" or "preferred" or "pick" or "picks" or "final" => ReplyKey.List,
            "rank" or "position" or "place" => ReplyKey.Rank,
            "next" or "next_node" or "nextnode" or "node" or "next_aspect" => ReplyKey.Next,
            "thinking" or "thought" or "thoughts" or "reasoning" or "analysis" or "worst" or "example" or "rejected"
                or "excluded" or "policy" => ReplyKey.Skip,
            _ => ReplyKey.Other,
        };
    }
}
