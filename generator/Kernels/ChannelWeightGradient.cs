using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Kernels;

/// <summary>
/// Gradient of a convolution's weights for a block of samples that lie apart: dW[o, i, ky, kx] = Σ dY[o, pixel] · X[i, pixel + tap], summed
/// over pixels and samples. Lanes are output channels; of a depthwise layer, and of several groups in a vector, they are the input's, too.
/// The sums of a few pixels go through all taps of a plane before the next pixels, which then stay in the first-level cache.
/// </summary>
/// <param name="Form">What the lanes of inputs are: broadcast, or vectors.</param>
/// <param name="Blocks">Blocks of output channels.</param>
/// <param name="Inputs">Input channels of a group; 1 of a depthwise layer.</param>
/// <param name="Planes">Planes of outputs.</param>
/// <param name="Channel">Where an input channel stands.</param>
/// <param name="Input">How far the input moves from one output to the next.</param>
/// <param name="Gradient">Strides of the output's gradient.</param>
/// <param name="Block">From the weights of a block to those of the next.</param>
/// <param name="Weight">From the weights of an input channel to those of the next.</param>
/// <param name="Tile">Blocks of outputs, inputs and taps of a row whose sums are in registers.</param>
internal sealed record ChannelWeightGradient(
    Tier Tier, ConvolutionForm Form, int Blocks, int Inputs, int Planes, int Rows, int Columns, FilterTaps Filter, ChannelAddress Channel,
    Strides Input, Strides Gradient,
    int Block, int Weight, WeightTile Tile) : Kernel(Tier)
{
    /// <summary>
    /// Blocks of output channels that read the same inputs, where there are groups: those of a group, or one that holds several.
    /// </summary>
    public int GroupBlocks { get; init; } = Blocks;

    /// <summary>Lanes of a group, where several lie in a vector: its inputs are in the first of them, and may be fewer.</summary>
    public int GroupSize { get; init; } = 1;

    /// <summary>From the inputs of such blocks to those of the next.</summary>
    public int GroupInput { get; init; }

    /// <summary>How many gradients of this form there are, beside one another: Winograd's elements.</summary>
    public WeightUnits Units { get; init; } = WeightUnits.One;

    /// <summary>Pixels that go through all taps: gradients and inputs of so many fill half of a first-level cache.</summary>
    private const int PixelsOfTaps = 128;

    /// <summary>
    /// Products of Winograd's elements that are summed before they count as one in a longer sum: their errors grow on the way back.
    /// </summary>
    private const int ProductsOfElements = 256;

    public override string Summary =>
        $"Weight gradient, lanes are output channels; sums of {Count(Tile.Outputs, "vector")} × {Count(Tile.Inputs, "input")} × "
        + $"{Count(Tile.Columns, "tap")} in registers";

    private int Pixels => Planes * Rows * Columns;

    private int MostProducts => Units.Count == 1 ? SumCut.Products : ProductsOfElements;

    private int TapTiles => Filter.Vertical.Count * (Filter.Horizontal.Count / Tile.Columns);

    /// <summary>Samples whose products are summed in registers, where these are whole images.</summary>
    private int Samples => Math.Max(1, Math.Min(Tier.Lanes, MostProducts / Pixels));

    /// <summary>Rows whose products are summed in registers.</summary>
    private int RowsTogether => Samples > 1 ? Rows
        : Math.Min(Rows, Math.Max(1, (Filter.Vertical.Count * Filter.Horizontal.Count == 1 ? MostProducts : PixelsOfTaps) / Columns));

    /// <summary>Columns of a row whose products are.</summary>
    private int ColumnsTogether => Math.Min(Columns, MostProducts);

    /// <summary>Whether the sums of a whole block are short.</summary>
    private bool IsShort => Samples == Tier.Lanes;

    public override Work WorkOf(IReadOnlyList<int> extents) =>
        Work.Of(WorkAxis.Channels, Units.Count * (Blocks / Tile.Outputs) * (Inputs / Tile.Inputs) * Filter.Depth.Count);

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), gradient = k.Parameter("gradient"), weightGradient = k.Parameter("weightGradient");
        Index samples = k.IntParameter("samples"), stride = k.IntParameter("sampleStride");
        (int Output, int Input, int Tap)[] elements =
        [
            .. from output in Enumerable.Range(0, Tile.Outputs)
               from channel in Enumerable.Range(0, Tile.Inputs)
               from tap in Enumerable.Range(0, Tile.Columns)
               select (output, channel, tap),
        ];
        Variable[] sums =
            [.. elements.Select(e => new Variable($"s{e.Output}_{(Tile.Columns == 1 ? e.Input : (e.Input * Tile.Columns) + e.Tap)}"))];
        int chunks = Arithmetic.CeilingDivide(Tier.Lanes, Samples) * (Samples > 1 ? 1 : Planes)
            * Arithmetic.CeilingDivide(Rows, RowsTogether) * Arithmetic.CeilingDivide(Columns, ColumnsTogether);
        var totals = new TileSums(IsShort ? SumCut.None : new SumCut(0, Samples, chunks), sums);
        totals.Declare(k, TapTiles);
        (string, int, int)[] units = Units.Count == 1 ? [] : [("element", Units.Count, 1)];
        using (k.Items(out Index[] item,
            [.. units, ("output", Blocks, Tile.Outputs), ("channel", Inputs, Tile.Inputs), ("kz", Filter.Depth.Count, 1)]))
        {
            Index unit = units.Length == 0 ? 0 : item[0], block = item[units.Length], channel = item[units.Length + 1],
                kz = item[units.Length + 2];
            Index group = GroupBlocks == Blocks ? 0 : GroupBlocks == 1 ? block : block / GroupBlocks;
            Pointer[] at = k.PointTo(
                ("inputs", input[Index.Sum((unit, Units.Input), (group, GroupInput), (kz, Filter.Depth.InputStep)) + Channel.Of(channel)]),
                ("gradients", gradient[Index.Sum((unit, Units.Gradient), (block, Gradient.Channel))]),
                ("weights",
                    weightGradient[Index.Sum((unit, Units.Weight), (block, Block), (channel, Weight), (kz, Filter.Depth.WeightStep))]));
            if (IsShort)
            {
                ForTaps(k, (ky, kx, _) =>
                {
                    k.LetZeros(sums);
                    using (k.For("sample", 0, samples, 1, out IndexVariable sample))
                    {
                        RecordPixels(k, sums, at[0][(sample * stride) + TapAt(ky, kx)], at[1][sample * stride], null,
                            (0, Rows), (0, Columns));
                    }

                    Store(k, sums, at[2], ky, kx);
                });
                return;
            }

            totals.Clear(k);
            using (k.For("firstSample", 0, samples, Samples, out IndexVariable first))
            using (k.Loops(out Index[] pixel, ("plane", Samples > 1 ? 1 : Planes, 1), ("firstRow", Rows, RowsTogether),
                ("firstColumn", Columns, ColumnsTogether)))
            {
                Index endSample = Samples == 1 ? first + 1 : k.LetInt("endSample", Index.Min(first + Samples, samples));
                Index EndOf(string name, Index from, int together, int all) =>
                    all % together == 0 ? from + together
                        : k.LetInt("end" + name, Index.Min(from + together, Number.Named(all, "all" + name + "s")));
                Index endRow = EndOf("Row", pixel[1], RowsTogether, Rows), endColumn = EndOf("Column", pixel[2], ColumnsTogether, Columns);
                ForTaps(k, (ky, kx, number) =>
                {
                    PointToTotals(number);
                    k.LetZeros(sums);
                    using (Samples == 1 ? default : k.For("sample", first, endSample, 1, out _))
                    {
                        Index sample = Samples == 1 ? first : new IndexVariable("sample");
                        RecordPixels(k, sums, at[0][(sample * stride) + TapAt(ky, kx)], at[1][sample * stride],
                            Samples > 1 ? null : pixel[0],
                            (pixel[1], endRow), (pixel[2], endColumn));
                    }

                    totals.EndBlock(k);
                });
            }

            ForTaps(k, (ky, kx, number) =>
            {
                PointToTotals(number);
                using KernelBuilder.Scope whole = totals.End(k);
                Store(k, sums, at[2], ky, kx);
            });
        }

        void PointToTotals(Index tap)
        {
            if (TapTiles > 1)
            {
                totals.PointToTotals(k, tap);
            }
        }

        Index TapAt(Index ky, Index kx) => Index.Sum((ky, Filter.Vertical.InputStep), (kx, Filter.Horizontal.InputStep));

        void Store(KernelBuilder builder, Variable[] values, Pointer weights, Index ky, Index kx)
        {
            Pointer w = builder.PointTo("w", weights[Index.Sum((ky, Filter.Vertical.WeightStep), (kx, Filter.Horizontal.WeightStep))]);
            builder.Group(() =>
            {
                for (int i = 0; i < elements.Length; i++)
                {
                    builder.Store(
                        w[(elements[i].Output * Number.Offset(Block, "wOutputStride"))
                            + (elements[i].Input * Number.Offset(Weight, "wInputStride"))
                            + (elements[i].Tap * Filter.Horizontal.WeightStep)],
                        values[i]);
                }
            });
        }
    }

    private void ForTaps(KernelBuilder k, Action<Index, Index, Index> body)
    {
        using (k.Loops(out Index[] tap, ("ky", Filter.Vertical.Count, 1), ("kx", Filter.Horizontal.Count, Tile.Columns)))
        using (k.Braces())
        {
            int across = Filter.Horizontal.Count / Tile.Columns;
            body(tap[0], tap[1], Index.Sum((tap[0], across)) + (across == 1 ? 0 : Tile.Columns == 1 ? tap[1] : tap[1] / Tile.Columns));
        }
    }

    /// <summary>The products of some rows of a sample.</summary>
    /// <param name="plane">The plane of the rows; null for all planes.</param>
    private void RecordPixels(
        KernelBuilder k, Variable[] sums, Reference input, Reference gradient, Index? plane, (Index First, Index End) rows,
        (Index First, Index End) columns)
    {
        Pointer[] sample = k.PointTo(("xs", input), ("gs", gradient));
        using (k.Loops(out Index[] all, ("plane", plane is null ? Planes : 1, 1)))
        using (Rows == 1 ? default : k.For("row", rows.First, rows.End, 1, out _))
        {
            Index of = plane ?? all[0], row = Rows == 1 ? 0 : new IndexVariable("row");
            Pointer[] at = k.PointTo(
                ("x", sample[0][Index.Sum((of, Input.Plane), (row, Input.Row), (columns.First, Input.Column))]),
                ("g", sample[1][Index.Sum((of, Gradient.Plane), (row, Gradient.Row), (columns.First, Gradient.Column))]));
            using (Columns == 1 ? default : k.For("column", columns.First, columns.End, 1, out _))
            {
                RecordPixel(k, sums, at[0], at[1]);
                if (Columns > 1)
                {
                    k.Advance((at[0], Input.Column), (at[1], Gradient.Column));
                }
            }
        }

    }

    private void RecordPixel(KernelBuilder k, Variable[] sums, Pointer x, Pointer g)
    {
        int operands = Tile.Inputs * Tile.Columns;
        Variable[] gradients =
            k.Let(Enumerable.Range(0, Tile.Outputs).Select(o => ($"g{o}", Load(g, o * Number.Offset(Gradient.Channel, "gBlockStride")))));
        for (int i = 0; i < operands; i++)
        {
            int operand = i;
            Index offset = (i / Tile.Columns * Number.Offset(Channel.Step, "xChannelStride"))
                + (i % Tile.Columns * Filter.Horizontal.InputStep);
            k.Group(() =>
            {
                Expression load = Form switch
                {
                    ConvolutionForm.Depthwise => Load(x, offset),
                    ConvolutionForm.GroupsInLanes =>
                        GroupLanes.Spread(Load(x, operand % Tile.Columns * Filter.Horizontal.InputStep), Tier, GroupSize,
                            operand / Tile.Columns),
                    _ => Broadcast(x, offset),
                };
                Expression value = Tile.Outputs > 1 ? k.Let($"x{operand}", load) : load;
                for (int o = 0; o < Tile.Outputs; o++)
                {
                    Variable sum = sums[(o * operands) + operand];
                    k.Set(sum, k.MultiplyAdd(gradients[o], value, sum));
                }
            });
        }
    }
}

/// <summary>Gradients of weights beside one another: from the operands of one to those of the next.</summary>
internal readonly record struct WeightUnits(int Count, int Input, int Gradient, int Weight)
{
    public static readonly WeightUnits One = new(1, 0, 0, 0);
}

/// <summary>
/// Gradient of a bias for a block of samples that lie apart: the output's gradient summed over pixels and samples. Lanes are channels.
/// </summary>
internal sealed record ChannelBiasGradient(Tier Tier, int Blocks, int Rows, int Columns, Strides Gradient) : Kernel(Tier)
{
    public override string Summary => "Sums of each channel over pixels and samples, lanes are channels";

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Of(WorkAxis.Channels, Blocks);

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
