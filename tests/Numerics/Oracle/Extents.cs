using System.Globalization;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>
/// Extents of one sample: features, channels × length, channels × height × width, or channels × depth × height × width. Of five and six
/// axes, the last are the columns together: the fifth and the sixth stand beside them.
/// </summary>
internal readonly record struct Extents(int Rank, int Channels, int Depth, int Height, int Width, int Fifth = 1, int Sixth = 1)
{
    public int Length => Channels * Positions;

    /// <summary>Elements of a channel.</summary>
    public int Positions => Depth * Height * Width;

    public static Extents Vector(int features) => new(1, features, 1, 1, 1);

    public static Extents Sequence(int channels, int length) => new(2, channels, 1, 1, length);

    public static Extents Image(int channels, int height, int width) => new(3, channels, 1, height, width);

    public static Extents Volume(int channels, int depth, int height, int width) => new(4, channels, depth, height, width);

    /// <summary>Any number of extents, from 1 to 6.</summary>
    public static Extents Of(params int[] all) => all switch
    {
        [int features] => Vector(features),
        [int channels, int length] => Sequence(channels, length),
        [int channels, int height, int width] => Image(channels, height, width),
        [int channels, int depth, int height, int width] => Volume(channels, depth, height, width),
        _ => new(all.Length, all[0], all[1], all[2], all[3..].Aggregate((a, b) => a * b), all[4], all.Length == 6 ? all[5] : 1),
    };

    public int[] ToArray() => Rank switch
    {
        1 => [Channels],
        2 => [Channels, Width],
        3 => [Channels, Height, Width],
        4 => [Channels, Depth, Height, Width],
        5 => [Channels, Depth, Height, Width / Fifth, Fifth],
        _ => [Channels, Depth, Height, Width / (Fifth * Sixth), Fifth, Sixth],
    };

    public int At(int channel, int plane, int row, int column) => (((((channel * Depth) + plane) * Height) + row) * Width) + column;

    public bool Holds(int plane, int row, int column) =>
        plane >= 0 && plane < Depth && row >= 0 && row < Height && column >= 0 && column < Width;

    public override string ToString() => string.Join("x", ToArray().Select(e => e.ToString(CultureInfo.InvariantCulture)));
}
