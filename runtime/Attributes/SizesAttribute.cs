using System;

namespace Strata;

/// <summary>
/// Declares further sizes of the network's input, which are compiled at build time: <c>net.At(48, 160)</c> is the network at one of them,
/// with the same parameters.
/// </summary>
/// <remarks>
/// <para>
/// The sizes are all products of the extents that are listed, and the size of <c>[Input]</c>. An axis that is not named keeps the extent
/// of <c>[Input]</c>. There are at most 256 sizes. Shapes are computed for each when the class is built; a size at which a layer does not
/// fit, or a parameter would have another shape, is an error.
/// </para>
/// <para>
/// A range is three numbers: from, to, and the step between. If there are several inputs with axes, they all have the same extents, and
/// change together.
/// </para>
/// <code>
/// [Network, Input(3, 48, 320), Sizes(Width = new[] { 160, 240, 320, 480, 640 })]
/// [Network, Input(3, 224, 224), Sizes(HeightRange = new[] { 160, 320, 32 }, WidthRange = new[] { 160, 320, 32 })]
/// </code>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class SizesAttribute : StructureAttribute
{
    /// <summary>The lengths of a sequence, each at least 1.</summary>
    public int[]? Length { get; set; }

    /// <summary>The numbers of planes of a volume, each at least 1.</summary>
    public int[]? Depth { get; set; }

    /// <summary>The numbers of rows, each at least 1.</summary>
    public int[]? Height { get; set; }

    /// <summary>The numbers of columns, each at least 1.</summary>
    public int[]? Width { get; set; }

    /// <summary>The lengths of a sequence: from, to, step.</summary>
    public int[]? LengthRange { get; set; }

    /// <summary>The numbers of planes of a volume: from, to, step.</summary>
    public int[]? DepthRange { get; set; }

    /// <summary>The numbers of rows: from, to, step.</summary>
    public int[]? HeightRange { get; set; }

    /// <summary>The numbers of columns: from, to, step.</summary>
    public int[]? WidthRange { get; set; }
}
