using System.Numerics;

namespace Palate.Llm;

// Where no two terms are about the same candidate: each term by itself.
internal sealed partial class LaplaceFit
{
    // Newton's step, by terms. Row p of the upper factor is -(left_p + s right_p) / r_p times the right of the later ones,
    // with s the sum of the squares of these factors over the earlier rows and r_p the root of the pivot: a diagonal less
    // a semiseparable matrix keeps its form (Vandebril, Van Barel and Mastronardi 2008). The border is the last column.
    private static double StepBlocks(
        Likelihood likelihood,
        in JudgeModel model,
        ReadOnlySpan<double> x,
        ReadOnlySpan<double> prior,
        ReadOnlySpan<double> precision,
        Span<double> inverse,
        Span<double> step)
    {
        int bias = x.Length - 1;
        double longest = 0;
        foreach (int item in model.IsUseful ? likelihood.Unseen : [])
        {
            step[item] = prior[item] - x[item];
            inverse[item] = 1 / Math.Sqrt(precision[item]);
            longest = Math.Max(longest, Math.Abs(step[item]));
        }

        double pull = -precision[bias] * x[bias];
        double pivot = precision[bias];
        foreach (LikelihoodTerm term in likelihood.Terms)
        {
            term.Derive(x, model);
            pull += term.BiasGradient;
            pivot += term.BiasCurvature;
            if (!model.IsUseful)
            {
                continue;
            }

            ReadOnlySpan<int> items = term.Items;
            ReadOnlySpan<double> right = term.Right;
            ReadOnlySpan<double> diagonal = term.Diagonal;
            Span<double> left = term.Left;
            Span<double> border = term.Border;
            Span<double> gradient = term.Gradient;
            double squares = 0;
            double bordered = 0;
            double reached = 0;
            for (int p = 0; p < items.Length; p++)
            {
                int item = items[p];
                double own = right[p];

                // The prior keeps every pivot positive; rounding may not undo that.
                double scale = 1 / Math.Sqrt(Math.Max(precision[item] + diagonal[p] - (squares * own * own), 1e-12));
                double factor = (left[p] + (squares * own)) * scale;
                double edge = (border[p] + (bordered * own)) * scale;
                double solved = (gradient[p] + (precision[item] * (prior[item] - x[item])) + (reached * own)) * scale;
                squares += factor * factor;
                bordered += factor * edge;
                reached += factor * solved;
                pivot -= edge * edge;
                pull -= edge * solved;
                inverse[item] = scale;
                left[p] = factor;
                border[p] = edge;
                gradient[p] = solved;
            }
        }

        inverse[bias] = 1 / Math.Sqrt(Math.Max(pivot, 1e-12));
        double moved = pull * inverse[bias] * inverse[bias];
        step[bias] = moved;
        longest = Math.Max(longest, Math.Abs(moved));
        foreach (LikelihoodTerm term in model.IsUseful ? likelihood.Terms : [])
        {
            ReadOnlySpan<int> items = term.Items;
            double later = 0;
            for (int p = items.Length - 1; p >= 0; p--)
            {
                int item = items[p];
                double own = (term.Gradient[p] + (term.Left[p] * later) - (term.Border[p] * moved)) * inverse[item];
                later += term.Right[p] * own;
                step[item] = own;
                longest = Math.Max(longest, Math.Abs(own));
            }
        }

        return longest;
    }

    // The back substitution of StepBlocks for many columns at once.
    private void ColourBlocks(Span<Vector<double>> vectors, int length)
    {
        int n = Mode.Length;
        using var scratch = new LaplaceScratch(n);
        ReadOnlySpan<double> inverse = scratch.Inverse.AsSpan(0, n);
        Span<double> precision = LookAgain(scratch);

        StepBlocks(
            _likelihood, Model, _at, _at, precision, scratch.Inverse.AsSpan(0, n), scratch.Step.AsSpan(0, n));
        Span<Vector<double>> pulls = vectors.Slice((n - 1) * length, length);
        Scale(pulls, inverse[n - 1]);
        foreach (int item in _likelihood.Unseen)
        {
            Scale(vectors.Slice(item * length, length), inverse[item]);
        }

        Span<Vector<double>> later = stackalloc Vector<double>[length];
        foreach (LikelihoodTerm term in _likelihood.Terms)
        {
            later.Clear();
            for (int p = term.Items.Length - 1; p >= 0; p--)
            {
                int item = term.Items[p];
                var left = new Vector<double>(term.Left[p]);
                var right = new Vector<double>(term.Right[p]);
                var border = new Vector<double>(term.Border[p]);
                var scale = new Vector<double>(inverse[item]);
                Span<Vector<double>> row = vectors.Slice(item * length, length);
                for (int at = 0; at < row.Length; at++)
                {
                    Vector<double> own = (row[at] + (left * later[at]) - (border * pulls[at])) * scale;
                    later[at] += right * own;
                    row[at] = own;
                }
            }
        }
    }

    private static void Scale(Span<Vector<double>> vectors, double factor)
    {
        foreach (ref Vector<double> vector in vectors)
        {
            vector *= factor;
        }
    }
}
