using System;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Corners in which frameworks differ: what PyTorch does is right. Expected numbers are worked out by hand.</summary>
public class SemanticsTests
{
    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void The_first_of_equal_maxima_gets_the_gradient(Isa isa)
    {
        float[] input =
        [
            7, 7, 1, 2,
            7, 7, 2, 2,
            0, 3, 5, 4,
            3, 3, 4, 5,
        ];
        (_, float[] gradient) = Backward(isa, Extents.Image(1, 4, 4), new MaxPool2D(2), [], input, [1, 10, 100, 1000]);
        Assert.Equal([1, 0, 0, 10, 0, 0, 0, 0, 0, 100, 1000, 0, 0, 0, 0, 0], gradient);
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Overlapping_windows_add_their_gradients_at_a_shared_maximum(Isa isa)
    {
        float[] input = [0, 1, 0, 2, 9, 3, 0, 4, 0];
        (float[] output, float[] gradient) = Backward(isa, Extents.Image(1, 3, 3), new MaxPool2D(2, stride: 1), [], input,
            [1, 10, 100, 1000]);
        Assert.Equal([9, 9, 9, 9], output);
        Assert.Equal([0, 0, 0, 0, 1111, 0, 0, 0, 0], gradient);
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void The_padding_of_max_pooling_never_wins(Isa isa) => Assert.Equal(
        [-4, -3, -2, -1], Forward(isa, Extents.Image(1, 2, 2), new MaxPool2D(2, stride: 2, padding: 1), [], [-4, -3, -2, -1]));

    /// <summary>
    /// torch.nn.AvgPool2d(3, 2, 1, ceil_mode=True): a window that hangs over is clipped to the padded input before it is counted.
    /// </summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Average_pooling_with_ceil_mode_divides_by_the_clipped_window(Isa isa)
    {
        Axis axis = new(3, 2, 1, 1);
        float[] ones = [.. Enumerable.Repeat(36f, 16)];

        // Rows of the windows: {-1, 0, 1}, {1, 2, 3}, {3, 4}, of which 2, 3, 1 lie inside and 3, 3, 2 count.
        float[] fractions = [2f / 3, 3f / 3, 1f / 2];
        float[] expected = [.. fractions.SelectMany(r => fractions.Select(c => 36 * r * c))];
        float[] actual = Forward(isa, Extents.Image(1, 4, 4), new AveragePool2D(axis, axis, Ceil: true), [], ones);
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));

        float[] without = Forward(isa, Extents.Image(1, 4, 4), new AveragePool2D(axis, axis, Ceil: true, CountIncludePad: false), [], ones);
        Assert.All(without, value => Assert.Equal(36, value, 1e-5f));
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Same_padding_of_an_even_kernel_adds_the_odd_row_at_the_end(Isa isa)
    {
        float[] input = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        var convolution = new Conv2D(1, new Axis(2), new Axis(2), Auto.Same, Bias: false);
        Assert.Equal([12, 16, 9, 24, 28, 15, 15, 17, 9], Forward(isa, Extents.Image(1, 3, 3), convolution, [1, 1, 1, 1], input));
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Same_padding_at_stride_2_rounds_the_extent_up(Isa isa)
    {
        float[] input = [.. Enumerable.Range(1, 16).Select(i => (float)i)];
        var convolution = new Conv2D(1, new Axis(3, 2), new Axis(3, 2), Auto.Same, Bias: false);

        // ⌈4/2⌉ = 2; one row of zeros is needed in all, and it stands at the end.
        Assert.Equal([54, 45, 72, 54], Forward(isa, Extents.Image(1, 4, 4), convolution, [1, 1, 1, 1, 1, 1, 1, 1, 1], input));
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Groups_see_their_own_channels_only(Isa isa)
    {
        // Channels (1, 2 | 3, 4); filters of 2 per group, 1×1.
        var convolution = new Conv2D(4, new Axis(1), new Axis(1), Groups: 2, Bias: false);
        Assert.Equal(
            [1 + 20, 100 + 2000, 3 + 40, 300 + 4000],
            Forward(isa, Extents.Image(4, 1, 1), convolution, [1, 10, 100, 1000, 1, 10, 100, 1000], [1, 2, 3, 4]));
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Dilation_spreads_the_filter(Isa isa)
    {
        float[] input = [.. Enumerable.Range(1, 25).Select(i => (float)i)];
        Assert.Equal(
            [1 + 30 + 1100 + 13000, 2 + 40 + 1200 + 14000, 3 + 50 + 1300 + 15000],
            Forward(isa, Extents.Image(1, 5, 5), new Conv2D(1, 2, dilation: 2) { Bias = false }, [1, 10, 100, 1000], input)[..3]);
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Rows_that_a_stride_leaves_unread_have_gradient_zero(Isa isa)
    {
        float[] input = [.. Enumerable.Range(1, 16).Select(i => (float)i)];
        (float[] output, float[] gradient) = Backward(
            isa, Extents.Image(1, 4, 4), new Conv2D(1, 2, stride: 3) { Bias = false }, [1, 2, 3, 4], input, [5]);
        Assert.Equal([1 + 4 + 15 + 24], output);
        Assert.Equal([5, 10, 0, 0, 15, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], gradient);
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void The_gradient_of_ReLU_at_zero_is_zero(Isa isa)
    {
        (float[] output, float[] gradient) = Backward(isa, Extents.Vector(5), new ReLU(), [], [-1, -0f, 0, 1e-30f, 2], [1, 1, 1, 1, 1]);
        Assert.Equal([0, 0, 0, 1e-30f, 2], output);
        Assert.Equal([0, 0, 0, 1, 1], gradient);
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void The_gradients_at_the_ends_of_the_hard_activations_are_those_of_the_flat_side(Isa isa)
    {
        // ±3.0001 and such are in the goldens.
        float[] input = [-3, 3, 0, 6];
        Check(new HardSigmoid(), [0, 1, 0.5f, 1], [0, 0, 1f / 6, 0]);
        Check(new HardSwish(), [0, 3, 0, 6], [0, 1, 0.5f, 1]);
        Check(new ReLU6(), [0, 3, 0, 6], [0, 1, 0, 0]);
        Check(new LeakyReLU(0.25), [-0.75f, 3, 0, 6], [0.25f, 1, 0.25f, 1]);
        Check(new ELU(2), [2 * (MathF.Exp(-3) - 1), 3, 0, 6], [2 * MathF.Exp(-3), 1, 2, 1]);

        void Check(Layer layer, float[] values, float[] derivatives)
        {
            (float[] output, float[] gradient) = Backward(isa, Extents.Vector(4), layer, [], input, [1, 1, 1, 1]);
            Assert.All(values.Zip(output), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
            Assert.All(derivatives.Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Softmax_of_an_image_works_along_the_channels(Isa isa)
    {
        float[] output = Forward(isa, Extents.Image(2, 1, 3), new Softmax(), [], [0, 1, 2, 0, 1, 2]);
        Assert.All(output, p => Assert.Equal(0.5f, p, 1e-6f));
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Mean_squared_error_is_a_mean_over_samples_and_elements(Isa isa)
    {
        var oracle = new OracleNetwork(Extents.Vector(3), [new ReLU()], Objective.MeanSquaredError, inputGradient: true);
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(isa);
        using var trainer = (RegressionTrainer)CompiledType.CreateTrainer(network, 4, new Sgd(0.1));

        // Two samples of a batch of up to four: 1 + 4 + 9 + 0 + 0 + 16 over 6 values.
        float loss = trainer.ComputeGradients([1, 2, 3, 4, 5, 6], [0, 0, 0, 4, 5, 2]);
        Assert.Equal(5, loss, 1e-6f);
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void No_samples_are_no_error(Isa isa)
    {
        var oracle = new OracleNetwork(Extents.Vector(3), [new ReLU()]);
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(isa);
        network.Forward([], []);
        Assert.Throws<ArgumentException>(() => network.Forward(new float[4], new float[3]));
        Assert.Throws<ArgumentException>(() => network.Forward(new float[6], new float[3]));
    }

    private static float[] Forward(Isa isa, Extents input, Layer layer, float[] weights, float[] values)
    {
        OracleNetwork oracle = With(input, layer, weights);
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(oracle, isa);

        // Once alone, then in a batch that fills no block exactly.
        float[] alone = new float[oracle.Output.Length];
        network.Forward(values, alone);
        float[] outputs = new float[21 * alone.Length];
        network.Forward([.. Enumerable.Repeat(values, 21).SelectMany(v => v)], outputs);
        for (int i = 0; i < outputs.Length; i++)
        {
            Assert.Equal(alone[i % alone.Length], outputs[i], 1e-5f);
        }

        return alone;
    }

    private static (float[] Output, float[] InputGradient) Backward(
        Isa isa, Extents input, Layer layer, float[] weights, float[] values, float[] outputGradient)
    {
        OracleNetwork oracle = With(input, layer, weights);
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(oracle, isa);
        using Trainer trainer = CompiledType.CreateTrainer(network, 3, new Sgd(0.1));
        float[] outputs = new float[3 * outputGradient.Length], gradients = new float[3 * values.Length];
        trainer.Forward([.. values, .. values, .. values], outputs);
        trainer.Backward([.. outputGradient, .. outputGradient, .. outputGradient], gradients);
        for (int n = 1; n < 3; n++)
        {
            Assert.Equal(gradients[..values.Length], gradients[(n * values.Length)..((n + 1) * values.Length)]);
        }

        return (outputs[..outputGradient.Length], gradients[..values.Length]);
    }

    private static OracleNetwork With(Extents input, Layer layer, float[] weights)
    {
        var oracle = new OracleNetwork(input, [layer], Objective.MeanSquaredError, inputGradient: true);
        for (int i = 0; i < weights.Length; i++)
        {
            oracle.Weights[0].Value[i] = weights[i];
        }

        return oracle;
    }
}
