using System;

namespace Strata;

/// <summary>
/// A layer that slides a window over height and width.
/// </summary>
/// <remarks>
/// What is more specific wins: <see cref="PaddingTop"/> over <see cref="PaddingHeight"/> over <see cref="WindowAttribute.Padding"/>.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class Window2DAttribute : WindowAttribute
{
    private protected Window2DAttribute(int kernel)
        : base(kernel)
    {
    }

    /// <summary>Rows of the window, where they differ from <see cref="WindowAttribute.Kernel"/>; at least 1.</summary>
    public int KernelHeight { get; set; }

    /// <summary>Columns of the window, where they differ from <see cref="WindowAttribute.Kernel"/>; at least 1.</summary>
    public int KernelWidth { get; set; }

    /// <summary>Step from one window to the one below, at least 1.</summary>
    public int StrideHeight { get; set; }

    /// <summary>Step from one window to the one on its right, at least 1.</summary>
    public int StrideWidth { get; set; }

    /// <summary>Rows added above and below, each; at least 0.</summary>
    public int PaddingHeight { get; set; }

    /// <summary>Columns added on the left and on the right, each; at least 0.</summary>
    public int PaddingWidth { get; set; }

    /// <summary>Rows added above, at least 0.</summary>
    public int PaddingTop { get; set; }

    /// <summary>Rows added below, at least 0.</summary>
    public int PaddingBottom { get; set; }
}
