using System;

namespace Strata;

/// <summary>
/// A layer that slides a window over height and width.
/// </summary>
/// <remarks>
/// <para>Output extent of an axis: ⌊(N + P − F)/S⌋ + 1, with N the input's extent, P the padding of both sides together,
/// F the window's extent, S the stride.</para>
/// <para>What is more specific wins: <see cref="PaddingTop"/> over <see cref="PaddingHeight"/> over <see cref="Padding"/>.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class Window2DAttribute : LayerAttribute
{
    private protected Window2DAttribute(int kernel) => Kernel = kernel;

    /// <summary>Rows and columns of the window, at least 1.</summary>
    public int Kernel { get; }

    /// <summary>Rows of the window, where they differ from <see cref="Kernel"/>; at least 1.</summary>
    public int KernelHeight { get; set; }

    /// <summary>Columns of the window, where they differ from <see cref="Kernel"/>; at least 1.</summary>
    public int KernelWidth { get; set; }

    /// <summary>Step from one window to the next, at least 1. Defaults to 1 for convolutions and to the kernel for pooling.</summary>
    public int Stride { get; set; }

    /// <summary>Step from one window to the one below, at least 1.</summary>
    public int StrideHeight { get; set; }

    /// <summary>Step from one window to the one on its right, at least 1.</summary>
    public int StrideWidth { get; set; }

    /// <summary>Zeros on each side of both axes, at least 0. Max pooling pads with −∞.</summary>
    public int Padding { get; set; }

    /// <summary>Rows added above and below, each; at least 0.</summary>
    public int PaddingHeight { get; set; }

    /// <summary>Columns added on the left and on the right, each; at least 0.</summary>
    public int PaddingWidth { get; set; }

    /// <summary>Rows added above, at least 0.</summary>
    public int PaddingTop { get; set; }

    /// <summary>Rows added below, at least 0.</summary>
    public int PaddingBottom { get; set; }

    /// <summary>Columns added on the left, at least 0.</summary>
    public int PaddingLeft { get; set; }

    /// <summary>Columns added on the right, at least 0.</summary>
    public int PaddingRight { get; set; }

    /// <summary>Padding by rule instead of by number; excludes every other padding argument.</summary>
    public AutoPad AutoPad { get; set; }
}
