using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Saving;

/// <summary>Padding as nodes of its own.</summary>
internal static class Margins
{
    /// <summary>Pads the pixels of a tensor.</summary>
    /// <param name="nodes">The layer.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="margins">How much is added before and behind each axis of pixels.</param>
    /// <param name="mode">What is added.</param>
    /// <param name="value">What is added in the mode <see cref="PaddingMode.Zeros"/>.</param>
    public static string Add(
        LayerNodes nodes, string tensor, IReadOnlyList<(int Before, int After)> margins, PaddingMode mode = PaddingMode.Zeros,
        float value = 0)
    {
        if (margins.All(margin => margin is (0, 0)))
        {
            return tensor;
        }

        if (mode == PaddingMode.Circular && nodes.Opset < 19)
        {
            return AddCopies(nodes, tensor, margins);
        }

        string type = mode switch
        {
            PaddingMode.Zeros => "constant",
            PaddingMode.Reflect => "reflect",
            PaddingMode.Replicate => "edge",
            PaddingMode.Circular => "wrap",
            _ => throw nodes.NoForm($"Its padding mode {mode} is unknown."),
        };
        int[] none = [0, 0];
        string pads = nodes.Integers(
            "pads", [.. none, .. margins.Select(margin => margin.Before), .. none, .. margins.Select(margin => margin.After)]);
        return nodes.Node(
            "Pad", value == 0 ? [tensor, pads] : [tensor, pads, nodes.Scalar("padding", value)], NodeAttribute.Of("mode", type));
    }

    /// <summary>Adds, along one axis after the other, copies of the opposite end.</summary>
    private static string AddCopies(LayerNodes nodes, string tensor, IReadOnlyList<(int Before, int After)> margins)
    {
        for (int i = 0; i < margins.Count; i++)
        {
            (int before, int after) = margins[i];
            int axis = i + 2;
            string end = before > 0 ? nodes.Slice(tensor, [axis], [-before], [int.MaxValue]) : "";
            string start = after > 0 ? nodes.Slice(tensor, [axis], [0], [after]) : "";
            tensor = before + after == 0 ? tensor : nodes.Node(
                "Concat", new[] { end, tensor, start }.Where(part => part.Length > 0), NodeAttribute.Of("axis", axis));
        }

        return tensor;
    }
}
