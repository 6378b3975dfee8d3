using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;

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
    public Index Of(Index channel) => Block == 0
        ? Index.Sum((channel, Stride))
        : (channel / Block * Number.Named(Stride, "blockStride")) + (channel % Block * Number.Named(LaneStep, "laneStride"));

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
internal readonly record struct Strides(int Channel, int Row, int Column)
{
    /// <summary>That of its planes, for kernels which do not take their rows for those of one image.</summary>
    public int Plane { get; init; }
}

/// <summary>What happens to the accumulators before they are stored.</summary>
/// <param name="Bias">Whether they begin with a bias.</param>
/// <param name="Scaled">Whether each channel is then multiplied by its <c>scale</c> and moved by its <c>shift</c>.</param>
/// <param name="Activation">Applied behind the sum, before pooling.</param>
/// <param name="Pool">Pooling in registers.</param>
/// <param name="RecordIndices">Whether the index of each window's maximum is saved for backward, in planes of bits.</param>
/// <param name="Gradient">Multiplies by the gradient of this activation, whose outputs are the argument <c>activation</c>.</param>
/// <param name="GradientStrides">Where those outputs lie.</param>
/// <param name="ValidLanes">Row lanes only: columns of the last vector that exist; the others become zero. 0: all.</param>
internal sealed record Epilogue(
    bool Bias = false,
    bool Scaled = false,
    Activation? Activation = null,
    FusedPool? Pool = null,
    bool RecordIndices = false,
    Activation? Gradient = null,
    Strides GradientStrides = default,
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
/// <param name="GroupStrides">How far input, output (and, per channel, bias) move from group to group, and where the weights of a group stand.</param>
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
    Strides Input,
    ChannelAddress InputChannel,
    Strides Output,
    ChannelAddress WeightOfOutput,
    ChannelAddress WeightOfInput,
    Epilogue Epilogue,
    int Groups = 1,
    (int Input, ChannelAddress Weight, int Output, int Bias) GroupStrides = default,
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

    protected override void Record(KernelBuilder k) => new Recorder(this, k).Record();

    /// <summary>Records one kernel: the operands, and what is in registers.</summary>
    private sealed class Recorder
    {
        private readonly TiledConvolution _nest;
        private readonly KernelBuilder _k;
        private readonly Pointer _input, _weight, _output;
        private readonly Pointer? _bias, _scale, _shift, _activation, _indices;
        private readonly TileElement[] _elements;
        private readonly Variable[] _accumulators;
        private readonly TileSums _sums;
        private Variable? _tail;

        public Recorder(TiledConvolution nest, KernelBuilder k)
        {
            (_nest, _k) = (nest, k);
            Epilogue epilogue = nest.Epilogue;
            _input = k.Parameter("input");
            _weight = k.Parameter("weight");
            _bias = epilogue.Bias ? k.Parameter("bias") : null;
            (_scale, _shift) = epilogue.Scaled ? (k.Parameter("scale"), k.Parameter("shift")) : (null, null);
            _activation = epilogue.Gradient is not null ? k.Parameter("activation") : null;
            _output = k.Parameter("output");
            _indices = epilogue.RecordIndices ? k.Parameter(new Pointer("indices", ElementType.Bits)) : null;

            Tile tile = nest.Tile;
            _elements =
            [
                .. from channel in Enumerable.Range(0, tile.Channels)
                   from row in Enumerable.Range(0, tile.Rows)
                   from column in Enumerable.Range(0, tile.Columns)
                   select new TileElement(channel, row, column),
            ];
            _accumulators = [.. _elements.Select(e => new Variable(nest.NameOf(e)))];

            // Blocks of whole input channels, or of parts of one whose taps are many. The same for every form, so that a sample's result does
            // not depend on it.
            _sums = new TileSums(
                SumCut.Of(SumCut.Products, nest.InputChannels, Math.Max(1, nest.Depth.Count), nest.Vertical.Count, nest.Horizontal.Count), _accumulators);
        }

        public void Record()
        {
            (FusedPool pool, Tile tile) = (_nest.Pool, _nest.Tile);
            int tileRows = tile.Rows / pool.Height, tileColumns = tile.Columns / _nest.PoolColumns;
            int rows = _nest.Rows / pool.Height, columns = _nest.Columns / _nest.PoolColumns;
            if (_nest.Epilogue.ValidLanes > 0)
            {
                _tail = _k.Let("tail", Intrinsics.LanesBefore(Constant.Single(_nest.Epilogue.ValidLanes)));
            }

            _sums.Declare(_k);
            using (_k.Loops(
                out Index[] at, ("group", _nest.Groups, 1), ("channel", _nest.Channels, tile.Channels), ("plane", _nest.Planes, 1),
                ("tileRow", rows, tileRows), ("tileColumn", columns, tileColumns)))
            {
                RecordTile(new TilePosition(
                    at[0], at[1], at[2], Start("row", at[3], rows, tileRows), Start("column", at[4], columns, tileColumns)));
            }
        }

        private Variable Accumulator(int channel, int row, int column) =>
            _accumulators[(((channel * _nest.Tile.Rows) + row) * _nest.Tile.Columns) + column];

        /// <summary>A last tile that would reach beyond the end begins earlier and writes some outputs a second time.</summary>
        private Index Start(string name, Index loop, int count, int step) =>
            count <= step || count % step == 0 ? loop : _k.LetInt(name, Index.Min(loop, Number.Named(count - step, "last" + char.ToUpperInvariant(name[0]) + name.Substring(1))));

        private void RecordTile(TilePosition at)
        {
            (Strides input, FusedPool pool) = (_nest.Input, _nest.Pool);
            bool sums = _nest.InputChannels > 1 || _nest.Depth.Count > 1;
            Pointer inputs = Start(
                sums ? "inputs" : "x", _input, Index.Sum((at.Group, _nest.GroupStrides.Input), (at.Plane, input.Plane), (at.Row, input.Row * pool.Height), (at.Column, input.Column * _nest.PoolColumns)), sums);
            Pointer weights = Start(sums ? "weights" : "w", _weight, _nest.GroupStrides.Weight.Of(at.Group) + _nest.WeightOfOutput.Of(at.Channel), sums);
            Pointer? bias = _bias is null ? null : _k.PointTo("b", _bias[PerChannel(at)]);
            _sums.Begin(_k, bias is null ? null : [.. _elements.Select(e => OfChannel(bias, e.Channel))]);
            _sums.Loop(_k, 0, [("c", _nest.InputChannels, 1), ("kz", _nest.Depth.Count, 1)], loops =>
            {
                Pointer x = inputs, w = weights;
                if (sums)
                {
                    x = _k.PointTo("x", inputs[_nest.InputChannel.Of(loops[0]) + Index.Sum((loops[1], _nest.Depth.InputStep))]);
                    w = _k.PointTo("w", weights[_nest.WeightOfInput.Of(loops[0]) + Index.Sum((loops[1], _nest.Depth.WeightStep))]);
                }

                _sums.Loop(_k, 2, [("ky", _nest.Vertical.Count, 1)], _ => RecordRowOfTaps(x, w));
            });

            using KernelBuilder.Scope whole = _sums.End(_k);
            RecordEpilogue(at);
        }

        /// <summary>A pointer to a tile's first element; the operand itself serves where that is its first one and stays so.</summary>
        private Pointer Start(string name, Pointer operand, Index offset, bool isFixed) =>
            isFixed && offset.Is(0) ? operand : _k.PointTo(name, operand[offset]);

        private void RecordRowOfTaps(Pointer x, Pointer w)
        {
            (Taps vertical, Taps horizontal) = (_nest.Vertical, _nest.Horizontal);
            if (horizontal.Count * _nest.Tile.Accumulators <= UnrollLimit)
            {
                for (int kx = 0; kx < horizontal.Count; kx++)
                {
                    if (horizontal.Count > 1)
                    {
                        _k.Comment($"Tap {kx}.");
                    }

                    RecordTap(x, w, kx, horizontal.Count > 1);
                }
            }
            else
            {
                // The row's pointers move on their own where there are more rows.
                Pointer[] row = vertical.Count > 1 ? _k.PointTo(("xk", x), ("wk", w)) : [x, w];
                _sums.Loop(_k, 3, [("kx", horizontal.Count, 1)], _ =>
                {
                    RecordTap(row[0], row[1], 0, isScope: false);
                    _k.Advance(row[0], Number.Named(horizontal.InputStep, "xTapStride"));
                    _k.Advance(row[1], Number.Named(horizontal.WeightStep, "wTapStride"));
                });
            }

            if (vertical.Count > 1)
            {
                _k.Advance(x, Number.Named(vertical.InputStep, "xTapRowStride"));
                _k.Advance(w, Number.Named(vertical.WeightStep, "wTapRowStride"));
            }
        }

        /// <summary>Numbers of the tile's channel: in the lanes, or one for all of them.</summary>
        private Expression OfChannel(Pointer pointer, int channel) =>
            _nest.LanesAreChannels ? pointer[channel * _nest.Tier.Lanes].Vector : pointer[channel].Broadcast;

        /// <summary>Where the numbers of a tile's first channel stand.</summary>
        private Index PerChannel(TilePosition at) =>
            Index.Sum((at.Group, _nest.GroupStrides.Bias), (at.Channel, _nest.LanesAreChannels ? _nest.Tier.Lanes : 1));

        /// <summary>
        /// The smaller operand set is loaded into registers, the larger one streams: 24 accumulators and both sets whole would not fit.
        /// </summary>
        private void RecordTap(Pointer x, Pointer w, int kx, bool isScope)
        {
            Tile tile = _nest.Tile;
            Expression Pixel(TileElement e)
            {
                Index offset = (e.Row * Number.Offset(_nest.Input.Row, "xRowStride")) + (e.Column * _nest.Input.Column) + (kx * _nest.Horizontal.InputStep);
                return _nest.Form == ConvolutionForm.ChannelLanes ? x[offset].Broadcast : x[offset].Vector;
            }

            Expression Weight(int channel)
            {
                Index offset = (channel * Number.Offset(_nest.WeightOfOutput.Step, "wChannelStride")) + (kx * _nest.Horizontal.WeightStep);
                return _nest.LanesAreChannels ? w[offset].Vector : w[offset].Broadcast;
            }

            void MultiplyAdd(int element, Expression left, Expression right) =>
                _k.Set(_accumulators[element], _k.MultiplyAdd(left, right, _accumulators[element]));

            using KernelBuilder.Scope scope = isScope ? _k.Braces() : default;
            int pixels = tile.Rows * tile.Columns;
            if (tile.Channels <= pixels)
            {
                Variable[] weights = _k.Let(Enumerable.Range(0, tile.Channels).Select(channel => ($"w{channel}", Weight(channel))));
                for (int i = 0; i < pixels; i++)
                {
                    int pixel = i;
                    Expression value = tile.Channels > 1 ? _k.Let(_nest.PixelName(_elements[i]), Pixel(_elements[i])) : Pixel(_elements[i]);
                    _k.Group(() =>
                    {
                        for (int channel = 0; channel < tile.Channels; channel++)
                        {
                            MultiplyAdd((channel * pixels) + pixel, value, weights[channel]);
                        }
                    });
                }
            }
            else
            {
                Variable[] values = _k.Let(Enumerable.Range(0, pixels).Select(i => (_nest.PixelName(_elements[i]), Pixel(_elements[i]))));
                for (int c = 0; c < tile.Channels; c++)
                {
                    int channel = c;
                    Expression weight = pixels > 1 ? _k.Let($"w{channel}", Weight(channel)) : Weight(channel);
                    _k.Group(() =>
                    {
                        for (int pixel = 0; pixel < pixels; pixel++)
                        {
                            MultiplyAdd((channel * pixels) + pixel, weight, values[pixel]);
                        }
                    });
                }
            }
        }

        private void RecordEpilogue(TilePosition at)
        {
            (Tile tile, Epilogue epilogue, FusedPool pool) = (_nest.Tile, _nest.Epilogue, _nest.Pool);
            if (epilogue.Scaled)
            {
                RecordScale(at);
            }

            Pointer y = _k.PointTo("y", _output[Index.Sum(
                (at.Group, _nest.GroupStrides.Output), (at.Channel, _nest.Output.Channel), (at.Plane, _nest.Output.Plane), (at.Row, _nest.Output.Row),
                (at.Column, _nest.Output.Column))]);
            Strides saved = epilogue.GradientStrides;
            Pointer? z = _activation is null ? null : _k.PointTo("z", _activation[Index.Sum(
                (at.Group, saved.Channel * _nest.Channels), (at.Channel, saved.Channel), (at.Plane, saved.Plane), (at.Row, saved.Row), (at.Column, saved.Column))]);
            Pointer? planes = null;
            if (_indices is not null)
            {
                int columns = _nest.Columns / pool.Width, pooled = _nest.Rows / pool.Height * columns, bits = pool.IndexBits;
                planes = _k.PointTo("planes", _indices[Index.Sum(
                    (at.Group, _nest.Channels * _nest.Planes * pooled * bits), (at.Channel, _nest.Planes * pooled * bits), (at.Plane, pooled * bits),
                    (at.Row, columns * bits), (at.Column, bits))]);
            }

            static Index Offset(TileElement e, Strides strides, string pointer) => (e.Channel * Number.Offset(strides.Channel, pointer + "ChannelStride"))
                + (e.Row * Number.Offset(strides.Row, pointer + "RowStride")) + (e.Column * strides.Column);
            _k.Group(() =>
            {
                foreach (TileElement e in _elements.Where(e => e.Row < tile.Rows / pool.Height && e.Column < tile.Columns / _nest.PoolColumns))
                {
                    Expression value = _nest.Pools ? Pooled(e, planes) : Accumulator(e.Channel, e.Row, e.Column);
                    if (!_nest.ActivatesBeforePool)
                    {
                        value = epilogue.Activation.Of(value);
                    }

                    if (z is not null)
                    {
                        value = new Call(GradientAt(epilogue.Gradient!), new AddressOf(z[Offset(e, saved, "z")]), value);
                    }

                    if (_tail is not null && e.Column == (tile.Columns / _nest.PoolColumns) - 1)
                    {
                        // Only the row's last vector has lanes beyond the row. All tiles but the last end elsewhere.
                        int columns = _nest.Columns / _nest.PoolColumns;
                        value = columns > tile.Columns / _nest.PoolColumns
                            ? Expression.Select(Index.AreEqual(at.Column + e.Column, Number.Named(columns - 1, "lastVector")), _tail & value, value)
                            : _tail & value;
                    }

                    _k.Store(y[Offset(e, _nest.Output, "y")], value);
                }
            });
        }

        /// <summary>Scale and shift of each channel, while its outputs are in registers.</summary>
        private void RecordScale(TilePosition at)
        {
            Index offset = PerChannel(at);
            Pointer[] pointers = _k.PointTo(("scales", _scale![offset]), ("shifts", _shift![offset]));
            int pixels = _nest.Tile.Rows * _nest.Tile.Columns;
            for (int channel = 0; channel < _nest.Tile.Channels; channel++)
            {
                Variable[] pair = _k.Let(($"s{channel}", OfChannel(pointers[0], channel)), ($"t{channel}", OfChannel(pointers[1], channel)));
                Variable[] own = [.. _accumulators.Skip(channel * pixels).Take(pixels)];
                _k.Group(() =>
                {
                    foreach (Variable a in own)
                    {
                        _k.Set(a, _k.MultiplyAdd(a, pair[0], pair[1]));
                    }
                });
            }
        }

        private Expression Pooled(TileElement e, Pointer? planes)
        {
            FusedPool pool = _nest.Pool;
            Expression[] window =
            [
                .. from ky in Enumerable.Range(0, pool.Height)
                   from kx in Enumerable.Range(0, _nest.PoolColumns)
                   let a = Accumulator(e.Channel, (e.Row * pool.Height) + ky, (e.Column * _nest.PoolColumns) + kx)
                   select _nest.ActivatesBeforePool ? _nest.Epilogue.Activation.Of(a) : a,
            ];
            if (_nest.Form == ConvolutionForm.RowLanes)
            {
                return pool.Kind == PoolingKind.Max ? PooledPairs.Maximum(window, _nest.PoolColumns, _nest.Tier.Lanes) : PooledPairs.Mean(window, _nest.PoolColumns, pool.Area, _nest.Tier.Lanes);
            }

            if (pool.Kind == PoolingKind.Average)
            {
                return window.Aggregate((left, right) => left + right) * new Constant((float)(1.0 / pool.Area));
            }

            if (planes is null)
            {
                return PooledPairs.MaximumOf(window);
            }

            int columns = _nest.Columns / pool.Width, bits = pool.IndexBits;
            Index place = (e.Channel * Number.Offset(_nest.Planes * (_nest.Rows / pool.Height) * columns * bits, "planesChannelStride"))
                + (e.Row * Number.Offset(columns * bits, "planesRowStride")) + (e.Column * bits);
            return new Call(MaximumAndIndices(window.Length, bits), [.. window, new AddressOf(planes[place])]);
        }

        /// <summary>The gradient in front of an activation, from where its output is saved.</summary>
        private static DefinedFunction GradientAt(Activation activation)
        {
            var k = new KernelBuilder(0);
            Pointer output = k.Parameter("output");
            Variable gradient = k.VectorParameter("gradient"), y = k.Let("y", output[0].Vector);
            k.Return(activation.GradientOf(y, gradient));
            return new DefinedFunction(
                activation.Name + "Gradient", $"The gradient in front of {activation.Name}, from its output and the gradient behind it.", k.Nest(ElementType.Vector));
        }

        /// <summary>
        /// The maximum of a window, the first of equal ones as in PyTorch. Bit k of its index is saved as a plane with one bit for
        /// each lane.
        /// </summary>
        private static DefinedFunction MaximumAndIndices(int count, int bits)
        {
            var k = new KernelBuilder(0);
            Variable[] x = [.. Enumerable.Range(0, count).Select(i => k.VectorParameter($"x{i}"))];
            Pointer planes = k.Parameter(new Pointer("planes", ElementType.Bits));
            Variable max = k.Let("max", x[0]);
            var index = new Expression?[bits];
            for (int j = 1; j < count; j++)
            {
                Variable greater = k.Let($"greater{j}", Intrinsics.LaneBits(Intrinsics.ReplacesMaximum(x[j], max)));
                k.Set(max, Functions.Max(max, x[j]));
                for (int bit = 0; bit < bits; bit++)
                {
                    index[bit] = ((j >> bit) & 1) == 1
                        ? index[bit] is { } plane ? plane | greater : greater
                        : index[bit] is { } lower ? lower & ~(Expression)greater : null;
                }
            }

            for (int bit = 0; bit < bits; bit++)
            {
                k.Store(planes[bit], new Conversion(ElementType.Bits, index[bit]!));
            }

            k.Return(max);
            return new DefinedFunction("Maximum", $"The largest of {count}; the first one's index as planes of bits.", k.Nest(ElementType.Vector));
        }
    }

    /// <summary>One of the outputs in registers.</summary>
    private readonly record struct TileElement(int Channel, int Row, int Column);

    /// <summary>Where a tile begins.</summary>
    private sealed record TilePosition(Index Group, Index Channel, Index Plane, Index Row, Index Column);

    private string NameOf(TileElement e)
    {
        string pixel = Pixel(e);
        return Tile.Channels == 1 && pixel.Length > 0 ? "a" + pixel : pixel.Length == 0 ? $"a{e.Channel}" : $"a{e.Channel}_{pixel}";
    }

    /// <summary>What the operand of a pixel is called.</summary>
    private string PixelName(TileElement e) => Tile.Rows * Tile.Columns == 1 ? "x0" : "x" + Pixel(e);

    /// <summary>A name's number: rows and columns where the tile has several.</summary>
    private string Pixel(TileElement e) =>
        Tile.Rows == 1 ? (Tile.Columns == 1 ? "" : $"{e.Column}")
        : Tile.Columns == 1 ? $"{e.Row}" : $"{e.Row}{(Tile.Rows > 9 || Tile.Columns > 9 ? "_" : "")}{e.Column}";
}

/// <summary>
/// Pooling of outputs whose lanes are neighbours of a row, 2 columns at a time: rows are combined lane by lane, then each lane with its
/// neighbour, and the even lanes of two vectors are put side by side.
/// </summary>
internal static class PooledPairs
{
    /// <summary>A balanced tree: the maxima of pairs do not wait for one another.</summary>
    public static Expression MaximumOf(IReadOnlyList<Expression> values) => values.Count == 1
        ? values[0] : Functions.Max(MaximumOf([.. values.Take(values.Count / 2)]), MaximumOf([.. values.Skip(values.Count / 2)]));

    /// <param name="window">Row by row.</param>
    /// <param name="columns">Vectors of a row: two, or a single one that stands for both.</param>
    public static Expression Maximum(IReadOnlyList<Expression> window, int columns, int lanes)
    {
        IEnumerable<Expression> halves = Enumerable.Range(0, columns).Select(half => MaximumOf([.. window.Where((_, i) => i % columns == half)]));
        return new Call(
            Function("MaximumOfPairs", ["left"], ["right"], rows => Functions.Max(rows[0], Swapped(rows[0], lanes)), lanes, 1),
            [.. halves, .. Enumerable.Repeat<Expression>(0, 2 - columns)]);
    }

    /// <summary>
    /// The mean of 2 rows and 2 columns, added in the order in which all other forms add them: row by row. In an even lane that is itself,
    /// its neighbour, and the same of the next row; odd lanes are left out at the end.
    /// </summary>
    /// <inheritdoc cref="Maximum"/>
    public static Expression Mean(IReadOnlyList<Expression> window, int columns, int area, int lanes)
    {
        IEnumerable<Expression> halves = Enumerable.Range(0, columns).SelectMany(half => window.Where((_, i) => i % columns == half));
        DefinedFunction function = Function(
            "MeanOfPairs", ["left0", "left1"], ["right0", "right1"], rows => rows[0] + Swapped(rows[0], lanes) + rows[1] + Swapped(rows[1], lanes), lanes, 1.0 / area);
        return new Call(function, [.. halves, .. Enumerable.Repeat<Expression>(0, 2 * (2 - columns))]);
    }

    /// <summary>Each lane's neighbour.</summary>
    private static Expression Swapped(Expression x, int lanes) => Intrinsics.Shuffle(x, Enumerable.Range(0, lanes).Select(i => i ^ 1));

    private static DefinedFunction Function(string name, string[] left, string[] right, Func<Expression[], Expression> combine, int lanes, double scale)
    {
        var k = new KernelBuilder(lanes);
        Expression[] first = [.. left.Select(k.VectorParameter)], second = [.. right.Select(k.VectorParameter)];
        int[] even = [.. Enumerable.Range(0, lanes).Select(i => 2 * i % lanes)];
        k.Set(first[0], Intrinsics.Shuffle(combine(first), even));
        k.Set(second[0], Intrinsics.Shuffle(combine(second), even));
        Expression halves = Intrinsics.LowerHalves(first[0], second[0]);
        k.Return(scale == 1 ? halves : halves * new Constant((float)scale));
        return new DefinedFunction(name, "Combines neighbouring lanes of two vectors; the even lanes of both are put side by side.", k.Nest(ElementType.Vector));
    }
}
