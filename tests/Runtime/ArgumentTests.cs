using System;
using System.IO;
using System.Linq;
using Strata.CompilerServices;
using Strata.Data;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>Invalid arguments of public methods.</summary>
public class ArgumentTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(1025)]
    [InlineData(1_000_000_000)]
    public void No_more_threads_than_a_machine_may_have(int threads) => Assert.Throws<ArgumentOutOfRangeException>(
        "options.Threads", () => new LinearNetwork(new NetworkOptions { Threads = threads }));

    [Fact]
    public void The_most_threads_are_allowed_and_change_nothing()
    {
        float[] inputs = LinearNetwork.Noise(100 * LinearNetwork.Inputs, 1);
        float[][] outputs = [new float[100 * LinearNetwork.Outputs], new float[100 * LinearNetwork.Outputs]];
        for (int i = 0; i < outputs.Length; i++)
        {
            using var network = new LinearNetwork(new NetworkOptions { Threads = i == 0 ? 1 : NetworkOptions.MaxThreads });
            network.Forward(inputs, outputs[i]);
        }

        Assert.Equal(outputs[0], outputs[1]);
    }

    [Fact]
    public void A_batch_that_no_span_holds_is_refused()
    {
        using var network = new LinearNetwork();
        var e = Assert.Throws<ArgumentOutOfRangeException>("batchSize", () => new RegressionTrainer(network, int.MaxValue, new Sgd(0.1)));
        Assert.Contains("at most 306783378 samples, since each has 7 numbers", e.Message);
        Assert.Throws<ArgumentOutOfRangeException>("batchSize", () => new RegressionTrainer(network, 306_783_379, new Sgd(0.1)));
    }

    [Fact]
    public void Memory_that_cannot_be_had_is_told_in_bytes()
    {
        var e = Assert.Throws<InsufficientMemoryException>(() => new AlignedMemory(1L << 58));
        Assert.Equal("1,152,921,504,606,846,976 bytes of memory cannot be had.", e.Message);
    }

    [Fact]
    public void Layers_to_observe_are_names()
    {
        Assert.Throws<ArgumentNullException>("options.Observe", () => new LinearNetwork(new NetworkOptions { Observe = null! }));
        foreach (string?[] layers in (string?[][])[[null], ["dense1", null]])
        {
            var e = Assert.Throws<ArgumentException>(() => new LinearNetwork(new NetworkOptions { Observe = layers! }));
            Assert.Contains("A name in NetworkOptions.Observe is null.", e.Message);
        }

        Assert.Throws<ArgumentException>(() => new LinearNetwork(new NetworkOptions { Observe = [""] }));
    }

    [Fact]
    public void More_observations_than_an_array_holds_are_refused_before_anything_is_computed()
    {
        int computed = 0;
        using var network = new HeldNetwork(new NetworkOptions { Observe = ["wide1"] }, () => computed++, wide: 1 << 20);
        network.Forward(new float[2], new float[4]);
        Assert.Equal(2 << 20, network.Activation("wide1").Length);
        computed = 0;
        var e = Assert.Throws<ArgumentException>("inputs", () => network.Forward(new float[2048], new float[4096]));
        Assert.Contains("'wide1' of Held is observed: 2048 samples of 1048576 floats are more than an array holds.", e.Message);
        Assert.Contains("at most 2047 samples", e.Message);
        Assert.Equal(0, computed);
    }

    [Fact]
    public void A_call_that_fails_leaves_no_activations_behind()
    {
        bool fails = false;
        using var network = new HeldNetwork(
            new NetworkOptions { Observe = ["dense1"] }, () => _ = fails ? throw new ArithmeticException("as asked") : 0);
        network.Forward(new float[3], new float[6]);
        Assert.Equal(6, network.Activation("dense1").Length);
        fails = true;
        Assert.Throws<ArithmeticException>(() => network.Forward(new float[2], new float[4]));
        Assert.Equal(0, network.Activation("dense1").Length);
    }

    [Fact]
    public void Several_inputs_that_no_array_holds_together_are_refused()
    {
        var e = Assert.Throws<ArgumentException>("samples", () => TensorBatch.Rent(70_000, 40_000));
        Assert.Contains("take at most 53687", e.Message);
    }

    [Fact]
    public void Empty_memory_is_no_weights_file()
    {
        using var network = new LinearNetwork();
        float[] before = network.Values(0);
        string[] messages = [.. ((Action[])
        [
            () => network.Load(ReadOnlyMemory<byte>.Empty),
            () => network.Load(Array.Empty<byte>(), new WeightsLoadOptions { Strict = false }),
            () => network.Load(new MemoryStream()),
        ]).Select(load => Assert.Throws<WeightsFormatException>(load).Message)];
        Assert.Equal("memory: the file is empty.", messages[0]);
        Assert.Equal(messages[0], messages[1]);
        Assert.Equal(messages[0], messages[2].Replace("stream:", "memory:", StringComparison.Ordinal));
        Assert.Equal(before, network.Values(0));
    }

    [Fact]
    public void The_gradients_of_inputs_and_outputs_do_not_overlap()
    {
        using var network = new LinearNetwork(inputGradient: true);
        using var trainer = new RegressionTrainer(network, 1, new Sgd(0.1));
        trainer.Forward(new float[7], new float[5]);
        float[] memory = new float[12];
        Assert.Throws<ArgumentException>("inputGradient", () => trainer.Backward(memory.AsSpan(0, 5), memory.AsSpan(4, 7)));
        Assert.Throws<ArgumentException>("inputGradient", () => trainer.Backward(memory.AsSpan(6, 5), memory.AsSpan(0, 7)));

        // Nothing was used up.
        trainer.Backward(memory.AsSpan(0, 5), memory.AsSpan(5, 7));
    }

    [Fact]
    public void A_number_of_targets_that_is_wrong_is_told_as_one_would_say_it()
    {
        using var network = new MovingNetwork();
        using var trainer = new RegressionTrainer(network, 2, new Sgd(0.1));
        Assert.StartsWith("1 sample needs 1 target; there are 2.",
            Assert.Throws<ArgumentException>(() => trainer.Step([1], [1, 2])).Message);
        Assert.StartsWith("2 samples need 2 targets; there are 1.",
            Assert.Throws<ArgumentException>(() => trainer.Step([1, 2], [1])).Message);

        // Perhaps the targets are right, and the samples have another shape.
        Assert.StartsWith(
            "6 samples need 6 targets; there are 2. A sample of Moving has 1 float (1). If there are 2 samples here, each has 3: another "
            + "shape, such as three channels for one.",
            Assert.Throws<ArgumentException>(() => trainer.Fit(new float[6], new float[2], new FitOptions())).Message);
    }

    [Fact]
    public void An_exception_names_the_argument_of_the_method_that_was_called()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 4, new Sgd(0.1));
        float[] inputs = LinearNetwork.Noise(4 * LinearNetwork.Inputs, 1), targets = LinearNetwork.Noise(4 * LinearNetwork.Outputs, 2);
        var options = new FitOptions();
        foreach (SampleBatch wrong in (SampleBatch[])
            [default, new(inputs.AsMemory(1), targets), new(inputs, targets.AsMemory(1)), new(inputs, new float[targets.Length - 1])])
        {
            Assert.ThrowsAny<ArgumentException>(() => trainer.FitAsync(wrong, options));
            Assert.Equal("data", Assert.ThrowsAny<ArgumentException>(() => trainer.FitAsync(wrong, options)).ParamName);
        }

        Assert.Throws<ArgumentException>("inputs", () => trainer.Fit(default, targets, options));
        Assert.Throws<ArgumentException>("inputs", () => trainer.Fit(inputs.AsMemory(1), targets, options));
        Assert.Throws<ArgumentException>("targets", () => trainer.Fit(inputs, targets.AsMemory(1), options));
        Assert.Throws<ArgumentException>("inputs", () => trainer.Evaluate(inputs.AsMemory(1), targets));
        Assert.Throws<ArgumentException>("targets", () => trainer.Evaluate(inputs, targets.AsMemory(1)));
        Assert.Throws<ArgumentException>("inputs", () => trainer.Step(inputs.AsSpan(1), targets));
        Assert.Throws<ArgumentException>("targets", () => trainer.Step(inputs, targets.AsSpan(1)));

        // What is wrong with an option is called by the option, whatever it is about.
        var noise = new FitOptions { Augmentation = new Augmentation(new GaussianNoise(0.1)) { Range = (0, 1) } };
        float[] tall = [.. inputs.Select(x => x + 10)];
        Assert.Throws<ArgumentException>("inputs", () => trainer.Fit(tall, targets, noise));
        Assert.Throws<ArgumentException>("data", () => trainer.FitAsync(new SampleBatch(tall, targets), noise));
        Assert.Throws<ArgumentException>("data", () => trainer.Fit([new SampleBatch(tall, targets)], noise));
        var flip = new FitOptions { Augmentation = new Augmentation(new RandomHorizontalFlip()) };
        Assert.Throws<ArgumentException>("options.Augmentation", () => trainer.Fit(inputs, targets, flip));
        Assert.Throws<ArgumentException>("options.Augmentation", () => trainer.FitAsync(new SampleBatch(inputs, targets), flip));
    }

    [Fact]
    public void The_summary_needs_no_memory()
    {
        var network = new LinearNetwork();
        string before = network.Summary();
        network.Dispose();
        Assert.Equal(before, network.Summary());
    }
}
