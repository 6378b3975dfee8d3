using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>What the JIT needs in order to keep the sums of a tile in registers.</summary>
public sealed class RegisterTests
{
    /// <summary>
    /// One variable that lives through the blocks of a long sum and behind them is kept on the stack, in the innermost loop too: such a
    /// kernel takes four times as long.
    /// </summary>
    [Theory]
    [InlineData("Input(128, 8, 8), Conv2D(32, 3)")]
    [InlineData("Input(2, 64, 64), Conv2D(4, 3), CrossEntropy")]
    [InlineData("Input(2000), Dense(32), CrossEntropy")]
    [InlineData("Input(20000), Dense(32), CrossEntropy")]
    public void The_sums_of_a_block_live_in_it_only(string layers)
    {
        GeneratorDriverRunResult result = new Harness()
            .Generate($"using Strata;\n[Network(Winograd = false), {layers}]\npartial class Net;");
        int blocks = 0;
        foreach (MethodDeclarationSyntax kernel in result.GeneratedTrees.SelectMany(
            tree => tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()))
        {
            foreach (ExpressionStatementSyntax add in kernel.DescendantNodes().OfType<ExpressionStatementSyntax>())
            {
                (ExpressionSyntax? total, ExpressionSyntax? value) = add.Expression switch
                {
                    // Few blocks are added as they are, many in double precision.
                    AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.AddAssignmentExpression } sum => (sum.Left, sum.Right),
                    InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Add" } method } call =>
                        (method.Expression, call.ArgumentList.Arguments[0].Expression),
                    _ => (null, null),
                };

                // Whatever is added to a total is either read there and then, or declared by the block that ends with the addition.
                if (value is IdentifierNameSyntax addend && total!.ToString().Contains("total", System.StringComparison.Ordinal))
                {
                    var block = (BlockSyntax)add.Parent!;
                    Assert.IsType<ForStatementSyntax>(block.Parent);
                    Assert.Contains(
                        block.Statements.OfType<LocalDeclarationStatementSyntax>().SelectMany(statement => statement.Declaration.Variables),
                        variable => variable.Identifier.Text == addend.Identifier.Text);
                    blocks++;
                }
            }
        }

        Assert.True(blocks > 0);
    }
}
