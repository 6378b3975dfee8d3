using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.CompilerServices;
using Strata.Compiler.Operators;
using Strata.Generator.Printing;
using Strata.Tests;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>A kernel is named after its layer. The name must not hide a name that programs and kernels refer to.</summary>
public sealed class KernelNameTests
{
    /// <summary>A network with so many kernels that its programs are tables.</summary>
    public const string Large =
        "[Network(Observable = true, InputGradient = true), Input(4, 9, 9), Normalize(new[] { 0.1, 0.2, "
        + "0.3, 0.4 }, new[] { 1.0, 1.0, 1.0, 1.0 })]"
        + "[Conv2D(8, 3, Padding = 1, PaddingMode = PaddingMode.Reflect), BatchNorm, ReLU, LocalResponseNorm(3), "
        + "MaxPool2D(2), Conv2D(20, 3, Groups = 4), ReLU6]"
        + "[AveragePool2D(2, Stride = 1, Padding = 1), ELU, ConvTranspose2D(6, 2, Stride = 2), SELU, PReLU, GroupNorm(2), Sigmoid, "
        + "SpatialDropout(0.2), StochasticDepth(0.2), Tanh]"
        + "[Pad2D(1), ChannelShuffle(3), L2Pool2D(2), LogSumExpPool2D(1), Filter2D(Filter.SobelX), Upsample2D(2), Upsample2D(1.5, Mode = "
        + "UpsampleMode.Linear), PixelUnshuffle(2), Crop2D(Stride = 1), Transpose(1, 3, 2), Slice(0, -4), Split(0, 1)]"
        + "[PixelShuffle(2), InstanceNorm, GELU, AdaptiveMaxPool2D(3), SiLU, Scale, "
        + "Scale(PerElement = true, Bias = false), HardSwish, Softplus, LeakyReLU, "
        + "Hardtanh, LogSigmoid, HardSigmoid, Softmax]"
        + "[LayerNorm, Flatten, Dense(40), Dropout(0.1), Reshape(4, 10), Conv1D(5, 2), MaxPool1D(2), AveragePool1D(2), "
        + "Flatten, Dense(10), LogSoftmax, CrossEntropy]";

    /// <summary>Networks with every operator: its first case, or all of them. All are trained.</summary>
    public static string[] Stacks =>
    [
        Large,
        .. OperatorSet.BuiltIn.All.SelectMany(one => one.Cases.Take(AllCases.Run ? one.Cases.Count : 1)).Distinct()
            .Select(one => $"{one.Others}\n[Network(InputGradient = true), {CatalogueCases.Trained(one)}]"),
    ];

    [Fact]
    public void No_kernel_can_hide_a_member_of_its_program() => Assert.Empty(typeof(NetworkProgram)
        .GetMembers(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        .Where(member => member is PropertyInfo || (member is MethodInfo { IsSpecialName: false } && !member.Name.Contains('<')))
        .Select(member => member.Name).Distinct().Except(TierWriter.ReservedNames));

    [Fact]
    public void No_kernel_can_hide_what_a_program_refers_to()
    {
        var unknown = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string stack in Stacks)
        {
            GeneratorDriverRunResult result = new Harness().Generate(DeclarationOf(stack));
            List<SyntaxNode> programs =
                [.. result.GeneratedTrees
                    .Where(tree => tree.ToString().Contains("NetworkProgram\n", StringComparison.Ordinal)
                        || tree.FilePath.Contains("Kernels", StringComparison.Ordinal))
                .Select(tree => tree.GetRoot(TestContext.Current.CancellationToken))];
            Assert.InRange(programs.Count, 3, 30);
            HashSet<string> methods = [.. programs.SelectMany(program => program.DescendantNodes().OfType<MethodDeclarationSyntax>())
                .Select(method => method.Identifier.ValueText)];
            unknown.UnionWith(programs
                .SelectMany(program => program.DescendantNodes().OfType<ClassDeclarationSyntax>().First().DescendantNodes())
                .OfType<SimpleNameSyntax>()
                .Where(name => name.Parent is not (MemberAccessExpressionSyntax { Expression: var left } and not null) || left == name)
                .Where(name => name.Parent is not (QualifiedNameSyntax or AliasQualifiedNameSyntax))
                .Select(name => name.Identifier.ValueText)
                .Where(name => !char.IsAsciiLetterLower(name[0]) && !methods.Contains(name))
                .Except(TierWriter.ReservedNames));
        }

        Assert.Empty(unknown);
    }

    private static string DeclarationOf(string stack) => $"using Strata;\n{stack}\npartial class Net;";
}
