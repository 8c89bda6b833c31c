using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Palate.Hosting;

/// <summary>What is written above properties in the code, from the files that a build lays beside its assemblies.</summary>
internal sealed partial class XmlSummaries
{
    private readonly Dictionary<Assembly, Dictionary<string, string>> _known = [];

    /// <summary>A property's summary as plain text; null when there is none, or no file.</summary>
    public string? Of(PropertyInfo property)
    {
        Type type = property.DeclaringType!;
        if (!_known.TryGetValue(type.Assembly, out Dictionary<string, string>? summaries))
        {
            _known.Add(type.Assembly, summaries = Read(type.Assembly));
        }

        return summaries.GetValueOrDefault($"P:{type.FullName}.{property.Name}");
    }

    private static Dictionary<string, string> Read(Assembly assembly)
    {
        string file = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        return File.Exists(file)
            ? XDocument.Load(file).Descendants("member")
                .Where(member => member.Element("summary") is not null)
                .ToDictionary(member => member.Attribute("name")!.Value, member => Plain(member.Element("summary")!))
            : [];
    }

    private static string Plain(XElement summary)
    {
        var text = new StringBuilder();
        foreach (XNode node in summary.DescendantNodes())
        {
            text.Append(node switch
            {
                XText words => words.Value,
                XElement { Name.LocalName: "see" or "paramref" } reference =>
                    (reference.Attribute("langword") ?? reference.Attribute("cref") ?? reference.Attribute("name"))?.Value.Split('.')[^1],
                _ => null,
            });
        }

        return Spaces().Replace(text.ToString(), " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
