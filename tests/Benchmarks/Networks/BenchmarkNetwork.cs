using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Benchmarks.Layers;
using Zoo;

namespace Strata.Benchmarks.Networks;

/// <summary>A network that can be measured: those of samples/Zoo, and those of its package.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Describe">What it says about itself.</param>
/// <param name="Create">Makes an instance.</param>
/// <param name="Weights">How instances can keep weights besides as floats.</param>
/// <param name="Write">Writes its assembly into a case's folder; null where this program has the class.</param>
internal sealed record BenchmarkNetwork(
    string Name, Func<NetworkInfo> Describe, Func<NetworkOptions, CompiledNetwork> Create, WeightStorage Weights = WeightStorage.Float32,
    Action<string>? Write = null)
{
    /// <summary>Those whose classes samples/Zoo has.</summary>
    public static IReadOnlyList<BenchmarkNetwork> Declared { get; } =
        Catalog.All.Select(network => new BenchmarkNetwork(network.Name, network.Describe, network.Create, network.WeightStorage)).ToList();

    public static IReadOnlyList<BenchmarkNetwork> All { get; } =
        [.. Declared, .. BlockNetwork.All.Select(block => NetworkAssembly.Of(block.Name, () => ZooSources.Compilation(block.Class)))];

    /// <exception cref="UsageException">There is no such network.</exception>
    public static BenchmarkNetwork Find(string name) => Find(name, All);

    /// <param name="name">As on the command line.</param>
    /// <param name="among">Those that the command can measure.</param>
    /// <exception cref="UsageException">There is no such network.</exception>
    public static BenchmarkNetwork Find(string name, IReadOnlyList<BenchmarkNetwork> among) =>
        among.FirstOrDefault(network => network.Name == name)
        ?? throw new UsageException($"Unknown network '{name}'. There are: {string.Join(", ", among.Select(network => network.Name))}.");
}
