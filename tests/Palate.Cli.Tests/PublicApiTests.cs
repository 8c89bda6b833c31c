using System.Reflection;
using System.Text;

namespace Palate.Cli.Tests;

/// <summary>
/// Public types are a promise, so they are listed in a reviewed file. With PALATE_UPDATE_API=1 the test writes it.
/// </summary>
public class PublicApiTests
{
    [Theory]
    [InlineData("Palate")]
    [InlineData("Palate.Llm")]
    [InlineData("Palate.Storage")]
    [InlineData("Palate.Hosting")]
    [InlineData("Palate.Serving")]
    [InlineData("Palate.Simulation")]
    public void The_public_surface_is_the_listed_one(string assembly)
    {
        string path = Path.Combine(Repository.Root, "tests", assembly + ".Tests", "PublicApi.txt");
        string actual = Describe(Assembly.Load(assembly));
        if (Environment.GetEnvironmentVariable("PALATE_UPDATE_API") == "1")
        {
            File.WriteAllText(path, actual);
        }

        string listed = File.Exists(path) ? File.ReadAllText(path) : "";

        Assert.Equal(listed.Split('\n'), actual.Split('\n'));
    }

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(Name(type)).Append('\n');
            IEnumerable<string> members = type
                .GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(member => member is not MethodInfo { IsSpecialName: true } and not Type)
                .Where(member => !member.Name.Contains('<', StringComparison.Ordinal))
                .Select(Signature)
                .Order(StringComparer.Ordinal);
            foreach (string member in members)
            {
                text.Append("    ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Kind(Type type) =>
        type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" :
        type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsAbstract ? "abstract class" : "class";

    private static string Signature(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo method => $"{Name(method.ReturnType)} {method.Name}({Parameters(method)})",
        PropertyInfo property => $"{Name(property.PropertyType)} {property.Name} {{ {(property.CanRead ? "get; " : "")}" +
            $"{(property.SetMethod?.IsPublic == true ? "set; " : "")}}}",
        FieldInfo field => $"{Name(field.FieldType)} {field.Name}",
        _ => member.ToString()!,
    };

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}"));

    private static string Name(Type type)
    {
        if (!type.IsGenericType)
        {
            return type.Name;
        }

        int tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        string name = tick < 0 ? type.Name : type.Name[..tick];
        return $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
