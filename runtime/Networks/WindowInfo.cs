using System.ComponentModel;

namespace Strata;

/// <summary>
/// One axis along which a layer's window slides: (N + before + after − d·(F − 1) − 1)/S + 1 windows for an input of N elements. What
/// <see cref="AutoPad"/> stands for has become numbers.
/// </summary>
/// <param name="Kernel">The window's extent F, in elements; 1 for layers that only pad or crop.</param>
/// <param name="Stride">The distance S from one window to the next. For a transposed convolution, of two elements in the output.</param>
/// <param name="Dilation">The distance D of two elements of a window.</param>
/// <param name="PaddingBefore">How many elements are added before the input; below 0 where a layer crops.</param>
/// <param name="PaddingAfter">How many elements are added behind the input; below 0 where a layer crops.</param>
/// <param name="OutputPadding">How many elements a transposed convolution adds at the end of its output.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct WindowInfo(
    int Kernel, int Stride = 1, int Dilation = 1, int PaddingBefore = 0, int PaddingAfter = 0, int OutputPadding = 0)
{
    /// <summary>How many elements of the input a window spans: d·(F − 1) + 1.</summary>
    public int Span => (Dilation * (Kernel - 1)) + 1;

    /// <summary>The description as text, the same in every culture.</summary>
    public override string ToString() => InvariantText.Format(nameof(WindowInfo), PrintMembers);
}
