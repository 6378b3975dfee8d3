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

/// <summary>A file has the name of a type in it, so that a type is found by its name.</summary>
public sealed class FileNameTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(SourceFolder.Path, "..", ".."));

    /// <summary>
    /// <c>X.Part.cs</c> has a part of X, and <c>X.512.cs</c> may have X512. A file of a family has its name without the rank:
    /// <c>Conv.cs</c> has Conv2DAttribute. <c>XOfT.cs</c> has X&lt;T&gt;.
    /// </summary>
    [Fact]
    public void Each_file_is_called_as_a_type_in_it() => Assert.Empty(
        new[] { "generator", "runtime" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Root, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(file => !Regex.IsMatch(file, "/(bin|obj)/") && !HasTypeOfItsName(file)).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("Conv.cs", "class Conv1DAttribute; class Conv2DAttribute;", true)]
    [InlineData("Conv.cs", "class Conv2DOperator;", false)]
    [InlineData("Sum.512.cs", "static class Sum512;", true)]
    [InlineData("Trainer.Fit.cs", "partial class Trainer;", true)]
    [InlineData("TrainerOfT.cs", "class Trainer<T>;", true)]
    [InlineData("TrainerOfT.cs", "class Trainer;", false)]
    [InlineData("Outer.cs", "class Other { class Outer; }", false)]
    [InlineData("Shapes.cs", "record Shape;", false)]
    [InlineData("Kind.cs", "namespace A; enum Kind;", true)]
    [InlineData("Call.cs", "delegate void Call();", true)]
    public void Names_are_compared(string file, string text, bool fits) => Assert.Equal(fits, Fits(file, text));

    private static bool HasTypeOfItsName(string file) => Fits(Path.GetFileName(file), File.ReadAllText(Path.Combine(Root, file)));

    private static bool Fits(string file, string text)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string[] parts = file.Split('.');
        return CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview), cancellationToken: cancellation)
            .GetRoot(cancellation).DescendantNodes(node => node is not BaseTypeDeclarationSyntax)
            .SelectMany(NamesOf).Any(name => name == parts[0] || (parts[1] == "512" && name == parts[0] + parts[1]));
    }

    /// <summary>The names of files that a type fits.</summary>
    private static IEnumerable<string> NamesOf(SyntaxNode node) => node switch
    {
        TypeDeclarationSyntax { TypeParameterList: not null } type => [type.Identifier.Text, type.Identifier.Text + "OfT"],
        BaseTypeDeclarationSyntax type => [type.Identifier.Text, Regex.Replace(type.Identifier.Text, "[123]D(Attribute)?$", "")],
        DelegateDeclarationSyntax type => [type.Identifier.Text],
        _ => [],
    };
}
