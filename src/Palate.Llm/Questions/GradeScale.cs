using System.Collections.Frozen;

namespace Palate.Llm;

/// <summary>The scale on which a prompt asks for grades: 0 to a maximum, or words.</summary>
/// <remarks>Immutable. A grade outside the scale is no grade: it is never moved to the nearest one.</remarks>
public sealed class GradeScale
{
    /// <summary>A scale from 0 to a maximum.</summary>
    /// <param name="maximum">Above 0 and finite; usually 1, 10 or 100.</param>
    /// <param name="words">Words that stand for grades from 0 to 1, whatever their case; may be empty.</param>
    public GradeScale(double maximum, IReadOnlyDictionary<string, double>? words = null)
    {
        if (!(maximum > 0) || double.IsInfinity(maximum))
        {
            throw new ArgumentOutOfRangeException(
                nameof(maximum), maximum, "A scale ends above 0, for example at 1, 10 or 100.");
        }

        Maximum = maximum;
        Words = (words ?? FrozenDictionary<string, double>.Empty).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        foreach ((string word, double grade) in Words)
        {
            if (grade is not (>= 0 and <= 1))
            {
                throw new ArgumentException($"The word '{word}' stands for {grade}; give 0 to 1.", nameof(words));
            }
        }
    }

    /// <summary>From 0 to 1, without words.</summary>
    public static GradeScale Unit { get; } = new(1);

    /// <summary>The number that stands for the best.</summary>
    public double Maximum { get; }

    /// <summary>Words that stand for grades from 0 to 1.</summary>
    public IReadOnlyDictionary<string, double> Words { get; }
}
