using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Palate.Cli.Tests;

/// <summary>Which types of an assembly use which, and the files that declare them, relative to the project's folder.</summary>
internal sealed partial class TypeGraph
{
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly ModuleDefinition _module;

    private TypeGraph(ModuleDefinition module) => _module = module;

    /// <summary>The file of each top-level type, by name with arity.</summary>
    public IReadOnlyDictionary<string, string> Files => _files;

    /// <summary>Uses between different top-level types of the assembly.</summary>
    public HashSet<(string From, string To)> Uses { get; } = [];

    /// <summary>Names of types of other assemblies that this one uses.</summary>
    public HashSet<string> Foreign { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads an assembly that lies beside the tests, with its sources.</summary>
    public static TypeGraph Of(string project)
    {
        string assembly = Path.Combine(AppContext.BaseDirectory, project + ".dll");
        if (!File.Exists(assembly))
        {
            throw new FileNotFoundException($"{project}.dll is not beside the tests.", assembly);
        }

        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        using var module = ModuleDefinition.ReadModule(assembly, new ReaderParameters { AssemblyResolver = resolver });
        var graph = new TypeGraph(module);
        graph.FindFiles(Path.Combine(Repository.Root, "src", project));
        foreach (TypeDefinition type in module.Types)
        {
            graph.Walk(type, type.Name);
        }

        return graph;
    }

    /// <summary>Groups of places that can reach each other: each more than one place.</summary>
    /// <param name="place">The place of a file; null to leave it out.</param>
    public IReadOnlyList<string> Circles(Func<string, string?> place)
    {
        var arrows = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach ((string from, string to) in Uses)
        {
            if (_files.TryGetValue(from, out string? here) && _files.TryGetValue(to, out string? there)
                && place(here) is { } a && place(there) is { } b && a != b)
            {
                arrows.TryAdd(a, []);
                arrows[a].Add(b);
            }
        }

        Dictionary<string, HashSet<string>> reach = arrows.Keys.ToDictionary(start => start, start => Reach(start, arrows));
        return
        [
            .. reach.Where(pair => pair.Value.Contains(pair.Key))
                .Select(pair => string.Join(" <-> ", pair.Value.Where(other => reach.GetValueOrDefault(other)?.Contains(pair.Key) == true).Order()))
                .Distinct()
                .Order(),
        ];
    }

    private static HashSet<string> Reach(string start, Dictionary<string, HashSet<string>> arrows)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([start]);
        while (open.TryPop(out string? next))
        {
            foreach (string to in arrows.GetValueOrDefault(next) ?? [])
            {
                if (seen.Add(to))
                {
                    open.Push(to);
                }
            }
        }

        return seen;
    }

    private void FindFiles(string folder)
    {
        var own = _module.Types.Select(type => type.Name).ToHashSet(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order())
        {
            string file = Path.GetRelativePath(folder, path).Replace('\\', '/');
            if (file.StartsWith("obj/", StringComparison.Ordinal) || file.StartsWith("bin/", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (Match match in Declaration().Matches(File.ReadAllText(path)))
            {
                int parameters = match.Groups["generic"].Success ? match.Groups["generic"].Value.Count(c => c == ',') + 1 : 0;
                string name = match.Groups["name"].Value + (parameters > 0 ? $"`{parameters}" : "");
                if (own.Contains(name))
                {
                    _files.TryAdd(name, file);
                }
            }
        }
    }

    private void Walk(TypeDefinition type, string top)
    {
        Attributes(type, top);
        Add(type.BaseType, top);
        foreach (InterfaceImplementation one in type.Interfaces)
        {
            Add(one.InterfaceType, top);
        }

        foreach (GenericParameterConstraint constraint in type.GenericParameters.SelectMany(parameter => parameter.Constraints))
        {
            Add(constraint.ConstraintType, top);
        }

        foreach (FieldDefinition field in type.Fields)
        {
            Attributes(field, top);
            Add(field.FieldType, top);
        }

        foreach (PropertyDefinition property in type.Properties)
        {
            Attributes(property, top);
            Add(property.PropertyType, top);
        }

        foreach (MethodDefinition method in type.Methods)
        {
            Attributes(method, top);
            Add(method, top);
            if (method.HasBody)
            {
                Walk(method.Body, top);
            }
        }

        foreach (TypeDefinition nested in type.NestedTypes)
        {
            Walk(nested, top);
        }
    }

    private void Walk(MethodBody body, string top)
    {
        foreach (VariableDefinition variable in body.Variables)
        {
            Add(variable.VariableType, top);
        }

        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            Add(handler.CatchType, top);
        }

        foreach (Instruction instruction in body.Instructions)
        {
            switch (instruction.Operand)
            {
                case TypeReference type:
                    Add(type, top);
                    break;
                case MethodReference method:
                    Add(method, top);
                    break;
                case FieldReference field:
                    Add(field.DeclaringType, top);
                    Add(field.FieldType, top);
                    break;
            }
        }
    }

    private void Attributes(ICustomAttributeProvider provider, string top)
    {
        foreach (CustomAttribute attribute in provider.CustomAttributes)
        {
            Add(attribute.AttributeType, top);
            foreach (CustomAttributeArgument argument in attribute.ConstructorArguments)
            {
                Add(argument.Value as TypeReference, top);
            }
        }
    }

    private void Add(MethodReference method, string top)
    {
        Add(method.DeclaringType, top);
        Add(method.ReturnType, top);
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            Add(parameter.ParameterType, top);
        }

        foreach (TypeReference argument in (method as GenericInstanceMethod)?.GenericArguments ?? [])
        {
            Add(argument, top);
        }
    }

    private void Add(TypeReference? type, string top)
    {
        switch (type)
        {
            case null or GenericParameter or FunctionPointerType:
                return;
            case GenericInstanceType generic:
                Add(generic.ElementType, top);
                foreach (TypeReference argument in generic.GenericArguments)
                {
                    Add(argument, top);
                }

                return;
            case TypeSpecification specification:
                Add(specification.ElementType, top);
                return;
        }

        TypeReference outer = type;
        while (outer.DeclaringType is { } declaring)
        {
            outer = declaring;
        }

        if (outer.Scope != _module)
        {
            Foreign.Add(outer.FullName);
        }
        else if (outer.Name != top)
        {
            Uses.Add((top, outer.Name));
        }
    }

    // A type of the file itself begins its line: namespaces are file-scoped.
    [GeneratedRegex(
        @"^(?:(?:public|internal|file|static|sealed|abstract|partial|readonly|ref|unsafe)\s+)*(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?|delegate\s+[\w<>\[\],?.\s]+?)\s+(?<name>\w+)(?:<(?<generic>[^>]+)>)?",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
