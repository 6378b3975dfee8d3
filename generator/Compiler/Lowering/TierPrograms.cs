using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering.Algorithms;

namespace Strata.Compiler.Lowering;

/// <summary>The weight gradient of a dense layer. It reads the slots of all blocks.</summary>
/// <param name="RowsPerSlice">How many rows of a panel a worker takes at a time. A row belongs to one input.</param>
internal sealed record DenseGradientStep(
    string Name, string Comment, DenseWeightGradient Kernel, DensePacking Packing, int RowsPerSlice, TensorBuffer Input,
    TensorBuffer Gradient,
    int WeightOffset)
{
    /// <summary>The layers that it belongs to.</summary>
    public string Layer { get; init; } = "";

    /// <inheritdoc cref="Step.Floats"/>
    public StepFloats Floats => new(0, Input.Length + Gradient.Length, Packing.Length);
}

/// <summary>The loss of one block. The last step of both lists computes the loss itself, and its method returns it.</summary>
/// <param name="TakesClasses">Whether some loss reads class indices.</param>
/// <param name="TakesValues">Whether some loss reads values.</param>
/// <param name="Steps">The steps after a forward pass in training.</param>
/// <param name="FromOutputs">The steps that evaluation does with outputs of inference.</param>
/// <param name="Gradients">The tensors that hold the gradients when the steps are done: one for each tensor with losses.</param>
internal sealed record LossProgram(
    bool TakesClasses, bool TakesValues, EquatableArray<Step> Steps, EquatableArray<Step> FromOutputs,
    EquatableArray<TensorBuffer> Gradients);

/// <summary>A layer's output after forward. Training searches these for the first number that is not finite.</summary>
/// <param name="Layer">The first of the group's layers.</param>
/// <param name="Label">All of the group's layers: <c>conv1 + relu1</c>.</param>
/// <param name="IsLeft">Whether it is still in memory after forward.</param>
internal sealed record LayerTensor(string Layer, string Label, TensorBuffer Buffer, bool IsLeft);

/// <summary>The training pass of one block.</summary>
/// <param name="Slot">The memory that outlives the block's pass. It is before the block's sums of gradients.</param>
/// <param name="HasInputGradient">Whether backward ends with the gradient of the network's inputs.</param>
internal sealed record TrainingProgram(
    Tier Tier,
    EquatableArray<Step> Forward,
    EquatableArray<Step> Output,
    LossProgram? Loss,
    EquatableArray<Step> OutputGradient,
    EquatableArray<Step> Backward,
    EquatableArray<DenseGradientStep> DenseGradients,
    EquatableArray<LayerTensor> Tensors,
    MemoryPlan Arena,
    MemoryPlan Slot,
    MemoryPlan Shared,
    MemoryPlan Sample,
    MemoryPlan Scratch,
    bool HasInputGradient)
{
    /// <summary>All steps.</summary>
    public IEnumerable<Step> Steps =>
        [.. Forward, .. Output, .. Loss?.Steps ?? [], .. Loss?.FromOutputs ?? [], .. OutputGradient, .. Backward];

    /// <summary>The same program with other kernels in its steps.</summary>
    public TrainingProgram Map(Func<Step, Step> map)
    {
        EquatableArray<Step> Of(EquatableArray<Step> steps) => steps.Select(map).ToEquatableArray();
        return this with
        {
            Forward = Of(Forward),
            Output = Of(Output),
            Loss = Loss is null ? null : Loss with { Steps = Of(Loss.Steps), FromOutputs = Of(Loss.FromOutputs) },
            OutputGradient = Of(OutputGradient),
            Backward = Of(Backward),
        };
    }

    /// <summary>The expected cycles of a whole block.</summary>
    public Cost Cycles { get; } =
        Cost.Sum(Forward.Concat(Backward).Select(step => step.IsOfSample ? step.Cycles * Tier.Lanes : step.Cycles));

    /// <summary>Whether it takes long enough that several threads share a block's steps.</summary>
    public bool IsShared => ThreadCosts.IsBlockShared(Tier, Cycles);

    /// <summary>Whether the runtime calls each step separately to measure its time.</summary>
    public bool IsProfiled { get; init; }

    /// <summary>Whether the runtime calls steps one by one. Otherwise forward is one step for it, and backward another.</summary>
    public bool IsInSteps => ForwardSchedule.Count + BackwardSchedule.Count != 2 || IsProfiled || IsShared || Sample.Length > 0;

    /// <summary>Whether a row of steps that are done for each sample runs sample by sample.</summary>
    public bool GoesBySample { get; init; }

    /// <summary>
    /// The steps of backward that only serve the gradients of parameters. Everything that such a step writes is read only by such steps of
    /// the same layers.
    /// </summary>
    private HashSet<Step> StepsOfParameters()
    {
        var steps = new HashSet<Step>(ReferenceComparer<Step>.Instance);
        foreach (IGrouping<string, Step> layer in Backward.GroupBy(step => step.Layer))
        {
            var wanted = new HashSet<TensorBuffer>(Backward.Where(step => step.Layer != layer.Key).SelectMany(Read),
                ReferenceComparer<TensorBuffer>.Instance);
            foreach (Step step in layer.Reverse())
            {
                List<TensorBuffer> written = [.. Tensors(step, Access.Read)];
                if ((written.Count > 0 || step.Operands.Any(operand => operand is PartialGradientOperand))
                    && !written.Exists(wanted.Contains))
                {
                    steps.Add(step);
                    continue;
                }

                wanted.UnionWith(Read(step));
            }
        }

        return steps;

        static IEnumerable<TensorBuffer> Read(Step step) => Tensors(step, Access.Write);

        static IEnumerable<TensorBuffer> Tensors(Step step, Access but) =>
            step.Operands.OfType<BufferOperand>().Where(tensor => tensor.Access != but).Select(tensor => tensor.Buffer.Root);
    }

    /// <summary>
    /// For each parameter, the last of the runtime's steps that writes a part of its gradient, or of the factors of it; −1 if it has no
    /// gradient.
    /// </summary>
    public IEnumerable<int> GradientSteps(ParameterLayout parameters)
    {
        PackedParameter[] inMemory = [.. parameters.Parameters.OrderBy(parameter => parameter.Offset)];
        int[] offsets = [.. inMemory.Select(parameter => parameter.Offset)];
        ILookup<TensorBuffer, int> denseWeights = DenseGradients.ToLookup(dense => dense.Gradient.Root, dense => dense.WeightOffset);
        Dictionary<int, int> last = [];
        IEnumerable<(Step Part, int Number)> parts = ForwardSchedule.Concat(BackwardSchedule)
            .SelectMany((step, number) => step.Steps.Select(part => (part, number)));
        foreach ((Step part, int number) in parts)
        {
            foreach (int offset in part.Operands.SelectMany(Written))
            {
                last[offset] = number;
            }
        }

        return parameters.Parameters.Select(parameter => last.TryGetValue(parameter.Offset, out int number) ? number : -1);

        IEnumerable<int> Written(Operand operand) => operand switch
        {
            PartialGradientOperand gradient => Within(gradient.Offset, gradient.Offset + gradient.Length),
            BufferOperand { Access: not Access.Read } buffer => denseWeights[buffer.Buffer.Root],
            _ => [],
        };

        // A network may have thousands of parameters and of steps: a search finds the first that begins at or before the range.
        IEnumerable<int> Within(int start, int end)
        {
            int found = Array.BinarySearch(offsets, start);
            for (int i = found >= 0 ? found : Math.Max(~found - 1, 0); i < offsets.Length && offsets[i] < end; i++)
            {
                if (start < offsets[i] + inMemory[i].Length)
                {
                    yield return offsets[i];
                }
            }
        }
    }

    /// <summary>The steps of forward as the runtime calls them.</summary>
    public IReadOnlyList<ScheduledStep> ForwardSchedule => ScheduleOf(Forward);

    /// <summary>The steps of backward as the runtime calls them.</summary>
    public IReadOnlyList<ScheduledStep> BackwardSchedule => ScheduleOf(Backward);

    /// <summary>The steps of both schedules, and then the weight gradients over the whole batch, for a profile.</summary>
    public IEnumerable<ProfiledWork> Profile
    {
        get
        {
            HashSet<Step> ofParameters = StepsOfParameters();
            ProfiledWork Backwards(Step step) => new(
                step.Layer, ofParameters.Contains(step) ? ProfiledPhase.BackwardWeights : ProfiledPhase.BackwardData, step.Floats);
            return
            [
                .. ForwardSchedule.Select(one => one.Steps[0])
                    .Select(step => new ProfiledWork(step.Layer, ProfiledPhase.Forward, step.Floats)),
                .. BackwardSchedule.Select(one => Backwards(one.Steps[0])),
                .. DenseGradients.Select(
                    step => new ProfiledWork(step.Layer, ProfiledPhase.BackwardWeights, step.Floats, IsOfBatch: true)),
            ];
        }
    }

    /// <summary>
    /// Steps that threads share or that combine all blocks are called separately. Other steps in a row are called together.
    /// </summary>
    private List<ScheduledStep> ScheduleOf(EquatableArray<Step> steps)
    {
        var schedule = new List<ScheduledStep>();
        List<Step>? row = null;
        foreach (Step step in steps)
        {
            bool isShared = IsShared && step.Work.HasRange && (step.IsOfSample || step.LeastItems < step.Work.Items);
            bool isAlone = IsProfiled || isShared || step.Combines;
            if (!isAlone && row?[0].IsOfSample == step.IsOfSample)
            {
                row.Add(step);
                continue;
            }

            List<Step> called = [step];
            schedule.Add(new ScheduledStep(called, TakesItems: isShared));
            row = isAlone ? null : called;
        }

        return schedule;
    }
}

/// <summary>Everything that one tier computes for a network.</summary>
/// <param name="Derive">Computes the values that are derived from the parameters, after each change of the parameters.</param>
/// <param name="Prepare">
/// Computes other forms of the parameters that only inference reads, before the first inference after a change.
/// </param>
/// <param name="Block">A block of samples; null if samples are computed one by one.</param>
/// <param name="Observed">One sample, with the activations of all layers copied out; null if the network is not observable.</param>
/// <param name="BlockThreshold">The fewest samples for which a block is cheaper than one sample after the other.</param>
internal sealed record TierPrograms(
    Tier Tier, ParameterLayout Parameters, EquatableArray<Step> Derive, EquatableArray<Step> Prepare, Program Sample, Program? Block,
    Program? Observed, int BlockThreshold,
    TrainingProgram? Training)
{
    /// <summary>How many floats of scratch memory each thread needs, in any step.</summary>
    public int ScratchLength => Math.Max(Math.Max(Sample.Scratch.Length, Observed?.Scratch.Length ?? 0), Training?.Scratch.Length ?? 0);

    /// <summary>
    /// How the weights of dense layers are stored. If not as floats, samples are computed one by one, and there is no training.
    /// </summary>
    public WeightStorage Weights { get; init; }

    /// <summary>The storage of these weights in the other programs of the same tier; null if there are no others.</summary>
    public WeightStorage? OtherWeights { get; init; }

    /// <summary>The programs of all sizes of a network.</summary>
    /// <param name="graphs">The graphs of the sizes, the declared one first.</param>
    /// <param name="weights">How the weights of dense layers are stored (<see cref="Weights"/>).</param>
    public static TierPrograms[] LowerSizes(IReadOnlyList<NetworkGraph> graphs, Tier tier, CancellationToken cancellationToken,
        WeightStorage weights = WeightStorage.Float32)
    {
        TierPrograms[] sizes = [.. graphs.Select(graph => Lower(graph, tier, cancellationToken, weights))];
        return sizes.Length > 1 ? KernelForms.Unite(sizes) : sizes;
    }

    /// <summary>All steps.</summary>
    public IEnumerable<Step> Steps =>
    [
        .. Derive, .. Prepare, .. Sample.Steps, .. Block?.Steps ?? [], .. Observed?.Steps ?? [], .. Training?.Steps ?? [],
    ];

    /// <summary>The same programs with other kernels in their steps.</summary>
    public TierPrograms Map(Func<Step, Step> map)
    {
        Program Of(Program program) => program with { Steps = program.Steps.Select(map).ToEquatableArray() };
        return this with
        {
            Derive = Derive.Select(map).ToEquatableArray(),
            Prepare = Prepare.Select(map).ToEquatableArray(),
            Sample = Of(Sample),
            Block = Block is null ? null : Of(Block),
            Observed = Observed is null ? null : Of(Observed),
            Training = Training?.Map(map),
        };
    }

    /// <param name="weights">How the weights of dense layers are stored (<see cref="Weights"/>).</param>
    /// <param name="table">Measured cycles of algorithms. The default is the table that is checked in.</param>
    /// <param name="trains">Whether a network that can be trained gets a program for it.</param>
    public static TierPrograms Lower(NetworkGraph graph, Tier tier, CancellationToken cancellationToken,
        WeightStorage weights = WeightStorage.Float32, MeasuredTable? table = null, bool trains = true)
    {
        bool inFloats = weights == WeightStorage.Float32;
        var fusion = FusionPlan.Create(graph, ProgramKind.OneSample);
        var training = FusionPlan.Create(graph, ProgramKind.TrainingInLanes);
        AlgorithmPlan algorithms = AlgorithmsOf(graph, fusion, training, tier, table, cancellationToken);
        var parameters = ParameterLayout.Create(graph, tier, algorithms.WeightBlocks, algorithms.Derived, weights.Element());
        ProgramBuilder Builder(bool samplesApart = false) => new(graph, tier, parameters, cancellationToken, samplesApart);
        LoweringPlan Plan(FusionPlan groups) => LoweringPlan.Create(graph, groups, algorithms.For(groups));
        Program sample = ProgramLowering.Lower(Builder(), LoweringPlan.Create(graph, fusion, algorithms));
        ProgramBuilder derivation = Builder();
        TiedWeights.Derive(derivation);
        WrittenLoops.Derive(derivation);
        ProgramBuilder preparation = Builder();
        algorithms.Prepare(preparation);
        (Program? block, int threshold) = inFloats && !algorithms.IsForSamples ? Block() : (null, 0);
        return new TierPrograms(
            tier, parameters, derivation.Steps.ToEquatableArray(), preparation.Steps.ToEquatableArray(),
            block is null || sample.IsShared ? sample : sample.OneByOne(), block,
            graph.Settings.Observable ? ProgramLowering.Lower(Builder(), Plan(FusionPlan.Create(graph, ProgramKind.Observed))) : null,
            threshold,
            trains && graph.IsTrainable && inFloats ? Cheaper() : null)
        {
            Weights = weights,
            OtherWeights = inFloats && graph.Settings.WeightStorage != weights ? graph.Settings.WeightStorage : null,
        };

        (Program?, int) Block()
        {
            // A block has many times the memory of a sample. Without it, samples are computed one by one.
            Program? block = IfItFits(() => ProgramLowering.Lower(Builder(), Plan(FusionPlan.Create(graph, ProgramKind.Block))));
            (bool welcome, int least) = block is null ? default
                : ThreadCosts.ChooseBlock(tier, sample.Cycles, block.Cycles, sizeof(float) * (long)block.Memory.Length);
            return (welcome ? block : null, least);
        }

        TrainingProgram Cheaper()
        {
            FusionPlan apart = FusionPlan.Create(graph, ProgramKind.TrainingApart);
            Lazy<AlgorithmPlan> inLanes = new(() => algorithms.For(training)), inBlocks = new(() => algorithms.For(apart));
            TrainingProgram InLanes() => TrainingLowering.Lower(Builder(), LoweringPlan.Create(graph, training, inLanes.Value));
            TrainingProgram InBlocks() =>
                TrainingLowering.Lower(Builder(samplesApart: true), LoweringPlan.Create(graph, apart, inBlocks.Value));
            if (graph.Settings.TrainingLayout != TrainingLayout.Automatic)
            {
                return graph.Settings.TrainingLayout == TrainingLayout.Blocked ? InBlocks() : InLanes();
            }

            // If it is clear that the other program costs more, it need not be lowered.
            if (ThreadCosts.SurelyTrainsInBlocks(inLanes.Value.CyclesOfBlock, inBlocks.Value.CyclesOfBlock))
            {
                return InBlocks();
            }

            TrainingProgram blocks = InBlocks();
            return IfItFits(InLanes) is { } lanes && !ThreadCosts.TrainsInBlocks(tier, lanes.Cycles, blocks.Cycles) ? lanes : blocks;
        }
    }

    /// <summary>The names of the layers that multiply integers in inference.</summary>
    public static IReadOnlyList<string> LayersOfIntegers(NetworkGraph graph, Tier tier, CancellationToken cancellationToken)
    {
        var fusion = FusionPlan.Create(graph, ProgramKind.OneSample);
        AlgorithmPlan algorithms =
            AlgorithmsOf(graph, fusion, FusionPlan.Create(graph, ProgramKind.TrainingInLanes), tier, table: null, cancellationToken);
        return [.. fusion.All.Where(group => algorithms[group].ReadsIntegers).Select(group => group.Head.Name)];
    }

    private static AlgorithmPlan AlgorithmsOf(
        NetworkGraph graph, FusionPlan fusion, FusionPlan training, Tier tier, MeasuredTable? table, CancellationToken cancellationToken) =>
        AlgorithmPlan.ForOneSample(
            fusion, training, tier, graph.Settings.Winograd, table ?? MeasuredTable.Of(tier), cancellationToken, graph.Settings.Int8);

    /// <summary>A program that is not needed; null if its memory is too large.</summary>
    private static T? IfItFits<T>(Func<T> lower)
        where T : class
    {
        try
        {
            return lower();
        }
        catch (NetworkTooLargeException)
        {
            return null;
        }
    }
}
