using System;

namespace Strata;

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
