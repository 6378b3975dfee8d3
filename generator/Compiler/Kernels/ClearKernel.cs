using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>Zeros.</summary>
internal sealed record ClearKernel(Tier Tier) : Kernel(Tier)
{
    public override string Summary => "Zeros";

    protected override void Record(KernelBuilder k) => k.Run(Intrinsics.Clear(k.Parameter("target"), k.IntParameter("length")));
}

/// <summary>Writes the zeros of a tensor's halo, since the tensor's memory was used for something else before.</summary>
internal sealed record ClearHaloKernel(Tier Tier, int Channels, int Rows, int Columns, Halo Halo, Strides Strides) : Kernel(Tier)
{
    public override string Summary => "Zeros around a tensor, for kernels that read across its edges";

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Channels, Channels);

    protected override void Record(KernelBuilder k)
    {
        Pointer tensor = k.Parameter("tensor");
        int top = (Halo.Top * Strides.Row) + (Halo.Left * Strides.Column);
        int side = Strides.Row - (Columns * Strides.Column);
        int end = top + ((Rows - 1) * Strides.Row) + (Columns * Strides.Column);
        using (k.Items(out Index[] channel, ("channel", Channels, 1)))
        {
            Pointer t = k.PointTo("t", tensor[Index.Sum((channel[0], Strides.Channel))]);
            Clear(k, t, 0, top);
            if (side > 0 && Rows > 1)
            {
                using (k.For("row", 1, Rows, 1, out IndexVariable row))
                {
                    Index first = Number.Named(top + (Columns * Strides.Column) - Strides.Row, "sideOffset");
                    Clear(k, k.PointTo("side", t[Index.Sum((row, Strides.Row)) + first]), 0, side);
                }
            }

            Clear(k, t, end, Strides.Channel - end);
        }
    }

    private void Clear(KernelBuilder k, Pointer pointer, int offset, int count)
    {
        const int StoreLimit = 8;
        if (count <= 0)
        {
            return;
        }

        if (count % Tier.Lanes == 0 && count / Tier.Lanes <= StoreLimit)
        {
            for (int i = 0; i < count; i += Tier.Lanes)
            {
                k.Store(pointer[Number.Offset(offset, pointer.Name + "Offset") + i], 0);
            }
        }
        else
        {
            k.Run(Intrinsics.Clear(pointer[Number.Named(offset, pointer.Name + "Offset")], Number.Named(count, pointer.Name + "Length")));
        }
    }
}
