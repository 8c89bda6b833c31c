namespace Palate;

/// <summary>Latin letters with marks as the plain letters that people type instead: é as e, ß as ss, ø as o.</summary>
/// <remarks>A table, because without ICU data (invariant globalization) the runtime does not decompose letters.</remarks>
internal static class LatinFolding
{
    /// <summary>The plain letters for a lower-case letter, or null when it is to be kept as it is.</summary>
    public static string? Fold(int letter) => letter switch
    {
        < 0xDF => null,
        0xDF => "ss",
        (>= 0xE0 and <= 0xE5) or (>= 0x100 and <= 0x105) => "a",
        0xE6 => "ae",
        0xE7 or (>= 0x106 and <= 0x10D) => "c",
        0xF0 or (>= 0x10E and <= 0x111) => "d",
        (>= 0xE8 and <= 0xEB) or (>= 0x112 and <= 0x11B) => "e",
        >= 0x11C and <= 0x123 => "g",
        >= 0x124 and <= 0x127 => "h",
        (>= 0xEC and <= 0xEF) or (>= 0x128 and <= 0x131) => "i",
        0x132 or 0x133 => "ij",
        0x134 or 0x135 => "j",
        >= 0x136 and <= 0x138 => "k",
        >= 0x139 and <= 0x142 => "l",
        0xF1 or (>= 0x143 and <= 0x14B) => "n",
        (>= 0xF2 and <= 0xF6) or 0xF8 or (>= 0x14C and <= 0x151) => "o",
        0x152 or 0x153 => "oe",
        >= 0x154 and <= 0x159 => "r",
        (>= 0x15A and <= 0x161) or 0x17F or 0x218 or 0x219 => "s",
        (>= 0x162 and <= 0x167) or 0x21A or 0x21B => "t",
        0xFE => "th",
        (>= 0xF9 and <= 0xFC) or (>= 0x168 and <= 0x173) => "u",
        0x174 or 0x175 => "w",
        0xFD or 0xFF or (>= 0x176 and <= 0x178) => "y",
        >= 0x179 and <= 0x17E => "z",
        _ => null,
    };
}
