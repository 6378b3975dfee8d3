using System;

namespace Strata;

/// <summary>
/// One-dimensional transposed convolution, which enlarges its input by the stride: PyTorch's <c>nn.ConvTranspose1d</c>, Keras'
/// <c>Conv1DTranspose</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×L → filters×L′ with L′ = (L − 1)·S − 2P + d·(F − 1) + OutputPadding + 1.</para>
/// <para>
/// Formula: y[o, S·i + d·m − P] is b[o] plus the sum of all w[c, o, m] · x[c, i] that fall on this element. With
/// <see cref="Groups"/> = G, the sum runs over the C/G input channels of output channel o's group.
/// </para>
/// <para>
/// Padding is cut off from each side of the output. <see cref="AutoPad.Same"/> cuts off enough to leave S times the extent of
/// the input. Parameters: <c>weight</c> (C, filters/G, F), <c>bias</c> (filters). See Dumoulin and Visin (2016).
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ConvTranspose1DAttribute : WindowAttribute
{
    /// <summary>A transposed convolution of <paramref name="filters"/> filters.</summary>
    /// <param name="filters">Number of output channels; at least 1.</param>
    /// <param name="kernel">Length of a filter, at least 1.</param>
    public ConvTranspose1DAttribute(int filters, int kernel)
        : base(kernel) => (Filters, Stride) = (filters, 1);

    /// <summary>Number of output channels.</summary>
    public int Filters { get; }

    /// <summary>
    /// Elements added at the end of each axis of the output; 0 by default. Less than the larger of stride and dilation.
    /// </summary>
    public int OutputPadding { get; set; }

    /// <summary>Distance between the elements that a filter writes; at least 1 (the default).</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>
    /// Number of groups into which input and output channels are split; at least 1 (the default). It must divide both numbers
    /// of channels.
    /// </summary>
    public int Groups { get; set; } = 1;

    /// <summary>Whether a bias is added to each output channel; true by default.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>How weights are initialized; as in PyTorch by default.</summary>
    public Initializer Initializer { get; set; }

    /// <summary>
    /// Name of a convolution above it whose weight this layer uses in the opposite direction, as the decoder of a tied autoencoder does:
    /// <c>F.conv_transpose1d(h, conv.weight)</c>. Files have the weight once, under that layer's name, and its gradient is the sum of both
    /// uses. The bias is the layer's own. Both layers keep the weight in 32 bits. Only a frozen
    /// layer's weight can be used by a frozen one.
    /// </summary>
    public string? Tied { get; set; }
}

/// <summary>
/// Two-dimensional transposed convolution, which enlarges its input by the stride: PyTorch's <c>nn.ConvTranspose2d</c>, Keras'
/// <c>Conv2DTranspose</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×H×W → filters×H′×W′ with H′ = (H − 1)·S − 2P + d·(F − 1) + OutputPadding + 1, and W′ likewise.</para>
/// <para>
/// Formula: y[o, S·i + d·m − P, S·j + d·n − P] is b[o] plus the sum of all w[c, o, m, n] · x[c, i, j] that fall on this element.
/// With <see cref="Groups"/> = G, the sum runs over the C/G input channels of output channel o's group.
/// </para>
/// <para>
/// Padding is cut off from each side of the output. <see cref="AutoPad.Same"/> cuts off enough to leave S times the extent of
/// the input. Parameters: <c>weight</c> (C, filters/G, F, F), <c>bias</c> (filters). See Dumoulin and Visin (2016).
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ConvTranspose2DAttribute : Window2DAttribute
{
    /// <summary>A transposed convolution of <paramref name="filters"/> filters.</summary>
    /// <param name="filters">Number of output channels; at least 1.</param>
    /// <param name="kernel">Rows and columns of a filter, at least 1.</param>
    public ConvTranspose2DAttribute(int filters, int kernel)
        : base(kernel) => (Filters, Stride) = (filters, 1);

    /// <summary>Number of output channels.</summary>
    public int Filters { get; }

    /// <summary>
    /// Elements added at the end of each axis of the output; 0 by default. Less than the larger of stride and dilation.
    /// </summary>
    public int OutputPadding { get; set; }

    /// <summary>Rows added at the end of the output, at least 0; <see cref="OutputPadding"/> by default.</summary>
    public int OutputPaddingHeight { get; set; }

    /// <summary>Columns added at the end of the output, at least 0; <see cref="OutputPadding"/> by default.</summary>
    public int OutputPaddingWidth { get; set; }

    /// <summary>Distance between the elements that a filter writes, along each axis; at least 1 (the default).</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>Distance between the rows that a filter writes, at least 1; <see cref="Dilation"/> by default.</summary>
    public int DilationHeight { get; set; }

    /// <summary>Distance between the columns that a filter writes, at least 1; <see cref="Dilation"/> by default.</summary>
    public int DilationWidth { get; set; }

    /// <summary>
    /// Number of groups into which input and output channels are split; at least 1 (the default). It must divide both numbers
    /// of channels.
    /// </summary>
    public int Groups { get; set; } = 1;

    /// <summary>Whether a bias is added to each output channel; true by default.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>How weights are initialized; as in PyTorch by default.</summary>
    public Initializer Initializer { get; set; }

    /// <summary>
    /// Name of a convolution above it whose weight this layer uses in the opposite direction, as the decoder of a tied autoencoder does:
    /// <c>F.conv_transpose2d(h, conv.weight)</c>. Files have the weight once, under that layer's name, and its gradient is the sum of both
    /// uses. The bias is the layer's own. Both layers keep the weight in 32 bits. Only a frozen
    /// layer's weight can be used by a frozen one.
    /// </summary>
    public string? Tied { get; set; }
}

/// <summary>
/// Three-dimensional transposed convolution, which enlarges its input by the stride: PyTorch's <c>nn.ConvTranspose3d</c>,
/// Keras' <c>Conv3DTranspose</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: C×D×H×W → filters×D′×H′×W′ with H′ = (H − 1)·S − 2P + d·(F − 1) + OutputPadding + 1, and D′ and W′
/// likewise.
/// </para>
/// <para>
/// Formula: y[o, S·k + d·l − P, S·i + d·m − P, S·j + d·n − P] is b[o] plus the sum of all w[c, o, l, m, n] · x[c, k, i, j] that
/// fall on this element. With <see cref="Groups"/> = G, the sum runs over the C/G input channels of output channel o's group.
/// </para>
/// <para>
/// Padding is cut off from each side of the output. <see cref="AutoPad.Same"/> cuts off enough to leave S times the extent of
/// the input. Parameters: <c>weight</c> (C, filters/G, F, F, F), <c>bias</c> (filters). See Dumoulin and Visin (2016).
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ConvTranspose3DAttribute : Window3DAttribute
{
    /// <summary>A transposed convolution of <paramref name="filters"/> filters.</summary>
    /// <param name="filters">Number of output channels; at least 1.</param>
    /// <param name="kernel">Planes, rows and columns of a filter, at least 1.</param>
    public ConvTranspose3DAttribute(int filters, int kernel)
        : base(kernel) => (Filters, Stride) = (filters, 1);

    /// <summary>Number of output channels.</summary>
    public int Filters { get; }

    /// <summary>
    /// Elements added at the end of each axis of the output; 0 by default. Less than the larger of stride and dilation.
    /// </summary>
    public int OutputPadding { get; set; }

    /// <summary>Planes added at the end of the output, at least 0; <see cref="OutputPadding"/> by default.</summary>
    public int OutputPaddingDepth { get; set; }

    /// <summary>Rows added at the end of the output, at least 0; <see cref="OutputPadding"/> by default.</summary>
    public int OutputPaddingHeight { get; set; }

    /// <summary>Columns added at the end of the output, at least 0; <see cref="OutputPadding"/> by default.</summary>
    public int OutputPaddingWidth { get; set; }

    /// <summary>Distance between the elements that a filter writes, along each axis; at least 1 (the default).</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>Distance between the planes that a filter writes, at least 1; <see cref="Dilation"/> by default.</summary>
    public int DilationDepth { get; set; }

    /// <summary>Distance between the rows that a filter writes, at least 1; <see cref="Dilation"/> by default.</summary>
    public int DilationHeight { get; set; }

    /// <summary>Distance between the columns that a filter writes, at least 1; <see cref="Dilation"/> by default.</summary>
    public int DilationWidth { get; set; }

    /// <summary>
    /// Number of groups into which input and output channels are split; at least 1 (the default). It must divide both numbers
    /// of channels.
    /// </summary>
    public int Groups { get; set; } = 1;

    /// <summary>Whether a bias is added to each output channel; true by default.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>How weights are initialized; as in PyTorch by default.</summary>
    public Initializer Initializer { get; set; }

    /// <summary>
    /// Name of a convolution above it whose weight this layer uses in the opposite direction, as the decoder of a tied autoencoder does:
    /// <c>F.conv_transpose3d(h, conv.weight)</c>. Files have the weight once, under that layer's name, and its gradient is the sum of both
    /// uses. The bias is the layer's own. Both layers keep the weight in 32 bits. Only a frozen
    /// layer's weight can be used by a frozen one.
    /// </summary>
    public string? Tied { get; set; }
}
