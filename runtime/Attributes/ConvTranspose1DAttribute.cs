using System;

namespace Strata;

/// <summary>
/// One-dimensional transposed convolution, the way back of a strided one: PyTorch's <c>nn.ConvTranspose1d</c>, Keras'
/// <c>Conv1DTranspose</c>.
/// </summary>
/// <remarks>
/// <para>Shape: C×L → filters×L′ with L′ = (L − 1)·S − 2P + D·(F − 1) + OutputPadding + 1.</para>
/// <para>Formula: y[o, S·i + D·m − P] is b[o] and the sum of all w[c, o, m] · x[c, i] that come to stand there. With <see cref="Groups"/> = G the sum runs over the C/G channels of o's group.</para>
/// <para>Padding is what is cut off from each side of the output; <see cref="AutoPad.Same"/> cuts off so much that S times as many
/// elements as in the input are left. Parameters: <c>weight</c> (C, filters/G, F), <c>bias</c> (filters). See Dumoulin and
/// Visin (2016).</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ConvTranspose1DAttribute : WindowAttribute
{
    /// <summary>A transposed convolution of <paramref name="filters"/> filters.</summary>
    /// <param name="filters">Number of output channels; at least 1.</param>
    /// <param name="kernel">Steps that a filter writes, at least 1.</param>
    public ConvTranspose1DAttribute(int filters, int kernel)
        : base(kernel) => Filters = filters;

    /// <summary>Number of output channels.</summary>
    public int Filters { get; }

    /// <summary>Elements added at the end of each axis of the output, at least 0 and less than the stride or the dilation.</summary>
    public int OutputPadding { get; set; }

    /// <summary>Distance of the elements that a filter writes, at least 1 (the default).</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>Number of groups into which input and output channels are split, at least 1 (the default); divides both numbers.</summary>
    public int Groups { get; set; } = 1;

    /// <summary>Whether a bias is added to each output channel; true by default.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>How fresh weights are drawn; as in PyTorch by default.</summary>
    public Initializer Initializer { get; set; }
}
