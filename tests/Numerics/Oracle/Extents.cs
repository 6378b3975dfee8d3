using System.Globalization;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>Extents of one sample: features, channels × length, or channels × height × width.</summary>
internal readonly record struct Extents(int Rank, int Channels, int Height, int Width)
{
    public int Length => Channels * Height * Width;

    public static Extents Vector(int features) => new(1, features, 1, 1);

    public static Extents Sequence(int channels, int length) => new(2, channels, 1, length);

    public static Extents Image(int channels, int height, int width) => new(3, channels, height, width);

    public int[] ToArray() => Rank switch
    {
        1 => [Channels],
        2 => [Channels, Width],
        _ => [Channels, Height, Width],
    };

    public int At(int channel, int row, int column) => (((channel * Height) + row) * Width) + column;

    public override string ToString() => string.Join("x", ToArray().Select(e => e.ToString(CultureInfo.InvariantCulture)));
}
