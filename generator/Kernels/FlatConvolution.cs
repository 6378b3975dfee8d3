using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Kernels;

/// <summary>The extents of a convolution as a product of matrices.</summary>
/// <param name="Outputs">Blocks of output channels.</param>
/// <param name="Inputs">Input channels.</param>
/// <param name="Pixels">Pixels of all rows of the output.</param>
/// <param name="Width">Pixels of a row.</param>
internal readonly record struct FlatExtents(int Outputs, int Inputs, int Pixels, int Width);

/// <summary>The strides of an operand's pixels.</summary>
/// <param name="Channel">From one block of channels to the next.</param>
/// <param name="Column">From one pixel of a row to the next.</param>
/// <param name="Gap">What is skipped between the last pixel of a row and the first one of the next row, in floats: the halo, or pixels that
/// a stride skips.</param>
internal readonly record struct FlatStrides(int Channel, int Column, int Gap);

/// <summary>The strides of a convolution's operands.</summary>
/// <param name="Input">The strides of the windows' first taps.</param>
/// <param name="Addend">The strides of the addend; those of the result if there is none.</param>
internal readonly record struct FlatOperands(FlatStrides Input, FlatStrides Output, FlatStrides Addend);

/// <summary>
/// A convolution that treats the image as one long row of pixels: a product of matrices, filters × windows. So a tile has the same form in
/// every layer, whatever the width of the image. All extents are parameters, and the layers of a network share a few kernels.
/// </summary>
/// <remarks>
/// An item is a tile of channels at a block of pixels. The items of one block of pixels follow each other, so that the pixels stay in the
/// second-level cache. With a prologue, a call first copies the block's pixels; these items are then a run. The last tile of pixels ends
/// with the last pixel, and the last tile of channels with the last channel: both compute some outputs a second time.
/// </remarks>
/// <param name="Tile">Blocks of channels, and pixels as columns.</param>
/// <param name="BlockPixels">Pixels of an item, a multiple of those of a tile.</param>
/// <param name="PassChannels">
/// Input channels of a pass. A pass goes over all tiles of pixels with the weights of these channels, which stay in the first-level cache;
/// the sums are in memory between passes. 0 if each tile goes through all channels at once.
/// </param>
internal sealed record FlatConvolution(
    Tier Tier, FlatExtents Extents, FilterTaps Filter, FlatOperands Operands, Tile Tile, int BlockPixels, int PassChannels,
    Epilogue Epilogue) : Kernel(Tier)
{
    /// <summary>
    /// What is done to the pixels of a block before the tiles of channels read them. The results are in memory of their own, tile after
    /// tile, with a copy for each tap of the windows. Null if pixels are read where they are.
    /// </summary>
    public Prologue? Prologue { get; init; }

    /// <summary>Tiles with this many multiply-adds hide the loop with two channels per iteration; smaller tiles need four.</summary>
    private const int ManyAccumulators = 16;

    /// <summary>The most taps of a row that are written out without a loop.</summary>
    private const int MostWritten = 7;

    public override string Summary =>
        $"{(IsPointwise ? "Pointwise" : "Direct")} convolution over all pixels; in registers {Count(Tile.Channels, "vector")} × "
        + $"{Count(Tile.Columns, "pixel")}";

    /// <summary>Where the sums are cut: as in the other forms of the convolution, so that the result does not depend on the form.</summary>
    public SumCut Cut => IsPointwise ? SumCut.Of(SumCut.Products, InputBlocks, Lanes)
        : SumCut.Of(SumCut.Products, Extents.Inputs, Filter.Depth.Count, Filter.Vertical.Count, Filter.Horizontal.Count);

    /// <summary>Whether channels can be divided into passes: sums are cut between channels, and into few blocks.</summary>
    public bool HasPasses => Cut.Level <= 0 && Cut.HasFewBlocks;

    /// <summary>Floats of the sums that are in memory between passes.</summary>
    public int WaitingLength => PassChannels == 0 ? 0 : BlockPixels * Tile.Channels * Lanes * (Cut.Level < 0 ? 1 : 2);

    /// <summary>Floats of a block of pixels after the prologue.</summary>
    public int PreparedLength => Prologue is null ? 0 : BlockPixels * PixelLength;

    private bool IsPointwise => Filter.Count == 1;

    /// <summary>Floats of a pixel's window after the prologue.</summary>
    private int PixelLength => InputBlocks * (int)Filter.Count * Lanes;

    /// <summary>Blocks of input channels, the last of which may be partly filled.</summary>
    private int InputBlocks => Arithmetic.CeilingDivide(Extents.Inputs, Lanes);

    private int Lanes => Tier.Lanes;

    /// <summary>Input channels per iteration.</summary>
    private int Unrolled => Tile.Accumulators < ManyAccumulators && Extents.Inputs % 4 == 0 ? 4 : Extents.Inputs % 2 == 0 ? 2 : 1;

    /// <summary>
    /// Whether the taps of an innermost loop are written out. They are if the loop and its pointers would be a sixth of the instructions,
    /// unless sums are cut between taps.
    /// </summary>
    private bool IsWritten(int taps, int level) => taps <= MostWritten && Tile.Accumulators < ManyAccumulators && Cut.Level != level;

    private int ChannelRounds => Arithmetic.CeilingDivide(Extents.Outputs, Tile.Channels);

    public override Work WorkOf(IReadOnlyList<int> extents) =>
        new(WorkAxis.Tiles, Arithmetic.CeilingDivide(Extents.Pixels, BlockPixels) * ChannelRounds,
            Prologue is null ? 1 : ChannelRounds, PreparedLength);

    protected override void Record(KernelBuilder k) => new Recorder(this, k).Record();

    /// <summary>A number that may differ between layers, so that it becomes a parameter if kernels are shared.</summary>
    private static Number Extent(int value, string name) => new(value, name);

    private sealed class Recorder
    {
        private readonly FlatConvolution _nest;
        private readonly KernelBuilder _k;
        private readonly Pointer _input, _weight, _output;
        private readonly Pointer? _inputScale, _inputShift, _bias, _scale, _shift, _addend, _prepared, _waiting;
        private readonly TileRegisters _tile;
        private readonly TileSums _sums;
        private readonly int _lanes;

        public Recorder(FlatConvolution nest, KernelBuilder k)
        {
            (_nest, _k, _lanes) = (nest, k, nest.Lanes);
            Epilogue epilogue = nest.Epilogue;
            _input = k.Parameter("input");
            (_inputScale, _inputShift) = nest.Prologue is { Scaled: true }
                ? (k.Parameter("inputScale"), k.Parameter("inputShift")) : (null, null);
            _weight = k.Parameter("weight");
            _bias = epilogue.Bias ? k.Parameter("bias") : null;
            (_scale, _shift) = epilogue.Scaled ? (k.Parameter("scale"), k.Parameter("shift")) : (null, null);
            _addend = epilogue.Addend is not null ? k.Parameter("addend") : null;
            _output = k.Parameter("output");
            _prepared = nest.Prologue is not null ? k.Parameter("prepared") : null;
            _waiting = nest.PassChannels > 0 ? k.Parameter("waiting") : null;
            _tile = new TileRegisters(nest.Tile);
            _sums = new TileSums(nest.Cut, _tile.Accumulators);
        }

        private FlatExtents Extents => _nest.Extents;

        private FilterTaps Filter => _nest.Filter;

        private FlatOperands Operands => _nest.Operands;

        private Tile Tile => _nest.Tile;

        /// <summary>The gap between rows of the products' input.</summary>
        private int InputGap => _nest.Prologue is null ? Operands.Input.Gap : 0;

        /// <summary>Floats of a tile of pixels after the prologue, in a block of channels.</summary>
        private int BlockLength => Tile.Columns * (int)Filter.Count * _lanes;

        /// <summary>From one tap to the next one below and beside it, in the input.</summary>
        private Number RowOfTaps => Number.Offset(Filter.Vertical.InputStep, "xTapRowStride");

        /// <inheritdoc cref="RowOfTaps"/>
        private Number ColumnOfTaps => Number.Offset(Filter.Horizontal.InputStep, "xTapStride");

        /// <summary>Weights of a block of output channels.</summary>
        private int FilterLength => Extents.Inputs * (int)Filter.Count * _lanes;

        /// <summary>The outermost loop of the sums: over blocks of input channels, or over channels.</summary>
        private (string Name, int Count) Outermost => _nest.IsPointwise ? ("block", _nest.InputBlocks) : ("c", Extents.Inputs);

        public void Record()
        {
            if (_waiting is null)
            {
                _sums.Declare(_k);
            }

            Number rounds = Extent(_nest.ChannelRounds, "channelRounds");
            if (_nest.Prologue is { } prologue)
            {
                PixelBlock? pixels = null;
                using (_k.Items("item", rounds, block => pixels = Prepare(prologue, block), out IndexVariable item))
                {
                    RecordItem(_k.LetInt("channel", FirstChannel(item % rounds)), pixels!);
                }

                return;
            }

            using (_k.Items("item", 1, out IndexVariable item))
            {
                IndexVariable[] first = _k.LetInts(
                    ("channel", FirstChannel(item % rounds)), ("firstPixel", item / rounds * Extent(_nest.BlockPixels, "blockPixels")));
                RecordItem(first[0], Block(first[1]));
            }
        }

        private Index FirstChannel(Index round) => Index.Min(round * Tile.Channels, Extent(Extents.Outputs - Tile.Channels, "lastChannel"));

        private PixelBlock Block(IndexVariable first) => new(
            first, _k.LetInt("endPixel", Index.Min(first + Extent(_nest.BlockPixels, "blockPixels"), Extent(Extents.Pixels, "pixels"))));

        /// <summary>Applies the prologue to the pixels of a block.</summary>
        private PixelBlock Prepare(Prologue prologue, IndexVariable block)
        {
            PixelBlock pixels = Block(_k.LetInt("firstPixel", block * Extent(_nest.BlockPixels, "blockPixels")));
            _k.Comment("The pixels that all tiles of channels read, one tile behind the other.");
            using (_k.For("block", 0, Extent(_nest.InputBlocks, "blocks"), 1, out IndexVariable channels))
            {
                Variable[] constants = !prologue.Scaled ? [] : _k.Let(
                    ("inputScale_c", _inputScale![channels * _lanes].Vector), ("inputShift_c", _inputShift![channels * _lanes].Vector));
                using (Tiles(pixels, out IndexVariable next))
                {
                    IndexVariable pixel = First(next);
                    (Index start, Index[] offsets) = Operands.Input.Gap != 0 && Extents.Width < Tile.Columns
                        ? Scattered(pixel) : PixelsOf(pixel, EndOfRow(pixel, Operands.Input.Gap), Operands.Input, "x");
                    Pointer[] at = _k.PointTo(
                        ("x", _input[(channels * Extent(Operands.Input.Channel, "blockStride")) + start]),
                        ("to", _prepared![PlaceOf(next, pixels) + (channels * BlockLength)]));
                    using (_k.Loops(out Index[] tap, ("ky", Filter.Vertical.Count, 1), ("kx", Filter.Horizontal.Count, 1)))
                    {
                        Pointer x = _nest.IsPointwise ? at[0] : _k.PointTo("xk", at[0][(tap[0] * RowOfTaps) + (tap[1] * ColumnOfTaps)]);
                        _k.Group(() =>
                        {
                            for (int i = 0; i < Tile.Columns; i++)
                            {
                                Expression[] window = [.. WindowOf(prologue).Select(element =>
                                    prologue.Of(x[offsets[i] + element].Vector, constants.FirstOrDefault(), constants.LastOrDefault()))];
                                _k.Store(at[1][i * _lanes], window.Length == 1 ? window[0] : Mean(i, window));
                            }
                        });
                        if (!_nest.IsPointwise)
                        {
                            _k.Advance((at[1], Tile.Columns * _lanes));
                        }
                    }
                }
            }

            return pixels;
        }

        /// <summary>The addresses of inputs, for a tile that is longer than a row.</summary>
        private (Index Start, Index[] Offsets) Scattered(IndexVariable pixel)
        {
            Number gap = Extent(Operands.Input.Gap, "xGap"), width = Extent(Extents.Width, "width");
            return (0, [.. Enumerable.Range(0, Tile.Columns).Select(i =>
                (Index)_k.LetOffset($"xAt{i}", ((pixel + i) * Operands.Input.Column) + ((pixel + i) / width * gap)))]);
        }

        /// <summary>The mean of a window, summed in order.</summary>
        private Expression Mean(int pixel, Expression[] window)
        {
            Variable sum = _k.Let($"sum{pixel}", window[0]);
            foreach (Expression element in window.Skip(1))
            {
                _k.Increase(sum, element);
            }

            return sum * new Constant((float)(1.0 / window.Length));
        }

        /// <summary>Offsets of a pixel's inputs from the first one.</summary>
        private IEnumerable<Index> WindowOf(Prologue prologue) =>
            from row in Enumerable.Range(0, prologue.Mean?.Height ?? 1)
            from column in Enumerable.Range(0, prologue.Mean?.Width ?? 1)
            select (row * Number.Offset(prologue.Row, "xRowStride")) + (column * _lanes);

        /// <summary>The offset of a tile of pixels in the results of the prologue.</summary>
        private Index PlaceOf(IndexVariable next, PixelBlock pixels) => (next - pixels.First) * Extent(_nest.PixelLength, "pixelLength");

        private void RecordItem(Index channel, PixelBlock pixels)
        {
            Pointer weights = _k.PointTo("weights", _weight[channel * Extent(FilterLength, "wChannelStride")]);
            Pointer? bias = _bias is null ? null : _k.PointTo("b", _bias[channel * _lanes]);
            Pointer[] scales = _scale is null
                ? [] : _k.PointTo(("scales", _scale[channel * _lanes]), ("shifts", _shift![channel * _lanes]));
            var at = new Item(channel, pixels, weights,
                bias is null ? null : [.. _tile.Elements.Select(e => OfChannel(bias, e.Channel))], scales);
            if (_waiting is null)
            {
                RecordAtOnce(at);
            }
            else
            {
                RecordPasses(at, _waiting);
            }
        }

        /// <summary>Records the form in which each tile goes through all input channels.</summary>
        private void RecordAtOnce(Item item)
        {
            using (Tiles(item.Pixels, out IndexVariable next))
            {
                IndexVariable pixel = First(next);
                RowEnd? end = EndOfRow(pixel, InputGap, Operands.Output.Gap, Operands.Addend.Gap);
                (Pointer inputs, Index[] offsets) = Inputs(item, next, pixel, end);
                _sums.Begin(_k, item.Bias);
                _sums.Loop(_k, 0, [(Outermost.Name, Outermost.Count, 1)], at => RecordProducts(at[0], inputs, offsets, item.Weights));
                using KernelBuilder.Scope whole = _sums.End(_k);
                RecordEpilogue(item, pixel, end);
            }
        }

        /// <summary>
        /// Records the form with passes: all tiles go through some input channels, then through the next ones. A tile's sums are in memory
        /// between passes.
        /// </summary>
        private void RecordPasses(Item item, Pointer waiting)
        {
            (string name, int count) = Outermost;
            int rounds = _nest.IsPointwise ? _nest.PassChannels / _lanes : _nest.PassChannels;
            bool isCut = _sums.IsBlocked;
            Pointer wholes = isCut ? _k.PointTo("wholes", waiting[Extent(_nest.WaitingLength / 2, "waitingLength")]) : waiting;
            _k.Comment("Sums of tiles, which wait in memory while others go through the same channels.");
            Clear(item, wholes, item.Bias);

            Index end = Extent(count, name + "s");
            if (!isCut)
            {
                RecordPass(item, waiting, name, 0, end, rounds);
            }
            else
            {
                using (_k.For("firstOfSum", 0, end, _nest.Cut.Rounds, out IndexVariable first))
                {
                    Clear(item, waiting);
                    RecordPass(item, waiting, name, first, _k.LetInt("endOfSum", Index.Min(first + _nest.Cut.Rounds, end)), rounds);
                    using (Tiles(item, out Index at, out _))
                    {
                        Pointer[] sums = _k.PointTo(("sums", waiting[at]), ("whole", wholes[at]));
                        Save(sums[1], i => sums[1][i * _lanes].Vector + sums[0][i * _lanes].Vector);
                    }
                }
            }

            using (Tiles(item, out Index place, out IndexVariable next))
            {
                IndexVariable pixel = First(next);
                Restore(wholes, place);
                RecordEpilogue(item, pixel, EndOfRow(pixel, Operands.Output.Gap, Operands.Addend.Gap));
            }
        }

        private void RecordPass(Item item, Pointer waiting, string name, Index first, Index end, int rounds)
        {
            var loop = new IndexVariable(name);
            using (_k.For(loop.Prefixed("first"), first, end, rounds, out IndexVariable firstRound))
            {
                Index endRound = _k.LetInt(loop.Prefixed("end"), Index.Min(firstRound + rounds, end));
                using (Tiles(item, out Index place, out IndexVariable next))
                {
                    IndexVariable pixel = First(next);
                    (Pointer inputs, Index[] offsets) = Inputs(item, next, pixel, EndOfRow(pixel, InputGap));
                    Pointer sums = Restore(waiting, place);
                    using (_k.For(name, firstRound, endRound, 1, out IndexVariable round))
                    {
                        RecordProducts(round, inputs, offsets, item.Weights);
                    }

                    Save(sums, i => _tile.Accumulators[i]);
                }
            }
        }

        private Pointer Restore(Pointer waiting, Index place)
        {
            Pointer sums = _k.PointTo("sums", waiting[place]);
            _k.Let(_tile.Accumulators.Select((a, i) => (a.Name, sums[i * _lanes].Vector)));
            return sums;
        }

        private void Save(Pointer sums, Func<int, Expression> value) => _k.Group(() =>
        {
            for (int i = 0; i < _tile.Accumulators.Length; i++)
            {
                _k.Store(sums[i * _lanes], value(i));
            }
        });

        /// <summary>Sets the initial values of the sums of all tiles; zero by default.</summary>
        private void Clear(Item item, Pointer waiting, Expression[]? values = null)
        {
            using (Tiles(item, out Index place, out _))
            {
                Save(_k.PointTo("sums", waiting[place]), i => values?[i] ?? 0);
            }
        }

        /// <summary>The loop over an item's tiles of pixels.</summary>
        /// <param name="place">The address of the tile's sums.</param>
        private KernelBuilder.Scope Tiles(Item item, out Index place, out IndexVariable next)
        {
            KernelBuilder.Scope scope = Tiles(item.Pixels, out next);
            place = (next - item.Pixels.First) * (Tile.Channels * _lanes);
            return scope;
        }

        private KernelBuilder.Scope Tiles(PixelBlock pixels, out IndexVariable next) =>
            _k.For("next", pixels.First, pixels.End, Tile.Columns, out next);

        /// <summary>A tile's first pixel: the last tile ends with the last pixel.</summary>
        private IndexVariable First(IndexVariable next) =>
            _k.LetInt("pixel", Index.Min(next, Extent(Extents.Pixels - Tile.Columns, "lastPixel")));

        /// <summary>
        /// The end of a tile's row; null if no operand has a gap there. A tile is at most as long as a row, so that it crosses at most one
        /// end.
        /// </summary>
        private RowEnd? EndOfRow(IndexVariable pixel, params int[] gaps)
        {
            if (gaps.All(gap => gap == 0))
            {
                return null;
            }

            Number width = Extent(Extents.Width, "width");
            IndexVariable row = _k.LetInt("row", pixel / width);
            return new RowEnd(row, _k.LetInt("left", ((row + 1) * width) - pixel));
        }

        /// <summary>A pointer to a tile's first input, and the offset of each of its pixels.</summary>
        private (Pointer First, Index[] Offsets) Inputs(Item item, IndexVariable next, IndexVariable pixel, RowEnd? end)
        {
            if (_prepared is not null)
            {
                return (_k.PointTo("inputs", _prepared[PlaceOf(next, item.Pixels)]), Consecutive(_lanes));
            }

            (Index start, Index[] offsets) = PixelsOf(pixel, end, Operands.Input, "x");
            return (_k.PointTo("inputs", _input[start]), offsets);
        }

        private Expression OfChannel(Pointer pointer, int channel) => pointer[channel * _lanes].Vector;

        /// <summary>Records the products of a block of input channels, or of one channel.</summary>
        private void RecordProducts(Index round, Pointer inputs, Index[] offsets, Pointer weights)
        {
            if (_nest.IsPointwise)
            {
                RecordChannels(round, inputs, offsets, weights);
            }
            else
            {
                RecordTaps(round, inputs, offsets, weights);
            }
        }

        /// <summary>Records the loop over the channels of a block, several per iteration.</summary>
        private void RecordChannels(Index block, Pointer inputs, Index[] offsets, Pointer weights)
        {
            bool isWhole = Extents.Inputs % _lanes == 0;
            int unrolled = _nest.Unrolled;
            Index blockStride = _prepared is null ? Extent(Operands.Input.Channel, "blockStride") : Tile.Columns * _lanes;
            Pointer[] at = _k.PointTo(("x", inputs[block * blockStride]), ("w", weights[block * (_lanes * _lanes)]));
            if (_prepared is null)
            {
                RecordPrefetch(at[0]);
            }

            Index end = isWhole ? new Number(_lanes) : Index.Min(_lanes, Extent(Extents.Inputs, "inputs") - (block * _lanes));
            using (_k.For("lane", 0, isWhole ? end : _k.LetInt("lanes", end), unrolled, out _))
            {
                for (int lane = 0; lane < unrolled; lane++)
                {
                    RecordProducts(at[0], offsets, lane, at[1], lane * _lanes, isFirst: lane == 0);
                }

                _k.Advance((at[0], unrolled), (at[1], unrolled * _lanes));
            }
        }

        /// <summary>
        /// Records the loops over the taps of a channel, whose weights are contiguous. Those of the innermost loop are written out.
        /// </summary>
        private void RecordTaps(Index channel, Pointer inputs, Index[] offsets, Pointer weights)
        {
            (int rows, int columns) = (Filter.Vertical.Count, Filter.Horizontal.Count);
            (Number below, Number beside) = _prepared is null ? (RowOfTaps, ColumnOfTaps)
                : (new(columns * Tile.Columns * _lanes), new(Tile.Columns * _lanes));
            Index place = _prepared is null ? new ChannelAddress(Operands.Input.Channel, _lanes).Of(channel)
                : (channel / _lanes * Extent(BlockLength, "blockLength")) + (channel % _lanes);
            Pointer[] at = _k.PointTo(("x", inputs[place]), ("w", weights[channel * Extent((int)Filter.Count * _lanes, "wInputStride")]));
            if (columns == 1)
            {
                RecordLine(2, "ky", rows, at[0], below);
                return;
            }

            _sums.Loop(_k, 2, [("ky", rows, 1)], _ =>
            {
                RecordLine(3, "kx", columns, rows > 1 ? _k.PointTo("xk", at[0]) : at[0], beside);
                if (rows > 1)
                {
                    _k.Advance((at[0], below));
                }
            });

            void RecordLine(int level, string name, int count, Pointer x, Number stride)
            {
                int written = _nest.IsWritten(count, level) ? count : 1;
                bool isKnown = stride.Name.Length == 0;
                _sums.Loop(_k, level, [(name, count, written)], _ =>
                {
                    for (int tap = 0; tap < written; tap++)
                    {
                        RecordProducts(x, offsets, isKnown ? tap * stride.Value : 0, at[1], tap * _lanes, isFirst: tap == 0);
                        if (!isKnown && tap + 1 < count)
                        {
                            _k.Advance((x, stride));
                        }
                    }

                    if (isKnown && written < count)
                    {
                        _k.Advance((x, written * stride));
                    }

                    _k.Advance((at[1], written * _lanes));
                });
            }
        }

        private void RecordProducts(Pointer x, Index[] offsets, int input, Pointer w, int weight, bool isFirst) => _tile.RecordProducts(
            _k,
            channel => w[(channel * Number.Offset(FilterLength, "wChannelOffset")) + weight].Vector,
            pixel => x[offsets[pixel.Column] + input].Broadcast, isFirst);

        /// <summary>
        /// Prefetches the next tile's pixels, early enough to come from memory. The processor's own prefetcher does not find them: they are
        /// a few pixels in each of many blocks of channels.
        /// </summary>
        private void RecordPrefetch(Pointer x) => _k.Group(() =>
        {
            int next = Tile.Columns * Operands.Input.Column;
            for (int offset = next; offset < 2 * next; offset += Math.Max(WeightsAhead.Line, Operands.Input.Column))
            {
                _k.Run(Intrinsics.Prefetch(x[offset]));
            }
        });

        /// <summary>Records what is done with a tile's sums.</summary>
        private void RecordEpilogue(Item item, IndexVariable pixel, RowEnd? end)
        {
            if (item.Scales.Length > 0)
            {
                _tile.RecordScale(_k, channel => (OfChannel(item.Scales[0], channel), OfChannel(item.Scales[1], channel)));
            }

            RecordStores(item.Channel, pixel, end);
        }

        private void RecordStores(Index channel, IndexVariable pixel, RowEnd? end)
        {
            (Index start, Index[] offsets) = PixelsOf(pixel, end, Operands.Output, "y");
            Pointer y = _k.PointTo("y", _output[(channel * Extent(Operands.Output.Channel, "yChannelStride")) + start]);
            Index[] addends = offsets;
            Pointer? r = null;
            if (_addend is not null)
            {
                if (Operands.Addend.Gap != Operands.Output.Gap)
                {
                    (start, addends) = PixelsOf(pixel, end, Operands.Addend, "r");
                }

                r = _k.PointTo("r", _addend[(channel * Extent(Operands.Addend.Channel, "rChannelStride")) + start]);
            }

            _k.Group(() =>
            {
                foreach (TileElement e in _tile.Elements)
                {
                    Expression? other =
                        r?[(e.Channel * Number.Offset(Operands.Addend.Channel, "rChannelOffset")) + addends[e.Column]].Vector;
                    _k.Store(
                        y[(e.Channel * Number.Offset(Operands.Output.Channel, "yChannelOffset")) + offsets[e.Column]],
                        _nest.Epilogue.Activated(_tile[e.Channel, 0, e.Column], other));
                }
            });
        }

        /// <summary>The offset of a tile's first pixel in a block of channels, and the offset of each of its pixels from there.</summary>
        private (Index Start, Index[] Offsets) PixelsOf(IndexVariable pixel, RowEnd? end, FlatStrides strides, string operand)
        {
            if (strides.Gap == 0)
            {
                return (pixel * strides.Column, Consecutive(strides.Column));
            }

            Number gap = Extent(strides.Gap, operand + "Gap"), column = strides.Column == _lanes ? new Number(_lanes)
                : Extent(strides.Column, operand + "ColumnStride");
            Index[] offsets = [.. Enumerable.Repeat((Index)0, Tile.Columns)];
            _k.Group(() =>
            {
                for (int i = 1; i < Tile.Columns; i++)
                {
                    offsets[i] = _k.LetOffset($"{operand}At{i}", (i * column) + Index.Choose(i < end!.Left, 0, gap));
                }
            });
            return ((pixel * column) + (end!.Row * gap), offsets);
        }

        /// <summary>Offsets of a tile's pixels if they are equally spaced.</summary>
        private Index[] Consecutive(int column) => [.. Enumerable.Range(0, Tile.Columns).Select(i => (Index)(i * column))];

        /// <summary>What the tiles of an item have in common.</summary>
        private sealed record Item(Index Channel, PixelBlock Pixels, Pointer Weights, Expression[]? Bias, Pointer[] Scales);

        /// <summary>The pixels that some items have in common.</summary>
        private sealed record PixelBlock(IndexVariable First, Index End);

        /// <summary>The row of a tile's first pixel, and how many pixels are left in it.</summary>
        private sealed record RowEnd(IndexVariable Row, IndexVariable Left);
    }
}
