namespace Palate.Llm;

/// <summary>Reads replies: any text gives a valid judgment or none, and says how well it could be read.</summary>
/// <remarks>
/// Total: no reply throws, whatever is in it. The wanted form is JSON (or one word where the prompt has no schema), also
/// inside code fences, after thoughts, cut off, or with text around it; lists and grades in prose are read too, as
/// <see cref="ReplyClass.WrongFormat"/>. Nothing is invented and nothing is moved: a grade outside the prompt's scale is no
/// grade, and candidates that are not named are not judged. Linear in the length of the reply, of which the first 262,144
/// characters after any thoughts are read. Thread-safe.
/// </remarks>
public static class ReplyParser
{
    /// <summary>Reads a reply, or what has arrived of it.</summary>
    /// <param name="prompt">What was asked.</param>
    /// <param name="text">The reply so far.</param>
    /// <param name="isFinal">Whether it has ended; before that, only what is certain counts.</param>
    public static ParsedReply Parse(Prompt prompt, string? text, bool isFinal = true)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        Question question = prompt.Question;
        ReadOnlySpan<char> answer = ReplyText.Answer(text ?? "", out bool isCut);
        var aliases = AliasTable.Of(prompt.Aliases);
        var marks = new ReplyMarks(question.Candidates.Count, prompt.Scale);
        var json = new JsonReply(
            answer, aliases, marks, question.Kind, isFinal, stackalloc JsonReply.Frame[JsonReply.MaxDepth]);
        json.Read();
        // JSON that was understood and said nothing valid is not searched for words.
        bool isProse = !marks.HasAny && !marks.Bad && !marks.Unknown && !json.IsOpen;
        if (isProse)
        {
            Prose(prompt, answer, aliases, marks, isFinal);
        }

        if (question.Kind == QuestionKind.Walk && marks.Next is null && isFinal)
        {
            ProseReply.Next(answer, marks);
        }

        bool all = IsAll(question, marks);
        bool complete = all && (isFinal || !prompt.Reasons || !json.IsOpen);
        Judgment? judgment = Make(prompt, marks);
        isCut |= json.IsOpen || !isFinal;
        ReplyClass @class = judgment is null
            ? (!isFinal || (isCut && !json.IsOpen) ? ReplyClass.Truncated
                : answer.IsWhiteSpace() ? ReplyClass.Empty
                : RefusalPhrases.Has(answer) ? ReplyClass.Refusal
                : isCut ? ReplyClass.Truncated
                : marks.Unknown ? ReplyClass.Unknown
                : ReplyClass.WrongFormat)
            : !all && isCut ? ReplyClass.Truncated
            : marks.Unknown ? ReplyClass.Unknown
            : marks.Bad ? ReplyClass.WrongFormat
            : marks.Repeated ? ReplyClass.Repetition
            : !all ? ReplyClass.Missing
            : isProse && prompt.Schema is not null ? ReplyClass.WrongFormat
            : ReplyClass.Ok;
        return new ParsedReply(judgment, @class, judgment is not null && complete);
    }

    /// <summary>Reads a judgment off the probabilities of the first token: yes or no, or letters (FIRST).</summary>
    /// <remarks>Variants of a token in case and white space are summed. A letter that is not among the tokens is less
    /// probable than all that are, so it is simply not named.</remarks>
    /// <param name="prompt">A <see cref="QuestionKind.YesNo"/> or <see cref="QuestionKind.FirstToken"/> question; for
    /// another kind there is no judgment.</param>
    /// <param name="tokens">What the provider reported; may be empty.</param>
    public static ParsedReply Parse(Prompt prompt, IReadOnlyList<TokenProbability> tokens)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(tokens);
        Question question = prompt.Question;
        if (tokens.Count == 0)
        {
            return new ParsedReply(null, ReplyClass.Empty, false);
        }

        return question.Kind switch
        {
            QuestionKind.YesNo when question.Candidates.Count == 1 => YesNo(question, tokens),
            QuestionKind.FirstToken => Letters(prompt, tokens),
            _ => new ParsedReply(null, ReplyClass.WrongFormat, false),
        };
    }

    private static ParsedReply YesNo(Question question, IReadOnlyList<TokenProbability> tokens)
    {
        double yes = 0;
        double no = 0;
        foreach (TokenProbability token in tokens)
        {
            double probability = Probability(token);
            switch (YesNoWords.Find(token.Token))
            {
                case true:
                    yes += probability;
                    break;
                case false:
                    no += probability;
                    break;
            }
        }

        return yes + no > 0
            ? new ParsedReply(Judgment.Graded(question, [Math.Clamp(yes / (yes + no), 0, 1)]), ReplyClass.Ok, true)
            : new ParsedReply(null, ReplyClass.WrongFormat, false);
    }

    private static ParsedReply Letters(Prompt prompt, IReadOnlyList<TokenProbability> tokens)
    {
        var aliases = AliasTable.Of(prompt.Aliases);
        var sums = new double[prompt.Question.Candidates.Count];
        foreach (TokenProbability token in tokens)
        {
            int place = aliases.Find((token.Token ?? "").AsSpan().Trim(" \t\r\n[](){}\"'`*.:▁Ġ"));
            if (place >= 0)
            {
                sums[place] += Probability(token);
            }
        }

        int[] order =
        [
            .. Enumerable.Range(0, sums.Length).Where(place => sums[place] > 0)
                .OrderByDescending(place => sums[place]).ThenBy(place => place)
                .Select(place => prompt.Question.Candidates[place]),
        ];
        return order.Length == 0
            ? new ParsedReply(null, ReplyClass.WrongFormat, false)
            : new ParsedReply(
                Judgment.Ordered(prompt.Question, order),
                order.Length >= prompt.Question.Wanted ? ReplyClass.Ok : ReplyClass.Missing,
                true);
    }

    private static double Probability(TokenProbability token) =>
        double.IsNaN(token.LogProbability) ? 0 : Math.Exp(Math.Min(token.LogProbability, 0));

    private static void Prose(
        Prompt prompt, ReadOnlySpan<char> answer, AliasTable aliases, ReplyMarks marks, bool isFinal)
    {
        Question question = prompt.Question;
        switch (question.Kind)
        {
            case QuestionKind.Grade when isFinal:
                ProseReply.Grades(answer, aliases, marks);
                break;
            case QuestionKind.YesNo when Yes(answer, isFinal) is { } yes:
                marks.Grade(0, yes ? prompt.Scale.Maximum : 0);
                break;
            case QuestionKind.Grade or QuestionKind.YesNo:
                break;
            case QuestionKind.FirstToken:
                ReadOnlySpan<char> letter = answer.Trim(" \t\r\n[](){}\"'`*.:▁Ġ");
                if (letter.Length == 1)
                {
                    marks.Name(aliases.Find(letter));
                }
                else
                {
                    ProseReply.Order(answer, aliases, marks, 1, isFinal);
                }

                break;
            default:
                ProseReply.Order(answer, aliases, marks, question.Wanted, isFinal);
                break;
        }
    }

    // The first word, else the only one of the two anywhere.
    private static bool? Yes(ReadOnlySpan<char> answer, bool isFinal)
    {
        bool? said = null;
        bool isFirst = true;
        answer = answer[..Math.Min(answer.Length, 2000)];
        foreach (Range range in answer.SplitAny(" \t\r\n,.;:!*\"'()[]{}"))
        {
            ReadOnlySpan<char> word = answer[range];
            if (word.IsEmpty || (!isFinal && range.End.GetOffset(answer.Length) == answer.Length))
            {
                continue;
            }

            if (YesNoWords.Find(word) is { } found)
            {
                if (isFirst)
                {
                    return found;
                }

                if (said is { } other && other != found)
                {
                    return null;
                }

                said = found;
            }

            isFirst = false;
        }

        return isFinal ? said : null;
    }

    private static bool IsAll(Question question, ReplyMarks marks) => question.Kind switch
    {
        QuestionKind.Grade => marks.Graded == question.Candidates.Count,
        QuestionKind.YesNo => marks.Graded > 0,
        QuestionKind.Walk => marks.Named.Count >= question.Wanted && marks.Next is not null,
        QuestionKind.FirstToken => marks.Named.Count > 0,
        _ => marks.Named.Count >= question.Wanted,
    };

    private static Judgment? Make(Prompt prompt, ReplyMarks marks)
    {
        Question question = prompt.Question;
        if (question.Kind is QuestionKind.Grade or QuestionKind.YesNo)
        {
            return marks.Graded == 0
                ? null
                : Judgment.Graded(question, marks.Grades()).Explained(marks.Reasons(question));
        }

        if (marks.Named.Count == 0)
        {
            return null;
        }

        int most = question.Kind is QuestionKind.Pair or QuestionKind.Best or QuestionKind.Choose
            ? question.Wanted
            : question.Candidates.Count;
        marks.Bad |= question.Kind == QuestionKind.Choose && marks.Named.Count > most;
        int[] named = [.. marks.Named.Take(most).Select(place => question.Candidates[place])];
        return question.Kind == QuestionKind.Choose
            ? Judgment.Chosen(question, named).Explained(marks.Reasons(question))
            : Judgment.Ordered(question, named).Explained(marks.Reasons(question), marks.Next, prompt.EstimatedTokens);
    }
}
