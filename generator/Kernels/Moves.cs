using Strata.Generator.Graph;
using Strata.Generator.Printing;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Kernels;

/// <summary>Makes the zeros around a tensor, since the memory held something else before.</summary>
internal sealed record ClearHaloKernel(Tier Tier, int Channels, int Rows, int Columns, Halo Halo, Walk Walk) : Kernel(Tier)
{
    public override string Summary => "Zeros around a tensor, for kernels that read across its edges";

    public override string Parameters => "ref float tensor";

    public override void WriteBody(SourceWriter writer)
    {
        int top = (Halo.Top * Walk.Row) + (Halo.Left * Walk.Column);
        int side = Walk.Row - (Columns * Walk.Column);
        int end = top + ((Rows - 1) * Walk.Row) + (Columns * Walk.Column);
        using (writer.For("channel", Channels))
        {
            writer.Line($"ref float t = {Ref("tensor", Channels > 1 ? Sum(("channel", Walk.Channel)) : "0")};");
            Clear(writer, "t", 0, top);
            if (side > 0 && Rows > 1)
            {
                using (writer.Block($"for (int row = 1; row < {Number(Rows)}; row++)"))
                {
                    int first = top + (Columns * Walk.Column) - Walk.Row;
                    writer.Line($"ref float side = ref Unsafe.Add(ref t, {Sum(("row", Walk.Row))}{(first < 0 ? " - " + Number(-first) : " + " + Number(first))});");
                    Clear(writer, "side", 0, side);
                }
            }

            Clear(writer, "t", end, Walk.Channel - end);
        }
    }

    private void Clear(SourceWriter writer, string array, int offset, int count)
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
                writer.Line(Store("Vector.Zero", array, offset + i));
            }
        }
        else
        {
            writer.Line($"MemoryMarshal.CreateSpan({Ref(array, Number(offset))}, {Number(count)}).Clear();");
        }
    }
}

/// <summary>Brings samples of the surface (N, C, H, W) into lanes: a transposition of v samples by the elements of a row.</summary>
/// <param name="SampleLength">From one sample to the next.</param>
internal sealed record PackSamplesKernel(Tier Tier, TensorBuffer Target, int SampleLength) : Kernel(Tier)
{
    public override string Summary => "Samples of the surface to lanes";

    public override string Parameters => "ref float input, int samples, ref float output";

    public override void WriteBody(SourceWriter writer)
    {
        Shape shape = Target.Shape;
        string pack = $"SampleLanes.Pack{Number(Tier.Lanes)}";
        if (Target.IsCompact)
        {
            writer.Line($"{pack}(ref input, {Number(SampleLength)}, samples, {Number(shape.Length)}, ref output);");
            return;
        }

        using (writer.For(("channel", shape.Channels, 1), ("row", shape.Rows, 1)))
        {
            string channel = shape.Channels > 1 ? "channel" : "", row = shape.Rows > 1 ? "row" : "";
            string source = Ref("input", Sum((channel, shape.Rows * shape.Width), (row, shape.Width)));
            string target = Ref("output", Sum((channel, Target.ChannelPitch), (row, Target.RowPitch)));
            writer.Line($"{pack}({source}, {Number(SampleLength)}, samples, {Number(shape.Width)}, {target});");
        }
    }

    // The target's name and place do not change the text.
    public bool Equals(PackSamplesKernel? other) =>
        other is not null && Tier == other.Tier && SampleLength == other.SampleLength && Target.Shape == other.Target.Shape && Target.Halo == other.Target.Halo;

    public override int GetHashCode() => Target.Shape.GetHashCode();
}

/// <summary>Takes the vectors of a flat tensor out of their lanes, a row for each lane.</summary>
internal sealed record RowsOfLanesKernel(Tier Tier) : Kernel(Tier)
{
    public override string Summary => "Lanes to rows";

    public override string Parameters => "ref float input, ref float output, int count, int rowLength";

    public override void WriteBody(SourceWriter writer) =>
        writer.Line($"SampleLanes.Unpack{Number(Tier.Lanes)}(ref input, count, {Number(Tier.Lanes)}, ref output, rowLength);");
}

/// <summary>Takes samples out of their lanes, into the order of the surface.</summary>
/// <param name="SampleLength">From one sample to the next.</param>
internal sealed record UnpackSamplesKernel(Tier Tier, TensorBuffer Source, int SampleLength) : Kernel(Tier)
{
    public override string Summary => "Lanes to samples";

    public override string Parameters => "ref float input, int samples, ref float output";

    public override void WriteBody(SourceWriter writer)
    {
        Shape shape = Source.Shape;
        string unpack = $"SampleLanes.Unpack{Number(Tier.Lanes)}";
        if (Source.IsCompact)
        {
            writer.Line($"{unpack}(ref input, {Number(shape.Length)}, samples, ref output, {Number(SampleLength)});");
            return;
        }

        using (writer.For(("channel", shape.Channels, 1), ("row", shape.Rows, 1)))
        {
            string channel = shape.Channels > 1 ? "channel" : "", row = shape.Rows > 1 ? "row" : "";
            string source = Ref("input", Sum((channel, Source.ChannelPitch), (row, Source.RowPitch)));
            string target = Ref("output", Sum((channel, shape.Rows * shape.Width), (row, shape.Width)));
            writer.Line($"{unpack}({source}, {Number(shape.Width)}, samples, {target}, {Number(SampleLength)});");
        }
    }
}

/// <summary>
/// Moves one sample from one layout to another (or from and to the surface, whose rows have no gaps), element by element where
/// the layouts differ in what is contiguous, row by row where they do not.
/// </summary>
/// <param name="SourceChannel">Where a channel stands in the source.</param>
/// <param name="TargetChannel">Where a channel stands in the target.</param>
/// <param name="Source">Strides of the source's rows and columns, and of its planes where zeros lie between them.</param>
/// <param name="Target">Strides of the target's rows, columns and planes.</param>
internal sealed record ConvertLayoutKernel(
    Tier Tier, Shape Shape, ChannelAddress SourceChannel, ChannelAddress TargetChannel, Walk Source, Walk Target) : Kernel(Tier)
{
    public override string Summary => "Moves a tensor to another layout";

    public override string Parameters => "ref float input, ref float output";

    public override void WriteBody(SourceWriter writer)
    {
        bool rows = Source.Column == 1 && Target.Column == 1;
        bool whole = rows && Source.Row == Shape.Width && Target.Row == Shape.Width && SourceChannel.Block == 0 && TargetChannel.Block == 0
            && SourceChannel.Stride == Shape.Width * Shape.Rows && TargetChannel.Stride == SourceChannel.Stride;
        if (whole)
        {
            writer.Line($"MemoryMarshal.CreateReadOnlySpan(ref input, {Number(Shape.Length)}).CopyTo(MemoryMarshal.CreateSpan(ref output, {Number(Shape.Length)}));");
            return;
        }

        using (writer.For("channel", Shape.Channels))
        {
            string source = "0", target = "0";
            if (Shape.Channels > 1)
            {
                (source, target) = (SourceChannel.Of("channel"), TargetChannel.Of("channel"));
            }

            writer.Line($"ref float x = {Ref("input", source)};");
            writer.Line($"ref float y = {Ref("output", target)};");
            // The rows of planes without gaps are those of one image.
            bool gaps = Source.Plane != Shape.Height * Source.Row || Target.Plane != Shape.Height * Target.Row;
            (int depth, int height) = gaps ? (Shape.Depth, Shape.Height) : (1, Shape.Rows);
            using (writer.For(("plane", depth, 1), ("row", height, 1)))
            {
                string plane = depth > 1 ? "plane" : "", row = height > 1 ? "row" : "";
                if (rows && Shape.Width >= Tier.Lanes)
                {
                    writer.Line($"ref float from = {Ref("x", Sum((plane, Source.Plane), (row, Source.Row)))};");
                    writer.Line($"ref float to = {Ref("y", Sum((plane, Target.Plane), (row, Target.Row)))};");
                    WriteRow(writer);
                }
                else
                {
                    using (writer.For("column", Shape.Width))
                    {
                        string column = Shape.Width > 1 ? "column" : "";
                        writer.Line(
                            $"Unsafe.Add(ref y, {Sum((plane, Target.Plane), (row, Target.Row), (column, Target.Column))}) = Unsafe.Add(ref x, {Sum((plane, Source.Plane), (row, Source.Row), (column, Source.Column))});");
                    }
                }
            }
        }
    }

    /// <summary>Whole vectors, the last one moved back so that it ends with the row.</summary>
    private void WriteRow(SourceWriter writer)
    {
        const int UnrollLimit = 4;
        int lanes = Tier.Lanes, whole = Shape.Width / lanes;
        if (whole <= UnrollLimit)
        {
            for (int i = 0; i < whole; i++)
            {
                writer.Line(Store(Load("from", i * lanes), "to", i * lanes));
            }
        }
        else
        {
            using (writer.Block($"for (int column = 0; column < {Number(whole * lanes)}; column += {Number(lanes)})"))
            {
                writer.Line("Simd.LoadUnsafe(ref from, (nuint)column).StoreUnsafe(ref to, (nuint)column);");
            }
        }

        if (Shape.Width % lanes != 0)
        {
            writer.Line(Store(Load("from", Shape.Width - lanes), "to", Shape.Width - lanes));
        }
    }
}

/// <summary>Zeros.</summary>
internal sealed record ClearKernel(Tier Tier) : Kernel(Tier)
{
    public override string Summary => "Zeros";

    public override string Parameters => "ref float target, int length";

    public override void WriteBody(SourceWriter writer) => writer.Line("MemoryMarshal.CreateSpan(ref target, length).Clear();");
}
