using Strata.Generator.Graph;

namespace Strata.Generator.Lowering;

/// <summary>What a program is for. All that programs differ in follows from it, by way of their plans.</summary>
/// <param name="SamplesInLanes">
/// Whether a vector holds an element of many samples: every operator then runs at full lanes whatever its extents are. Else one sample is
/// computed by itself, and lanes hold channels or pixels.
/// </param>
/// <param name="Trains">Whether backward follows.</param>
/// <param name="Fuses">Whether layers may be computed in one step; not where somebody wants to see each of them.</param>
internal sealed record ProgramKind(bool SamplesInLanes, bool Trains, bool Fuses = true)
{
    public static readonly ProgramKind OneSample = new(SamplesInLanes: false, Trains: false);

    /// <summary>One sample, whose layers' activations are copied out.</summary>
    public static readonly ProgramKind Observed = OneSample with { Fuses = false };

    /// <summary>As many samples as a vector has lanes.</summary>
    public static readonly ProgramKind Block = new(SamplesInLanes: true, Trains: false);

    public static readonly ProgramKind TrainingBlock = Block with { Trains = true };
}

/// <summary>All decisions about a program but where its buffers lie, which follows from its steps.</summary>
/// <param name="Gradients">Null where backward does not follow.</param>
internal sealed record LoweringPlan(FusionPlan Fusion, AlgorithmPlan Algorithms, GradientFlow? Gradients, LayoutPlan Layouts)
{
    public ProgramKind Kind => Fusion.Kind;

    public static LoweringPlan Of(NetworkGraph graph, FusionPlan fusion, AlgorithmPlan algorithms)
    {
        GradientFlow? gradients = fusion.Kind.Trains ? new GradientFlow(graph, fusion, algorithms) : null;
        return new LoweringPlan(fusion, algorithms, gradients, new LayoutPlan(graph, fusion, algorithms, gradients));
    }
}
