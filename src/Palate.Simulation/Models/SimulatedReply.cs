using Microsoft.Extensions.AI;
using Palate.Llm;

namespace Palate.Simulation;

/// <summary>Everything that the simulated model is going to say to one prompt, and when.</summary>
public sealed record SimulatedReply
{
    /// <summary>The text, in the pieces in which it is streamed.</summary>
    public required IReadOnlyList<string> Pieces { get; init; }

    /// <summary>How many tokens each piece has.</summary>
    public required IReadOnlyList<int> PieceTokens { get; init; }

    /// <summary>The whole text.</summary>
    public string Text => string.Concat(Pieces);

    /// <summary>Why it ends.</summary>
    public required ChatFinishReason FinishReason { get; init; }

    /// <summary>The tokens of the prompt, those of them that were cached, and the tokens of the reply.</summary>
    public required UsageDetails Usage { get; init; }

    /// <summary>The most probable first tokens, if they were asked for.</summary>
    public IReadOnlyList<TokenProbability> FirstTokens { get; init; } = [];

    /// <summary>Whether the model declines.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>When the first piece is there.</summary>
    public TimeSpan FirstTokenAfter { get; init; }

    /// <summary>How long each token of the reply takes.</summary>
    public TimeSpan PerToken { get; init; }
}
