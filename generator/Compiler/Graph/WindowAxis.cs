using System;

namespace Strata.Compiler.Graph;

/// <summary>
/// One axis of a sliding window: of a convolution's kernel or of a pooling window. <c>AutoPad</c> has been resolved to an amount of padding
/// for each side.
/// </summary>
internal readonly record struct WindowAxis(int Kernel, int Stride, int Dilation, int PadBefore, int PadAfter)
{
    /// <summary>An axis that the window does not slide along.</summary>
    public static readonly WindowAxis One = new(1, 1, 1, 0, 0);

    /// <summary>Rows of the input that one window spans: D(F − 1) + 1.</summary>
    public int Span => (Dilation * (Kernel - 1)) + 1;

    /// <summary>Whether it has no gaps between its elements.</summary>
    public bool IsSolid => Dilation == 1 || Kernel == 1;

    /// <summary>
    /// The largest number of windows that contain one element. Along a dilated window, only some of its elements can meet the same element
    /// of the input: those that are a multiple of the stride apart.
    /// </summary>
    public long MostWindows =>
        Arithmetic.CeilingDivide((long)Kernel, Stride / Arithmetic.GreatestCommonDivisor(Stride, Dilation));

    /// <summary>(N + 2P − F)/S + 1 with floor division. C#'s <c>/</c> truncates instead, which differs for negative numbers.</summary>
    public int OutputExtent(int extent) => FloorDivide(extent + PadBefore + PadAfter - Span, Stride) + 1;

    /// <summary>
    /// The taps that meet the input at some output, as a window of their own, and how many taps before them read only zeros of the padding.
    /// Example: with 3 taps that are 24 pixels apart, over 14 pixels with 24 zeros on each side, only the middle tap meets the input.
    /// </summary>
    /// <param name="extent">The input's extent along the axis.</param>
    public (WindowAxis Window, int Before) Met(int extent)
    {
        int outputs = OutputExtent(extent);
        long lastStart = ((long)(outputs - 1) * Stride) - PadBefore;
        int first = (int)Math.Max(0, -lastStart + Dilation - 1) / Dilation;
        int last = Math.Min(Kernel - 1, (extent - 1 + PadBefore) / Dilation);
        if (outputs < 1 || first > last || last - first + 1 == Kernel)
        {
            return (this, 0);
        }

        return (new WindowAxis(
            last - first + 1, Stride, first == last ? 1 : Dilation, PadBefore - (first * Dilation),
            PadAfter - ((Kernel - 1 - last) * Dilation)), first);
    }

    public static int FloorDivide(int dividend, int divisor)
    {
        int quotient = dividend / divisor;
        return dividend % divisor < 0 ? quotient - 1 : quotient;
    }
}

/// <summary>A window that slides along the axes of its input: one, two or three.</summary>
internal readonly record struct WindowAxes(WindowAxis Depth, WindowAxis Vertical, WindowAxis Horizontal)
{
    /// <summary>How many elements the window has in one channel.</summary>
    public int Area => checked(Depth.Kernel * Vertical.Kernel * Horizontal.Kernel);

    /// <summary>Whether the window is a single element of the input, without padding.</summary>
    public bool IsOneElement
    {
        get
        {
            static bool IsOne(WindowAxis axis) => axis is { Kernel: 1, PadBefore: 0, PadAfter: 0 };
            return IsOne(Depth) && IsOne(Vertical) && IsOne(Horizontal);
        }
    }

    /// <summary>The taps that meet the input at some output: see <see cref="WindowAxis.Met"/>.</summary>
    public MetTaps MetBy(Shape input)
    {
        (WindowAxis depth, int planes) = Depth.Met(input.Depth);
        (WindowAxis vertical, int rows) = Vertical.Met(input.Height);
        (WindowAxis horizontal, int columns) = Horizontal.Met(input.Width);
        return new MetTaps(new WindowAxes(depth, vertical, horizontal), planes, rows, columns);
    }

    /// <summary>Whether the stride is 1 along all axes.</summary>
    public bool IsDense => this is { Depth.Stride: 1, Vertical.Stride: 1, Horizontal.Stride: 1 };
}

/// <summary>The taps of a window that do not read zeros only, and how many taps of each axis come before them.</summary>
internal readonly record struct MetTaps(WindowAxes Window, int Planes, int Rows, int Columns);
