using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Emission;
using Strata.Generator.Graph;
using Strata.Generator.Lowering;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Kernels;

/// <summary>What the lanes of a convolution's accumulators are.</summary>
internal enum ConvolutionForm
{
    /// <summary>One output of v samples: inputs are vectors, weights are broadcast.</summary>
    SampleLanes,

    /// <summary>v output channels of one pixel: weights are vectors, inputs are broadcast.</summary>
    ChannelLanes,

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

    /// <summary>From one channel to the next inside a block.</summary>
    public int Step => Block == 0 ? Stride : LaneStep;
}

/// <summary>Pooling of whole tiles of a convolution's outputs while they are in registers.</summary>
internal readonly record struct FusedPool(PoolingKind Kind, int Height, int Width)
{
    public int Area => Height * Width;

    /// <summary>Bits that tell which element of the window was the largest.</summary>
    public int IndexBits
    {
        get
        {
            int bits = 0;
            while (1 << bits < Area)
            {
                bits++;
            }

            return bits;
        }
    }
}

/// <summary>Strides of a tensor's rows and columns that a kernel walks, in floats per output.</summary>
internal readonly record struct Walk(int Channel, int Row, int Column);

/// <summary>What happens to the accumulators before they are stored.</summary>
/// <param name="Bias">Whether they begin with a bias.</param>
/// <param name="Activation">Applied behind the sum, before pooling.</param>
/// <param name="Pool">Pooling in registers.</param>
/// <param name="RecordIndices">Whether the index of each window's maximum is kept for backward, in planes of bits.</param>
/// <param name="Gradient">Multiplies by the gradient of this activation, whose outputs are the argument <c>activation</c>.</param>
/// <param name="GradientWalk">Where those outputs lie.</param>
/// <param name="ValidLanes">Row lanes only: columns of the last vector that exist; the others become zero. 0: all.</param>
internal sealed record Epilogue(
    bool Bias = false,
    ActivationKind? Activation = null,
    FusedPool? Pool = null,
    bool RecordIndices = false,
    ActivationKind? Gradient = null,
    Walk GradientWalk = default,
    int ValidLanes = 0)
{
    public static readonly Epilogue None = new();
}

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
/// <param name="GroupWalk">How far input, weights, output (and, per channel, bias) move from group to group.</param>
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
    (int Input, int Weight, int Output, int Bias) GroupWalk = default) : Kernel(Tier)
{
    /// <summary>
    /// Up to this many multiply-adds the horizontal taps are written out. Longer bodies gain nothing (the loop's overhead is
    /// below 1 %), cost time in the JIT, and fall out of the decoder's cache.
    /// </summary>
    private const int UnrollLimit = 400;

    private FusedPool Pool => Epilogue.Pool ?? new FusedPool(PoolingKind.Max, 1, 1);

    private bool Pools => Epilogue.Pool is not null;

    /// <summary>With row lanes two neighbouring vectors make one of their pairs; a single vector stands for both.</summary>
    private int PoolColumns => Form == ConvolutionForm.RowLanes ? System.Math.Min(Pool.Width, Columns) : Pool.Width;

    public override string Parameters =>
        "ref float input, ref float weight"
        + (Epilogue.Bias ? ", ref float bias" : "")
        + (Epilogue.Gradient is not null ? ", ref float activation" : "")
        + ", ref float output"
        + (Epilogue.RecordIndices ? ", ref Bits indices" : "");

    public override void WriteBody(SourceWriter writer)
    {
        int tileRows = Tile.Rows / Pool.Height, tileColumns = Tile.Columns / PoolColumns;
        int rows = Rows / Pool.Height, columns = Columns / PoolColumns;
        if (Epilogue.ValidLanes > 0)
        {
            writer.Line($"Vector tail = Simd.LessThan(Simd.CreateSequence(0f, 1f), Simd.Create({Single(Epilogue.ValidLanes)}));");
        }

        string group = Groups > 1 ? "group" : "";
        using (writer.For("group", Groups))
        {
            string channel = Loop("channel", Channels, Tile.Channels, out bool channelLoop);
            using (writer.For("channel", Channels, Tile.Channels))
            {
                string row = Loop("row", rows, tileRows, out bool rowLoop);
                using (writer.For("tileRow", rows, tileRows))
                {
                    if (rowLoop)
                    {
                        DeclareStart(writer, "row", "tileRow", rows, tileRows);
                    }

                    string column = Loop("column", columns, tileColumns, out bool columnLoop);
                    using (writer.For("tileColumn", columns, tileColumns))
                    {
                        if (columnLoop)
                        {
                            DeclareStart(writer, "column", "tileColumn", columns, tileColumns);
                        }

                        WriteTile(writer, group, channel, row, column);
                    }
                }
            }
        }
    }

    private static string Loop(string variable, int count, int step, out bool loops)
    {
        loops = count > step;
        return loops ? variable : "";
    }

    /// <summary>A last tile that would reach beyond the end begins earlier and writes some outputs a second time.</summary>
    private static void DeclareStart(SourceWriter writer, string variable, string loop, int count, int step) =>
        writer.Line(count % step == 0
            ? $"int {variable} = {loop};"
            : $"int {variable} = Math.Min({loop}, {Number(count - step)});");

    private void WriteTile(SourceWriter writer, string group, string channel, string row, string column)
    {
        string inputOffset = Sum(
            (group, GroupWalk.Input), (row, Input.Row * Pool.Height), (column, Input.Column * PoolColumns));
        string weightOffset = Sum((group, GroupWalk.Weight), (channel.Length == 0 ? "" : WeightOfOutput.Of(channel), 1));
        writer.Line($"ref float inputs = {Ref("input", inputOffset)};");
        writer.Line($"ref float weights = {Ref("weight", weightOffset)};");
        WriteInitialValues(writer, group, channel);
        using (writer.For("c", InputChannels))
        {
            string c = InputChannels > 1 ? "c" : "";
            writer.Line($"ref float x = {Ref("inputs", c.Length == 0 ? "0" : InputChannel.Of(c))};");
            writer.Line($"ref float w = {Ref("weights", c.Length == 0 ? "0" : WeightOfInput.Of(c))};");
            using (writer.For("ky", Vertical.Count))
            {
                if (Horizontal.Count * Tile.Accumulators <= UnrollLimit)
                {
                    for (int kx = 0; kx < Horizontal.Count; kx++)
                    {
                        if (Horizontal.Count > 1)
                        {
                            writer.Line($"// Column {kx} of the filter.");
                        }

                        WriteTap(writer, "x", "w", kx, Horizontal.Count > 1);
                    }
                }
                else
                {
                    writer.Line("ref float xk = ref x;");
                    writer.Line("ref float wk = ref w;");
                    using (writer.For("kx", Horizontal.Count))
                    {
                        WriteTap(writer, "xk", "wk", 0, braces: false);
                        writer.Line($"xk = ref Unsafe.Add(ref xk, {Number(Horizontal.InputStep)});");
                        writer.Line($"wk = ref Unsafe.Add(ref wk, {Number(Horizontal.WeightStep)});");
                    }
                }

                if (Vertical.Count > 1)
                {
                    writer.Line($"x = ref Unsafe.Add(ref x, {Number(Vertical.InputStep)});");
                    writer.Line($"w = ref Unsafe.Add(ref w, {Number(Vertical.WeightStep)});");
                }
            }
        }

        WriteEpilogue(writer, group, channel, row, column);
    }

    private static string Accumulator(int channel, int row, int column) => $"a{channel}_{row}_{column}";

    private IEnumerable<(int Channel, int Row, int Column)> TileElements() =>
        from channel in Enumerable.Range(0, Tile.Channels)
        from row in Enumerable.Range(0, Tile.Rows)
        from column in Enumerable.Range(0, Tile.Columns)
        select (channel, row, column);

    private void WriteInitialValues(SourceWriter writer, string group, string channel)
    {
        int lanes = Form == ConvolutionForm.ChannelLanes ? Tier.Lanes : 1;
        if (Epilogue.Bias)
        {
            writer.Line($"ref float b = {Ref("bias", Sum((group, GroupWalk.Bias), (channel, lanes)))};");
        }

        for (int channelInTile = 0; channelInTile < Tile.Channels; channelInTile++)
        {
            string initial = "Vector.Zero";
            if (Epilogue.Bias)
            {
                initial = $"b{channelInTile}";
                string value = Form == ConvolutionForm.ChannelLanes ? Load("b", channelInTile * lanes) : Broadcast("b", channelInTile);
                writer.Line($"Vector {initial} = {value};");
            }

            string names = string.Join(", ", TileElements().Where(e => e.Channel == channelInTile)
                .Select(e => $"{Accumulator(e.Channel, e.Row, e.Column)} = {initial}"));
            writer.Line($"Vector {names};");
        }
    }

    /// <summary>
    /// The smaller operand set is loaded into registers, the larger one streams: 24 accumulators and both sets whole would not fit.
    /// </summary>
    private void WriteTap(SourceWriter writer, string x, string w, int kx, bool braces)
    {
        string Pixel(int row, int column)
        {
            int offset = (row * Input.Row) + (column * Input.Column) + (kx * Horizontal.InputStep);
            return Form == ConvolutionForm.ChannelLanes ? Broadcast(x, offset) : Load(x, offset);
        }

        string Weight(int channel)
        {
            int offset = (channel * WeightOfOutput.Step) + (kx * Horizontal.WeightStep);
            return Form == ConvolutionForm.ChannelLanes ? Load(w, offset) : Broadcast(w, offset);
        }

        using SourceWriter.Scope scope = braces ? writer.Braces() : default;
        int pixels = Tile.Rows * Tile.Columns;
        void MultiplyAdd(int channel, int row, int column, string left, string right)
        {
            string a = Accumulator(channel, row, column);
            writer.Line($"{a} = Simd.{Tier.MultiplyAdd}({left}, {right}, {a});");
        }

        if (Tile.Channels <= pixels)
        {
            for (int channel = 0; channel < Tile.Channels; channel++)
            {
                writer.Line($"Vector w{channel} = {Weight(channel)};");
            }

            for (int row = 0; row < Tile.Rows; row++)
            {
                for (int column = 0; column < Tile.Columns; column++)
                {
                    string pixel = Pixel(row, column);
                    if (Tile.Channels > 1)
                    {
                        writer.Line($"Vector x{row}_{column} = {pixel};");
                        pixel = $"x{row}_{column}";
                    }

                    for (int channel = 0; channel < Tile.Channels; channel++)
                    {
                        MultiplyAdd(channel, row, column, pixel, $"w{channel}");
                    }
                }
            }
        }
        else
        {
            for (int row = 0; row < Tile.Rows; row++)
            {
                for (int column = 0; column < Tile.Columns; column++)
                {
                    writer.Line($"Vector x{row}_{column} = {Pixel(row, column)};");
                }
            }

            for (int channel = 0; channel < Tile.Channels; channel++)
            {
                string weight = Weight(channel);
                if (pixels > 1)
                {
                    writer.Line($"Vector w{channel} = {weight};");
                    weight = $"w{channel}";
                }

                for (int row = 0; row < Tile.Rows; row++)
                {
                    for (int column = 0; column < Tile.Columns; column++)
                    {
                        MultiplyAdd(channel, row, column, weight, $"x{row}_{column}");
                    }
                }
            }
        }
    }

    private void WriteEpilogue(SourceWriter writer, string group, string channel, string row, string column)
    {
        string outputOffset = Sum(
            (group, GroupWalk.Output), (channel, Output.Channel), (row, Output.Row), (column, Output.Column));
        writer.Line($"ref float y = {Ref("output", outputOffset)};");
        if (Epilogue.Gradient is not null)
        {
            string offset = Sum(
                (group, Epilogue.GradientWalk.Channel * Channels), (channel, Epilogue.GradientWalk.Channel),
                (row, Epilogue.GradientWalk.Row), (column, Epilogue.GradientWalk.Column));
            writer.Line($"ref float z = {Ref("activation", offset)};");
        }

        if (Epilogue.RecordIndices)
        {
            int pooledColumns = Columns / Pool.Width, pooled = Rows / Pool.Height * pooledColumns;
            string offset = Sum(
                (group, Channels * pooled * Pool.IndexBits), (channel, pooled * Pool.IndexBits),
                (row, pooledColumns * Pool.IndexBits), (column, Pool.IndexBits));
            writer.Line($"ref Bits planes = {Ref("indices", offset)};");
        }

        for (int c = 0; c < Tile.Channels; c++)
        {
            for (int r = 0; r < Tile.Rows / Pool.Height; r++)
            {
                for (int x = 0; x < Tile.Columns / PoolColumns; x++)
                {
                    int offset = (c * Output.Channel) + (r * Output.Row) + (x * Output.Column);
                    string value = Pools ? WritePool(writer, c, r, x) : Accumulator(c, r, x);
                    if (!(Pools && Pool.Kind == PoolingKind.Average))
                    {
                        value = Activate(Epilogue.Activation, value);
                    }

                    if (Epilogue.Gradient is { } gradient)
                    {
                        int z = (c * Epilogue.GradientWalk.Channel) + (r * Epilogue.GradientWalk.Row) + (x * Epilogue.GradientWalk.Column);
                        writer.Line($"Vector z{c}_{r}_{x} = {Load("z", z)};");
                        value = ActivationGradient(gradient, $"z{c}_{r}_{x}", value);
                    }

                    if (Epilogue.ValidLanes > 0 && x == (Tile.Columns / PoolColumns) - 1)
                    {
                        // Only the row's last vector has lanes beyond the row. All tiles but the last end elsewhere.
                        string last = Columns / PoolColumns > Tile.Columns / PoolColumns
                            ? $"column + {x} == {Number((Columns / PoolColumns) - 1)} ? tail & {Parenthesize(value)} : {value}"
                            : $"tail & {Parenthesize(value)}";
                        value = last;
                    }

                    writer.Line(Store(Parenthesize(value), "y", offset));
                }
            }
        }
    }

    private static string Parenthesize(string value)
    {
        if (!value.Contains(' '))
        {
            return value;
        }

        // A call needs no brackets around it: its last bracket closes its first.
        int depth = 0;
        for (int i = 0; i < value.Length; i++)
        {
            depth += value[i] == '(' ? 1 : value[i] == ')' ? -1 : 0;
            if (depth == 0 && value[i] == ' ')
            {
                return $"({value})";
            }
        }

        return value;
    }

    private string WritePool(SourceWriter writer, int c, int r, int x)
    {
        string name = $"p{c}_{r}_{x}";
        var window = new List<string>();
        for (int ky = 0; ky < Pool.Height; ky++)
        {
            for (int kx = 0; kx < PoolColumns; kx++)
            {
                window.Add(Accumulator(c, (r * Pool.Height) + ky, (x * PoolColumns) + kx));
            }
        }

        if (Pool.Kind == PoolingKind.Average)
        {
            // The mean of the activations, so that each is applied before the sum; a maximum commutes with it instead.
            window = window.ConvertAll(w => Activate(Epilogue.Activation, w));
        }

        if (Form == ConvolutionForm.RowLanes)
        {
            return WritePairPool(writer, name, window);
        }

        if (Pool.Kind == PoolingKind.Average)
        {
            return $"({string.Join(" + ", window)}) * Simd.Create({Single(1.0 / Pool.Area)})";
        }

        if (Epilogue.RecordIndices)
        {
            WriteIndices(writer, name, window, ((c * (Rows / Pool.Height) * (Columns / Pool.Width)) + (r * (Columns / Pool.Width)) + x) * Pool.IndexBits);
            return name;
        }

        writer.Line($"Vector {name} = {Maximum(window)};");
        return name;
    }

    /// <summary>A balanced tree: the maxima of pairs do not wait for one another.</summary>
    private static string Maximum(IReadOnlyList<string> values) => values.Count == 1
        ? values[0]
        : $"Simd.MaxNative({Maximum(values.Take(values.Count / 2).ToList())}, {Maximum(values.Skip(values.Count / 2).ToList())})";

    /// <summary>
    /// The first of the largest wins, as in PyTorch. Bit k of the index is kept as a plane with one bit for each lane.
    /// </summary>
    private void WriteIndices(SourceWriter writer, string name, List<string> window, int offset)
    {
        writer.Line($"Vector {name} = {window[0]};");
        var planes = new string[Pool.IndexBits];
        for (int j = 1; j < window.Count; j++)
        {
            string greater = $"g{name}_{j}";
            writer.Line($"uint {greater} = (uint)Simd.GreaterThan({window[j]}, {name}).ExtractMostSignificantBits();");
            writer.Line($"{name} = Simd.MaxNative({name}, {window[j]});");
            for (int k = 0; k < planes.Length; k++)
            {
                bool set = ((j >> k) & 1) == 1;
                planes[k] = set
                    ? planes[k] is null ? greater : $"({planes[k]} | {greater})"
                    : planes[k] is null ? null! : $"({planes[k]} & ~{greater})";
            }
        }

        for (int k = 0; k < planes.Length; k++)
        {
            string target = offset + k == 0 ? "planes" : $"Unsafe.Add(ref planes, {Number(offset + k)})";
            writer.Line($"{target} = (Bits){planes[k]};");
        }
    }

    /// <summary>
    /// Pools 2 columns at a time: rows are combined lane by lane, then each lane with its neighbour, and the even lanes of two
    /// vectors are put side by side.
    /// </summary>
    private string WritePairPool(SourceWriter writer, string name, List<string> window)
    {
        string Combine(IReadOnlyList<string> values) =>
            Pool.Kind == PoolingKind.Max ? Maximum(values) : $"({string.Join(" + ", values)})";

        for (int half = 0; half < PoolColumns; half++)
        {
            List<string> column = window.Where((_, i) => i % PoolColumns == half).ToList();
            writer.Line($"Vector {name}_{half} = {Combine(column)};");
        }

        int last = PoolColumns - 1;
        string swap = string.Join(", ", Enumerable.Range(0, Tier.Lanes).Select(i => Number(i ^ 1)));
        string even = string.Join(", ", Enumerable.Range(0, Tier.Lanes).Select(i => Number(2 * i % Tier.Lanes)));
        for (int half = 0; half <= last; half++)
        {
            string swapped = $"Simd.Shuffle({name}_{half}, Simd.Create({swap}))";
            writer.Line($"{name}_{half} = {Combine([$"{name}_{half}", swapped])};");
            writer.Line($"{name}_{half} = Simd.Shuffle({name}_{half}, Simd.Create({even}));");
        }

        string pairs = $"Simd.Create({name}_0.GetLower(), {name}_{last}.GetLower())";
        return Pool.Kind == PoolingKind.Max ? pairs : $"{pairs} * Simd.Create({Single(1.0 / Pool.Area)})";
    }
}
