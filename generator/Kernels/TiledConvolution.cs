using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Printing;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Kernels;

/// <summary>What the lanes of a convolution's accumulators are.</summary>
internal enum ConvolutionForm
{
    /// <summary>One output of v samples: inputs are vectors, weights are broadcast.</summary>
    SampleLanes,

    /// <summary>v output channels of one pixel: weights are vectors, inputs are broadcast.</summary>
    ChannelLanes,

    /// <summary>v channels of one pixel, each with filters of its own: weights and inputs are vectors. Groups are blocks of channels.</summary>
    Depthwise,

    /// <summary>v neighbours of one row: inputs are vectors at any column, weights are broadcast.</summary>
    RowLanes,
}

/// <summary>The outputs that are held in registers at a time. Columns count vectors where lanes run along the rows.</summary>
internal readonly record struct Tile(int Channels, int Rows, int Columns)
{
    public int Accumulators => Channels * Rows * Columns;
}

/// <summary>The taps of a kernel along one axis: how far input and weights move from one tap to the next, in floats.</summary>
internal readonly record struct Taps(int Count, int InputStep, int WeightStep);

/// <summary>
/// A number that is found from a channel: channel × stride, or where channels lie in blocks of some lanes,
/// block × stride + lane × step.
/// </summary>
internal readonly record struct ChannelAddress(int Stride, int Block = 0, int LaneStep = 1)
{
    public string Of(string channel) => Block == 0
        ? Sum((channel, Stride))
        : channel.Length == 0 ? "0" : Sum(($"{channel} / {Number(Block)}", Stride), ($"{channel} % {Number(Block)}", LaneStep));

    /// <summary>The same as a term of a sum.</summary>
    public (string Variable, int Stride) Term(string channel) =>
        Block == 0 ? (channel, Stride) : (channel.Length == 0 ? "" : Of(channel), 1);

    /// <summary>From one channel to the next inside a block.</summary>
    public int Step => Block == 0 ? Stride : LaneStep;
}

/// <summary>Pooling of whole tiles of a convolution's outputs while they are in registers.</summary>
internal readonly record struct FusedPool(PoolingKind Kind, int Height, int Width)
{
    public int Area => Height * Width;

    /// <summary>Bits that tell which element of the window was the largest.</summary>
    public int IndexBits => BitsFor(Area);

    public static int BitsFor(int area)
    {
        int bits = 0;
        while (1 << bits < area)
        {
            bits++;
        }

        return bits;
    }
}

/// <summary>Strides of a tensor's rows and columns that a kernel walks, in floats per output.</summary>
internal readonly record struct Walk(int Channel, int Row, int Column)
{
    /// <summary>That of its planes, for kernels which do not take their rows for those of one image.</summary>
    public int Plane { get; init; }
}

/// <summary>What happens to the accumulators before they are stored.</summary>
/// <param name="Bias">Whether they begin with a bias.</param>
/// <param name="Scaled">Whether each channel is then multiplied by its <c>scale</c> and moved by its <c>shift</c>.</param>
/// <param name="Activation">Applied behind the sum, before pooling.</param>
/// <param name="Pool">Pooling in registers.</param>
/// <param name="RecordIndices">Whether the index of each window's maximum is kept for backward, in planes of bits.</param>
/// <param name="Gradient">Multiplies by the gradient of this activation, whose outputs are the argument <c>activation</c>.</param>
/// <param name="GradientWalk">Where those outputs lie.</param>
/// <param name="ValidLanes">Row lanes only: columns of the last vector that exist; the others become zero. 0: all.</param>
internal sealed record Epilogue(
    bool Bias = false,
    bool Scaled = false,
    Activation? Activation = null,
    FusedPool? Pool = null,
    bool RecordIndices = false,
    Activation? Gradient = null,
    Walk GradientWalk = default,
    int ValidLanes = 0);

/// <summary>
/// Direct convolution with a tile of outputs in registers: for each input channel and tap one operand of the tile's pixels
/// and one of its channels are multiplied crosswise. The same nest serves forward, and backward to the input, which is a
/// convolution of the output's gradient with the turned filter; they differ in addresses only.
/// </summary>
/// <param name="Channels">Output channels, or blocks of them with channel lanes; per group.</param>
/// <param name="Rows">Rows of outputs, before pooling.</param>
/// <param name="Columns">Columns of outputs, or vectors of them with row lanes; before pooling.</param>
/// <param name="InputChannels">Channels that are summed over; per group.</param>
/// <param name="Input">How far the input moves from one output row or column to the next.</param>
/// <param name="InputChannel">Where an input channel stands.</param>
/// <param name="Output">Strides of the output (after pooling).</param>
/// <param name="WeightOfOutput">Where the weights of an output channel stand.</param>
/// <param name="WeightOfInput">Where the weights of an input channel stand.</param>
/// <param name="GroupWalk">How far input, output (and, per channel, bias) move from group to group, and where the weights of a group stand.</param>
/// <param name="Planes">Planes of outputs.</param>
/// <param name="Depth">The taps along them.</param>
internal sealed record TiledConvolution(
    Tier Tier,
    ConvolutionForm Form,
    int Channels,
    int Rows,
    int Columns,
    int InputChannels,
    Tile Tile,
    Taps Vertical,
    Taps Horizontal,
    Walk Input,
    ChannelAddress InputChannel,
    Walk Output,
    ChannelAddress WeightOfOutput,
    ChannelAddress WeightOfInput,
    Epilogue Epilogue,
    int Groups = 1,
    (int Input, ChannelAddress Weight, int Output, int Bias) GroupWalk = default,
    int Planes = 1,
    Taps Depth = default) : Kernel(Tier)
{
    /// <summary>
    /// Up to this many multiply-adds the horizontal taps are written out. A tile of 24 hides its loop: the columns of a 5×5
    /// filter written out ran at the same speed (250 to 255 GFLOP/s either way on Zen 5), took three times the text, and let the
    /// JIT keep inputs from tap to tap in registers that it then had to spill. A single sample of LeNet-5 became 7 % faster when
    /// the limit fell from 40 to about 20. Below that, the loop would take as long as the few multiply-adds inside it.
    /// </summary>
    public const int UnrollLimit = 20;

    private FusedPool Pool => Epilogue.Pool ?? new FusedPool(PoolingKind.Max, 1, 1);

    private bool LanesAreChannels => Form is ConvolutionForm.ChannelLanes or ConvolutionForm.Depthwise;

    private bool Pools => Epilogue.Pool is not null;

    /// <summary>A mean is that of the activations; a maximum commutes with those that increase, and costs fewer of them.</summary>
    private bool ActivatesBeforePool => Pools && (Pool.Kind == PoolingKind.Average || Epilogue.Activation is { IsIncreasing: false });

    /// <summary>With row lanes two neighbouring vectors make one of their pairs; a single vector stands for both.</summary>
    private int PoolColumns => Form == ConvolutionForm.RowLanes ? Math.Min(Pool.Width, Columns) : Pool.Width;

    public override string Summary => $"Direct convolution, {Form switch
    {
        ConvolutionForm.SampleLanes => $"a sample per lane; in registers {Registers("channel", "column")}",
        ConvolutionForm.ChannelLanes => $"lanes are output channels; in registers {Registers("vector", "column")}",
        ConvolutionForm.Depthwise => $"a filter for each channel, lanes are channels; in registers {Registers("vector", "column")}",
        _ => $"lanes run along a row; in registers {Registers("channel", "vector")}",
    }}";

    /// <summary>2 channels × 4 rows × 3 vectors; of what there is one only is not said.</summary>
    private string Registers(string channel, string column)
    {
        string several = string.Join(
            " × ", new[] { (Tile.Channels, channel), (Tile.Rows, "row"), (Tile.Columns, column) }.Where(e => e.Item1 > 1).Select(e => Count(e.Item1, e.Item2)));
        return several.Length > 0 ? several : Count(1, channel);
    }

    public override string Parameters =>
        "ref float input, ref float weight"
        + (Epilogue.Bias ? ", ref float bias" : "")
        + (Epilogue.Scaled ? ", ref float scale, ref float shift" : "")
        + (Epilogue.Gradient is not null ? ", ref float activation" : "")
        + ", ref float output"
        + (Epilogue.RecordIndices ? ", ref Bits indices" : "");

    /// <summary>
    /// The sum of an output: blocks of whole input channels, or of parts of one whose taps are many. The same for every form, so that a sample's
    /// result does not depend on it.
    /// </summary>
    private TileSums Sums => new(
        SumCut.Of(SumCut.Products, InputChannels, Math.Max(1, Depth.Count), Vertical.Count, Horizontal.Count),
        [.. TileElements().Select(e => (Accumulator(e.Channel, e.Row, e.Column), InitialValue(e.Channel)))]);

    public override void WriteBody(SourceWriter writer)
    {
        int tileRows = Tile.Rows / Pool.Height, tileColumns = Tile.Columns / PoolColumns;
        int rows = Rows / Pool.Height, columns = Columns / PoolColumns;
        if (Epilogue.ValidLanes > 0)
        {
            writer.Line($"Vector tail = Simd.LessThan(Simd.CreateSequence(0f, 1f), Simd.Create({Single(Epilogue.ValidLanes)}));");
        }

        Sums.Declare(writer);
        using (writer.For(
            ("group", Groups, 1), ("channel", Channels, Tile.Channels), ("plane", Planes, 1), ("tileRow", rows, tileRows),
            ("tileColumn", columns, tileColumns)))
        {
            WriteTile(
                writer,
                Groups > 1 ? "group" : "",
                Channels > Tile.Channels ? "channel" : "",
                Planes > 1 ? "plane" : "",
                DeclareStart(writer, "row", "tileRow", rows, tileRows),
                DeclareStart(writer, "column", "tileColumn", columns, tileColumns));
        }
    }

    /// <summary>A last tile that would reach beyond the end begins earlier and writes some outputs a second time.</summary>
    private static string DeclareStart(SourceWriter writer, string variable, string loop, int count, int step)
    {
        if (count <= step)
        {
            return "";
        }

        if (count % step == 0)
        {
            return loop;
        }

        writer.Line($"int {variable} = Math.Min({loop}, {Number(count - step)});");
        return variable;
    }

    private void WriteTile(SourceWriter writer, string group, string channel, string plane, string row, string column)
    {
        string inputOffset = Sum(
            (group, GroupWalk.Input), (plane, Input.Plane), (row, Input.Row * Pool.Height), (column, Input.Column * PoolColumns));
        string weightOffset = Sum(GroupWalk.Weight.Term(group), (channel.Length == 0 ? "" : WeightOfOutput.Of(channel), 1));
        bool sums = InputChannels > 1 || Depth.Count > 1;
        string inputs = Start(writer, sums ? "inputs" : "x", "input", inputOffset, sums);
        string weights = Start(writer, sums ? "weights" : "w", "weight", weightOffset, sums);
        if (Epilogue.Bias)
        {
            writer.Line($"ref float b = {Ref("bias", Sum((group, GroupWalk.Bias), (channel, LanesAreChannels ? Tier.Lanes : 1)))};");
        }

        TileSums blocks = Sums;
        blocks.Begin(writer);
        blocks.Loop(writer, 0, [("c", InputChannels, 1), ("kz", Depth.Count, 1)], () =>
        {
            if (sums)
            {
                string c = InputChannels > 1 ? "c" : "";
                writer.Line($"ref float x = {Ref(inputs, OfTap(InputChannel.Of(c), Depth.InputStep))};");
                writer.Line($"ref float w = {Ref(weights, OfTap(WeightOfInput.Of(c), Depth.WeightStep))};");
            }

            blocks.Loop(writer, 2, [("ky", Vertical.Count, 1)], () =>
            {
                if (Horizontal.Count * Tile.Accumulators <= UnrollLimit)
                {
                    for (int kx = 0; kx < Horizontal.Count; kx++)
                    {
                        if (Horizontal.Count > 1)
                        {
                            writer.Line($"// Tap {kx}.");
                        }

                        WriteTap(writer, "x", "w", kx, Horizontal.Count > 1);
                    }
                }
                else
                {
                    // The row's pointers move on their own where there are more rows.
                    (string x, string w) = Vertical.Count > 1 ? ("xk", "wk") : ("x", "w");
                    if (Vertical.Count > 1)
                    {
                        writer.Line("ref float xk = ref x, wk = ref w;");
                    }

                    blocks.Loop(writer, 3, [("kx", Horizontal.Count, 1)], () =>
                    {
                        WriteTap(writer, x, w, 0, braces: false);
                        writer.Line($"{x} = ref Unsafe.Add(ref {x}, {Number(Horizontal.InputStep)});");
                        writer.Line($"{w} = ref Unsafe.Add(ref {w}, {Number(Horizontal.WeightStep)});");
                    });
                }

                if (Vertical.Count > 1)
                {
                    writer.Line($"x = ref Unsafe.Add(ref x, {Number(Vertical.InputStep)});");
                    writer.Line($"w = ref Unsafe.Add(ref w, {Number(Vertical.WeightStep)});");
                }
            });
        });

        using SourceWriter.Scope whole = blocks.End(writer);
        WriteEpilogue(writer, group, channel, plane, row, column);
    }

    /// <summary>An input channel's place with that of the tap in its planes.</summary>
    private string OfTap(string channel, int step)
    {
        string tap = Sum(("kz", step));
        return Depth.Count <= 1 ? channel : channel == "0" ? tap : $"{ExpressionPrinter.AsOperand(channel)} + {ExpressionPrinter.AsOperand(tap)}";
    }

    /// <summary>A pointer to a tile's first element; the array's own name serves where that is its first one and stays so.</summary>
    private static string Start(SourceWriter writer, string name, string array, string offset, bool fixedStart)
    {
        if (fixedStart && offset == "0")
        {
            return array;
        }

        writer.Line($"ref float {name} = {Ref(array, offset)};");
        return name;
    }

    private string Accumulator(int channel, int row, int column) =>
        Tile.Channels == 1 && Tile.Rows * Tile.Columns > 1 ? "a" + Pixel(row, column) : "a" + Position(channel, Pixel(row, column));

    /// <summary>The operand of a pixel.</summary>
    private string PixelName(int row, int column) => Tile.Rows * Tile.Columns == 1 ? "x0" : "x" + Pixel(row, column);

    /// <summary>A name's number: rows and columns where the tile has several.</summary>
    private string Pixel(int row, int column) =>
        Tile.Rows == 1 ? (Tile.Columns == 1 ? "" : Number(column)) : Tile.Columns == 1 ? Number(row) : $"{row}{(Tile.Rows > 9 || Tile.Columns > 9 ? "_" : "")}{column}";

    private static string Position(int channel, string pixel) => pixel.Length == 0 ? Number(channel) : $"{channel}_{pixel}";

    private IEnumerable<(int Channel, int Row, int Column)> TileElements() =>
        from channel in Enumerable.Range(0, Tile.Channels)
        from row in Enumerable.Range(0, Tile.Rows)
        from column in Enumerable.Range(0, Tile.Columns)
        select (channel, row, column);

    /// <summary>All pixels of a channel begin with its bias.</summary>
    private string? InitialValue(int channel) =>
        !Epilogue.Bias ? null : LanesAreChannels ? Load("b", channel * Tier.Lanes) : Broadcast("b", channel);

    /// <summary>
    /// The smaller operand set is loaded into registers, the larger one streams: 24 accumulators and both sets whole would not fit.
    /// </summary>
    private void WriteTap(SourceWriter writer, string x, string w, int kx, bool braces)
    {
        string PixelOperand(int row, int column)
        {
            int offset = (row * Input.Row) + (column * Input.Column) + (kx * Horizontal.InputStep);
            return Form == ConvolutionForm.ChannelLanes ? Broadcast(x, offset) : Load(x, offset);
        }

        string Weight(int channel)
        {
            int offset = (channel * WeightOfOutput.Step) + (kx * Horizontal.WeightStep);
            return LanesAreChannels ? Load(w, offset) : Broadcast(w, offset);
        }

        using SourceWriter.Scope scope = braces ? writer.Braces() : default;
        int pixels = Tile.Rows * Tile.Columns;
        string MultiplyAdd(int channel, int row, int column, string left, string right)
        {
            string a = Accumulator(channel, row, column);
            return $"{a} = Simd.{Tier.MultiplyAdd}({left}, {right}, {a});";
        }

        if (Tile.Channels <= pixels)
        {
            writer.Declare(Enumerable.Range(0, Tile.Channels).Select(channel => $"w{channel} = {Weight(channel)}"));
            for (int row = 0; row < Tile.Rows; row++)
            {
                for (int column = 0; column < Tile.Columns; column++)
                {
                    (int r, int x0) = (row, column);
                    string pixel = PixelOperand(row, column);
                    if (Tile.Channels > 1)
                    {
                        writer.Line($"Vector {PixelName(row, column)} = {pixel};");
                        pixel = PixelName(row, column);
                    }

                    writer.Statements(Enumerable.Range(0, Tile.Channels).Select(channel => MultiplyAdd(channel, r, x0, pixel, $"w{channel}")));
                }
            }
        }
        else
        {
            writer.Declare(TileElements().Where(e => e.Channel == 0)
                .Select(e => $"{PixelName(e.Row, e.Column)} = {PixelOperand(e.Row, e.Column)}"));
            for (int channel = 0; channel < Tile.Channels; channel++)
            {
                string weight = Weight(channel);
                if (pixels > 1)
                {
                    writer.Line($"Vector w{channel} = {weight};");
                    weight = $"w{channel}";
                }

                writer.Statements(TileElements().Where(e => e.Channel == channel)
                    .Select(e => MultiplyAdd(e.Channel, e.Row, e.Column, weight, PixelName(e.Row, e.Column))));
            }
        }
    }

    /// <summary>Scale and shift of each channel, while its outputs are in registers.</summary>
    private void WriteScale(SourceWriter writer, string group, string channel)
    {
        string offset = Sum((group, GroupWalk.Bias), (channel, LanesAreChannels ? Tier.Lanes : 1));
        writer.Line($"ref float scales = {Ref("scale", offset)}, shifts = {Ref("shift", offset)};");
        for (int c = 0; c < Tile.Channels; c++)
        {
            string Value(string array) => LanesAreChannels ? Load(array, c * Tier.Lanes) : Broadcast(array, c);
            writer.Line($"Vector s{c} = {Value("scales")}, t{c} = {Value("shifts")};");
            writer.Statements(TileElements().Where(e => e.Channel == c).Select(e =>
            {
                string a = Accumulator(e.Channel, e.Row, e.Column);
                return $"{a} = Simd.{Tier.MultiplyAdd}({a}, s{c}, t{c});";
            }));
        }
    }

    private void WriteEpilogue(SourceWriter writer, string group, string channel, string plane, string row, string column)
    {
        if (Epilogue.Scaled)
        {
            WriteScale(writer, group, channel);
        }

        string outputOffset = Sum(
            (group, GroupWalk.Output), (channel, Output.Channel), (plane, Output.Plane), (row, Output.Row), (column, Output.Column));
        writer.Line($"ref float y = {Ref("output", outputOffset)};");
        if (Epilogue.Gradient is not null)
        {
            string offset = Sum(
                (group, Epilogue.GradientWalk.Channel * Channels), (channel, Epilogue.GradientWalk.Channel),
                (plane, Epilogue.GradientWalk.Plane), (row, Epilogue.GradientWalk.Row), (column, Epilogue.GradientWalk.Column));
            writer.Line($"ref float z = {Ref("activation", offset)};");
        }

        if (Epilogue.RecordIndices)
        {
            int pooledColumns = Columns / Pool.Width, pooled = Rows / Pool.Height * pooledColumns;
            string offset = Sum(
                (group, Channels * Planes * pooled * Pool.IndexBits), (channel, Planes * pooled * Pool.IndexBits), (plane, pooled * Pool.IndexBits),
                (row, pooledColumns * Pool.IndexBits), (column, Pool.IndexBits));
            writer.Line($"ref Bits planes = {Ref("indices", offset)};");
        }

        var stores = new List<string>();
        for (int c = 0; c < Tile.Channels; c++)
        {
            for (int r = 0; r < Tile.Rows / Pool.Height; r++)
            {
                for (int x = 0; x < Tile.Columns / PoolColumns; x++)
                {
                    int offset = (c * Output.Channel) + (r * Output.Row) + (x * Output.Column);
                    string value = Pools ? WritePool(writer, c, r, x) : Accumulator(c, r, x);
                    if (!ActivatesBeforePool)
                    {
                        value = Activate(writer, Epilogue.Activation, value);
                    }

                    if (Epilogue.Gradient is { } gradient)
                    {
                        int z = (c * Epilogue.GradientWalk.Channel) + (r * Epilogue.GradientWalk.Row) + (x * Epilogue.GradientWalk.Column);
                        writer.Require(GradientHelper(gradient));
                        value = $"{gradient.Name}Gradient({Ref("z", Number(z))}, {value})";
                    }

                    if (Epilogue.ValidLanes > 0 && x == (Tile.Columns / PoolColumns) - 1)
                    {
                        // Only the row's last vector has lanes beyond the row. All tiles but the last end elsewhere.
                        string last = Columns / PoolColumns > Tile.Columns / PoolColumns
                            ? $"{column} + {x} == {Number((Columns / PoolColumns) - 1)} ? tail & {ExpressionPrinter.AsOperand(value)} : {value}"
                            : $"tail & {ExpressionPrinter.AsOperand(value)}";
                        value = last;
                    }

                    stores.Add(Store(value, "y", offset));
                }
            }
        }

        writer.Statements(stores);
    }

    private static string GradientHelper(Activation activation)
    {
        var writer = new SourceWriter();
        writer.Line($"// The gradient in front of {activation.Name}, from its output and the gradient behind it.");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (writer.Block($"private static Vector {activation.Name}Gradient(ref float output, Vector gradient)"))
        {
            writer.Line("Vector y = Simd.LoadUnsafe(ref output);");
            writer.Line($"return {ActivationGradient(writer, activation, "y", "gradient")};");
        }

        return writer.ToString();
    }

    private string WritePool(SourceWriter writer, int c, int r, int x)
    {
        var window = new List<string>();
        for (int ky = 0; ky < Pool.Height; ky++)
        {
            for (int kx = 0; kx < PoolColumns; kx++)
            {
                window.Add(Accumulator(c, (r * Pool.Height) + ky, (x * PoolColumns) + kx));
            }
        }

        if (ActivatesBeforePool)
        {
            window = window.ConvertAll(w => ExpressionPrinter.AsOperand(Activate(writer, Epilogue.Activation, w)));
        }

        if (Form == ConvolutionForm.RowLanes)
        {
            return Pool.Kind == PoolingKind.Max ? WritePairMaximum(writer, window) : WritePairMean(writer, window);
        }

        if (Pool.Kind == PoolingKind.Average)
        {
            return $"({string.Join(" + ", window)}) * Simd.Create({Single(1.0 / Pool.Area)})";
        }

        if (Epilogue.RecordIndices)
        {
            int plane = ((c * Planes * (Rows / Pool.Height) * (Columns / Pool.Width)) + (r * (Columns / Pool.Width)) + x) * Pool.IndexBits;
            writer.Require(MaximumAndIndices(window.Count));
            return $"Maximum({string.Join(", ", window)}, {Ref("planes", Number(plane))})";
        }

        return Maximum(window);
    }

    /// <summary>A balanced tree: the maxima of pairs do not wait for one another.</summary>
    private static string Maximum(List<string> values) => values.Count == 1
        ? values[0]
        : $"Simd.Max({Maximum(values.Take(values.Count / 2).ToList())}, {Maximum(values.Skip(values.Count / 2).ToList())})";

    /// <summary>
    /// The maximum of a window, the first of equal ones as in PyTorch. Bit k of its index is kept as a plane with one bit for
    /// each lane.
    /// </summary>
    private string MaximumAndIndices(int count)
    {
        var writer = new SourceWriter();
        writer.Line($"// The largest of {count}; the first one's index as planes of bits.");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        string parameters = string.Join(", ", Enumerable.Range(0, count).Select(i => $"Vector x{i}"));
        using (writer.Block($"static Vector Maximum({parameters}, ref Bits planes)"))
        {
            writer.Line("Vector max = x0;");
            var planes = new string?[Pool.IndexBits];
            for (int j = 1; j < count; j++)
            {
                writer.Line($"var greater{j} = ({ReplacesMaximum($"x{j}", "max")}).ExtractMostSignificantBits();");
                writer.Line($"max = Simd.Max(max, x{j});");
                for (int k = 0; k < planes.Length; k++)
                {
                    planes[k] = ((j >> k) & 1) == 1
                        ? planes[k] is { } plane ? $"({plane} | greater{j})" : $"greater{j}"
                        : planes[k] is { } lower ? $"({lower} & ~greater{j})" : null;
                }
            }

            for (int k = 0; k < planes.Length; k++)
            {
                writer.Line($"{(k == 0 ? "planes" : $"Unsafe.Add(ref planes, {k})")} = unchecked((Bits){planes[k]});");
            }

            writer.Line("return max;");
        }

        return writer.ToString();
    }

    /// <summary>
    /// Pools 2 columns at a time: rows are combined lane by lane, then each lane with its neighbour, and the even lanes of two
    /// vectors are put side by side.
    /// </summary>
    private string WritePairMaximum(SourceWriter writer, List<string> window)
    {
        string[] columns = [.. Enumerable.Range(0, PoolColumns).Select(half => Maximum(window.Where((_, i) => i % PoolColumns == half).ToList()))];
        writer.Require(PairPool("MaximumOfPairs", ["left"], ["right"], rows => $"Simd.Max({rows[0]}, {Swapped(rows[0])})", ""));
        return $"MaximumOfPairs({string.Join(", ", columns)}{(PoolColumns == 1 ? ", Vector.Zero" : "")})";
    }

    /// <summary>
    /// The mean of 2 rows and 2 columns, added in the order in which all other forms add them: row by row. In an even lane that is itself,
    /// its neighbour, and the same of the next row; odd lanes are left out at the end.
    /// </summary>
    private string WritePairMean(SourceWriter writer, List<string> window)
    {
        writer.Require(PairPool(
            "MeanOfPairs", ["left0", "left1"], ["right0", "right1"], rows => $"{rows[0]} + {Swapped(rows[0])} + {rows[1]} + {Swapped(rows[1])}",
            $" * Simd.Create({Single(1.0 / Pool.Area)})"));
        IEnumerable<string> columns = Enumerable.Range(0, PoolColumns).SelectMany(half => window.Where((_, i) => i % PoolColumns == half));
        return $"MeanOfPairs({string.Join(", ", columns)}{(PoolColumns == 1 ? ", Vector.Zero, Vector.Zero" : "")})";
    }

    /// <summary>Each lane's neighbour.</summary>
    private string Swapped(string x) => $"Simd.Shuffle({x}, Simd.Create({string.Join(", ", Enumerable.Range(0, Tier.Lanes).Select(i => Number(i ^ 1)))}))";

    private string PairPool(string name, string[] left, string[] right, Func<string[], string> combine, string scale)
    {
        string even = string.Join(", ", Enumerable.Range(0, Tier.Lanes).Select(i => Number(2 * i % Tier.Lanes)));
        var writer = new SourceWriter();
        writer.Line("// Combines neighbouring lanes of two vectors; the even lanes of both are put side by side.");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (writer.Block($"private static Vector {name}({string.Join(", ", left.Concat(right).Select(x => $"Vector {x}"))})"))
        {
            writer.Line($"{left[0]} = Simd.Shuffle({combine(left)}, Simd.Create({even}));");
            writer.Line($"{right[0]} = Simd.Shuffle({combine(right)}, Simd.Create({even}));");
            writer.Line($"return Simd.Create({left[0]}.GetLower(), {right[0]}.GetLower()){scale};");
        }

        return writer.ToString();
    }
}
