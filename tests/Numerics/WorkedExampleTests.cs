using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// The worked examples of the lecture notes, computed by compiled networks in every tier, alone and in a batch. Their
/// numbers are small integers (and quarters), so results are exact.
/// </summary>
public class WorkedExampleTests
{
    private static readonly float[] Steps =
    [
        3, 3, 2, 1, 0,
        0, 0, 1, 3, 1,
        3, 1, 2, 2, 3,
        2, 0, 0, 2, 2,
        2, 0, 0, 0, 1,
    ];

    private static readonly float[] Strides =
    [
        1, 2, 0, 3, 1,
        1, 0, 0, 2, 2,
        2, 1, 2, 1, 1,
        0, 0, 1, 0, 0,
        1, 2, 1, 1, 1,
    ];

    private static readonly float[] StridesFilter = [-1, 1, 2, 1, 1, 0, -1, -2, 0];

    private static readonly float[] Pooled =
    [
        5, 3, 1, 9,
        2, 4, 5, 6,
        7, 8, 5, 6,
        1, 3, 4, 5,
    ];

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_3x3_filter_slides_over_a_5x5_input(Isa isa) => Check(
        isa, Extents.Image(1, 5, 5), new Conv2D(1, 3) { Bias = false }, [0, 1, 2, 2, 2, 0, 0, 1, 2], Steps,
        [12, 12, 17, 10, 17, 19, 9, 6, 14]);

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_filter_with_negative_weights_slides_over_a_5x5_input(Isa isa) => Check(
        isa,
        Extents.Image(1, 5, 5),
        new Conv2D(1, 3) { Bias = false },
        [1, 0, 1, -1, 0, 0, 0, 1, 0],
        [1, 0, 3, 7, 2, 5, 7, 10, 0, 7, 4, 12, 0, 2, 0, 0, 1, 11, 1, 3, 10, 7, 0, 8, 1],
        [11, 0, -3, 12, 6, 18, 11, 13, -3]);

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Max_pooling_takes_the_largest_of_each_2x2_window(Isa isa) =>
        Check(isa, Extents.Image(1, 4, 4), new MaxPool2D(2), [], Pooled, [5, 9, 8, 6]);

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Average_pooling_takes_the_mean_of_each_2x2_window(Isa isa) =>
        Check(isa, Extents.Image(1, 4, 4), new AveragePool2D(2), [], Pooled, [3.5f, 5.25f, 4.75f, 5]);

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Bias_and_ReLU_follow_the_convolution(Isa isa)
    {
        var oracle = new OracleNetwork(Extents.Image(1, 3, 3), [new Conv2D(1, 1), new ReLU()]);
        oracle.Weights[0].Value[0] = 1;
        oracle.Weights[1].Value[0] = 2;
        Check(isa, oracle, [-4, -6, 5, 3, 11, 6, 0, 1, 0], [0, 0, 7, 5, 13, 8, 2, 3, 2]);
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void The_first_output_is_minus_2_without_padding_and_minus_1_with_padding_1(Isa isa)
    {
        Assert.Equal(-2, Run(isa, With(Extents.Image(1, 5, 5), new Conv2D(1, 3) { Bias = false }, StridesFilter), Strides)[0]);
        Assert.Equal(-1, Run(isa, With(Extents.Image(1, 5, 5), new Conv2D(1, 3, padding: 1) { Bias = false }, StridesFilter), Strides)[0]);
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Stride_2_takes_every_other_window(Isa isa) => Check(
        isa, Extents.Image(1, 5, 5), new Conv2D(1, 3, stride: 2) { Bias = false }, StridesFilter, Strides, [-2, 3, -2, -1]);

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Stride_2_with_padding_1_takes_every_other_window_of_the_padded_input(Isa isa) => Check(
        isa,
        Extents.Image(1, 5, 5),
        new Conv2D(1, 3, stride: 2, padding: 1) { Bias = false },
        StridesFilter,
        Strides,
        [-1, 2, -2, 3, 5, 2, 1, 4, 2]);

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Sobel_on_a_3x3_input_is_2(Isa isa) => Check(
        isa, Extents.Image(1, 3, 3), new Conv2D(1, 3) { Bias = false }, [-1, 0, 1, -2, 0, 2, -1, 0, 1], [3, 2, 1, 1, 2, 3, 1, 1, 1], [2]);

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_2x2_filter_slides_over_a_3x3_input(Isa isa) => Check(
        isa, Extents.Image(1, 3, 3), new Conv2D(1, 2) { Bias = false }, [0, -1, 1, 0], [16, 24, 32, 47, 18, 26, 68, 12, 9],
        [23, -14, 50, -14]);

    [Fact]
    public void A_2x2_filter_over_a_4x4_input_gives_3x3_at_stride_1_and_2x2_at_stride_2()
    {
        Assert.Equal([1, 3, 3], OutputShape(Extents.Image(1, 4, 4), new Conv2D(1, 2)));
        Assert.Equal([1, 2, 2], OutputShape(Extents.Image(1, 4, 4), new Conv2D(1, 2, stride: 2)));
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_3x3_filter_over_a_4x4_input_at_stride_2_gives_1x1_and_leaves_a_row_and_a_column_unread(Isa isa)
    {
        var convolution = new Conv2D(1, 3, stride: 2) { Bias = false };
        Assert.Equal([1, 1, 1], OutputShape(Extents.Image(1, 4, 4), convolution));

        // Whatever stands in the last row and column does not matter.
        Check(
            isa, Extents.Image(1, 4, 4), convolution, [1, 1, 1, 1, 1, 1, 1, 1, 1],
            [1, 2, 3, float.NaN, 4, 5, 6, float.NaN, 7, 8, 9, float.NaN, float.NaN, float.NaN, float.NaN, float.NaN], [45]);
    }

    [Fact]
    public void A_5x5_filter_makes_28_of_32() =>
        Assert.Equal([6, 28, 28], OutputShape(Extents.Image(3, 32, 32), new Conv2D(6, 5)));

    [Fact]
    public void A_bank_of_5_filters_of_7x7x3_has_735_weights()
    {
        var bank = new OracleNetwork(Extents.Image(3, 9, 9), [new Conv2D(5, 7) { Bias = false }]);
        CompiledType type = NetworkCompiler.CompileClasses([bank.Declaration("Bank")], "Bank")["Bank"];
        using CompiledNetwork network = type.Create();
        Assert.Equal(735, network.Parameters.Single().Length);
        Assert.Equal(735, type.Type.GetField("ParameterCount")!.GetRawConstantValue());
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void The_gradient_of_a_convolution_is_the_full_convolution_with_the_turned_filter(Isa isa)
    {
        float[] filter = [0, 1, 2, 2, 2, 0, 0, 1, 2];
        float[] outputGradient = [1, -2, 3, 0, 4, -1, 2, 2, -3];
        OracleNetwork forward = With(
            Extents.Image(1, 5, 5), new Conv2D(1, 3) { Bias = false }, filter, Objective.MeanSquaredError, inputGradient: true);
        using CompiledNetwork network = NetworkCompiler.Compile(forward).Create(forward, isa);
        using Trainer trainer = CompiledType.CreateTrainer(network, 1, new Sgd(0.1));
        float[] gradient = new float[25];
        trainer.Forward(Steps, new float[9]);
        trainer.Backward(outputGradient, gradient);

        float[] turned = [.. filter.Reverse()];
        float[] expected = Run(
            isa,
            With(Extents.Image(1, 3, 3), new Conv2D(1, new Axis(3), new Axis(3), Auto.Full, Bias: false), turned),
            outputGradient);
        Assert.Equal(expected, gradient);

        // The weights' gradient is the convolution of the input with the output's gradient.
        float[] weightGradient = new float[9];
        trainer.CopyGradientTo(network.Parameters[0], weightGradient);
        Assert.Equal(
            Run(isa, With(Extents.Image(1, 5, 5), new Conv2D(1, 3) { Bias = false }, outputGradient), Steps), weightGradient);
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void The_edge_filter_takes_267960_operations(Isa isa)
    {
        // A 320×280 image and the filter [−1, 1]: two products and a sum for each of 319×280 outputs.
        OracleNetwork oracle = With(
            Extents.Image(1, 280, 320), new Conv2D(1, new Axis(1), new Axis(2), Bias: false), [-1, 1]);
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(oracle, isa);
        Assert.Equal([1, 280, 319], network.Info.OutputShape);
        long multiplyAdds = network.Info.Layers.Sum(l => l.MultiplyAdds);
        Assert.Equal(319 * 280 * 3, (2 * multiplyAdds) - (319 * 280));

        float[] input = new float[320 * 280], output = new float[319 * 280];
        for (int i = 0; i < input.Length; i++)
        {
            input[i] = i % 320 < 160 ? 10 : 0;
        }

        network.Forward(input, output);
        for (int i = 0; i < output.Length; i++)
        {
            Assert.Equal(i % 319 == 159 ? -10 : 0, output[i]);
        }
    }

    private static IReadOnlyList<int> OutputShape(Extents input, Layer layer)
    {
        using CompiledNetwork network = NetworkCompiler.Compile(new OracleNetwork(input, [layer])).Create();
        return network.Info.OutputShape;
    }

    private static OracleNetwork With(
        Extents input, Layer layer, float[] weights, Objective? objective = null, bool inputGradient = false)
    {
        var oracle = new OracleNetwork(input, [layer], objective, inputGradient);
        for (int i = 0; i < weights.Length; i++)
        {
            oracle.Weights[0].Value[i] = weights[i];
        }

        return oracle;
    }

    private static void Check(Isa isa, Extents input, Layer layer, float[] weights, float[] values, float[] expected) =>
        Check(isa, With(input, layer, weights), values, expected);

    private static void Check(Isa isa, OracleNetwork oracle, float[] values, float[] expected)
    {
        Assert.Equal(expected, oracle.Forward(values).Output.Value.Select(v => (float)v));
        Assert.Equal(expected, Run(isa, oracle, values));
    }

    /// <summary>One sample's outputs, which are the same alone and anywhere in a batch.</summary>
    private static float[] Run(Isa isa, OracleNetwork oracle, float[] values)
    {
        const int Batch = 19;
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(oracle, isa);
        float[] alone = new float[oracle.Output.Length];
        network.Forward(values, alone);
        float[] inputs = [.. Enumerable.Repeat(values, Batch).SelectMany(v => v)], outputs = new float[Batch * alone.Length];
        network.Forward(inputs, outputs);
        for (int n = 0; n < Batch; n++)
        {
            Assert.Equal(alone, outputs.AsSpan(n * alone.Length, alone.Length).ToArray());
        }

        return alone;
    }
}
