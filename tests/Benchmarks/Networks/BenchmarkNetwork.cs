using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Training;

namespace Strata.Benchmarks.Networks;

/// <summary>A network that can be measured. To add one: its class, and an entry in <see cref="All"/>.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Create">Makes an instance.</param>
/// <param name="CreateTrainer">Makes a trainer of an instance.</param>
/// <param name="Layers">The layers for the peers.</param>
internal sealed record BenchmarkNetwork(
    string Name,
    Func<NetworkOptions, CompiledNetwork> Create,
    Func<CompiledNetwork, int, Optimizer, ClassificationTrainer> CreateTrainer,
    IReadOnlyList<LayerDescription> Layers)
{
    public static IReadOnlyList<BenchmarkNetwork> All { get; } =
    [
        Entry(
            "lenet5",
            options => new LeNet5(options),
            (network, batch, optimizer) => network.CreateTrainer(batch, optimizer),
            new ConvolutionLayer(6, 5, Padding: 2), new ReLULayer(), new MaxPoolLayer(2),
            new ConvolutionLayer(16, 5), new ReLULayer(), new MaxPoolLayer(2),
            new FlattenLayer(),
            new DenseLayer(120), new ReLULayer(),
            new DenseLayer(84), new ReLULayer(),
            new DenseLayer(10), new SoftmaxLayer()),
        Entry(
            "net",
            options => new Net(options),
            (network, batch, optimizer) => network.CreateTrainer(batch, optimizer),
            new ConvolutionLayer(6, 5), new ReLULayer(), new MaxPoolLayer(2),
            new ConvolutionLayer(16, 5), new ReLULayer(), new MaxPoolLayer(2),
            new FlattenLayer(),
            new DenseLayer(128), new ReLULayer(),
            new DenseLayer(84), new ReLULayer(),
            new DenseLayer(10)),
    ];

    /// <exception cref="UsageException">There is no such network.</exception>
    public static BenchmarkNetwork Find(string name) =>
        All.FirstOrDefault(network => network.Name == name)
        ?? throw new UsageException($"Unknown network '{name}'. There are: {string.Join(", ", All.Select(network => network.Name))}.");

    private static BenchmarkNetwork Entry<T>(
        string name,
        Func<NetworkOptions, T> create,
        Func<T, int, Optimizer, ClassificationTrainer> createTrainer,
        params LayerDescription[] layers)
        where T : CompiledNetwork =>
        new(name, create, (network, batch, optimizer) => createTrainer((T)network, batch, optimizer), layers);
}
