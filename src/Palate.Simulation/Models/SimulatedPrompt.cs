using System.Text;
using Microsoft.Extensions.AI;

namespace Palate.Simulation;

/// <summary>What a prompt says: the user, the query, and the candidates by alias, read from its text alone.</summary>
/// <remarks>
/// Candidates are lines <c>[ALIAS] title | attribute: values | text</c>, inside a fence <c>&lt;candidates&gt;</c> where
/// there is one; the fences <c>history</c>, <c>query</c>, <c>profile</c>, <c>latest</c>, <c>goal</c>,
/// <c>pool</c> and <c>question</c> are read likewise; without the last, what stands after all fences is the question. A prompt without any (lines <c>Query:</c> and <c>Item:</c>) is understood too.
/// </remarks>
internal sealed class SimulatedPrompt
{
    private const int MaxAliasLength = 16;

    private SimulatedPrompt(string text) => Text = text;

    /// <summary>All messages, one after the other.</summary>
    public string Text { get; }

    public string Query { get; private set; } = "";

    public string Profile { get; private set; } = "";

    public string Goal { get; private set; } = "";

    /// <summary>What earlier steps of a walk left behind.</summary>
    public string Pool { get; private set; } = "";

    /// <summary>The part that varies: what is asked, about which aliases.</summary>
    public string Question { get; private set; } = "";

    public List<string> History { get; } = [];

    /// <summary>All candidates that the prompt shows.</summary>
    public List<Shown> Candidates { get; } = [];

    /// <summary>Those that the question is about, in its order.</summary>
    public List<Shown> Asked { get; private set; } = [];

    public static SimulatedPrompt Read(IReadOnlyList<ChatMessage> messages)
    {
        var text = new StringBuilder();
        foreach (ChatMessage message in messages)
        {
            text.Append(message.Text).Append('\n');
        }

        var prompt = new SimulatedPrompt(text.ToString());
        prompt.Query = prompt.Fenced("query") ?? prompt.Labelled("Query:") ?? "";
        prompt.Profile = (prompt.Fenced("profile") + "\n" + prompt.Fenced("latest")).Trim();
        prompt.Goal = prompt.Fenced("goal") ?? "";
        prompt.Pool = prompt.Fenced("pool") ?? "";
        prompt.Question = prompt.Fenced("question") ?? AfterFences(messages.Count > 0 ? messages[^1].Text : "");
        if (prompt.Fenced("history") is { } history)
        {
            prompt.History.AddRange(
                history.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Where(line => line[0] != '(' || line[^1] != ')'));
        }

        prompt.ReadCandidates();
        prompt.ReadAsked();
        return prompt;
    }

    // The contents of every fence of that name: <name>...</name>, attributes in the opening tag allowed.
    private string? Fenced(string name)
    {
        string? all = null;
        int from = 0;
        while (true)
        {
            int open = Text.IndexOf("<" + name, from, StringComparison.Ordinal);
            if (open < 0)
            {
                return all;
            }

            int begin = open + name.Length + 1;
            from = begin;
            if (begin >= Text.Length || (Text[begin] != '>' && Text[begin] != ' '))
            {
                continue;
            }

            begin = Text.IndexOf('>', begin) + 1;
            int end = begin > 0 ? Text.IndexOf("</" + name + ">", begin, StringComparison.Ordinal) : -1;
            if (end < 0)
            {
                continue;
            }

            // Instructions that only mention a fence have nothing in it.
            string inside = Text[begin..end].Trim();
            all = all is null || all.Length == 0 ? inside : inside.Length == 0 ? all : all + "\n" + inside;
            from = end;
        }
    }

    // What is asked stands after the data; a message that ends with its data is taken whole.
    private static string AfterFences(string message)
    {
        int fence = message.LastIndexOf("</", StringComparison.Ordinal);
        int end = fence < 0 ? -1 : message.IndexOf('>', fence);
        string after = message[(end + 1)..];
        return string.IsNullOrWhiteSpace(after) ? message : after;
    }

    private string? Labelled(string label)
    {
        int begin = Text.StartsWith(label, StringComparison.Ordinal) ? 0
            : Text.IndexOf("\n" + label, StringComparison.Ordinal) + 1;
        if (!Text.AsSpan(begin).StartsWith(label, StringComparison.Ordinal))
        {
            return null;
        }

        int end = Text.IndexOf('\n', begin);
        return Text[(begin + label.Length)..(end < 0 ? Text.Length : end)].Trim();
    }

    private void ReadCandidates()
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        string block = Fenced("candidates") ?? Fenced("candidate") ?? Fenced("items") ?? Fenced("item") ?? Text;
        foreach (string line in block.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int close = line[0] == '[' ? line.IndexOf(']', StringComparison.Ordinal) : -1;
            if (close is > 1 and <= MaxAliasLength + 1 && !line.AsSpan(1, close - 1).Contains(' '))
            {
                string alias = line[1..close];
                if (known.Add(alias))
                {
                    Candidates.Add(new Shown(alias, line[(close + 1)..].Trim()));
                }
            }
            else if (Candidates.Count > 0 && !ReferenceEquals(block, Text))
            {
                // A text of several lines belongs to the candidate above it.
                Candidates[^1] = Candidates[^1] with { Line = Candidates[^1].Line + " " + line };
            }
        }

        if (Candidates.Count == 0 && Labelled("Item:") is { } item)
        {
            Candidates.Add(new Shown("1", item));
        }
    }

    private void ReadAsked()
    {
        var byAlias = Candidates.ToDictionary(shown => shown.Alias, StringComparer.Ordinal);
        var asked = new List<Shown>();
        var named = new HashSet<string>(StringComparer.Ordinal);
        if (!ReferenceEquals(Question, Text))
        {
            Collect(bracketed: true);
            if (asked.Count == 0)
            {
                Collect(bracketed: false);
            }
        }

        Asked = asked.Count > 0 ? asked : Candidates;

        void Collect(bool bracketed)
        {
            int at = 0;
            while (at < Question.Length)
            {
                int begin = at;
                while (at < Question.Length && char.IsLetterOrDigit(Question[at]))
                {
                    at++;
                }

                if (at > begin && byAlias.TryGetValue(Question[begin..at], out Shown? first)
                    && SpanEnd(at) is { } last && Candidates.IndexOf(first) <= Candidates.IndexOf(last))
                {
                    // "A1 to A20" is everything from the one to the other, in the order in which it is shown.
                    foreach (Shown within in Candidates
                        .Skip(Candidates.IndexOf(first))
                        .Take(Candidates.IndexOf(last) - Candidates.IndexOf(first) + 1)
                        .Where(within => named.Add(within.Alias)))
                    {
                        asked.Add(within);
                    }
                }
                else if (at > begin && byAlias.TryGetValue(Question[begin..at], out Shown? shown)
                    && (bracketed ? IsBracketed(begin, at) : !IsWord(begin, at)) && named.Add(shown.Alias))
                {
                    asked.Add(shown);
                }

                at = Math.Max(at, begin + 1);
            }
        }

        Shown? SpanEnd(int end)
        {
            const string To = " to ";
            if (!Question.AsSpan(end).StartsWith(To, StringComparison.Ordinal))
            {
                return null;
            }

            int begin = end + To.Length;
            int stop = begin;
            while (stop < Question.Length && char.IsLetterOrDigit(Question[stop]))
            {
                stop++;
            }

            return byAlias.GetValueOrDefault(Question[begin..stop]);
        }

        bool IsBracketed(int begin, int end) =>
            begin > 0 && Question[begin - 1] == '[' && end < Question.Length && Question[end] == ']';

        // "A grade" and "I want" are English, not aliases.
        bool IsWord(int begin, int end) => end - begin == 1 && Question[begin] is 'A' or 'I'
            && end + 1 < Question.Length && Question[end] == ' ' && char.IsLower(Question[end + 1]);
    }

    /// <summary>A candidate as the prompt shows it.</summary>
    internal sealed record Shown(string Alias, string Line);
}
