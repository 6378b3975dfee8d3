using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Operators;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;
using Strata.Tests;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>The cases of each operator show all that it can do.</summary>
public sealed class OperatorCaseTests
{
    public static TheoryData<string> Kinds => [.. OperatorSet.BuiltIn.All.Select(one => one.Kind)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_operator_has_cases_that_are_networks_with_it(string kind)
    {
        NetworkDeclaration[] cases = Read(kind);
        Assert.NotEmpty(cases);
        Assert.All(cases, declaration =>
        {
            Assert.Contains(kind, declaration.Attributes.Select(attribute => attribute.Kind));
            IEnumerable<Problem> problems = GraphBuilder.Build(declaration, CancellationToken.None).Problems;
            Assert.Empty(problems.Where(problem => problem.IsError).Select(problem => problem.Message));
        });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_argument_has_another_value_than_its_default_in_a_case(string kind)
    {
        AttributeDeclaration[] uses =
            [.. Read(kind).SelectMany(declaration => declaration.Attributes).Where(attribute => attribute.Kind == kind)];
        Assert.Empty(OperatorSet.FindBuiltIn(kind)!.Arguments.Where(argument => !uses.Any(use => IsShown(argument, use)))
            .Select(argument => argument.Name));
    }

    [Fact]
    public void No_case_is_listed_twice_by_an_operator() => Assert.All(
        OperatorSet.BuiltIn.All, one => Assert.Equal(one.Cases.Select(c => c.Stack).Distinct(), one.Cases.Select(c => c.Stack)));

    private static bool IsShown(ArgumentSpec argument, AttributeDeclaration use)
    {
        // The class of another network is read as the key of a block.
        if (argument == LayersOf.Network)
        {
            return use.Block is not null;
        }

        var written = new AttributeArguments(use);
        return written.IsSet(argument.Name)
            && (argument.Form == ArgumentForm.Required || !argument.HasDefault || !argument.ValueIn(written).Equals(argument.Default));
    }

    /// <summary>The declarations of the cases of an operator. The C# compiler finds no error in them.</summary>
    private static NetworkDeclaration[] Read(string kind)
    {
        IReadOnlyList<OperatorCase> cases = OperatorSet.FindBuiltIn(kind)!.Cases;
        CSharpCompilation compilation = new Harness().Compile(
            "using Strata;\n" + string.Concat(cases.Select((one, i) => CatalogueCases.Declare(one, $"Case{i}")))
            + CatalogueCases.OthersOf(cases));
        Assert.Empty(compilation.GetDiagnostics().Where(one => one.Severity == DiagnosticSeverity.Error));
        return
        [
            .. Enumerable.Range(0, cases.Count).Select(i => DeclarationReader.Read(
                compilation.GetTypeByMetadataName($"Case{i}")!, compilation, out _, CancellationToken.None)!),
        ];
    }
}
