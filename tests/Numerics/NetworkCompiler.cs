using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Compiler.Graph;
using Strata.Numerics.Tests.Oracle;

namespace Strata.Numerics.Tests;

/// <summary>Declarations become running networks: as IL, or as classes of C#.</summary>
internal static class NetworkCompiler
{
    /// <summary>One network in as many is compiled as C#, too.</summary>
    private const int OneIn = 20;

    private static readonly ConcurrentDictionary<string, Lazy<CompiledNetworks>> Cache = new();

    /// <summary>Compiles one network; the same declaration only once.</summary>
    public static CompiledType Compile(OracleNetwork network)
    {
        const string Name = "Tested";
        return Cache.GetOrAdd(network.Declaration(Name), text => new(() => Compile([text], Name))).Value[Name];
    }

    /// <summary>
    /// Compiles declarations as IL, each a file of its own. One network in twenty is compiled as C#, too, and computes the same bits.
    /// </summary>
    /// <param name="declarations">The classes.</param>
    /// <param name="assemblyName">The name of the assembly of those that are compiled as C#.</param>
    public static CompiledNetworks Compile(IReadOnlyList<string> declarations, string assemblyName)
    {
        if (SourceCompiler.WritesText)
        {
            SourceCompiler.Generate(
                TreesOf(declarations), assemblyName, DiagnosticSeverity.Warning,
                (diagnostics, thrown) => Describe(diagnostics, thrown, declarations));
        }

        Dictionary<string, NetworkGraph> graphs = EmittedNetwork.GraphsOf(FilesOf(declarations));

        // Operators and blocks that all of them may use.
        ILookup<bool, string> texts = declarations.ToLookup(text => text.Contains("[Network", StringComparison.Ordinal));
        return new CompiledNetworks(
            graphs,
            texts[true].Where(IsCompiledAsClass).Select(declaration => CompileClasses([declaration, .. texts[false]], assemblyName)));
    }

    /// <summary>Compiles declarations together as classes; no error and no warning is accepted.</summary>
    /// <param name="declarations">The classes.</param>
    /// <param name="assemblyName">The assembly's name.</param>
    /// <param name="generated">Is shown what the generator wrote, file by file.</param>
    public static CompiledNetworks CompileClasses(IReadOnlyList<string> declarations, string assemblyName,
        Action<GeneratedSourceResult>? generated = null)
    {
        return new CompiledNetworks(SourceCompiler.Compile(
            TreesOf(declarations), assemblyName, DiagnosticSeverity.Warning,
            (diagnostics, thrown) => Describe(diagnostics, thrown, declarations), generated));
    }

    private static IEnumerable<SyntaxTree> TreesOf(IReadOnlyList<string> declarations) => FilesOf(declarations).Select((text, i) =>
        CSharpSyntaxTree.ParseText(text, SourceCompiler.Parsing, $"Declared{i}.cs", Encoding.UTF8));

    private static IEnumerable<string> FilesOf(IReadOnlyList<string> declarations) =>
        (declarations.Any(OwnOperators.AreUsedIn) ? declarations.Append(OwnOperators.Declarations) : declarations)
            .Select(text => "using Strata;\n\nnamespace Declared;\n\n" + text);

    /// <summary>Chooses by the text, so that the same networks are chosen in each run.</summary>
    private static bool IsCompiledAsClass(string declaration) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(declaration))[0] * OneIn < 256;

    private static string Describe(Diagnostic[] diagnostics, Exception? thrown, IReadOnlyList<string> declarations)
    {
        var text = new StringBuilder("The declarations do not compile cleanly.\n").Append(thrown).Append('\n');
        foreach (Diagnostic diagnostic in diagnostics.Take(10))
        {
            text.Append(diagnostic).Append('\n');
            if (diagnostic.Location.SourceTree is { } tree)
            {
                text.Append("    ").Append(tree.GetText().Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line]).Append('\n');
            }
        }

        // Those whose files are complained about; all of them where that is not to be seen.
        string[] files = [.. diagnostics.Select(d => Path.GetFileName(d.Location.SourceTree?.FilePath ?? ""))];
        bool IsMeant(string declaration)
        {
            string name = declaration[(declaration.LastIndexOf(' ') + 1)..].TrimEnd(';', '\n');
            return files.Any(f => f.Split('.').Contains(name));
        }

        return text.Append(string.Join('\n', declarations.Any(IsMeant) ? declarations.Where(IsMeant) : declarations)).ToString();
    }
}
