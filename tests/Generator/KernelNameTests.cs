using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.CompilerServices;
using Strata.Compiler.Operators;
using Strata.Tests;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>A kernel is named after its layer, whatever that is called.</summary>
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

    /// <summary>Names that a program has or refers to, which layers may have, too.</summary>
    public static TheoryData<string[]> Names
    {
        get
        {
            const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
            string[] members = [.. typeof(NetworkProgram).GetMembers(All)
                .Where(member => member is PropertyInfo || (member is MethodInfo { IsSpecialName: false } && !member.Name.Contains('<')))
                .Select(member => member.Name).Distinct().Order(StringComparer.Ordinal)];
            string[] types = [.. Stacks.SelectMany(stack => NamesIn(DeclarationOf(stack)))
                .Distinct().Except(members).Order(StringComparer.Ordinal)];
            IEnumerable<string> ofNetworks = typeof(CompiledNetwork).GetMembers(All).Select(member => member.Name);
            Assert.All(new[] { "MathF", "Simd", "Unsafe", "Vector" }, name => Assert.Contains(name, types));
            return [.. members.Concat(types).Except(ofNetworks).Chunk(24)];
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Layers_and_operators_may_be_called_like_what_programs_and_kernels_refer_to(string[] names)
    {
        // A formula that needs something twice becomes a function, which is called like the operator.
        string operators = string.Concat(names.Select(
            name => $"class {name}Attribute : Strata.ElementwiseAttribute {{ public static float Value(float x) {{ "
                + $"float y = System.MathF.Exp(x) + {name.Length}; return y * y; }} }}\n"));
        string layers = string.Concat(names.Select(
            name => $"Own.{name}, Dense(3, Name = \"{char.ToLowerInvariant(name[0])}{name[1..]}\"), "));
        string source = $"{DeclarationOf($"[Network, Input(3), {layers}Dense(2), MeanSquaredError]")}\nnamespace Own {{ {operators} }}";
        var harness = new Harness();
        GeneratorDriverRunResult result = harness.Generate(harness.Compile(source), out Compilation output);
        Assert.Contains(result.GeneratedTrees, tree => tree.FilePath.EndsWith(".Avx512.g.cs", StringComparison.Ordinal));
        Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }

    [Fact]
    public void Kernels_have_names_of_members_of_the_program_but_not_of_what_they_refer_to()
    {
        string text = string.Concat(new Harness()
            .Generate(DeclarationOf("[Network, Input(3), Dense(4, Name = \"packing\"), Dense(3, Name = \"once\"), MeanSquaredError]"))
            .GeneratedTrees.Select(tree => tree.ToString()));
        Assert.Contains(" Kernel.Packing(ref ", text, StringComparison.Ordinal);
        Assert.Contains(" public static void Once_2(ref ", text, StringComparison.Ordinal);
    }

    /// <summary>The names in a network's programs that are neither members of something else nor begin as locals do.</summary>
    private static IEnumerable<string> NamesIn(string source) => new Harness().Generate(source).GeneratedTrees
        .Where(tree => tree.FilePath.Contains(".Avx512.", StringComparison.Ordinal))
        .SelectMany(tree => tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<ClassDeclarationSyntax>()
            .SelectMany(type => type.DescendantNodes()).OfType<SimpleNameSyntax>())
        .Where(name => name.Parent is not (MemberAccessExpressionSyntax { Expression: var left } and not null) || left == name)
        .Where(name => name.Parent is not (QualifiedNameSyntax or AliasQualifiedNameSyntax))
        .Select(name => name.Identifier.ValueText)
        .Where(name => char.IsAsciiLetterUpper(name[0]) && name.All(char.IsAsciiLetterOrDigit));

    private static string DeclarationOf(string stack) => $"using Strata;\n{stack}\npartial class Net;";
}
