using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Training;

namespace Strata.Distributed.Tests;

/// <summary>Data that tell the shape of their samples are compared with the network's input before anything is read.</summary>
public sealed class SampleShapeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(new[] { 3, 28, 28 }, "(3, 28, 28), but the input of LeNet5 has (1, 28, 28); Grayscale = true")]
    [InlineData(new[] { 1, 14, 56 }, "(1, 14, 56), but the input of LeNet5 has (1, 28, 28).")]
    [InlineData(new[] { 784 }, "(784), but the input of LeNet5 has (1, 28, 28).")]
    public void Samples_of_another_shape_are_refused_with_both_shapes(int[] shape, string shapes)
    {
        string message = "A sample of the data has the shape " + shapes;
        using var net = new LeNet5(1);
        using ClassificationTrainer trainer = net.CreateTrainer(2, new Sgd(0.1));
        string refusal = Assert.Throws<ArgumentException>(
            "data", () => trainer.Fit(new Shaped(shape), new FitOptions(), cancellationToken: Token)).Message;
        Assert.StartsWith(message, refusal, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("data", () => trainer.FitAsync(new Shaped(shape), new FitOptions(), Token));
    }

    [Fact]
    public void Samples_of_the_shape_or_for_an_input_without_axes_train()
    {
        using var net = new LeNet5(1);
        using ClassificationTrainer trainer = net.CreateTrainer(2, new Sgd(0.1));
        Assert.Single(trainer.Fit(new Shaped([1, 28, 28]), new FitOptions(), cancellationToken: Token).Epochs);
        using var flat = new Flat(1);
        using ClassificationTrainer other = flat.CreateTrainer(2, new Sgd(0.1));
        Assert.Single(other.Fit(new Shaped([1, 2, 3]), new FitOptions(), cancellationToken: Token).Epochs);
    }

    /// <summary>Two samples of class 0 and 1.</summary>
    private sealed class Shaped(int[] shape) : ISkippableSamples
    {
        public int Count => 2;

        public IReadOnlyList<int> SampleShape => shape;

        public IAsyncEnumerator<SampleBatch> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            GetAsyncEnumerator(_ => true, cancellationToken);

        public IAsyncEnumerator<SampleBatch> GetAsyncEnumerator(Func<int, bool> isWanted, CancellationToken cancellationToken) =>
            new[] { new SampleBatch(Data.Inputs(2, shape.Aggregate(1, (a, b) => a * b)), new[] { 0, 1 }) }
                .ToAsyncEnumerable().GetAsyncEnumerator(cancellationToken);
    }
}
