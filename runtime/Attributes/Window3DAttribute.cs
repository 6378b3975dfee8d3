using System;

namespace Strata;

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
