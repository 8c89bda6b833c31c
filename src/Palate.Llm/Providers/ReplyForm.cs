namespace Palate.Llm;

/// <summary>How a server can be made to keep a reply's form.</summary>
public enum ReplyForm
{
    /// <summary>It takes a JSON schema.</summary>
    Schema,

    /// <summary>It takes no schema, but can be told to write JSON.</summary>
    Json,

    /// <summary>Neither: only the prompt asks for the form.</summary>
    Text,
}
