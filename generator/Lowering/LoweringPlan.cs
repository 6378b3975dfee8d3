using Strata.Generator.Graph;

namespace Strata.Generator.Lowering;

/// <summary>What a program is for. The plans follow from it, and so do all differences between programs.</summary>
/// <param name="SamplesInLanes">
/// Whether a vector holds one element of many samples, so that every operator fills its lanes whatever its extents are. Otherwise one
/// sample is computed at a time, and lanes hold channels or pixels.
/// </param>
/// <param name="Trains">Whether backward follows.</param>
/// <param name="Fuses">Whether layers may be computed together. Not if they are observed.</param>
internal sealed record ProgramKind(bool SamplesInLanes, bool Trains, bool Fuses = true)
{
    public static readonly ProgramKind OneSample = new(SamplesInLanes: false, Trains: false);

    /// <summary>One sample, whose layers' activations are copied out.</summary>
    public static readonly ProgramKind Observed = OneSample with { Fuses = false };

    /// <summary>As many samples as a vector has lanes.</summary>
    public static readonly ProgramKind Block = new(SamplesInLanes: true, Trains: false);

    public static readonly ProgramKind TrainingBlock = Block with { Trains = true };

    /// <summary>
    /// A block of samples in training, with samples apart in blocks of channels. Only operators that cannot fill lanes with channels get
    /// the samples in lanes. A small batch leaves no lanes empty, and a pixel takes less memory than with a vector of samples for each of
    /// its channels.
    /// </summary>
    public static readonly ProgramKind TrainingSamples = OneSample with { Trains = true };

    /// <summary>Whether tensors may have either layout.</summary>
    public bool Mixes => Trains && !SamplesInLanes;
}

/// <summary>All decisions about a program except the addresses of its buffers, which follow from its steps.</summary>
/// <param name="Gradients">Null if backward does not follow.</param>
internal sealed record LoweringPlan(FusionPlan Fusion, AlgorithmPlan Algorithms, GradientFlow? Gradients, LayoutPlan Layouts)
{
    public ProgramKind Kind => Fusion.Kind;

    public static LoweringPlan Of(NetworkGraph graph, FusionPlan fusion, AlgorithmPlan algorithms)
    {
        GradientFlow? gradients = fusion.Kind.Trains ? new GradientFlow(graph, fusion, algorithms) : null;
        return new LoweringPlan(fusion, algorithms, gradients, new LayoutPlan(graph, fusion, algorithms, gradients));
    }
}
