namespace Strata.Onnx.Saving;

/// <summary>One axis of a window, with the padding that <c>AutoPad</c> stands for.</summary>
/// <param name="Input">The input's extent.</param>
/// <param name="Output">The output's extent.</param>
/// <param name="Kernel">The window's extent.</param>
/// <param name="Stride">The step from one window to the next.</param>
/// <param name="Dilation">The distance of the elements of a window.</param>
/// <param name="Before">The padding before the input.</param>
/// <param name="After">The padding behind the input.</param>
/// <param name="OutputPadding">What a transposed convolution adds at the end.</param>
internal readonly record struct LayerAxis(
    int Input, int Output, int Kernel, int Stride, int Dilation, int Before, int After, int OutputPadding)
{
    /// <summary>How many elements of the input a window spans.</summary>
    public int Span => (Dilation * (Kernel - 1)) + 1;

    /// <summary>How many elements of the last window are behind the padded input; 0 if there are none.</summary>
    public int Overhang => int.Max(0, ((Output - 1) * Stride) + Span - Input - Before - After);

    /// <summary>The extent of the output by the formula of ceil mode, in which a window may begin in the padding at the end.</summary>
    public int CeilingOutput => ((Input + Before + After - Span + Stride - 1) / Stride) + 1;
}
