using System.Reflection;
using System.Xml.Linq;

namespace Palate.Cli.Tests;

public class ArchitectureTests
{
    private static readonly string[] Chain =
        ["Palate", "Palate.Llm", "Palate.Storage", "Palate.Hosting", "Palate.Serving", "Palate.Cli"];

    [Fact]
    public void The_projects_are_one_chain()
    {
        string source = Path.Combine(Repository.Root, "src");

        Assert.Equal(Chain.Order(), Directory.GetDirectories(source).Select(path => Path.GetFileName(path)).Order());
        for (int place = 0; place < Chain.Length; place++)
        {
            var project = XDocument.Load(Path.Combine(source, Chain[place], Chain[place] + ".csproj"));
            IEnumerable<string> references = project.Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

            Assert.Equal(place == 0 ? [] : new[] { Chain[place - 1] }, references);
        }
    }

    [Theory]
    [InlineData("Microsoft.AspNetCore")]
    [InlineData("Microsoft.Data.Sqlite")]
    [InlineData("Microsoft.Extensions.AI")]
    [InlineData("Microsoft.Extensions.Hosting")]
    public void The_engine_knows_no_web_no_database_no_model_and_no_host(string forbidden)
    {
        AssemblyName[] references = typeof(Recommender).Assembly.GetReferencedAssemblies();

        Assert.DoesNotContain(references, reference => reference.Name!.StartsWith(forbidden, StringComparison.Ordinal));
    }

    [Fact]
    public void No_folder_is_a_drawer()
    {
        string[] drawers = ["Common", "Utils", "Helpers", "Abstractions", "Infrastructure", "Shared", "Misc", "Extensions"];
        IEnumerable<string> folders = Directory
            .EnumerateDirectories(Path.Combine(Repository.Root, "src"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetFileName(path)!);

        Assert.Empty(folders.Intersect(drawers));
    }
}
