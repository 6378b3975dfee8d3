using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;
using Strata.Compiler.Graph;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Graphs of declarations, by the generator's own first steps.</summary>
internal static class Graphs
{
    /// <summary>The model of the network of this name, or of the only one.</summary>
    public static NetworkModel ModelOf(string source, string? name = null) => ModelOf(new Harness(), source, name);

    public static NetworkModel ModelOf(Harness harness, string source, string? name = null) => harness.Generate(source)
        .Results[0].TrackedSteps[TrackingNames.Models]
        .Select(step => (NetworkModel)step.Outputs.Single().Value)
        .Single(model => name is null || model.Name == name);

    /// <summary>The graph of a stack of attributes, which has to be valid.</summary>
    public static NetworkGraph Of(string stack)
    {
        NetworkModel model = ModelOf($"using Strata;\n[Network]\n{stack}\npartial class Net;");
        Assert.True(model.Graph is not null, string.Join(Environment.NewLine, model.Problems.Select(problem => problem.Message)));
        return model.Graph;
    }

    /// <summary>A graph of one layer.</summary>
    public static Node Layer(string input, string layer) => Of($"[Input({input}), {layer}]").Output;

    /// <summary>The graphs of all networks, which have to be valid, by name.</summary>
    /// <param name="sources">The networks, and the blocks that are not in another assembly.</param>
    /// <param name="references">Other assemblies.</param>
    public static Dictionary<string, NetworkGraph> AllOf(IEnumerable<string> sources, params IEnumerable<MetadataReference> references)
    {
        CSharpCompilation compilation = new Harness { References = [.. references] }.Compile([.. sources]);
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
        IEnumerable<ClassDeclarationSyntax> networks = compilation.SyntaxTrees.SelectMany(tree => tree.GetRoot().DescendantNodes())
            .OfType<ClassDeclarationSyntax>()
            .Where(type =>
                type.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() == "Network"));
        return networks.ToDictionary(type => type.Identifier.Text, type =>
        {
            INamedTypeSymbol symbol = compilation.GetSemanticModel(type.SyntaxTree).GetDeclaredSymbol(type)!;
            NetworkModel model = GraphBuilder.Build(
                DeclarationReader.Read(symbol, compilation, out _, CancellationToken.None)!, CancellationToken.None);
            Assert.Empty(model.Problems.Select(problem => problem.Message));
            return model.Graph!;
        });
    }

    /// <summary>The files of the networks of samples/Zoo, and those of their blocks.</summary>
    public static IEnumerable<string> ZooSources() => ZooSources("Networks").Concat(ZooSources("Declarations"));

    /// <summary>The files of a folder of samples/Zoo: Networks has the blocks, Declarations the networks.</summary>
    public static IEnumerable<string> ZooSources(string folder) =>
        Directory.GetFiles(Path.Combine(SourceFolder.Path, "..", "..", "samples", "Zoo", folder), "*.cs").Order(StringComparer.Ordinal)
            .Select(File.ReadAllText);
}
