using System;
using System.Collections.Generic;
using System.Threading;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Declarations;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;

namespace Strata;

/// <summary>How a network is compiled at run time: what <c>[Network]</c> says of a class.</summary>
public sealed record CompileOptions
{
    /// <summary>
    /// The network's name, in <see cref="NetworkInfo.Name"/> and in messages. By default that of the file or the network from which it is
    /// made, or <c>Network</c>.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// Whether the network can be trained. By default it can, if it has a loss. Without training there is less to compile.
    /// </summary>
    public bool Trains { get; init; } = true;

    /// <summary>Whether a training step can tell the gradient of the loss by the inputs, as <c>InputGradient</c> of a class.</summary>
    public bool InputGradient { get; init; }

    /// <summary>Whether <see cref="NetworkOptions.Observe"/> may name layers, as <c>Observable</c> of a class.</summary>
    public bool Observable { get; init; }

    /// <summary>Whether backward computes cheap layers again instead of keeping their results, as <c>Recompute</c> of a class.</summary>
    public bool Recompute { get; init; }

    /// <summary>
    /// Whether convolutions may use Winograd's algorithm, as <c>Winograd</c> of a class. Its results differ in more than the last digits.
    /// </summary>
    public bool Winograd { get; init; } = true;

    /// <summary>
    /// How the network can keep the weights of dense layers besides as floats, as <c>WeightStorage</c> of a class; as floats only by
    /// default. <see cref="NetworkOptions.WeightStorage"/> chooses. With
    /// <see cref="Strata.WeightStorage.BFloat16"/>, there is more to compile.
    /// </summary>
    public WeightStorage WeightStorage { get; init; }

    /// <summary>
    /// Whether inference multiplies 8-bit integers where a layer reads rounded numbers, as <c>Int8</c> of a class; false by default.
    /// </summary>
    public bool Int8 { get; init; }

    /// <summary>The most layers, with inputs and outputs; 5,000 by default, which no network may exceed.</summary>
    public int MaxLayers { get; init; } = 5_000;

    /// <summary>
    /// The most bytes for the parameters and for one call of a thread; 4 GB by default. Samples of a batch and training need more.
    /// </summary>
    public long MaxMemory { get; init; } = 4L << 30;

    /// <summary>
    /// The most bytes of the code that is made (IL); 256 MB by default. It is counted while it is made, so that no more memory is taken.
    /// </summary>
    public long MaxCodeSize { get; init; } = 256L << 20;

    /// <summary>
    /// The longest time of the compiler, for each size of the input; no limit by default. The JIT's time comes in addition: about as long.
    /// </summary>
    public TimeSpan MaxCompileTime { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// How many other sizes of the input <see cref="CompiledNetwork.At"/> keeps, at least 1; those that were used last. Each has kernels
    /// and memory of its own.
    /// </summary>
    public int MaxSizes { get; init; } = 16;

    /// <summary>
    /// What the extents of other sizes are multiples of, at least 1: 32 for a network that halves its input five times and doubles it
    /// again. <see cref="CompiledNetwork.SmallestSizeFor"/> rounds up to it.
    /// </summary>
    public int SizeMultiple { get; init; } = 1;

    /// <summary>
    /// The only other sizes that <see cref="CompiledNetwork.At"/> takes: <c>[[48, 160], [48, 320]]</c>. Null (the default) allows all
    /// multiples of <see cref="SizeMultiple"/>.
    /// </summary>
    public IReadOnlyList<int[]>? Sizes { get; init; }

    /// <summary>
    /// A folder in which compiled networks are kept, for this process and others: one that was compiled before starts without the compiler.
    /// Null for none. The folder is made if it does not exist. It has up to <see cref="MaxCacheSize"/> bytes; what was not used for the
    /// longest time is removed. Of a network that is loaded from a file, its parameters are kept, too: then the file is not read again,
    /// as long as it has the same bytes.
    /// </summary>
    /// <remarks>
    /// What is in the folder runs as code. So on Unix, nothing is loaded from it that anyone but this user may write; on Windows, choose a
    /// folder of the user, such as one in <see cref="Environment.SpecialFolder.LocalApplicationData"/>. A file that is damaged is
    /// compiled again. If the folder cannot be used, networks are compiled as without it, and <see cref="CacheProblem"/> is told why.
    /// </remarks>
    public string? CacheFolder { get; init; }

    /// <summary>The most bytes of <see cref="CacheFolder"/>; 1 GB by default. Parameters of more than half of it are not kept.</summary>
    public long MaxCacheSize { get; init; } = 1L << 30;

    /// <summary>
    /// Whether to use <see cref="CacheFolder"/> even if others may write it, such as a volume that belongs to a group. They can make this
    /// process run what they like.
    /// </summary>
    public bool TrustCacheFolder { get; init; }

    /// <summary>Is told why <see cref="CacheFolder"/> could not be used: in a sentence for a log.</summary>
    public Action<string>? CacheProblem { get; init; }

    /// <summary>What <c>[Network]</c> of a class would say.</summary>
    internal NetworkSettings Settings => new()
    {
        InputGradient = InputGradient,
        Observable = Observable,
        Recompute = Recompute,
        Winograd = Winograd,
        Int8 = Int8,
        WeightStorage = (Compiler.Graph.WeightStorage)WeightStorage,
    };

    /// <summary>What a class with these attributes and options would declare.</summary>
    internal NetworkDeclaration Declare(
        IEnumerable<AttributeDeclaration> layers, IEnumerable<BlockDeclaration> blocks, OperatorSet operators) =>
        NetworkDeclaration.WithoutClass(Name ?? "Network", Settings, layers.ToEquatableArray(), blocks.ToEquatableArray(), operators);
}
