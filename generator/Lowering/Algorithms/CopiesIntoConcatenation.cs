using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Kernels;
using static Strata.Generator.Lowering.ProgramBuilder;

namespace Strata.Generator.Lowering.Algorithms;

/// <summary>All inputs one behind the other along the channels, each copied to its place.</summary>
internal sealed class CopiesIntoConcatenation : Algorithm
{
    public static readonly CopiesIntoConcatenation Instance = new();

    public override GroupLayout Arrange(LayoutRequest at)
    {
        bool flat = at.Group.Head.Shape.Rank == 1;
        if (at.Kind.SamplesInLanes)
        {
            return at.With(Layout.SampleLanes, [.. at.Inputs.Select(x => flat ? x.Compact : x)]);
        }

        // Blocks of channels stay whole where each branch but the last fills its blocks.
        bool blocks = !flat && at.Inputs.All(x => x.Layout == Layout.Blocked)
            && at.Inputs.Take(at.Inputs.Count - 1).All(x => x.Shape.Channels % at.Tier.Lanes == 0);
        return at.With(flat ? Layout.Flat : blocks ? Layout.Blocked : Layout.Planar);
    }

    public override TensorBuffer Forward(ForwardPass at)
    {
        TensorBuffer y = at.Result();
        int channel = 0;
        for (int i = 0; i < at.Group.Inputs.Count; i++)
        {
            TensorBuffer x = at.Read(i);
            bool inLanes = y.Layout is Layout.SampleLanes, whole = inLanes || y.Layout == Layout.Blocked, flat = y.Layout == Layout.Flat;
            Kernel kernel = whole
                ? new ActivationKernel(at.Tier, null, VectorGrid.Of(x, y), VectorGrid.WalkOf(x), VectorGrid.WalkOf(y))
                : new ConvertLayoutKernel(
                    at.Tier, x.Shape, ChannelsOf(x), flat ? FeaturesOf(x.Shape) : ChannelsOf(y),
                    WalkOf(x), flat ? WalkOfFeatures(x.Shape) : WalkOf(y));
            int unit = y.Layout == Layout.Blocked ? channel / at.Tier.Lanes : channel;
            at.Builder.Add(
                MethodName(at.Group), $"{at.Group.Label}: {x.Name}, {x.Shape}", kernel,
                inLanes ? CostModel.Elementwise(at.Tier, x.Shape.Length) : CostModel.Move(at.Tier, x.Shape.Length),
                Read(x), Write(y, y.Origin + (unit * y.ChannelPitch)));
            channel += ChannelsIn(at.Group, x);
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
                at.Builder.Add(
                    MethodName(at.Group, "Gradient"), $"backward of {at.Group.Label}: {at.Group.Inputs[i].Name}",
                    new ActivationKernel(
                        at.Tier, null, VectorGrid.Of(target, at.Gradient), VectorGrid.WalkOf(at.Gradient), VectorGrid.WalkOf(target)), 0,
                    Read(at.Gradient, offset), Write(target));
            }

            gradients.Add(target);
            offset += ChannelsIn(at.Group, x) * at.Gradient.ChannelPitch;
        }

        return gradients;
    }

    /// <summary>Channels of the joined tensor that an input fills; a flat view's elements are channels.</summary>
    private static int ChannelsIn(LayerGroup group, TensorBuffer x) => group.Head.Shape.Rank == 1 ? x.Shape.Length : x.Shape.Channels;
}
