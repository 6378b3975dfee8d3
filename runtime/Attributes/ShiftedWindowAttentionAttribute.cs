using System;

namespace Strata;

/// <summary>
/// Multi-head self-attention within windows of an image (Liu et al. 2021, section 3.2): torchvision's <c>ShiftedWindowAttention</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: C×H×W → C×H×W. The tokens are the pixels of a window of window×window pixels. Each of the heads has C/heads channels, so the
/// number of heads must divide C. If the window does not divide the height or the width, zeros are added below and on the right, and the
/// result there is removed.
/// </para>
/// <para>
/// Formula: q, k, v = W·x + b; for each window and head, softmax(qᵀk/√d + B) along the pixels of k weights those of v, with d = C/heads;
/// then y = Wₒ·(all heads) + bₒ. B is learned: a number for each head and each of (2·window − 1)² distances of two pixels, drawn from
/// N(0, 0.02²). With <see cref="Shift"/>, windows begin as many rows and columns later, and the last ones hold pixels of both ends of the
/// image. For pairs of opposite ends, B is smaller by 100.
/// </para>
/// <para>
/// The parameters have torchvision's keys: <c>qkv.weight</c> (3·C, C), <c>qkv.bias</c> (3·C), <c>relative_position_bias_table</c>
/// ((2·window − 1)², heads), <c>proj.weight</c> (C, C), <c>proj.bias</c> (C). A file's <c>relative_position_index</c> is not read: it
/// follows from the window.
/// </para>
/// </remarks>
/// <example>
/// The first half of a Swin transformer's block:
/// <code>
/// [Branch, Branch, LayerNorm(OverChannels = true), ShiftedWindowAttention(3, 7, Shift = 3), Add]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ShiftedWindowAttentionAttribute : LayerAttribute
{
    /// <summary>Attention within windows.</summary>
    /// <param name="heads">The number of heads, at least 1. It must divide the channels.</param>
    /// <param name="window">The height and the width of a window in pixels, from 1 to 32.</param>
    public ShiftedWindowAttentionAttribute(int heads, int window) => (Heads, Window) = (heads, window);

    /// <summary>The number of heads.</summary>
    public int Heads { get; }

    /// <summary>The height and the width of a window in pixels.</summary>
    public int Window { get; }

    /// <summary>
    /// How many rows down and columns to the right windows begin; 0 by default. Along an axis with one window, nothing is shifted. From 0
    /// to window − 1.
    /// </summary>
    public int Shift { get; set; }

    /// <summary>Whether biases are added to q, k, v and the result; true by default.</summary>
    public bool Bias { get; set; } = true;
}
