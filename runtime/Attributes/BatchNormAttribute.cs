using System;

namespace Strata;

/// <summary>
/// Batch normalization of each channel: PyTorch's <c>nn.BatchNorm1d</c>, <c>2d</c> and <c>3d</c> by the input's rank, Keras'
/// <c>BatchNormalization</c>.
/// </summary>
/// <remarks>
/// <para>Shape: unchanged. Parameters: <c>weight</c> γ and <c>bias</c> β of C elements, and the buffers <c>running_mean</c> and
/// <c>running_var</c>, which training moves without a gradient.</para>
/// <para>Formula (Ioffe and Szegedy 2015, algorithm 1): y = γ·(x − μ)/√(σ² + ε) + β. In training μ and σ² are mean and biased variance of
/// the channel over the whole batch and all pixels, whatever the number of threads; the running statistics take a share of
/// <see cref="Momentum"/> of the mean and of the unbiased variance. Otherwise μ and σ² are the running ones, and the layer is folded into
/// the convolution before it.</para>
/// <para>A frozen layer uses its running statistics in training, too.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class BatchNormAttribute : LayerAttribute
{
    /// <summary>
    /// ε, added to the variance; at least 0, 1e-5 by default as in PyTorch (Keras: 1e-3). With 0, nothing but zeros becomes β (PyTorch:
    /// not a number).
    /// </summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>
    /// Weight of a batch in the running statistics: running ← (1 − momentum)·running + momentum·batch. From 0 to 1; 0.1 by default as in
    /// PyTorch. Keras' momentum is 1 minus this.
    /// </summary>
    public double Momentum { get; set; } = 0.1;

    /// <summary>Whether there are γ and β; true by default.</summary>
    public bool Affine { get; set; } = true;
}
