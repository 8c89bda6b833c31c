using Microsoft.Extensions.Hosting;
using Palate.Llm;

namespace Palate.Hosting;

/// <summary>Goes through a model's silence before a real request has to, when any pipeline asks one.</summary>
internal sealed class PipelineRehearsal(PipelineSet pipelines) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => pipelines.IsAsking
        ? WarmUp.RunAsync(PromptLibrary.Load(), TimeProvider.System, cancellationToken)
        : Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
