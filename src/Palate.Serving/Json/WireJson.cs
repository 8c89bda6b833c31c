using System.Text.Encodings.Web;
using System.Text.Json;

namespace Palate.Serving;

/// <summary>How Palate writes JSON; each room declares its types in a context of its own.</summary>
internal static class WireJson
{
    /// <summary>
    /// Apostrophes and letters of any script stay readable: the answers are <c>application/json</c>, never part of a
    /// page.
    /// </summary>
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>The options of a context for writing answers.</summary>
    public static JsonSerializerOptions ForAnswers(JsonSerializerOptions options) => new(options) { Encoder = Encoder };
}
