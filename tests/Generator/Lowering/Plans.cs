using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Foundation;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;

using Index = Strata.Compiler.KernelLanguage.Index;

namespace Strata.Generator.Tests.Lowering;

/// <summary>The plans of small networks, and networks that have a bit of everything.</summary>
internal static class Plans
{
    /// <summary>Declarations in which every kernel and every kind of conversion occurs.</summary>
    public static readonly string[] Stacks =
    [
        "[Input(1, 28, 28), Conv2D(6, 5, Padding = 2), ReLU, MaxPool2D(2), Conv2D(16, 5), ReLU, MaxPool2D(2), Flatten, Dense(120), "
        + "ReLU, Dense(10), Softmax, CrossEntropy]",
        """
        [Input(3, 16, 16), Conv2D(16, 3, Padding = 1), BatchNorm, ReLU]
        [Branch, Conv2D(16, 3, Padding = 1, Groups = 16), BatchNorm, ReLU, Conv2D(32, 1, Stride = 2)]
        [Branch, AveragePool2D(2), Conv2D(32, 1)]
        [Add, ReLU, Dropout(0.2), Conv2D(8, 3, Padding = 1, Stride = 2), GELU, GlobalAveragePool2D, Flatten, Dense(40), Dropout(0.5), Dense(3), MeanSquaredError]
        """,
        """
        [Input(2, 6, 6), Conv2D(4, 3, Padding = 1)]
        [Branch, Conv2D(16, 3, Padding = 1), Tanh]
        [Branch, MaxPool2D(3, Stride = 1, Padding = 1)]
        [Branch]
        [Concat, Upsample2D(2), Conv2D(5, 1), Softmax, CrossEntropy]
        """,
        "[Input(2, 5, 6, 7), Conv3D(4, 3, Padding = 1), ReLU, MaxPool3D(2), Conv3D(3, 2), Flatten, Dense(2), Sigmoid, BinaryCrossEntropy]",
        "[Input(5, 20), Conv1D(8, 3, Stride = 2), LayerNorm, Mish, L2Pool1D(2), Conv1D(20, 3, Groups = 4, Padding "
        + "= 1), PReLU, Flatten, Dense(7), Hinge]",
    ];

    public static LoweringPlan Of(NetworkGraph graph, ProgramKind kind, Tier? tier = null)
    {
        FusionPlan fusion = FusionPlan.Create(graph, ProgramKind.OneSample), groups = FusionPlan.Create(graph, kind);
        AlgorithmPlan algorithms = Algorithms(graph, tier ?? Tier.Avx512);
        return LoweringPlan.Create(graph, kind == ProgramKind.OneSample ? fusion : groups,
            kind == ProgramKind.OneSample ? algorithms : algorithms.For(groups));
    }

    public static AlgorithmPlan Algorithms(NetworkGraph graph, Tier tier) => AlgorithmPlan.ForOneSample(
        FusionPlan.Create(graph, ProgramKind.OneSample), FusionPlan.Create(graph, ProgramKind.TrainingInLanes), tier,
        graph.Settings.Winograd, MeasuredTable.Of(tier), CancellationToken.None);

    public static ProgramBuilder Builder(NetworkGraph graph, Tier tier) =>
        new(graph, tier, Strata.Compiler.Lowering.ParameterLayout.Create(graph, tier, Algorithms(graph, tier).WeightBlocks,
            Algorithms(graph, tier).Derived, ElementType.Float), CancellationToken.None);

    public static Node Node(this NetworkGraph graph, string name) => graph.Nodes.Single(node => node.Name == name);

    /// <summary>A step's kernel, which does all of its items.</summary>
    public static Nest NestOf(Step step) =>
        !step.Work.HasRange ? step.Kernel.Build() : new AllItems(step.Work.Items).Visit(step.Kernel.Build());

    public static IEnumerable<Step> StepsOf(TierPrograms programs) => programs.Derive.Concat(programs.Prepare).Concat(programs.Sample.Steps)
        .Concat(programs.Block?.Steps ?? []).Concat(programs.Observed?.Steps ?? [])
        .Concat(programs.Training is { } t
            ? t.Forward.Concat(t.Output).Concat(t.Loss?.Steps ?? []).Concat(t.OutputGradient).Concat(t.Backward) : []);

    private sealed class AllItems(int items) : Rewriter
    {
        public override Nest Visit(Nest nest)
        {
            Nest visited = base.Visit(nest);
            return visited with
            {
                Parameters = visited.Parameters.Where(parameter => parameter.Name is not ("first" or "end"))
                .ToEquatableArray()
            };
        }

        protected override Expression Visit(Expression expression) => expression switch
        {
            IndexVariable { Name: "first" } => (Index)0,
            IndexVariable { Name: "end" } => (Index)items,
            _ => base.Visit(expression),
        };
    }
}
