namespace Strata.Generator.Graph;

/// <summary>
/// One axis of a sliding window: of a convolution's kernel or of a pooling window.
/// Padding has been resolved from <c>AutoPad</c>, to a number for each side.
/// </summary>
internal readonly record struct WindowAxis(int Kernel, int Stride, int Dilation, int PadBefore, int PadAfter)
{
    /// <summary>An axis that the window does not slide along.</summary>
    public static readonly WindowAxis One = new(1, 1, 1, 0, 0);

    /// <summary>Rows of the input that one window spans: D(F − 1) + 1.</summary>
    public int Span => (Dilation * (Kernel - 1)) + 1;

    /// <summary>The most windows that an element is in.</summary>
    public long MostWindows => Arithmetic.CeilingDivide((long)Kernel, Stride);

    /// <summary>(N + 2P − F)/S + 1 with floor division; C#'s <c>/</c> truncates, which differs for negative numbers.</summary>
    public int OutputExtent(int extent) => FloorDivide(extent + PadBefore + PadAfter - Span, Stride) + 1;

    public static int FloorDivide(int dividend, int divisor)
    {
        int quotient = dividend / divisor;
        return dividend % divisor < 0 ? quotient - 1 : quotient;
    }
}

/// <summary>A window that slides along the axes of its input: one, two or three.</summary>
internal readonly record struct WindowAxes(WindowAxis Depth, WindowAxis Vertical, WindowAxis Horizontal)
{
    /// <summary>Elements of the window in a channel.</summary>
    public int Area => checked(Depth.Kernel * Vertical.Kernel * Horizontal.Kernel);

    /// <summary>Whether it is a single element of the input, without padding.</summary>
    public bool IsOneElement
    {
        get
        {
            static bool IsOne(WindowAxis axis) => axis is { Kernel: 1, PadBefore: 0, PadAfter: 0 };
            return IsOne(Depth) && IsOne(Vertical) && IsOne(Horizontal);
        }
    }

    /// <summary>Whether there is a window at each element.</summary>
    public bool IsDense => this is { Depth.Stride: 1, Vertical.Stride: 1, Horizontal.Stride: 1 };
}
