using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>The extents of a convolution as a product of matrices.</summary>
/// <param name="Outputs">Blocks of output channels.</param>
/// <param name="Inputs">Input channels.</param>
/// <param name="Pixels">Pixels of all rows of the output.</param>
/// <param name="Width">Pixels of a row.</param>
internal readonly record struct FlatExtents(int Outputs, int Inputs, int Pixels, int Width);

/// <summary>The strides of an operand's pixels.</summary>
/// <param name="Channel">The distance from one block of channels to the next.</param>
/// <param name="Column">The distance from one pixel of a row to the next.</param>
/// <param name="Gap">What is skipped between the last pixel of a row and the first one of the next row, in floats: the halo, or pixels that
/// a stride skips.</param>
internal readonly record struct FlatStrides(int Channel, int Column, int Gap)
{
    /// <param name="width">Pixels of a row.</param>
    public static FlatStrides Of(int width, Strides strides) =>
        new(strides.Channel, strides.Column, strides.Row - (width * strides.Column));
}

/// <summary>The strides of a convolution's operands.</summary>
/// <param name="Input">The strides of the windows' first taps.</param>
/// <param name="Other">The strides of the tensor that is joined; those of the result if there is none.</param>
internal readonly record struct FlatOperands(FlatStrides Input, FlatStrides Output, FlatStrides Other);

/// <summary>
/// A convolution that treats the image as one long row of pixels: a product of matrices, filters × windows. So a tile has the same extents
/// in every layer, whatever the width of the image. All extents are parameters, and the layers of a network share a few kernels.
/// </summary>
/// <remarks>
/// An item is a tile of channels at a block of pixels. The items of one block of pixels follow each other, so that the pixels stay in the
/// second-level cache. With a prologue, a call first copies the block's pixels; these items are then a run. The last tile of pixels ends
/// with the last pixel, and the last tile of channels with the last channel: both compute some outputs a second time.
/// </remarks>
/// <param name="Tile">Blocks of channels, and pixels as columns.</param>
/// <param name="Blocks">Blocks of pixels. They differ by at most one tile.</param>
/// <param name="PassChannels">
/// Input channels of a pass. A pass goes over all tiles of pixels with the weights of these channels, which stay in the first-level cache;
/// the sums are in memory between passes. 0 if each tile goes through all channels at once.
/// </param>
internal sealed record FlatConvolution(
    Tier Tier, FlatExtents Extents, FilterTaps Filter, FlatOperands Operands, Tile Tile, int Blocks, int PassChannels,
    Epilogue Epilogue) : Kernel(Tier)
{
    /// <summary>
    /// What is done to the pixels of a block before the tiles of channels read them. The results are in memory of their own, tile after
    /// tile, with a copy for each tap of the windows. Null if pixels are read where they are.
    /// </summary>
    public Prologue? Prologue { get; init; }

    /// <summary>
    /// The distance from the weights of an input channel to those of the next: more than its taps if some of them are left out.
    /// </summary>
    public int WeightPitch { get; init; } = (int)Filter.Count * Tier.Lanes;

    /// <summary>Tiles with this many multiply-adds hide the loop with two channels per iteration; smaller tiles need four.</summary>
    private const int ManyAccumulators = 16;

    /// <summary>The most taps of a row that are written out without a loop.</summary>
    private const int MostWritten = 7;

    public override string Summary =>
        $"{(IsPointwise ? "Pointwise" : "Direct")} convolution over all pixels; in registers {Count(Tile.Channels, "vector")} × "
        + $"{Count(Tile.Columns, "pixel")}";

    /// <summary>Where the sums are cut: as in the other kernels of convolution, so that the result does not depend on the kernel.</summary>
    public SumCut Cut => IsPointwise ? SumCut.IntoBlocks(SumCut.Products, InputBlocks, Lanes)
        : SumCut.IntoBlocks(SumCut.Products, Extents.Inputs, Filter.Depth.Count, Filter.Vertical.Count, Filter.Horizontal.Count);

    /// <summary>Whether channels can be divided into passes: sums are cut between channels, and into few blocks.</summary>
    public bool HasPasses => Cut.Level <= 0 && Cut.HasFewBlocks;

    /// <summary>Tiles of pixels.</summary>
    public PixelTiles Tiles => new(Tile.Columns, Extents.Width, Extents.Pixels, Blocks, Lanes);

    /// <summary>The most pixels of a block.</summary>
    public int BlockPixels => Tiles.BlockPixels;

    /// <summary>Floats of the sums that are in memory between passes.</summary>
    public int PassSumsLength => PassChannels == 0 ? 0 : BlockPixels * Tile.Channels * Lanes * (Cut.Level < 0 ? 1 : 2);

    /// <summary>Floats of a block of pixels after the prologue.</summary>
    public int PreparedLength => Prologue is null ? 0 : BlockPixels * PixelLength;

    public bool IsPointwise => Filter.Count == 1;

    /// <summary>Floats of a pixel's window after the prologue.</summary>
    public int PixelLength => InputBlocks * (int)Filter.Count * Lanes;

    /// <summary>Floats of a tile of pixels after the prologue, in a block of channels.</summary>
    public int PreparedTileLength => Tile.Columns * (int)Filter.Count * Lanes;

    /// <summary>Blocks of input channels, the last of which may be partly filled.</summary>
    public int InputBlocks => Arithmetic.CeilingDivide(Extents.Inputs, Lanes);

    /// <summary>Weights of a block of output channels.</summary>
    public int FilterLength => Extents.Inputs * WeightPitch;

    /// <summary>The distance in the input from one tap to the tap below it.</summary>
    public Number RowOfTaps => Number.Offset(Filter.Vertical.InputStep, "xTapRowStride");

    /// <summary>The distance in the input from one tap to the tap beside it.</summary>
    public Number ColumnOfTaps => Number.Offset(Filter.Horizontal.InputStep, "xTapStride");

    public int Lanes => Tier.Lanes;

    /// <summary>
    /// Floats of a stream of weights that each round of the outermost loop prefetches: two cache lines, but no more than a block of
    /// channels has for a tap. It is the same for all layers, so that they share a kernel. 0 if weights of taps that are left out stand
    /// between those that are read: their lines would be loaded for nothing.
    /// </summary>
    public int FloatsAhead => WeightPitch > Filter.Count * Lanes ? 0 : Math.Min(2 * WeightsAhead.Line, Lanes * Lanes);

    /// <summary>Input channels per iteration.</summary>
    public int Unrolled => Tile.Accumulators < ManyAccumulators && Extents.Inputs % 4 == 0 ? 4 : Extents.Inputs % 2 == 0 ? 2 : 1;

    /// <summary>
    /// Whether the taps of an innermost loop are written out. They are if the loop and its pointers would be a sixth of the instructions,
    /// unless sums are cut between taps.
    /// </summary>
    public bool IsWritten(int taps, int level) => taps <= MostWritten && Tile.Accumulators < ManyAccumulators && Cut.Level != level;

    private int ChannelRounds => Arithmetic.CeilingDivide(Extents.Outputs, Tile.Channels);

    public override Work WorkOf(IReadOnlyList<int> extents) =>
        new(WorkAxis.Tiles, Blocks * ChannelRounds,
            Prologue is null ? 1 : ChannelRounds, PreparedLength);

    protected override void Record(KernelBuilder k) => new Recorder(this, k).Record();

    /// <summary>A number that may differ between layers, so that it becomes a parameter if kernels are shared.</summary>
    private static Number Extent(int value, string name) => new(value, name);

    private sealed class Recorder
    {
        private readonly FlatConvolution _kernel;
        private readonly KernelBuilder _k;
        private readonly Pointer _input, _weight, _output;
        private readonly Pointer? _bias, _scale, _shift, _other, _prepared, _passSums;
        private readonly TileRegisters _tile;
        private readonly TileSums _sums;
        private readonly TileActivation _activation;
        private readonly FlatPixels _pixels;
        private readonly FlatPrologue? _prologue;
        private readonly FlatProducts _products;
        private readonly int _lanes;

        public Recorder(FlatConvolution kernel, KernelBuilder k)
        {
            (_kernel, _k, _lanes) = (kernel, k, kernel.Lanes);
            Epilogue epilogue = kernel.Epilogue;
            _input = k.Parameter("input");
            (Pointer? inputScale, Pointer? inputShift) = kernel.Prologue is { Scaled: true }
                ? (k.Parameter("inputScale"), k.Parameter("inputShift")) : (null, null);
            _weight = k.Parameter("weight");
            _bias = epilogue.Bias ? k.Parameter("bias") : null;
            (_scale, _shift) = epilogue.Scaled ? (k.Parameter("scale"), k.Parameter("shift")) : (null, null);
            _other = epilogue.Join is { } join ? k.Parameter(join.Function.Operand) : null;
            _output = k.Parameter("output");
            _prepared = kernel.Prologue is not null ? k.Parameter("prepared") : null;
            _passSums = kernel.PassChannels > 0 ? k.Parameter("waiting") : null;
            _tile = new TileRegisters(kernel.Tile);
            _sums = new TileSums(kernel.Cut, _tile.Accumulators);
            _activation = new TileActivation(epilogue.Activation, _tile.Elements.Length);
            _pixels = new FlatPixels(kernel.Tiles, k);
            _prologue = kernel.Prologue is not { } prologue ? null
                : new FlatPrologue(kernel, prologue, _pixels, new(_input, inputScale, inputShift, _prepared!), k);
            _products = new FlatProducts(kernel, _tile, _sums, k);
        }

        private FlatExtents Extents => _kernel.Extents;

        private FlatOperands Operands => _kernel.Operands;

        private Tile Tile => _kernel.Tile;

        /// <summary>The gap between rows of the products' input.</summary>
        private int InputGap => _kernel.Prologue is null ? Operands.Input.Gap : 0;

        /// <summary>The outermost loop of the sums: over blocks of input channels, or over channels.</summary>
        private (string Name, int Count) Outermost => _kernel.IsPointwise ? ("block", _kernel.InputBlocks) : ("c", Extents.Inputs);

        public void Record()
        {
            _activation.Declare(_k);
            if (_passSums is null)
            {
                _sums.Declare(_k);
            }

            Number rounds = Extent(_kernel.ChannelRounds, "channelRounds");
            if (_prologue is not null)
            {
                PixelBlock? pixels = null;
                using (_k.Items("item", rounds, block => pixels = Prepared(block, _prologue), out IndexVariable item))
                {
                    RecordItem(_k.LetInt("channel", FirstChannel(item % rounds)), pixels!);
                }

                return;
            }

            using (_k.Items("item", 1, out IndexVariable item))
            {
                IndexVariable block = _k.LetInt("pixelBlock", item / rounds);
                IndexVariable[] first = _k.LetInts(("channel", FirstChannel(item % rounds)), ("firstPixel", _pixels.FirstOf(block)));
                RecordItem(first[0], _pixels.BlockFrom(block, first[1]));
            }
        }

        private Index FirstChannel(Index round) => Index.Min(round * Tile.Channels, LastChannel);

        /// <summary>The first channel of the last tile.</summary>
        private Number LastChannel => Extent(Extents.Outputs - Tile.Channels, "lastChannel");

        /// <summary>Applies the prologue to the pixels of a block.</summary>
        private PixelBlock Prepared(IndexVariable block, FlatPrologue prologue)
        {
            PixelBlock pixels = _pixels.BlockFrom(block, _k.LetInt("firstPixel", _pixels.FirstOf(block)));
            prologue.Record(pixels);
            return pixels;
        }

        private void RecordItem(Index channel, PixelBlock pixels)
        {
            Pointer weights = _k.PointTo("weights", _weight[channel * Extent(_kernel.FilterLength, "wChannelStride")]);
            Pointer? bias = _bias is null ? null : _k.PointTo("b", _bias[channel * _lanes]);
            Pointer[] scales = _scale is null
                ? [] : _k.PointTo(("scales", _scale[channel * _lanes]), ("shifts", _shift![channel * _lanes]));
            var at = new Item(channel, pixels, weights,
                bias is null ? null : [.. _tile.Elements.Select(e => OfChannel(bias, e.Channel))], scales);
            if (_passSums is null)
            {
                RecordAtOnce(at);
            }
            else
            {
                RecordPasses(at, _passSums);
            }
        }

        /// <summary>Records the kernel without passes: each tile goes through all input channels.</summary>
        private void RecordAtOnce(Item item)
        {
            Pointer? nextWeights = _kernel.FloatsAhead > 0 ? NextWeights(item) : null;
            using (_pixels.Tiles(item.Pixels, out IndexVariable next))
            {
                IndexVariable pixel = _pixels.First(next);
                RowEnd? end = _pixels.EndOfRow(pixel, InputGap, Operands.Output.Gap, Operands.Other.Gap);
                FlatInputs inputs = Inputs(item, next, pixel, end);
                WeightsAhead? ahead = nextWeights is null ? null : AheadOf(nextWeights, (next - item.Pixels.First) / Tile.Columns);
                _sums.Begin(_k, item.Bias);
                _sums.Loop(_k, 0, [(Outermost.Name, Outermost.Count, 1)], at =>
                {
                    ahead?.RecordRound();
                    _products.Record(at[0], inputs, item.Weights);
                });
                using KernelBuilder.Scope whole = _sums.End(_k);
                RecordEpilogue(item, pixel, end);
            }
        }

        /// <summary>
        /// The weights of the channels behind those of an item. The last tile of channels is followed by the first one at the next block of
        /// pixels; behind the last block come the parameters of the next layer.
        /// </summary>
        private Pointer NextWeights(Item item)
        {
            Index following = item.Channel + Tile.Channels;
            IndexVariable next = _k.LetInt("nextChannel", Index.Choose(
                item.Channel < LastChannel, following,
                Index.Choose(item.Pixels.End < Extent(Extents.Pixels, "pixels"), 0, following)));
            return _k.PointTo("nextWeights", _weight[next * Extent(_kernel.FilterLength, "wChannelStride")]);
        }

        /// <summary>
        /// The share of the next weights that a tile of pixels prefetches. Tiles behind the one with the last share repeat it.
        /// </summary>
        /// <param name="tile">The number of the tile in its block.</param>
        private WeightsAhead AheadOf(Pointer nextWeights, Index tile)
        {
            int floats = _kernel.FloatsAhead, shares = Math.Max(1, _kernel.WeightPitch * (_kernel.IsPointwise ? _lanes : 1) / floats);
            Index rounds = Extent(Outermost.Count, Outermost.Name + "Count");
            return new WeightsAhead(
                _k, nextWeights[Index.Min(tile, shares - 1) * (rounds * floats)],
                Enumerable.Range(0, Tile.Channels).Select(channel => channel * Number.Offset(_kernel.FilterLength, "wChannelOffset")),
                floats);
        }

        /// <summary>
        /// Records the kernel with passes: all tiles go through some input channels, then through the next ones. A tile's sums are in
        /// memory between passes.
        /// </summary>
        private void RecordPasses(Item item, Pointer passSums)
        {
            (string name, int count) = Outermost;
            int rounds = _kernel.IsPointwise ? _kernel.PassChannels / _lanes : _kernel.PassChannels;
            bool isCut = _sums.IsBlocked;
            Pointer wholes = isCut ? _k.PointTo("wholes", passSums[Extent(_kernel.PassSumsLength / 2, "waitingLength")]) : passSums;
            _k.Comment("Sums of tiles, which wait in memory while others go through the same channels.");
            Clear(item, wholes, item.Bias);

            Index end = Extent(count, name + "s");
            if (!isCut)
            {
                RecordPass(item, passSums, name, 0, end, rounds);
            }
            else
            {
                using (_k.For("firstOfSum", 0, end, _kernel.Cut.Rounds, out IndexVariable first))
                {
                    Clear(item, passSums);
                    RecordPass(item, passSums, name, first, _k.LetInt("endOfSum", Index.Min(first + _kernel.Cut.Rounds, end)), rounds);
                    using (Tiles(item, out Index at, out _))
                    {
                        Pointer[] sums = _k.PointTo(("sums", passSums[at]), ("whole", wholes[at]));
                        Save(sums[1], i => sums[1][i * _lanes].Vector + sums[0][i * _lanes].Vector);
                    }
                }
            }

            using (Tiles(item, out Index place, out IndexVariable next))
            {
                IndexVariable pixel = _pixels.First(next);
                Restore(wholes, place);
                RecordEpilogue(item, pixel, _pixels.EndOfRow(pixel, Operands.Output.Gap, Operands.Other.Gap));
            }
        }

        private void RecordPass(Item item, Pointer passSums, string name, Index first, Index end, int rounds)
        {
            var loop = new IndexVariable(name);
            using (_k.For(loop.Prefixed("first"), first, end, rounds, out IndexVariable firstRound))
            {
                Index endRound = _k.LetInt(loop.Prefixed("end"), Index.Min(firstRound + rounds, end));
                using (Tiles(item, out Index place, out IndexVariable next))
                {
                    IndexVariable pixel = _pixels.First(next);
                    FlatInputs inputs = Inputs(item, next, pixel, _pixels.EndOfRow(pixel, InputGap));
                    Pointer sums = Restore(passSums, place);
                    using (_k.For(name, firstRound, endRound, 1, out IndexVariable round))
                    {
                        _products.Record(round, inputs, item.Weights);
                    }

                    Save(sums, i => _tile.Accumulators[i]);
                }
            }
        }

        private Pointer Restore(Pointer passSums, Index place)
        {
            Pointer sums = _k.PointTo("sums", passSums[place]);
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
        private void Clear(Item item, Pointer passSums, Expression[]? values = null)
        {
            using (Tiles(item, out Index place, out _))
            {
                Save(_k.PointTo("sums", passSums[place]), i => values?[i] ?? 0);
            }
        }

        /// <summary>The loop over an item's tiles of pixels.</summary>
        /// <param name="place">The address of the tile's sums.</param>
        private KernelBuilder.Scope Tiles(Item item, out Index place, out IndexVariable next)
        {
            KernelBuilder.Scope scope = _pixels.Tiles(item.Pixels, out next);
            place = (next - item.Pixels.First) * (Tile.Channels * _lanes);
            return scope;
        }

        /// <summary>Where a tile's pixels are read: in the input, or where the prologue has put them.</summary>
        private FlatInputs Inputs(Item item, IndexVariable next, IndexVariable pixel, RowEnd? end)
        {
            if (_prologue is not null)
            {
                return new(
                    _k.PointTo("inputs", _prepared![_prologue.PlaceOf(next, item.Pixels)]), _pixels.Consecutive(_lanes));
            }

            (Index start, Index[] offsets) = _pixels.PlacesOf(pixel, end, Operands.Input, "x");
            return new(_k.PointTo("inputs", _input[start]), offsets);
        }

        private Expression OfChannel(Pointer pointer, int channel) => pointer[channel * _lanes].Vector;

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
            (Index start, Index[] offsets) = _pixels.PlacesOf(pixel, end, Operands.Output, "y");
            Pointer y = _k.PointTo("y", _output[(channel * Extent(Operands.Output.Channel, "yChannelStride")) + start]);
            Index[] others = offsets;
            Pointer? r = null;
            if (_other is not null)
            {
                if (Operands.Other.Gap != Operands.Output.Gap)
                {
                    (start, others) = _pixels.PlacesOf(pixel, end, Operands.Other, "r");
                }

                r = _k.PointTo("r", _other[(channel * Extent(Operands.Other.Channel, "rChannelStride")) + start]);
            }

            Expression[] results = _activation.Of(_k, [.. _tile.Elements.Select((e, i) => _kernel.Epilogue.Joined(
                _tile.Accumulators[i],
                r?[(e.Channel * Number.Offset(Operands.Other.Channel, "rChannelOffset")) + others[e.Column]].Vector))]);
            _k.Group(() =>
            {
                for (int i = 0; i < results.Length; i++)
                {
                    (int channel, _, int column) = _tile.Elements[i];
                    _k.Store(y[(channel * Number.Offset(Operands.Output.Channel, "yChannelOffset")) + offsets[column]], results[i]);
                }
            });
        }

        /// <summary>What the tiles of an item have in common.</summary>
        private sealed record Item(Index Channel, PixelBlock Pixels, Pointer Weights, Expression[]? Bias, Pointer[] Scales);
    }
}
