using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Printing;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Kernels;

/// <summary>The weights whose gradients are summed in registers at a time.</summary>
internal readonly record struct WeightTile(int Outputs, int Inputs, int Columns)
{
    public int Accumulators => Outputs * Inputs * Columns;
}

/// <summary>
/// Gradient of a convolution's weights for one block of samples: dW[o, i, ky, kx] = Σ dY[o, pixel] · X[i, pixel + tap], summed over
/// pixels in the lanes of an accumulator and over the lanes (samples) at the end. Each weight is stored once, so that a tile
/// which reaches beyond the end may begin earlier and write some twice.
/// </summary>
/// <param name="Outputs">Output channels, per group.</param>
/// <param name="Inputs">Input channels, per group.</param>
/// <param name="Rows">Rows of outputs.</param>
/// <param name="Columns">Columns of outputs.</param>
/// <param name="Input">How far the input moves from one output (or input channel) to the next.</param>
/// <param name="Gradient">Strides of the output's gradient.</param>
/// <param name="Vertical">Vertical taps.</param>
/// <param name="Horizontal">Horizontal taps.</param>
/// <param name="WeightOfOutput">Where the weights of an output channel stand.</param>
/// <param name="WeightOfInput">Distance of the weights of two input channels.</param>
/// <param name="GroupWalk">How far input and gradient move from group to group, and where the weights of a group stand.</param>
/// <param name="Planes">Planes of outputs.</param>
/// <param name="Depth">The taps along them.</param>
internal sealed record ConvolutionWeightGradient(
    Tier Tier,
    int Outputs,
    int Inputs,
    int Rows,
    int Columns,
    WeightTile Tile,
    Walk Input,
    Walk Gradient,
    Taps Vertical,
    Taps Horizontal,
    ChannelAddress WeightOfOutput,
    int WeightOfInput,
    int Groups = 1,
    (int Input, ChannelAddress Weight, int Gradient) GroupWalk = default,
    int Planes = 1,
    Taps Depth = default) : Kernel(Tier)
{
    /// <summary>Small tiles take two pixels at a time; larger ones hide the loop as they are.</summary>
    private const int UnrollLimit = 10;

    public override string Summary => $"Weight gradient; sums of {Count(Tile.Outputs, "output")} × {Count(Tile.Inputs, "input")} × {Count(Tile.Columns, "tap")} in registers";

    public override string Parameters => "ref float input, ref float gradient, ref float weightGradient";

    public override void WriteBody(SourceWriter writer)
    {
        var blocks = new TileSums(SumCut.Of(SumCut.Products, Planes, Rows, Columns), [.. Sums().Select(s => (Name(s), (string?)null))]);
        blocks.Declare(writer);
        string group = Groups > 1 ? "group" : "", output = Outputs > Tile.Outputs ? "output" : "";
        string channel = Inputs > Tile.Inputs ? "channel" : "", kz = Depth.Count > 1 ? "kz" : "", ky = Vertical.Count > 1 ? "ky" : "";
        string kx = Horizontal.Count <= Tile.Columns ? "" : Horizontal.Count % Tile.Columns == 0 ? "tileColumn" : "kx";
        using (writer.For(
            ("group", Groups, 1), ("output", Outputs, Tile.Outputs), ("channel", Inputs, Tile.Inputs), ("kz", Depth.Count, 1),
            ("ky", Vertical.Count, 1), ("tileColumn", Horizontal.Count, Tile.Columns)))
        {
            if (kx.Length > 0 && Horizontal.Count % Tile.Columns != 0)
            {
                writer.Line($"int kx = Math.Min(tileColumn, {Number(Horizontal.Count - Tile.Columns)});");
            }

            string inputs = Sum(
                (group, GroupWalk.Input), (channel, Input.Channel), (kz, Depth.InputStep), (ky, Vertical.InputStep), (kx, Horizontal.InputStep));
            writer.Line($"ref float inputs = {Ref("input", inputs)};");
            writer.Line($"ref float gradients = {Ref("gradient", Sum((group, GroupWalk.Gradient), (output, Gradient.Channel)))};");
            blocks.Begin(writer);
            blocks.Loop(writer, 0, [("plane", Planes, 1), ("row", Rows, 1)], () =>
            {
                string plane = Planes > 1 ? "plane" : "", row = Rows > 1 ? "row" : "";
                writer.Line($"ref float x = {Ref("inputs", Sum((plane, Input.Plane), (row, Input.Row)))};");
                writer.Line($"ref float g = {Ref("gradients", Sum((plane, Gradient.Plane), (row, Gradient.Row)))};");
                int unroll = Columns % 2 == 0 && Tile.Accumulators <= UnrollLimit ? 2 : 1;
                blocks.Loop(writer, 2, [("column", Columns, unroll)], () =>
                {
                    for (int u = 0; u < unroll; u++)
                    {
                        using SourceWriter.Scope scope = unroll > 1 ? writer.Braces() : default;
                        WritePixel(writer, u);
                    }

                    if (Columns > unroll)
                    {
                        writer.Line($"x = ref Unsafe.Add(ref x, {Number(unroll * Input.Column)});");
                        writer.Line($"g = ref Unsafe.Add(ref g, {Number(unroll * Gradient.Column)});");
                    }
                });
            });

            using SourceWriter.Scope whole = blocks.End(writer);
            string weights = Sum(
                GroupWalk.Weight.Term(group), (output.Length == 0 ? "" : WeightOfOutput.Of(output), 1), (channel, WeightOfInput),
                (kz, Depth.WeightStep), (ky, Vertical.WeightStep), (kx, Horizontal.WeightStep));
            writer.Line($"ref float w = {Ref("weightGradient", weights)};");
            writer.Statements(Sums().Select(s =>
            {
                int offset = (s.Output * WeightOfOutput.Step) + (s.Input * WeightOfInput) + (s.Tap * Horizontal.WeightStep);
                string target = offset == 0 ? "w" : $"Unsafe.Add(ref w, {Number(offset)})";
                return $"{target} = Simd.Sum({Name(s)});";
            }));
        }
    }

    private IEnumerable<(int Output, int Input, int Tap)> Sums() =>
        from output in Enumerable.Range(0, Tile.Outputs)
        from input in Enumerable.Range(0, Tile.Inputs)
        from tap in Enumerable.Range(0, Tile.Columns)
        select (output, input, tap);

    private string Name((int Output, int Input, int Tap) sum) => $"s{sum.Output}_{Place(sum.Input, sum.Tap)}";

    /// <summary>The input under a tap.</summary>
    private string Operand(int input, int tap) => "x" + Place(input, tap);

    private string Place(int input, int tap) => Tile.Columns == 1 ? Number(input) : Tile.Inputs == 1 ? Number(tap) : $"{input}_{tap}";

    private void WritePixel(SourceWriter writer, int pixel)
    {
        writer.Declare(Enumerable.Range(0, Tile.Outputs)
            .Select(o => $"g{o} = {Load("g", (pixel * Gradient.Column) + (o * Gradient.Channel))}"));

        for (int i = 0; i < Tile.Inputs; i++)
        {
            for (int k = 0; k < Tile.Columns; k++)
            {
                writer.Line($"Vector {Operand(i, k)} = {Load("x", (pixel * Input.Column) + (i * Input.Channel) + (k * Horizontal.InputStep))};");
                (int channel, int tap) = (i, k);
                writer.Statements(Enumerable.Range(0, Tile.Outputs).Select(
                    o => $"{Name((o, channel, tap))} = Simd.{Tier.MultiplyAdd}(g{o}, {Operand(channel, tap)}, {Name((o, channel, tap))});"));
            }
        }
    }
}

/// <summary>Gradient of a bias for one block: the output's gradient summed over pixels and samples.</summary>
internal sealed record BiasGradient(Tier Tier, int Rows, int Columns, Walk Gradient) : Kernel(Tier)
{
    /// <summary>Sums that run side by side, since an addition takes four cycles.</summary>
    private const int Chains = 4;

    public override string Summary => "Sums of each channel over pixels and samples";

    public override string Parameters => "ref float gradient, ref float biasGradient, int channels";

    public override void WriteBody(SourceWriter writer)
    {
        int chains = Columns % Chains == 0 ? Chains : Columns % 2 == 0 ? 2 : 1;
        string[] names = chains == 1 ? ["sum"] : [.. Enumerable.Range(0, chains).Select(i => $"s{i}")];
        SumLoop[] loops = [.. new SumLoop[] { new("row", Rows), new("column", Columns / chains) }.Where(l => l.Most > 1)];
        var sum = new BlockedSum(loops, names)
        {
            Whole = chains == 1 ? null : ("sum", chains == 4 ? "(s0 + s1) + (s2 + s3)" : "s0 + s1"),
        };
        using (writer.Block("for (int channel = 0; channel < channels; channel++)"))
        {
            sum.Write(writer, () =>
            {
                string offset = Sum(
                    ("channel", Gradient.Channel), (Rows > 1 ? "row" : "", Gradient.Row), (Columns > chains ? "column" : "", chains * Gradient.Column));
                if (chains == 1)
                {
                    writer.Line($"{sum["sum"]} += Simd.LoadUnsafe({Ref("gradient", offset)});");
                    return;
                }

                writer.Line($"ref float g = {Ref("gradient", offset)};");
                writer.Statements(names.Select((name, i) => $"{sum[name]} += {Load("g", i * Gradient.Column)};"));
            });
            writer.Line("Unsafe.Add(ref biasGradient, channel) = Simd.Sum(sum);");
        }
    }
}
