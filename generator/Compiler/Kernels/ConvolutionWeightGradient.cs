using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>A tile of weights: their gradients are summed in registers at the same time.</summary>
internal readonly record struct WeightTile(int Outputs, int Inputs, int Columns)
{
    public int Accumulators => Outputs * Inputs * Columns;

    /// <summary>The weights, output by output and input by input.</summary>
    public IEnumerable<WeightElement> Elements
    {
        get
        {
            (int outputs, int inputs, int columns) = (Outputs, Inputs, Columns);
            return from output in Enumerable.Range(0, outputs)
                   from input in Enumerable.Range(0, inputs)
                   from tap in Enumerable.Range(0, columns)
                   select new WeightElement(output, input, tap);
        }
    }
}

/// <summary>One of the weights of a tile.</summary>
internal readonly record struct WeightElement(int Output, int Input, int Tap);

/// <summary>
/// The weight gradient of a convolution for one block of samples: dW[o, i, ky, kx] = Σ dY[o, pixel] · X[i, pixel + tap]. Lanes are samples.
/// An accumulator sums over pixels, and its lanes are added at the end. Gradients are stored, not added to memory, so that the last tile
/// may begin earlier and store some of them a second time.
/// </summary>
/// <param name="Extents">The convolution's extents.</param>
/// <param name="Filter">The taps, whose weights' gradients are stored.</param>
/// <param name="Input">Strides of the input, from one output (or input channel) to the next.</param>
/// <param name="Weights">The layout of the weights and of their gradients.</param>
/// <param name="Gradient">Strides of the output's gradient.</param>
internal sealed record ConvolutionWeightGradient(
    Tier Tier, ConvolutionExtents Extents, FilterTaps Filter, Strides Input, ConvolutionWeights Weights, Strides Gradient, WeightTile Tile)
    : Kernel(Tier)
{
    /// <summary>
    /// Tiles of up to this many accumulators take two pixels at a time. Larger tiles have enough work to hide the cost of the loop.
    /// </summary>
    private const int UnrollLimit = 10;

    public override string Summary =>
        $"Weight gradient; sums of {Count(Tile.Outputs, "output")} × {Count(Tile.Inputs, "input")} × "
        + $"{Count(Tile.Columns, "tap")} in registers";

    public override Work WorkOf(IReadOnlyList<int> extents) =>
        Work.Over(WorkAxis.Channels, Extents.Groups * Arithmetic.CeilingDivide(Extents.Channels, Tile.Outputs));

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), gradient = k.Parameter("gradient"), weightGradient = k.Parameter("weightGradient");
        WeightElement[] elements = [.. Tile.Elements];
        Variable[] sums = [.. elements.Select(e => new Variable($"s{e.Output}_{NameOf(e.Input, e.Tap)}"))];
        var blocks = new TileSums(SumCut.IntoBlocks(SumCut.Products, Extents.Planes, Extents.Rows, Extents.Columns), sums);
        blocks.Declare(k);
        using (k.Items(out Index[] item, ("group", Extents.Groups, 1), ("output", Extents.Channels, Tile.Outputs)))
        using (k.Loops(
            out Index[] at, ("channel", Extents.InputChannels, Tile.Inputs), ("kz", Filter.Depth.Count, 1),
            ("ky", Filter.Vertical.Count, 1),
            ("tileColumn", Filter.Horizontal.Count, Tile.Columns)))
        {
            (Index group, Index output, Index channel, Index kz, Index ky, Index kx) = (item[0], item[1], at[0], at[1], at[2], at[3]);
            if (Filter.Horizontal.Count > Tile.Columns && Filter.Horizontal.Count % Tile.Columns != 0)
            {
                kx = k.LetInt("kx", Index.Min(kx, Filter.Horizontal.Count - Tile.Columns));
            }

            Pointer inputs = k.PointTo("inputs", input[Index.Sum(
                (group, Extents.InputChannels * Input.Channel), (channel, Input.Channel), (kz, Filter.Depth.InputStep),
                (ky, Filter.Vertical.InputStep), (kx, Filter.Horizontal.InputStep))]);
            Pointer gradients = k.PointTo("gradients",
                gradient[Index.Sum((group, Extents.Channels * Gradient.Channel), (output, Gradient.Channel))]);
            blocks.Begin(k);
            RecordPixels(k, blocks, sums, inputs, gradients);
            using KernelBuilder.Scope whole = blocks.End(k);
            Pointer w = k.PointTo("w", weightGradient[Weights.Group.At(group) + Weights.Output.At(output) + Index.Sum(
                (channel, Weights.Input.Stride), (kz, Filter.Depth.WeightStep), (ky, Filter.Vertical.WeightStep),
                (kx, Filter.Horizontal.WeightStep))]);
            k.Group(() =>
            {
                for (int i = 0; i < elements.Length; i++)
                {
                    Index offset = (elements[i].Output * Number.Offset(Weights.Output.Step, "wOutputStride"))
                        + (elements[i].Input * Number.Offset(Weights.Input.Stride, "wInputStride"))
                        + (elements[i].Tap * Filter.Horizontal.WeightStep);
                    k.Store(w[offset], Intrinsics.Sum(sums[i]));
                }
            });
        }
    }

    /// <summary>Records the loops over the pixels.</summary>
    private void RecordPixels(KernelBuilder k, TileSums blocks, Variable[] sums, Pointer inputs, Pointer gradients) =>
        blocks.Loop(k, 0, [("plane", Extents.Planes, 1), ("row", Extents.Rows, 1)], pixel =>
        {
            Pointer[] row = k.PointTo(
                ("x", inputs[Index.Sum((pixel[0], Input.Plane), (pixel[1], Input.Row))]),
                ("g", gradients[Index.Sum((pixel[0], Gradient.Plane), (pixel[1], Gradient.Row))]));
            int unroll = Extents.Columns % 2 == 0 && Tile.Accumulators <= UnrollLimit ? 2 : 1;
            blocks.Loop(k, 2, [("column", Extents.Columns, unroll)], _ =>
            {
                for (int u = 0; u < unroll; u++)
                {
                    using KernelBuilder.Scope scope = unroll > 1 ? k.Braces() : default;
                    RecordPixel(k, sums, row[0], row[1], u);
                }

                if (Extents.Columns > unroll)
                {
                    k.Advance((row[0], unroll * Input.Column), (row[1], unroll * Gradient.Column));
                }
            });
        });

    /// <summary>The part of a variable's name for input and tap.</summary>
    private string NameOf(int input, int tap) => Tile.Columns == 1 ? $"{input}" : Tile.Inputs == 1 ? $"{tap}" : $"{input}_{tap}";

    private void RecordPixel(KernelBuilder k, Variable[] sums, Pointer x, Pointer g, int pixel)
    {
        Variable[] gradients = k.Let(Enumerable.Range(0, Tile.Outputs)
            .Select(o => ($"g{o}", Load(g, (pixel * Gradient.Column) + (o * Number.Offset(Gradient.Channel, "gChannelStride"))))));
        for (int i = 0; i < Tile.Inputs; i++)
        {
            for (int tap = 0; tap < Tile.Columns; tap++)
            {
                Index offset = (pixel * Input.Column) + (i * Number.Offset(Input.Channel, "xChannelStride"))
                    + (tap * Filter.Horizontal.InputStep);
                string name = "x" + NameOf(i, tap);
                int number = (i * Tile.Columns) + tap;
                k.Group(() =>
                {
                    Variable value = k.Let(name, Load(x, offset));
                    for (int o = 0; o < Tile.Outputs; o++)
                    {
                        Variable sum = sums[(o * Tile.Inputs * Tile.Columns) + number];
                        k.Set(sum, k.MultiplyAdd(gradients[o], value, sum));
                    }
                });
            }
        }
    }
}

/// <summary>Gradient of a bias for one block: the output's gradient summed over pixels and samples.</summary>
internal sealed record BiasGradient(Tier Tier, int Channels, int Rows, int Columns, Strides Gradient) : Kernel(Tier)
{
    /// <summary>Independent sums, since an addition has a latency of four cycles.</summary>
    private const int Chains = 4;

    public override string Summary => "Sums of each channel over pixels and samples";

    public override Work WorkOf(IReadOnlyList<int> extents) => new(WorkAxis.Channels, Channels);

    protected override void Record(KernelBuilder k)
    {
        Pointer gradient = k.Parameter("gradient"), biasGradient = k.Parameter("biasGradient");
        int chains = Columns % Chains == 0 ? Chains : Columns % 2 == 0 ? 2 : 1;
        string[] names = chains == 1 ? ["sum"] : [.. Enumerable.Range(0, chains).Select(i => $"s{i}")];
        SumLoop[] loops = [.. new SumLoop[] { new("row", Rows), new("column", Columns / chains) }.Where(l => l.Most > 1)];
        var sum = new BlockedSum(loops, names)
        {
            Whole = chains == 1 ? null : ("sum", s => chains == 4 ? s[0] + s[1] + (s[2] + s[3]) : s[0] + s[1]),
        };
        using (k.Items("channel", 1, out IndexVariable channel))
        {
            Index row = Rows > 1 ? new IndexVariable("row") : 0, column = Columns > chains ? new IndexVariable("column") : 0;
            Variable total = sum.Record(k, sums =>
            {
                Reference at = gradient[Index.Sum((channel, Gradient.Channel), (row, Gradient.Row), (column, chains * Gradient.Column))];
                if (chains == 1)
                {
                    k.Increase(sums[0], at.Vector);
                    return;
                }

                Pointer g = k.PointTo("g", at);
                k.Group(() =>
                {
                    for (int i = 0; i < chains; i++)
                    {
                        k.Increase(sums[i], Load(g, i * Gradient.Column));
                    }
                });
            })[0];
            k.Store(biasGradient[channel], Intrinsics.Sum(total));
        }
    }
}
