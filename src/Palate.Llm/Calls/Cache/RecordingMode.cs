namespace Palate.Llm;

/// <summary>What is done with a recording.</summary>
public enum RecordingMode
{
    /// <summary>The model is asked, and what it says is written down.</summary>
    Record,

    /// <summary>The model is never asked; a request without a recorded reply fails.</summary>
    Replay,

    /// <summary>What is recorded is replayed; for the rest the model is asked, and it is written down.</summary>
    ReplayOrRecord,
}
