using System;

namespace Strata;

/// <summary>
/// A layer that slides a window over depth, height and width.
/// </summary>
/// <remarks>
/// What is more specific wins: <see cref="PaddingFront"/> over <see cref="PaddingDepth"/> over <see cref="WindowAttribute.Padding"/>.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class Window3DAttribute : Window2DAttribute
{
    private protected Window3DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <summary>Planes of the window, where they differ from <see cref="WindowAttribute.Kernel"/>; at least 1.</summary>
    public int KernelDepth { get; set; }

    /// <summary>Step from one window to the one behind it, at least 1.</summary>
    public int StrideDepth { get; set; }

    /// <summary>Planes added in front and behind, each; at least 0.</summary>
    public int PaddingDepth { get; set; }

    /// <summary>Planes added in front, at least 0.</summary>
    public int PaddingFront { get; set; }

    /// <summary>Planes added behind, at least 0.</summary>
    public int PaddingBack { get; set; }
}
