using System;
using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

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
        Work.Over(WorkAxis.Channels, Apart.Layout == Layout.Blocked ? Apart.ChannelUnits : Apart.Shape.Channels);

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
