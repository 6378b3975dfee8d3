using System;

namespace Strata;

/// <summary>
/// Limits what a network costs. The build stops at the layer with which a sum exceeds its limit, and the message names the three largest
/// layers.
/// </summary>
/// <remarks>
/// <para>
/// The sums run over the layers in their order, from the input on. They are those of one sample at the size of <c>[Input]</c>, and at each
/// size of <see cref="SizesAttribute"/>. The table in the remarks of the generated class shows what each layer adds, and
/// <see cref="CompiledNetwork.Summary"/> shows the sums. A limit that is left out is none.
/// </para>
/// <code>
/// [Network, Budget(Parameters = 5_000_000, MultiplyAdds = 600_000_000)]
/// </code>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class BudgetAttribute : StructureAttribute
{
    /// <summary>
    /// The most parameters, at least 1, frozen ones included. Running statistics of batch norm are none. What layers share counts once.
    /// </summary>
    public long Parameters { get; set; }

    /// <summary>
    /// The most multiply-adds of one sample in a forward pass, at least 1: those of convolutions, products and attention. Layers that only
    /// training computes count, too.
    /// </summary>
    public long MultiplyAdds { get; set; }

    /// <summary>
    /// The most bytes of one sample's input and of all layers' outputs in floats, at least 1. Training keeps most of them until its
    /// backward pass. Inference needs less: tensors share memory when they are not needed any more.
    /// </summary>
    public long ActivationBytes { get; set; }

    /// <summary>
    /// The most milliseconds of one sample in inference on one thread, more than 0. They are what the compiler's cost model expects of
    /// <see cref="Family"/> at <see cref="Gigahertz"/> with its widest vectors; nothing is measured. Weights that come from memory, and
    /// what other programs do, take longer. The time is that at the size of <c>[Input]</c>.
    /// </summary>
    public double Milliseconds { get; set; }

    /// <summary>
    /// The family of CPUs that <see cref="Milliseconds"/> is about: <c>Zen 5</c> (the default), <c>Zen 4</c>, <c>Sapphire Rapids</c>,
    /// <c>Skylake server</c>, <c>Zen 3</c>, <c>Skylake</c>, <c>Gracemont</c>, <c>Neoverse N1</c> or <c>Sandy Bridge</c>.
    /// </summary>
    public string Family { get; set; } = "Zen 5";

    /// <summary>The clock of that CPU in GHz, more than 0: 3 by default.</summary>
    public double Gigahertz { get; set; } = 3;
}
