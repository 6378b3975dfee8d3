using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Moves one sample from one layout to another, or from or to the caller's tensor, whose rows have no gaps:
/// - between lanes of channels and rows of pixels, it transposes squares;
/// - if rows stay rows, it copies vectors;
/// - otherwise it copies single elements.
/// </summary>
/// <param name="SourceChannel">The address of a channel in the source.</param>
/// <param name="TargetChannel">The address of a channel in the target.</param>
/// <param name="Source">Strides of the source's rows and columns, and of its planes if zeros are between them.</param>
/// <param name="Target">Strides of the target's rows, columns and planes.</param>
internal sealed record ConvertLayoutKernel(
    Tier Tier, Shape Shape, ChannelAddress SourceChannel, ChannelAddress TargetChannel, Strides Source, Strides Target) : Kernel(Tier)
{
    /// <summary>Pixels of an item if all pixels are contiguous. Then a call takes some hundred cycles.</summary>
    private const int PixelsTogether = 256;

    /// <summary>Rows and columns of the squares that the runtime transposes.</summary>
    private const int Square = 4;

    public override string Summary => "Moves a tensor to another layout";

    public override Work WorkOf(IReadOnlyList<int> extents) => IsCopy ? Work.Whole
        : !IsToLanes && !IsFromLanes ? Work.Over(WorkAxis.Channels, Shape.Channels)
        : Work.Over(WorkAxis.Rows, TransposedItems.Aggregate(1, (items, loop) => items * Arithmetic.CeilingDivide(loop.Count, loop.Step)));

    /// <summary>
    /// Whether rows of pixels become vectors with a channel in each lane. If there are fewer channels than a square has, elements are moved
    /// one by one, which takes no more instructions.
    /// </summary>
    private bool IsToLanes => Shape.Channels >= Square && IsOfRows(SourceChannel, Source) && IsOfLanes(TargetChannel, Target);

    private bool IsFromLanes => Shape.Channels >= Square && IsOfLanes(SourceChannel, Source) && IsOfRows(TargetChannel, Target);

    private int Pixels => Shape.Rows * Shape.Width;

    /// <summary>Whether, in both tensors, the distance between planes continues that between rows.</summary>
    private bool HasGaps => Source.Plane != Shape.Height * Source.Row || Target.Plane != Shape.Height * Target.Row;

    /// <summary>The loops over rows. Planes without gaps between them are treated as one image.</summary>
    private (string Name, int Count, int Step)[] Rows =>
        [("plane", HasGaps ? Shape.Depth : 1, 1), ("row", HasGaps ? Shape.Height : Shape.Rows, 1)];

    /// <summary>
    /// What is transposed at a time: a row of pixels of a block of channels, or some pixels if all of them are contiguous.
    /// </summary>
    private (string Name, int Count, int Step)[] TransposedItems =>
        [("block", Arithmetic.CeilingDivide(Shape.Channels, Tier.Lanes), 1), .. IsOneRow ? [("pixel", Pixels, PixelsTogether)] : Rows];

    /// <summary>Whether all pixels of a channel are contiguous, in both tensors.</summary>
    private bool IsOneRow => !HasGaps && Source.Row == Shape.Width * Source.Column && Target.Row == Shape.Width * Target.Column;

    private bool MovesRows => Source.Column == 1 && Target.Column == 1;

    /// <summary>Whether there is nothing between channels and between rows. The tensor is then copied as a whole.</summary>
    private bool IsCopy =>
        MovesRows && Source.Row == Shape.Width && Target.Row == Shape.Width && SourceChannel.Block == 0 && TargetChannel.Block == 0
        && SourceChannel.Stride == Shape.Width * Shape.Rows && TargetChannel.Stride == SourceChannel.Stride;

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), output = k.Parameter("output");
        if (IsCopy)
        {
            k.Run(Intrinsics.Copy(input, output, Number.Named(Shape.Length, "length")));
            return;
        }

        if (IsToLanes || IsFromLanes)
        {
            RecordTransposition(k, input, output);
            return;
        }

        using (k.Items(out Index[] channel, ("channel", Shape.Channels, 1)))
        {
            Pointer x = k.PointTo("x", input[SourceChannel.At(channel[0])]), y = k.PointTo("y", output[TargetChannel.At(channel[0])]);
            using (k.Loops(out Index[] at, Rows))
            {
                Index from = Index.Sum((at[0], Source.Plane), (at[1], Source.Row)),
                    to = Index.Sum((at[0], Target.Plane), (at[1], Target.Row));
                if (MovesRows && Shape.Width >= Tier.Lanes)
                {
                    RowCopy.Record(k, k.PointTo("from", x[from]), k.PointTo("to", y[to]), Shape.Width);
                }
                else
                {
                    using (k.Loops(out Index[] column, ("column", Shape.Width, 1)))
                    {
                        k.Store(y[to + Index.Sum((column[0], Target.Column))], x[from + Index.Sum((column[0], Source.Column))].Value);
                    }
                }
            }
        }
    }

    private void RecordTransposition(KernelBuilder k, Pointer input, Pointer output)
    {
        int lanes = Tier.Lanes;
        using (k.Items(out Index[] at, TransposedItems))
        {
            Index channels = Shape.Channels <= lanes || Shape.Channels % lanes == 0 ? Math.Min(Shape.Channels, lanes)
                : k.LetInt("channels", Index.Min(lanes, Number.Named(Shape.Channels, "allChannels") - (at[0] * lanes)));
            Index pixels = !IsOneRow ? Number.Named(Shape.Width, "width") : Pixels <= PixelsTogether ? Number.Named(Pixels, "pixels")
                : Pixels % PixelsTogether == 0
                ? PixelsTogether : k.LetInt("pixels", Index.Min(PixelsTogether, Number.Named(Pixels, "allPixels") - at[1]));
            Index Place(ChannelAddress channel, Strides strides) =>
                Index.Sum((at[0], channel.Block == 0 ? channel.Stride * lanes : channel.Stride))
                + (IsOneRow ? Index.Sum((at[1], strides.Column)) : Index.Sum((at[1], strides.Plane), (at[2], strides.Row)));
            AddressOf from = new(input[Place(SourceChannel, Source)]), to = new(output[Place(TargetChannel, Target)]);
            Index Apart(ChannelAddress channel) => Number.Named(channel.Stride, "channelStride");
            k.Run(IsToLanes
                ? RuntimeApi.Pack(lanes).Call(from, Apart(SourceChannel), channels, pixels, to)
                : RuntimeApi.Unpack(lanes).Call(from, pixels, channels, to, Apart(TargetChannel)));
        }
    }

    private bool IsOfLanes(ChannelAddress channel, Strides strides) =>
        strides.Column == Tier.Lanes && channel is { LaneStep: 1 }
        && (channel.Block == Tier.Lanes || (channel is { Block: 0, Stride: 1 } && Shape.Channels <= Tier.Lanes));

    private static bool IsOfRows(ChannelAddress channel, Strides strides) => strides.Column == 1 && channel.Block == 0;
}
