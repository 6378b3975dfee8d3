using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Workers;
using Strata.Generator;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;
using Strata.Compiler.Graph;

namespace Strata.Benchmarks.Layers;

/// <summary>The sources of the zoo's networks and blocks, which this assembly carries, for the compiler in this process.</summary>
internal static class ZooSources
{
    private const string Prefix = "Networks/";

    public static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest);

    /// <summary>What code of the zoo is compiled against.</summary>
    public static IReadOnlyList<MetadataReference> References { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is not ("Zoo.dll" or "Strata.Zoo.dll")).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>A network's own source, and the blocks of all; or all sources.</summary>
    /// <param name="className">The network's class; null for all.</param>
    public static CSharpCompilation Compilation(string? className)
    {
        Assembly here = typeof(ZooSources).Assembly;
        IEnumerable<SyntaxTree> files = here.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => Parse(TextOf(here, name), name, className));
        return CompilationOf(files.Append(Parse(BlockNetwork.Source, Prefix + "Declarations.Blocks.cs", className)));
    }

    /// <summary>The files of all blocks, and a file for each of some networks, by their names.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Files(IReadOnlyCollection<string> classNames)
    {
        const string Declarations = Prefix + "Declarations.";
        Assembly here = typeof(ZooSources).Assembly;
        List<string> declarations = [BlockNetwork.Source];
        foreach (string name in here.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            if (name.StartsWith(Declarations, StringComparison.Ordinal))
            {
                declarations.Add(TextOf(here, name));
            }
            else
            {
                yield return KeyValuePair.Create("Blocks/" + name[Prefix.Length..], TextOf(here, name));
            }
        }

        foreach (string className in classNames)
        {
            SyntaxNode network = declarations.Select(text => Parse(text, className + ".cs", className).GetRoot()).First(
                root => root.DescendantNodes().OfType<ClassDeclarationSyntax>().Any(type => type.Identifier.Text == className));
            yield return KeyValuePair.Create(className + ".cs", network.ToFullString());
        }
    }

    /// <summary>Other sources, compiled in the same way.</summary>
    public static CSharpCompilation CompilationOf(IEnumerable<SyntaxTree> trees) => CSharpCompilation.Create(
        "Timed", trees, References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));

    /// <summary>The same with what the generator writes for it.</summary>
    public static Compilation Generated(CSharpCompilation compilation)
    {
        CSharpGeneratorDriver.Create([new StrataGenerator().AsSourceGenerator()], parseOptions: Parsing).RunGeneratorsAndUpdateCompilation(compilation, out Compilation generated, out _);
        return generated;
    }

    /// <summary>Writes the assembly.</summary>
    /// <exception cref="WorkerException">It does not compile.</exception>
    public static void Emit(Compilation compilation, Stream image)
    {
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(image);
        if (!result.Success)
        {
            throw new WorkerException("The network does not compile: " + result.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error));
        }
    }

    /// <summary>The graph of a network.</summary>
    public static NetworkGraph GraphOf(CSharpCompilation compilation, string className)
    {
        INamedTypeSymbol symbol = compilation.GetTypeByMetadataName("Zoo.Networks." + className)
            ?? throw new WorkerException($"samples/Zoo has no class '{className}'.");
        NetworkDeclaration declaration = DeclarationReader.Read(symbol, compilation, out _, CancellationToken.None)!;
        return GraphBuilder.Build(declaration, CancellationToken.None).Graph!;
    }

    private static string TextOf(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    /// <summary>A file without the networks that stand in it, but for the one.</summary>
    private static SyntaxTree Parse(string text, string path, string? className)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(text, Parsing, path, Encoding.UTF8);
        SyntaxNode root = tree.GetRoot();
        IEnumerable<ClassDeclarationSyntax> others = root.DescendantNodes().OfType<ClassDeclarationSyntax>()
            .Where(type => type.Modifiers.Any(SyntaxKind.PartialKeyword) && className is not null && type.Identifier.Text != className);
        return tree.WithRootAndOptions(root.RemoveNodes(others, SyntaxRemoveOptions.KeepNoTrivia)!, Parsing);
    }
}
