namespace Strata.Compiler.Catalogue;

/// <summary>Where the description of a layer or a loss has an argument that is not among its values.</summary>
internal enum DescribedPartKind
{
    /// <summary>The extents of its windows.</summary>
    Kernel,

    /// <summary>The strides of its windows.</summary>
    Stride,

    /// <summary>The dilations of its windows.</summary>
    Dilation,

    /// <summary>The padding of its windows.</summary>
    Padding,

    /// <summary>The padding of its windows, with the other sign.</summary>
    Crop,

    /// <summary>The padding of its output, with its windows.</summary>
    OutputPadding,

    /// <summary>The extents of its output.</summary>
    Extent,

    /// <summary>The names of what it reads.</summary>
    Inputs,

    /// <summary>The initial values of its weight.</summary>
    Initializer,

    /// <summary>The reduction of a loss.</summary>
    Reduction,

    /// <summary>The class that a loss ignores.</summary>
    IgnoredClass,
}

/// <summary>What the description of a layer or a loss has of an argument.</summary>
/// <param name="Axis">The axis that the argument is for, slowest first; null for all axes.</param>
/// <param name="IsAfter">Whether it is for the end of the axis; null for both sides.</param>
internal sealed record DescribedPart(DescribedPartKind Kind, int? Axis = null, bool? IsAfter = null);
