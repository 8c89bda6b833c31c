namespace Palate;

/// <summary>A request that cannot be answered as it stands; the caller can mend it.</summary>
public sealed class InvalidRequestException : ArgumentException
{
    /// <summary>Says which field is wrong and what to do.</summary>
    public InvalidRequestException(string parameter, string message)
        : base(message) => Parameter = parameter;

    /// <summary>The field's name as it is written on the wire, for example <c>count</c>.</summary>
    public string Parameter { get; }

    /// <inheritdoc/>
    public override string? ParamName => null;
}
