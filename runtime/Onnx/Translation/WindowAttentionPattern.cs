using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;

namespace Strata.Onnx.Translation;

/// <summary>
/// Attention within windows of an image, which exporters take apart: the image is rolled and divided into windows, whose pixels are
/// multiplied by weights and attend to one another, and then it is put together again. How the parts are moved is not compared: the place
/// of each element is followed.
/// </summary>
internal sealed class WindowAttentionPattern
{
    private const string Word = "ShiftedWindowAttention";

    private readonly HashSet<Layer> _parts = [];
    private readonly Shape _image;
    private readonly int _pixels;

    private WindowAttentionPattern(Layer last)
    {
        _image = Shape.Image(last.Shape[0], last.Shape[1], last.Shape[2]);
        _pixels = _image.Height * _image.Width;
    }

    public static LayerGraph Fold(LayerGraph graph) => LayerFolding.Fold(LayerFolding.Fold(graph, Find), Unpadded);

    /// <summary>An image that is padded to whole windows before, and cut to its size behind: the layer does both.</summary>
    private static FoldedLayers? Unpadded(Layer last)
    {
        if (last is not { Kind: "Crop2D", Inputs: [Layer { Kind: Word, Inputs: [Layer { Kind: "Pad2D" } pad] } attention] }
            || pad.Inputs is not [var image]
            || !image.Shape.SequenceEqual(last.Shape) || last.Made?.Operation is not Cropping crop
            || new[] { crop.Vertical, crop.Horizontal }.Any(axis => axis.Before != 0 || axis.Stride != 1)
            || pad.Arguments.Any(argument => argument.Name is not ("PaddingBottom" or "PaddingRight") && argument is not { Value: 0 })
            || attention.Arguments is not [_, { Value: int window }, ..])
        {
            return null;
        }

        Shape whole = WindowGrid.Whole(Shape.Image(image.Shape[0], image.Shape[1], image.Shape[2]), window);
        return whole.Extents.SequenceEqual(attention.Shape) ? FoldedLayers.ToOne([pad, attention, last], image, tensor => LayerMaker.Make(
            Word, [tensor], attention.Arguments, attention.Parameters, attention.Path)) : null;
    }

    /// <summary>The pattern that ends where the windows have become an image again.</summary>
    private static FoldedLayers? Find(Layer last) => last.Kind is "Reshape" or "Transpose" or "Concat" && last.Shape.Count == 3
        && Moved.IsSmall(last) ? new WindowAttentionPattern(last).Match(last) : null;

    private FoldedLayers? Match(Layer last)
    {
        Moved together = Moved.Follow(last, _parts);
        if (together is not { Scale: 1, Source: Layer output } || !IsProduct(output, _image.Channels))
        {
            return null;
        }

        _parts.Add(output);
        Moved result = Moved.Follow(output.Inputs[0], _parts);
        return result is { Scale: 1, Source: Layer { Kind: "MatMul" } product }
            ? Match(together, output, result, product, side: 0) ?? Match(together, output, result, product, side: 1) : null;
    }

    /// <param name="together">Where the pixels of windows go.</param>
    /// <param name="output">The product with weights behind the heads.</param>
    /// <param name="result">Where the elements of the heads' results go.</param>
    /// <param name="product">The product of the values with the weights of the softmax.</param>
    /// <param name="side">Which of its operands the softmax is.</param>
    private FoldedLayers? Match(Moved together, Layer output, Moved result, Layer product, int side)
    {
        if (product.Inputs[side] is not Layer { Kind: "Softmax" } softmax || !Moved.IsSmall(softmax)
            || softmax.Shape[^1] != softmax.Shape[^2] || softmax.Shape[^1] > WindowGrid.MaxWindow * WindowGrid.MaxWindow
            || _pixels % softmax.Shape[^1] != 0)
        {
            return null;
        }

        int tokens = softmax.Shape[^1], window = (int)Math.Sqrt(tokens), windows = _pixels / tokens;
        int heads = Extents.Product(softmax.Shape) / (tokens * tokens * windows);
        bool hasQueriesFirst = side == 0 ? !Is(product, "TransposeA") : Is(product, "TransposeB");
        if (window * window != tokens || heads == 0 || _image.Channels % heads != 0
            || Extents.Product(softmax.Shape) != heads * windows * tokens * tokens
            || Moved.AxisOf(softmax, "Axes") != softmax.Shape.Count - (hasQueriesFirst ? 1 : 2))
        {
            return null;
        }

        var sizes = new Sizes(heads, _image.Channels / heads, windows, tokens);
        if (MatricesOf(result, sizes, isByToken: side == 0) is not { } matrices
            || Scores(softmax, out float[] biases, out List<LayerParameter> added) is not { Kind: "MatMul" } first
            || !first.Shape.SequenceEqual(softmax.Shape))
        {
            return null;
        }

        Moved left = Moved.Follow(first.Inputs[0], _parts), right = Moved.Follow(first.Inputs[1], _parts);
        Moved values = Moved.Follow(product.Inputs[1 - side], _parts);
        _parts.UnionWith([product, softmax, first]);
        var rows = new Operand(left, IsByToken: !Is(first, "TransposeA"));
        var columns = new Operand(right, IsByToken: Is(first, "TransposeB"));
        var value = new Operand(values, IsByToken: side == 0 ? !Is(product, "TransposeB") : Is(product, "TransposeA"));
        Operand[] parts = hasQueriesFirst ? [rows, columns, value] : [columns, rows, value];
        double scale = left.Scale * right.Scale * Math.Sqrt(sizes.Features);
        if (left.Source is not Layer input || !IsProduct(input, AttentionHeads.Parts * _image.Channels)
            || input.Parameters.Count != output.Parameters.Count || values.Scale != 1 || Math.Abs(scale - 1) > Moved.ScaleTolerance
            || !Enumerable.Range(0, parts.Length).All(part => IsPart(parts[part], input, part, matrices, sizes)))
        {
            return null;
        }

        _parts.Add(input);
        Moved apart = Moved.Follow(input.Inputs[0], _parts);
        return apart.Scale == 1 && apart.Source.Shape.SequenceEqual(_image.Extents) && GridOf(apart, together, window) is { } grid
            && TableOf(biases, matrices, sizes, grid, hasQueriesFirst) is { } table
            ? FoldedLayers.ToOne(_parts, apart.Source, tensor => Make(tensor, heads, grid, input, table, OriginOf(added), output))
            : null;
    }

    /// <summary>Whether a layer multiplies the channels of each pixel by a matrix, and does nothing else.</summary>
    private static bool IsProduct(Layer layer, int channels) =>
        layer is { Kind: "Conv1D" or "Conv2D", Arguments: [{ Name: null }, { Name: null, Value: 1 }, ..], Inputs.Count: 1 }
        && layer.Shape[0] == channels && layer.Arguments.Skip(2).All(argument => argument.Name == "Bias")
        && Moved.IsSmall(layer);

    private static bool Is(Layer layer, string argument) => layer.Arguments.Any(one => one.Name == argument && one.Value is true);

    /// <summary>The products of queries and keys, and what is added to them before the softmax.</summary>
    private Layer? Scores(Layer softmax, out float[] biases, out List<LayerParameter> sources)
    {
        (biases, sources) = (new float[Extents.Product(softmax.Shape)], []);
        LayerTensor tensor = softmax.Inputs[0];
        var added = new List<float[]>();
        while (tensor is Layer { Kind: "Add", Inputs: [var one, var other] } sum)
        {
            _parts.Add(sum);
            if (Constant(other, softmax.Shape, sources) is { } second)
            {
                (tensor, added) = (one, [second, .. added]);
            }
            else if (Constant(one, softmax.Shape, sources) is { } before)
            {
                (tensor, added) = (other, [before, .. added]);
            }
            else
            {
                return null;
            }
        }

        foreach (float[] values in added)
        {
            for (int i = 0; i < biases.Length; i++)
            {
                biases[i] += values[i];
            }
        }

        return added.Count == 0 ? null : tensor as Layer;
    }

    /// <summary>The elements of a tensor of the network's own, repeated to a shape; null if it is none.</summary>
    private float[]? Constant(LayerTensor tensor, IReadOnlyList<int> shape, List<LayerParameter> sources)
    {
        var passed = new HashSet<Layer>();
        if (Moved.Follow(tensor, passed) is not { Scale: 1, Source: Layer { Kind: "Buffer" or "Param" } source } moved
            || tensor.Shape.Count != shape.Count)
        {
            return null;
        }

        _parts.UnionWith(passed);
        _parts.Add(source);
        sources.Add(source.Parameters[0]);
        float[] values = source.Parameters[0].Values();
        return [.. Enumerable.Range(0, Extents.Product(shape)).Select(place =>
        {
            int from = 0, stride = 1;
            for (int axis = shape.Count - 1; axis >= 0; axis--)
            {
                from += tensor.Shape[axis] == 1 ? 0 : place % shape[axis] * stride;
                (place, stride) = (place / shape[axis], stride * tensor.Shape[axis]);
            }

            return values[moved.Indices[from]];
        })];
    }

    /// <summary>The number of the matrix of each head and window; null if the matrices hold something else.</summary>
    private static int[,]? MatricesOf(Moved result, Sizes sizes, bool isByToken)
    {
        int[,] matrices = new int[sizes.Heads, sizes.Windows];
        int size = sizes.Tokens * sizes.Features;
        return sizes.All((head, window, feature, token, place) =>
        {
            int at = result.Indices[place], inMatrix = isByToken ? (token * sizes.Features) + feature : (feature * sizes.Tokens) + token;
            matrices[head, window] = feature + token == 0 ? at / size : matrices[head, window];
            return at == (matrices[head, window] * size) + inMatrix;
        }) ? matrices : null;
    }

    /// <summary>Whether the matrices of an operand are the channels of q (0), k (1) or v (2).</summary>
    private static bool IsPart(Operand operand, Layer input, int part, int[,] matrices, Sizes sizes) =>
        ReferenceEquals(operand.Moved.Source, input) && operand.Moved.Indices.Length == sizes.Length
        && sizes.All((head, window, feature, token, place) =>
            operand.At(matrices[head, window], feature, token, sizes) == (part * sizes.Length) + place);

    /// <summary>The windows whose pixels are the tokens; null if they are other pixels, or are not put together as they were.</summary>
    private WindowGrid? GridOf(Moved apart, Moved together, int window)
    {
        if (_image.Height % window != 0 || _image.Width % window != 0)
        {
            return null;
        }

        int shift = Math.Max(apart.Indices[0] / _image.Width, apart.Indices[0] % _image.Width);
        var grid = WindowGrid.Of(_image, window, shift);
        return shift < window && Enumerable.Range(0, apart.Indices.Length).All(at =>
        {
            int channel = at / _pixels * _pixels, from = channel + grid.Pixel(at % _pixels);
            return apart.Indices[at] == from && together.Indices[from] == at;
        }) ? grid : null;
    }

    /// <summary>The bias of each distance and head; null if pairs of one distance have several.</summary>
    private static float[]? TableOf(float[] biases, int[,] matrices, Sizes sizes, WindowGrid grid, bool hasQueriesFirst)
    {
        float[] table = new float[grid.Distances * grid.Distances * sizes.Heads];
        bool[] isKnown = new bool[table.Length];
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < biases.Length; i++)
            {
                int pair = i % (sizes.Tokens * sizes.Tokens), window = i / (sizes.Tokens * sizes.Tokens) % sizes.Windows;
                int head = i / (sizes.Tokens * sizes.Tokens * sizes.Windows), query = pair / sizes.Tokens, key = pair % sizes.Tokens;
                int inMatrix = hasQueriesFirst ? pair : (key * sizes.Tokens) + query;
                float bias = biases[(matrices[head, window] * sizes.Tokens * sizes.Tokens) + inMatrix];
                int place = (grid.Distance((query / grid.Window) - (key / grid.Window), (query % grid.Window) - (key % grid.Window))
                    * sizes.Heads) + head;
                bool isHidden = grid.IsHidden(window, query, key);
                if (pass == 0 && !isHidden && !isKnown[place])
                {
                    (table[place], isKnown[place]) = (bias, true);
                }
                else if (pass == 1 && (!isKnown[place] || bias != (isHidden ? table[place] + (float)WindowBias.Hidden : table[place])))
                {
                    return null;
                }
            }
        }

        return table;
    }

    /// <summary>Where the biases come from. Masks are added, too; they hold no other numbers than 0 and that of a hidden pair.</summary>
    private static Func<string> OriginOf(List<LayerParameter> added) => () =>
        added.Where(source => Array.Exists(source.Values(), value => value is not (0 or (float)WindowBias.Hidden)))
            .Select(source => source.Origin()).ToArray() is [var origin] ? origin : "";

    private static Layer Make(
        LayerTensor tensor, int heads, WindowGrid grid, Layer input, float[] table, Func<string> origin, Layer output)
    {
        string path = new[] { (input, ".qkv"), (output, ".proj") }
            .Where(part => part.Item1.Path.EndsWith(part.Item2, StringComparison.Ordinal))
            .Select(part => part.Item1.Path[..^part.Item2.Length]).FirstOrDefault("");
        IEnumerable<LayerParameter> Of(Layer layer, string prefix) => layer.Parameters.Select((parameter, i) => parameter with
        {
            Suffix = prefix + (i == 0 ? "weight" : "bias"),
            Shape = i == 0 ? [.. parameter.Shape.Take(2)] : parameter.Shape,
        });
        LayerArgument[] arguments =
        [
            new(null, heads), new(null, grid.Window), new("Shift", Math.Max(grid.ShiftDown, grid.ShiftRight)),
            new("Bias", input.Parameters.Count == 2),
        ];
        return LayerMaker.Make(
            Word, [tensor], arguments,
            [
                .. Of(input, "qkv."),
                new LayerParameter(WindowBias.Table, [grid.Distances * grid.Distances, heads], () => table, "") { Origin = origin },
                .. Of(output, "proj."),
            ],
            path);
    }

    /// <summary>How many heads, features of a head, windows and pixels of a window there are.</summary>
    private sealed record Sizes(int Heads, int Features, int Windows, int Tokens)
    {
        public int Length => Heads * Features * Windows * Tokens;

        /// <summary>Whether something holds for each head, window, feature, token, and their place among all.</summary>
        public bool All(Func<int, int, int, int, int, bool> holds)
        {
            for (int place = 0; place < Length; place++)
            {
                int token = place % Tokens, window = place / Tokens % Windows, channel = place / (Tokens * Windows);
                if (!holds(channel / Features, window, channel % Features, token, place))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Matrices whose rows are tokens or features.</summary>
    private readonly record struct Operand(Moved Moved, bool IsByToken)
    {
        /// <summary>The place of an element of a matrix, in the tensor that the elements come from.</summary>
        public int At(int matrix, int feature, int token, Sizes sizes) => Moved.Indices[
            (matrix * sizes.Tokens * sizes.Features) + (IsByToken ? (token * sizes.Features) + feature : (feature * sizes.Tokens) + token)];
    }
}
