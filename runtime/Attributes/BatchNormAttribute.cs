using System;

namespace Strata;

/// <summary>
/// Batch normalization of each channel: PyTorch's <c>nn.BatchNorm1d</c>, <c>nn.BatchNorm2d</c> and <c>nn.BatchNorm3d</c>,
/// Keras' <c>BatchNormalization</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: unchanged. Parameters: <c>weight</c> (γ) and <c>bias</c> (β), of C elements each. Buffers: <c>running_mean</c> and
/// <c>running_var</c>, of C elements each, which training updates without a gradient.
/// </para>
/// <para>
/// Formula (Ioffe and Szegedy 2015, algorithm 1): y = γ·(x − μ)/√(σ² + ε) + β. In training, μ and σ² are the mean and the
/// biased variance of the channel over all samples of the batch and all pixels, whatever the number of threads. The running
/// statistics move towards the mean and the unbiased variance by <see cref="Momentum"/>. In inference, μ and σ² are the running
/// statistics. If there is a convolution directly before the layer, inference folds the layer into it.
/// </para>
/// <para>A frozen layer uses its running statistics in training as well.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class BatchNormAttribute : LayerAttribute
{
    /// <summary>
    /// ε, added to the variance; at least 0, 1e-5 by default as in PyTorch (Keras: 1e-3). With ε = 0, a channel of zeros
    /// becomes β, where PyTorch gives NaN.
    /// </summary>
    public double Epsilon { get; set; } = 1e-5;

    /// <summary>
    /// Weight of a batch in the running statistics: running ← (1 − momentum)·running + momentum·batch. From 0 to 1; 0.1 by
    /// default, as in PyTorch. Keras' momentum is 1 minus this.
    /// </summary>
    public double Momentum { get; set; } = 0.1;

    /// <summary>Whether the layer has γ and β; true by default.</summary>
    public bool Affine { get; set; } = true;
}
