namespace Palate;

/// <summary>How the penalty on a row's factors depends on the row.</summary>
public enum AlsRegularization
{
    /// <summary>The same for all rows (Hu, Koren and Volinsky 2008).</summary>
    Constant,

    /// <summary>
    /// Times (cells of the row + unobserved weight x length of the row) to the power nu (Rendle, Krichene, Zhang and
    /// Koren 2021, "Revisiting the Performance of iALS on Item Recommendation Benchmarks").
    /// </summary>
    FrequencyScaled,
}
