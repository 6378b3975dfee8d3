using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Printing;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Kernels;

/// <summary>
/// A dense layer for a block of samples, one in each lane: a tile of outputs in registers, one input and a broadcast weight for
/// each step. The extents are arguments, so that layers of one tile share the method.
/// </summary>
/// <param name="Tile">Outputs in registers at a time.</param>
/// <param name="Cut">Where the sums over the inputs are cut.</param>
internal sealed record LaneDense(Tier Tier, int Tile, bool Bias, Activation? Activation, SumCut Cut) : Kernel(Tier)
{
    public override string Summary => $"Dense, a sample per lane; {Count(Tile, "output")} in registers";

    public override string Parameters =>
        "ref float input, ref float weight, " + (Bias ? "ref float bias, " : "") + "ref float output, int inputs, int outputs, int panelWidth";

    public override void WriteBody(SourceWriter writer)
    {
        int lanes = Tier.Lanes;
        var blocks = new TileSums(
            Cut,
            [.. Enumerable.Range(0, Tile).Select(k => ($"a{k}", Bias ? Broadcast("b", k) : null))]);
        blocks.Declare(writer);
        using (writer.Block($"for (int tile = 0; tile < outputs; tile += {Number(Tile)})"))
        {
            writer.Line("// A last tile that would reach beyond the end begins earlier and writes some outputs a second time.");
            writer.Line($"int o = Math.Min(tile, outputs - {Number(Tile)});");
            writer.Line("int panel = o / panelWidth;");
            writer.Line("ref float x = ref input;");
            writer.Line("ref float w = ref Unsafe.Add(ref weight, (panel * panelWidth * inputs) + (o - (panel * panelWidth)));");
            if (Bias)
            {
                writer.Line("ref float b = ref Unsafe.Add(ref bias, o);");
            }

            blocks.Begin(writer);
            if (!blocks.IsBlocked)
            {
                WriteInputs(writer, "0", "inputs");
            }
            else
            {
                using (blocks.Block(writer, "first", "inputs", Cut.Rounds))
                {
                    WriteInputs(writer, "first", $"Math.Min(first + {Number(Cut.Rounds)}, inputs)");
                    blocks.EndBlock(writer);
                }
            }

            using SourceWriter.Scope whole = blocks.End(writer);
            writer.Line($"ref float y = ref Unsafe.Add(ref output, o * {Number(lanes)});");
            writer.Statements(Enumerable.Range(0, Tile).Select(k => Store(Activate(writer, Activation, $"a{k}"), "y", k * lanes)));
        }
    }

    private void WriteInputs(SourceWriter writer, string first, string end)
    {
        using (writer.Block($"for (int i = {first}; i < {end}; i++)"))
        {
            writer.Line("Vector x0 = Simd.LoadUnsafe(ref x);");
            writer.Statements(Enumerable.Range(0, Tile).Select(k => $"a{k} = Simd.{Tier.MultiplyAdd}(x0, {Broadcast("w", k)}, a{k});"));
            writer.Line($"x = ref Unsafe.Add(ref x, {Number(Tier.Lanes)});");
            writer.Line("w = ref Unsafe.Add(ref w, panelWidth);");
        }
    }
}
