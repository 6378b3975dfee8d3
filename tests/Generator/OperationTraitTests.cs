using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>
/// Only <c>Operators/</c> and the table of algorithms name concrete operations and operators. All other code asks for traits. The test
/// compiles the sources, so that a type is told from a property of the same name.
/// </summary>
public sealed class OperationTraitTests
{
    /// <summary>Where operations get their algorithms.</summary>
    private static readonly string[] Tables = ["Compiler/Lowering/AlgorithmTable.cs"];

    private static readonly string Root = Path.GetFullPath(Path.Combine(SourceFolder.Path, "..", "..", "generator"));

    private static readonly Lazy<CSharpCompilation> Generator = new(Compile);

    private static readonly Lazy<HashSet<string>> Operations = new(() =>
    [
        .. from tree in Generator.Value.SyntaxTrees
           from type in tree.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>()
           where IsConcreteOperation(Generator.Value.GetSemanticModel(tree).GetDeclaredSymbol(type)!)
           select type.Identifier.Text,
    ]);

    /// <summary>Every name of a concrete operation outside of <c>Operators/</c>, where it is the type and not a member.</summary>
    private static readonly Lazy<(string File, SimpleNameSyntax Name, INamedTypeSymbol Operation)[]> Names = new(() =>
        [.. Generator.Value.SyntaxTrees.Where(tree => !IsOperator(tree.FilePath)).SelectMany(NamesIn)]);

    [Fact]
    public void Operations_are_named_in_Operators_and_in_the_tables_only()
    {
        // Those that kernels take as values, an activation and a pooling, are declared beside the base.
        string[] strangers =
        [
            .. Names.Value.Where(name => IsOperator(FileOf(name.Operation)) && !Tables.Contains(name.File)).Select(Describe),
        ];
        Assert.True(strangers.Length == 0, $"Say it as a trait instead:\n{string.Join('\n', strangers)}");
    }

    [Fact]
    public void What_an_operation_is_is_asked_for_in_one_switch_of_each_table()
    {
        var questions = Names.Value.Where(name => IsQuestion(name.Name)).ToLookup(name => Tables.Contains(name.File));
        Assert.True(!questions[false].Any(), $"Say it as a trait instead:\n{string.Join('\n', questions[false].Select(Describe))}");
        foreach (string table in Tables)
        {
            var asked = questions[true].Where(name => name.File == table).ToList();
            Assert.True(
                asked.Select(name => SwitchOf(name.Name)).Distinct().Count() == 1 && SwitchOf(asked[0].Name) is not null,
                $"One switch finds the algorithms, all else is a trait:\n{string.Join('\n', asked.Select(Describe))}");
        }
    }

    /// <summary>The tests above see what they are to see.</summary>
    [Fact]
    public void Operations_are_found()
    {
        string[] some = ["Convolution", "DenseOperation", "Concatenation", "BatchNorm", "AdaptiveMaximum", "Activation", "Conv2D"];
        Assert.Empty(some.Except(Operations.Value));
        Assert.DoesNotContain("LoopOperation", Operations.Value);
    }

    private static CSharpCompilation Compile()
    {
        IEnumerable<string> files = Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar)
                is not (["obj" or "bin" or "CodeFixes", ..] or ["Compiler", "obj" or "bin", ..]));
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        return CSharpCompilation.Create(
            "Generator",
            files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file)),
            trusted.Split(Path.PathSeparator).Where(path => !Path.GetFileName(path).StartsWith("Strata", StringComparison.Ordinal))
                .Select(path => MetadataReference.CreateFromFile(path)));
    }

    private static IEnumerable<(string File, SimpleNameSyntax Name, INamedTypeSymbol Operation)> NamesIn(SyntaxTree tree)
    {
        SemanticModel model = Generator.Value.GetSemanticModel(tree);
        string file = Path.GetRelativePath(Root, tree.FilePath).Replace('\\', '/');
        return
            from name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
            where Operations.Value.Contains(name.Identifier.Text)
            let symbol = model.GetSymbolInfo(name).Symbol
            let type = symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } ? symbol.ContainingType : symbol as INamedTypeSymbol
            where type is not null && IsConcreteOperation(type)
            select (file, name, type);
    }

    private static bool IsConcreteOperation(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? other = type.IsAbstract ? null : type.BaseType; other is not null; other = other.BaseType)
        {
            if (other is { Name: "Operation", ContainingNamespace.Name: "Graph" }
                or { Name: "LayerOperator", ContainingNamespace.Name: "Operators" })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The switch of which a name is a case.</summary>
    private static SyntaxNode? SwitchOf(SimpleNameSyntax name) => name.Ancestors()
        .SkipWhile(node => node is not (SwitchExpressionArmSyntax or SwitchLabelSyntax))
        .FirstOrDefault(node => node is SwitchExpressionSyntax or SwitchStatementSyntax);

    /// <summary>Whether a type is asked for: in a pattern, by a cast, or as an argument of a generic method.</summary>
    private static bool IsQuestion(SimpleNameSyntax name)
    {
        // What the name is part of, as a type: Graph.Activation?, say.
        SyntaxNode type = name;
        while (type.Parent is QualifiedNameSyntax or MemberAccessExpressionSyntax or NullableTypeSyntax)
        {
            type = type.Parent;
        }

        return type.Parent switch
        {
            PatternSyntax or TypeOfExpressionSyntax or CaseSwitchLabelSyntax => true,
            CastExpressionSyntax cast => cast.Type == type,
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.IsExpression or (int)SyntaxKind.AsExpression } => true,
            TypeArgumentListSyntax { Parent.Parent: InvocationExpressionSyntax or MemberAccessExpressionSyntax } => true,
            _ => false,
        };
    }

    private static bool IsOperator(string file) =>
        Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar) is ["Compiler", "Operators", ..];

    private static string FileOf(INamedTypeSymbol type) => type.DeclaringSyntaxReferences[0].SyntaxTree.FilePath;

    private static string Describe((string File, SimpleNameSyntax Name, INamedTypeSymbol Operation) name) =>
        $"{name.File}({name.Name.GetLocation().GetLineSpan().StartLinePosition.Line + 1}): {name.Name.Parent}";
}
