using Microsoft.Extensions.AI;

namespace Palate.Llm.Tests;

internal sealed record FakeCall(
    int Number, IReadOnlyList<ChatMessage> Messages, ChatOptions? Options, CancellationToken Stop)
{
    public CallContext Context => CallContext.Of(Options);
}
