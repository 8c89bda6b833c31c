namespace Palate.Llm.Tests;

public sealed class PromptLibraryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("palate-prompts").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_kind_has_a_form_in_the_templates_that_come_with_palate()
    {
        string[] names = [.. SampleRequest.Library.Templates.Select(template => template.Name)];
        Assert.Equal(
            ["both", "chain-of-thought", "few-shot", "history-only", "query-only", "recency-focused", "zero-shot"], names);
        Assert.Equal(Enum.GetValues<QuestionKind>(), SampleRequest.Library.Get("zero-shot").Kinds);
        ArgumentException error = Assert.Throws<ArgumentException>(() => SampleRequest.Library.Get("one-shot"));
        Assert.Contains("zero-shot", error.Message);
    }

    [Fact]
    public void A_file_of_the_folder_takes_the_place_of_an_embedded_one()
    {
        Write("mine.yaml", Embedded("zero-shot").Replace("You judge how well", "Judge how well", StringComparison.Ordinal));
        Write("pair.yaml", """
            form: pair
            version: 2
            instruction: Which one?
            reply: 'Reply with JSON only: {"best":"ALIAS"}.'
            question: 'Which of {{aliases}}?'
            tokens: { base: 9, each: 0 }
            """);

        PromptLibrary library = PromptLibrary.Load(_folder);
        Prompt prompt = new PromptRenderer(library.Get("zero-shot"), new PromptOptions { Layout = PromptLayout.Own })
            .Render(SampleRequest.Ask(QuestionKind.Pair), SampleRequest.Make());

        Assert.StartsWith("Judge how well", prompt.Messages[0].Text);
        Assert.EndsWith("Which of A1, A2?", prompt.Messages[1].Text);
        Assert.Equal("mine.yaml", library.Get("zero-shot").Source);
        Assert.NotEqual(SampleRequest.Library.Get("zero-shot").Hash(QuestionKind.Pair), library.Get("zero-shot").Hash(QuestionKind.Pair));
        Assert.NotEqual(SampleRequest.Library.Get("both").Hash(QuestionKind.Pair), library.Get("both").Hash(QuestionKind.Pair));
        Assert.Equal(SampleRequest.Library.Get("both").Hash(QuestionKind.Order), library.Get("both").Hash(QuestionKind.Order));
    }

    [Fact]
    public void A_folder_that_is_absent_adds_nothing() =>
        Assert.Equal(7, PromptLibrary.Load(Path.Combine(_folder, "absent")).Templates.Count);

    [Theory]
    [InlineData("name: zero-shot", "title: zero-shot", "line 1", "Correct the YAML")]
    [InlineData("name: zero-shot\n", "", "name", "Add 'name'")]
    [InlineData("name: zero-shot\n", "name: Zero Shot!\n", "name", "lower-case")]
    [InlineData("version: 1\n", "", "version", "Add 'version'")]
    [InlineData("version: 1\n", "version: 0\n", "version", "from 1")]
    [InlineData("version: 1\n", "version: one\n", "line", "Correct the YAML")]
    [InlineData("{{reply}}", "", "system", "Add it")]
    [InlineData("{{reply}}", "{{reply}} {{time}}", "system", "Use domain")]
    [InlineData("{{reply}}", "{{reply}} {{#each x}}", "system", "Use domain")]
    [InlineData("{{reply}}", "{{reply}} {{#if domain}}x", "system", "Close each")]
    [InlineData("{{reply}}", "{{reply}} {{/if}}", "system", "Use domain")]
    [InlineData("{{reply}}", "{{reply}} {{dom", "system", "Close each")]
    [InlineData("<query>{{query}}</query>", "{{profile}}", "blocks.query", "Use query")]
    [InlineData("- name: goal", "- name: aim", "blocks.name", "Use each of")]
    [InlineData("- name: goal", "- name: query", "blocks.name", "at most once")]
    [InlineData("  - name: question\n    text: \"{{question}}\"\n", "", "blocks", "last")]
    [InlineData("system: |", "system: [", "line", "Correct the YAML")]
    [InlineData("system: |", "forms: [grade, guess]\nsystem: |", "forms", "yes-no")]
    [InlineData("system: |", "thinking: -1\nsystem: |", "thinking", "0 to 10000")]
    public void A_template_that_cannot_be_used_says_which_file_which_field_and_what_to_do(
        string find, string replacement, string field, string remedy)
    {
        string content = Embedded("zero-shot");
        Assert.Contains(find, content);
        Write("broken.yaml", content.Replace(find, replacement, StringComparison.Ordinal));

        PromptException error = Assert.Throws<PromptException>(() => PromptLibrary.Load(_folder));

        Assert.Equal("broken.yaml", error.File);
        Assert.StartsWith(field, error.Field);
        Assert.Contains(remedy, error.Message);
    }

    [Theory]
    [InlineData("tokens: { base: 16, each: 16 }\n", "", "tokens")]
    [InlineData("scale: 100", "scale: 0", "scale")]
    [InlineData("form: grade", "form: grades", "form")]
    [InlineData("{{aliases}}", "", "question")]
    [InlineData("schema: '{", "schema: '{{", "schema")]
    [InlineData("tokens: { base: 16,", "first_tokens: 30\ntokens: { base: 16,", "first_tokens")]
    public void A_form_that_cannot_be_used_says_which_field(string find, string replacement, string field)
    {
        using var reader = new StreamReader(
            typeof(PromptLibrary).Assembly.GetManifestResourceStream("Palate.Llm.Prompts.Templates.forms.grade.yaml")!);
        string content = reader.ReadToEnd();
        Assert.Contains(find, content);
        Write("form.yaml", content.Replace(find, replacement, StringComparison.Ordinal));

        PromptException error = Assert.Throws<PromptException>(() => PromptLibrary.Load(_folder));

        Assert.Equal("form.yaml", error.File);
        Assert.Equal(field, error.Field);
    }

    [Fact]
    public void An_empty_file_and_two_of_one_name_are_errors()
    {
        Write("a.yaml", Embedded("both"));
        Write("b.yaml", Embedded("both"));
        Assert.Contains("also the name in a.yaml", Assert.Throws<PromptException>(() => PromptLibrary.Load(_folder)).Message);

        Write("a.yaml", "");
        Assert.Contains("empty", Assert.Throws<PromptException>(() => PromptLibrary.Load(_folder)).Message);
    }

    private static string Embedded(string name)
    {
        using var reader = new StreamReader(
            typeof(PromptLibrary).Assembly.GetManifestResourceStream($"Palate.Llm.Prompts.Templates.{name}.yaml")!);
        return reader.ReadToEnd();
    }

    private void Write(string file, string content) => File.WriteAllText(Path.Combine(_folder, file), content);
}
