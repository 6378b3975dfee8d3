using System.Collections.Generic;
using System.Linq;
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
        // Blocks of channels stay whole where each branch but the last fills its blocks.
        bool blocks = !flat && at.Inputs.All(x => x.Layout == Layout.Blocked)
            && at.Inputs.Take(at.Inputs.Count - 1).All(x => x.Shape.Channels % at.Tier.Lanes == 0);
        if (at.Kind.SamplesInLanes || (at.Kind.Mixes && !blocks))
        {
            return at.With(Layout.SampleLanes, [.. at.InLanes().Inputs.Select(x => flat ? x.Compact : x)]);
        }

        return at.With(flat ? Layout.Flat : blocks ? Layout.Blocked : Layout.Planar);
    }

    public override TensorBuffer Forward(ForwardPass at)
    {
        TensorBuffer y = at.ResultToClear();
        var copies = new List<(TensorBuffer From, int Channel)>();
        int channel = 0;
        foreach (TensorBuffer x in at.ReadAll())
        {
            if (!ReferenceEquals(x.Root, y.Root) || x.Start != y.StartOf(channel))
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
                at.Builder.ClearHalo(y.Part(y.Name, x.Shape, first));
            }

            (string, string) step = (MethodName(at.Group), $"{at.Group.Label}: {x.Name}, {x.Shape}");
            BufferArgument place = Write(y, y.Origin + y.StartOf(first) - y.Start);
            if (y.Layout is Layout.SampleLanes or Layout.Blocked)
            {
                at.Builder.Map(step, null, Read(x), place, y.Layout == Layout.Blocked ? CostModel.Move(at.Tier, x.Shape.Length) : null);
            }
            else
            {
                at.Builder.Move(step, x, place);
            }
        }

        return y;
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardPass at)
    {
        var gradients = new List<TensorBuffer?>();
        int offset = at.Gradient.Origin;
        for (int i = 0; i < at.Group.Inputs.Count; i++)
        {
            TensorBuffer x = at.Saved.Inputs[i];
            TensorBuffer? target = at.Wants(i) ? at.Target(i, x.Shape) : null;
            if (target is not null)
            {
                at.Builder.Map(
                    (MethodName(at.Group, "Gradient"), $"backward of {at.Group.Label}: {at.Group.Inputs[i].Name}"), null,
                    Read(at.Gradient, offset), Write(target));
            }

            gradients.Add(target);
            offset += at.Gradient.StartOf(ChannelsIn(at.Group, x)) - at.Gradient.Start;
        }

        return gradients;
    }

    /// <summary>Channels of the joined tensor that an input fills; a flat view's elements are channels.</summary>
    private static int ChannelsIn(LayerGroup group, TensorBuffer x) => group.Head.Shape.Rank == 1 ? x.Shape.Length : x.Shape.Channels;
}
