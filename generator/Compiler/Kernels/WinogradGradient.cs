using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// The transform of the output's gradient dY, for the gradient of the weights. With U = G·g·Gᵀ and V = Bᵀ·d·B, the outputs of a tile are
/// Aᵀ(U ⊙ V)A. So the gradient of g is Gᵀ(Σ (A·dY·Aᵀ) ⊙ V)G, summed over tiles. Tiles must not overlap.
/// </summary>
/// <param name="Channels">Blocks of channels.</param>
/// <param name="Gradient">The distances from one block of channels, row and column of the gradient to the next.</param>
internal sealed record WinogradGradient(Tier Tier, WinogradTiles Tiles, int Channels, Strides Gradient) : Kernel(Tier)
{
    public override string Summary => $"Winograd {Tiles.Form}: transform of the output's gradient";

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Tiles, Channels * Tiles.Rows.Count);

    protected override void Record(KernelBuilder k)
    {
        Pointer gradient = k.Parameter("gradient"), transformed = k.Parameter("transformed");
        var elements = new WinogradElements(Channels, Tiles.Count, Tier.Lanes);
        using (k.Items(out Index[] outer, ("channel", Channels, 1), ("tileRow", Tiles.Rows.Count, 1)))
        {
            Index row = Tiles.Rows.First(k, "row", outer[1]);
            using (k.Loops(out Index[] inner, ("tileColumn", Tiles.Columns.Count, 1)))
            {
                Index column = Tiles.Columns.First(k, "column", inner[0]);
                Reference y = gradient[Index.Sum((outer[0], Gradient.Channel), (row, Gradient.Row), (column, Gradient.Column))];
                Reference target =
                    transformed[Index.Sum((outer[0], elements.Block), (outer[1], Tiles.Columns.Count * elements.Tile),
                        (inner[0], elements.Tile))];
                k.Run(new Call(
                    Transform(Tier, Tiles.Form), new AddressOf(y), Number.Named(Gradient.Row, "rowStride"), new AddressOf(target),
                    Number.Named(elements.Element, "elementStride")));
            }
        }
    }

    /// <summary>A·dY·Aᵀ of a tile: along its columns, then along its rows.</summary>
    private static DefinedFunction Transform(Tier tier, WinogradForm form)
    {
        KernelBuilder k = tier.Builder();
        Pointer y = k.Parameter("y");
        IndexVariable rowStride = k.IntParameter("rowStride");
        Pointer transformed = k.Parameter("elements");
        IndexVariable elementStride = k.IntParameter("elementStride");
        (WinogradAxis down, WinogradAxis along) = (form.Vertical, form.Horizontal);
        Pointer[] rows = [.. Enumerable.Range(0, down.Outputs).Select(row => row == 0 ? y : k.PointTo($"y{row}", y[row * rowStride]))];
        form.RecordElements(
            k, along.Outputs, column => k.Let(rows.Select((row, i) => ($"y{i}{column}", row[column * tier.Lanes].Vector))),
            (axis, gradients, suffix) => axis.Gradient(k, gradients, suffix), transformed, elementStride);
        return new DefinedFunction($"TransformGradient{form.Suffix}", form.Describe("A", "y", "Aᵀ", "a tile y of gradients"),
            k.Nest(ElementType.None))
        {
            IsInlined = false,
        };
    }
}

/// <summary>Transforms the gradients of transformed filters, [element][O/v][I][v], back to those of the filters.</summary>
/// <param name="Outputs">Blocks of output channels.</param>
/// <param name="Inputs">Input channels.</param>
internal sealed record WinogradFilterGradient(Tier Tier, WinogradForm Form, int Outputs, int Inputs) : Kernel(Tier)
{
    public override string Summary => $"Winograd {Form}: gradient of the filters from that of their transform";

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Channels, Outputs);

    protected override void Record(KernelBuilder k)
    {
        Pointer transformed = k.Parameter("transformed"), weightGradient = k.Parameter("weightGradient");
        int lanes = Tier.Lanes, taps = Form.Vertical.Taps * Form.Horizontal.Taps;
        using (k.Items(out Index[] outer, ("channel", Outputs, 1)))
        using (k.Loops(out Index[] inner, ("input", Inputs, 1)))
        {
            k.Run(new Call(
                Transform(Tier, Form), new AddressOf(transformed[Index.Sum((outer[0], Inputs * lanes), (inner[0], lanes))]),
                Number.Named(Outputs * Inputs * lanes, "elementStride"),
                new AddressOf(weightGradient[Index.Sum((outer[0], Inputs * taps * lanes), (inner[0], taps * lanes))])));
        }
    }

    /// <summary>Gᵀ·u·G of v filters: along their columns, then along their rows.</summary>
    private static DefinedFunction Transform(Tier tier, WinogradForm form)
    {
        KernelBuilder k = tier.Builder();
        Pointer u = k.Parameter("u");
        IndexVariable elementStride = k.IntParameter("elementStride");
        Pointer gradient = k.Parameter("gradient");
        (WinogradAxis down, WinogradAxis along) = (form.Vertical, form.Horizontal);
        var vertical = new Expression[down.Taps, along.Elements];
        for (int column = 0; column < along.Elements; column++)
        {
            Pointer at = k.PointTo($"u{column}", u[column * elementStride]);
            var own = new Expression[down.Elements];
            for (int row = 0; row < own.Length; row++)
            {
                own[row] = k.Let($"u{row}{column}", at[0].Vector);
                if (row < own.Length - 1)
                {
                    k.Advance((at, along.Elements * elementStride));
                }
            }

            Variable[] taps = k.Let(down.FilterGradient(k, own, $"{column}").Select((value, row) => ($"a{row}{column}", value)));
            for (int row = 0; row < taps.Length; row++)
            {
                vertical[row, column] = taps[row];
            }
        }

        for (int row = 0; row < down.Taps; row++)
        {
            Expression[] line = [.. Enumerable.Range(0, along.Elements).Select(column => vertical[row, column])];
            foreach ((Expression tap, int column) in along.FilterGradient(k, line, $"Of{row}").Select((tap, column) => (tap, column)))
            {
                k.Store(gradient[((row * along.Taps) + column) * tier.Lanes], tap);
            }
        }

        return new DefinedFunction($"TransformFilterGradient{form.Suffix}",
            form.Describe("Gᵀ", "u", "G", "the gradient u of a transformed filter in each lane"), k.Nest(ElementType.None))
        {
            IsInlined = false,
        };
    }
}
