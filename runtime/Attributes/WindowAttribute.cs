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
