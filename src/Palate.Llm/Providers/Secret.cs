namespace Palate.Llm;

/// <summary>Reads keys from where settings say they are; settings never hold one.</summary>
internal static class Secret
{
    private const int MaxKeyBytes = 16 * 1024;

    /// <summary>The key behind a reference; null when there is none and none is needed.</summary>
    /// <exception cref="ArgumentException">The reference is wrong, or there is nothing behind it.</exception>
    public static string? Read(string? reference, string owner, bool isNeeded)
    {
        if (reference is null)
        {
            return isNeeded
                ? throw new ArgumentException(
                    $"There is no key for {owner}; set 'key' to env:NAME or file:PATH, which name where it is.")
                : null;
        }

        string? value;
        if (reference.StartsWith("env:", StringComparison.Ordinal))
        {
            value = Environment.GetEnvironmentVariable(reference[4..]);
            return Checked(value, $"The environment variable '{reference[4..]}' with the key for {owner} is not set or empty; set it.");
        }

        if (!reference.StartsWith("file:", StringComparison.Ordinal))
        {
            // It may be a key, so it is not repeated.
            throw new ArgumentException(
                $"The key for {owner} is not a reference; write env:NAME or file:PATH, never the key itself.");
        }

        string path = reference[5..];
        try
        {
            value = new FileInfo(path).Length <= MaxKeyBytes ? File.ReadAllText(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ArgumentException(
                $"The file '{path}' with the key for {owner} cannot be read; check that it is there and readable.", e);
        }

        return Checked(value, $"The file '{path}' with the key for {owner} is empty or no key; put the key into it.");
    }

    private static string Checked(string? value, string trouble)
    {
        string key = value?.Trim() ?? "";
        return key.Length > 0 && !key.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? key
            : throw new ArgumentException(trouble);
    }
}
