using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>
/// The folders of the sources are rooms: each uses those above it in a list only. Found by what names mean, so that neither a directive that nobody
/// needs nor a name written in full counts wrongly.
/// </summary>
public sealed class RoomTests(ITestOutputHelper log)
{
    /// <summary>From the ground up.</summary>
    private static readonly string[] GeneratorRooms =
        ["Foundation", "Diagnostics", "KernelLanguage", "Graph", "Operators", "Declarations", "Kernels", "Lowering", "Printing"];

    /// <summary>
    /// Arrows that point down. Kernels and the loops of operators are written as text: these go as soon as they are values of the kernel language,
    /// which a builder hands to operators.
    /// </summary>
    private static readonly HashSet<(string From, string To)> GeneratorDebts =
    [
        ("Kernels", "Printing"), ("Lowering", "Printing"), ("Operators", "Printing"), ("Operators", "Kernels"), ("Operators", "Lowering"),
    ];

    [Fact]
    public void Each_room_of_the_generator_uses_those_above_it_only() => Check("generator", GeneratorRooms, GeneratorDebts, folder => folder == "CodeFixes");

    [Fact]
    public void The_page_of_the_rooms_has_them_in_this_order()
    {
        string page = File.ReadAllText(Path.Combine(SourceFolder.Path, "..", "..", "generator", "ROOMS.md"));
        Assert.Equal(GeneratorRooms, Regex.Matches(page, @"^\| `(\w+)/` \|", RegexOptions.Multiline).Select(match => match.Groups[1].Value));
    }

    private void Check(string project, string[] rooms, HashSet<(string From, string To)> debts, Func<string, bool> isLeftOut)
    {
        Dictionary<(string From, string To), string> arrows = Arrows(Path.Combine(SourceFolder.Path, "..", "..", project), isLeftOut);
        foreach (((string from, string to), string example) in arrows.OrderBy(arrow => arrow.Key))
        {
            log.WriteLine($"{from} → {to}: {example}");
        }

        Assert.Equal(rooms.Order(StringComparer.Ordinal), arrows.Keys.SelectMany(arrow => new[] { arrow.From, arrow.To }).Distinct().Order(StringComparer.Ordinal));
        string[] wrong = [.. arrows.Where(arrow => Array.IndexOf(rooms, arrow.Key.To) > Array.IndexOf(rooms, arrow.Key.From)).Where(arrow => !debts.Contains(arrow.Key))
            .Select(arrow => $"{arrow.Key.From} → {arrow.Key.To}: {arrow.Value}")];
        Assert.Empty(wrong);
        Assert.Empty(debts.Except(arrows.Keys));
    }

    /// <summary>Which rooms' types are named in which rooms, with the first place.</summary>
    private static Dictionary<(string From, string To), string> Arrows(string project, Func<string, bool> isLeftOut)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var trees = new List<SyntaxTree>();
        foreach (string file in Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string folder = Path.GetRelativePath(project, file).Split(Path.DirectorySeparatorChar)[0];
            if (folder is not ("bin" or "obj") && !isLeftOut(folder))
            {
                trees.Add(CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file, cancellationToken: cancellation));
            }
        }

        trees.Add(CSharpSyntaxTree.ParseText("global using Strata.Generator.Foundation;", options, cancellationToken: cancellation));
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("Strata", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Rooms", trees, references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));
        Assert.Empty(compilation.GetDiagnostics(cancellation).Where(d => d.Severity == DiagnosticSeverity.Error).Take(5));
        string? RoomOf(string? path) => path is not { Length: > 0 } ? null
            : Path.GetRelativePath(project, path).Split(Path.DirectorySeparatorChar) is [var room, _, ..] ? room : null;
        var arrows = new Dictionary<(string From, string To), string>();
        foreach (SyntaxTree tree in trees)
        {
            if (RoomOf(tree.FilePath) is not { } from)
            {
                continue;
            }

            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (SimpleNameSyntax name in tree.GetRoot(cancellation).DescendantNodes().OfType<SimpleNameSyntax>())
            {
                ISymbol? symbol = name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null ? model.GetSymbolInfo(name, cancellation).Symbol : null;
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
