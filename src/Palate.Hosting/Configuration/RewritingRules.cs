namespace Palate.Hosting;

/// <summary>Which rules a pipeline's queries are rewritten by, beside its own.</summary>
internal enum RewritingRules
{
    /// <summary>None.</summary>
    None,

    /// <summary>Those that the catalog teaches: which words imply others.</summary>
    Catalog,
}
