using System;

namespace Strata;

/// <summary>
/// One-dimensional convolution (a cross-correlation, as in all machine learning libraries): PyTorch's <c>nn.Conv1d</c>, Keras'
/// <c>Conv1D</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×L → filters×L′ with L′ = ⌊(L + 2P − d·(F − 1) − 1)/S⌋ + 1: kernel F, stride S, padding P, dilation d.</para>
/// <para>
/// Formula: y[o, i] = b[o] + Σ w[o, c, k] · x[c, S·i + d·k − P], where x outside the input is 0, or follows <see cref="PaddingMode"/>.
/// With <see cref="Groups"/> = G, the sum runs over the C/G input channels of output channel o's group.
/// </para>
/// <para>Parameters: <c>weight</c> (filters, C/G, F), <c>bias</c> (filters).</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class Conv1DAttribute : WindowAttribute
{
    /// <summary>A convolution of <paramref name="filters"/> filters.</summary>
    /// <param name="filters">Number of filters, which is the number of output channels; at least 1.</param>
    /// <param name="kernel">Length of a filter, at least 1.</param>
    public Conv1DAttribute(int filters, int kernel)
        : base(kernel) => (Filters, Stride) = (filters, 1);

    /// <summary>Number of output channels.</summary>
    public int Filters { get; }

    /// <summary>Distance between the elements that a filter reads; at least 1 (the default).</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>
    /// Number of groups into which input and output channels are split; at least 1 (the default). It must divide both numbers
    /// of channels. With as many groups as input channels, the convolution is depthwise.
    /// </summary>
    public int Groups { get; set; } = 1;

    /// <summary>How padding is filled; with zeros by default.</summary>
    public PaddingMode PaddingMode { get; set; }

    /// <summary>Whether a bias is added to each output channel; true by default.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>How weights are initialized; as in PyTorch by default.</summary>
    public Initializer Initializer { get; set; }
}

/// <summary>
/// Two-dimensional convolution (a cross-correlation, as in all machine learning libraries): PyTorch's <c>nn.Conv2d</c>, Keras'
/// <c>Conv2D</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: C×H×W → filters×H′×W′ with H′ = ⌊(H + 2P − d·(F − 1) − 1)/S⌋ + 1, and W′ likewise: kernel F, stride S, padding P,
/// dilation d.
/// </para>
/// <para>
/// Formula: y[o, i, j] = b[o] + Σ w[o, c, m, n] · x[c, S·i + d·m − P, S·j + d·n − P]. Outside the input, x is 0, or follows
/// <see cref="PaddingMode"/>. With <see cref="Groups"/> = G, the sum runs over the C/G input channels of output channel o's group.
/// </para>
/// <para>Parameters: <c>weight</c> (filters, C/G, F, F), <c>bias</c> (filters).</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class Conv2DAttribute : Window2DAttribute
{
    /// <summary>A convolution of <paramref name="filters"/> filters.</summary>
    /// <param name="filters">Number of filters, which is the number of output channels; at least 1.</param>
    /// <param name="kernel">Rows and columns of a filter, at least 1.</param>
    public Conv2DAttribute(int filters, int kernel)
        : base(kernel) => (Filters, Stride) = (filters, 1);

    /// <summary>Number of output channels.</summary>
    public int Filters { get; }

    /// <summary>Distance between the rows and between the columns that a filter reads; at least 1 (the default).</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>Distance between the rows that a filter reads, at least 1; <see cref="Dilation"/> by default.</summary>
    public int DilationHeight { get; set; }

    /// <summary>Distance between the columns that a filter reads, at least 1; <see cref="Dilation"/> by default.</summary>
    public int DilationWidth { get; set; }

    /// <summary>
    /// Number of groups into which input and output channels are split; at least 1 (the default). It must divide both numbers
    /// of channels. With as many groups as input channels, the convolution is depthwise.
    /// </summary>
    public int Groups { get; set; } = 1;

    /// <summary>How padding is filled; with zeros by default.</summary>
    public PaddingMode PaddingMode { get; set; }

    /// <summary>Whether a bias is added to each output channel; true by default.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>How weights are initialized; as in PyTorch by default.</summary>
    public Initializer Initializer { get; set; }
}

/// <summary>
/// Three-dimensional convolution (a cross-correlation, as in all machine learning libraries): PyTorch's <c>nn.Conv3d</c>,
/// Keras' <c>Conv3D</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: C×D×H×W → filters×D′×H′×W′ with H′ = ⌊(H + 2P − d·(F − 1) − 1)/S⌋ + 1, and D′ and W′ likewise: kernel F, stride S,
/// padding P, dilation d.
/// </para>
/// <para>
/// Formula: y[o, h, i, j] = b[o] + Σ w[o, c, l, m, n] · x[c, S·h + d·l − P, S·i + d·m − P, S·j + d·n − P], where x outside
/// the input is 0, or follows <see cref="PaddingMode"/>. With <see cref="Groups"/> = G, the sum runs over the C/G input channels of
/// output channel o's group.
/// </para>
/// <para>Parameters: <c>weight</c> (filters, C/G, F, F, F), <c>bias</c> (filters).</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class Conv3DAttribute : Window3DAttribute
{
    /// <summary>A convolution of <paramref name="filters"/> filters.</summary>
    /// <param name="filters">Number of filters, which is the number of output channels; at least 1.</param>
    /// <param name="kernel">Planes, rows and columns of a filter, at least 1.</param>
    public Conv3DAttribute(int filters, int kernel)
        : base(kernel) => (Filters, Stride) = (filters, 1);

    /// <summary>Number of output channels.</summary>
    public int Filters { get; }

    /// <summary>
    /// Distance between the planes, rows and columns that a filter reads, along each axis; at least 1 (the default).
    /// </summary>
    public int Dilation { get; set; } = 1;

    /// <summary>Distance between the planes that a filter reads, at least 1; <see cref="Dilation"/> by default.</summary>
    public int DilationDepth { get; set; }

    /// <summary>Distance between the rows that a filter reads, at least 1; <see cref="Dilation"/> by default.</summary>
    public int DilationHeight { get; set; }

    /// <summary>Distance between the columns that a filter reads, at least 1; <see cref="Dilation"/> by default.</summary>
    public int DilationWidth { get; set; }

    /// <summary>
    /// Number of groups into which input and output channels are split; at least 1 (the default). It must divide both numbers
    /// of channels. With as many groups as input channels, the convolution is depthwise.
    /// </summary>
    public int Groups { get; set; } = 1;

    /// <summary>How padding is filled; with zeros by default.</summary>
    public PaddingMode PaddingMode { get; set; }

    /// <summary>Whether a bias is added to each output channel; true by default.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>How weights are initialized; as in PyTorch by default.</summary>
    public Initializer Initializer { get; set; }
}
