using System;

namespace Strata;

/// <summary>Fully connected layer: PyTorch's <c>nn.Linear</c>, Keras' <c>Dense</c>.</summary>
/// <remarks>
/// <para>
/// Shape: F → units. The input must be flat; otherwise put <see cref="FlattenAttribute"/> before the layer, or set
/// <see cref="OverChannels"/>: then C×H×W → units×H×W, and sequences and volumes work alike.
/// </para>
/// <para>Formula: y[u] = b[u] + Σ w[u, f] · x[f].</para>
/// <para>Parameters: <c>weight</c> (units, F), <c>bias</c> (units).</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class DenseAttribute : LayerAttribute
{
    /// <summary>A fully connected layer of <paramref name="units"/> outputs.</summary>
    /// <param name="units">Number of outputs, at least 1.</param>
    public DenseAttribute(int units) => Units = units;

    /// <summary>Number of outputs.</summary>
    public int Units { get; }

    /// <summary>Whether a bias is added to each output; true by default.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>
    /// Whether the layer is applied to the channels of each pixel, as in ConvNeXt (Liu et al. 2022): PyTorch's <c>nn.Linear</c>, or Keras'
    /// <c>Dense</c>, of a tensor with channels last. False by default. A 1×1 convolution computes the same; its weights have the shape
    /// (units, C, 1, 1), while those of this layer have (units, C).
    /// </summary>
    public bool OverChannels { get; set; }

    /// <summary>How weights are initialized; as in PyTorch by default.</summary>
    public Initializer Initializer { get; set; }

    /// <summary>
    /// Name of a dense layer above it whose weight this layer uses transposed, as the decoder of a tied autoencoder does:
    /// <c>F.linear(h, fc.weight.t())</c>. Files have the weight once, under that layer's name, and its gradient is the sum of both
    /// uses. The bias is the layer's own. Both layers keep the weight in 32 bits. Only a frozen
    /// layer's weight can be used by a frozen one.
    /// </summary>
    public string? Tied { get; set; }
}
