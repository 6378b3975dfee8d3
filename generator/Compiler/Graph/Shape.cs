using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata.Compiler.Graph;

/// <summary>
/// The extents of one sample of a tensor, without the batch: features (rank 1), channels × length (rank 2), channels × height ×
/// width (rank 3) or channels × depth × height × width (rank 4). Missing extents are 1, so that code that only counts or visits
/// elements can ignore the rank. A tensor of five or six axes is computed as a volume, whose columns are its last axes together.
/// </summary>
/// <param name="Fifth">Of five or six axes, the extent of the fifth; else 1.</param>
/// <param name="Sixth">Of six axes, the extent of the last; else 1.</param>
internal readonly record struct Shape(int Rank, int Channels, int Depth, int Height, int Width, int Fifth = 1, int Sixth = 1)
{
    /// <summary>The rank of a volume. Kernels see no larger rank.</summary>
    public const int VolumeRank = 4;

    /// <summary>The largest rank.</summary>
    public const int MostAxes = 6;

    public static Shape Vector(int features) => new(1, features, 1, 1, 1);

    public static Shape Sequence(int channels, int length) => new(2, channels, 1, 1, length);

    public static Shape Image(int channels, int height, int width) => new(3, channels, 1, height, width);

    public static Shape Volume(int channels, int depth, int height, int width) => new(4, channels, depth, height, width);

    /// <summary>The shape with these channels and 0 to 5 other extents.</summary>
    public static Shape Create(int channels, IReadOnlyList<int> extents) => extents.Count switch
    {
        0 => Vector(channels),
        1 => Sequence(channels, extents[0]),
        2 => Image(channels, extents[0], extents[1]),
        3 => Volume(channels, extents[0], extents[1], extents[2]),
        4 => new(5, channels, extents[0], extents[1], checked(extents[2] * extents[3]), extents[3]),
        _ => new(6, channels, extents[0], extents[1], checked(extents[2] * extents[3] * extents[4]), extents[3], extents[4]),
    };

    /// <summary>The shape with these extents, slowest first.</summary>
    public static Shape Of(IReadOnlyList<int> extents) => Create(extents[0], [.. extents.Skip(1)]);

    /// <summary>Number of elements of one sample.</summary>
    public int Length => checked(Channels * Depth * Height * Width);

    /// <summary>The rows of one channel. In a volume these are the rows of all planes, one plane after the other.</summary>
    public int Rows => checked(Depth * Height);

    /// <summary>The rows of the matrices that are its last two axes.</summary>
    public int MatrixRows => Rank == 2 ? Channels : Height;

    /// <summary>Whether kernels see a volume.</summary>
    public bool IsVolume => Rank >= VolumeRank;

    /// <summary>The extent of a spatial axis: 0 is depth, 1 is height, 2 is width.</summary>
    public int Axis(int axis) => axis switch { 0 => Depth, 1 => Height, _ => Width };

    public int[] Extents => Rank switch
    {
        1 => [Channels],
        2 => [Channels, Width],
        3 => [Channels, Height, Width],
        _ => [Channels, Depth, Height, .. ColumnAxes],
    };

    /// <summary>The extents of the axes that are the columns together. Up to four axes, that is one.</summary>
    public int[] ColumnAxes => Rank switch
    {
        6 => [Width / Fifth / Sixth, Fifth, Sixth],
        5 => [Width / Fifth, Fifth],
        _ => [Width],
    };

    /// <summary>The form in messages and comments: <c>16×5×5</c>.</summary>
    public override string ToString() =>
        string.Join("×", Array.ConvertAll(Extents, e => e.ToString(CultureInfo.InvariantCulture)));
}
