using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;

namespace Strata.Onnx.Translation;

/// <summary>
/// Self-attention that exporters take apart: products with the weights, transpositions and reshapes to heads, two products of matrices
/// with a softmax between them, and another product with weights. It becomes one layer. How the parts are moved differs from exporter to
/// exporter, so it is not compared: the place of each element is followed through all layers that only move elements.
/// </summary>
internal static class AttentionPattern
{
    /// <summary>Larger tensors are left as they are, so that a file cannot ask for much memory here.</summary>
    private const int MostElements = 1 << 24;

    /// <summary>A scale of 1/√d, of numbers that were rounded to single precision.</summary>
    private const double ScaleTolerance = 1e-6;

    public static LayerGraph Fold(LayerGraph graph) => LayerFolding.Fold(
        graph, last => Find(last) is { } match ? new FoldedLayers(match.Tokens, match.Parts, match.Make) : null);

    private static Match? Find(Layer last)
    {
        if (!IsProduct(last) || last.Inputs[0].Shape[0] != last.Shape[0])
        {
            return null;
        }

        var parts = new HashSet<Layer> { last };
        Moved result = Moved.Follow(last.Inputs[0], parts);
        return result.Scale == 1 && result.Source is Layer { Kind: "MatMul" } product
            ? Find(last, product, result, side: 0, [.. parts]) ?? Find(last, product, result, side: 1, [.. parts]) : null;
    }

    /// <param name="last">The product with weights behind the heads.</param>
    /// <param name="product">The product of the values with the weights of the softmax.</param>
    /// <param name="result">Where its elements go.</param>
    /// <param name="side">Which of its operands the softmax is.</param>
    /// <param name="parts">The layers that were found so far.</param>
    private static Match? Find(Layer last, Layer product, Moved result, int side, HashSet<Layer> parts)
    {
        int features = last.Shape[0], length = last.Shape[1], heads = product.Shape.Count == 3 ? product.Shape[0] : 1;
        if (product.Shape.Count > 3 || features % heads != 0 || product.Inputs[side] is not Layer { Kind: "Softmax" } softmax
            || !softmax.Shape.SequenceEqual(product.Shape.Count == 3 ? [heads, length, length] : [length, length]))
        {
            return null;
        }

        // Rows of the softmax are queries, or its columns are.
        bool hasQueriesFirst = side == 0 ? !Is(product, "TransposeA") : Is(product, "TransposeB");
        if (Moved.AxisOf(softmax, "Axes") != softmax.Shape.Count - (hasQueriesFirst ? 1 : 2))
        {
            return null;
        }

        (LayerTensor scores, double scale) = Unscaled(softmax.Inputs[0], parts);
        if (scores is not Layer { Kind: "MatMul" } first || !first.Shape.SequenceEqual(softmax.Shape)
            || first.Inputs.Append(product.Inputs[1 - side]).Any(operand => Extents.Product(operand.Shape) != features * length))
        {
            return null;
        }

        Moved left = Moved.Follow(first.Inputs[0], parts), right = Moved.Follow(first.Inputs[1], parts);
        Moved values = Moved.Follow(product.Inputs[1 - side], parts);
        parts.UnionWith([product, softmax, first]);
        int ofHead = features / heads;
        var rows = new Matrices(left, IsByToken: !Is(first, "TransposeA"));
        var columns = new Matrices(right, IsByToken: Is(first, "TransposeB"));
        var value = new Matrices(values, IsByToken: side == 0 ? !Is(product, "TransposeB") : Is(product, "TransposeA"));
        var output = new Matrices(null, IsByToken: side == 0);
        (Matrices queries, Matrices keys) = hasQueriesFirst ? (rows, columns) : (columns, rows);
        Part?[] all = [.. new[] { queries, keys, value }.Select(matrices => PartOf(matrices, heads, ofHead, length))];
        bool isScaled = values.Scale == 1 && Math.Abs((scale * left.Scale * right.Scale * Math.Sqrt(ofHead)) - 1) <= ScaleTolerance;
        if (!isScaled || all.Any(part => part is null) || !Each(heads, ofHead, length, (h, d, i) =>
            result.Indices[(((h * ofHead) + d) * length) + i] == output.At(h, d, i, ofHead, length)))
        {
            return null;
        }

        Part[] projections = [.. all.Select(part => part!.Value)];
        LayerTensor tokens = projections[0].Layer.Inputs[0];
        bool hasBias = last.Parameters.Count == 2;
        parts.UnionWith(projections.Select(part => part.Layer));
        return tokens.Shape.SequenceEqual([features, length]) && projections.All(part =>
            IsSame(part.Layer.Inputs[0], tokens, parts) && part.Layer.Parameters.Count == last.Parameters.Count)
            ? new Match(last, tokens, heads, hasBias, projections, parts) : null;
    }

    /// <summary>What a tensor is without the factors of all its elements, and those.</summary>
    private static (LayerTensor Tensor, double Scale) Unscaled(LayerTensor tensor, HashSet<Layer> parts)
    {
        double scale = 1;
        while (tensor is Layer layer && Moved.FactorOf(layer) is { } factor)
        {
            parts.Add(layer);
            (tensor, scale) = (layer.Inputs[0], scale * factor);
        }

        return (tensor, scale);
    }

    /// <summary>The rows of a product with weights that a matrix for each head has; null if it has others.</summary>
    private static Part? PartOf(Matrices matrices, int heads, int ofHead, int length)
    {
        if (matrices.Moved is not { Source: Layer layer } || !IsProduct(layer))
        {
            return null;
        }

        int first = matrices.At(0, 0, 0, ofHead, length);
        return first % length == 0 && Each(heads, ofHead, length, (h, d, i) =>
            matrices.At(h, d, i, ofHead, length) == first + ((((h * ofHead) + d) * length) + i)) ? new Part(layer, first / length) : null;
    }

    private static bool Each(int heads, int ofHead, int length, Func<int, int, int, bool> holds)
    {
        for (int h = 0; h < heads; h++)
        {
            for (int d = 0; d < ofHead; d++)
            {
                for (int i = 0; i < length; i++)
                {
                    if (!holds(h, d, i))
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }

    /// <summary>Whether a layer multiplies each token by a matrix, and does nothing else.</summary>
    private static bool IsProduct(Layer layer) =>
        layer is { Kind: "Conv1D", Arguments: [{ Name: null }, { Name: null, Value: 1 }, ..], Shape.Count: 2 }
        && layer.Arguments.Skip(2).All(argument => argument.Name == "Bias") && layer.Shape[0] * (long)layer.Shape[1] <= MostElements;

    /// <summary>Whether two tensors are one, or the same moves of one. Those of the first are parts then.</summary>
    private static bool IsSame(LayerTensor one, LayerTensor other, HashSet<Layer> parts)
    {
        if (ReferenceEquals(one, other))
        {
            return true;
        }

        bool isSame = one is Layer { Kind: "Transpose" or "Reshape", Inputs: [var input] } copy
            && other is Layer { Inputs: [var before] } kept && copy.Kind == kept.Kind
            && copy.Arguments.SequenceEqual(kept.Arguments) && IsSame(input, before, parts);
        if (isSame)
        {
            parts.Add((Layer)one);
        }

        return isSame;
    }

    private static bool Is(Layer layer, string argument) => layer.Arguments.Any(one => one.Name == argument && one.Value is true);

    /// <summary>Rows of the product with weights of the tokens.</summary>
    private readonly record struct Part(Layer Layer, int First);

    /// <summary>A matrix for each head, whose rows are tokens or features.</summary>
    private readonly record struct Matrices(Moved? Moved, bool IsByToken)
    {
        /// <summary>The place of a feature of a head of a token, in the tensor that the elements come from.</summary>
        public int At(int head, int feature, int token, int features, int tokens)
        {
            int place = IsByToken ? (((head * tokens) + token) * features) + feature : (((head * features) + feature) * tokens) + token;
            return Moved is null ? place : Moved.Indices[place];
        }
    }

    /// <summary>What was found: the layers that one layer stands for, and where its weights are.</summary>
    private sealed record Match(
        Layer Last, LayerTensor Tokens, int Heads, bool HasBias, Part[] Projections, HashSet<Layer> Parts)
    {
        public Layer Make(LayerTensor tokens)
        {
            int features = Last.Shape[0];
            const string Out = ".out_proj";
            string path = Last.Path.EndsWith(Out, StringComparison.Ordinal) ? Last.Path[..^Out.Length] : "";
            var parameters = new List<LayerParameter> { Joined(0, "in_proj_weight", [3 * features, features], features) };
            parameters.AddRange(HasBias ? [Joined(1, "in_proj_bias", [3 * features], 1)] : []);
            parameters.Add(Last.Parameters[0] with { Suffix = "out_proj.weight", Shape = [features, features] });
            parameters.AddRange(HasBias ? [Last.Parameters[1] with { Suffix = "out_proj.bias" }] : []);
            return LayerMaker.Make(
                "Attention", [tokens], [new(null, Heads), .. HasBias ? [] : new LayerArgument[] { new("Bias", false) }], parameters, path);
        }

        /// <summary>The rows of queries, keys and values, one behind the other.</summary>
        private LayerParameter Joined(int number, string suffix, int[] shape, int columns)
        {
            LayerParameter[] own = [.. Projections.Select(part => part.Layer.Parameters[number])];
            int count = shape[0] / 3 * columns;
            bool isOne = own.All(parameter => ReferenceEquals(parameter, own[0]));
            float[] Values() =>
                [.. Projections.SelectMany((part, k) => own[k].Values().AsSpan(part.First * columns, count).ToArray())];
            return new LayerParameter(suffix, shape, Values, isOne ? own[0].Key : "");
        }
    }
}
