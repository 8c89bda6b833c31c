using System.Runtime.CompilerServices;
using System.Text;

namespace Palate.Llm.Tests;

/// <summary>What is sent, to the byte. After a wanted change: PALATE_UPDATE_GOLDEN=1, and read the difference.</summary>
public sealed class PromptGoldenTests
{
    public static TheoryData<string> Templates() => [.. SampleRequest.Library.Templates.Select(template => template.Name)];

    [Theory]
    [MemberData(nameof(Templates))]
    public void Each_template_renders_what_its_golden_file_shows(string name)
    {
        PromptTemplate template = SampleRequest.Library.Get(name);
        var text = new StringBuilder();
        foreach (QuestionKind kind in template.Kinds)
        {
            Write(text, $"{name} {kind}", SampleRequest.Renderer(name).Render(SampleRequest.Ask(kind), SampleRequest.Make()));
        }

        Compare(name, text.ToString());
    }

    [Fact]
    public void The_shared_layout_and_reasons_render_what_their_golden_file_shows()
    {
        var text = new StringBuilder();
        foreach (QuestionKind kind in (QuestionKind[])[QuestionKind.Grade, QuestionKind.Order, QuestionKind.Choose])
        {
            PromptRenderer renderer = SampleRequest.Renderer("zero-shot", PromptLayout.Shared);
            RerankRequest request = SampleRequest.Make() with { Rationales = true };
            Write(text, $"shared {kind}", renderer.Render(SampleRequest.Ask(kind, 3), request));
        }

        Compare("shared-with-reasons", text.ToString());
    }

    private static void Write(StringBuilder text, string title, Prompt prompt)
    {
        text.Append("######## ").Append(title).Append(" ########\n");
        text.Append("aliases: ").AppendJoin(' ', prompt.Aliases).Append('\n');
        text.Append("max output tokens: ").Append(prompt.MaxOutputTokens).Append('\n');
        text.Append("first tokens: ").Append(prompt.TopLogProbabilities).Append('\n');
        text.Append("schema: ").Append(prompt.Schema?.GetRawText() ?? "none").Append('\n');
        byte[] all = Encoding.UTF8.GetBytes(SampleRequest.Text(prompt));
        text.Append("shared prefix: ").Append(prompt.SharedPrefixBytes).Append(" of ").Append(all.Length).Append(" bytes\n");
        foreach (Microsoft.Extensions.AI.ChatMessage message in prompt.Messages)
        {
            text.Append("---- ").Append(message.Role.Value).Append('\n').Append(message.Text).Append('\n');
        }

        text.Append('\n');
    }

    private static void Compare(string name, string actual, [CallerFilePath] string here = "")
    {
        string file = Path.Combine(Folder(here), "golden", name + ".txt");
        if (Environment.GetEnvironmentVariable("PALATE_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, actual);
        }

        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), actual);
    }

    // A deterministic build maps source paths, so the folder is looked for from the test assembly upwards too.
    private static string Folder(string here)
    {
        string beside = Path.GetDirectoryName(here)!;
        if (Directory.Exists(beside))
        {
            return beside;
        }

        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Palate.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, "tests", "Palate.Llm.Tests", "Prompts");
    }
}
