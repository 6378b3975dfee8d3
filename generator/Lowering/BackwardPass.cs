using System.Collections.Generic;
using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;
using Strata.Generator.Kernels;
using static Strata.Generator.Lowering.ProgramBuilder;

namespace Strata.Generator.Lowering;

/// <summary>What an algorithm is handed to compute a group's gradients.</summary>
/// <param name="step">What has to be done.</param>
/// <param name="saved">What forward left.</param>
/// <param name="gradient">That of the group's result.</param>
internal sealed class BackwardPass(ProgramBuilder builder, GradientStep step, LoweredGroup saved, TensorBuffer gradient)
{
    public ProgramBuilder Builder => builder;

    public Tier Tier => builder.Tier;

    public GradientStep Step => step;

    public LayerGroup Group => step.Group;

    public LoweredGroup Saved => saved;

    /// <summary>The gradient of what the layer itself computes, before a fused activation and pooling.</summary>
    public TensorBuffer Gradient { get; private set; } = gradient;

    public static TensorName GradientOf(Node node) => TensorName.Of(node, "gradient");

    /// <summary>Whether an input's gradient is to be computed.</summary>
    public bool Wants(int input) => step.Wanted[input];

    /// <summary>A tensor for the gradient of an input.</summary>
    public TensorBuffer Target(int input, Shape shape, Halo zeros = default) =>
        builder.Buffer(GradientOf(Group.Inputs[input]), new TensorLayout(shape, Layout.SampleLanes, zeros));

    /// <summary>Goes from the gradient of the group's result to that of its layer: through fused pooling and activation.</summary>
    public void EnterLayer()
    {
        if (Group.Window is { } window)
        {
            TensorBuffer target = builder.Buffer(GradientOf(Group.Head), new TensorLayout(Group.Head.Shape, Layout.SampleLanes, step.Zeros));
            Gradient = Unpool(window, Group.Activation, target);
            return;
        }

        if (Group.Activation is { } activation && !step.IsActivated)
        {
            ApplyActivation(activation, saved.Output);
        }

        if (!step.Zeros.IsEmpty && Gradient.Halo.Union(step.Zeros) != Gradient.Halo)
        {
            TensorBuffer wide = builder.Buffer(
                Gradient.Name.With(" ", "widened"), new TensorLayout(Group.Head.Shape, Layout.SampleLanes, step.Zeros));
            builder.ClearHalo(wide);
            builder.Copy(Gradient, wide, $"{Gradient.Name} with zeros around it");
            Gradient = wide;
        }
    }

    /// <summary>Multiplies by the derivative of an activation, in place.</summary>
    /// <param name="kept">Its output, or its input where its derivative needs that.</param>
    public void ApplyActivation(Activation activation, TensorBuffer kept) => builder.Add(
        MethodName(Group, "ActivationGradient"), $"backward of {activation.Name} in {Group.Label}",
        new ActivationGradientKernel(Tier, activation, VectorGrid.Of(Gradient, kept), VectorGrid.WalkOf(kept), VectorGrid.WalkOf(Gradient)),
        0, Read(kept), Update(Gradient));

    /// <summary>Hands the gradient of each window on to its elements.</summary>
    /// <param name="activation">That was applied before pooling.</param>
    public TensorBuffer Unpool(PoolingWindow window, Activation? activation, TensorBuffer target)
    {
        builder.ClearHalo(target);
        var arguments = new List<Argument> { Read(Gradient) };
        if (activation is not null)
        {
            arguments.Add(Read(saved.Output));
        }

        if (window.Kind == PoolingKind.Max)
        {
            arguments.Add(new BufferArgument(saved.Indices!, 0, Access.Read, "Bits"));
        }

        arguments.Add(Write(target));
        if (WindowPoolingGradient.HasLongSums(window))
        {
            arguments.Add(Write(builder.Buffer(
                target.Name.With(", what is ", "lost"), new TensorLayout(target.Shape, Layout.SampleLanes, target.Halo))));
        }

        builder.Add(
            MethodName(Group, "PoolGradient"), $"backward of {Group.Last.Name}: {Group.Last.Shape} → {target.Shape}",
            new WindowPoolingGradient(
                Tier, window, target.Shape.Channels, WalkOf(Gradient), WalkOf(saved.Output), WalkOf(target), activation), 0, [.. arguments]);
        return target;
    }
}
