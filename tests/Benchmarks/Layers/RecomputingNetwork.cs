using System;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Benchmarks.Networks;

namespace Strata.Benchmarks.Layers;

/// <summary>
/// A network of the zoo with <c>[Network(Recompute = true)]</c>, in an assembly of its own: whoever writes it has the compiler in memory, so that another process measures it.
/// </summary>
internal static class RecomputingNetwork
{
    private const string FileName = "recomputing.dll";

    /// <summary>Writes the assembly into a case's folder.</summary>
    public static void Write(BenchmarkNetwork network, string folder)
    {
        CSharpCompilation compilation = ZooSources.Compilation(network.Describe().Name);
        AttributeSyntax attribute = compilation.SyntaxTrees.SelectMany(tree => tree.GetRoot().DescendantNodes()).OfType<AttributeSyntax>()
            .Single(attribute => attribute.Name.ToString() == "Network");
        AttributeArgumentSyntax argument = SyntaxFactory.AttributeArgument(
            SyntaxFactory.NameEquals("Recompute"), null, SyntaxFactory.LiteralExpression(SyntaxKind.TrueLiteralExpression));
        SyntaxTree tree = attribute.SyntaxTree;
        SyntaxNode root = tree.GetRoot().ReplaceNode(attribute, attribute.AddArgumentListArguments(argument));
        using FileStream image = File.Create(Path.Combine(folder, FileName));
        ZooSources.Emit(ZooSources.Generated(compilation.ReplaceSyntaxTree(tree, tree.WithRootAndOptions(root, ZooSources.Parsing))), image);
    }

    /// <summary>The network of a case's folder, or the zoo's where that has none.</summary>
    public static BenchmarkNetwork In(string folder, BenchmarkNetwork network)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return network;
        }

        Type type = Assembly.LoadFrom(path).GetType("Zoo.Networks." + network.Describe().Name, throwOnError: true)!;
        return network with { Create = options => (CompiledNetwork)Activator.CreateInstance(type, options)! };
    }
}
