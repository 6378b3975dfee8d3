using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>A method fits on a screen, and a type is read in one sitting.</summary>
public sealed class SizeTests
{
    private const int MostLinesOfMethod = 60, MostLinesOfType = 500;

    /// <summary>
    /// What is longer, as the test names it, with the reason in words that a reader accepts. If a split makes one shorter, it leaves this
    /// list.
    /// </summary>
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["generator/Emission/Building/NetworkBuilder.Layers.cs: NetworkBuilder"] =
            "A test writes it: a method for each constructor of an attribute, with its documentation.",
    };

    [Fact]
    public void No_method_has_more_than_60_lines_and_no_type_more_than_500()
    {
        string[] tooLong =
        [
            .. from project in new[] { "generator", "runtime" }
               from file in FilesOf(project)
               from part in PartsOf(File.ReadAllText(file.Path))
               where part.Lines > part.MostLines
               select $"{file.Name}: {part.Name}",
        ];
        Assert.Equal(Exceptions.Keys.Order(StringComparer.Ordinal), tooLong.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(Exceptions, exception => exception.Value.Length == 0);
    }

    [Fact]
    public void Methods_constructors_operators_accessors_local_functions_and_types_are_counted()
    {
        const string Text = """
            class Outer
            {
                Outer()
                {
                }

                /// <summary>Documentation does not count.</summary>
                void Method()
                {
                    void Local()
                    {
                    }
                }

                int Property
                {
                    get
                    {
                        return 1;
                    }
                }

                int Short =>
                    1;

                public static Outer operator +(Outer left, Outer right) =>
                    left;

                struct Inner
                {
                }
            }
            """;
        Assert.Equal(
        [
            ("Outer", 32, MostLinesOfType), ("Outer.ctor", 3, MostLinesOfMethod), ("Outer.Method", 6, MostLinesOfMethod),
            ("Outer.Method.Local", 3, MostLinesOfMethod), ("Outer.Property.get", 4, MostLinesOfMethod),
            ("Outer.Short", 2, MostLinesOfMethod), ("Outer.operator +", 2, MostLinesOfMethod), ("Outer.Inner", 3, MostLinesOfType),
        ],
            PartsOf(Text).Select(part => (part.Name, part.Lines, part.MostLines)));
    }

    /// <summary>Files that people write: not those that a build makes.</summary>
    private static (string Name, string Path)[] FilesOf(string project)
    {
        string root = Path.GetFullPath(Path.Combine(SourceFolder.Path, "..", "..", project));
        (string Name, string Path)[] files =
        [
            .. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
                .Select(path => (Name: $"{project}/{Path.GetRelativePath(root, path).Replace('\\', '/')}", path))
                .Where(file => !file.Name.Split('/').Any(part => part is "bin" or "obj")),
        ];
        Assert.NotEmpty(files);
        return files;
    }

    /// <summary>The types and methods of a text, with their lines.</summary>
    private static IEnumerable<(string Name, int Lines, int MostLines)> PartsOf(string text)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview));
        foreach (SyntaxNode node in tree.GetRoot().DescendantNodes().Where(node => NameOf(node) is not null))
        {
            bool isType = node is BaseTypeDeclarationSyntax;
            if (isType || IsMethod(node))
            {
                FileLinePositionSpan span = tree.GetLineSpan(node.Span);
                yield return (
                    string.Join(".", node.AncestorsAndSelf().Select(NameOf).OfType<string>().Reverse()),
                    span.EndLinePosition.Line - span.StartLinePosition.Line + 1, isType ? MostLinesOfType : MostLinesOfMethod);
            }
        }
    }

    /// <summary>Whether a node has statements or an expression that run. A property is counted by its accessors.</summary>
    private static bool IsMethod(SyntaxNode node) => node switch
    {
        BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax => true,
        PropertyDeclarationSyntax property => property.ExpressionBody is not null,
        IndexerDeclarationSyntax indexer => indexer.ExpressionBody is not null,
        _ => false,
    };

    private static string? NameOf(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        ConstructorDeclarationSyntax => "ctor",
        DestructorDeclarationSyntax => "finalizer",
        OperatorDeclarationSyntax symbol => $"operator {symbol.OperatorToken.ValueText}",
        ConversionOperatorDeclarationSyntax conversion => $"operator {conversion.Type}",
        LocalFunctionStatementSyntax function => function.Identifier.ValueText,
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        IndexerDeclarationSyntax => "this",
        EventDeclarationSyntax declared => declared.Identifier.ValueText,
        AccessorDeclarationSyntax accessor => accessor.Keyword.ValueText,
        _ => null,
    };
}
