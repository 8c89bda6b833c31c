namespace Palate.Llm;

/// <summary>Windows that slide from the back of the list to its front, each over what the last one left.</summary>
/// <remarks>RankGPT, Sun et al. 2023, arXiv 2304.09542: ceil((n - w) / s) + 1 questions for a pass, one after another.</remarks>
internal static class SlidingWindows
{
    public static int[] Follow(Evidence evidence, WindowOptions options, QuestionKind kind, out Replay replay)
    {
        replay = new Replay(evidence);
        int[] order = [.. evidence.BaseOrder];
        if (order.Length < 2)
        {
            return order;
        }

        for (int pass = 0; pass < options.Passes; pass++)
        {
            int end = order.Length;
            while (true)
            {
                int start = Math.Max(0, end - options.WindowSize);
                if (!replay.TryOrder(new Question(kind, order[start..end], repeat: pass), out int[] window))
                {
                    return order;
                }

                window.CopyTo(order, start);
                if (start == 0)
                {
                    break;
                }

                end -= options.Stride;
            }
        }

        return order;
    }
}
