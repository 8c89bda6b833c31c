namespace Palate.Simulation;

/// <summary>Chance with nothing but sums and products, so that a seed gives the same bytes on every machine.</summary>
/// <remarks>Math.Exp, Log and Pow may differ in their last bit from platform to platform; these do not.</remarks>
internal static class DemoChance
{
    /// <summary>About standard normal, in -6 .. 6: the sum of twelve uniform numbers.</summary>
    public static double Normal(SeededRandom random)
    {
        double sum = -6;
        for (int term = 0; term < 12; term++)
        {
            sum += random.NextDouble();
        }

        return sum;
    }

    /// <summary>About e^x for x in -16 .. 8: (1 + x / 16)^16.</summary>
    public static double Exp(double x)
    {
        double power = Math.Max(0, 1 + (x / 16));
        power *= power;
        power *= power;
        power *= power;
        return power * power;
    }

    /// <summary>One of the values, each as likely as the others.</summary>
    public static T Pick<T>(SeededRandom random, IReadOnlyList<T> values) => values[random.Next(values.Count)];

    /// <summary>A place in a list of running sums, as likely as its own part of the whole.</summary>
    public static int PickBySum(SeededRandom random, double[] sums)
    {
        double target = random.NextDouble() * sums[^1];
        int found = Array.BinarySearch(sums, target);
        return Math.Min(found >= 0 ? found + 1 : ~found, sums.Length - 1);
    }
}
