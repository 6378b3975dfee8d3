using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Direct convolution with a tile of outputs in registers. For each input channel and tap, each of the tile's pixels is multiplied by the
/// weight of each of its channels. The same nest computes forward, and the gradient of the input, which is a convolution of the output's
/// gradient with the transposed and rotated filter. The two differ in addresses only.
/// </summary>
internal sealed record TiledConvolution(
    Tier Tier, LaneUse LaneUse, ConvolutionExtents Extents, FilterTaps Filter, ConvolutionOperands Operands, Tile Tile, Epilogue Epilogue)
    : Kernel(Tier)
{
    /// <summary>
    /// Tiles with at most this many multiply-adds have their horizontal taps written out. Below the limit, a loop would take as long as the
    /// few multiply-adds inside it. A tile of 24 hides its loop: with the columns of a 5×5 filter written out, it ran at the same speed
    /// (250 to 255 GFLOP/s on Zen 5), took three times the text, and the JIT kept inputs from tap to tap in registers that it then had to
    /// spill. A single sample of LeNet-5 became 7 % faster when the limit fell from 40 to about 20.
    /// </summary>
    public const int UnrollLimit = 20;

    /// <summary>
    /// With this many multiply-adds or more, two channels per iteration of a pointwise convolution hide the loop. With fewer, four do.
    /// </summary>
    private const int ManyAccumulators = 16;

    /// <summary>Fewer items than this do not divide well among a few threads.</summary>
    private const int FewItems = 16;

    public bool LanesAreChannels => LaneUse is LaneUse.ChannelLanes or LaneUse.Depthwise or LaneUse.GroupsInLanes;

    /// <summary>The pooling of the epilogue. Without pooling, a window of one output.</summary>
    public FusedPool Pool => Epilogue.Pool ?? new FusedPool(PoolingKind.Max, 1, 1);

    /// <summary>With lanes along a row, pooling makes one vector of two neighbours. A single vector serves as both.</summary>
    public int PoolColumns => LaneUse == LaneUse.RowLanes ? Math.Min(Pool.Width, Extents.Columns) : Pool.Width;

    /// <summary>Tiles of channels in all groups.</summary>
    private int ChannelItems => Extents.Groups * Arithmetic.CeilingDivide(Extents.Channels, Tile.Channels);

    /// <summary>Tiles of rows in all planes.</summary>
    private int RowItems => Extents.Planes * Arithmetic.CeilingDivide(Extents.Rows, Tile.Rows);

    /// <summary>
    /// What threads divide. If they divide the rows, each of them reads all weights. If they divide the channels, each of them reads all
    /// inputs. The choice is what is less.
    /// </summary>
    private WorkAxis ItemAxis
    {
        get
        {
            if (Axis is { } chosen)
            {
                return chosen;
            }

            if (RowItems * Extents.Columns == 1 && LaneUse == LaneUse.ChannelLanes)
            {
                return WorkAxis.Panels;
            }

            long weights = Filter.Count * Extents.Channels * (LanesAreChannels ? Tier.Lanes : 1);
            long inputs = (long)Extents.Planes * Extents.Rows * Extents.Columns * (LaneUse == LaneUse.ChannelLanes ? 1 : Tier.Lanes);
            bool sharesRows = RowItems > 1 && (inputs > weights || ChannelItems == 1);
            bool isOneSample = LaneUse != LaneUse.SampleLanes;
            return isOneSample && ChannelItems > 1 && RowItems > 1 && (sharesRows ? RowItems : ChannelItems) < FewItems ? WorkAxis.Tiles
                : sharesRows ? WorkAxis.Rows : WorkAxis.Channels;
        }
    }

    public override Work WorkOf(IReadOnlyList<int> extents) => ItemAxis switch
    {
        WorkAxis.Tiles => new(WorkAxis.Tiles, ChannelItems * RowItems),
        WorkAxis.Rows => new(WorkAxis.Rows, RowItems),
        var axis => Work.Over(axis, ChannelItems),
    };

    public override string Summary => $"Direct convolution, {LaneUse switch
    {
        LaneUse.SampleLanes => $"a sample per lane; in registers {Registers("channel", "column")}",
        LaneUse.ChannelLanes => $"lanes are output channels; in registers {Registers("vector", "column")}",
        LaneUse.GroupsInLanes => $"lanes are channels of several groups; in registers {Registers("vector", "column")}",
        LaneUse.Depthwise => $"a filter for each channel, lanes are channels; in registers {Registers("vector", "column")}",
        _ => $"lanes run along a row; in registers {Registers("channel", "vector")}",
    }}";

    /// <summary>
    /// A number of a channel of the tile, such as its bias. If lanes are channels, it is a vector of numbers; otherwise one number in all
    /// lanes.
    /// </summary>
    public Expression OfChannel(Pointer pointer, int channel) =>
        LanesAreChannels ? pointer[channel * Tier.Lanes].Vector : pointer[channel].Broadcast;

    /// <summary>The offset of the number of a tile's first channel.</summary>
    public Index PerChannel(TilePosition at)
    {
        int channel = LanesAreChannels ? Tier.Lanes : 1;
        return Index.Sum((at.Group, Extents.Channels * channel), (at.Channel, channel));
    }

    /// <summary>The type of the weights in memory.</summary>
    public ElementType WeightElement { get; init; } = ElementType.Float;

    /// <summary>The taps in a row of a depthwise filter; null for other filters.</summary>
    public RowOfTaps? RowOfTaps =>
        LaneUse == LaneUse.Depthwise
            ? new RowOfTaps(Filter.Horizontal.Count, Filter.Horizontal.InputStep, Operands.Input.Strides.Column) : null;

    /// <summary>
    /// Lanes of a group, if a vector holds several groups. The group's inputs are in the first of its lanes; they may be fewer than lanes.
    /// </summary>
    public int GroupSize { get; init; } = 1;

    /// <summary>Whether the weights of the next tile of channels are prefetched, since weights come from memory.</summary>
    public bool ReadsAhead { get; init; }

    /// <summary>
    /// Whether the weights of the next panel are prefetched. This is for the gradient of a dense layer's input, whose weights come from
    /// memory in panels of inputs. The rows of a tile's outputs are together in each panel.
    /// </summary>
    public bool ReadsPanelsAhead { get; init; }

    /// <summary>See <see cref="WeightsAhead.RecordTaps"/>.</summary>
    public int InputsAhead { get; init; }

    /// <summary>The order of the tiles.</summary>
    public TileOrder Order { get; init; }

    /// <summary>What threads divide, if that was chosen for another size; otherwise null.</summary>
    private WorkAxis? Axis { get; init; }

    /// <summary>Floats of a stream of weights that a round prefetches, if that was chosen for another size; otherwise null.</summary>
    private int? FloatsAhead { get; init; }

    public override Kernel? Kind
    {
        get
        {
            Strides none = default;
            Taps Count(Taps taps) => new(taps.Count, 0, 0);
            return LaneUse == LaneUse.SampleLanes ? null : this with
            {
                Extents = Extents with { Rows = 1, Columns = 1 },
                Filter = new FilterTaps(Count(Filter.Depth), Count(Filter.Vertical), Filter.Horizontal),
                Operands = new ConvolutionOperands(
                    new ConvolutionInput(
                        new Strides(0, 0, Operands.Input.Strides.Column), new ChannelAddress(0, Operands.Input.Channel.Block)),
                    Operands.Weights, none),
                Tile = default,
                Epilogue = Epilogue with
                {
                    ValidLanes = 0,
                    Join = Epilogue.Join is { } join ? join with { Other = none } : null,
                    Gradient = Epilogue.Gradient is { } gradient ? gradient with { Saved = none } : null,
                },
                Axis = null,
                FloatsAhead = null,
            };
        }
    }

    public override Kernel? Like(Kernel other) => other is TiledConvolution like
        && like.Tile.Rows <= Extents.Rows && like.Tile.Columns <= Extents.Columns && like.PoolColumns == PoolColumns
        && (like.ItemAxis == WorkAxis.Panels) == (ItemAxis == WorkAxis.Panels)
            ? this with { Tile = like.Tile, Axis = like.ItemAxis, FloatsAhead = like.AheadOfRound } : null;

    /// <summary>
    /// Whether the filter has one tap, and the channels fill their blocks. Then blocks and lanes have loops of their own: computing the
    /// address of each channel, with its divisions, would take longer than its multiply-adds.
    /// </summary>
    private bool IsPointwise =>
        Filter.Count == 1 && Operands.Input.Channel.Block > 0 && Extents.InputChannels % Operands.Input.Channel.Block == 0;

    /// <summary>Floats of a stream of weights that a round prefetches; see <see cref="WeightsAhead.FloatsOf"/>.</summary>
    private int AheadOfRound => FloatsAhead ?? (!ReadsAhead ? 0 : WeightsAhead.FloatsOf(
        (int)Filter.Count * Tier.Lanes * (IsPointwise ? Operands.Input.Channel.Block : 1),
        RowItems * Arithmetic.CeilingDivide(Extents.Columns, Tile.Columns)));

    protected override void Record(KernelBuilder k) => new Recorder(this, k).Record();

    /// <summary>The tile as text: <c>2 channels × 4 rows × 3 vectors</c>, without what there is only one of.</summary>
    private string Registers(string channel, string column)
    {
        string several = string.Join(
            " × ", new[] { (Tile.Channels, channel), (Tile.Rows, "row"), (Tile.Columns, column) }.Where(e => e.Item1 > 1)
                .Select(e => Count(e.Item1, e.Item2)));
        return several.Length > 0 ? several : Count(1, channel);
    }

    /// <summary>Records one kernel: the loops over tiles, and the sums of a tile.</summary>
    private sealed class Recorder
    {
        private readonly TiledConvolution _kernel;
        private readonly KernelBuilder _k;
        private readonly Pointer _input, _weight;
        private readonly Pointer? _bias;
        private readonly TileRegisters _tile;
        private readonly TileEpilogue _epilogue;
        private readonly TileSums _sums;

        public Recorder(TiledConvolution kernel, KernelBuilder k)
        {
            (_kernel, _k) = (kernel, k);
            _input = k.Parameter("input");
            _weight = k.Parameter(new Pointer("weight", kernel.WeightElement));
            _bias = kernel.Epilogue.Bias ? k.Parameter("bias") : null;
            _tile = new TileRegisters(kernel.Tile);
            _epilogue = new TileEpilogue(kernel, _tile, k);

            // The sums are cut between input channels or, if a channel has many taps, within a channel. The cuts are the same for every
            // use of the lanes, so that a sample's result does not depend on it.
            int inputs = Channels;
            _sums = new TileSums(
                kernel.IsPointwise ? SumCut.IntoBlocks(SumCut.Products, inputs / Input.Channel.Block, Input.Channel.Block)
                    : SumCut.IntoBlocks(
                        SumCut.Products / Shuffles, inputs, Filter.Depth.Count, Filter.Vertical.Count, Filter.Horizontal.Count),
                _tile.Accumulators);
        }

        private FilterTaps Filter => _kernel.Filter;

        /// <summary>Input channels that a loop goes through.</summary>
        private int Channels => _kernel.Extents.InputChannels / Shuffles;

        /// <summary>The number of shuffles of a vector that a tap takes: one for each input of a group.</summary>
        private int Shuffles => _kernel.LaneUse == LaneUse.GroupsInLanes ? _kernel.Extents.InputChannels : 1;

        private ConvolutionInput Input => _kernel.Operands.Input;

        private ConvolutionWeights Weights => _kernel.Operands.Weights;

        public void Record()
        {
            (FusedPool pool, Tile tile, ConvolutionExtents extents) = (_kernel.Pool, _kernel.Tile, _kernel.Extents);
            int tileRows = tile.Rows / pool.Height, tileColumns = tile.Columns / _kernel.PoolColumns;
            int rows = extents.Rows / pool.Height, columns = extents.Columns / _kernel.PoolColumns;
            if (_kernel.IsOfSizes && _kernel.ItemAxis != WorkAxis.Panels)
            {
                _k.DependOnSize("tileRow", "tileColumn");
            }

            _epilogue.Begin();
            _sums.Declare(_k);
            bool sharesRows = _kernel.ItemAxis == WorkAxis.Rows;
            var channelLoops = new LoopsOfTiles(!sharesRows, [("group", extents.Groups, 1), ("channel", extents.Channels, tile.Channels)]);
            var rowLoops = new LoopsOfTiles(sharesRows, [("plane", extents.Planes, 1), ("tileRow", rows, tileRows)]);
            var columnLoops = new LoopsOfTiles(false, [("tileColumn", columns, tileColumns)]);
            var at = new Dictionary<string, Index>();
            RecordLoops(_kernel switch
            {
                { ItemAxis: WorkAxis.Tiles } => [new LoopsOfTiles(true, [.. channelLoops.Loops, .. rowLoops.Loops]), columnLoops],
                { Order: TileOrder.Channels } => [channelLoops, rowLoops, columnLoops],
                { Order: TileOrder.Rows } => [rowLoops, channelLoops, columnLoops],
                _ => [rowLoops, columnLoops, channelLoops],
            });

            void RecordLoops(ReadOnlySpan<LoopsOfTiles> nest)
            {
                if (nest.IsEmpty)
                {
                    RecordTile(new TilePosition(
                        at["group"], at["channel"], at["plane"], Start("row", at["tileRow"], rows, tileRows),
                        Start("column", at["tileColumn"], columns, tileColumns)));
                    return;
                }

                (string Name, int, int)[] loops = nest[0].Loops;
                using (nest[0].AreItems ? _k.Items(out Index[] variables, loops) : _k.Loops(out variables, loops))
                {
                    for (int i = 0; i < loops.Length; i++)
                    {
                        at[loops[i].Name] = variables[i];
                    }

                    RecordLoops(nest.Slice(1));
                }
            }
        }

        /// <summary>The start of a tile. The last tile ends with the outputs, and computes some of them a second time.</summary>
        private Index Start(string name, Index loop, int count, int step) =>
            (count <= step || count % step == 0) && !_k.DependsOnSize("tileRow") ? loop : _k.LetInt(name, Index.Min(
                loop, _k.OfLoop("tileRow", count - step, "last" + char.ToUpperInvariant(name[0]) + name.Substring(1))));

        private void RecordTile(TilePosition at)
        {
            bool sums = Channels > 1 || Filter.Depth.Count > 1;
            Index first = Index.Sum(
                (at.Group, Input.Group), (at.Plane, Input.Strides.Plane), (at.Row, Input.Strides.Row * _kernel.Pool.Height),
                (at.Column, Input.Strides.Column * _kernel.PoolColumns));
            Pointer inputs = PointerTo(sums ? "inputs" : "x", _input, first, isFixed: sums);
            Pointer weights = PointerTo(
                sums ? "weights" : "w", _weight, Weights.Group.At(at.Group) + Weights.Output.At(at.Channel), isFixed: sums);
            Pointer? bias = _bias is null ? null : _k.PointTo("b", _bias[_kernel.PerChannel(at)]);
            WeightsAhead? ahead = AheadOf(at);
            _sums.Begin(_k, bias is null ? null : [.. _tile.Elements.Select(e => _kernel.OfChannel(bias, e.Channel))]);
            if (_kernel.IsPointwise)
            {
                RecordBlocks(inputs, weights, ahead);
            }
            else
            {
                RecordTaps(inputs, weights, sums, ahead);
            }

            using KernelBuilder.Scope whole = _sums.End(_k);
            _epilogue.Record(at);
        }

        /// <summary>
        /// The weights of the next channels that a tile prefetches. All tiles of pixels together prefetch all of these weights.
        /// </summary>
        private WeightsAhead? AheadOf(TilePosition at)
        {
            if (!_kernel.ReadsAhead)
            {
                return null;
            }

            (Tile tile, ConvolutionExtents extents) = (_kernel.Tile, _kernel.Extents);
            int tiles = Arithmetic.CeilingDivide(extents.Columns, tile.Columns);
            Index columnTiles = _kernel.IsOfSizes ? new Number(tiles, "columnTiles") : tiles;
            int rounds = _kernel.IsPointwise ? extents.InputChannels / Input.Channel.Block : extents.InputChannels;
            int floats = _kernel.AheadOfRound;

            // Positions of tiles are those of the results, after pooling.
            Index number = (at.Row / (tile.Rows / _kernel.Pool.Height) * columnTiles) + (at.Column / (tile.Columns / _kernel.PoolColumns));
            return floats == 0 ? null : new WeightsAhead(
                _k, _weight[Weights.Output.At(at.Channel + tile.Channels) + Index.Sum((number, rounds * floats))],
                Enumerable.Range(0, tile.Channels).Select(channel => channel * Number.Offset(Weights.Output.Step, "wChannelStride")),
                floats);
        }

        /// <summary>The loops over blocks of input channels and their lanes, some of which are written out.</summary>
        private void RecordBlocks(Pointer inputs, Pointer weights, WeightsAhead? ahead)
        {
            ChannelAddress channel = Input.Channel;
            int unrolled = _kernel.Tile.Accumulators >= ManyAccumulators ? 2 : 4, weightStep = Weights.Input.Stride;
            _sums.Loop(_k, 0, [("block", _kernel.Extents.InputChannels / channel.Block, 1)], block =>
            {
                Pointer[] at = _k.PointTo(
                    ("x", inputs[Index.Sum((block[0], channel.Stride))]),
                    ("w", weights[Index.Sum((block[0], channel.Block * weightStep))]));
                ahead?.RecordRound();
                _sums.Loop(_k, 1, [("lane", channel.Block, unrolled)], _ =>
                {
                    for (int lane = 0; lane < unrolled; lane++)
                    {
                        RecordTap(at[0], at[1], lane * channel.LaneStep, lane * weightStep, isFirst: lane == 0);
                    }

                    _k.Advance((at[0], unrolled * channel.LaneStep), (at[1], unrolled * weightStep));
                });
            });
        }

        private void RecordTaps(Pointer inputs, Pointer weights, bool sums, WeightsAhead? ahead) =>
            _sums.Loop(_k, 0, [("c", Channels, 1), ("kz", Filter.Depth.Count, 1)], loops =>
            {
                Pointer[] channel = !sums ? [inputs, weights] : _k.PointTo(
                    ("x", inputs[Input.Channel.At(loops[0]) + Index.Sum((loops[1], Filter.Depth.InputStep))]),
                    ("w", weights[Weights.Input.At(loops[0]) + Index.Sum((loops[1], Filter.Depth.WeightStep))]));
                ahead?.RecordRound();
                WeightsAhead.RecordTaps(_k, _kernel, channel[1]);
                if (_kernel.ReadsPanelsAhead)
                {
                    RecordNextPanel(weights, loops[0]);
                }

                _sums.Loop(_k, 2, [("ky", Filter.Vertical.Count, 1)], _ => RecordRowOfTaps(channel[0], channel[1]));
            });

        /// <summary>Prefetches a round's share of the weights that the tile's outputs have in the next panel.</summary>
        private void RecordNextPanel(Pointer weights, Index input)
        {
            ChannelAddress panels = Weights.Input;
            int floats = _kernel.Tile.Channels * panels.LaneStep;
            Index share = (panels with { LaneStep = floats }).At(input) + Number.Named(panels.Stride, "blockStride");
            _k.Group(() =>
            {
                for (int line = 0; line < floats; line += WeightsAhead.Line)
                {
                    _k.Run(Intrinsics.PrefetchL2(weights[share + line]));
                }
            });
        }

        /// <summary>
        /// A pointer to a tile's first element. It is the operand itself if that is the first element and the pointer does not move.
        /// </summary>
        private Pointer PointerTo(string name, Pointer operand, Index offset, bool isFixed) =>
            isFixed && offset.Is(0) ? operand : _k.PointTo(name, operand[offset]);

        private void RecordRowOfTaps(Pointer x, Pointer w)
        {
            (Taps vertical, Taps horizontal) = (Filter.Vertical, Filter.Horizontal);
            if (_kernel.RowOfTaps is { } taps && taps.IsShared(_kernel.Tier, _kernel.Tile))
            {
                RecordShared(taps, x, w);
            }
            else if (horizontal.Count * Shuffles * _kernel.Tile.Accumulators <= UnrollLimit)
            {
                for (int kx = 0; kx < horizontal.Count; kx++)
                {
                    if (horizontal.Count > 1)
                    {
                        _k.Comment($"Tap {kx}.");
                    }

                    using KernelBuilder.Scope scope = horizontal.Count > 1 ? _k.Braces() : default;
                    RecordTap(x, w, kx * horizontal.InputStep, kx * horizontal.WeightStep);
                }
            }
            else
            {
                // With several rows of taps, each row has its own pointers.
                Pointer[] row = vertical.Count > 1 ? _k.PointTo(("xk", x), ("wk", w)) : [x, w];
                _sums.Loop(_k, 3, [("kx", horizontal.Count, 1)], _ =>
                {
                    RecordTap(row[0], row[1], 0, 0);
                    _k.Advance((row[0], Number.Named(horizontal.InputStep, "xTapStride")),
                        (row[1], Number.Named(horizontal.WeightStep, "wTapStride")));
                });
            }

            if (vertical.Count > 1)
            {
                _k.Advance((x, Number.Named(vertical.InputStep, "xTapRowStride")), (w, Number.Named(vertical.WeightStep, "wTapRowStride")));
            }
        }

        /// <summary>Records the products of a row of taps at once. Each input is loaded once for all of its products.</summary>
        private void RecordShared(RowOfTaps taps, Pointer x, Pointer w)
        {
            Variable[] weights =
                _k.Let(Enumerable.Range(0, taps.Taps).Select(tap => ($"w{tap}", w[tap * Filter.Horizontal.WeightStep].Vector)));
            bool isFirst = true;
            for (int row = 0; row < _kernel.Tile.Rows; row++)
            {
                foreach (IGrouping<int, (int Column, int Tap)> input in taps.Inputs(_kernel.Tile.Columns))
                {
                    Expression value = Pixel(x, input.Key, new TileElement(0, row, 0));
                    _k.Group(() =>
                    {
                        if (input.Count() > 1)
                        {
                            value = _k.Renew(isFirst, ("pixel", value))[0];
                            isFirst = false;
                        }

                        foreach ((int column, int tap) in input)
                        {
                            Variable sum = _tile[0, row, column];
                            _k.Set(sum, _k.MultiplyAdd(value, weights[tap], sum));
                        }
                    });
                }
            }
        }

        /// <param name="input">The offset of the tap's inputs from <paramref name="x"/>.</param>
        /// <param name="weight">The offset of its weights from <paramref name="w"/>.</param>
        /// <param name="isFirst">Whether the variables of the operands must be declared.</param>
        private void RecordTap(Pointer x, Pointer w, int input, int weight, bool isFirst = true)
        {
            if (_kernel.LaneUse != LaneUse.GroupsInLanes)
            {
                _tile.RecordProducts(_k, channel => Weight(w, weight, channel), element => Pixel(x, input, element), isFirst);
                return;
            }

            // Record a few pixels at a time. With all of them, the JIT would keep each pixel in a register until its next shuffle, and do
            // all shuffles before the first product. It does not have registers for that.
            Variable[] weights =
                _k.Let(Enumerable.Range(0, Shuffles).Select(i => ($"w{i}", Weight(w, weight + (i * Weights.Input.Stride), 0))));
            int together = GroupLanes.PixelsTogether(_kernel.Tier, Shuffles);
            for (int first = 0; first < _tile.Elements.Length; first += together)
            {
                TileElement[] elements = [.. _tile.Elements.Skip(first).Take(together)];
                Variable[] pixels = _k.Let(elements.Select(e => (_tile.PixelName(e), Pixel(x, input, e))));
                _k.Group(() =>
                {
                    for (int i = 0; i < Shuffles * pixels.Length; i++)
                    {
                        (int of, int pixel) = (i / pixels.Length, i % pixels.Length);
                        Variable sum = _tile[0, elements[pixel].Row, elements[pixel].Column];
                        Expression spread = GroupLanes.Spread(pixels[pixel], _kernel.Tier, _kernel.GroupSize, of);
                        _k.Set(sum, _k.MultiplyAdd(spread, weights[of], sum));
                    }
                });
            }
        }

        private Expression Pixel(Pointer x, int input, TileElement e)
        {
            Index offset = (e.Row * Number.Offset(Input.Strides.Row, "xRowStride")) + (e.Column * Input.Strides.Column) + input;
            return _kernel.LaneUse == LaneUse.ChannelLanes ? x[offset].Broadcast : x[offset].Vector;
        }

        private Expression Weight(Pointer w, int weight, int channel)
        {
            Index offset = (channel * Number.Offset(Weights.Output.Step, "wChannelStride")) + weight;
            return _kernel.LanesAreChannels ? w[offset].Vector : w[offset].Broadcast;
        }

        /// <param name="AreItems">Whether threads share them.</param>
        private sealed record LoopsOfTiles(bool AreItems, (string Name, int Count, int Step)[] Loops);
    }
}
