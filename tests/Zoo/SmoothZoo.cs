using System;
using System.IO;
using System.Linq;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Numerics.Tests;
using Zoo;

namespace Strata.Zoo.Tests;

/// <summary>The zoo's networks without kinks, compiled in memory: SiLU in place of each rectifier, means in place of maxima.</summary>
internal static class SmoothZoo
{
    /// <summary>Their goldens' folder.</summary>
    public const string Folder = "Smooth";

    /// <summary>An alias wins over what is imported, so that the declarations stay as they are.</summary>
    private const string Aliases = """
        global using LeakyReLUAttribute = Strata.Zoo.Tests.LeakyAttribute;
        global using MaxPool1DAttribute = Strata.AveragePool1DAttribute;
        global using MaxPool2DAttribute = Strata.AveragePool2DAttribute;
        global using MaxPool3DAttribute = Strata.AveragePool3DAttribute;
        global using ReLUAttribute = Strata.SiLUAttribute;
        global using ReLU6Attribute = Strata.SiLUAttribute;

        namespace Strata.Zoo.Tests;

        [SiLU]
        public sealed class LeakyAttribute : BlockAttribute
        {
            private const double Slope = 0.01;

            public LeakyAttribute(double slope) { }
        }
        """;

    /// <summary>The network of that name, compiled alone with the blocks of all; makes instances.</summary>
    public static Func<NetworkOptions, CompiledNetwork> Compile(string name)
    {
        string wanted = ZooNetwork.Find(name)!.Info.Name;
        var trees = new[] { "Networks", "Declarations" }.SelectMany(folder => Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, folder), "*.cs"))
            .Select(file => Parse(OutsideOfStrata(File.ReadAllText(file)), file)).ToList();
        for (int i = 0; i < trees.Count; i++)
        {
            SyntaxNode root = trees[i].GetRoot();
            var others = root.DescendantNodes().OfType<ClassDeclarationSyntax>().Where(type => IsNetwork(type) && type.Identifier.Text != wanted);
            trees[i] = trees[i].WithRootAndOptions(root.RemoveNodes(others, SyntaxRemoveOptions.KeepNoTrivia)!, SourceCompiler.Parsing);
        }

        byte[] image = SourceCompiler.Compile(
            trees.Append(Parse(Aliases, "Aliases.cs")),
            "Smooth." + wanted,
            DiagnosticSeverity.Error,
            (diagnostics, thrown) => $"{name} does not compile without kinks.\n{thrown}\n{string.Join('\n', diagnostics.Take(5).Select(d => d.ToString()))}");
        var context = new AssemblyLoadContext("Smooth", isCollectible: true);
        Type type = context.LoadFromStream(new MemoryStream(image)).GetType("Zoo.Networks." + wanted, throwOnError: true)!;
        return options => (CompiledNetwork)Activator.CreateInstance(type, options)!;
    }

    /// <summary>The blocks in another namespace: inside of Strata's, its own attributes would win over an alias.</summary>
    private static string OutsideOfStrata(string text) => text
        .Replace("using Strata.Zoo;\n", "", StringComparison.Ordinal)
        .Replace("namespace Strata.Zoo;", "using Strata;\nnamespace Zoo.Networks;", StringComparison.Ordinal);

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(text, SourceCompiler.Parsing, path, Encoding.UTF8);

    private static bool IsNetwork(ClassDeclarationSyntax type) => type.Modifiers.Any(SyntaxKind.PartialKeyword);
}
