using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>An axis of a weight that is packed in two ways.</summary>
/// <param name="Extent">Its extent.</param>
/// <param name="From">The axis's dimensions in the source, slowest first. If a stride is negative, the dimension runs backwards.</param>
/// <param name="To">Those in the target.</param>
internal readonly record struct RepackedAxis(
    int Extent, EquatableArray<(int Extent, int Stride)> From, EquatableArray<(int Extent, int Stride)> To);

/// <summary>Moves a weight from the order of one layer's kernels to that of another's, or adds a gradient in the same way.</summary>
/// <param name="Axes">The axes in PyTorch's order.</param>
/// <param name="Adds">Whether it adds to what is there.</param>
internal sealed record RepackKernel(Tier Tier, EquatableArray<RepackedAxis> Axes, bool Adds) : Kernel(Tier)
{
    public override string Summary => Adds ? "Adds a gradient to that of a weight in another order" : "Copies a weight to another order";

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Rows, Axes[0].Extent);

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), output = k.Parameter("output");
        using (k.Items(out Index[] first, ("i0", Axes[0].Extent, 1)))
        using (k.Loops(out Index[] others, [.. Axes.Skip(1).Select((axis, i) => ($"i{Arithmetic.Number(i + 1)}", axis.Extent, 1))]))
        {
            Index[] at = [.. first, .. others];
            Index from = at.Select((index, i) => PlaceOf(index, Axes[i].From)).Aggregate((sum, place) => sum + place);
            Index to = at.Select((index, i) => PlaceOf(index, Axes[i].To)).Aggregate((sum, place) => sum + place);
            Expression value = input[from].Value;
            k.Store(output[to], Adds ? output[to].Value + value : value);
        }
    }

    /// <summary>Where an index of an axis is in memory.</summary>
    private static Index PlaceOf(Index index, EquatableArray<(int Extent, int Stride)> dimensions)
    {
        Index place = 0;
        for (int i = 0; i < dimensions.Count; i++)
        {
            (int extent, int stride) = dimensions[i];
            int faster = dimensions.Skip(i + 1).Aggregate(1, (product, dimension) => product * dimension.Extent);
            Index own = i == 0 ? index / faster : index / faster % extent;
            place += stride < 0 ? (Index)((extent - 1) * -stride) - (own * -stride) : own * stride;
        }

        return place;
    }
}
