using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Benchmarks.Networks;

namespace Strata.Benchmarks.Layers;

/// <summary>A network of the zoo with <c>[Network(Recompute = true)]</c>.</summary>
internal static class RecomputingNetwork
{
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
        NetworkAssembly.Write(compilation.ReplaceSyntaxTree(tree, tree.WithRootAndOptions(root, ZooSources.Parsing)), folder);
    }
}
