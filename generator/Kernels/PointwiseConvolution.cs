using System.Collections.Generic;
using System.Linq;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Kernels;

/// <summary>The matrices of a pointwise convolution.</summary>
/// <param name="Outputs">Blocks of output channels.</param>
/// <param name="Inputs">Input channels.</param>
/// <param name="Pixels">Pixels of all rows.</param>
internal readonly record struct PointwiseExtents(int Outputs, int Inputs, int Pixels);

/// <summary>Where the operands of a pointwise convolution lie.</summary>
/// <param name="Input">From one block of input channels to the next.</param>
/// <param name="Output">The same of the result.</param>
/// <param name="Gap">Floats between the rows of the result, and of what is added to it: zeros for its readers.</param>
/// <param name="Width">Pixels of a row.</param>
internal readonly record struct PointwiseOperands(int Input, int Output, int Gap, int Width);

/// <summary>
/// A convolution whose windows are single pixels, at all pixels: a product of matrices, filters × pixels, in which rows do not matter. So a tile
/// has the same form in every layer, and all the extents are numbers: the layers of a network share few kernels.
/// </summary>
/// <remarks>
/// An item is a tile of channels at a block of pixels. All tiles of channels follow one another at the same pixels, which stay in the second-level
/// cache. The last tile of pixels ends with the last of them, as does the last one of channels: both compute some outputs a second time.
/// </remarks>
/// <param name="Tile">Blocks of channels, and pixels as columns.</param>
/// <param name="BlockPixels">Pixels of an item, a multiple of those of a tile.</param>
internal sealed record PointwiseConvolution(
    Tier Tier, PointwiseExtents Extents, PointwiseOperands Operands, Tile Tile, int BlockPixels, Epilogue Epilogue) : Kernel(Tier)
{
    /// <summary>So many multiply-adds hide the loop around two channels; fewer need four.</summary>
    private const int ManyAccumulators = 16;

    public override string Summary => $"Pointwise convolution over all pixels; in registers {Count(Tile.Channels, "vector")} × {Count(Tile.Columns, "pixel")}";

    private int Lanes => Tier.Lanes;

    /// <summary>Input channels that are written out.</summary>
    private int Unrolled => Tile.Accumulators < ManyAccumulators && Extents.Inputs % 4 == 0 ? 4 : Extents.Inputs % 2 == 0 ? 2 : 1;

    private int ChannelRounds => Arithmetic.CeilingDivide(Extents.Outputs, Tile.Channels);

    public override Work WorkOf(IReadOnlyList<int> extents) =>
        new(WorkAxis.Tiles, Arithmetic.CeilingDivide(Extents.Pixels, BlockPixels) * ChannelRounds);

    protected override void Record(KernelBuilder k) => new Recorder(this, k).Record();

    /// <summary>Numbers in which the layers of a network differ, whatever they are in one of them.</summary>
    private static Number Extent(int value, string name) => new(value, name);

    private sealed class Recorder
    {
        private readonly PointwiseConvolution _nest;
        private readonly KernelBuilder _k;
        private readonly Pointer _input, _weight, _output;
        private readonly Pointer? _bias, _scale, _shift, _addend;
        private readonly TileRegisters _tile;
        private readonly TileSums _sums;
        private readonly int _lanes;

        public Recorder(PointwiseConvolution nest, KernelBuilder k)
        {
            (_nest, _k, _lanes) = (nest, k, nest.Lanes);
            Epilogue epilogue = nest.Epilogue;
            (_input, _weight) = (k.Parameter("input"), k.Parameter("weight"));
            _bias = epilogue.Bias ? k.Parameter("bias") : null;
            (_scale, _shift) = epilogue.Scaled ? (k.Parameter("scale"), k.Parameter("shift")) : (null, null);
            _addend = epilogue.Addend is not null ? k.Parameter("addend") : null;
            _output = k.Parameter("output");
            _tile = new TileRegisters(nest.Tile);
            _sums = new TileSums(SumCut.Of(SumCut.Products, InputBlocks, _lanes), _tile.Accumulators);
        }

        private PointwiseExtents Extents => _nest.Extents;

        private Tile Tile => _nest.Tile;

        /// <summary>Blocks of input channels, the last of which may be partly filled.</summary>
        private int InputBlocks => Arithmetic.CeilingDivide(Extents.Inputs, _lanes);

        public void Record()
        {
            _sums.Declare(_k);
            using (_k.Items("item", 1, out IndexVariable item))
            {
                Number rounds = Extent(_nest.ChannelRounds, "channelRounds"), pixels = Extent(Extents.Pixels, "pixels");
                IndexVariable[] first = _k.LetInts(
                    ("channel", Index.Min(item % rounds * Tile.Channels, Extent(Extents.Outputs - Tile.Channels, "lastChannel"))),
                    ("firstPixel", item / rounds * Extent(_nest.BlockPixels, "blockPixels")));
                Index channel = first[0];
                Index endPixel = _k.LetInt("endPixel", Index.Min(first[1] + Extent(_nest.BlockPixels, "blockPixels"), pixels));
                Pointer weights = _k.PointTo("weights", _weight[channel * Extent(Extents.Inputs * _lanes, "wChannelStride")]);
                Pointer? bias = _bias is null ? null : _k.PointTo("b", _bias[channel * _lanes]);
                Pointer[] scales = _scale is null ? [] : _k.PointTo(("scales", _scale[channel * _lanes]), ("shifts", _shift![channel * _lanes]));
                using (_k.For("next", first[1], endPixel, Tile.Columns, out IndexVariable next))
                {
                    IndexVariable pixel = _k.LetInt("pixel", Index.Min(next, Extent(Extents.Pixels - Tile.Columns, "lastPixel")));
                    Pointer inputs = _k.PointTo("inputs", _input[pixel * _lanes]);
                    _sums.Begin(_k, bias is null ? null : [.. _tile.Elements.Select(e => OfChannel(bias, e.Channel))]);
                    RecordChannels(inputs, weights);
                    using KernelBuilder.Scope whole = _sums.End(_k);
                    if (scales.Length > 0)
                    {
                        _tile.RecordScale(_k, channel => (OfChannel(scales[0], channel), OfChannel(scales[1], channel)));
                    }

                    RecordStores(channel, pixel);
                }
            }
        }

        private Expression OfChannel(Pointer pointer, int channel) => pointer[channel * _lanes].Vector;

        /// <summary>The loops over blocks of input channels and their lanes, some of which are written out.</summary>
        private void RecordChannels(Pointer inputs, Pointer weights)
        {
            bool isWhole = Extents.Inputs % _lanes == 0;
            int unrolled = _nest.Unrolled;
            _sums.Loop(_k, 0, [("block", InputBlocks, 1)], block =>
            {
                Pointer[] at = _k.PointTo(
                    ("x", inputs[block[0] * Extent(_nest.Operands.Input, "blockStride")]), ("w", weights[block[0] * (_lanes * _lanes)]));
                RecordPrefetch(at[0]);
                Index end = isWhole ? new Number(_lanes) : Index.Min(_lanes, Extent(Extents.Inputs, "inputs") - (block[0] * _lanes));
                using (_k.For("lane", 0, isWhole ? end : _k.LetInt("lanes", end), unrolled, out _))
                {
                    for (int lane = 0; lane < unrolled; lane++)
                    {
                        int own = lane;
                        _tile.RecordProducts(
                            _k,
                            channel => at[1][(channel * Number.Offset(Extents.Inputs * _lanes, "wChannelOffset")) + (own * _lanes)].Vector,
                            pixel => at[0][(pixel.Column * _lanes) + own].Broadcast, isFirst: lane == 0);
                    }

                    _k.Advance((at[0], unrolled), (at[1], unrolled * _lanes));
                }
            });
        }

        /// <summary>
        /// The next tile's pixels, early enough to come from memory: few pixels of many blocks of channels are not what the processor would foresee.
        /// </summary>
        private void RecordPrefetch(Pointer x) => _k.Group(() =>
        {
            const int Line = 16;
            int next = Tile.Columns * _lanes;
            for (int offset = next; offset < 2 * next; offset += Line)
            {
                _k.Run(Intrinsics.Prefetch(x[offset]));
            }
        });

        private void RecordStores(Index channel, IndexVariable pixel)
        {
            PointwiseOperands operands = _nest.Operands;
            Index[] gaps = [.. Enumerable.Repeat((Index)0, Tile.Columns)];
            Index start = pixel * _lanes;
            if (operands.Gap > 0)
            {
                // A tile is no longer than a row, so that it crosses the end of one at most.
                Number width = Extent(operands.Width, "width"), gap = Extent(operands.Gap, "gap");
                IndexVariable row = _k.LetInt("row", pixel / width);
                IndexVariable left = _k.LetInt("left", ((row + 1) * width) - pixel);
                _k.Group(() =>
                {
                    for (int i = 1; i < Tile.Columns; i++)
                    {
                        gaps[i] = _k.LetInt($"gap{i}", Index.Choose(i < left, 0, gap));
                    }
                });
                start += row * gap;
            }

            Pointer y = _k.PointTo("y", _output[(channel * Extent(operands.Output, "yChannelStride")) + start]);
            Pointer? r = _nest.Epilogue.Addend is { } addend ? _k.PointTo("r", _addend![(channel * Extent(addend.Channel, "rChannelStride")) + start]) : null;
            _k.Group(() =>
            {
                foreach (TileElement e in _tile.Elements)
                {
                    Index Offset(int stride, string name) => (e.Channel * Number.Offset(stride, name)) + gaps[e.Column] + (e.Column * _lanes);
                    Expression? other = r?[Offset(_nest.Epilogue.Addend!.Value.Channel, "rChannelOffset")].Vector;
                    _k.Store(y[Offset(operands.Output, "yChannelOffset")], _nest.Epilogue.Activated(_tile[e.Channel, 0, e.Column], other));
                }
            });
        }
    }
}
