using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering;

/// <summary>The tensors of a group after forward. Those that backward reads are saved.</summary>
/// <param name="Inputs">The inputs in the layouts that their producers write.</param>
/// <param name="Read">The inputs in the layouts that the algorithm reads. They are converted if necessary.</param>
/// <param name="Indices">The positions of the maxima of a max pooling.</param>
internal sealed record LoweredGroup(
    LayerGroup Group, IReadOnlyList<TensorBuffer> Inputs, IReadOnlyList<TensorBuffer> Read, TensorBuffer Output, TensorBuffer? Indices)
{
    /// <summary>Tensors that an operator's loops have saved, by name.</summary>
    public IReadOnlyDictionary<string, TensorBuffer> LoopTensors { get; init; } = new Dictionary<string, TensorBuffer>();
}

/// <summary>What an algorithm needs to compute a group, with tensors in the planned layouts.</summary>
/// <param name="Inputs">The inputs in the layouts that their producers write.</param>
internal sealed record ForwardContext(ProgramBuilder Builder, LoweringPlan Plan, LayerGroup Group, IReadOnlyList<TensorBuffer> Inputs)
{
    private readonly TensorBuffer?[] _read = new TensorBuffer?[Inputs.Count];
    private TensorBuffer? _indices, _result;

    public Tier Tier => Builder.Tier;

    public GroupLayout Layout { get; } = Plan.Layouts.Of(Group);

    /// <summary>Whether backward follows.</summary>
    public bool Trains => Plan.Kind.Trains;

    public bool IsInPlace => Plan.Fusion.IsInPlace(Group);

    /// <summary>Whether inputs are read without conversion.</summary>
    public bool IsGiven { get; init; }

    /// <summary>What the loops of an operator save for backward, by name.</summary>
    public Dictionary<string, TensorBuffer> LoopTensors { get; } = [];

    /// <summary>An input in the planned layout. Adds a step that converts it if necessary.</summary>
    public TensorBuffer Read(int input = 0) =>
        _read[input] ??= IsGiven ? Inputs[input] : Builder.Convert(Inputs[input], Layout.Inputs[input]);

    /// <summary>The tensor that is joined with the layer's result, in the result's layout; null if there is none.</summary>
    public TensorBuffer? Joined => Group.Join is null ? null
        : IsGiven ? Read(Inputs.Count - 1)
        : _read[Inputs.Count - 1] ??= Builder.ConvertOnce(Inputs[Inputs.Count - 1], Layout.Inputs[Inputs.Count - 1]);

    /// <summary>How kernels join a tensor; null if there is none.</summary>
    /// <param name="strides">Where it lies.</param>
    public EpilogueJoin? JoinOf(Func<TensorBuffer, Strides> strides) =>
        Joined is { } other ? new EpilogueJoin(Group.Join!.Function, strides(other)) : null;

    public List<TensorBuffer> ReadAll() => Inputs.Select((_, i) => Read(i)).ToList();

    /// <summary>The tensor for the result, with zeros around it if readers need them.</summary>
    public TensorBuffer Result() => _result ??= Cleared(ResultToClear());

    /// <summary>The same for a layer whose pooling is a separate step. The layer then has a tensor of its own.</summary>
    public TensorBuffer PooledResult() => Cleared(ResultToClear(pooled: true));

    /// <summary>The tensor for the result, without the step that writes the zeros around it.</summary>
    /// <param name="pooled">Whether pooling is a separate step.</param>
    public TensorBuffer ResultToClear(bool pooled = false) =>
        Builder.Buffer(TensorName.Of(Plan.Kind.SamplesInLanes || pooled ? Group.Last : Group.Head), Group.Last, Plan.Layouts);

    /// <summary>Memory for the positions of maxima. Each bit of a position has a plane with one bit per lane.</summary>
    public BufferOperand SaveIndices(int bits)
    {
        (Shape shape, bool inLanes) = (Group.Last.Shape, Layout.Result.Layout == Kernels.Layout.SampleLanes);
        int vectors = inLanes ? shape.Length : Arithmetic.CeilingDivide(shape.Channels, Builder.Tier.Lanes) * shape.Rows * shape.Width;
        MemorySpace space = inLanes ? MemorySpace.Arena : MemorySpace.Sample;
        TensorBuffer floats = Builder.Buffer(
            TensorName.Of(Group.Last, "indices"), Shape.Vector(vectors * bits), Kernels.Layout.Flat, space: space);
        _indices = floats with { Element = Builder.Tier.LaneBits };
        return new BufferOperand(_indices, 0, Access.Write);
    }

    private TensorBuffer Cleared(TensorBuffer tensor)
    {
        Builder.ClearHalo(tensor);
        return tensor;
    }

    /// <summary>Computes the group.</summary>
    public LoweredGroup Lower()
    {
        Algorithm[] candidates = [.. AlgorithmTable.InLayouts(Plan.Algorithms[Group], this)];
        Algorithm algorithm = candidates.Length == 1 ? candidates[0] : CostModel.Cheapest(
            Tier, candidates, candidate => candidate.CyclesInLayouts, candidate => Array.IndexOf(candidates, candidate)).Candidate;
        TensorBuffer output = algorithm.Forward(this);
        return new LoweredGroup(Group, Inputs, Inputs.Select((x, i) => _read[i] ?? x).ToList(), output, _indices)
        {
            LoopTensors = LoopTensors,
        };
    }
}

/// <summary>What an algorithm needs to compute a group's gradients.</summary>
/// <param name="Step">The gradients that are wanted.</param>
/// <param name="Saved">The group's tensors from forward.</param>
/// <param name="ResultGradient">The gradient of the group's result.</param>
internal sealed record BackwardContext(ProgramBuilder Builder, GradientStep Step, LoweredGroup Saved, TensorBuffer ResultGradient)
{
    public Tier Tier => Builder.Tier;

    public LayerGroup Group => Step.Group;

    /// <summary>The gradient of the layer's own result, before a fused activation and pooling.</summary>
    public TensorBuffer Gradient { get; private set; } = ResultGradient;

    public static TensorName GradientOf(Node node) => TensorName.Of(node, "gradient");

    /// <summary>
    /// An input in the layout that its producer writes, if the gradients have that layout, too. Otherwise the input as forward read it.
    /// </summary>
    public TensorBuffer Input(int input = 0) => Saved.Inputs[input].Layout == Gradient.Layout ? Saved.Inputs[input] : Saved.Read[input];

    /// <summary>Whether the gradient of an input must be computed.</summary>
    public bool Wants(int input) => Step.Wanted[input];

    /// <summary>A tensor for the gradient of an input.</summary>
    public TensorBuffer Target(int input, Shape shape, Halo zeros = default) =>
        Builder.Buffer(GradientOf(Group.Inputs[input]), shape, Gradient.Layout, zeros);

    /// <summary>
    /// Computes the gradient of the layer's own result from that of the group's result: through fused pooling and activation.
    /// </summary>
    public void EnterLayer()
    {
        if (Group.PoolWindow is { } window)
        {
            Gradient = Unpool(window, Group.Activation, Step.Zeros);
            return;
        }

        if (Group.Activation is { } activation && !Step.IsActivated)
        {
            ApplyActivation(activation, Saved.Output);
        }

        if (!Step.Zeros.IsEmpty && Gradient.Halo.Union(Step.Zeros) != Gradient.Halo)
        {
            TensorBuffer wide = Builder.Buffer(Gradient.Name.With(" ", "widened"), Group.Head.Shape, Gradient.Layout, Step.Zeros);
            Builder.ClearHalo(wide);
            Builder.Copy(Gradient, wide, $"{Gradient.Name} with zeros around it");
            Gradient = wide;
        }
    }

    /// <summary>Multiplies the gradient by the derivative of an activation, in place.</summary>
    /// <param name="saved">The activation's output, or its input if the derivative needs that.</param>
    public void ApplyActivation(Activation activation, TensorBuffer saved) =>
        ApplyActivation((MethodName(Group, "ActivationGradient"), $"backward of {activation.Title} in {Group.Label}"),
            activation, saved, Gradient);

    /// <summary>The same for another gradient.</summary>
    public void ApplyActivation((string Name, string Comment) step, Activation activation, TensorBuffer saved, TensorBuffer gradient) =>
        Builder.Add(
            step.Name, step.Comment,
            new ActivationGradientKernel(
                Tier, activation, VectorGrid.Of(gradient, saved), VectorGrid.StridesOf(saved), VectorGrid.StridesOf(gradient)),
            StepCosts.Elementwise(Tier, VectorsOf(gradient), operands: 2), Read(saved), Update(gradient));

    /// <summary>The backward pass of pooling: passes the gradient of each window on to its elements.</summary>
    /// <param name="activation">The activation that was applied before pooling.</param>
    public TensorBuffer Unpool(PoolingWindow window, Activation? activation, Halo zeros = default)
    {
        TensorBuffer target = Builder.Buffer(GradientOf(Group.Head), window.Input, Gradient.Layout, zeros);
        Builder.ClearHalo(target);
        Operand[] activated = activation is null ? [] : [Read(Saved.Output)];
        Operand[] indices = window.Kind == PoolingKind.Max ? [new BufferOperand(Saved.Indices!, 0, Access.Read)] : [];
        Operand[] lost = WindowPoolingGradient.HasLongSums(window)
            ? [Write(Builder.Buffer(target.Name.With(", what is ", "lost"), target.Shape, target.Layout, zeros))] : [];
        Builder.Add(
            MethodName(Group, "PoolGradient"), $"backward of {Group.Last.Name}: {Group.Last.Shape} → {target.Shape}",
            new WindowPoolingGradient(
                Tier, window, target.ChannelUnits, StridesOf(Gradient), StridesOf(Saved.Output), StridesOf(target), activation),
            StepCosts.WindowPooling(Tier, window.Output.Length, window.Area),
            [Read(Gradient), .. activated, .. indices, Write(target), .. lost]);
        return target;
    }
}
