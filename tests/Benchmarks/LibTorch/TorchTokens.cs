using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Nodes;
using Strata.Onnx.Operators;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Strata.Benchmarks.LibTorch;

/// <summary>
/// The layers of transformers as calls of libtorch. The networks have features first, and <c>torch.nn</c> has them last. So each tensor
/// here is a view of one whose features are last: nothing is copied that <c>torch.nn</c> does not copy.
/// </summary>
internal static class TorchTokens
{
    /// <summary>What is added to pairs of pixels that do not see each other, as in torchvision.</summary>
    private const double Hidden = -100;

    /// <summary>The layer as a call; null if it is none of these.</summary>
    public static Func<Tensor[], Tensor>? Of(SavedLayer layer, IReadOnlyDictionary<string, Tensor> parameters)
    {
        Tensor? weight = parameters.GetValueOrDefault("weight"), bias = parameters.GetValueOrDefault("bias");
        long[] sample = [.. layer.OutputShape.Select(extent => (long)extent)];
        switch (layer.Kind)
        {
            case "Reshape":
                return x => x[0].reshape([x[0].shape[0], .. sample]);
            case "Transpose":
                long[] order = [0, .. layer.Info.Values.Select(axis => (long)(int)axis.Value)];
                return x => x[0].permute(order);
            case "Param":
                bool hasBatch = layer.Argument<bool>("BatchAxis");
                return x => (hasBatch ? parameters[""] : parameters[""].unsqueeze(0)).expand([x[0].shape[0], .. sample]);
            case "Concat":
                int along = Slices.Axis(layer);
                return x => AreTokens(x[0]) ? First(cat(Array.ConvertAll(x, Last), along == 1 ? -1 : along - 1)) : cat(x, along);
            case "Slice":
                (int axis, int first) = (Slices.Axis(layer), Slices.First(layer));
                return x => x[0].narrow(axis, first, sample[axis - 1]);
            case "Crop":
                return x => Cropped(layer, x[0]);
            case "GELU" when !layer.Argument<bool>("Approximate"):
                return x => functional.gelu(x[0]);
            case "LayerNorm" when layer.Argument<bool>("OverChannels"):
                double epsilon = layer.Argument<double>("Epsilon");
                return x => First(functional.layer_norm(Last(x[0]), [sample[0]], weight, bias, epsilon));
            case "Dense" when layer.OutputShape.Count > 1:
                return x => First(functional.linear(Last(x[0]), weight!, bias));
            case "Attention" when layer.Inputs.Count == 1 && !layer.Argument<bool>("Causal"):
                return x => First(Attention(Last(x[0]), layer.Argument<int>("heads"), parameters));
            case "ShiftedWindowAttention":
                return x => First(Windows(Last(x[0]), layer, parameters));
            default:
                return null;
        }
    }

    private static Tensor Last(Tensor x) => x.movedim([1], [-1]);

    private static Tensor First(Tensor x) => x.movedim([-1], [1]);

    /// <summary>Whether the features are last in memory.</summary>
    private static bool AreTokens(Tensor x) => x.dim() > 2 && x.shape[1] > 1 && x.stride(1) == 1;

    private static Tensor Cropped(SavedLayer layer, Tensor x)
    {
        foreach ((SavedAxis axis, int number) in layer.Axes.Select((axis, number) => (axis, number)))
        {
            x = x.slice(number + 2, -axis.Before, axis.Input + axis.After, axis.Stride);
        }

        return x;
    }

    private static Tensor Attention(Tensor tokens, int heads, IReadOnlyDictionary<string, Tensor> parameters)
    {
        (long batch, long length, long features) = (tokens.shape[0], tokens.shape[1], tokens.shape[2]);
        Tensor all = functional.linear(tokens, parameters["in_proj_weight"], parameters.GetValueOrDefault("in_proj_bias"));
        Tensor parts = all.view(batch, length, 3, heads, features / heads).permute(2, 0, 3, 1, 4);
        Tensor values = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]);
        return functional.linear(
            values.transpose(1, 2).reshape(batch, length, features), parameters["out_proj.weight"],
            parameters.GetValueOrDefault("out_proj.bias"));
    }

    /// <summary>The steps of torchvision's <c>shifted_window_attention</c>, for images of whole windows.</summary>
    private static Tensor Windows(Tensor image, SavedLayer layer, IReadOnlyDictionary<string, Tensor> parameters)
    {
        int window = layer.Argument<int>("window"), heads = layer.Argument<int>("heads"), shift = layer.Argument<int>("Shift");
        (long batch, long features) = (image.shape[0], image.shape[3]);
        (long rows, long columns) = (image.shape[1] / window, image.shape[2] / window);
        if (rows * window != image.shape[1] || columns * window != image.shape[2])
        {
            throw new NotSupportedException(
                $"libtorch has no form here for '{layer.Name}', whose image is not of whole windows of {window}");
        }

        (int down, int right) = (rows > 1 ? shift : 0, columns > 1 ? shift : 0);
        bool isShifted = down + right > 0;
        image = isShifted ? image.roll([-down, -right], [1, 2]) : image;
        (long count, long tokens) = (rows * columns, window * window);
        Tensor apart = image.view(batch, rows, window, columns, window, features).permute(0, 1, 3, 2, 4, 5)
            .reshape(batch * count, tokens, features);
        Tensor parts = functional.linear(apart, parameters["qkv.weight"], parameters.GetValueOrDefault("qkv.bias"))
            .reshape(batch * count, tokens, 3, heads, features / heads).permute(2, 0, 3, 1, 4);
        Tensor scores = (parts[0] * Math.Pow((double)features / heads, -0.5)).matmul(parts[1].transpose(-2, -1));
        Tensor table = parameters["relative_position_bias_table"];
        scores += table.index_select(0, Distances(window)).view(tokens, tokens, heads).permute(2, 0, 1).contiguous().unsqueeze(0);
        if (isShifted)
        {
            Tensor hidden = HiddenPairs(image, window, rows, columns, down, right).to_type(scores.dtype);
            scores = (scores.view(batch, count, heads, tokens, tokens) + hidden.unsqueeze(1).unsqueeze(0)).view(-1, heads, tokens, tokens);
        }

        Tensor values = functional.softmax(scores, -1).matmul(parts[2]).transpose(1, 2).reshape(batch * count, tokens, features);
        values = functional.linear(values, parameters["proj.weight"], parameters.GetValueOrDefault("proj.bias"));
        Tensor together = values.view(batch, rows, columns, window, window, features).permute(0, 1, 3, 2, 4, 5)
            .reshape(batch, rows * window, columns * window, features);
        return isShifted ? together.roll([down, right], [1, 2]) : together;
    }

    /// <summary>For each pair of pixels of a window, the row of the table of biases.</summary>
    private static Tensor Distances(int window)
    {
        int tokens = window * window, distances = (2 * window) - 1;
        return tensor((long[])
        [
            .. from query in Enumerable.Range(0, tokens)
               from key in Enumerable.Range(0, tokens)
               select (((query / window) - (key / window) + window - 1) * distances)
                   + (query % window) - (key % window) + window - 1,
        ]);
    }

    /// <summary>For each window, what is added to pairs of pixels on opposite sides of the image.</summary>
    private static Tensor HiddenPairs(Tensor image, int window, long rows, long columns, int down, int right)
    {
        Tensor sides = zeros(image.shape[1], image.shape[2]);
        int number = 0;
        foreach ((long top, long bottom) in Sides(image.shape[1], window, down))
        {
            foreach ((long left, long end) in Sides(image.shape[2], window, right))
            {
                sides.narrow(0, top, bottom - top).narrow(1, left, end - left).fill_(number++);
            }
        }

        Tensor apart = sides.view(rows, window, columns, window).permute(0, 2, 1, 3).reshape(rows * columns, window * window);
        return (apart.unsqueeze(1) - apart.unsqueeze(2)).not_equal(0).to_type(ScalarType.Float32) * Hidden;
    }

    private static (long First, long End)[] Sides(long extent, int window, int shift) =>
        shift == 0 ? [(0, extent)] : [(0, extent - window), (extent - window, extent - shift), (extent - shift, extent)];
}
