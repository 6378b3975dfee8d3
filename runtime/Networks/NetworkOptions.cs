using System.Collections.Generic;
using System.IO;

namespace Strata;

/// <summary>Options of one instance of a network.</summary>
public sealed record NetworkOptions
{
    /// <summary>
    /// The instruction-set tier; null (the default) takes what <c>STRATA_ISA</c> names, otherwise the widest that the network was compiled
    /// for (<see cref="NetworkInfo.Tiers"/>) and that runs here.
    /// </summary>
    public Isa? Isa { get; init; }

    /// <summary>The largest number of <see cref="Threads"/>.</summary>
    public const int MaxThreads = 1024;

    /// <summary>
    /// Most threads that one call uses, the caller's own included, up to <see cref="MaxThreads"/>; 0 (the default) takes one per
    /// processor. Where the process cannot have so many, calls do with fewer; the results are the same. The library's own threads serve all
    /// networks of the process; on Linux they are kept off the processor of the thread that calls them, whose own
    /// processors stay as they are.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>Seed of the initial parameters and of dropout. The same seed gives the same parameters on every machine and tier.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// A safetensors file from which the parameters come, as by <see cref="CompiledNetwork.Load(string)"/>; null (the default) draws fresh
    /// ones. Drawing takes longer than loading where a network has millions of them.
    /// </summary>
    public string? Weights { get; init; }

    /// <summary>
    /// As <see cref="Weights"/>, but from a stream (a resource, a download), which is read to its end while the network is made, and stays
    /// open; null (the default) for none.
    /// </summary>
    public Stream? WeightsStream { get; init; }

    /// <summary>
    /// How the weights of dense layers are kept; 32-bit floats by default. With <see cref="Strata.WeightStorage.BFloat16"/> they take half
    /// the memory, and layers that take as long as reading their weights take about half the time, as those of VGG-16 do for one sample.
    /// Such an instance serves inference alone. Weights are rounded when they are loaded, copied or drawn, and widened when they are saved
    /// or copied out; all other parameters and all sums are 32-bit floats. The network is declared with <c>[Network(BFloat16 = true)]</c>.
    /// </summary>
    public WeightStorage WeightStorage { get; init; }

    /// <summary>
    /// Keys of the layers whose activations stay readable after each <see cref="CompiledNetwork.Forward"/>
    /// (<see cref="CompiledNetwork.Activation"/>): <c>["conv1", "layer3.0.relu1"]</c>. Empty by default. Such an instance computes every
    /// layer by itself, one sample after the other, and lets one call in at a time. The network is declared with
    /// <c>[Network(Observable = true)]</c>.
    /// </summary>
    public IReadOnlyList<string> Observe { get; init; } = [];
}
