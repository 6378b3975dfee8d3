using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Numerics.Tensors;
using Xunit;

namespace Strata.Tensors.Tests;

/// <summary>Calls with tensors have the bits of the calls on spans, whatever the tensors' layout.</summary>
public sealed class TensorInferenceTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(17, true)]
    public void Dense_tensors_have_the_bits_of_the_call_on_spans(int samples, bool hasBatchAxis)
    {
        using var net = new Maps(seed: 1);
        float[] inputs = Noise(samples * Maps.InputLength), expected = new float[samples * Maps.OutputLength];
        net.Forward(inputs, expected);
        nint[] batch = hasBatchAxis ? [samples] : [];
        float[] outputs = new float[expected.Length];
        net.Forward(new ReadOnlyTensorSpan<float>(inputs, [.. batch, 2, 6, 5]), new TensorSpan<float>(outputs, [.. batch, 3, 6, 5]));
        Assert.Equal(expected, outputs);
    }

    [Fact]
    public void One_sample_may_have_the_axis_of_the_batch_on_one_side_only()
    {
        using var net = new Small(seed: 1);
        float[] input = Noise(Small.InputLength), expected = new float[Small.OutputLength], output = new float[Small.OutputLength];
        net.Forward(input, expected);
        net.Forward(new ReadOnlyTensorSpan<float>(input, [1, 2, 6, 5]), new TensorSpan<float>(output, [4]));
        Assert.Equal(expected, output);
        output.AsSpan().Clear();
        net.Forward(new ReadOnlyTensorSpan<float>(input, [2, 6, 5]), new TensorSpan<float>(output, [1, 4]));
        Assert.Equal(expected, output);
    }

    [Fact]
    public void An_empty_batch_is_no_work()
    {
        using var net = new Small(seed: 1);
        net.Forward(Tensor.CreateFromShape<float>([0, 2, 6, 5]), Tensor.CreateFromShape<float>([0, 4]));
    }

    [Fact]
    public void A_tensor_is_taken_as_it_is()
    {
        using var net = new Small(seed: 1);
        float[] inputs = Noise(3 * Small.InputLength), expected = new float[3 * Small.OutputLength];
        net.Forward(inputs, expected);
        Tensor<float> input = Tensor.Create(inputs, [3, 2, 6, 5]), output = Tensor.CreateFromShape<float>([3, 4]);
        net.Forward(input, output);
        Assert.Equal(expected, Flat(output));
    }

    /// <summary>Pictures whose channels are last in memory, as other libraries have them.</summary>
    [Fact]
    public void A_transposed_view_is_read_in_the_order_of_its_axes()
    {
        using var net = new Small(seed: 1);
        float[] planes = Noise(Small.InputLength), pixels = new float[planes.Length], expected = new float[4], output = new float[4];
        for (int c = 0; c < 2; c++)
        {
            for (int i = 0; i < 30; i++)
            {
                pixels[(i * 2) + c] = planes[(c * 30) + i];
            }
        }

        net.Forward(planes, expected);
        net.Forward(new ReadOnlyTensorSpan<float>(pixels, [2, 6, 5], [1, 10, 2]), new TensorSpan<float>(output, [4]));
        Assert.Equal(expected, output);
    }

    [Fact]
    public void A_slice_is_read_and_written_where_it_is()
    {
        using var net = new Maps(seed: 1);
        float[] large = Noise(2 * 4 * 10 * 9), target = Noise(2 * 5 * 8 * 7), before = [.. target];
        var input = new ReadOnlyTensorSpan<float>(large, [2, 4, 10, 9]).Slice(0..2, 1..3, 2..8, 3..8);
        var output = new TensorSpan<float>(target, [2, 5, 8, 7]).Slice(0..2, 1..4, 1..7, 2..7);
        float[] dense = new float[2 * Maps.InputLength], expected = new float[2 * Maps.OutputLength], found = new float[expected.Length];
        input.FlattenTo(dense);
        net.Forward(dense, expected);

        net.Forward(input, output);
        output.FlattenTo(found);
        Assert.Equal(expected, found);

        // Nothing else was written.
        new ReadOnlyTensorSpan<float>(before, [2, 5, 8, 7]).Slice(0..2, 1..4, 1..7, 2..7).CopyTo(output);
        Assert.Equal(before, target);
    }

    [Fact]
    public void A_broadcast_input_is_the_same_sample_many_times()
    {
        using var net = new Small(seed: 1);
        float[] sample = Noise(Small.InputLength), expected = new float[4], output = new float[5 * 4];
        net.Forward(sample, expected);
        net.Forward(new ReadOnlyTensorSpan<float>(sample, [5, 2, 6, 5], [0, 30, 5, 1]), new TensorSpan<float>(output, [5, 4]));
        Assert.Equal(Enumerable.Repeat(expected, 5).SelectMany(one => one), output);
    }

    [Theory]
    [InlineData(new int[] { 5, 4 }, new int[] { 0, 1 }, 0)]
    [InlineData(new int[] { 5, 4 }, new int[] { 1, 0 }, 1)]
    [InlineData(new int[] { 5, 4 }, new int[] { 3, 1 }, 0)]
    [InlineData(new int[] { 5, 4 }, new int[] { 1, 1 }, 1)]
    public void An_output_whose_elements_share_memory_is_refused(int[] lengths, int[] strides, int axis)
    {
        // TensorSpan itself refuses some of these layouts.
        var e = Assert.Throws<ArgumentException>(() => Layout.CheckElementsAreApart(Native(lengths), Native(strides), "output"));
        Assert.StartsWith($"The output's axis {axis} has {lengths[axis]} elements at a stride of {strides[axis]}", e.Message);
    }

    [Theory]
    [InlineData(new int[] { 5, 4 }, new int[] { 4, 1 })]
    [InlineData(new int[] { 5, 4 }, new int[] { 1, 5 })]
    [InlineData(new int[] { 5, 4 }, new int[] { 9, 2 })]
    [InlineData(new int[] { 1, 4 }, new int[] { 0, 1 })]
    [InlineData(new int[] { 2, 3, 1 }, new int[] { 1, 2, 0 })]
    public void An_output_whose_elements_are_apart_is_taken(int[] lengths, int[] strides) =>
        Layout.CheckElementsAreApart(Native(lengths), Native(strides), "output");

    [Fact]
    public void A_broadcast_output_is_refused_before_the_network_runs()
    {
        using var net = new Small(seed: 1);
        float[] memory = [1, 2, 3, 4];
        var e = Assert.Throws<ArgumentException>("output", () => net.Forward(
            new ReadOnlyTensorSpan<float>(new float[2 * Small.InputLength], [2, 2, 6, 5]),
            new TensorSpan<float>(memory, [2, 4], [0, 1])));
        Assert.StartsWith("The output's axis 0 has 2 elements at a stride of 0, so that some may share memory", e.Message);
        Assert.Equal([1, 2, 3, 4], memory);
    }

    [Theory]
    [InlineData(new int[] { 6, 5 }, new int[] { 4 },
        "The input of Small is (2, 6, 5) for a sample, and (N, 2, 6, 5) for a batch, but the tensor is (6, 5).")]
    [InlineData(new int[] { 2, 5, 6 }, new int[] { 4 },
        "The input of Small is (2, 6, 5) for a sample, and (N, 2, 6, 5) for a batch, but the tensor is (2, 5, 6).")]
    [InlineData(new int[] { 60 }, new int[] { 4 },
        "The input of Small is (2, 6, 5) for a sample, and (N, 2, 6, 5) for a batch, but the tensor is (60).")]
    [InlineData(new int[] { 1, 3, 2, 6, 5 }, new int[] { 4 },
        "The input of Small is (2, 6, 5) for a sample, and (N, 2, 6, 5) for a batch, but the tensor is (1, 3, 2, 6, 5).")]
    [InlineData(new int[] { 3, 2, 6, 5 }, new int[] { 2, 4 },
        "The inputs of Small are 3 samples, for which its output is (3, 4), but the tensor is (2, 4).")]
    [InlineData(new int[] { 3, 2, 6, 5 }, new int[] { 4 },
        "The inputs of Small are 3 samples, for which its output is (3, 4), but the tensor is (4).")]
    [InlineData(new int[] { 2, 6, 5 }, new int[] { 5 },
        "The output of Small is (4) for a sample, and (N, 4) for a batch, but the tensor is (5).")]
    public void A_shape_that_does_not_fit_is_named_with_the_expected_one(int[] input, int[] output, string message)
    {
        using var net = new Small(seed: 1);
        var e = Assert.Throws<ArgumentException>(() => net.Forward(
            new ReadOnlyTensorSpan<float>(new float[input.Aggregate(1, (a, b) => a * b)], Native(input)),
            new TensorSpan<float>(new float[output.Aggregate(1, (a, b) => a * b)], Native(output))));
        Assert.StartsWith(message, e.Message);
    }

    [Fact]
    public void More_samples_than_a_span_holds_are_refused()
    {
        using var net = new Small(seed: 1);
        var e = Assert.Throws<ArgumentException>("input", () => net.Forward(
            new ReadOnlyTensorSpan<float>(new float[60], [40_000_000, 2, 6, 5], [0, 30, 5, 1]), new TensorSpan<float>(new float[4], [4])));
        Assert.StartsWith("The tensor is (40000000, 2, 6, 5), and a call takes at most 35791394 samples of Small.", e.Message);
    }

    [Fact]
    public void Tensors_that_overlap_are_refused()
    {
        using var net = new Maps(seed: 1);
        float[] memory = new float[200];
        Assert.Throws<ArgumentException>("outputs", () => net.Forward(
            new ReadOnlyTensorSpan<float>(memory.AsSpan(0, 60), [2, 6, 5]), new TensorSpan<float>(memory.AsSpan(30, 90), [3, 6, 5])));
    }

    [Fact]
    public void Classes_are_those_of_the_call_on_spans()
    {
        using var net = new Small(seed: 1);
        float[] inputs = Noise(3 * Small.InputLength);
        ClassPrediction[] expected = new ClassPrediction[3], found = new ClassPrediction[3];
        net.Classify((ReadOnlySpan<float>)inputs, expected);
        net.Classify(new ReadOnlyTensorSpan<float>(inputs, [3, 2, 6, 5]), found);
        Assert.Equal(expected, found);
        Assert.Equal(expected[0], net.Classify(new ReadOnlyTensorSpan<float>(inputs.AsSpan(0, 60), [2, 6, 5])));

        var e = Assert.Throws<ArgumentException>(
            "predictions", () => net.Classify(new ReadOnlyTensorSpan<float>(inputs, [3, 2, 6, 5]), found.AsSpan(1)));
        Assert.StartsWith("The input of Small is 3 samples, but there is room for 2 predictions.", e.Message);
    }

    [Fact]
    public void An_activation_has_its_layers_shape()
    {
        using var net = new Small(new NetworkOptions { Seed = 1, Observe = ["conv1"] });
        Assert.Equal([0, 3, 6, 5], net.ActivationTensor("conv1").Lengths);
        net.Forward(Noise(2 * Small.InputLength), new float[8]);
        ReadOnlyTensorSpan<float> activation = net.ActivationTensor("conv1");
        Assert.Equal([2, 3, 6, 5], activation.Lengths);
        Assert.Equal(net.Activation("conv1")[90 + 60 + 10 + 3], activation[1, 2, 2, 3]);
        Assert.Throws<ArgumentException>(() => net.ActivationTensor("conv7"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Each_input_and_output_may_be_a_tensor_of_its_own(int samples)
    {
        using var net = new Two(seed: 1);
        float[] images = Noise(samples * 60), facts = Noise(samples * 3);
        float[] maps = new float[samples * 90], scores = new float[samples * 4];
        net.Forward(images, facts, maps, scores);

        // Slices of larger tensors, and one with its axes in another order.
        Tensor<float> image = Sliced(Tensor.Create(images, [samples, 2, 6, 5])), fact = Tensor.Create(facts, [samples, 3]);
        Tensor<float> map = Sliced(Tensor.CreateFromShape<float>([samples, 3, 6, 5])), score = Tensor.CreateFromShape<float>([samples, 4]);
        net.Forward([image, fact], [map, score]);
        Assert.Equal(maps, Flat(map));
        Assert.Equal(scores, Flat(score));
    }

    [Fact]
    public void Tensors_that_are_too_few_or_do_not_agree_are_refused()
    {
        using var net = new Two(seed: 1);
        Tensor<float> image = Tensor.CreateFromShape<float>([3, 2, 6, 5]), facts = Tensor.CreateFromShape<float>([2, 3]);
        Assert.StartsWith("Two has 2 inputs, but 1 tensor were given.",
            Assert.Throws<ArgumentException>("inputs", () => net.Forward([image], [])).Message);
        Assert.StartsWith("The inputs of Two are 3 samples, for which its input 'facts' is (3, 3), but the tensor is (2, 3).",
            Assert.Throws<ArgumentException>("inputs", () => net.Forward([image, facts], [])).Message);
    }

    internal static float[] Noise(int length)
    {
        var random = new Random(length);
        return [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
    }

    /// <summary>The same elements in the middle of a larger tensor.</summary>
    private static Tensor<float> Sliced(Tensor<float> tensor)
    {
        Tensor<float> large = Tensor.CreateFromShape<float>([.. tensor.Lengths.ToArray().Select(length => length + 2)]);
        Tensor<float> middle = large.Slice([.. tensor.Lengths.ToArray().Select(length => new NRange(1, length + 1))]);
        tensor.CopyTo(middle);
        return middle;
    }

    private static float[] Flat(Tensor<float> tensor)
    {
        float[] values = new float[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }

    private static nint[] Native(IEnumerable<int> values) => [.. values.Select(value => (nint)value)];
}
