using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Operators that take elements from places that are computed.</summary>
internal static class SamplingRules
{
    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("TopK", TopK),
        KeyValuePair.Create<string, Rule>("GridSample", Sample),
    ];

    /// <summary>What the page about normal form says of the nodes that come of these rules.</summary>
    public static IEnumerable<NormalRow> Rows =>
    [
        new("`TopK`", "x", "`k`, `axis`, `largest`, `indices`", "one for the values and one for the indices"),
        new("`GatherElements`", "x, indices", "`axis`", "indices have the extents of x along the other axes, or 1"),
        new("`GridSample`", "x, grid", "`mode` (`linear`, `nearest`, `cubic`), `padding_mode` (`zeros`, `border`, `reflection`), "
            + "`align_corners`"),
        new("`Embedding`", "indices, table (constant, two axes)", "", "`Gather` of rows of a constant table by computed indices"),
    ];

    private static bool TopK(NodeReading node)
    {
        if (!node.IsConstantOrAbsent(1))
        {
            return node.Refuse("it counts elements by a number that is computed");
        }

        int axis = Shapes.Axis(node.Attributes.Integer("axis", -1), node.Rank), extent = node.X.Shape[axis];
        if (node.Integers("k", 1) is not [var k] || k < 0 || k > extent)
        {
            throw new ReadingException($"k is {string.Join(", ", node.Integers("k", 1) ?? [])}; its axis has {extent} elements");
        }

        if (k == 0)
        {
            return node.Refuse("it takes no elements");
        }

        bool largest = node.Attributes.Integer("largest", 1) != 0;
        int[] shape = [.. node.X.Shape.Select((own, i) => i == axis ? (int)k : own)];
        OnnxValue Of(bool indices, ElementType type) => node.Emit(
            "TopK", [node.X], shape, new() { { "k", k }, { "axis", axis }, { "largest", largest }, { "indices", indices } }, type);

        // Values may be those at the indices: see Operators/Samplings.
        OnnxValue places = Of(indices: true, ElementType.Integer);
        return node.Give(Of(indices: false, node.X.Type), places);
    }

    /// <summary>Elements at indices that are computed; constant ones are places, which <see cref="PlacingRules"/> writes out.</summary>
    public static bool Gather(NodeReading node)
    {
        (OnnxValue x, OnnxValue indices) = (node.X, node.Required(1));
        int axis = Shapes.Axis(node.Attributes.Integer("axis"), node.Rank);
        PlacingRules.CheckElements(node, indices, axis);
        int[] shape = [.. indices.Shape];
        if (shape.Contains(0))
        {
            return node.Refuse("it takes no elements");
        }

        // Indices for the first elements of the other axes.
        for (int other = 0; other < node.Rank; other++)
        {
            x = other == axis || x.Shape[other] == shape[other] ? x : SelectionRules.Run(node, x, other, 0, shape[other]);
        }

        // The layer repeats single indices along the other axes by itself.
        while (indices.Producer is { Operator: "Expand" or "Tile", Domain: "", Input: { Constant: null } one }
            && one.Shape.Count == shape.Length && one.Shape[axis] == shape[axis]
            && one.Shape.Select((own, i) => own == 1 || own == shape[i]).All(fits => fits))
        {
            indices = one;
        }

        return node.Give(node.Emit("GatherElements", [x, indices], shape, new() { { "axis", axis } }));
    }

    /// <summary>Rows of a constant table at indices that are computed.</summary>
    public static bool Embedding(NodeReading node)
    {
        OnnxValue indices = node.Required(1);
        int rows = node.X.Shape[0], columns = Shapes.Product(node.X.Shape, 1, node.Rank);
        if (rows == 0 || columns == 0)
        {
            return node.Refuse("it takes no elements");
        }

        OnnxValue table = node.Reshaped(node.X, [rows, columns]);
        OnnxValue row = node.Emit("Embedding", [indices, table], [.. indices.Shape, columns], type: table.Type);
        return node.Give(node.Reshaped(row, [.. indices.Shape, .. node.X.Shape.Skip(1)]));
    }

    private static bool Sample(NodeReading node)
    {
        (OnnxValue x, OnnxValue grid) = (node.X, node.Required(1));
        if (node.Rank is not (4 or 5) || grid.Shape.Count != node.Rank || grid.Shape[^1] != node.Rank - 2 || grid.Shape[0] != x.Shape[0])
        {
            return node.Refuse($"its grid of {Shapes.Text(grid.Shape)} does not suit an input of {Shapes.Text(x.Shape)}");
        }

        string? mode = node.Attributes.Text("mode", "linear") switch
        {
            "linear" or "bilinear" => "linear",
            "nearest" => "nearest",
            "cubic" or "bicubic" when node.Rank == 4 => "cubic",
            _ => null,
        };
        string padding = node.Attributes.Text("padding_mode", "zeros");
        if (mode is null || padding is not ("zeros" or "border" or "reflection"))
        {
            return node.Refuse($"its mode is {node.Attributes.Text("mode", "linear")}, and its padding_mode {padding}");
        }

        int[] shape = [.. x.Shape.Take(2), .. grid.Shape.Skip(1).Take(node.Rank - 2)];
        bool align = node.Attributes.Integer("align_corners") != 0;
        return node.Give(node.Emit(
            "GridSample", [x, grid], shape, new() { { "mode", mode }, { "padding_mode", padding }, { "align_corners", align } }));
    }
}
