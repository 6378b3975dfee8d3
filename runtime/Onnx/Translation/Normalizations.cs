using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;

namespace Strata.Onnx.Translation;

/// <summary>Normalisations.</summary>
internal static class Normalizations
{
    public static readonly Dictionary<string, Action<Translation, OnnxNode>> Operators = new(StringComparer.Ordinal)
    {
        ["BatchNormalization"] = BatchNorm,
        ["InstanceNormalization"] = InstanceNorm,
        ["GroupNormalization"] = GroupNorm,
        ["LayerNormalization"] = LayerNorm,
        ["MeanVarianceNormalization"] = MeanVariance,
        ["LRN"] = LocalResponseNorm,
        ["LpNormalization"] = LpNormalization,
    };

    private static void BatchNorm(Translation translation, OnnxNode node)
    {
        View view = OfChannels(translation, node);
        string[] suffixes = ["weight", "bias", "running_mean", "running_var"];
        LayerArgument[] arguments = [.. Epsilon(node), .. Momentum(translation, node)];
        translation.Set(node.Output, view.Of(translation.Add(
            "BatchNorm", view.Tensor, view.Tensor.Shape, arguments, [.. suffixes.Select((suffix, i) => Parameter(node, suffix, i + 1))],
            node.Inputs.Skip(1).Select(input => input?.Constant))));
    }

    /// <summary>ONNX's momentum is the share of the old statistics, PyTorch's that of the batch.</summary>
    private static LayerArgument[] Momentum(Translation translation, OnnxNode node)
    {
        const int Digits = 7;
        double share = Math.Round(1 - AffineLayers.Number(node.Float("momentum", 0.9f)), Digits);
        if (share is not (>= 0 and <= 1))
        {
            translation.Warnings.Momentum(node);
            return [];
        }

        return [new("Momentum", share)];
    }

    private static void InstanceNorm(Translation translation, OnnxNode node)
    {
        View view = OfChannels(translation, node);
        CheckPixels(view);
        bool isAffine = !(IsAll(node.Inputs[1], 1) && IsAll(node.Inputs[2], 0));
        LayerArgument[] arguments = [.. Epsilon(node), new("Affine", isAffine)];
        translation.Set(node.Output, view.Of(translation.Add(
            "InstanceNorm", view.Tensor, view.Tensor.Shape, arguments,
            isAffine ? [Parameter(node, "weight", 1), Parameter(node, "bias", 2)] : [],
                node.Inputs.Skip(1).Select(input => input?.Constant))));
    }

    private static void GroupNorm(Translation translation, OnnxNode node)
    {
        View view = OfChannels(translation, node);
        bool isAffine = node.Inputs.Count > 1;
        int channels = view.Tensor.Shape[0];
        LayerParameter bias = node.Inputs.Count > 2 && node.Inputs[2] is not null
            ? Parameter(node, "bias", 2) : new LayerParameter("bias", [channels], () => new float[channels], "");
        LayerArgument[] arguments =
            [new(null, node.Integer("num_groups")), .. Epsilon(node), new("Affine", isAffine)];
        translation.Set(node.Output, view.Of(translation.Add(
            "GroupNorm", view.Tensor, view.Tensor.Shape, arguments,
            isAffine ? [Parameter(node, "weight", 1), bias] : [],
                node.Inputs.Skip(1).Select(input => input?.Constant))));
    }

    private static void LayerNorm(Translation translation, OnnxNode node)
    {
        View view = translation.ViewOf(node.Input);
        int rank = view.Tensor.Shape.Count;
        IEnumerable<int> normalised = node.Has("axes")
            ? node.Integers("axes") : Enumerable.Range(node.Integer("axis"), node.Input.Shape.Count - node.Integer("axis"));
        int[] axes = view.AxesOf(normalised);
        if (axes.Length == 0)
        {
            throw new UnsupportedException("it normalises one number");
        }

        if (axes.All(axis => view.Tensor.Shape[axis] == 1) && axes.Length < rank)
        {
            throw new UnsupportedException("it normalises axes of one element, which less their mean are 0");
        }

        bool isOverChannels = axes is [0] && rank > 1, isOverAll = axes.Length == rank;
        int[] shape = [.. axes.Select(axis => view.Tensor.Shape[axis])];
        bool isAffine = node.Inputs.Count > 1 && node.Inputs[1] is not null;
        LayerArgument[] arguments =
        [
            .. Epsilon(node), new("OverChannels", isOverChannels),
            new("Axes", isOverChannels || isOverAll ? Axes.All : Reductions.Names(axes, rank)), new("Affine", isAffine),
        ];
        var parameters = new List<LayerParameter>();
        if (isAffine)
        {
            parameters.Add(Elements(view, axes, node.Inputs[1]!, "weight"));
            parameters.Add(node.Inputs.Count > 2 && node.Inputs[2] is { } bias
                ? Elements(view, axes, bias, "bias") : new LayerParameter("bias", shape, () =>
                    new float[Extents.Product(shape)], ""));
        }

        translation.Set(node.Output, view.Of(translation.Add(
            "LayerNorm", view.Tensor, view.Tensor.Shape, arguments, parameters,
            node.Inputs.Skip(1).Select(input => input?.Constant))));
    }

    /// <summary>A parameter of the normalised elements, in the order in which the tensor has its axes.</summary>
    private static LayerParameter Elements(View view, int[] axes, OnnxValue value, string suffix)
    {
        int[] shape = [.. axes.Select(axis => view.Tensor.Shape[axis])];
        OnnxConstant constant = value.Constant ?? throw new UnsupportedException($"its {suffix} depends on the input");
        return new LayerParameter(suffix, shape, () => Values(view, axes, shape, constant), constant.Key);
    }

    private static float[] Values(View view, int[] axes, int[] shape, OnnxConstant constant)
    {
        int count = Extents.Product(shape);
        if (axes.Length == 1 && constant.Floats.Length == count)
        {
            return constant.Floats;
        }

        // The parameter says nothing of the axes that are not normalised: their first place has all of it.
        IReadOnlyList<int> extents = view.Tensor.Shape;
        float[] broadcast = AffineMap.Broadcast(view, constant);
        bool isPerChannel = broadcast.Length == extents[0];
        int[] strides = [.. extents.Select((_, axis) => broadcast.Length == 1 ? 0
            : isPerChannel ? axis == 0 ? 1 : 0 : Extents.Product(extents.Skip(axis + 1)))];
        float[] values = new float[count];
        for (int element = 0; element < count; element++)
        {
            int rest = element, place = 0;
            for (int i = axes.Length - 1; i >= 0; i--)
            {
                place += rest % shape[i] * strides[axes[i]];
                rest /= shape[i];
            }

            values[element] = broadcast[place];
        }

        return values;
    }

    private static void MeanVariance(Translation translation, OnnxNode node)
    {
        View view = translation.ViewOf(node.Input);
        int rank = view.Tensor.Shape.Count;
        int[] axes = view.AxesOf(node.Integers("axes"));
        if (rank == 1 || axes.Length != rank - 1 || axes[0] != 1)
        {
            throw new UnsupportedException("it does not normalise the pixels of each channel");
        }

        CheckPixels(view);
        Arithmetic.Same(translation, node, view, "InstanceNorm", [new("Epsilon", 1e-9)]);
    }

    private static void LocalResponseNorm(Translation translation, OnnxNode node)
    {
        View view = OfChannels(translation, node);
        if (node.Float("alpha") < 0 || node.Float("beta") < 0 || node.Float("bias") < 0)
        {
            throw new UnsupportedException("its alpha, beta or bias is below 0");
        }

        LayerArgument[] arguments =
        [
            new(null, node.Integer("size")), new("Alpha", AffineLayers.Number(node.Float("alpha"))),
            new("Beta", AffineLayers.Number(node.Float("beta"))), new("K", AffineLayers.Number(node.Float("bias"))),
        ];
        Arithmetic.Same(translation, node, view, "LocalResponseNorm", arguments);
    }

    /// <summary>x/√Σx² along an axis.</summary>
    private static void LpNormalization(Translation translation, OnnxNode node)
    {
        View view = translation.ViewOf(node.Input);
        int axis = view.Axes[node.Integer("axis")];
        if (node.Integer("p", 2) != 2 || axis < 0)
        {
            throw new UnsupportedException($"its p is {node.Integer("p", 2)}; Strata says it for 2");
        }

        LayerTensor x = view.Tensor;
        int[] shape = [.. x.Shape.Select((extent, i) => i == axis ? 1 : extent)];
        Layer squares = translation.Add("Pow", x, x.Shape, [new(null, 2d)]);
        Layer sum = translation.Add("Sum", squares, shape, [new(null, Reductions.Names([axis], x.Shape.Count)), new("KeepAxes", true)]);
        Layer norm = translation.Add("Sqrt", sum, shape);
        translation.Set(node.Output, view.Of(translation.Add("Divide", [x, norm], x.Shape)));
    }

    /// <summary>The input with the axis that ONNX calls channels as its channels.</summary>
    private static View OfChannels(Translation translation, OnnxNode node)
    {
        View view = translation.ViewOf(node.Input);
        return view.Axes.Count > 1 && view.Axes[1] == 0 ? view : View.Standard(translation.Standard(node.Input));
    }

    private static void CheckPixels(View view)
    {
        if (view.Tensor.Shape.Skip(1).All(extent => extent == 1))
        {
            throw new UnsupportedException("it normalises one pixel, which less its mean is 0");
        }
    }

    private static LayerArgument[] Epsilon(OnnxNode node) => node.Float("epsilon", 1e-5f) < 0
        ? throw new UnsupportedException("its epsilon is below 0")
        : [new("Epsilon", AffineLayers.Number(node.Float("epsilon", 1e-5f)))];

    private static LayerParameter Parameter(OnnxNode node, string suffix, int input)
    {
        OnnxConstant constant = node.Inputs[input]!.Constant ?? throw new UnsupportedException($"its {suffix} depends on the input");
        return new LayerParameter(suffix, [constant.Floats.Length], () => constant.Floats, constant.Key);
    }

    private static bool IsAll(OnnxValue? value, float number) =>
        value?.Constant is { } constant && !ModulePath.IsGiven(constant.Key)
            && Array.TrueForAll(constant.Floats, one => one.Equals(number));
}
