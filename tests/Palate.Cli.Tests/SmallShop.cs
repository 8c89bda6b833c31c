using System.Globalization;
using System.Text;

namespace Palate.Cli.Tests;

/// <summary>A shop of two tastes as JSON lines: even users like even items, odd users like odd ones.</summary>
internal static class SmallShop
{
    public const int Items = 40;
    public const int Users = 40;

    /// <summary>Writes the files; user 0 is even, has seen the items 0 to 18 and not 20 to 38.</summary>
    public static string Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var items = new StringBuilder();
        for (int item = 0; item < Items; item++)
        {
            string kind = item % 2 == 0 ? "even" : "odd";
            items.Append(CultureInfo.InvariantCulture, $"{{\"id\":{item},\"title\":\"Thing [{item}] of {kind}\",");
            items.Append(CultureInfo.InvariantCulture, $"\"attributes\":{{\"kind\":\"{kind}\"}}}}\n");
        }

        var interactions = new StringBuilder();
        for (int user = 0; user < Users; user++)
        {
            // Half of the user's kind, a window that moves from user to user.
            for (int step = 0; step < Items / 4; step++)
            {
                int item = ((user / 2 + step) % (Items / 2) * 2) + (user % 2);
                interactions.Append(
                    CultureInfo.InvariantCulture,
                    $"{{\"user\":\"u{user}\",\"item\":{item},\"time\":{1_700_000_000 + (user * 100) + step}}}\n");
            }
        }

        File.WriteAllText(Path.Combine(folder, "items.jsonl"), items.ToString());
        File.WriteAllText(Path.Combine(folder, "interactions.jsonl"), interactions.ToString());
        return folder;
    }
}
