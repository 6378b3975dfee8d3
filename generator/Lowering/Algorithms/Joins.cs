using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using static Strata.Generator.Lowering.ProgramBuilder;

namespace Strata.Generator.Lowering.Algorithms;

/// <summary>The sum of all inputs, in the layout of the first.</summary>
internal sealed class SumOfTensors : Algorithm
{
    public override GroupLayout Arrange(LayoutRequest at)
    {
        at = at.OfBlocks(ifAny: at.Group.Head.Shape.Rank > 1);

        // Flat views may show tensors of different shapes; without gaps all of them are alike.
        TensorLayout Alike(TensorLayout x) => at.Group.Head.Shape.Rank > 1 ? x.In(at.Input.Layout) : at.IsInLanes ? x.Compact : x.Flat;
        TensorLayout[] inputs = [.. at.Inputs.Select(Alike)];
        return at.With(inputs[0].Layout, inputs);
    }

    public override TensorBuffer Forward(ForwardPass at)
    {
        List<TensorBuffer> inputs = at.ReadAll();
        TensorBuffer y = at.Result();
        at.Builder.Sum((MethodName(at.Group), Describe(at.Group)), inputs, Write(y), at.Group.Activation);
        return y;
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardPass at)
    {
        // Each input gets the same gradient; each but the first a copy, since it may be overwritten.
        bool first = true;
        var gradients = new List<TensorBuffer?>();
        for (int i = 0; i < at.Group.Inputs.Count; i++)
        {
            TensorBuffer? own = !at.Wants(i) ? null : first ? at.Gradient : at.Target(i, at.Gradient.Shape);
            if (own is not null && !first)
            {
                at.Builder.Copy(at.Gradient, own, $"{own.Name}: that of {at.Group.Label}, in a copy that may be overwritten");
            }

            first &= own is null;
            gradients.Add(own);
        }

        return gradients;
    }
}

/// <summary>All inputs one behind the other along the channels, each copied to its place unless it was computed there.</summary>
internal sealed class CopiesIntoConcatenation : Algorithm
{
    public override GroupLayout Arrange(LayoutRequest at)
    {
        bool flat = at.Group.Head.Shape.Rank == 1;
        bool blocks = !flat && (at.Kind.Mixes ? at.Inputs.All(x => x.Layout == Layout.Blocked) : at.Inputs.Any(x => x.Layout == Layout.Blocked));
        if (at.Kind.SamplesInLanes || (at.Kind.Mixes && !blocks))
        {
            return at.With(Layout.SampleLanes, [.. at.InLanes().Inputs.Select(x => flat ? x.Compact : x)]);
        }

        return blocks ? at.With(Layout.Blocked, [.. at.Inputs.Select(x => x.In(Layout.Blocked))]) : at.With(flat ? Layout.Flat : Layout.Planar);
    }

    public override TensorBuffer Forward(ForwardPass at)
    {
        TensorBuffer y = at.ResultToClear();
        var copies = new List<(TensorBuffer From, int Channel)>();
        int channel = 0;
        foreach (TensorBuffer x in at.ReadAll())
        {
            bool beginsInside = y.Layout == Layout.Blocked && channel % y.Lanes != 0;
            if (beginsInside || !ReferenceEquals(x.Root, y.Root) || x.Start != y.StartOf(channel))
            {
                copies.Add((x, channel));
            }

            channel += ChannelsIn(at.Group, x);
        }

        bool copiesAll = copies.Count == at.Group.Inputs.Count;
        if (copiesAll)
        {
            at.Builder.ClearHalo(y);
        }

        foreach ((TensorBuffer x, int first) in copies)
        {
            if (!copiesAll)
            {
                // Around the others their producers have.
                ClearHalo(at.Builder, y, x.Shape, first);
            }

            (string, string) step = (MethodName(at.Group), $"{at.Group.Label}: {x.Name}, {x.Shape}");
            int place = y.Origin + y.StartOf(first) - y.Start;
            if (y.Layout == Layout.Blocked && first % at.Tier.Lanes != 0)
            {
                at.Builder.Add(
                    step.Item1, step.Item2,
                    new BlockShiftKernel(
                        at.Tier, x.Shape.Channels, first % at.Tier.Lanes, Joins: true, x.Shape.Rows, x.Shape.Width, VectorGrid.StridesOf(x), VectorGrid.StridesOf(y)),
                    CostModel.Elementwise(at.Tier, VectorsOf(x), operands: 2), Read(x), Update(y, place));
            }
            else if (y.Layout is Layout.SampleLanes or Layout.Blocked)
            {
                at.Builder.Map(step, null, Read(x), Write(y, place));
            }
            else
            {
                at.Builder.Move(step, x, Write(y, place));
            }
        }

        return y;
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardPass at)
    {
        var gradients = new List<TensorBuffer?>();
        int channel = 0;
        for (int i = 0; i < at.Group.Inputs.Count; i++)
        {
            TensorBuffer x = at.Saved.Inputs[i];
            TensorBuffer? target = at.Wants(i) ? at.Target(i, x.Shape) : null;
            int channels = ChannelsIn(at.Group, x), end = channel + channels;
            if (target is not null)
            {
                (string, string) step = (MethodName(at.Group, "Gradient"), $"backward of {at.Group.Label}: {at.Group.Inputs[i].Name}");
                BufferArgument part = Read(at.Gradient, at.Gradient.Origin + at.Gradient.StartOf(channel) - at.Gradient.Start);
                if (at.Gradient.Layout == Layout.Blocked && (channel % at.Tier.Lanes != 0 || (end % at.Tier.Lanes != 0 && i < at.Group.Inputs.Count - 1)))
                {
                    at.Builder.Add(
                        step.Item1, step.Item2,
                        new BlockShiftKernel(
                            at.Tier, channels, channel % at.Tier.Lanes, Joins: false, x.Shape.Rows, x.Shape.Width, VectorGrid.StridesOf(at.Gradient),
                            VectorGrid.StridesOf(target)),
                        CostModel.Elementwise(at.Tier, VectorsOf(target), operands: 2), part, Write(target));
                }
                else
                {
                    at.Builder.Map(step, null, part, Write(target));
                }
            }

            gradients.Add(target);
            channel = end;
        }

        return gradients;
    }

    /// <summary>The zeros around a part that is copied; around a block that it shares with the one before it they are there.</summary>
    private static void ClearHalo(ProgramBuilder builder, TensorBuffer y, Shape shape, int first)
    {
        int block = y.Layout == Layout.Blocked ? y.Lanes : 1, own = Arithmetic.RoundUp(first, block), end = Arithmetic.RoundUp(first + shape.Channels, block);
        if (own < end)
        {
            builder.ClearHalo(y.Part(y.Name, shape with { Channels = end - own }, own));
        }
    }

    /// <summary>Channels of the joined tensor that an input fills; a flat view's elements are channels.</summary>
    private static int ChannelsIn(LayerGroup group, TensorBuffer x) => group.Head.Shape.Rank == 1 ? x.Shape.Length : x.Shape.Channels;
}
