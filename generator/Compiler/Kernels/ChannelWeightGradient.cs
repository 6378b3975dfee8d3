using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// The weight gradient of a convolution for a block of samples that are apart: dW[o, i, ky, kx] = Σ dY[o, pixel] · X[i, pixel + tap],
/// summed over pixels and samples. Lanes are output channels. In a depthwise layer, or with several groups in a vector, they are input
/// channels, too. A few pixels are multiplied for all taps of a plane before the next pixels, so that they stay in the first-level cache.
/// </summary>
/// <param name="LaneUse">What the lanes of inputs are: broadcast, or vectors.</param>
/// <param name="Blocks">Blocks of output channels.</param>
/// <param name="Inputs">Input channels of a group; 1 in a depthwise layer.</param>
/// <param name="Planes">Planes of outputs.</param>
/// <param name="Channel">The address of an input channel.</param>
/// <param name="Input">The distance in the input from one output's window to the next.</param>
/// <param name="Gradient">Strides of the output's gradient.</param>
/// <param name="Block">The distance from the weights of a block to those of the next.</param>
/// <param name="Weight">The distance from the weights of an input channel to those of the next.</param>
/// <param name="Tile">Blocks of outputs, inputs and taps of a row whose sums are in registers.</param>
internal sealed record ChannelWeightGradient(
    Tier Tier, LaneUse LaneUse, int Blocks, int Inputs, int Planes, int Rows, int Columns, FilterTaps Filter, ChannelAddress Channel,
    Strides Input, Strides Gradient,
    int Block, int Weight, WeightTile Tile) : Kernel(Tier)
{
    /// <summary>
    /// With groups: blocks of output channels that read the same inputs. These are the blocks of a group, or one block that holds several
    /// groups.
    /// </summary>
    public int GroupBlocks { get; init; } = Blocks;

    /// <summary>
    /// Lanes of a group, if a vector holds several groups. The group's inputs are in the first of its lanes; they may be fewer than lanes.
    /// </summary>
    public int GroupSize { get; init; } = 1;

    /// <summary>The distance from the inputs of these blocks to those of the next ones.</summary>
    public int GroupInput { get; init; }

    /// <summary>How many such gradients the kernel computes: one, or one for each element of Winograd's algorithm.</summary>
    public WeightUnits Units { get; init; } = WeightUnits.One;

    /// <summary>
    /// Pixels that are multiplied for all taps before the next ones. Their gradients and inputs fill half of a first-level cache.
    /// </summary>
    private const int PixelsOfTaps = 128;

    /// <summary>
    /// With Winograd's algorithm: products that are summed before the sum counts as one term of a longer sum. There are fewer than in other
    /// sums, since the transform back to filters increases their errors.
    /// </summary>
    private const int ProductsOfElements = 256;

    public override string Summary =>
        $"Weight gradient, lanes are output channels; sums of {Count(Tile.Outputs, "vector")} × {Count(Tile.Inputs, "input")} × "
        + $"{Count(Tile.Columns, "tap")} in registers";

    private int Pixels => Planes * Rows * Columns;

    private int MostProducts => Units.Count == 1 ? SumCut.Products : ProductsOfElements;

    private int TapTiles => Filter.Vertical.Count * (Filter.Horizontal.Count / Tile.Columns);

    /// <summary>Samples whose products are summed in registers, if whole images are.</summary>
    private int Samples => Math.Max(1, Math.Min(Tier.Lanes, MostProducts / Pixels));

    /// <summary>Rows whose products are summed in registers.</summary>
    private int RowsTogether => Samples > 1 ? Rows
        : Math.Min(Rows, Math.Max(1, (Filter.Vertical.Count * Filter.Horizontal.Count == 1 ? MostProducts : PixelsOfTaps) / Columns));

    /// <summary>Columns of a row whose products are summed in registers.</summary>
    private int ColumnsTogether => Math.Min(Columns, MostProducts);

    /// <summary>Whether the sums of a whole block are short.</summary>
    private bool IsShort => Samples == Tier.Lanes;

    public override Work WorkOf(IReadOnlyList<int> extents) =>
        Work.Over(WorkAxis.Channels, Units.Count * (Blocks / Tile.Outputs) * (Inputs / Tile.Inputs) * Filter.Depth.Count);

    protected override void Record(KernelBuilder k) => new Recorder(this, k).Record();

    /// <summary>Records one kernel: the loops over tiles of weights, and the sums of a tile.</summary>
    private sealed class Recorder
    {
        private readonly ChannelWeightGradient _kernel;
        private readonly KernelBuilder _k;
        private readonly Pointer _input, _gradient, _weightGradient;
        private readonly Index _samples, _sampleStride;
        private readonly WeightElement[] _elements;
        private readonly Variable[] _sums;
        private readonly TileSums _totals;

        public Recorder(ChannelWeightGradient kernel, KernelBuilder k)
        {
            (_kernel, _k) = (kernel, k);
            (_input, _gradient, _weightGradient) = (k.Parameter("input"), k.Parameter("gradient"), k.Parameter("weightGradient"));
            (_samples, _sampleStride) = (k.IntParameter("samples"), k.IntParameter("sampleStride"));
            _elements = [.. Tile.Elements];
            _sums =
            [
                .. _elements.Select(
                    e => new Variable($"s{e.Output}_{(Tile.Columns == 1 ? e.Input : (e.Input * Tile.Columns) + e.Tap)}")),
            ];
            int parts = Arithmetic.CeilingDivide(kernel.Tier.Lanes, kernel.Samples) * (kernel.Samples > 1 ? 1 : kernel.Planes)
                * Arithmetic.CeilingDivide(kernel.Rows, kernel.RowsTogether)
                * Arithmetic.CeilingDivide(kernel.Columns, kernel.ColumnsTogether);
            _totals = new TileSums(kernel.IsShort ? SumCut.None : new SumCut(0, kernel.Samples, parts), _sums);
        }

        private WeightTile Tile => _kernel.Tile;

        private FilterTaps Filter => _kernel.Filter;

        public void Record()
        {
            _totals.Declare(_k, _kernel.TapTiles);
            WeightUnits units = _kernel.Units;
            (string, int, int)[] several = units.Count == 1 ? [] : [("element", units.Count, 1)];
            using (_k.Items(out Index[] item,
            [
                .. several, ("output", _kernel.Blocks, Tile.Outputs), ("channel", _kernel.Inputs, Tile.Inputs),
                ("kz", Filter.Depth.Count, 1),
            ]))
            {
                Index unit = several.Length == 0 ? 0 : item[0], block = item[several.Length], channel = item[several.Length + 1],
                    kz = item[several.Length + 2];
                Index group = _kernel.GroupBlocks == _kernel.Blocks ? 0 : _kernel.GroupBlocks == 1 ? block : block / _kernel.GroupBlocks;
                Pointer[] at = _k.PointTo(
                    ("inputs", _input[Index.Sum((unit, units.Input), (group, _kernel.GroupInput), (kz, Filter.Depth.InputStep))
                        + _kernel.Channel.At(channel)]),
                    ("gradients", _gradient[Index.Sum((unit, units.Gradient), (block, _kernel.Gradient.Channel))]),
                    ("weights", _weightGradient[Index.Sum(
                        (unit, units.Weight), (block, _kernel.Block), (channel, _kernel.Weight), (kz, Filter.Depth.WeightStep))]));
                var tile = new TileOperands(at[0], at[1], at[2]);
                if (_kernel.IsShort)
                {
                    RecordAtOnce(tile);
                }
                else
                {
                    RecordInParts(tile);
                }
            }
        }

        /// <summary>Records the kernel that sums over all samples and pixels for one tap, then for the next tap.</summary>
        private void RecordAtOnce(TileOperands tile) => ForTaps((ky, kx, _) =>
        {
            _k.LetZeros(_sums);
            using (_k.For("sample", 0, _samples, 1, out IndexVariable sample))
            {
                RecordPixels(tile, sample, (ky, kx), null, (0, _kernel.Rows), (0, _kernel.Columns));
            }

            Store(tile.Weights, ky, kx);
        });

        /// <summary>Records the kernel that sums over some samples and pixels for all taps, then over the next ones.</summary>
        private void RecordInParts(TileOperands tile)
        {
            int together = _kernel.Samples;
            if (_kernel.IsOfSizes)
            {
                _k.DependOnSize("firstRow");
            }

            Index togetherOfSize = together == 1 ? 1 : Number.OfSizes(together, "samplesTogether");
            _totals.Clear(_k);
            using (_k.For("firstSample", 0, _samples, togetherOfSize, out IndexVariable first))
            using (_k.Loops(out Index[] pixel, ("plane", together > 1 ? 1 : _kernel.Planes, 1),
                ("firstRow", _kernel.Rows, _kernel.RowsTogether), ("firstColumn", _kernel.Columns, _kernel.ColumnsTogether)))
            {
                Index endSample = together == 1 ? first + 1 : _k.LetInt("endSample", Index.Min(first + togetherOfSize, _samples));
                Index endRow = EndOf("Row", pixel[1], _kernel.RowsTogether, _kernel.Rows),
                    endColumn = EndOf("Column", pixel[2], _kernel.ColumnsTogether, _kernel.Columns);
                ForTaps((ky, kx, number) =>
                {
                    PointToTotals(number);
                    _k.LetZeros(_sums);
                    using (together == 1 ? default : _k.For("sample", first, endSample, 1, out _))
                    {
                        RecordPixels(tile, together == 1 ? first : new IndexVariable("sample"), (ky, kx),
                            together > 1 ? null : pixel[0], (pixel[1], endRow), (pixel[2], endColumn));
                    }

                    _totals.EndBlock(_k);
                });
            }

            ForTaps((ky, kx, number) =>
            {
                PointToTotals(number);
                using KernelBuilder.Scope whole = _totals.End(_k);
                Store(tile.Weights, ky, kx);
            });
        }

        /// <summary>The end of some rows or columns whose products are summed in registers.</summary>
        private Index EndOf(string name, Index from, int together, int all)
        {
            bool isOfSizes = _k.DependsOnSize("first" + name);
            Index end = from + (isOfSizes ? new Number(together, "together" + name + "s") : together);
            return all % together == 0 && !isOfSizes ? end
                : _k.LetInt("end" + name, Index.Min(end, _k.OfLoop("first" + name, all, "all" + name + "s")));
        }

        private void PointToTotals(Index tap)
        {
            if (_kernel.TapTiles > 1)
            {
                _totals.PointToTotals(_k, tap);
            }
        }

        /// <summary>Records the loops over the taps.</summary>
        /// <param name="body">Gets the row and the column of the first tap of a tile, and the number of the tile.</param>
        private void ForTaps(Action<Index, Index, Index> body)
        {
            using (_k.Loops(out Index[] tap, ("ky", Filter.Vertical.Count, 1), ("kx", Filter.Horizontal.Count, Tile.Columns)))
            using (_k.Braces())
            {
                int across = Filter.Horizontal.Count / Tile.Columns;
                body(tap[0], tap[1], Index.Sum((tap[0], across)) + (across == 1 ? 0 : Tile.Columns == 1 ? tap[1] : tap[1] / Tile.Columns));
            }
        }

        /// <summary>The products of some rows of a sample.</summary>
        /// <param name="plane">The plane of the rows; null for all planes.</param>
        private void RecordPixels(
            TileOperands tile, Index sample, (Index Row, Index Column) tap, Index? plane, (Index First, Index End) rows,
            (Index First, Index End) columns)
        {
            (Strides input, Strides gradient) = (_kernel.Input, _kernel.Gradient);
            Pointer[] of = _k.PointTo(
                ("xs", tile.Inputs[(sample * _sampleStride)
                    + Index.Sum((tap.Row, Filter.Vertical.InputStep), (tap.Column, Filter.Horizontal.InputStep))]),
                ("gs", tile.Gradients[sample * _sampleStride]));
            using (_k.Loops(out Index[] all, ("plane", plane is null ? _kernel.Planes : 1, 1)))
            using (_kernel.Rows == 1 ? default : _k.For("row", rows.First, rows.End, 1, out _))
            {
                Index ofPlane = plane ?? all[0], row = _kernel.Rows == 1 ? 0 : new IndexVariable("row");
                Pointer[] at = _k.PointTo(
                    ("x", of[0][Index.Sum((ofPlane, input.Plane), (row, input.Row), (columns.First, input.Column))]),
                    ("g", of[1][Index.Sum((ofPlane, gradient.Plane), (row, gradient.Row), (columns.First, gradient.Column))]));
                using (_kernel.Columns == 1 ? default : _k.For("column", columns.First, columns.End, 1, out _))
                {
                    RecordPixel(at[0], at[1]);
                    if (_kernel.Columns > 1)
                    {
                        _k.Advance((at[0], input.Column), (at[1], gradient.Column));
                    }
                }
            }
        }

        private void RecordPixel(Pointer x, Pointer g)
        {
            int operands = Tile.Inputs * Tile.Columns;
            Variable[] gradients = _k.Let(Enumerable.Range(0, Tile.Outputs)
                .Select(o => ($"g{o}", Load(g, o * Number.Offset(_kernel.Gradient.Channel, "gBlockStride")))));
            for (int i = 0; i < operands; i++)
            {
                int operand = i;
                _k.Group(() =>
                {
                    Expression load = InputOf(x, operand);
                    Expression value = Tile.Outputs > 1 ? _k.Let($"x{operand}", load) : load;
                    for (int o = 0; o < Tile.Outputs; o++)
                    {
                        Variable sum = _sums[(o * operands) + operand];
                        _k.Set(sum, _k.MultiplyAdd(gradients[o], value, sum));
                    }
                });
            }
        }

        /// <summary>The input that the gradients of a pixel are multiplied by, for an input channel and a tap of the tile.</summary>
        private Expression InputOf(Pointer x, int operand)
        {
            int channel = operand / Tile.Columns, tap = operand % Tile.Columns * Filter.Horizontal.InputStep;
            Index offset = (channel * Number.Offset(_kernel.Channel.Step, "xChannelStride")) + tap;
            return _kernel.LaneUse switch
            {
                LaneUse.Depthwise => Load(x, offset),
                LaneUse.GroupsInLanes => GroupLanes.Spread(Load(x, tap), _kernel.Tier, _kernel.GroupSize, channel),
                _ => Broadcast(x, offset),
            };
        }

        private void Store(Pointer weights, Index ky, Index kx)
        {
            Pointer w = _k.PointTo("w", weights[Index.Sum((ky, Filter.Vertical.WeightStep), (kx, Filter.Horizontal.WeightStep))]);
            _k.Group(() =>
            {
                for (int i = 0; i < _elements.Length; i++)
                {
                    WeightElement e = _elements[i];
                    _k.Store(
                        w[(e.Output * Number.Offset(_kernel.Block, "wOutputStride"))
                            + (e.Input * Number.Offset(_kernel.Weight, "wInputStride"))
                            + (e.Tap * Filter.Horizontal.WeightStep)],
                        _sums[i]);
                }
            });
        }

        /// <summary>Where the operands of a tile begin.</summary>
        private sealed record TileOperands(Pointer Inputs, Pointer Gradients, Pointer Weights);
    }
}

/// <summary>Several weight gradients that one kernel computes, and the distances from the operands of one to those of the next.</summary>
internal readonly record struct WeightUnits(int Count, int Input, int Gradient, int Weight)
{
    public static readonly WeightUnits One = new(1, 0, 0, 0);
}

/// <summary>
/// The gradient of a bias for a block of samples that are apart: the output's gradient summed over pixels and samples. Lanes are channels.
/// </summary>
internal sealed record ChannelBiasGradient(Tier Tier, int Blocks, int Rows, int Columns, Strides Gradient) : Kernel(Tier)
{
    public override string Summary => "Sums of each channel over pixels and samples, lanes are channels";

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Channels, Blocks);

    protected override void Record(KernelBuilder k)
    {
        Pointer gradient = k.Parameter("gradient"), biasGradient = k.Parameter("biasGradient");
        Index samples = k.IntParameter("samples"), stride = k.IntParameter("sampleStride");
        using (k.Items(out Index[] block, ("block", Blocks, 1)))
        {
            Pointer of = k.PointTo("gradients", gradient[Index.Sum((block[0], Gradient.Channel))]);
            var loops = new SumLoop[] { new(new IndexVariable("sample"), 0, samples, Tier.Lanes), new("row", Rows),
                new("column", Columns) };
            var sum = new BlockedSum([.. loops.Where(loop => loop.Most > 1)], "sum");
            Variable total = sum.Record(k, sums =>
            {
                Index Of(int loop) => loops[loop].Most > 1 ? loops[loop].Variable : 0;
                k.Increase(sums[0], of[(Of(0) * stride) + Index.Sum((Of(1), Gradient.Row), (Of(2), Gradient.Column))].Vector);
            })[0];
            k.Store(biasGradient[Index.Sum((block[0], Tier.Lanes))], total);
        }
    }
}
