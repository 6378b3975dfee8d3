using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;
using Strata.Generator.Kernels;
using static Strata.Generator.Lowering.ProgramBuilder;

namespace Strata.Generator.Lowering;

/// <summary>The tensors of a group that has been computed; those that backward reads are saved for it.</summary>
/// <param name="Inputs">As their producers left them.</param>
/// <param name="Read">The same as the algorithm read them: converted where they had another layout.</param>
/// <param name="Indices">The positions of its pooling's maxima.</param>
internal sealed record LoweredGroup(
    LayerGroup Group, IReadOnlyList<TensorBuffer> Inputs, IReadOnlyList<TensorBuffer> Read, TensorBuffer Output, TensorBuffer? Indices)
{
    /// <summary>What the loops of an operator saved, by name.</summary>
    public IReadOnlyDictionary<string, TensorBuffer> LoopTensors { get; init; } = new Dictionary<string, TensorBuffer>();
}

/// <summary>What an algorithm gets to compute a group: tensors in the layouts of the plan.</summary>
/// <param name="Inputs">What the group reads, as its producers left it.</param>
internal sealed record ForwardPass(ProgramBuilder Builder, LoweringPlan Plan, LayerGroup Group, IReadOnlyList<TensorBuffer> Inputs)
{
    private readonly TensorBuffer?[] _read = new TensorBuffer?[Inputs.Count];
    private TensorBuffer? _indices;

    public Tier Tier => Builder.Tier;

    public GroupLayout Layout { get; } = Plan.Layouts.Of(Group);

    /// <summary>Whether backward follows.</summary>
    public bool Trains => Plan.Kind.Trains;

    public bool IsInPlace => Plan.Fusion.IsInPlace(Group);

    /// <summary>Whether inputs are read as they are, without conversion.</summary>
    public bool IsGiven { get; init; }

    /// <summary>What the loops of an operator save for backward, by name.</summary>
    public Dictionary<string, TensorBuffer> LoopTensors { get; } = [];

    /// <summary>An input in the layout of the plan; a step converts it where it has another.</summary>
    public TensorBuffer Read(int input = 0) =>
        _read[input] ??= IsGiven ? Inputs[input] : Builder.Convert(Inputs[input], Layout.Inputs[input]);

    /// <summary>What is added to the layer's result, in the layout of that.</summary>
    public TensorBuffer? Addend => Group.Addend is null ? null
        : IsGiven ? Read(Inputs.Count - 1)
        : _read[Inputs.Count - 1] ??= Builder.ConvertOnce(Inputs[Inputs.Count - 1], Layout.Inputs[Inputs.Count - 1]);

    public List<TensorBuffer> ReadAll() => Inputs.Select((_, i) => Read(i)).ToList();

    /// <summary>The tensor for the result, with zeros around it where readers want some.</summary>
    public TensorBuffer Result(bool pooled = false)
    {
        TensorBuffer result = ResultToClear(pooled);
        Builder.ClearHalo(result);
        return result;
    }

    /// <summary>The tensor for the result, without the step that writes the zeros around it.</summary>
    /// <param name="pooled">Whether pooling is a separate step, so that the layer has a tensor of its own.</param>
    public TensorBuffer ResultToClear(bool pooled = false) =>
        Builder.Buffer(TensorName.Of(Plan.Kind.SamplesInLanes || pooled ? Group.Last : Group.Head), Group.Last, Plan.Layouts);

    /// <summary>Room for the indices of windows' maxima: planes with a bit for each lane.</summary>
    public BufferArgument SaveIndices(int bits)
    {
        // A plane of a vector takes a byte, or two for 16 lanes.
        int bytes = Math.Max(1, Builder.Tier.Lanes / 8);
        (Shape shape, bool inLanes) = (Group.Last.Shape, Layout.Result.Layout == Kernels.Layout.SampleLanes);
        int vectors = inLanes ? shape.Length : Arithmetic.CeilingDivide(shape.Channels, Builder.Tier.Lanes) * shape.Rows * shape.Width;
        int floats = ((vectors * bits * bytes) + 3) / 4;
        MemorySpace space = inLanes ? MemorySpace.Arena : MemorySpace.Sample;
        _indices = Builder.Buffer(TensorName.Of(Group.Last, "indices"), Shape.Vector(floats), Kernels.Layout.Flat, space: space);
        return new BufferArgument(_indices, 0, Access.Write, "Bits");
    }

    /// <summary>Computes the group.</summary>
    public LoweredGroup Lower()
    {
        TensorBuffer output = Plan.Algorithms[Group].Forward(this);
        return new LoweredGroup(Group, Inputs, Inputs.Select((x, i) => _read[i] ?? x).ToList(), output, _indices)
        {
            LoopTensors = LoopTensors,
        };
    }
}

/// <summary>What an algorithm gets to compute a group's gradients.</summary>
/// <param name="Step">What has to be done.</param>
/// <param name="Saved">What forward left.</param>
/// <param name="ResultGradient">That of the group's result.</param>
internal sealed record BackwardPass(ProgramBuilder Builder, GradientStep Step, LoweredGroup Saved, TensorBuffer ResultGradient)
{
    public Tier Tier => Builder.Tier;

    public LayerGroup Group => Step.Group;

    /// <summary>The gradient of what the layer itself computes, before a fused activation and pooling.</summary>
    public TensorBuffer Gradient { get; private set; } = ResultGradient;

    public static TensorName GradientOf(Node node) => TensorName.Of(node, "gradient");

    /// <summary>An input as its producer left it, or where that has another layout than the gradients here, as forward read it.</summary>
    public TensorBuffer Input(int input = 0) => Saved.Inputs[input].Layout == Gradient.Layout ? Saved.Inputs[input] : Saved.Read[input];

    /// <summary>Whether an input's gradient is to be computed.</summary>
    public bool Wants(int input) => Step.Wanted[input];

    /// <summary>A tensor for the gradient of an input.</summary>
    public TensorBuffer Target(int input, Shape shape, Halo zeros = default) =>
        Builder.Buffer(GradientOf(Group.Inputs[input]), shape, Gradient.Layout, zeros);

    /// <summary>Goes from the gradient of the group's result to that of its layer: through fused pooling and activation.</summary>
    public void EnterLayer()
    {
        if (Group.Window is { } window)
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

    /// <summary>Multiplies by the derivative of an activation, in place.</summary>
    /// <param name="saved">Its output, or its input where its derivative needs that.</param>
    public void ApplyActivation(Activation activation, TensorBuffer saved) =>
        ApplyActivation((MethodName(Group, "ActivationGradient"), $"backward of {activation.Name} in {Group.Label}"),
            activation, saved, Gradient);

    /// <summary>The same of another gradient.</summary>
    public void ApplyActivation((string Name, string Comment) step, Activation activation, TensorBuffer saved, TensorBuffer gradient) =>
        Builder.Add(
            step.Name, step.Comment,
            new ActivationGradientKernel(
                Tier, activation, VectorGrid.Of(gradient, saved), VectorGrid.StridesOf(saved), VectorGrid.StridesOf(gradient)),
            StepCosts.Elementwise(Tier, VectorsOf(gradient), operands: 2), Read(saved), Update(gradient));

    /// <summary>Passes the gradient of each window on to its elements.</summary>
    /// <param name="activation">The one that was applied before pooling.</param>
    public TensorBuffer Unpool(PoolingWindow window, Activation? activation, Halo zeros = default)
    {
        TensorBuffer target = Builder.Buffer(GradientOf(Group.Head), window.Input, Gradient.Layout, zeros);
        Builder.ClearHalo(target);
        Argument[] activated = activation is null ? [] : [Read(Saved.Output)];
        Argument[] indices = window.Kind == PoolingKind.Max ? [new BufferArgument(Saved.Indices!, 0, Access.Read, "Bits")] : [];
        Argument[] lost = WindowPoolingGradient.HasLongSums(window)
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
