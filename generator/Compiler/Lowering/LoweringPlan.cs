using Strata.Compiler.Graph;

namespace Strata.Compiler.Lowering;

/// <summary>What a program is for. The plans follow from it, and with them all differences between programs.</summary>
/// <param name="SamplesInLanes">
/// Whether a vector holds the same element of several samples. All operators then fill their lanes, whatever their extents. Otherwise one
/// sample is computed at a time, and lanes hold channels or pixels.
/// </param>
/// <param name="Trains">Whether backward follows.</param>
/// <param name="Fuses">Whether layers may be computed together. They may not if users observe layers.</param>
internal sealed record ProgramKind(bool SamplesInLanes, bool Trains, bool Fuses = true)
{
    public static readonly ProgramKind OneSample = new(SamplesInLanes: false, Trains: false);

    /// <summary>One sample, with the activations of all layers copied out.</summary>
    public static readonly ProgramKind Observed = OneSample with { Fuses = false };

    /// <summary>A full block: as many samples as a vector has lanes.</summary>
    public static readonly ProgramKind Block = new(SamplesInLanes: true, Trains: false);

    /// <summary>A block of samples in training, with the samples in lanes.</summary>
    public static readonly ProgramKind TrainingInLanes = Block with { Trains = true };

    /// <summary>
    /// A block of samples in training, with samples apart in blocks of channels. Only operators that cannot fill lanes with channels get
    /// the samples in lanes. A small batch then leaves no lanes empty. A channel of a pixel also takes one float instead of a vector of
    /// samples.
    /// </summary>
    public static readonly ProgramKind TrainingApart = OneSample with { Trains = true };

    /// <summary>Whether one program has tensors of both kinds: some in blocks of channels, others with samples in lanes.</summary>
    public bool Mixes => Trains && !SamplesInLanes;
}

/// <summary>All decisions about a program except the addresses of its buffers. The addresses follow from the steps.</summary>
/// <param name="Gradients">Null if the program has no backward.</param>
internal sealed record LoweringPlan(FusionPlan Fusion, AlgorithmPlan Algorithms, GradientFlow? Gradients, LayoutPlan Layouts)
{
    public ProgramKind Kind => Fusion.Kind;

    public static LoweringPlan Create(NetworkGraph graph, FusionPlan fusion, AlgorithmPlan algorithms)
    {
        GradientFlow? gradients = fusion.Kind.Trains ? new GradientFlow(graph, fusion, algorithms) : null;
        return new LoweringPlan(fusion, algorithms, gradients, new LayoutPlan(graph, fusion, algorithms, gradients));
    }
}
