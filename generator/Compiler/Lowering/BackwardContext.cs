using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering;

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
                Tier, activation, VectorGrid.Covering(gradient, saved), VectorGrid.StridesOf(saved), VectorGrid.StridesOf(gradient)),
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
