namespace Strata.Numerics.Tests.Oracle;

/// <summary>
/// A convolution whose windows slide by S × S′ as one whose windows slide by 1: channel (c, i, j) of a pixel (row, column) is the input,
/// with the zeros around it, at (row·S + i, column·S′ + j) of channel c, and a filter's taps are sorted in the same way. Taps that a filter
/// has not are 0.
/// </summary>
internal sealed class Unshuffled(Extents input, Extents output, Axis rows, Axis columns)
{
    /// <summary>Extents of the input of all windows.</summary>
    public Extents Pixels => Extents.Image(
        input.Channels * rows.Stride * columns.Stride, output.Height + Slid(rows).Kernel - 1, output.Width + Slid(columns).Kernel - 1);

    /// <summary>The axis of windows that slide by 1.</summary>
    public static Axis Slid(Axis axis) => new((axis.Kernel + axis.Stride - 1) / axis.Stride);

    public Numbers Input(Numbers x)
    {
        Extents pixels = Pixels;
        var unshuffled = new Numbers(pixels.Length);
        for (int channel = 0; channel < pixels.Channels; channel++)
        {
            (int c, int i, int j) = Parts(channel);
            for (int row = 0; row < pixels.Height; row++)
            {
                for (int column = 0; column < pixels.Width; column++)
                {
                    (int y, int z) = ((row * rows.Stride) + i - rows.Before, (column * columns.Stride) + j - columns.Before);
                    if (input.Holds(0, y, z))
                    {
                        unshuffled.Value[pixels.At(channel, 0, row, column)] = x.Value[input.At(c, 0, y, z)];
                    }
                }
            }
        }

        return unshuffled;
    }

    public Numbers Filters(Numbers weight)
    {
        (int channels, int down, int along) = (Pixels.Channels, Slid(rows).Kernel, Slid(columns).Kernel);
        var sorted = new Numbers(output.Channels * channels * down * along);
        for (int tap = 0; tap < sorted.Length; tap++)
        {
            (int filter, int b, int a) = (tap / along / down, tap % along, tap / along % down);
            (int c, int i, int j) = Parts(filter % channels);
            (int row, int column) = ((a * rows.Stride) + i, (b * columns.Stride) + j);
            if (row < rows.Kernel && column < columns.Kernel)
            {
                sorted.Value[tap] =
                    weight.Value[(((((filter / channels * input.Channels) + c) * rows.Kernel) + row) * columns.Kernel) + column];
            }
        }

        return sorted;
    }

    private (int Channel, int Row, int Column) Parts(int channel) =>
        (channel / columns.Stride / rows.Stride, channel / columns.Stride % rows.Stride, channel % columns.Stride);
}
