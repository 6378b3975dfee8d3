using System.Globalization;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>Extents of one sample: features, channels × length, channels × height × width, or channels × depth × height × width.</summary>
internal readonly record struct Extents(int Rank, int Channels, int Depth, int Height, int Width)
{
    public int Length => Channels * Positions;

    /// <summary>Elements of a channel.</summary>
    public int Positions => Depth * Height * Width;

    public static Extents Vector(int features) => new(1, features, 1, 1, 1);

    public static Extents Sequence(int channels, int length) => new(2, channels, 1, 1, length);

    public static Extents Image(int channels, int height, int width) => new(3, channels, 1, height, width);

    public static Extents Volume(int channels, int depth, int height, int width) => new(4, channels, depth, height, width);

    public int[] ToArray() => Rank switch
    {
        1 => [Channels],
        2 => [Channels, Width],
        3 => [Channels, Height, Width],
        _ => [Channels, Depth, Height, Width],
    };

    public int At(int channel, int plane, int row, int column) => (((((channel * Depth) + plane) * Height) + row) * Width) + column;

    public bool Holds(int plane, int row, int column) =>
        plane >= 0 && plane < Depth && row >= 0 && row < Height && column >= 0 && column < Width;

    public override string ToString() => string.Join("x", ToArray().Select(e => e.ToString(CultureInfo.InvariantCulture)));
}
