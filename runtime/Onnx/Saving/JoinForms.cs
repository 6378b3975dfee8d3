using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Saving;

/// <summary>Joins of several tensors. ONNX broadcasts as Strata does.</summary>
internal static class JoinForms
{
    public static IEnumerable<(string Kind, LayerForm Form)> All =>
    [
        ("Add", nodes => Chain(nodes, "Add")),
        ("Subtract", nodes => Chain(nodes, "Sub")),
        ("Multiply", nodes => Chain(nodes, "Mul")),
        ("Divide", nodes => Chain(nodes, "Div")),
        ("Maximum", nodes => nodes.Node("Max", nodes.Inputs)),
        ("Minimum", nodes => nodes.Node("Min", nodes.Inputs)),
        ("Concat", nodes => nodes.Node("Concat", nodes.Inputs, NodeAttribute.Of("axis", 1))),
    ];

    private static string Chain(LayerNodes nodes, string type) =>
        nodes.Inputs.Skip(1).Aggregate(nodes.Input, (left, right) => nodes.Node(type, [left, right]));
}
