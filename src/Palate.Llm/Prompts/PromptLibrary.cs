using System.Reflection;

namespace Palate.Llm;

/// <summary>The prompt templates that are there: those that come with Palate, and those of a folder, which go first.</summary>
/// <remarks>Everything is checked when it is loaded. Immutable.</remarks>
public sealed class PromptLibrary
{
    private const string Prefix = "Palate.Llm.Prompts.Templates.";

    private readonly SortedDictionary<string, PromptTemplate> _templates = new(StringComparer.Ordinal);

    private PromptLibrary(IReadOnlyList<(string File, string Content)> files)
    {
        var forms = new Dictionary<QuestionKind, PromptForm>();
        foreach ((string file, string content) in files.Where(file => PromptFile.IsForm(file.Content)))
        {
            PromptForm form = PromptFile.ReadForm(file, content);
            forms[form.Kind] = form;
        }

        var sources = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string file, string content) in files.Where(file => !PromptFile.IsForm(file.Content)))
        {
            PromptTemplate template = PromptFile.ReadTemplate(file, content, forms);
            bool embedded = file.StartsWith("embedded:", StringComparison.Ordinal);
            if (!embedded && sources.TryGetValue(template.Name, out string? other))
            {
                throw new PromptException(
                    file, "name", $"'{template.Name}' is also the name in {other}.", "Give each template a name of its own.");
            }

            if (!embedded)
            {
                sources[template.Name] = file;
            }

            _templates[template.Name] = template;
        }
    }

    /// <summary>All templates, by name.</summary>
    public IReadOnlyCollection<PromptTemplate> Templates => _templates.Values;

    /// <summary>Loads the embedded templates, and those of a folder over them.</summary>
    /// <param name="folder">Holds <c>*.yaml</c>, and may be absent; null for the embedded ones alone. A file with the name
    /// of an embedded template, or with a form, takes its place.</param>
    /// <exception cref="PromptException">A file cannot be used.</exception>
    public static PromptLibrary Load(string? folder = null)
    {
        List<(string, string)> files = Embedded();
        if (folder is not null && Directory.Exists(folder))
        {
            foreach (string path in Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal))
            {
                files.Add((Path.GetFileName(path), File.ReadAllText(path).ReplaceLineEndings("\n")));
            }
        }

        return new PromptLibrary(files);
    }

    /// <summary>A template by its name.</summary>
    /// <exception cref="ArgumentException">There is none of that name; the message lists those that are.</exception>
    public PromptTemplate Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _templates.TryGetValue(name, out PromptTemplate? template)
            ? template
            : throw new ArgumentException(
                $"There is no prompt template '{name}'; there are {string.Join(", ", _templates.Keys)}. " +
                "Add a file with this name to the folder 'prompts' of the home, or take one of these.",
                nameof(name));
    }

    private static List<(string File, string Content)> Embedded()
    {
        Assembly assembly = typeof(PromptLibrary).Assembly;
        var files = new List<(string, string)>();
        foreach (string name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                files.Add(("embedded:" + name[Prefix.Length..], reader.ReadToEnd().ReplaceLineEndings("\n")));
            }
        }

        return files;
    }
}
