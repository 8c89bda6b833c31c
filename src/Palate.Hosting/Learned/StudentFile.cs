using Palate.Storage;

namespace Palate.Hosting;

/// <summary>The student of a pipeline's model, kept in the home's folder <c>students</c>.</summary>
internal static class StudentFile
{
    private const int MaxCandidates = 1000;

    /// <summary>Where it is kept.</summary>
    public static string PathOf(Home home, string pipeline, string model) =>
        HomeFile.PathOf(home, "students", pipeline, model);

    /// <summary>The student of a model; null when it has none.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Taught? Read(Home home, string pipeline, string model)
    {
        string path = PathOf(home, pipeline, model);
        if (!File.Exists(path))
        {
            return null;
        }

        using var reader = new BinaryReader(File.OpenRead(path));
        var student = Student.Load(reader);
        var ledger = AgreementLedger.Load(reader);
        int candidates = reader.ReadInt32();
        return candidates is >= 2 and <= MaxCandidates
            ? new Taught(student, ledger, candidates)
            : throw new InvalidDataException($"The file {path} is damaged: it names {candidates} candidates.");
    }

    /// <summary>Replaces a student, whole or not at all.</summary>
    public static void Write(Home home, string pipeline, string model, Taught taught) =>
        HomeFile.Replace(PathOf(home, pipeline, model), writer =>
        {
            taught.Student.Save(writer);
            taught.Agreement.Save(writer);
            writer.Write(taught.Candidates);
        });

    /// <summary>A student, how far it agreed with its teacher, and how many candidates it was taught to judge.</summary>
    internal sealed record Taught(Student Student, AgreementLedger Agreement, int Candidates);
}
