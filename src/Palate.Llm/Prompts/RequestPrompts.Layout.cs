namespace Palate.Llm;

/// <content>Where the candidates of a question stand: in its own part, or once in the prefix that all share.</content>
internal sealed partial class RequestPrompts
{
    // So many candidates stand for all when the layout is chosen.
    private const int Sample = 16;

    // Most hosted providers cache no shorter prefix.
    private const int MinimumCachedTokens = 1024;

    private double _itemTokens = double.NaN;

    // A pure function of the request and the question's shape, so that rendering order does not matter.
    private PromptLayout Layout(Question question)
    {
        if (question.IsBrief || question.Kind is QuestionKind.FirstToken or QuestionKind.YesNo)
        {
            return PromptLayout.Own;
        }

        PromptOptions options = _renderer.Options;
        if (options.Layout != PromptLayout.Auto)
        {
            return options.Layout;
        }

        int all = _bodies.Length;
        int shown = question.Candidates.Count;
        if (shown == all)
        {
            // One call that shows everything: only the question's own order can show it without a bias to the base order.
            return PromptLayout.Own;
        }

        // What candidates cost in uncached tokens: own, calls * m L; shared, n L once and n L r in each later call.
        // Graded candidates are asked for once, compared ones about twice.
        double calls = Math.Ceiling((question.Kind == QuestionKind.Grade ? 1.0 : 2.0) * all / shown);
        double item = ItemTokens();
        double constant = (_renderer.Plan(question.Kind, _request.Rationales).SystemBytes + OwnBlocks().Length) / 4.0;
        double ratio = constant + all * item >= MinimumCachedTokens
            ? options.CachedPriceRatio ?? PromptOptions.UsualCachedPriceRatio
            : 1;
        double own = calls * shown * item;
        double shared = all * item * (1 + (calls - 1) * ratio);
        return shared < own ? PromptLayout.Shared : PromptLayout.Own;
    }

    private double ItemTokens()
    {
        if (double.IsNaN(_itemTokens))
        {
            int count = Math.Min(Sample, _bodies.Length);
            double length = 0;
            for (int i = 0; i < count; i++)
            {
                length += Body(i).Text.Length + 5;
            }

            _itemTokens = length / count / 4;
        }

        return _itemTokens;
    }
}
