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
    /// The most threads that one call uses, including the caller's: 1 to <see cref="MaxThreads"/>, or 0 (the default) for one per
    /// processor. Calls use fewer where the process can have no more; the results are the same. All networks of the process share the
    /// library's threads. On Linux these stay off the processor of the thread that calls them; the caller's own affinity is not changed.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>Seed of the initial parameters and of dropout. The same seed gives the same parameters on every machine and tier.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// A safetensors file from which the parameters are loaded, as by <see cref="CompiledNetwork.Load(string)"/>. Null (the default) draws
    /// initial ones, which takes longer than loading if there are millions.
    /// </summary>
    public string? Weights { get; init; }

    /// <summary>
    /// As <see cref="Weights"/>, but a stream, such as a resource or a download. The constructor reads it to its end and leaves it open.
    /// Default null.
    /// </summary>
    public Stream? WeightsStream { get; init; }

    /// <summary>
    /// How the weights of dense layers are kept; 32-bit floats by default. With <see cref="Strata.WeightStorage.BFloat16"/> they take half
    /// the memory. Layers that spend their time reading weights take about half the time, such as VGG-16's dense layers for one sample.
    /// Weights are rounded when they are loaded, copied or drawn, and become floats again when they are saved or copied out. All other
    /// parameters and all sums are 32-bit floats. Such an instance cannot be trained. The network must be declared with
    /// <c>[Network(WeightStorage = WeightStorage.BFloat16)]</c>, or compiled at run time with the same of <c>CompileOptions</c>.
    /// </summary>
    public WeightStorage WeightStorage { get; init; }

    /// <summary>
    /// Keys of the layers whose activations stay readable after each <see cref="CompiledNetwork.Forward"/>
    /// (<see cref="CompiledNetwork.Activation"/>): <c>["conv1", "layer3.0.relu1"]</c>. Empty by default. An instance that observes layers
    /// is slower: it computes every layer by itself, one sample after the other, and one call at a time. The network must be declared with
    /// <c>[Network(Observable = true)]</c>.
    /// </summary>
    public IReadOnlyList<string> Observe { get; init; } = [];
}
