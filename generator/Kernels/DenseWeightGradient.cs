using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Emission;
using Strata.Generator.Lowering;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Kernels;

/// <summary>
/// Gradient of a dense layer's weights over the whole batch: dW[i, o] = Σ X[i, n] · dY[n, o], an outer product per sample. The
/// lanes are output features, in the order in which the weights are packed; samples are summed in order, whoever computes it.
/// </summary>
/// <param name="Inputs">Input features: rows of the packed weights.</param>
/// <param name="Panels">Panels of output features.</param>
/// <param name="PanelVectors">Vectors of one panel.</param>
/// <param name="TileInputs">Rows in registers at a time.</param>
/// <param name="TileVectors">Vectors of each row in registers at a time.</param>
/// <param name="RowsPerPart">Rows of one part of the work.</param>
internal sealed record DenseWeightGradient(
    Tier Tier, int Inputs, int Panels, int PanelVectors, int TileInputs, int TileVectors, int RowsPerPart) : Kernel(Tier)
{
    public int Parts => (Inputs + RowsPerPart - 1) / RowsPerPart;

    /// <summary>Floats of one sample's gradient.</summary>
    public int Width => Panels * PanelVectors * Tier.Lanes;

    public override string Parameters =>
        "int part, ref float input, ref float gradient, int keptStride, int blocks, ref float weightGradient";

    public override void WriteBody(SourceWriter writer)
    {
        int panelWidth = PanelVectors * Tier.Lanes;
        if (Parts > 1)
        {
            writer.Line($"int first = part * {Number(RowsPerPart)};");
            writer.Line($"int end = Math.Min(first + {Number(RowsPerPart)}, {Number(Inputs)});");
        }
        else
        {
            writer.Line("int first = 0;");
            writer.Line($"int end = {Number(Inputs)};");
        }

        string panel = Panels > 1 ? "panel" : "", vector = PanelVectors > TileVectors ? "vector" : "";
        using (writer.For(("panel", Panels, 1), ("vector", PanelVectors, TileVectors)))
        using (writer.Block($"for (int tileRow = first; tileRow < end; tileRow += {Number(TileInputs)})"))
        {
            writer.Line(TileInputs == 1 ? "int row = tileRow;" : $"int row = Math.Min(tileRow, end - {Number(TileInputs)});");
            writer.DeclareZeros(Sums().Select(s => $"s{s.Input}_{s.Vector}"));

            writer.Line($"ref float inputs = {Ref("input", Sum(("row", Tier.Lanes)))};");
            writer.Line($"ref float gradients = {Ref("gradient", Sum((panel, panelWidth), (vector, Tier.Lanes)))};");
            using (writer.Block("for (int block = 0; block < blocks; block++)"))
            {
                writer.Line("ref float x = ref inputs;");
                writer.Line("ref float g = ref gradients;");
                using (writer.For("sample", Tier.Lanes))
                {
                    writer.Declare(Enumerable.Range(0, TileVectors).Select(o => $"g{o} = {Load("g", o * Tier.Lanes)}"));

                    for (int i = 0; i < TileInputs; i++)
                    {
                        writer.Line($"Vector x{i} = {Broadcast("x", i * Tier.Lanes)};");
                        int input = i;
                        writer.Statements(Enumerable.Range(0, TileVectors).Select(
                            o => $"s{input}_{o} = Simd.{Tier.MultiplyAdd}(x{input}, g{o}, s{input}_{o});"));
                    }

                    writer.Line("x = ref Unsafe.Add(ref x, 1);");
                    writer.Line($"g = ref Unsafe.Add(ref g, {Number(Width)});");
                }

                writer.Line("inputs = ref Unsafe.Add(ref inputs, keptStride);");
                writer.Line("gradients = ref Unsafe.Add(ref gradients, keptStride);");
            }

            writer.Line(
                $"ref float w = {Ref("weightGradient", Sum((panel, panelWidth * Inputs), ("row", panelWidth), (vector, Tier.Lanes)))};");
            writer.Statements(Sums().Select(s => Store($"s{s.Input}_{s.Vector}", "w", (s.Input * panelWidth) + (s.Vector * Tier.Lanes))));
        }
    }

    private IEnumerable<(int Input, int Vector)> Sums() =>
        from input in Enumerable.Range(0, TileInputs)
        from vector in Enumerable.Range(0, TileVectors)
        select (input, vector);
}
