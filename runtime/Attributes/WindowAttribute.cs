using System;

namespace Strata;

/// <summary>
/// A layer that slides a window over its input: along length, or height and width, or depth, height and width.
/// </summary>
/// <remarks>
/// <para>Output extent of an axis: ⌊(N + P − F)/S⌋ + 1, with N the input's extent, P the padding of both sides together,
/// F the window's extent, S the stride.</para>
/// <para>What is more specific wins: <see cref="PaddingLeft"/> over <see cref="Padding"/>.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class WindowAttribute : LayerAttribute
{
    private protected WindowAttribute(int kernel) => Kernel = kernel;

    /// <summary>Extent of the window along each axis, at least 1.</summary>
    public int Kernel { get; }

    /// <summary>Step from one window to the next, at least 1. Defaults to 1 for convolutions and to the kernel for pooling.</summary>
    public int Stride { get; set; }

    /// <summary>Zeros on each side of each axis, at least 0. Max pooling pads with −∞.</summary>
    public int Padding { get; set; }

    /// <summary>Elements added at the beginning of a sequence or of each row, at least 0.</summary>
    public int PaddingLeft { get; set; }

    /// <summary>Elements added at the end of a sequence or of each row, at least 0.</summary>
    public int PaddingRight { get; set; }

    /// <summary>Padding by rule instead of by number; excludes every other padding argument.</summary>
    public AutoPad AutoPad { get; set; }
}
