using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Palate.Cli.Tests;

/// <summary>
/// The C# of README.md and docs/ compiles: a block that begins with its usings as the whole of a program, any other as the part
/// of <c>EmbeddingTests</c> that it is taken from.
/// </summary>
public sealed class DocumentedCodeTests
{
    // What the SDK's implicit usings of a web project bring.
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Net.Http.Json;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        """;

    private static readonly string Parts = Flat(
        File.ReadAllText(Path.Combine(Repository.Root, "tests", "Palate.Serving.Tests", "EmbeddingTests.cs")));

    public static TheoryData<string, string> Snippets() => [.. Documentation.Snippets()];

    [Theory]
    [MemberData(nameof(Snippets))]
    public void Every_block_of_code_compiles(string place, string code)
    {
        if (!code.StartsWith("using ", StringComparison.Ordinal))
        {
            Assert.Contains(Flat(code), Parts, StringComparison.Ordinal);
            return;
        }

        // Everything that a project with a reference to the tool's assemblies sees; Palate's internals stay hidden.
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "Documented",
            [CSharpSyntaxTree.ParseText(Usings), CSharpSyntaxTree.ParseText(code, path: place)],
            references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));

        Assert.DoesNotContain(compilation.GetDiagnostics(), found => found.Severity == DiagnosticSeverity.Error);
    }

    /// <summary>The lines without their indentation.</summary>
    private static string Flat(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim())).Trim();
}
