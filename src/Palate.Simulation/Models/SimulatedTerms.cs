namespace Palate.Simulation;

/// <summary>The words of a text as the simulated model understands them: stems, with synonyms made one.</summary>
internal static class SimulatedTerms
{
    private static readonly HashSet<string> Empty = new(
        """
        the a an and or to for with of in on at is are i me my we you your it its this that these those be was were will
        need want looking find like something some any please from by as than then so very which who what rated rating
        stars star user customer bought viewed liked watched
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.Ordinal)
    {
        ["bt"] = "wireless",
        ["bluetooth"] = "wireless",
        ["cordless"] = "wireless",
        ["cans"] = "headphone",
        ["headset"] = "headphone",
        ["earphone"] = "headphone",
        ["adjustable"] = "stand",
        ["display"] = "monitor",
        ["screen"] = "monitor",
        ["keys"] = "keyboard",
        ["film"] = "movie",
        ["couch"] = "sofa",
        ["tv"] = "television",
        ["smartphone"] = "phone",
        ["affordable"] = "cheap",
        ["inexpensive"] = "cheap",
        ["child"] = "kid",
        ["children"] = "kid",
    };

    /// <summary>The terms of a text, in order, with repetitions.</summary>
    public static List<string> Of(ReadOnlySpan<char> text)
    {
        var terms = new List<string>();
        int at = 0;
        while (at < text.Length)
        {
            int begin = at;
            while (at < text.Length && char.IsLetterOrDigit(text[at]))
            {
                at++;
            }

            if (at > begin)
            {
                string word = text[begin..at].ToString().ToLowerInvariant();
                if (!Empty.Contains(word))
                {
                    terms.Add(Understood(word));
                }
            }

            at = Math.Max(at, begin + 1);
        }

        return terms;
    }

    private static string Understood(string word)
    {
        if (Synonyms.TryGetValue(word, out string? one))
        {
            return one;
        }

        string stem = Stem(word);
        return Synonyms.GetValueOrDefault(stem, stem);
    }

    private static string Stem(string word)
    {
        if (word.Length >= 6 && word.EndsWith("ing", StringComparison.Ordinal))
        {
            return word[..^3];
        }

        if (word.Length >= 5 && word.EndsWith("ies", StringComparison.Ordinal))
        {
            return word[..^3] + "y";
        }

        if (word.Length >= 6 && word.EndsWith("ed", StringComparison.Ordinal))
        {
            return word[..^2];
        }

        return word.Length >= 4 && word[^1] == 's' && word[^2] != 's' ? word[..^1] : word;
    }
}
