using System;
using System.Numerics.Tensors;
using Strata.Training;
using Xunit;

namespace Strata.Tensors.Tests;

/// <summary>Alone, since all threads' allocations are counted.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Dense_tensors_allocate_nothing(int samples)
    {
        using var net = new Small(seed: 1);
        float[] inputs = new float[samples * Small.InputLength], outputs = new float[samples * Small.OutputLength];
        var predictions = new ClassPrediction[samples];
        AssertNoAllocation(() =>
        {
            var input = new ReadOnlyTensorSpan<float>(inputs, [samples, 2, 6, 5]);
            net.Forward(input, new TensorSpan<float>(outputs, [samples, 4]));
            net.Classify(input, predictions);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Strided_tensors_allocate_nothing(int samples)
    {
        using var net = new Maps(seed: 1);
        float[] inputs = new float[samples * Maps.InputLength], outputs = new float[2 * samples * Maps.OutputLength];

        // .NET wants a stride of 0 where there is one element.
        int one = samples == 1 ? 0 : 1;
        AssertNoAllocation(() => net.Forward(
            new ReadOnlyTensorSpan<float>(inputs, [samples, 2, 6, 5], [one * 60, 1, 10, 2]),
            new TensorSpan<float>(outputs, [samples, 3, 6, 5], [one * 180, 60, 10, 2])));
    }

    [Fact]
    public void Several_inputs_and_outputs_allocate_nothing()
    {
        using var net = new Two(seed: 1);
        Tensor<float>[] inputs = [Tensor.CreateFromShape<float>([3, 2, 6, 5]), Tensor.CreateFromShape<float>([3, 3])],
            outputs = [Tensor.CreateFromShape<float>([3, 3, 6, 5]), Tensor.CreateFromShape<float>([3, 4])];
        AssertNoAllocation(() => net.Forward(inputs, outputs));
    }

    [Fact]
    public void Parameters_and_steps_allocate_nothing()
    {
        using var net = new Small(seed: 1);
        using ClassificationTrainer trainer = net.CreateTrainer(4, new Sgd(0.1));
        Parameter weight = net.FindParameter("dense1.weight")!;
        float[] memory = new float[weight.Length], inputs = new float[2 * Small.InputLength];
        int[] targets = [1, 2];
        AssertNoAllocation(() =>
        {
            var tensor = new TensorSpan<float>(memory, [4, 90], [1, 4]);
            weight.CopyTo(tensor);
            weight.CopyFrom(tensor);
            trainer.Step(new ReadOnlyTensorSpan<float>(inputs, [2, 2, 6, 5]), targets);
        });
    }

    // The runtime itself may allocate now and then (tiering, the test host's own threads): one quiet round proves the point.
    private static void AssertNoAllocation(Action action)
    {
        long allocated = long.MaxValue;
        for (int attempt = 0; attempt < 20 && allocated != 0; attempt++)
        {
            for (int i = 0; i < 50; i++)
            {
                action();
            }

            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < 200; i++)
            {
                action();
            }

            allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        Assert.Equal(0, allocated);
    }
}
