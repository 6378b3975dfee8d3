using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>The sum of several tensors, or another function that joins them from left to right, and an activation of it.</summary>
/// <param name="Inputs">Strides of each.</param>
internal sealed record JoinKernel(Tier Tier, JoinFunction Function, VectorGrid Grid, EquatableArray<Strides> Inputs, Strides Output,
    Activation? Activation) : Kernel(Tier)
{
    public override string Summary => $"{Function.Title} of {Inputs.Count} tensors";

    public override Work WorkOf(IReadOnlyList<int> extents) => Grid.Work;

    protected override void Record(KernelBuilder k)
    {
        Pointer[] inputs = [.. Inputs.Select((_, i) => k.Parameter($"input{i}"))];
        Pointer output = k.Parameter("output");
        Grid.Record(k, at =>
        {
            Variable joined = k.Let(Function == JoinFunction.Sum ? "sum" : "joined",
                Inputs.Select((strides, i) => at.In(inputs[i], strides).Vector).Aggregate(Function.Apply));
            if (Activation is not null)
            {
                k.Set(joined, Activation.Apply(joined));
            }

            k.Store(at.In(output, Output), at.Mask(joined));
        });
    }
}
