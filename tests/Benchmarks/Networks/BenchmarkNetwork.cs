using System;
using System.Collections.Generic;
using System.Linq;
using Zoo;

namespace Strata.Benchmarks.Networks;

/// <summary>A network that can be measured: those of samples/Zoo.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Describe">What it says about itself.</param>
/// <param name="Create">Makes an instance.</param>
/// <param name="Weights">How instances can keep weights besides as floats.</param>
internal sealed record BenchmarkNetwork(
    string Name, Func<NetworkInfo> Describe, Func<NetworkOptions, CompiledNetwork> Create, WeightStorage Weights = WeightStorage.Float32)
{
    public static IReadOnlyList<BenchmarkNetwork> All { get; } =
        Catalog.All.Select(network => new BenchmarkNetwork(network.Name, network.Describe, network.Create, network.WeightStorage)).ToList();

    /// <exception cref="UsageException">There is no such network.</exception>
    public static BenchmarkNetwork Find(string name) =>
        All.FirstOrDefault(network => network.Name == name)
        ?? throw new UsageException($"Unknown network '{name}'. There are: {string.Join(", ", All.Select(network => network.Name))}.");
}
