using System;

namespace Strata;

/// <summary>
/// The base class of layers that slide a window over their input: over length, or height and width, or depth, height and width.
/// </summary>
/// <remarks>
/// <para>
/// The output extent along an axis is ⌊(N + P − F)/S⌋ + 1, where N is the input's extent, P the padding of both sides together,
/// F the window's extent and S the stride.
/// </para>
/// <para>The more specific argument wins: <see cref="PaddingLeft"/> overrides <see cref="Padding"/>.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public abstract class WindowAttribute : LayerAttribute
{
    private protected WindowAttribute(int kernel) => Kernel = kernel;

    /// <summary>Extent of the window along each axis, at least 1.</summary>
    public int Kernel { get; }

    /// <summary>
    /// Step from one window to the next, at least 1. The default is 1 for convolutions, and the kernel for pooling.
    /// </summary>
    public int Stride { get; set; }

    /// <summary>Padding on each side of each axis, at least 0; 0 by default.</summary>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Layer</term><description>Its padding</description></listheader>
    /// <item><term>convolution</term><description>as its <c>PaddingMode</c> says; zeros by default</description></item>
    /// <item><term>transposed convolution</term><description>is cut off from the output</description></item>
    /// <item><term>average and L2 pooling</term><description>zeros</description></item>
    /// <item><term>max pooling</term><description>−∞</description></item>
    /// <item><term>log-sum-exp pooling</term><description>is left out of each window</description></item>
    /// </list>
    /// </remarks>
    public int Padding { get; set; }

    /// <summary>
    /// Elements added at the beginning of a sequence or of each row, at least 0; <see cref="Padding"/> by default.
    /// </summary>
    public int PaddingLeft { get; set; }

    /// <summary>Elements added at the end of a sequence or of each row, at least 0; <see cref="Padding"/> by default.</summary>
    public int PaddingRight { get; set; }

    /// <summary>Padding by a rule instead of a number. It excludes all other padding arguments.</summary>
    public AutoPad AutoPad { get; set; }
}

/// <summary>The base class of layers that slide a window over height and width.</summary>
/// <remarks>
/// The more specific argument wins: <see cref="PaddingTop"/> overrides <see cref="PaddingHeight"/>, which overrides
/// <see cref="WindowAttribute.Padding"/>.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public abstract class Window2DAttribute : WindowAttribute
{
    private protected Window2DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <summary>Rows of the window, at least 1; <see cref="WindowAttribute.Kernel"/> by default.</summary>
    public int KernelHeight { get; set; }

    /// <summary>Columns of the window, at least 1; <see cref="WindowAttribute.Kernel"/> by default.</summary>
    public int KernelWidth { get; set; }

    /// <summary>
    /// Vertical step from one window to the next, at least 1; <see cref="WindowAttribute.Stride"/> by default.
    /// </summary>
    public int StrideHeight { get; set; }

    /// <summary>
    /// Horizontal step from one window to the next, at least 1; <see cref="WindowAttribute.Stride"/> by default.
    /// </summary>
    public int StrideWidth { get; set; }

    /// <summary>Rows added above, and as many below; at least 0. Overrides <c>Padding</c>.</summary>
    public int PaddingHeight { get; set; }

    /// <summary>Columns added on the left, and as many on the right; at least 0. Overrides <c>Padding</c>.</summary>
    public int PaddingWidth { get; set; }

    /// <summary>Rows added above, at least 0. Overrides <c>PaddingHeight</c>.</summary>
    public int PaddingTop { get; set; }

    /// <summary>Rows added below, at least 0. Overrides <c>PaddingHeight</c>.</summary>
    public int PaddingBottom { get; set; }
}

/// <summary>The base class of layers that slide a window over depth, height and width.</summary>
/// <remarks>
/// The more specific argument wins: <see cref="PaddingFront"/> overrides <see cref="PaddingDepth"/>, which overrides
/// <see cref="WindowAttribute.Padding"/>.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public abstract class Window3DAttribute : Window2DAttribute
{
    private protected Window3DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <summary>Planes of the window, at least 1; <see cref="WindowAttribute.Kernel"/> by default.</summary>
    public int KernelDepth { get; set; }

    /// <summary>
    /// Step from one window to the next along the depth, at least 1; <see cref="WindowAttribute.Stride"/> by default.
    /// </summary>
    public int StrideDepth { get; set; }

    /// <summary>Planes added in front, and as many behind; at least 0. Overrides <c>Padding</c>.</summary>
    public int PaddingDepth { get; set; }

    /// <summary>Planes added in front, at least 0. Overrides <c>PaddingDepth</c>.</summary>
    public int PaddingFront { get; set; }

    /// <summary>Planes added behind, at least 0. Overrides <c>PaddingDepth</c>.</summary>
    public int PaddingBack { get; set; }
}
