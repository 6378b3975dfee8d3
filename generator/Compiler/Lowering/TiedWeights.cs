using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>
/// Weights that are those of other layers in the opposite direction. Each use has them in the order that its kernels read: one is copied
/// from the other after each change, and its gradient is added to that of the other.
/// </summary>
internal static class TiedWeights
{
    /// <summary>Adds the steps that copy the weights.</summary>
    public static void Derive(ProgramBuilder builder)
    {
        foreach (TiedParameter tie in builder.Parameters.Ties)
        {
            (Node node, Node owner) = (builder.Graph.Nodes[tie.Packed.Node], builder.Graph.Nodes[tie.Owner]);
            string suffix = tie.Packed.Spec.Suffix;
            EquatableArray<PackedDimension>[] from = OwnerAxes(builder, tie);
            builder.Add(
                "Tie", $"{node.Name}: the {suffix} of {owner.Name}",
                new RepackKernel(builder.Tier, AxesOf(tie, from, tie.Packed.Axes), Adds: false), CostOf(builder, tie),
                builder.Parameter(owner, suffix), builder.Parameter(node, suffix));
        }
    }

    /// <summary>Adds a gradient to that of the layer that has the weight.</summary>
    /// <param name="term">The gradient, in the order of the tied weight.</param>
    /// <param name="sum">The other gradient.</param>
    public static void AddGradient(ProgramBuilder builder, TiedParameter tie, TensorBuffer term, Operand sum)
    {
        EquatableArray<PackedDimension>[] to = OwnerAxes(builder, tie);
        builder.Add(
            "AddTied", $"{term.Name}, added to that of {builder.Graph.Nodes[tie.Owner].Name}",
            new RepackKernel(builder.Tier, AxesOf(tie, tie.Packed.Axes, to), Adds: true), CostOf(builder, tie),
            ProgramBuilder.Read(term), sum);
    }

    /// <summary>The axes of the owner's weight in memory, in the order of the axes of the tied weight.</summary>
    private static EquatableArray<PackedDimension>[] OwnerAxes(ProgramBuilder builder, TiedParameter tie)
    {
        PackedParameter weight = builder.Parameters.Find(tie.Owner, tie.Packed.Spec.Suffix);
        return [.. tie.Axes.Select(axis => weight.Axes[axis])];
    }

    private static EquatableArray<RepackedAxis> AxesOf(
        TiedParameter tie, IReadOnlyList<EquatableArray<PackedDimension>> from, IReadOnlyList<EquatableArray<PackedDimension>> to) =>
        tie.Packed.Spec.Extents.Select((extent, axis) => new RepackedAxis(extent, Dimensions(from[axis]), Dimensions(to[axis])))
            .ToEquatableArray();

    private static EquatableArray<(int Extent, int Stride)> Dimensions(EquatableArray<PackedDimension> axis) =>
        axis.Select(dimension => (dimension.Extent, dimension.Stride)).ToEquatableArray();

    private static Cost CostOf(ProgramBuilder builder, TiedParameter tie) => StepCosts.Loops(builder.Tier, tie.Packed.Spec.Length);
}
