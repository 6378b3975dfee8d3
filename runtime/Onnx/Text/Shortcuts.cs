using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>Replaces the shortcut of a residual block by one unit, whether it is the identity or a projection.</summary>
internal static class Shortcuts
{
    /// <summary>The units of a region with a shortcut; null if it has none.</summary>
    /// <param name="units">The units.</param>
    /// <param name="output">What is read of them.</param>
    /// <param name="isIdentity">Whether the shortcut is the identity.</param>
    public static IReadOnlyList<Unit>? In(IReadOnlyList<Unit> units, LayerTensor output, out bool isIdentity)
    {
        isIdentity = false;
        if (!units.Any(unit => unit.Kind == "Add"))
        {
            return null;
        }

        foreach (BranchGroup group in new UnitGraph(units, [], [output]).Groups.Values)
        {
            if (group is { Join: LayerUnit { Kind: "Add" } join, Branches: [var left, var right] })
            {
                int place = left.Count < right.Count ? 0 : 1;
                if (Match(group.Branches[place], group.Branches[1 - place], group.Start) is { } shortcut)
                {
                    isIdentity = shortcut.Convolution is null;
                    LayerTensor[] inputs = [.. join.Inputs];
                    inputs[place] = shortcut.Output;
                    var sum = new LayerUnit(join.Layer, inputs);
                    return
                    [
                        .. units.Where(unit => !group.Branches[place].Contains(unit)).Select(unit => unit == join ? sum : unit), shortcut,
                    ];
                }
            }
        }

        return null;
    }

    private static ShortcutUnit? Match(IReadOnlyList<Unit> branch, IReadOnlyList<Unit> other, LayerTensor start)
    {
        if (other.Count == 0)
        {
            return null;
        }

        switch (branch)
        {
            case []:
                return new ShortcutUnit(start, new ShortcutTensor(start.Shape), null, null);

            case [LayerUnit { Kind: "Conv1D" or "Conv2D" or "Conv3D" } convolution, LayerUnit { Kind: "BatchNorm" } norm]
                when IsProjection(convolution, norm, start):
                return new ShortcutUnit(start, norm.Output, convolution, norm);

            default:
                return null;
        }
    }

    /// <summary>Whether two layers are those that a shortcut becomes.</summary>
    private static bool IsProjection(LayerUnit convolution, LayerUnit norm, LayerTensor start)
    {
        IEnumerable<Slot> others = convolution.Slots.Skip(2)
            .Where(slot => slot.Name is not "Stride" and not "Bias" && slot.Literal is not null);
        string name = convolution.Wanted;
        return !others.Any() && norm.Layer.Arguments.Count == 0
            && convolution.Slots.Take(2).Select(slot => slot.Value).SequenceEqual([norm.Output.Shape[0], 1])
            && convolution.Slots.Any(slot => slot is { Name: "Bias", Value: false })
            && (start.Shape[0] != norm.Output.Shape[0] || ShortcutUnit.StrideOf(convolution.Layer) != 1)
            && (name.Length == 0 ? norm.Wanted.Length == 0
                : name.EndsWith(".0", StringComparison.Ordinal) && norm.Wanted == name[..^1] + "1");
    }
}

/// <summary>What a shortcut computes that is the identity.</summary>
internal sealed class ShortcutTensor(IReadOnlyList<int> shape) : LayerTensor(shape);
