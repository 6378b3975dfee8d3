using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Printing;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Kernels;

/// <summary>
/// Gradient of a dense layer's weights over the whole batch: dW[i, o] = Σ X[i, n] · dY[n, o], an outer product per sample. The
/// lanes are output features, in the order in which the weights are packed; samples are summed in order, whoever computes it.
/// The extents are arguments, so that layers of one tile share the method.
/// </summary>
/// <param name="TileInputs">Rows of the weights, one for each input, in registers at a time.</param>
/// <param name="TileVectors">Vectors of each row in registers at a time; they divide a panel.</param>
internal sealed record DenseWeightGradient(Tier Tier, int TileInputs, int TileVectors) : Kernel(Tier)
{
    public override string Summary => $"Sum of outer products over samples; {Count(TileInputs, "input")} × {Count(TileVectors, "vector")} of outputs in registers";

    public override string Parameters =>
        "ref float input, ref float gradient, int keptStride, int blocks, ref float weightGradient, "
        + "int first, int end, int inputs, int panels, int panelWidth";

    public override void WriteBody(SourceWriter writer)
    {
        int lanes = Tier.Lanes;
        writer.Line("for (int panel = 0; panel < panels; panel++)");
        writer.Line($"for (int vector = 0; vector < panelWidth; vector += {Number(TileVectors * lanes)})");
        using (writer.Block($"for (int tileRow = first; tileRow < end; tileRow += {Number(TileInputs)})"))
        {
            writer.Line(TileInputs == 1 ? "int row = tileRow;" : $"int row = Math.Min(tileRow, end - {Number(TileInputs)});");
            writer.DeclareZeros(Sums().Select(Name));
            writer.Line($"ref float slotInputs = ref Unsafe.Add(ref input, row * {Number(lanes)});");
            writer.Line("ref float slotGradients = ref Unsafe.Add(ref gradient, (panel * panelWidth) + vector);");
            using (writer.Block("for (int block = 0; block < blocks; block++)"))
            {
                writer.Line("ref float x = ref slotInputs;");
                writer.Line("ref float g = ref slotGradients;");
                using (writer.For("sample", lanes))
                {
                    writer.Declare(Enumerable.Range(0, TileVectors).Select(o => $"g{o} = {Load("g", o * lanes)}"));
                    for (int i = 0; i < TileInputs; i++)
                    {
                        int input = i;
                        writer.Line($"Vector x{i} = {Broadcast("x", i * lanes)};");
                        writer.Statements(Enumerable.Range(0, TileVectors).Select(
                            o => $"{Name((input, o))} = Simd.{Tier.MultiplyAdd}(x{input}, g{o}, {Name((input, o))});"));
                    }

                    writer.Line("x = ref Unsafe.Add(ref x, 1);");
                    writer.Line("g = ref Unsafe.Add(ref g, panels * panelWidth);");
                }

                writer.Line("slotInputs = ref Unsafe.Add(ref slotInputs, keptStride);");
                writer.Line("slotGradients = ref Unsafe.Add(ref slotGradients, keptStride);");
            }

            writer.Line("ref float w = ref Unsafe.Add(ref weightGradient, (((panel * inputs) + row) * panelWidth) + vector);");
            for (int i = 0; i < TileInputs; i++)
            {
                int input = i;
                writer.Statements(Enumerable.Range(0, TileVectors).Select(o => Store(Name((input, o)), "w", o * lanes)));
                if (i < TileInputs - 1)
                {
                    writer.Line("w = ref Unsafe.Add(ref w, panelWidth);");
                }
            }
        }
    }

    private IEnumerable<(int Input, int Vector)> Sums() =>
        from input in Enumerable.Range(0, TileInputs)
        from vector in Enumerable.Range(0, TileVectors)
        select (input, vector);

    private string Name((int Input, int Vector) sum) => TileVectors == 1 ? $"s{sum.Input}" : $"s{sum.Input}_{sum.Vector}";
}
