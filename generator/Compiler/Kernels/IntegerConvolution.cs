using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// A convolution of integers that treats the image as one long row of pixels, as <see cref="FlatConvolution"/>. The sums are exact, so the
/// result is the same for each tile and each tier.
/// </summary>
/// <remarks>
/// An item is a tile of channels at a block of pixels. The last tile of pixels ends with the last pixel, and the last tile of channels with
/// the last channel: both compute some outputs a second time.
/// </remarks>
/// <param name="Tier">The tier of the products, whose vectors may be shorter than those of the program.</param>
/// <param name="Lanes">Channels of a block: the lanes of the program's vectors.</param>
/// <param name="Format">How integers stand in lanes.</param>
/// <param name="Extents">Blocks of outputs, blocks of inputs, pixels and their rows.</param>
/// <param name="Filter">The taps of the filter.</param>
/// <param name="Operands">The distances in the operands; those of the input count 32-bit numbers.</param>
/// <param name="Tile">Blocks of channels, and pixels as columns.</param>
/// <param name="Blocks">Blocks of pixels.</param>
internal sealed record IntegerConvolution(
    Tier Tier, int Lanes, IntegerFormat Format, FlatExtents Extents, FilterTaps Filter, FlatOperands Operands, Tile Tile, int Blocks,
    Epilogue Epilogue) : Kernel(Tier)
{
    /// <summary>Vectors of a block of channels.</summary>
    public int Halves => Lanes / Tier.Lanes;

    public override string Summary =>
        $"Convolution of integers over all pixels; in registers {Count(Tile.Channels * Halves, "vector")} × {Count(Tile.Columns, "pixel")}";

    /// <summary>32-bit numbers of a pixel in a block of channels.</summary>
    private int PixelLength => Format.PixelLength(Lanes);

    /// <summary>Weights of a block of output channels, in 32-bit numbers.</summary>
    private int FilterLength => Format.FilterLength(Lanes, Extents.Inputs, (int)Filter.Count);

    private int ChannelRounds => Arithmetic.CeilingDivide(Extents.Outputs, Tile.Channels);

    public override Work WorkOf(IReadOnlyList<int> extents) => new(WorkAxis.Tiles, Blocks * ChannelRounds);

    protected override void Record(KernelBuilder k) => new Recorder(this, k).Record();

    private sealed class Recorder
    {
        private readonly IntegerConvolution _kernel;
        private readonly KernelBuilder _k;
        private readonly Pointer _input, _weight, _start, _sumScale, _output;
        private readonly Pointer? _bias, _other;
        private readonly TileElement[] _elements;
        private readonly Variable[] _sums;
        private readonly TileActivation _activation;
        private readonly FlatPixels _pixels;

        public Recorder(IntegerConvolution kernel, KernelBuilder k)
        {
            (_kernel, _k) = (kernel, k);
            Epilogue epilogue = kernel.Epilogue;
            _input = k.Parameter(new Pointer("input", ElementType.Int));
            _weight = k.Parameter(new Pointer("weight", ElementType.Int));
            _start = k.Parameter(new Pointer("start", ElementType.Int));
            _sumScale = k.Parameter("sumScale");
            _bias = epilogue.Bias ? k.Parameter("bias") : null;
            _other = epilogue.Join is { } join ? k.Parameter(join.Function.Operand) : null;
            _output = k.Parameter("output");
            var registers = new TileRegisters(kernel.Tile with { Channels = kernel.Tile.Channels * kernel.Halves });
            _elements = registers.Elements;
            _sums = [.. registers.Accumulators.Select(sum => new Variable(sum.Name, ElementType.WideInt))];
            _activation = new TileActivation(epilogue.Activation, _elements.Length);
            _pixels = new FlatPixels(
                new(kernel.Tile.Columns, kernel.Extents.Width, kernel.Extents.Pixels, kernel.Blocks, kernel.Lanes), k);
        }

        private FlatOperands Operands => _kernel.Operands;

        private FilterTaps Filter => _kernel.Filter;

        /// <summary>Vectors of the tile's channels.</summary>
        private int Vectors => _kernel.Tile.Channels * _kernel.Halves;

        public void Record()
        {
            _activation.Declare(_k);
            Number rounds = new(_kernel.ChannelRounds, "channelRounds"),
                last = new(_kernel.Extents.Outputs - _kernel.Tile.Channels, "lastChannel");
            using (_k.Items("item", 1, out IndexVariable item))
            {
                IndexVariable block = _k.LetInt("pixelBlock", item / rounds);
                IndexVariable[] first = _k.LetInts(
                    ("channel", Index.Min(item % rounds * _kernel.Tile.Channels, last)), ("firstPixel", _pixels.FirstOf(block)));
                PixelBlock pixels = _pixels.BlockFrom(block, first[1]);
                Pointer[] of = _k.PointTo(
                    ("weights", _weight[first[0] * new Number(_kernel.FilterLength, "wChannelStride")]),
                    ("starts", _start[first[0] * _kernel.Lanes]), ("sumScales", _sumScale[first[0] * _kernel.Lanes]));
                Pointer? bias = _bias is null ? null : _k.PointTo("b", _bias[first[0] * _kernel.Lanes]);
                using (_pixels.Tiles(pixels, out IndexVariable next))
                {
                    IndexVariable pixel = _pixels.First(next);
                    RowEnd? end = _pixels.EndOfRow(pixel, Operands.Input.Gap, Operands.Output.Gap, Operands.Other.Gap);
                    RecordSums(pixel, end, of[0], of[1]);
                    RecordStores(first[0], pixel, end, new(of[2], bias));
                }
            }
        }

        /// <summary>Records the sums of a tile: over blocks of input channels, the taps, and what stands in the lanes of a pixel.</summary>
        private void RecordSums(IndexVariable pixel, RowEnd? end, Pointer weights, Pointer starts)
        {
            (Index start, Index[] offsets) = _pixels.PlacesOf(pixel, end, Operands.Input, "x");
            Pointer inputs = _k.PointTo("inputs", _input[start]);
            _k.Let(_sums.Zip(_elements, (sum, e) => (sum.Name, starts[e.Channel * _kernel.Tier.Lanes].WideInt)));
            Pointer w = _k.PointTo("w", weights);
            using (_k.For("block", new Number(_kernel.Extents.Inputs, "inputBlocks"), out IndexVariable block))
            {
                Pointer x = _k.PointTo("x", inputs[block * new Number(Operands.Input.Channel, "xBlockStride")]);
                using (_k.Loops(out Index[] tap, ("ky", Filter.Vertical.Count, 1), ("kx", Filter.Horizontal.Count, 1)))
                {
                    Pointer at = Filter.Count == 1 ? x : _k.PointTo("xk", x[
                        (tap[0] * Number.Offset(Filter.Vertical.InputStep, "xTapRowStride"))
                        + (tap[1] * Number.Offset(Filter.Horizontal.InputStep, "xTapStride"))]);
                    for (int part = 0; part < _kernel.PixelLength; part++)
                    {
                        RecordProducts(at, offsets, w, part);
                    }

                    _k.Advance((w, _kernel.PixelLength * _kernel.Lanes));
                }
            }
        }

        private void RecordProducts(Pointer x, Index[] offsets, Pointer w, int part)
        {
            int lanes = _kernel.Tier.Lanes, halves = _kernel.Halves, columns = _kernel.Tile.Columns;
            Variable[] weights = _k.Renew(part == 0, [.. Enumerable.Range(0, Vectors).Select(v => ($"w{v}", w[
                (v / halves * Number.Offset(_kernel.FilterLength, "wChannelOffset"))
                + ((part * _kernel.Lanes) + (v % halves * lanes))].WideInt))]);
            for (int i = 0; i < columns; i++)
            {
                int column = i;
                _k.Group(() =>
                {
                    Variable value = _k.Renew(part == 0, ($"x{column}", x[offsets[column] + part].Broadcast))[0];
                    for (int v = 0; v < Vectors; v++)
                    {
                        Variable sum = _sums[(v * columns) + column];
                        _k.Set(sum, _kernel.Format.AddProducts(sum, value, weights[v]));
                    }
                });
            }
        }

        private void RecordStores(Index channel, IndexVariable pixel, RowEnd? end, Constants of)
        {
            (Index start, Index[] offsets) = _pixels.PlacesOf(pixel, end, Operands.Output, "y");
            Pointer y = _k.PointTo("y", _output[(channel * new Number(Operands.Output.Channel, "yChannelStride")) + start]);
            Index[] others = offsets;
            Pointer? r = null;
            if (_other is not null)
            {
                if (Operands.Other.Gap != Operands.Output.Gap)
                {
                    (start, others) = _pixels.PlacesOf(pixel, end, Operands.Other, "r");
                }

                r = _k.PointTo("r", _other[(channel * new Number(Operands.Other.Channel, "rChannelStride")) + start]);
            }

            Expression[] results = _activation.Of(_k, [.. Linear(of).Select((value, i) => _kernel.Epilogue.Joined(
                value, r?[Place(_elements[i], Operands.Other, "r") + others[_elements[i].Column]].Vector))]);
            _k.Group(() =>
            {
                for (int i = 0; i < results.Length; i++)
                {
                    _k.Store(y[Place(_elements[i], Operands.Output, "y") + offsets[_elements[i].Column]], results[i]);
                }
            });
        }

        /// <summary>
        /// The outputs before join and activation. Products and sums are rounded one by one in all tiers, so that all have the same bits.
        /// </summary>
        private Variable[] Linear(Constants of)
        {
            int lanes = _kernel.Tier.Lanes;
            var values = new Variable[_sums.Length];
            for (int v = 0; v < Vectors; v++)
            {
                int vector = v;
                Expression Of(Pointer constants) => constants[vector * lanes].Vector;
                Variable scale = _k.Let($"s{v}", Of(of.Scale));
                Variable? bias = of.Bias is null ? null : _k.Let($"b{v}", Of(of.Bias));
                _k.Group(() =>
                {
                    for (int i = vector * _kernel.Tile.Columns; i < (vector + 1) * _kernel.Tile.Columns; i++)
                    {
                        Expression value = RuntimeApi.ToFloats.Call(_sums[i]) * scale;
                        values[i] = _k.Let("f" + _sums[i].Name, bias is null ? value : value + bias);
                    }
                });
            }

            return values;
        }

        /// <summary>Where the vector of a tile's element is, from the tile's first pixel on.</summary>
        private Index Place(TileElement e, FlatStrides strides, string operand) =>
            (e.Channel / _kernel.Halves * Number.Offset(strides.Channel, operand + "ChannelOffset"))
            + (e.Channel % _kernel.Halves * _kernel.Tier.Lanes);

        /// <summary>The constants of a tile's channels.</summary>
        private readonly record struct Constants(Pointer Scale, Pointer? Bias);
    }
}
