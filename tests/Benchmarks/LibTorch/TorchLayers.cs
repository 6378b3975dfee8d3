using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Nodes;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Strata.Benchmarks.LibTorch;

/// <summary>The layers of the networks whose training is measured, as calls of libtorch.</summary>
internal static class TorchLayers
{
    /// <summary>
    /// Layers whose backward reads their input, but not their output. What alone reads such an output may overwrite it, as torchvision's
    /// networks do.
    /// </summary>
    public static bool SavesInputOnly(string? kind) => kind is "Conv" or "ConvTranspose" or "Dense" or "BatchNorm" or "Add";

    /// <exception cref="NotSupportedException">libtorch has no form here for the layer.</exception>
    public static Func<Tensor[], Tensor> Of(SavedLayer layer, IReadOnlyDictionary<string, Tensor> parameters, bool inPlace)
    {
        if (TorchTokens.Of(layer, parameters) is { } call)
        {
            return call;
        }

        switch (layer.Kind)
        {
            case "Add":
                return x => x.Skip(1).Aggregate(x[0], (sum, other) => sum + other);
            case "Multiply":
                return x => x.Skip(1).Aggregate(x[0], (product, other) => product * other);
        }

        Func<Tensor, Tensor> function = layer.Info.Windows.Count > 0 ? Window(layer, parameters) : Plain(layer, parameters, inPlace);
        return x => function(x[0]);
    }

    private static Func<Tensor, Tensor> Window(SavedLayer layer, IReadOnlyDictionary<string, Tensor> parameters)
    {
        IReadOnlyList<SavedAxis> axes = layer.Axes;
        if (layer.Dimensions != 2 || axes.Any(axis => axis.Before != axis.After)
            || (layer.Has("PaddingMode") && layer.Argument<PaddingMode>("PaddingMode") != PaddingMode.Zeros))
        {
            throw Missing(layer);
        }

        long[] kernel = Numbers(axis => axis.Kernel), stride = Numbers(axis => axis.Stride), padding = Numbers(axis => axis.Before);
        long[] dilation = Numbers(axis => axis.Dilation), more = Numbers(axis => axis.OutputPadding);
        Tensor? weight = parameters.GetValueOrDefault("weight"), bias = parameters.GetValueOrDefault("bias");
        int groups = layer.Has("Groups") ? layer.Argument<int>("Groups") : 1;
        bool ceil = layer.Has("CeilMode") && layer.Argument<bool>("CeilMode");
        return layer.Kind switch
        {
            "Conv" => x => functional.conv2d(x, weight!, bias, stride, padding, dilation, groups),
            "ConvTranspose" => x => functional.conv_transpose2d(x, weight!, bias, stride, padding, more, dilation, groups),
            "MaxPool" => x => functional.max_pool2d(x, kernel, stride, padding, dilation, ceil),
            "AveragePool" => x => functional.avg_pool2d(x, kernel, stride, padding, ceil, layer.Argument<bool>("CountIncludePad")),
            _ => throw Missing(layer),
        };

        long[] Numbers(Func<SavedAxis, int> number) => [.. axes.Select(axis => (long)number(axis))];
    }

    private static Func<Tensor, Tensor> Plain(SavedLayer layer, IReadOnlyDictionary<string, Tensor> parameters, bool inPlace)
    {
        Tensor? weight = parameters.GetValueOrDefault("weight"), bias = parameters.GetValueOrDefault("bias");
        long[] extents = [.. layer.OutputShape.Skip(1).Select(extent => (long)extent)];
        switch (layer.Kind)
        {
            case "Dense" when layer.OutputShape.Count == 1:
                return x => functional.linear(x, weight!, bias);
            case "BatchNorm":
                Tensor mean = parameters["running_mean"], variance = parameters["running_var"];
                double epsilon = layer.Argument<double>("Epsilon"), momentum = layer.Argument<double>("Momentum");
                return x => functional.batch_norm(x, mean, variance, weight, bias, true, momentum, epsilon);
            case "ReLU":
                return x => functional.relu(x, inPlace);
            case "ReLU6":
                return x => functional.relu6(x, inPlace);
            case "SiLU":
                return x => functional.silu(x);
            case "Sigmoid":
                return x => x.sigmoid();
            case "Tanh":
                return x => x.tanh();
            case "Dropout":
                return x => functional.dropout(x, layer.Argument<double>("rate"));
            case "Flatten":
                return x => x.flatten(1);
            case "GlobalAveragePool" or "AdaptiveAveragePool" when layer.Dimensions is 2 || extents.Length == 2:
                return x => functional.adaptive_avg_pool2d(x, extents);
            default:
                throw Missing(layer);
        }
    }

    private static NotSupportedException Missing(SavedLayer layer) =>
        new($"libtorch has no form here for {layer.Info.Kind} '{layer.Name}'");
}
