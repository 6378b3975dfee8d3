using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;

namespace Strata.Onnx.Translation;

/// <summary>
/// Attention that exporters take apart: transpositions and reshapes to heads, and two products of matrices with a softmax between them. It
/// becomes one layer. If products with weights of the same tokens stand before it, and another one behind it, all of that becomes one. How
/// the parts are moved differs from exporter to exporter, so it is not compared: the place of each element is followed through all layers
/// that only move elements.
/// </summary>
internal static class AttentionPattern
{
    private const string DotProducts = "ScaledDotProductAttention", Causal = "Causal";

    /// <param name="graph">The layers.</param>
    /// <param name="isOwn">Whether Strata saved the file. Its attention keeps the keys that it had.</param>
    public static LayerGraph Fold(LayerGraph graph, bool isOwn) =>
        LayerFolding.Fold(LayerFolding.Fold(graph, OfHeads), last => OfTokens(last, isOwn));

    /// <summary>Attention of queries, keys and values that come from anywhere.</summary>
    private static FoldedLayers? OfHeads(Layer last)
    {
        LayerTensor source = last;
        while (source is Layer { Kind: "Reshape" or "Flatten" or "Transpose", Inputs: [var input] })
        {
            source = input;
        }

        return source is Layer { Kind: "MatMul", Shape.Count: <= 3 } product && last.Shape.Count > 1
            && Moved.IsSmall(last) ? OfHeads(last, product, side: 0) ?? OfHeads(last, product, side: 1) : null;
    }

    /// <param name="last">What has the features of all heads before the tokens.</param>
    /// <param name="product">The product of the values with the weights of the softmax.</param>
    /// <param name="side">Which of its operands the softmax is.</param>
    private static FoldedLayers? OfHeads(Layer last, Layer product, int side)
    {
        (int features, int length) = Tokens(last);
        int heads = product.Shape.Count == 3 ? product.Shape[0] : 1;
        HashSet<Layer> core = [last, product], moving = [];
        if (Unshaped(product.Inputs[side], core) is not Layer { Kind: "Softmax" } softmax)
        {
            return null;
        }

        // Rows of the softmax are queries, or its columns are.
        bool hasQueriesFirst = side == 0 ? !Is(product, "TransposeA") : Is(product, "TransposeB");
        int others = softmax.Shape[hasQueriesFirst ? ^1 : ^2];
        core.Add(softmax);
        if (softmax.Shape[hasQueriesFirst ? ^2 : ^1] != length || Extents.Product(softmax.Shape) != heads * length * others
            || Moved.AxisOf(softmax, "Axes") != softmax.Shape.Count - (hasQueriesFirst ? 1 : 2)
            || Scores.Find(softmax, hasQueriesFirst, core, moving) is not { } scores)
        {
            return null;
        }

        Layer first = scores.Product;
        int ofQueries = Extents.Product(first.Inputs[hasQueriesFirst ? 0 : 1].Shape) / length / heads, ofValues = features / heads;
        if (first.Inputs.Append(product.Inputs[1 - side]).Any(operand => !Moved.IsSmall(operand)))
        {
            return null;
        }

        Moved left = Moved.Follow(first.Inputs[0], moving), right = Moved.Follow(first.Inputs[1], moving);
        Moved values = Moved.Follow(product.Inputs[1 - side], moving), result = Moved.Follow(last, core);
        var rows = new Matrices(left, IsByToken: !Is(first, "TransposeA"));
        var columns = new Matrices(right, IsByToken: Is(first, "TransposeB"));
        var value = new Matrices(values, IsByToken: side == 0 ? !Is(product, "TransposeB") : Is(product, "TransposeA"));
        var output = new Matrices(null, IsByToken: side == 0);
        (Matrices queries, Matrices keys) = hasQueriesFirst ? (rows, columns) : (columns, rows);
        Rows?[] parts =
        [
            Rows.Of(queries, heads, ofQueries, length), Rows.Of(keys, heads, ofQueries, others), Rows.Of(value, heads, ofValues, others),
        ];
        bool isScaled = values.Scale == 1
            && Math.Abs((scores.Scale * left.Scale * right.Scale * Math.Sqrt(ofQueries)) - 1) <= Moved.ScaleTolerance;
        if (!isScaled || parts.Any(part => part is null) || heads * ofValues != features || !Each(heads, ofValues, length, (h, d, i) =>
            result.Indices[(((h * ofValues) + d) * length) + i] == output.At(h, d, i, ofValues, length)))
        {
            return null;
        }

        LayerTensor[] masks = scores.Mask is { } mask ? [mask] : [];
        return new FoldedLayers(core, moving, [.. parts.Select(part => part!.Source), .. masks], now =>
        {
            var made = new List<Layer>();
            LayerTensor[] read = [.. parts.Select(part => part!.Make(now, made)), .. masks.Select(now)];
            return [.. made, .. Attention(last, read, heads, scores.IsCausal)];
        });
    }

    /// <summary>The layer, and one that gives its tensor the shape that it had.</summary>
    private static IEnumerable<Layer> Attention(Layer last, LayerTensor[] read, int heads, bool isCausal)
    {
        Layer made = LayerMaker.Make(DotProducts, read, [new("Heads", heads), new(Causal, isCausal)], [], last.Path);
        LayerArgument[] shape = [.. last.Shape.Select(extent => new LayerArgument(null, extent))];
        return last.Shape.Count == 2 ? [made] : [made, LayerMaker.Make("Reshape", [made], shape, [], "")];
    }

    /// <summary>The extent of a tensor's first axis that is more than 1, which has the features, and that of all others.</summary>
    private static (int Features, int Length) Tokens(LayerTensor tensor)
    {
        int features = tensor.Shape.SkipLast(1).FirstOrDefault(extent => extent > 1, 1);
        return (features, Extents.Product(tensor.Shape) / features);
    }

    /// <summary>What a matrix was before axes of one element came or went, with the layers that did that.</summary>
    private static LayerTensor Unshaped(LayerTensor matrix, HashSet<Layer> passed)
    {
        while (matrix is Layer { Kind: "Reshape", Inputs: [var input] } layer
            && layer.Shape.TakeLast(2).SequenceEqual(input.Shape.TakeLast(2)))
        {
            passed.Add(layer);
            matrix = input;
        }

        return matrix;
    }

    /// <summary>Attention between products with weights of one tensor's tokens.</summary>
    private static FoldedLayers? OfTokens(Layer last, bool isOwn)
    {
        if (!IsProduct(last) || last.Inputs[0] is not Layer { Kind: DotProducts, Inputs.Count: 3 } heads
            || heads.Inputs.Append(heads).Any(tensor => !tensor.Shape.SequenceEqual(last.Shape)))
        {
            return null;
        }

        HashSet<Layer> core = [last, heads, .. heads.Inputs.OfType<Layer>().Where(layer => layer.Kind == "Slice")];
        (LayerTensor Product, int First)[] parts = [.. heads.Inputs.Select(input =>
            input is Layer { Kind: "Slice", Arguments: [{ Value: int first }, ..] } slice ? (slice.Inputs[0], first) : (input, 0))];
        if (parts.Any(part => part.Product is not Layer layer || !IsProduct(layer) || layer.Parameters.Count != last.Parameters.Count))
        {
            return null;
        }

        Part[] projections = [.. parts.Select(part => new Part((Layer)part.Product, part.First))];
        LayerTensor tokens = projections[0].Layer.Inputs[0];
        core.UnionWith(projections.Select(part => part.Layer));
        bool keepsKeys = !isOwn || projections[0].Layer.Parameters[0].Key.EndsWith("in_proj_weight", StringComparison.Ordinal);
        return keepsKeys && tokens.Shape.SequenceEqual(last.Shape) && projections.All(part => IsSame(part.Layer.Inputs[0], tokens, core))
            ? new FoldedLayers(core, [], [tokens], now => [SelfAttention(last, heads, now(tokens), projections)]) : null;
    }

    private static Layer SelfAttention(Layer last, Layer heads, LayerTensor tokens, Part[] projections)
    {
        int features = last.Shape[0];
        bool hasBias = last.Parameters.Count == 2;
        const string Out = ".out_proj";
        string path = last.Path.EndsWith(Out, StringComparison.Ordinal) ? last.Path[..^Out.Length] : "";
        var parameters = new List<LayerParameter> { Joined(0, "in_proj_weight", [3 * features, features], features) };
        parameters.AddRange(hasBias ? [Joined(1, "in_proj_bias", [3 * features], 1)] : []);
        parameters.Add(last.Parameters[0] with { Suffix = "out_proj.weight", Shape = [features, features] });
        parameters.AddRange(hasBias ? [last.Parameters[1] with { Suffix = "out_proj.bias" }] : []);
        object number = heads.Arguments.FirstOrDefault(argument => argument.Name == "Heads")?.Value ?? 1;
        return LayerMaker.Make(
            "Attention", [tokens], [new(null, number), new("Bias", hasBias), new(Causal, Is(heads, Causal))], parameters, path);

        // The rows of queries, keys and values, one behind the other.
        LayerParameter Joined(int number, string suffix, int[] shape, int columns)
        {
            LayerParameter[] own = [.. projections.Select(part => part.Layer.Parameters[number])];
            int count = shape[0] / 3 * columns;
            bool isOne = own.All(parameter => ReferenceEquals(parameter, own[0]));
            float[] Values() =>
                [.. projections.SelectMany((part, k) => own[k].Values().AsSpan(part.First * columns, count).ToArray())];
            return new LayerParameter(suffix, shape, Values, isOne ? own[0].Key : "")
            {
                // Each stands on a line of its own, with the row where it begins.
                Origin = () => own.All(parameter => parameter.Origin().Length > 0)
                    ? string.Join('\n', own.Select((parameter, k) => $"{parameter.Origin()} {projections[k].First}")) : "",
            };
        }
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
        && layer.Arguments.Skip(2).All(argument => argument.Name == "Bias") && Moved.IsSmall(layer);

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

    /// <summary>Rows of a tensor, which are features of tokens.</summary>
    private sealed record Rows(LayerTensor Source, int First, int Count, int Length)
    {
        /// <summary>The rows that a matrix for each head has; null if it has others.</summary>
        public static Rows? Of(Matrices matrices, int heads, int ofHead, int length)
        {
            LayerTensor source = matrices.Moved!.Source;
            if (Tokens(source).Length != length || matrices.Moved.Indices.Length != heads * ofHead * length)
            {
                return null;
            }

            int first = matrices.At(0, 0, 0, ofHead, length);
            return first % length == 0 && Each(heads, ofHead, length, (h, d, i) =>
                matrices.At(h, d, i, ofHead, length) == first + ((((h * ofHead) + d) * length) + i))
                ? new Rows(source, first / length, heads * ofHead, length) : null;
        }

        /// <summary>The tensor, by layers that are added to a list unless it has them.</summary>
        public LayerTensor Make(Func<LayerTensor, LayerTensor> now, List<Layer> made)
        {
            LayerTensor tensor = now(Source);
            tensor = tensor.Shape.Count == 2 ? tensor : Made("Reshape", tensor, Tokens(tensor).Features, Length);
            return Count == tensor.Shape[0] ? tensor : Made("Slice", tensor, First, First + Count);

            Layer Made(string kind, LayerTensor input, params int[] numbers)
            {
                Layer layer = LayerMaker.Make(kind, [input], [.. numbers.Select(number => new LayerArgument(null, number))], [], "");
                Layer? same = made.Find(other =>
                    other.Kind == kind && other.Inputs[0] == input && other.Arguments.SequenceEqual(layer.Arguments));
                made.AddRange(same is null ? [layer] : []);
                return same ?? layer;
            }
        }
    }

    /// <summary>What a softmax reads: a product of queries and keys, times a number.</summary>
    /// <param name="Product">The product.</param>
    /// <param name="Scale">The number.</param>
    /// <param name="Mask">What is added to it; null for nothing.</param>
    /// <param name="IsCausal">Whether later keys are hidden.</param>
    private sealed record Scores(Layer Product, double Scale, LayerTensor? Mask, bool IsCausal)
    {
        public static Scores? Find(Layer softmax, bool hasQueriesFirst, HashSet<Layer> core, HashSet<Layer> moving)
        {
            LayerTensor scores = softmax.Inputs[0];
            LayerTensor? mask = null;
            double scale = 1;
            bool isCausal = hasQueriesFirst && scores is Layer { Kind: "Where", Inputs: [var seen, _, var hidden] }
                && HidesLater(seen, hidden, softmax.Shape, moving);
            if (isCausal)
            {
                core.Add((Layer)scores);
                scores = ((Layer)scores).Inputs[1];
            }

            while (Unshaped(scores, core) is Layer layer && layer.Shape.TakeLast(2).SequenceEqual(softmax.Shape.TakeLast(2)))
            {
                core.Add(layer);
                if (layer.Kind == "MatMul")
                {
                    bool isWhole = Extents.Product(layer.Shape) == Extents.Product(softmax.Shape);
                    return isWhole && (mask is null || IsMask(mask, softmax.Shape)) ? new Scores(layer, scale, mask, isCausal) : null;
                }

                if (Moved.FactorOf(layer) is { } factor)
                {
                    (scores, scale) = (layer.Inputs[0], scale * factor);
                }
                else if (layer is { Kind: "Add", Inputs: [var one, var other] } && mask is null && scale == 1 && hasQueriesFirst)
                {
                    (scores, mask) = LeadsToProduct(one) ? (one, other) : (other, one);
                }
                else
                {
                    break;
                }
            }

            return null;
        }

        private static bool LeadsToProduct(LayerTensor tensor)
        {
            while (tensor is Layer { Kind: "Affine" or "Reshape" } layer)
            {
                tensor = layer.Inputs[0];
            }

            return tensor is Layer { Kind: "MatMul" };
        }

        private static bool IsMask(LayerTensor mask, IReadOnlyList<int> pairs) => mask.Shape.Count is 2 or 3
            && mask.Shape[^1] == pairs[^1] && (mask.Shape[^2] == pairs[^2] || mask.Shape[^2] == 1)
            && (mask.Shape.Count == 2 || mask.Shape[0] == 1 || (pairs.Count == 3 && mask.Shape[0] == pairs[0]));

        /// <summary>Whether a choice takes −∞ for all keys behind a query.</summary>
        private static bool HidesLater(LayerTensor seen, LayerTensor hidden, IReadOnlyList<int> pairs, HashSet<Layer> moving)
        {
            int keys = pairs[^1], count = pairs[^2] * keys;
            HashSet<Layer> constant = [];
            bool hides = ValuesOf(seen, constant) is { } truths && ValuesOf(hidden, constant) is { } least && truths.Length == count
                && Array.TrueForAll(least, float.IsNegativeInfinity)
                && Enumerable.Range(0, count).All(i => truths[i] == (i % keys <= i / keys ? 1 : 0));
            moving.UnionWith(hides ? constant : []);
            return hides;
        }

        /// <summary>The values of a constant; null if it is none.</summary>
        private static float[]? ValuesOf(LayerTensor tensor, HashSet<Layer> passed)
        {
            while (tensor is Layer { Kind: "Reshape" } reshape)
            {
                passed.Add(reshape);
                tensor = reshape.Inputs[0];
            }

            if (tensor is not Layer { Kind: "Buffer" } constant || !Moved.IsSmall(constant))
            {
                return null;
            }

            passed.Add(constant);
            return constant.Parameters[0].Values();
        }
    }
}
