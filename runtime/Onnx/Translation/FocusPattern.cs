using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Translation;

/// <summary>
/// Every second pixel of each row and column, all four kinds, joined as channels: the focus of YOLOv5. It moves pixels to channels.
/// YOLOv5 joins the kinds column by column, which no layer does. There the weights of the convolution behind it change places instead.
/// </summary>
internal static class FocusPattern
{
    public static OnnxNode? Find(OnnxNode last) => last.Operator switch
    {
        "Concat" => Read(last) is { IsRowByRow: true } focus ? focus.Moves(last) : null,
        "Conv" => OfConvolution(last),
        _ => null,
    };

    private static OnnxNode? OfConvolution(OnnxNode last)
    {
        if (Patterns.Before(last.Input, "Concat") is not { } concat || Read(concat) is not { IsRowByRow: false } focus
            || last.Inputs[1] is not { Constant: { } weight } given || weight.Shape[1] != last.Input.Shape[1])
        {
            return null;
        }

        var moved = new OnnxValue(given.Name, given.Shape)
        {
            Type = given.Type,
            Constant = new OnnxConstant(weight.Shape, new Lazy<float[]>(() => focus.Arrange(weight)), weight.Key),
        };
        return Patterns.Then(focus.Moves(concat), pixels => new OnnxNode(last.Operator, last.Name)
        {
            Inputs = [pixels, moved, .. last.Inputs.Skip(2)],
            Outputs = last.Outputs,
            Attributes = last.Attributes,
        });
    }

    /// <summary>What a concatenation joins, if that is each kind of pixel once.</summary>
    private static Focus? Read(OnnxNode concat)
    {
        int factor = (int)Math.Sqrt(concat.Inputs.Count);
        if (factor < 2 || factor * factor != concat.Inputs.Count || concat.Integer("axis") != 1 || concat.Output.Shape.Count != 4)
        {
            return null;
        }

        OnnxValue? source = null;
        var kinds = new List<int>();
        foreach (OnnxValue? part in concat.Inputs)
        {
            if (part is null || KindOf(part, factor) is not { } found || (source ??= found.Source) != found.Source)
            {
                return null;
            }

            kinds.Add(found.Kind);
        }

        return kinds.Distinct().Count() == kinds.Count ? new Focus(source!, factor, kinds) : null;
    }

    /// <summary>The tensor of which a part is every <paramref name="factor"/>-th pixel, and the place of the first in a block.</summary>
    private static (OnnxValue Source, int Kind)? KindOf(OnnxValue part, int factor)
    {
        int[] first = [0, 0, 0, 0], step = [1, 1, 1, 1];
        OnnxValue source = part;
        while (source.Producer is { Operator: "Slice", Domain: "" } slice && !step.Skip(2).All(s => s == factor))
        {
            (int[] starts, int[] steps) = (slice.Integers("starts"), slice.Integers("steps"));
            for (int i = 0; i < first.Length; i++)
            {
                first[i] = starts[i] + (steps[i] * first[i]);
                step[i] *= steps[i];
            }

            source = slice.Input;
        }

        bool isKind = step.SequenceEqual([1, 1, factor, factor])
            && first[0] == 0 && first[1] == 0 && first[2] < factor && first[3] < factor
            && source.Shape.SequenceEqual([part.Shape[0], part.Shape[1], part.Shape[2] * factor, part.Shape[3] * factor]);
        return isKind ? (source, (first[2] * factor) + first[3]) : null;
    }

    /// <param name="Source">The tensor whose pixels are moved.</param>
    /// <param name="Factor">How many rows and columns make a block.</param>
    /// <param name="Kinds">The places in a block, in the order in which they are joined.</param>
    private sealed record Focus(OnnxValue Source, int Factor, List<int> Kinds)
    {
        public bool IsRowByRow => Kinds.SequenceEqual(Enumerable.Range(0, Kinds.Count));

        public OnnxNode Moves(OnnxNode concat) =>
            Patterns.Node(concat, "SpaceToDepth", [Source], ("blocksize", (long)Factor), ("mode", "DCR"));

        /// <summary>The weights of a convolution over the joined kinds, for kinds that stand row by row.</summary>
        public float[] Arrange(OnnxConstant weight)
        {
            float[] from = weight.Floats, to = new float[from.Length];
            int length = from.Length / weight.Shape[0] / Kinds.Count;
            for (int i = 0; i < from.Length / length; i++)
            {
                int kind = i % Kinds.Count;
                from.AsSpan(i * length, length).CopyTo(to.AsSpan((i - kind + Kinds[kind]) * length));
            }

            return to;
        }
    }
}
