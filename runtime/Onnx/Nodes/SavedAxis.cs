namespace Strata.Onnx.Nodes;

/// <summary>One axis of a window, with the extents of what it slides over and of the result.</summary>
/// <param name="Input">The input's extent.</param>
/// <param name="Output">The output's extent.</param>
/// <param name="Window">The window.</param>
internal readonly record struct SavedAxis(int Input, int Output, WindowInfo Window)
{
    public int Kernel => Window.Kernel;

    public int Stride => Window.Stride;

    public int Dilation => Window.Dilation;

    public int Before => Window.PaddingBefore;

    public int After => Window.PaddingAfter;

    public int OutputPadding => Window.OutputPadding;

    /// <summary>How many elements of the last window are behind the padded input; 0 if there are none.</summary>
    public int Overhang => int.Max(0, ((Output - 1) * Stride) + Window.Span - Input - Before - After);

    /// <summary>The extent of the output by the formula of ceil mode, in which a window may begin in the padding at the end.</summary>
    public int CeilingOutput => ((Input + Before + After - Window.Span + Stride - 1) / Stride) + 1;

    /// <summary>The same with another padding.</summary>
    public SavedAxis Padded(int before, int after) =>
        this with { Window = Window with { PaddingBefore = before, PaddingAfter = after } };
}
