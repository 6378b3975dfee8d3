using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Nodes;
using Strata.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using TorchReduction = TorchSharp.torch.nn.Reduction;

namespace Strata.Benchmarks.LibTorch;

/// <summary>A loss as libtorch computes it. Losses on probabilities take the logits before them.</summary>
/// <param name="Info">What the network says of it.</param>
/// <param name="Layer">The layer whose output it reads.</param>
/// <param name="Shape">The extents of that output's samples.</param>
/// <param name="Function">The loss of an output and its target.</param>
internal sealed record TorchLoss(LossInfo Info, string Layer, IReadOnlyList<long> Shape, Func<Tensor, Tensor, Tensor> Function)
{
    public Tensor? Target { get; init; }

    /// <exception cref="NotSupportedException">libtorch has no form here for it.</exception>
    public static TorchLoss From(LossInfo info, SavedGraph graph)
    {
        SavedLayer layer = graph.Find(info.Tensor) ?? throw new NotSupportedException($"the loss reads the input '{info.Tensor}'");
        TorchReduction reduction = info.Reduction == Reduction.Mean ? TorchReduction.Mean : TorchReduction.Sum;
        string probability = info.Name switch { "CrossEntropy" => "Softmax", "BinaryCrossEntropy" => "Sigmoid", _ => "" };
        bool reads = layer.Kind == probability;
        Func<Tensor, Tensor, Tensor>? function = info switch
        {
            { MeanWeights: not null } => null,
            { Name: "CrossEntropy" } => (x, t) =>
                functional.cross_entropy(x, t, ignore_index: info.IgnoreIndex ?? -100, reduction: reduction),
            { Name: "BinaryCrossEntropy" } when reads => (x, t) => functional.binary_cross_entropy_with_logits(x, t, reduction: reduction),
            { Name: "BinaryCrossEntropy" } => (x, t) => functional.binary_cross_entropy(x, t, reduction: reduction),
            { Name: "MeanSquaredError" } => (x, t) => functional.mse_loss(x, t, reduction),
            { Name: "MeanAbsoluteError" } => (x, t) => functional.l1_loss(x, t, reduction),
            _ => null,
        };
        return new TorchLoss(
            info, reads ? layer.Inputs[0] : layer.Name, [.. layer.OutputShape.Select(extent => (long)extent)],
            function ?? throw new NotSupportedException($"libtorch has no form here for the loss {info.Name}"));
    }

    public Tensor Of(Tensor output)
    {
        Tensor loss = Function(output, Target!);
        return Info.Weight == 1 ? loss : loss * Info.Weight;
    }
}
