using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>Writes the zeros of a tensor's halo, since the tensor's memory was used for something else before.</summary>
internal sealed record ClearHaloKernel(Tier Tier, int Channels, int Rows, int Columns, Halo Halo, Strides Strides) : Kernel(Tier)
{
    public override string Summary => "Zeros around a tensor, for kernels that read across its edges";

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Of(WorkAxis.Channels, Channels);

    protected override void Record(KernelBuilder k)
    {
        Pointer tensor = k.Parameter("tensor");
        int top = (Halo.Top * Strides.Row) + (Halo.Left * Strides.Column);
        int side = Strides.Row - (Columns * Strides.Column);
        int end = top + ((Rows - 1) * Strides.Row) + (Columns * Strides.Column);
        using (k.Items(out Index[] channel, ("channel", Channels, 1)))
        {
            Pointer t = k.PointTo("t", tensor[Index.Sum((channel[0], Strides.Channel))]);
            Clear(k, t, 0, top);
            if (side > 0 && Rows > 1)
            {
                using (k.For("row", 1, Rows, 1, out IndexVariable row))
                {
                    Index first = Number.Named(top + (Columns * Strides.Column) - Strides.Row, "sideOffset");
                    Clear(k, k.PointTo("side", t[Index.Sum((row, Strides.Row)) + first]), 0, side);
                }
            }

            Clear(k, t, end, Strides.Channel - end);
        }
    }

    private void Clear(KernelBuilder k, Pointer pointer, int offset, int count)
    {
        const int StoreLimit = 8;
        if (count <= 0)
        {
            return;
        }

        if (count % Tier.Lanes == 0 && count / Tier.Lanes <= StoreLimit)
        {
            for (int i = 0; i < count; i += Tier.Lanes)
            {
                k.Store(pointer[Number.Offset(offset, pointer.Name + "Offset") + i], 0);
            }
        }
        else
        {
            k.Run(Intrinsics.Clear(pointer[Number.Named(offset, pointer.Name + "Offset")], Number.Named(count, pointer.Name + "Length")));
        }
    }
}

/// <summary>
/// Transposes the samples of the caller's tensor (N, C, H, W) into lanes. A row of each of v samples becomes a row of vectors.
/// </summary>
/// <param name="SampleLength">The distance from one sample to the next.</param>
internal sealed record PackSamplesKernel(Tier Tier, TensorBuffer Target, int SampleLength) : Kernel(Tier)
{
    public override string Summary => "Samples of the surface to lanes";

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input");
        Index samples = k.IntParameter("samples");
        Pointer output = k.Parameter("output");
        SampleRows.Record(k, Target, (surface, tensor, length) => k.Run(RuntimeApi.Pack(Tier.Lanes).Call(
            new AddressOf(input[surface]),
            Number.Named(SampleLength, "sampleLength"), samples,
            Number.Named(length, "length"), new AddressOf(output[tensor]))));
    }

    // The name and the address of the tensor that is written do not change the nest.
    public bool Equals(PackSamplesKernel? other) =>
        other is not null && Tier == other.Tier && SampleLength == other.SampleLength && Target.Shape == other.Target.Shape
        && Target.Halo == other.Target.Halo;

    public override int GetHashCode() => Target.Shape.GetHashCode();
}

/// <summary>
/// Moves the samples of a block into lanes, or from lanes to the samples' own tensors. Lanes without a sample become zero.
/// </summary>
internal sealed record SampleMovesKernel(Tier Tier, TensorBuffer Source, TensorBuffer Target) : Kernel(Tier)
{
    public override string Summary => ToLanes ? "Samples that lie apart to lanes" : "Lanes to samples that lie apart";

    private bool ToLanes => Target.Layout == Layout.SampleLanes;

    private TensorBuffer Apart => ToLanes ? Source : Target;

    public override Work WorkOf(IReadOnlyList<int> extents) =>
        Work.Of(WorkAxis.Channels, Apart.Layout == Layout.Blocked ? Apart.ChannelUnits : Apart.Shape.Channels);

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), output = k.Parameter("output");
        Index samples = k.IntParameter("samples"), stride = k.IntParameter("sampleStride");
        TensorBuffer apart = Apart, lanes = ToLanes ? Target : Source;
        Shape shape = apart.Shape;
        bool isBlocked = apart.Layout == Layout.Blocked;
        int block = isBlocked ? Tier.Lanes : 1, units = isBlocked ? apart.ChannelUnits : shape.Channels;
        using (k.Items(out Index[] unit, ("unit", units, 1)))
        {
            Index of = block == 1 || shape.Channels % block == 0 ? block
                : k.LetInt("channels", Index.Min(block, Number.Named(shape.Channels, "allChannels") - (unit[0] * block)));
            using (k.Loops(out Index[] at, ("plane", shape.Depth, 1), ("row", shape.Height, 1), ("column", shape.Width, 1)))
            {
                Index Place(TensorBuffer tensor) =>
                    Index.Sum((at[0], tensor.PlanePitch), (at[1], tensor.RowPitch), (at[2], tensor.ColumnPitch));
                Pointer[] pixel = k.PointTo(
                    ("p", (ToLanes ? input : output)[Index.Sum((unit[0], apart.ChannelPitch)) + Place(apart)]),
                    ("l", (ToLanes ? output : input)[Index.Sum((unit[0], block * lanes.ChannelPitch)) + Place(lanes)]));
                if (!ToLanes && isBlocked && shape.Channels % block != 0)
                {
                    using (k.For("sample", 0, samples, 1, out IndexVariable sample))
                    {
                        k.Store(pixel[0][sample * stride], 0);
                    }
                }

                using (block == 1 ? default : k.For("c", 0, of, 1, out _))
                {
                    Index c = block == 1 ? 0 : new IndexVariable("c");
                    Pointer vector = k.PointTo("v", pixel[1][Index.Sum((c, lanes.ChannelPitch))]);
                    if (ToLanes)
                    {
                        k.Store(vector, 0);
                    }

                    using (k.For("sample", 0, samples, 1, out IndexVariable sample))
                    {
                        Reference one = pixel[0][(sample * stride) + c], lane = vector[sample];
                        k.Store(ToLanes ? lane : one, (ToLanes ? one : lane).Value);
                    }
                }
            }
        }
    }

    // Names and addresses do not change the nest.
    public bool Equals(SampleMovesKernel? other) =>
        other is not null && Tier == other.Tier && AreAlike(Source, other.Source) && AreAlike(Target, other.Target);

    public override int GetHashCode() => Source.Shape.GetHashCode();

    private static bool AreAlike(TensorBuffer a, TensorBuffer b) => a.Shape == b.Shape && a.Layout == b.Layout && a.Halo == b.Halo;
}

/// <summary>Transposes the vectors of a flat tensor: each lane becomes a row.</summary>
internal sealed record RowsOfLanesKernel(Tier Tier) : Kernel(Tier)
{
    public override string Summary => "Lanes to rows";

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), output = k.Parameter("output");
        Index count = k.IntParameter("count"), rowLength = k.IntParameter("rowLength");
        k.Run(RuntimeApi.Unpack(Tier.Lanes).Call(
            new AddressOf(input), count, (Index)Tier.Lanes,
            new AddressOf(output), rowLength));
    }
}

/// <summary>Transposes samples from lanes to the caller's order (N, C, H, W).</summary>
/// <param name="SampleLength">The distance from one sample to the next.</param>
internal sealed record UnpackSamplesKernel(Tier Tier, TensorBuffer Source, int SampleLength) : Kernel(Tier)
{
    public override string Summary => "Lanes to samples";

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input");
        Index samples = k.IntParameter("samples");
        Pointer output = k.Parameter("output");
        SampleRows.Record(k, Source, (surface, tensor, length) => k.Run(RuntimeApi.Unpack(Tier.Lanes).Call(
            new AddressOf(input[tensor]), Number.Named(length, "length"), samples,
            new AddressOf(output[surface]), Number.Named(SampleLength, "sampleLength"))));
    }
}

/// <summary>Records loops over the contiguous parts of a tensor with samples in lanes: its rows, or all of it.</summary>
internal static class SampleRows
{
    /// <param name="body">Gets the offsets of a part in the caller's tensor and in this one, and its length.</param>
    public static void Record(KernelBuilder k, TensorBuffer tensor, Action<Index, Index, int> body)
    {
        Shape shape = tensor.Shape;
        if (tensor.IsCompact)
        {
            body(0, 0, shape.Length);
            return;
        }

        using (k.Loops(out Index[] at, ("channel", shape.Channels, 1), ("row", shape.Rows, 1)))
        {
            body(
                Index.Sum((at[0], shape.Rows * shape.Width), (at[1], shape.Width)),
                Index.Sum((at[0], tensor.ChannelPitch), (at[1], tensor.RowPitch)),
                shape.Width);
        }
    }
}

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
        : !IsToLanes && !IsFromLanes ? Work.Of(WorkAxis.Channels, Shape.Channels)
        : Work.Of(WorkAxis.Rows, TransposedItems.Aggregate(1, (items, loop) => items * Arithmetic.CeilingDivide(loop.Count, loop.Step)));

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
            Pointer x = k.PointTo("x", input[SourceChannel.Of(channel[0])]), y = k.PointTo("y", output[TargetChannel.Of(channel[0])]);
            using (k.Loops(out Index[] at, Rows))
            {
                Index from = Index.Sum((at[0], Source.Plane), (at[1], Source.Row)),
                    to = Index.Sum((at[0], Target.Plane), (at[1], Target.Row));
                if (MovesRows && Shape.Width >= Tier.Lanes)
                {
                    RecordRow(k, k.PointTo("from", x[from]), k.PointTo("to", y[to]));
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

    /// <summary>Copies a row in whole vectors. The last vector ends with the row, and may overlap the one before it.</summary>
    private void RecordRow(KernelBuilder k, Pointer from, Pointer to)
    {
        const int UnrollLimit = 4;
        int lanes = Tier.Lanes, whole = Shape.Width / lanes;
        if (whole <= UnrollLimit)
        {
            for (int i = 0; i < whole; i++)
            {
                k.Store(to[i * lanes], Load(from, i * lanes));
            }
        }
        else
        {
            using (k.For("column", 0, whole * lanes, lanes, out IndexVariable column))
            {
                k.Store(to[column], Load(from, column));
            }
        }

        if (Shape.Width % lanes != 0)
        {
            Index last = Number.Offset(Shape.Width - lanes, "lastColumn");
            k.Store(to[last], Load(from, last));
        }
    }
}

/// <summary>Zeros.</summary>
internal sealed record ClearKernel(Tier Tier) : Kernel(Tier)
{
    public override string Summary => "Zeros";

    protected override void Record(KernelBuilder k) => k.Run(Intrinsics.Clear(k.Parameter("target"), k.IntParameter("length")));
}
