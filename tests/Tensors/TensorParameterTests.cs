using System;
using System.Linq;
using System.Numerics.Tensors;
using Strata.Training;
using Xunit;

namespace Strata.Tensors.Tests;

/// <summary>Parameters as tensors, and steps of training.</summary>
public sealed class TensorParameterTests
{
    [Fact]
    public void A_parameter_becomes_a_tensor_of_PyTorchs_shape_and_order()
    {
        using var net = new Small(seed: 1);
        Parameter weight = net.FindParameter("conv1.weight")!;
        float[] values = new float[weight.Length];
        weight.CopyTo(values);
        Tensor<float> tensor = weight.ToTensor();
        Assert.Equal([3, 2, 3, 3], tensor.Lengths);
        Assert.Equal(values[18 + 9 + 3 + 2], tensor[1, 1, 1, 2]);
    }

    [Fact]
    public void Slices_are_written_and_read()
    {
        using Small net = new(seed: 1), other = new(seed: 2);
        Parameter from = net.FindParameter("dense1.weight")!, to = other.FindParameter("dense1.weight")!;
        float[] memory = new float[6 * 100];
        TensorSpan<float> part = new TensorSpan<float>(memory, [6, 100]).Slice(1..5, 7..97);
        from.CopyTo(part);
        to.CopyFrom(part);
        Assert.Equal(from.ToTensor().ToArray(), to.ToTensor().ToArray());
        Assert.Equal(0, memory[106]);
        Assert.NotEqual(0, memory[107]);
    }

    [Fact]
    public void Another_shape_is_refused()
    {
        using var net = new Small(seed: 1);
        Parameter bias = net.FindParameter("dense1.bias")!;
        const string Message = "Parameter 'dense1.bias' is (4), but the tensor is (1, 4).";
        Assert.StartsWith(Message, Assert.Throws<ArgumentException>(
            "destination", () => bias.CopyTo(new TensorSpan<float>(new float[4], [1, 4]))).Message);
        Assert.StartsWith(Message, Assert.Throws<ArgumentException>(
            "source", () => bias.CopyFrom(new ReadOnlyTensorSpan<float>(new float[4], [1, 4]))).Message);
    }

    [Fact]
    public void A_step_of_training_has_the_bits_of_the_call_on_spans()
    {
        using Small net = new(seed: 1), other = new(seed: 1);
        using ClassificationTrainer trainer = net.CreateTrainer(4, new Sgd(0.1)), peer = other.CreateTrainer(4, new Sgd(0.1));
        float[] inputs = TensorInferenceTests.Noise(3 * Small.InputLength);
        int[] targets = [2, 0, 3];
        float expected = peer.Step(inputs, targets), found = trainer.Step(new ReadOnlyTensorSpan<float>(inputs, [3, 2, 6, 5]), targets);
        Assert.Equal(expected, found);
        Assert.All(net.Parameters.Zip(other.Parameters), pair =>
            Assert.Equal(pair.First.ToTensor().ToArray(), pair.Second.ToTensor().ToArray()));
        Assert.Throws<ArgumentException>("inputs", () => trainer.Step(new ReadOnlyTensorSpan<float>(inputs, [3, 60]), targets));
    }
}
