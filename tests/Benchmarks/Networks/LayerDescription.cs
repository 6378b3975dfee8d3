namespace Strata.Benchmarks.Networks;

/// <summary>
/// One layer as the peers are told of it. Beside each network stands its list of these; it is written by hand, so that a
/// mistake of the compiler cannot reach the peers as well.
/// </summary>
internal abstract record LayerDescription;

internal sealed record ConvolutionLayer(
    int Filters, int Kernel, int Stride = 1, int Padding = 0, int Dilation = 1, int Groups = 1, bool Bias = true) : LayerDescription;

internal sealed record MaxPoolLayer(int Kernel, int? Stride = null, int Padding = 0) : LayerDescription;

internal sealed record AveragePoolLayer(int Kernel, int? Stride = null, int Padding = 0) : LayerDescription;

internal sealed record DenseLayer(int Units, bool Bias = true) : LayerDescription;

internal sealed record FlattenLayer : LayerDescription;

internal sealed record ReLULayer : LayerDescription;

internal sealed record SigmoidLayer : LayerDescription;

internal sealed record TanhLayer : LayerDescription;

/// <summary>Fused with the loss in training, so that the training peer leaves it out and takes logits.</summary>
internal sealed record SoftmaxLayer : LayerDescription;
