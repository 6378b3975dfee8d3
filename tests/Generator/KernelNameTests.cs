using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Catalogue;
using Strata.CompilerServices;
using Strata.Compiler.Operators;
using Strata.Generator.Printing;
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

    /// <summary>Networks with every operator.</summary>
    public static string[] Stacks => [.. Own, $"[Network, Input(6), {string.Concat(Others)}Dense(2), MeanSquaredError]"];

    /// <summary>Activations of the catalogue that the networks below do not have.</summary>
    private static IEnumerable<string> Others => OperatorSet.BuiltIn.All
        .Where(one => one.Family == OperatorFamily.Activation && !Own.Any(stack => Regex.IsMatch(stack, $@"\b{one.Kind}\b")))
        .Select(one => one.Cases[0] + ", ");

    private static readonly string[] Own =
    [
        Large,
        "[Network, Input(2, 5, 6, 7), Conv3D(4, 2, Padding = 1), BatchNorm, MaxPool3D(2, Name = \"pool\"), MaxUnpool3D(\"pool\"), "
        + "ConvTranspose3D(2, 2), Pad3D(1, Mode = PaddingMode.Replicate)]"
            + "[L2Pool3D(2), LogSumExpPool3D(1), AveragePool3D(2), Upsample3D(2), Crop3D(Front = 1), AdaptiveAveragePool3D(2), "
            + "AdaptiveMaxPool3D(2), "
            + "GlobalAveragePool3D, GlobalMaxPool3D, Flatten, Dense(3), Sigmoid, BinaryCrossEntropy]",
        "[Network, Input(3, 12), Conv1D(4, 3), ConvTranspose1D(4, 2, Stride = 2), Pad1D(1, Mode = PaddingMode.Circular), Crop1D(1), "
        + "L2Pool1D(2), LogSumExpPool1D(1), MaxPool1D(2, Name = \"pool\"), MaxUnpool1D(\"pool\")]"
            + "[Upsample1D(2), Branch, ReLU, Branch, Conv1D(4, 1), Add, Branch, Tanh, Branch, ELU, Multiply, Branch, GELU, Branch, "
            + "Concat, AdaptiveAveragePool1D(3), AdaptiveMaxPool1D(2)]"
            + "[GlobalAveragePool1D, GlobalMaxPool1D, Flatten, Dense(6), Hinge]",
        "[Network(BFloat16 = true), Input(6), Dense(6), ReLU, Mish, Softsign, Tanhshrink, CELU, Hardshrink, Softshrink, Threshold(0, 0), "
        + "Dense(4), MeanSquaredError, L1, L2, Huber, SmoothL1, MeanAbsoluteError]",
        "[Network, Input(5, 6, 7), LayerNorm(Axes = Axes.Pixels), Softmax(Axes = Axes.Width), LogSoftmax(Axes = Axes.All), "
        + "Mean(Axes.Channels, KeepAxes = true), Sum(Axes.Height), Max(Axes.Pixels), MeanSquaredError]",
        "[Network, Input(3, 8, 8), Shortcut(8, Stride = 2), MaxPool2D(2, Name = \"pool\"), MaxUnpool2D(\"pool\"), "
        + "AdaptiveAveragePool2D(2), GlobalAveragePool2D, GlobalMaxPool2D, Flatten, Dense(2), Output(\"a\"), Dense(3), Output(\"b\")]",
        "[Network, Input(6, 5, 4), Exp, Log, Sqrt, Abs, Pow(2.5), Affine(2, 1), Clip(Min = 0), HardSigmoid(0.2, 0.5), "
            + "Branch, ReLU, Branch, Conv2D(1, 1), Subtract, Branch, Tanh, Branch, GlobalAveragePool2D, Divide]"
            + "[Branch, ELU, Branch, Maximum, Branch, Conv2D(6, 1), Branch, Minimum,"
                + " Conv2D(4, 1), Affine(1, 3), ReLU6, Affine(0.5, 0), Flatten, Dense(2), L2]",
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

    [Fact]
    public void These_networks_have_every_operator()
    {
        string all = string.Concat(Stacks);
        Assert.DoesNotContain(
            OperatorSet.BuiltIn.All.Select(o => o.Kind),
            kind => kind is not ("LayersOf" or "Sequential" or "ExternalLoss") && !all.Contains(kind, StringComparison.Ordinal));
    }
}
