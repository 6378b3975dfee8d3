using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests.Building;

/// <summary>Classes that declare several sizes: at each, the bits of the class that is declared with it.</summary>
public sealed class DeclaredSizesTests
{
    /// <summary>A class with sizes.</summary>
    /// <param name="Options">The arguments of [Network], in parentheses.</param>
    /// <param name="Input">The arguments of the input, with <c>{0}</c>, <c>{1}</c>, … for the extents.</param>
    /// <param name="Declared">The extents that the class is declared with.</param>
    /// <param name="Sizes">The arguments of [Sizes].</param>
    /// <param name="Layers">The attributes behind it.</param>
    /// <param name="Others">The other sizes.</param>
    private sealed record Case(string Options, string Input, int[] Declared, string Sizes, string Layers, params int[][] Others)
    {
        private string InputAt(int[] size) => $"Input({string.Format(null, Input, [.. size.Select(extent => (object)extent)])})";

        /// <summary>The class with its sizes, and a class for each size.</summary>
        public string[] Classes(string name) =>
        [
            Class(name, Declared, $"Sizes({Sizes}), "), .. Others.Prepend(Declared).Select(size => Class(NameAt(name, size), size, "")),
        ];

        public static string NameAt(string name, int[] size) => $"{name}_{string.Join('x', size)}";

        private string Class(string name, int[] size, string sizes) =>
            $"[Network{Options}, {InputAt(size)}, {sizes}{Layers}]\npublic partial class {name};\n";
    }

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["Classifier"] = new(
            "", "3, {0}, {1}", [16, 24], "Height = new[] { 16, 8 }, WidthRange = new[] { 8, 40, 16 }",
            "Conv2D(8, 3, Padding = 1), BatchNorm, ReLU, MaxPool2D(2), Conv2D(20, 3, Padding = 1), ReLU, "
            + "GlobalAveragePool2D, Flatten, Dense(5), Softmax, CrossEntropy",
            [16, 8], [16, 40], [8, 8], [8, 24], [8, 40]),
        ["LargeFirst"] = new(
            "(Observable = true)", "3, {0}, {1}", [96, 64], "Height = new[] { 8, 17 }, Width = new[] { 33 }",
            "Conv2D(8, 3, Padding = 1), BatchNorm, ReLU, MaxPool2D(2), Conv2D(20, 3, Padding = 1), ReLU, "
            + "Conv2D(24, 3, Padding = 1, Groups = 2), GELU, GlobalAveragePool2D, Flatten, Dense(5)",
            [8, 33], [17, 33]),
        ["Residual"] = new(
            "(Profile = true)", "3, {0}, {1}", [32, 32], "Height = new[] { 16, 64 }, Width = new[] { 64, 80 }",
            "Conv2D(32, 7, Stride = 2, Padding = 3, Bias = false), BatchNorm, ReLU, Branch, "
            + "Conv2D(32, 3, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(32, 3, Padding = 1, Bias = false), BatchNorm, Branch, "
            + "Add, ReLU, AdaptiveAveragePool2D(2), Flatten, Dense(4), CrossEntropy",
            [16, 64], [64, 64], [16, 80], [64, 80]),
        ["UNet"] = new(
            "", "1, {0}, {1}", [16, 32], "Width = new[] { 48 }, HeightRange = new[] { 16, 48, 32 }",
            "Conv2D(8, 3, Padding = 1), ReLU(Name = \"skip\"), MaxPool2D(2), Conv2D(16, 3, Padding = 1), ReLU, "
            + "ConvTranspose2D(8, 2, Stride = 2, Name = \"up\"), Output(\"low\"), Concat(\"skip\", \"up\"), "
            + "Conv2D(8, 3, Padding = 1), ReLU, Conv2D(1, 1), Output(\"high\"), MeanSquaredError",
            [16, 48], [48, 48]),
        ["Mobile"] = new(
            "(WeightStorage = WeightStorage.BFloat16)", "3, {0}, {1}", [32, 32], "Height = new[] { 15, 48 }, Width = new[] { 21, 32 }",
            "Conv2D(16, 3, Stride = 2, Padding = 1, Bias = false), BatchNorm, ReLU6, "
            + "Conv2D(16, 3, Padding = 1, Groups = 16, Bias = false), BatchNorm, ReLU6, Conv2D(24, 1, Bias = false), BatchNorm, "
            + "Conv2D(48, 1), HardSwish, GlobalAveragePool2D, Flatten, Dense(40), ReLU, Dense(3), CrossEntropy",
            [15, 21], [15, 32], [48, 21], [48, 32]),
        ["Shared"] = new(
            "", "6, {0}, {1}", [16, 24], "Height = new[] { 16, 40 }, Width = new[] { 8, 24 }",
            "Conv2D(16, 1), Conv2D(16, 3, Padding = 1, Name = \"a\"), ReLU, MaxPool2D(2), Conv2D(16, 3, Padding = 1, Weights = \"a\"), "
            + "Tanh, Conv2D(16, 3, Padding = 6, Dilation = 6, Weights = \"a\"), GlobalAveragePool2D, Flatten, "
            + "Dense(16, Name = \"d\"), ReLU, Dense(16, Weights = \"d\"), Dense(3), CrossEntropy",
            [16, 8], [40, 8], [40, 24]),
        ["Length"] = new(
            "", "4, {0}", [40], "Length = new[] { 25, 160 }",
            "Conv1D(12, 5, Padding = 2), ReLU, MaxPool1D(2), Conv1D(16, 3), Tanh, GlobalAveragePool1D, Flatten, Dense(2), CrossEntropy",
            [25], [160]),
        ["Tokens"] = new(
            "", "6, {0}", [40], "Length = new[] { 7, 70 }",
            "Attention(2, Causal = true, Name = \"own\"), Branch, Branch, Crop1D(Left = 3), Branch, Crop1D(Left = 3), "
            + "ScaledDotProductAttention(Heads = 3), Softmax(Axes = Axes.Width), Branch, Branch, Tanh, MatMul(TransposeB = true), "
            + "Flatten, Dense(2), CrossEntropy",
            [7], [70]),
        ["Windows"] = new(
            "", "4, {0}, {1}", [6, 9], "Height = new[] { 3, 7 }, Width = new[] { 3, 9 }",
            "ShiftedWindowAttention(2, 3, Shift = 1), Roll(2), GlobalAveragePool2D, Flatten, Dense(2), CrossEntropy",
            [3, 3], [3, 9], [7, 3], [7, 9]),
        ["Volume"] = new(
            "", "2, {0}, {1}, {2}", [6, 8, 8], "Depth = new[] { 9 }, Height = new[] { 5, 8 }, Width = new[] { 12 }",
            "Conv3D(8, 3, Padding = 1), ReLU, GlobalAveragePool3D, Flatten, Dense(3), CrossEntropy",
            [9, 5, 12], [9, 8, 12]),
        ["TwoInputs"] = new(
            "", "3, {0}, {1}, Name = \"left\"", [12, 12], "Width = new[] { 20 }",
            "Conv2D(6, 3, Name = \"conv\"), GlobalAveragePool2D(Name = \"pooled\"), Flatten(Name = \"flat\"), "
            + "Input(4, Name = \"pose\"), Dense(3, Name = \"posed\"), Concat(\"flat\", \"posed\"), Dense(2), MeanSquaredError",
            [12, 20]),
    };

    private static readonly Lazy<CompiledNetworks> Classes = new(() =>
        NetworkCompiler.CompileClasses([.. Cases.SelectMany(one => one.Value.Classes(one.Key))], "DeclaredSizes"));

    public static TheoryData<string, Isa> Networks =>
        [.. Cases.Keys.SelectMany(name => Tiers.Supported, (name, isa) => (name, isa))];

    private static CompiledNetwork Create(string name, NetworkOptions options) => Classes.Value[name].Create(options);

    [Theory]
    [MemberData(nameof(Networks))]
    public void Each_size_has_the_bits_of_the_class_that_is_declared_with_it(string name, Isa isa)
    {
        var options = new NetworkOptions { Isa = isa, Threads = 2, Seed = 5 };
        using CompiledNetwork net = Create(name, options);
        foreach (int[] size in Cases[name].Others.Prepend(Cases[name].Declared))
        {
            CompiledNetwork sized = net.At(size);
            using CompiledNetwork declared = Create(Case.NameAt(name, size), options);
            declared.CopyParametersFrom(net);
            Assert.Equal(SizedNetworks.Outputs(declared, 1), SizedNetworks.Outputs(sized, 1));
            Assert.Equal(SizedNetworks.Outputs(declared, 19), SizedNetworks.Outputs(sized, 19));
            Assert.Equal(declared.Info.Inputs.Select(input => input.Shape), sized.Info.Inputs.Select(input => input.Shape));
            Assert.Equal(declared.Info.SampleCost, sized.Info.SampleCost);
            Assert.Equal(declared.Summary().Replace(declared.Info.Name, name, StringComparison.Ordinal), sized.Summary());
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Steps_of_training_at_each_size_have_the_bits_of_the_class_that_is_declared_with_it(string name, Isa isa)
    {
        var options = new NetworkOptions { Isa = isa, Threads = 2, Seed = 5 };
        using CompiledNetwork net = Create(name, options);
        foreach (int[] size in Cases[name].Others.Append(Cases[name].Declared).Where(_ => net.Info.Losses.Count > 0))
        {
            CompiledNetwork sized = net.At(size);
            using CompiledNetwork declared = Create(Case.NameAt(name, size), options);
            declared.CopyParametersFrom(net);
            Assert.Equal(Train(declared), Train(sized));
            Assert.Equal(SizedNetworks.Outputs(declared, 3), SizedNetworks.Outputs(sized, 3));
        }
    }

    [Fact]
    public void Weights_in_bfloat16_have_the_same_bits_at_each_size()
    {
        var options = new NetworkOptions { WeightStorage = WeightStorage.BFloat16, Seed = 3 };
        using CompiledNetwork net = Create("Mobile", options);
        foreach (int[] size in Cases["Mobile"].Others)
        {
            using CompiledNetwork declared = Create(Case.NameAt("Mobile", size), options);
            Assert.Equal(SizedNetworks.Outputs(declared, 3), SizedNetworks.Outputs(net.At(size), 3));
        }
    }

    [Fact]
    public void Observed_layers_are_those_of_the_size()
    {
        var options = new NetworkOptions { Observe = ["conv2"] };
        using CompiledNetwork net = Create("LargeFirst", options), declared = Create("LargeFirst_8x33", options);
        CompiledNetwork small = net.At(8, 33);
        Assert.Equal(SizedNetworks.Outputs(declared, 1), SizedNetworks.Outputs(small, 1));
        Assert.Equal(declared.Activation("conv2").ToArray(), small.Activation("conv2").ToArray());
    }

    [Fact]
    public void A_size_that_is_not_declared_is_refused_with_those_that_are()
    {
        using CompiledNetwork net = Create("UNet", new NetworkOptions());
        Assert.Equal(
            "UNet takes the sizes 16×32, 16×48, 48×48; found 32×32. (Parameter 'extents')",
            Assert.Throws<ArgumentException>(() => net.At(32, 32)).Message);
        Assert.Equal([16, 48], net.SmallestSizeFor(9, 33));
        Assert.Equal([48, 48], net.SmallestSizeFor(17, 1));
        Assert.Throws<ArgumentException>(() => net.SmallestSizeFor(49, 1));
        Assert.Same(net, net.At(16, 32));
        Assert.Same(net.At(16, 48), net.At(48, 48).At(16, 48));
    }

    [Fact]
    public void A_size_that_comes_again_allocates_nothing_and_threads_get_the_same_one()
    {
        using CompiledNetwork net = Create("Classifier", new NetworkOptions { Threads = 1 });
        var found = new CompiledNetwork[64];
        Parallel.For(0, found.Length, i => found[i] = net.At(8, 8 + (16 * (i % 3))));
        Assert.Equal(3, found.Distinct().Count());
        float[] inputs = SizedNetworks.Inputs(found[0], 1), outputs = new float[5];
        net.At(8, 8).Forward(inputs, outputs);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            net.At(8, 8).Forward(inputs, outputs);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Outputs_are_right_when_threads_ask_for_sizes_in_any_order()
    {
        using CompiledNetwork net = Create("Classifier", new NetworkOptions { Threads = 1 });
        int[][] sizes = [.. Cases["Classifier"].Others];
        float[][] expected = [.. sizes.Select(size =>
        {
            using CompiledNetwork declared = Create(Case.NameAt("Classifier", size), new NetworkOptions { Threads = 1 });
            return SizedNetworks.Outputs(declared, 2);
        })];
        Parallel.For(0, 200, i =>
        {
            int at = i * 7 % sizes.Length;
            Assert.Equal(expected[at], SizedNetworks.Outputs(net.At(sizes[at]), 2));
        });
    }

    /// <summary>The losses of some steps.</summary>
    private static float[] Train(CompiledNetwork network)
    {
        const int Samples = 5;
        using var trainer = Trainer.For(network, Samples, new Sgd(0.05));
        float[] inputs = SizedNetworks.Inputs(network, Samples);
        return [.. Enumerable.Range(0, 3).Select(step => trainer switch
        {
            ClassificationTrainer classes => classes.Step(inputs, [.. Enumerable.Range(step, Samples).Select(i => i % 2)]),
            RegressionTrainer values => values.Step(
                inputs, [.. Enumerable.Range(0, Samples * network.Info.ValueTargetLength).Select(i => (i + step) % 5 * 0.25f)]),
            _ => throw new NotSupportedException(),
        })];
    }
}
