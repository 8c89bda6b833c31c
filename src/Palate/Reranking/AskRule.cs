namespace Palate;

/// <summary>Decides, before anything is spent, whether asking the model is likely to bring enough.</summary>
/// <remarks>
/// Logistic regression of "the gain exceeds the price" on the request's features, each request weighted by how much
/// there was to win or lose, so that the odds are those of a gain in the sum. The threshold is the highest that keeps
/// the wanted share of the gain. Immutable, safe on any thread.
/// </remarks>
public sealed class AskRule
{
    private const string FileTag = "ask-rule/1";
    private const int Folds = 5;

    private readonly Linear? _odds;
    private readonly double _threshold;

    private AskRule(Linear? odds, double threshold, AskSavings savings)
    {
        _odds = odds;
        _threshold = threshold;
        Savings = savings;
    }

    /// <summary>Asks for every request.</summary>
    public static AskRule Always { get; } = new(null, 0, new AskSavings(0, 1, 0));

    /// <summary>What the rule saves.</summary>
    public AskSavings Savings { get; }

    /// <summary>Learns a rule; with too few requests it is <see cref="Always"/>.</summary>
    /// <exception cref="ArgumentException">An option is out of its limits, or a gain is not finite.</exception>
    public static AskRule Fit(
        IReadOnlyList<AskSample> samples, AskRuleOptions? options = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        options ??= new AskRuleOptions();
        options.Validate();
        if (samples.FirstOrDefault(sample => !double.IsFinite(sample.Gain)) is { } odd)
        {
            throw new ArgumentException($"A sample's gain is {odd.Gain}; gains must be finite.", nameof(samples));
        }

        if (samples.Count < options.MinRequests)
        {
            return Always;
        }

        AskSample[] shuffled = [.. samples];
        new SeededRandom(options.Seed).Shuffle(shuffled.AsSpan());
        (double Odds, double Gain)[] foreseen = Foresee(shuffled, options, stop);
        int half = foreseen.Length / 2;
        double kept = 0;
        int skipped = 0;
        foreach ((double odds, double gain) in foreseen[half..].Where(Asked(Threshold(foreseen[..half], options)))
            .Concat(foreseen[..half].Where(Asked(Threshold(foreseen[half..], options)))))
        {
            kept += gain;
            skipped++;
        }

        skipped = foreseen.Length - skipped;
        double whole = foreseen.Sum(each => each.Gain);
        var savings = new AskSavings(
            (double)skipped / foreseen.Length, whole > 0 ? kept / whole : 1, foreseen.Length);
        return new AskRule(Train(shuffled, options, stop), Threshold(foreseen, options), savings);
    }

    /// <summary>Whether to ask the model.</summary>
    public bool Asks(AskFeatures request) => _odds is null || Odds(_odds, request) > _threshold;

    /// <summary>The log odds that asking brings more than its price; positive infinity for <see cref="Always"/>.</summary>
    public double LogOdds(AskFeatures request) => _odds is null ? double.PositiveInfinity : Odds(_odds, request);

    /// <summary>Writes the rule.</summary>
    public void Save(BinaryWriter writer)
    {
        RankerFile.WriteFrame(writer, FileTag, body =>
        {
            body.Write(_odds is not null);
            body.WriteArray<double>([_threshold, Savings.Skipped, Savings.GainKept, Savings.Requests]);
        });
        _odds?.Save(writer);
    }

    /// <summary>Reads a rule that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or not of this kind.</exception>
    public static AskRule Load(BinaryReader reader)
    {
        (bool learned, double[] values) = RankerFile.ReadFrame(
            reader, FileTag, body => (body.ReadBoolean(), body.ReadArray<double>()));
        if (values.Length != 4 || double.IsNaN(values[0]))
        {
            throw new InvalidDataException("A rule for asking is damaged: its numbers are not complete.");
        }

        Linear? odds = learned ? Linear.Load(reader) : null;
        return odds is null || odds.FeatureNames.SequenceEqual(AskFeatures.Names)
            ? new AskRule(odds, values[0], new AskSavings(values[1], values[2], (int)values[3]))
            : throw new InvalidDataException("A rule for asking has other features than this version; train again.");
    }

    /// <summary>For each request the log odds by a rule that did not see it.</summary>
    private static (double Odds, double Gain)[] Foresee(
        AskSample[] samples, AskRuleOptions options, CancellationToken stop)
    {
        var foreseen = new (double, double)[samples.Length];
        for (int fold = 0; fold < Folds; fold++)
        {
            int own = fold;
            Linear odds = Train([.. samples.Where((_, request) => request % Folds != own)], options, stop);
            for (int request = fold; request < samples.Length; request += Folds)
            {
                foreseen[request] = (Odds(odds, samples[request].Features), samples[request].Gain);
            }
        }

        return foreseen;
    }

    private static Linear Train(AskSample[] samples, AskRuleOptions options, CancellationToken stop)
    {
        int n = samples.Length;
        float[] values = new float[AskFeatures.Names.Length * n];
        float[] labels = new float[n];
        float[] weights = new float[n];
        Span<float> columns = stackalloc float[AskFeatures.Names.Length];
        double mean = samples.Average(sample => Math.Abs(sample.Gain - options.Price));
        for (int request = 0; request < n; request++)
        {
            samples[request].Features.Fill(columns);
            for (int column = 0; column < columns.Length; column++)
            {
                values[column * n + request] = columns[column];
            }

            // Weights have the mean 1, so that the regularization means the same whatever the gains' size.
            double net = samples[request].Gain - options.Price;
            labels[request] = net > 0 ? 1 : 0;
            weights[request] = mean > 0 ? (float)(Math.Abs(net) / mean) : 1;
        }

        return Linear.Fit(
            new RankingDataset(AskFeatures.Names, values, labels, [0, n], weights), new LinearOptions(), stop);
    }

    private static double Odds(Linear odds, AskFeatures request)
    {
        var row = new FeatureMatrix(AskFeatures.Names.Length, 1);
        Span<float> columns = stackalloc float[AskFeatures.Names.Length];
        request.Fill(columns);
        for (int column = 0; column < columns.Length; column++)
        {
            row[column][0] = columns[column];
        }

        Span<float> score = stackalloc float[1];
        odds.Score(row, score);
        return score[0];
    }

    /// <summary>
    /// The highest log odds that can go unasked while the wanted share of the gain is kept; infinite where that is none
    /// or all of them.
    /// </summary>
    private static double Threshold((double Odds, double Gain)[] foreseen, AskRuleOptions options)
    {
        (double Odds, double Gain)[] sorted = [.. foreseen.OrderBy(each => each.Odds)];
        double whole = sorted.Sum(each => each.Gain);
        double kept = whole;
        double threshold = double.NegativeInfinity;
        for (int place = 0; place < sorted.Length; place++)
        {
            kept -= sorted[place].Gain;
            bool lastOfItsOdds = place + 1 == sorted.Length || sorted[place + 1].Odds > sorted[place].Odds;
            if (lastOfItsOdds && kept >= options.Keep * whole)
            {
                threshold = place + 1 < sorted.Length ? sorted[place].Odds : double.PositiveInfinity;
            }
        }

        return threshold;
    }

    private static Func<(double Odds, double Gain), bool> Asked(double threshold) => each => each.Odds > threshold;
}
