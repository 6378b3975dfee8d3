using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>Moves elements along axes, in one step from the layout of the input to that of the result.</summary>
internal sealed class CopiesOfAxes(AxisMove move) : Algorithm
{
    public override Algorithm For(LayerGroup group, Tier tier) =>
        group.Operation.AsAxisMove is { } other ? new CopiesOfAxes(other) : new SameMemory();

    public override GroupLayout Arrange(LayoutRequest at)
    {
        Shape from = at.Group.Input.Shape, to = at.Group.Last.Shape;
        if (at.Kind.SamplesInLanes)
        {
            return at.With(Layout.SampleLanes, at.Input.Shape == from ? at.Input : at.Input.Compact with { Shape = from });
        }

        bool inBlocks = move.KeepsChannels && at.Input.Layout == Layout.Blocked;
        return inBlocks ? at.LikeInput()
            : at.With(to.Rank == 1 ? Layout.Flat : Layout.Planar, from.Rank == 1 ? at.Input.Flat : at.Input.In(Layout.Planar));
    }

    public override TensorBuffer Forward(ForwardContext at)
    {
        TensorBuffer x = at.Read(), y = at.Result();
        CopiedAxis[] axes = [.. AxesOf(x, y)];
        var kernel = new MovedAxesKernel(at.Tier, axes.ToEquatableArray());
        bool isOfRows = axes.Length > 0 && axes[axes.Length - 1] is { From: 1, To: 1 } last && last.Extent >= at.Tier.Lanes;
        at.Builder.Add(
            MethodName(at.Group), $"{at.Group.Label}: {at.Group.Input.Shape} → {at.Group.Last.Shape}", kernel,
            isOfRows ? StepCosts.Elementwise(at.Tier, VectorsOf(y)) : StepCosts.Loops(at.Tier, y.Shape.Length), Read(x), Write(y));
        return y;
    }

    /// <summary>The axes in memory. Those that continue each other in both tensors are one.</summary>
    private List<CopiedAxis> AxesOf(TensorBuffer x, TensorBuffer y)
    {
        var axes = new List<CopiedAxis>();
        var numbers = new Dictionary<TensorAxis, int>();
        foreach (MovedAxis axis in move.Axes)
        {
            int extent = axis.To.Axis == TensorAxis.Channel && y.Layout == Layout.Blocked
                ? Arithmetic.CeilingDivide(axis.Extent, y.Lanes) : axis.Extent;
            int number = numbers[axis.To.Axis] = numbers.TryGetValue(axis.To.Axis, out int known) ? known + 1 : 1;
            string name = axis.To.Axis.ToString().ToLowerInvariant() + (number > 1 ? Arithmetic.Number(number) : "");
            Append(axes, new CopiedAxis(name, extent, DistanceOf(x, axis.From), DistanceOf(y, axis.To)));
        }

        if (y.Layout is Layout.Blocked or Layout.SampleLanes)
        {
            Append(axes, new CopiedAxis("lane", y.Lanes, 1, 1));
        }

        return axes;
    }

    private static void Append(List<CopiedAxis> axes, CopiedAxis next)
    {
        if (next.Extent == 1)
        {
            return;
        }

        if (axes.Count > 0 && axes[axes.Count - 1] is var last && last.From == next.From * next.Extent && last.To == next.To * next.Extent)
        {
            axes[axes.Count - 1] = next with { Extent = last.Extent * next.Extent };
        }
        else
        {
            axes.Add(next);
        }
    }

    /// <summary>The distance of neighbours of a part in memory, in floats.</summary>
    private static int DistanceOf(TensorBuffer buffer, AxisPart part)
    {
        Strides strides = StridesOf(buffer);
        return part.Stride * part.Axis switch
        {
            TensorAxis.Channel => strides.Channel,
            TensorAxis.Plane => strides.Plane,
            TensorAxis.Row => strides.Row,
            _ => strides.Column,
        };
    }
}
