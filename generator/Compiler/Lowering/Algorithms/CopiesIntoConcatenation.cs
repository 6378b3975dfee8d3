using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>Concatenates all inputs along the channels. An input is copied to its place unless it was computed there.</summary>
internal sealed class CopiesIntoConcatenation : Algorithm
{
    public override GroupLayout Arrange(LayoutRequest at)
    {
        bool flat = at.Group.Head.Shape.Rank == 1;
        bool blocks = !flat
            && (at.Kind.Mixes ? at.Inputs.All(x => x.Layout == Layout.Blocked) : at.Inputs.Any(x => x.Layout == Layout.Blocked));
        if (at.Kind.SamplesInLanes || (at.Kind.Mixes && !blocks))
        {
            return at.With(Layout.SampleLanes, [.. at.InLanes().Inputs.Select(x => flat ? x.Compact : x)]);
        }

        return blocks ? at.With(Layout.Blocked, [.. at.Inputs.Select(x => x.In(Layout.Blocked))])
            : at.With(flat ? Layout.Flat : Layout.Planar);
    }

    public override TensorBuffer Forward(ForwardContext at)
    {
        TensorBuffer y = at.ResultToClear();
        var copies = new List<(TensorBuffer From, int Channel)>();
        int channel = 0;
        foreach (TensorBuffer x in at.ReadAll())
        {
            if (BeginsInside(y, channel) || !ReferenceEquals(x.Root, y.Root) || x.Start != y.StartOf(channel))
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
                // The producers of the other parts have cleared their halos.
                ClearHalo(at.Builder, y, x.Shape, first);
            }

            (string Name, string Comment) step = (MethodName(at.Group), $"{at.Group.Label}: {x.Name}, {x.Shape}");
            int place = y.Origin + y.StartOf(first) - y.Start;
            if (BeginsInside(y, first))
            {
                Shift(at.Builder, step, x.Shape, first, Read(x), Update(y, place));
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

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardContext at)
    {
        var gradients = new List<TensorBuffer?>();
        int channel = 0;
        for (int i = 0; i < at.Group.Inputs.Count; i++)
        {
            TensorBuffer x = at.Saved.Inputs[i];
            TensorBuffer? target = at.Wants(i) ? at.Target(i, x.Shape) : null;
            int end = channel + ChannelsIn(at.Group, x);
            if (target is not null)
            {
                (string Name, string Comment) step = (MethodName(at.Group, "Gradient"),
                    $"backward of {at.Group.Label}: {at.Group.Inputs[i].Name}");
                BufferOperand part = Read(at.Gradient, at.Gradient.Origin + at.Gradient.StartOf(channel) - at.Gradient.Start);
                if (BeginsInside(at.Gradient, channel) || (BeginsInside(at.Gradient, end) && i < at.Group.Inputs.Count - 1))
                {
                    Shift(at.Builder, step, x.Shape, channel, part, Write(target));
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

    /// <summary>Whether a channel of a joined tensor is inside of a block, not at its beginning.</summary>
    private static bool BeginsInside(TensorBuffer joined, int channel) => joined.Layout == Layout.Blocked && channel % joined.Lanes != 0;

    /// <summary>
    /// Moves a part into the joined tensor, or out of it. Moving it in also reads the lanes before the part, since these must stay.
    /// </summary>
    /// <param name="channel">The channel of the joined tensor at which the part begins.</param>
    private static void Shift(
        ProgramBuilder builder, (string Name, string Comment) step, Shape part, int channel, BufferOperand from, BufferOperand to) =>
        builder.Add(
            step.Name, step.Comment,
            new BlockShiftKernel(
                builder.Tier, part.Channels, channel % builder.Tier.Lanes, Joins: to.Access == KernelLanguage.Access.ReadWrite,
                part.Rows, part.Width, VectorGrid.StridesOf(from.Buffer), VectorGrid.StridesOf(to.Buffer)),
            StepCosts.Elementwise(
                builder.Tier, part.Rows * part.Width * Arithmetic.CeilingDivide(part.Channels, builder.Tier.Lanes), operands: 2),
            from, to);

    /// <summary>
    /// Clears the halo of a part that is copied. A block that it shares with the part before it has a clear halo already.
    /// </summary>
    private static void ClearHalo(ProgramBuilder builder, TensorBuffer y, Shape shape, int first)
    {
        int block = y.Layout == Layout.Blocked ? y.Lanes : 1, own = Arithmetic.RoundUp(first, block),
            end = Arithmetic.RoundUp(first + shape.Channels, block);
        if (own < end)
        {
            builder.ClearHalo(y.Part(y.Name, shape with { Channels = end - own }, own));
        }
    }

    /// <summary>How many channels of the joined tensor an input fills. In a flat view, each element is a channel.</summary>
    private static int ChannelsIn(LayerGroup group, TensorBuffer x) => group.Head.Shape.Rank == 1 ? x.Shape.Length : x.Shape.Channels;
}
