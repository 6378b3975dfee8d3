using Strata.Generator.Graph;

namespace Strata.Generator.Lowering;

/// <summary>All decisions about a program but where its buffers lie, which follows from its steps.</summary>
/// <param name="Gradients">Null where backward does not follow.</param>
internal sealed record LoweringPlan(FusionPlan Fusion, AlgorithmPlan Algorithms, GradientFlow? Gradients, LayoutPlan Layouts)
{
    public ProgramKind Kind => Fusion.Kind;

    public static LoweringPlan Of(NetworkGraph graph, FusionPlan fusion, AlgorithmPlan algorithms)
    {
        GradientFlow? gradients = fusion.Kind.Trains ? GradientFlow.Of(graph, fusion, algorithms) : null;
        return new LoweringPlan(fusion, algorithms, gradients, LayoutPlan.Of(graph, fusion, algorithms, gradients));
    }
}
