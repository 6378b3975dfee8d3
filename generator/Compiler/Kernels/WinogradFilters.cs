using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// The transform of the filters. It reads them in blocks of v output channels, as other kernels do, and writes panels of k such blocks for
/// each element: [element][O/(k·v)][I][k][v].
/// </summary>
/// <param name="Outputs">Blocks of output channels.</param>
/// <param name="Inputs">Input channels.</param>
/// <param name="PanelVectors">Blocks of a panel, k.</param>
internal sealed record WinogradFilters(Tier Tier, WinogradForm Form, int Outputs, int Inputs, int PanelVectors) : Kernel(Tier)
{
    /// <summary>How taps are copied to other memory before the transform; null if they are read where they are.</summary>
    public FilterUnshuffle? Unshuffle { get; init; }

    public override string Summary =>
        $"Winograd {Form}: transform of the filters"
        + (Unshuffle is null ? "" : $" for {Unshuffle.StrideRows}×{Unshuffle.StrideColumns} pixels in channels");

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Channels, Outputs);

    protected override void Record(KernelBuilder k)
    {
        Pointer weight = k.Parameter("weight");
        Pointer? unshuffled = Unshuffle is null ? null : k.Parameter("unshuffled");
        Pointer transformed = k.Parameter("transformed");
        int lanes = Tier.Lanes, taps = Form.Vertical.Taps * Form.Horizontal.Taps, panel = Inputs * PanelVectors * lanes;
        using (k.Items(out Index[] outer, ("channel", Outputs, 1)))
        {
            if (unshuffled is not null)
            {
                Pointer[] block = k.PointTo(
                    ("w", weight[Index.Sum((outer[0], Unshuffle!.WeightLength * lanes))]),
                    ("g", unshuffled[Index.Sum((outer[0], Inputs * taps * lanes))]));
                Unshuffle.Record(k, lanes, block[0], block[1]);
            }

            using (k.Loops(out Index[] inner, ("input", Inputs, 1)))
            {
                Reference w = (unshuffled ?? weight)[Index.Sum((outer[0], Inputs * taps * lanes), (inner[0], taps * lanes))];
                Reference u = transformed[(outer[0] / PanelVectors * Number.Named(panel, "panelStride"))
                    + (outer[0] % PanelVectors * lanes) + Index.Sum((inner[0], PanelVectors * lanes))];
                k.Run(new Call(
                    Transform(Tier, Form), new AddressOf(w), new AddressOf(u), Number.Named(Outputs * Inputs * lanes, "elementStride")));
            }
        }
    }

    /// <summary>G·g·Gᵀ of v filters: along their columns, then along their rows.</summary>
    private static DefinedFunction Transform(Tier tier, WinogradForm form)
    {
        KernelBuilder k = tier.Builder();
        Pointer weight = k.Parameter("weight"), u = k.Parameter("transformed");
        IndexVariable elementStride = k.IntParameter("elementStride");
        (WinogradAxis down, WinogradAxis along) = (form.Vertical, form.Horizontal);
        form.RecordElements(
            k, along.Taps,
            column => [.. Enumerable.Range(0, down.Taps).Select(row => weight[((row * along.Taps) + column) * tier.Lanes].Vector)],
            (axis, taps, suffix) => axis.Filter(k, taps, suffix), u, elementStride);
        return new DefinedFunction(
            $"TransformFilter{form.Suffix}", form.Describe("G", "g", "Gᵀ", "a filter g in each lane"),
            k.Nest(ElementType.None))
        {
            IsInlined = false,
        };
    }
}
