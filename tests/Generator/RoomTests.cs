using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Operators;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>
/// The folders of the sources are rooms. Each room uses only the rooms above it in a list: by the types that it names, and by the
/// namespaces that it imports for its documentation.
/// </summary>
public sealed class RoomTests(ITestOutputHelper log)
{
    /// <summary>From the ground up.</summary>
    private static readonly string[] CompilerRooms =
        ["Foundation", "Diagnostics", "Catalogue", "KernelLanguage", "Graph", "Operators", "Kernels", "Lowering", "Declarations"];

    /// <summary>From the ground up; all of these use the compiler's.</summary>
    private static readonly string[] GeneratorRooms = ["Reading", "Printing"];

    /// <summary>From the ground up.</summary>
    private static readonly string[] RuntimeRooms =
        ["Files", "Machine", "Weights", "Attributes", "CompilerServices", "Networks", "Pictures", "Data", "Training"];

    /// <summary>From the ground up.</summary>
    private static readonly string[] OnnxRooms =
        ["Schema", "Model", "Reading", "Layers", "Nodes", "Operators", "Translation", "Text", "Loading", "Saving"];

    /// <summary>From the ground up.</summary>
    private static readonly string[] ImagingRooms =
        ["Files", "Formats", "Detection", "Tracking", "Text", "Preprocessing", "Masks", "Drawing", "DataSets", "Attributions", "Diagrams"];

    /// <summary>From the ground up.</summary>
    private static readonly string[] ServingRooms = ["Batching", "Models", "Protocol", "Rest", "Grpc", "Hosting"];

    /// <summary>From the ground up.</summary>
    private static readonly string[] DistributedRooms = ["Launching", "Native", "Operations"];

    /// <summary>From the ground up.</summary>
    private static readonly string[] PublishedRooms = ["Files", "Pickles", "Tensors", "PyTorch"];

    /// <summary>From the ground up.</summary>
    private static readonly string[] KerasRooms = ["Hdf5", "Models", "Tensors", "Matching", "Loading"];

    /// <summary>
    /// Types of the runtime that .NET's own generators complete, which do not run here: what is missing of them is no error.
    /// </summary>
    private static readonly string[] CompletedTypes = ["FileStatus", "CheckpointJson", "JsonSerializerContext", "LargePages.Advise",
        "ProcessorAffinity."];

    [Fact]
    public void Each_room_of_the_compiler_uses_those_above_it_only() => Check("generator/Compiler", CompilerRooms, _ => false);

    /// <summary>So that it can be a library: what reads C#, and what writes it, is the generator.</summary>
    [Fact]
    public void The_compiler_knows_nothing_of_Roslyn() => Assert.DoesNotContain(
        typeof(OperatorSet).Assembly.GetReferencedAssemblies(),
        reference => reference.Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal));

    /// <summary>As the assembly that sees the compiler's internals.</summary>
    [Fact]
    public void Each_room_of_the_generator_uses_those_above_it_only() => Check(
        "generator", GeneratorRooms, folder => HasProject("generator", folder), "Strata.Compiler.dll", "Strata.Generator");

    /// <summary>
    /// A compiler that looked for something in its own text would find it by what it is called. The command-line tool is no compiler.
    /// </summary>
    [Fact]
    public void No_regular_expression_is_in_the_generator() => Assert.DoesNotContain(
        Directory.EnumerateFiles(Folder("generator"), "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(Folder("generator"), file).Split(Path.DirectorySeparatorChar)[0] is not ("obj" or "Tool")),
        file => File.ReadAllText(file).Contains("RegularExpressions", StringComparison.Ordinal));

    [Fact]
    public void Each_room_of_the_runtime_uses_those_above_it_only() =>
        Check("runtime", RuntimeRooms, folder => HasProject("runtime", folder));

    /// <summary>Each room has a namespace of its own; so imports and qualified names tell what it uses.</summary>
    [Fact]
    public void Each_room_of_the_ONNX_package_uses_those_above_it_only() => CheckNamespaces("Onnx", OnnxRooms, ("Translation", "Layers"));

    [Fact]
    public void Each_room_of_the_serving_package_uses_those_above_it_only() =>
        CheckNamespaces("Serving", ServingRooms, ("Models", "Batching"));

    [Fact]
    public void Each_room_of_the_distributed_package_uses_those_above_it_only() =>
        CheckNamespaces("Distributed", DistributedRooms, ("Operations", "Native"));

    private static void CheckNamespaces(string package, string[] rooms, (string From, string To) example)
    {
        string root = Folder("runtime/" + package);
        var uses = rooms.SelectMany(room => Directory.Exists(Path.Combine(root, room))
            ? Directory.EnumerateFiles(Path.Combine(root, room), "*.cs", SearchOption.AllDirectories).SelectMany(file =>
                Regex.Matches(File.ReadAllText(file), $@"\bStrata\.{package}\.(\w+)")
                    .Select(match => (From: room, To: match.Groups[1].Value)))
            : []).Where(use => rooms.Contains(use.To)).Distinct().ToList();
        Assert.Contains(example, uses);
        Assert.DoesNotContain(uses, use => Array.IndexOf(rooms, use.To) > Array.IndexOf(rooms, use.From));
        Assert.Empty(Directory.EnumerateDirectories(root).Select(Path.GetFileName).Except([.. rooms, "bin", "obj", "build"]));
    }

    [Fact]
    public void Each_room_of_the_imaging_package_uses_those_above_it_only()
    {
        Check("runtime/Imaging", ImagingRooms, _ => false, "Strata.dll");
        Assert.Empty(Directory.EnumerateFiles(Folder("runtime/Imaging"), "*.cs"));
    }

    [Fact]
    public void Each_room_of_the_weights_package_uses_those_above_it_only()
    {
        Check("runtime/Published", PublishedRooms, _ => false, "Strata.dll");
        Assert.Empty(Directory.EnumerateFiles(Folder("runtime/Published"), "*.cs"));
    }

    /// <summary>As the assembly that sees the internals of the package that it is built on.</summary>
    [Fact]
    public void Each_room_of_the_Keras_package_uses_those_above_it_only()
    {
        Check("runtime/Keras", KerasRooms, _ => false, "Strata.dll;Strata.Weights.dll", "Strata.Weights.Keras");
        Assert.Empty(Directory.EnumerateFiles(Folder("runtime/Keras"), "*.cs"));
    }

    [Fact]
    public void All_sources_of_the_runtime_are_in_a_room() => Assert.Empty(Directory.EnumerateFiles(Folder("runtime"), "*.cs"));

    [Fact]
    public void The_pages_of_the_rooms_have_them_in_this_order()
    {
        Assert.Equal([.. CompilerRooms, .. GeneratorRooms], RoomsOnPage("generator"));
        Assert.Equal(RuntimeRooms, RoomsOnPage("runtime"));
        Assert.Equal(OnnxRooms, RoomsOnPage("runtime/Onnx"));
        Assert.Equal(ImagingRooms, RoomsOnPage("runtime/Imaging"));
        Assert.Equal(ServingRooms, RoomsOnPage("runtime/Serving"));
        Assert.Equal(DistributedRooms, RoomsOnPage("runtime/Distributed"));
        Assert.Equal(PublishedRooms, RoomsOnPage("runtime/Published"));
        Assert.Equal(KerasRooms, RoomsOnPage("runtime/Keras"));
    }

    /// <summary>The packages, and which of the others each may use.</summary>
    private static readonly Dictionary<string, string[]> Packages = new()
    {
        ["Strata"] = [],
        ["Strata.Compiler"] = ["Strata"],
        ["Strata.Distributed"] = ["Strata"],
        ["Strata.Embeddings"] = ["Strata.Imaging"],
        ["Strata.Imaging"] = ["Strata"],
        ["Strata.Onnx"] = ["Strata", "Strata.Compiler"],
        ["Strata.Templates"] = [],
        ["Strata.Serving"] = ["Strata", "Strata.Onnx"],
        ["Strata.Tensors"] = ["Strata"],
        ["Strata.Tool"] = ["Strata.Imaging", "Strata.Onnx", "Strata.Weights", "Strata.Weights.Keras"],
        ["Strata.Weights"] = ["Strata"],
        ["Strata.Weights.Keras"] = ["Strata.Weights"],
        ["Strata.Zoo"] = ["Strata"],
    };

    [Fact]
    public void Each_package_uses_those_that_it_may_use_only()
    {
        Dictionary<string, XDocument> projects = Directory
            .EnumerateFiles(Folder("."), "*.csproj", SearchOption.AllDirectories)
            .Select(Path.GetFullPath).ToDictionary(file => file, XDocument.Load);
        Dictionary<string, string> ids = projects
            .Where(project => project.Value.Descendants("IsPackable").Any(value => value.Value == "true"))
            .ToDictionary(project => project.Key, project => project.Value.Descendants("PackageId").Single().Value);
        Assert.Equal(Packages.Keys.Order(StringComparer.Ordinal), ids.Values.Order(StringComparer.Ordinal));
        Assert.All(ids, package => Assert.Equal(
            Packages[package.Value],
            projects[package.Key].Descendants("ProjectReference")
                .Where(reference => reference.Attribute("ReferenceOutputAssembly")?.Value != "false"
                    && reference.Attribute("PrivateAssets")?.Value != "all")
                .Select(reference => ids[Path.GetFullPath(Path.Combine(
                    Path.GetDirectoryName(package.Key)!, reference.Attribute("Include")!.Value))])));
    }

    private static IEnumerable<string> RoomsOnPage(string project) =>
        Regex.Matches(File.ReadAllText(Path.Combine(Folder(project), "ROOMS.md")), @"^\| `(\w+)/` \|", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value);

    /// <summary>Whether a folder is a project of its own.</summary>
    private static bool HasProject(string project, string folder) =>
        Path.Combine(Folder(project), folder) is var path && Directory.Exists(path) && Directory.EnumerateFiles(path, "*.csproj").Any();

    private static string Folder(string project) => Path.Combine(SourceFolder.Path, "..", "..", project);

    private void Check(
        string project, string[] rooms, Func<string, bool> isLeftOut, string? library = null, string assembly = "Rooms")
    {
        Dictionary<(string From, string To), string> arrows = Arrows(Folder(project), rooms, isLeftOut, library, assembly);
        foreach (((string from, string to), string example) in arrows.OrderBy(arrow => arrow.Key))
        {
            log.WriteLine($"{from} → {to}: {example}");
        }

        Assert.Equal(rooms.Order(StringComparer.Ordinal),
            arrows.Keys.SelectMany(arrow => new[] { arrow.From, arrow.To }).Distinct().Order(StringComparer.Ordinal));
        string[] wrong = [.. arrows.Where(arrow => Array.IndexOf(rooms, arrow.Key.To) > Array.IndexOf(rooms, arrow.Key.From))
            .Select(arrow => $"{arrow.Key.From} → {arrow.Key.To}: {arrow.Value}")];
        Assert.Empty(wrong);
    }

    /// <summary>
    /// Which rooms' types are named in which rooms, and which rooms' namespaces are imported there for documentation alone, with the first
    /// place.
    /// </summary>
    private static Dictionary<(string From, string To), string> Arrows(
        string project, string[] rooms, Func<string, bool> isLeftOut, string? library, string assembly)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        var trees = new List<SyntaxTree>();
        foreach (string file in Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string folder = Path.GetRelativePath(project, file).Split(Path.DirectorySeparatorChar)[0];
            if (folder is not ("bin" or "obj") && !isLeftOut(folder))
            {
                // Without documentation, the compiler says that an import is unnecessary if only documentation needs it.
                string text = File.ReadAllText(file).Replace("///", "//", StringComparison.Ordinal);
                trees.Add(CSharpSyntaxTree.ParseText(text, options, file, cancellationToken: cancellation));
                if (file.EndsWith(".512.cs", StringComparison.Ordinal))
                {
                    // As the build derives them.
                    IEnumerable<string> derived = new[] { "256", "128" }
                        .Select(width => text.Replace("512", width, StringComparison.Ordinal));
                    trees.AddRange(
                        derived.Select(narrow => CSharpSyntaxTree.ParseText(narrow, options, file, cancellationToken: cancellation)));
                }
            }
        }

        XDocument[] projects = [.. Directory.EnumerateFiles(project, "*.csproj").Select(XDocument.Load)];

        // A linked file is in no room.
        IEnumerable<string> linked = projects.SelectMany(file => file.Descendants("Compile"))
            .Select(item => item.Attribute("Include")?.Value ?? "").Where(path => path.StartsWith("../", StringComparison.Ordinal));
        trees.AddRange(linked.Select(path => CSharpSyntaxTree.ParseText(
            File.ReadAllText(Path.Combine(project, path)), options, cancellationToken: cancellation)));
        IEnumerable<string> usings = projects.SelectMany(file => file.Descendants("Using"))
            .Select(item =>
                $"global using {(item.Attribute("Alias") is { } alias ? alias.Value + " = " : "")}{item.Attribute("Include")!.Value};");
        trees.Add(CSharpSyntaxTree.ParseText(string.Concat(usings), options, cancellationToken: cancellation));
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name
                && (library?.Split(';').Contains(name) == true || !name.StartsWith("Strata", StringComparison.Ordinal)))
            .Select(path => MetadataReference.CreateFromFile(path));
        CSharpCompilation compilation = CSharpCompilation.Create(
            assembly, trees, references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));
        ImmutableArray<Diagnostic> diagnostics = compilation.GetDiagnostics(cancellation);
        Assert.Empty(diagnostics
            .Where(d => d.Severity == DiagnosticSeverity.Error)
            .Where(d => !CompletedTypes.Any(type => d.GetMessage(CultureInfo.InvariantCulture).Contains(type, StringComparison.Ordinal)))
            .Take(5));
        string? RoomOf(string? path) => path is not { Length: > 0 } ? null
            : Path.GetRelativePath(project, path).Split(Path.DirectorySeparatorChar) is [var room, _, ..] ? room : null;
        HashSet<Location> forNoCode = [.. diagnostics.Where(d => d.Id == "CS8019").Select(d => d.Location)];
        var arrows = new Dictionary<(string From, string To), string>();
        foreach (SyntaxTree tree in trees)
        {
            if (RoomOf(tree.FilePath) is not { } from)
            {
                continue;
            }

            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (UsingDirectiveSyntax import in tree.GetRoot(cancellation).DescendantNodes().OfType<UsingDirectiveSyntax>()
                .Where(import => forNoCode.Contains(import.GetLocation())))
            {
                // The documentation may mean any type of the namespace: take the lowest room.
                int lowest = model.GetSymbolInfo(import.NamespaceOrType, cancellation).Symbol is not INamespaceSymbol space ? -1
                    : space.GetTypeMembers().SelectMany(type => type.DeclaringSyntaxReferences)
                        .Select(reference => Array.IndexOf(rooms, RoomOf(reference.SyntaxTree.FilePath))).DefaultIfEmpty(-1).Max();
                if (lowest >= 0 && rooms[lowest] != from)
                {
                    arrows.TryAdd((from, rooms[lowest]), $"{import} in {Path.GetFileName(tree.FilePath)}");
                }
            }

            foreach (SimpleNameSyntax name in tree.GetRoot(cancellation).DescendantNodes().OfType<SimpleNameSyntax>())
            {
                ISymbol? symbol = name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null
                    ? model.GetSymbolInfo(name, cancellation).Symbol : null;
                INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
                foreach (SyntaxReference reference in type?.OriginalDefinition.DeclaringSyntaxReferences ?? [])
                {
                    if (RoomOf(reference.SyntaxTree.FilePath) is { } to && to != from)
                    {
                        arrows.TryAdd((from, to), $"{type!.Name} in {Path.GetFileName(tree.FilePath)}");
                    }
                }
            }
        }

        return arrows;
    }
}
