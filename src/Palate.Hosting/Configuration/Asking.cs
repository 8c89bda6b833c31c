namespace Palate.Hosting;

/// <summary>When a pipeline's model is asked.</summary>
internal enum Asking
{
    /// <summary>Where it was learned that it is worth its price; always, as long as nothing was learned.</summary>
    Learned,

    /// <summary>For every request.</summary>
    Always,
}
