namespace Palate.Cli;

/// <summary>Passes the progress of a training on, at once and on the same thread.</summary>
/// <remarks><see cref="Progress{T}"/> would post to the thread pool, where reports overtake one another.</remarks>
internal sealed class TrainingRelay(Action<double, string> tell) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => tell(value.Done, value.Step);
}
