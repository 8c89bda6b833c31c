namespace Palate;

/// <summary>
/// Gives the same string for the same characters most of the time, so that ids cost no memory per row.
/// </summary>
/// <remarks>A direct-mapped table of 65,536 places: bounded, whatever the data. Not thread-safe.</remarks>
internal sealed class IdCache
{
    private readonly string?[] _places = new string?[1 << 16];

    public string Get(ReadOnlySpan<char> id)
    {
        ref string? place = ref _places[string.GetHashCode(id) & 0xFFFF];
        if (place is null || !id.SequenceEqual(place))
        {
            place = id.ToString();
        }

        return place;
    }
}
