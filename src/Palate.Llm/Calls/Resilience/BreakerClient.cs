using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Palate.Llm;

/// <summary>Sends nothing to a model that has failed too often of late.</summary>
internal sealed class BreakerClient(IChatClient inner, Breaker breaker) : DelegatingChatClient(inner)
{
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(Breaker) ? breaker : base.GetService(serviceType, serviceKey);

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Breaker.Pass pass = breaker.Enter();
        bool? good = null;
        bool isCut = false;
        try
        {
            ChatResponse response = await InnerClient.GetResponseAsync(messages, options, cancellationToken);
            good = true;
            return response;
        }
        catch (Exception e)
        {
            (good, isCut) = Judge(e, options, cancellationToken);
            throw;
        }
        finally
        {
            breaker.Leave(pass, good, isCut);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Breaker.Pass pass = breaker.Enter();
        bool? good = null;
        bool isCut = false;
        try
        {
            await using IAsyncEnumerator<ChatResponseUpdate> updates = InnerClient
                .GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await updates.MoveNextAsync())
                    {
                        good = true;
                        break;
                    }
                }
                catch (Exception e)
                {
                    (good, isCut) = Judge(e, options, cancellationToken);
                    throw;
                }

                // A reader who stops here had something to read.
                good = true;
                yield return updates.Current;
            }
        }
        finally
        {
            breaker.Leave(pass, good, isCut);
        }
    }

    private (bool? Good, bool IsCut) Judge(Exception e, ChatOptions? options, CancellationToken caller) => e switch
    {
        ModelCallException failure => (
            failure.Kind switch
            {
                ModelCallFailure.Timeout or ModelCallFailure.Server or ModelCallFailure.Network
                    or ModelCallFailure.Malformed or ModelCallFailure.Rejected => false,

                // The provider answered, and is therefore there.
                ModelCallFailure.Refused or ModelCallFailure.Invalid => true,
                _ => null,
            },
            failure.IsCut),

        // A caller who waited for as long as there was time was let down; one who left earlier had other reasons.
        OperationCanceledException when caller.IsCancellationRequested =>
            (breaker.IsPast(CallContext.Of(options).Deadline) ? false : null, true),
        _ => (false, false),
    };
}
