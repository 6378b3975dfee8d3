using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>An activation that could not be fused with the step before it; without one, a copy.</summary>
internal sealed record ActivationKernel(Tier Tier, Activation? Activation, VectorGrid Grid, Strides Input, Strides Output) : Kernel(Tier)
{
    public override string Summary => Activation is null ? "Copies rows" : Activation.Title;

    public override Work WorkOf(IReadOnlyList<int> extents) => Grid.Work;

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), output = k.Parameter("output");
        Grid.Record(k, at =>
        {
            Variable x = k.Let("x", at.In(input, Input).Vector);
            if (Activation is not null)
            {
                k.Set(x, Activation.Apply(x));
            }

            k.Store(at.In(output, Output), at.Mask(x));
        });
    }
}

/// <summary>The backward pass of an activation: turns the gradient of its output into that of its input, in place.</summary>
internal sealed record ActivationGradientKernel(Tier Tier, Activation Activation, VectorGrid Grid, Strides Saved,
    Strides Gradient) : Kernel(Tier)
{
    public override string Summary => $"Gradient of {Activation.Title}, in place";

    public override Work WorkOf(IReadOnlyList<int> extents) => Grid.Work;

    protected override void Record(KernelBuilder k)
    {
        Pointer activation = k.Parameter("activation"), gradient = k.Parameter("gradient");
        Grid.Record(k, at =>
        {
            Variable saved = k.Let("saved", at.In(activation, Saved).Vector);
            Pointer target = k.PointTo("target", at.In(gradient, Gradient));
            Variable g = k.Let("g", target[0].Vector);
            k.Store(target, Activation.GradientOf(saved, g));
        });
    }
}
