namespace Palate;

/// <summary>A small model that was taught the language model's orders and can stand in for it.</summary>
/// <remarks>
/// Distillation of permutations as in Sun et al. 2023 (RankGPT), with LambdaMART on cross features in the place of a
/// cross-encoder. Immutable, safe on any thread.
/// </remarks>
public sealed class Student
{
    private const string FileTag = "student/1";

    private readonly LambdaMart _trees;

    private Student(LambdaMart trees, Agreement agreement, int requests)
    {
        _trees = trees;
        Agreement = agreement;
        Requests = requests;
    }

    /// <summary>The mean agreement with the model on the requests that did not teach.</summary>
    public Agreement Agreement { get; }

    /// <summary>How many requests taught.</summary>
    public int Requests { get; }

    /// <summary>How much each feature is used.</summary>
    public IReadOnlyList<FeatureImportance> Importance => _trees.Importance;

    /// <summary>Teaches a student; requests in which the model told no candidates apart teach nothing.</summary>
    /// <param name="samples">The requests, oldest first.</param>
    /// <param name="options">How to learn; null for the defaults.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="ArgumentException">There are fewer than 10 requests that teach, an option is out of its limits,
    /// or a utility is not finite.</exception>
    public static Student Fit(
        IReadOnlyList<StudentSample> samples, StudentOptions? options = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        options ??= new StudentOptions();
        options.Validate();
        StudentSample[] telling = [.. samples.Where(Tells)];
        int held = (int)Math.Ceiling(options.HeldOut * telling.Length);
        if (telling.Length < 10)
        {
            throw new ArgumentException(
                $"{telling.Length} of {samples.Count} requests have an order to learn from; give at least 10.",
                nameof(samples));
        }

        var builder = new RankingDatasetBuilder(CrossFeatures.Names);
        foreach (StudentSample sample in telling[..^held])
        {
            builder.Add(sample.Features, Labels(sample.Utilities, options.Top));
        }

        var trees = LambdaMart.Fit(builder.Build(), options.Trees, stop: stop);
        var student = new Student(trees, new Agreement(0, 0), telling.Length - held);
        Agreement[] measured = [.. telling[^held..].Select(
            sample => Agreement.Between(student.Score(sample.Features), sample.Utilities, options.Top))];
        return new Student(
            trees,
            new Agreement(measured.Average(each => each.Tau), measured.Average(each => each.TopOverlap)),
            student.Requests);
    }

    /// <summary>One score per candidate; higher is better.</summary>
    public float[] Score(FeatureMatrix features)
    {
        ArgumentNullException.ThrowIfNull(features);
        float[] scores = new float[features.Candidates];
        _trees.Score(features, scores);
        return scores;
    }

    /// <summary>Writes the student.</summary>
    public void Save(BinaryWriter writer)
    {
        RankerFile.WriteFrame(writer, FileTag, body =>
        {
            body.WriteArray<double>([Agreement.Tau, Agreement.TopOverlap]);
            body.Write(Requests);
        });
        _trees.Save(writer);
    }

    /// <summary>Reads a student that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or not of this kind.</exception>
    public static Student Load(BinaryReader reader)
    {
        (double[] agreement, int requests) = RankerFile.ReadFrame(
            reader, FileTag, body => (body.ReadArray<double>(), body.ReadInt32()));
        var trees = LambdaMart.Load(reader);
        return agreement.Length == 2 && trees.FeatureNames.SequenceEqual(CrossFeatures.Names)
            ? new Student(trees, new Agreement(agreement[0], agreement[1]), requests)
            : throw new InvalidDataException("A student has other features than this version; train it again.");
    }

    private static bool Tells(StudentSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentOutOfRangeException.ThrowIfNotEqual(sample.Utilities.Length, sample.Features.Candidates);
        if (sample.Utilities.Any(utility => !float.IsFinite(utility)))
        {
            throw new ArgumentException("A request has a utility that is not a number; utilities must be finite.");
        }

        return sample.Utilities.Distinct().Count() > 1;
    }

    /// <summary>The best gets as many points as there are places to teach, the next one fewer; equal ones the same.</summary>
    private static float[] Labels(float[] utilities, int top) =>
        [.. utilities.Select(own => (float)Math.Max(0, top - utilities.Count(other => other > own)))];
}
