using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Max pooling of an image in which a vector holds one pixel. First the maximum of a window's rows is computed for each column, then the
/// maximum of neighbouring columns. Overlapping windows share the maxima of columns, so that a window of 3 × 3 takes 4 to 6 comparisons
/// instead of 9.
/// </summary>
/// <remarks>
/// Padding must never be the maximum. A row outside the image is replaced by the nearest row inside, which is in the window anyway; columns
/// outside are −∞.
/// </remarks>
/// <param name="Units">Channels, or blocks of them.</param>
internal sealed record MaximumPooling(Tier Tier, PoolingWindow Window, int Units, Strides Input, Strides Output,
    Activation? Activation) : Kernel(Tier)
{
    /// <summary>The most rows or columns of a window. They are written out without a loop.</summary>
    private const int Longest = 8;

    public override string Summary => "Max pooling, rows of windows before columns";

    /// <summary>Floats of a row of maxima, with the padding at its sides.</summary>
    public int RowLength => PaddedWidth * Tier.Lanes;

    private int PaddedWidth => System.Math.Max(
        Window.Horizontal.PadBefore + Window.Input.Width,
        ((Window.Output.Width - 1) * Window.Horizontal.Stride) + Window.Horizontal.Kernel);

    public static bool Takes(PoolingWindow window) =>
        window is { Kind: PoolingKind.Max, HasPlanes: false, IsSolid: true, Vertical.Kernel: <= Longest, Horizontal.Kernel: <= Longest };

    public override Work WorkOf(IReadOnlyList<int> extents) => new(WorkAxis.Channels, Units);

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), output = k.Parameter("output"), maxima = k.Parameter("maxima");
        (WindowAxis vertical, WindowAxis horizontal) = (Window.Vertical, Window.Horizontal);
        int lanes = Tier.Lanes, left = horizontal.PadBefore, right = left + Window.Input.Width;
        foreach ((string name, int first, int end) in new[] { ("before", 0, left), ("behind", right, PaddedWidth) }
            .Where(side => side.Item2 < side.Item3))
        {
            using (k.For(name, first, Number.Named(end, name + "End"), 1, out IndexVariable column))
            {
                k.Store(maxima[column * lanes], new Constant(float.NegativeInfinity));
            }
        }

        Number last = Number.Named(Window.Input.Height - 1, "lastRow");
        bool clips = vertical.PadBefore > 0 || ((Window.Output.Height - 1) * vertical.Stride) + vertical.Kernel > Window.Input.Height;
        using (k.Items("channel", 1, out IndexVariable channel))
        using (k.For("row", Window.Output.Height, out IndexVariable row))
        {
            Index top = k.LetInt("top", (row * vertical.Stride) - vertical.PadBefore);
            Pointer[] rows = k.PointTo([.. Enumerable.Range(0, vertical.Kernel).Select(i => (
                $"x{i}",
                input[Index.Sum((channel, Input.Channel))
                    + ((clips ? Index.Clamp(top + i, 0, last) : top + i) * Number.Named(Input.Row, "rowStride"))]))]);
            using (k.For("x", Window.Input.Width, out IndexVariable x))
            {
                k.Store(maxima[(x + left) * lanes], PooledPairs.MaximumOf([.. rows.Select(pixels => pixels[x * Input.Column].Vector)]));
            }

            using (k.For("column", Window.Output.Width, out IndexVariable column))
            {
                Pointer window = k.PointTo("window", maxima[column * (horizontal.Stride * lanes)]);
                Expression[] pixels = [.. Enumerable.Range(0, horizontal.Kernel).Select(i => window[i * lanes].Vector)];
                k.Store(
                    output[Index.Sum((channel, Output.Channel), (row, Output.Row), (column, Output.Column))],
                    Activation.Apply(PooledPairs.MaximumOf(pixels)));
            }
        }
    }
}
