using System.Buffers;

namespace Palate.Llm;

/// <summary>Tells whether a text without an answer declines to give one.</summary>
internal static class RefusalPhrases
{
    private const int MaxLength = 600;

    private static readonly SearchValues<string> Phrases = SearchValues.Create(
    [
        "i can't", "i can’t", "i cannot", "i can not", "i'm sorry", "i’m sorry", "i am sorry", "i apologize", "as an ai",
        "unable to", "i won't", "i won’t", "not able to", "can't assist", "cannot assist", "can't help", "i must decline",
        "lo siento", "no puedo", "je suis désolé", "désolé", "je ne peux pas", "es tut mir leid", "tut mir leid",
        "ich kann", "kann ich nicht", "entschuldig", "mi dispiace", "non posso", "desculpe", "sinto muito", "não posso",
        "het spijt me", "ik kan niet", "przepraszam", "nie mogę", "извините", "прошу прощения", "не могу", "к сожалению",
        "üzgünüm", "yapamam", "抱歉", "对不起", "無法", "无法", "不能", "申し訳", "できません", "죄송", "할 수 없", "آسف", "لا أستطيع",
        "عذر", "क्षमा", "माफ़",
    ],
    StringComparison.OrdinalIgnoreCase);

    public static bool Has(ReadOnlySpan<char> text) => text[..Math.Min(text.Length, MaxLength)].ContainsAny(Phrases);
}
