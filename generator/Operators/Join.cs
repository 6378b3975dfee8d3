using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

/// <summary>What the layers that join the branches of a group have in common.</summary>
internal abstract class Join : LayerOperator
{
    public sealed override bool JoinsBranches => true;

    /// <summary>What the branches must have in common, in the words of messages.</summary>
    protected abstract string Agreement { get; }

    /// <summary>Whether the channels, too, have to agree.</summary>
    protected abstract bool ChannelsAgree { get; }

    /// <summary>Whether a branch of one pixel fits any number of pixels.</summary>
    protected virtual bool PixelsBroadcast => false;

    public sealed override LayerResult? Build(LayerContext layer)
    {
        if (layer.Inputs is not { } branches || layer.HasErrors)
        {
            return null;
        }

        LayerInput model = PixelsBroadcast ? branches.OrderByDescending(b => b.Shape.Rows * b.Shape.Width).First() : branches[0];
        foreach (LayerInput branch in branches)
        {
            if (Differences(model.Shape, branch.Shape) is { Count: > 0 } differences)
            {
                (string remedy, Mend? mend) = Remedy(branches, model, branch, differences[0].Name);
                layer.Report(
                    Rules.BranchesDiffer,
                    "",
                    mend is not null && differences.Count == 1 ? [mend] : [],
                    Agreement,
                    model.Origin,
                    model.Shape.ToString(),
                    branch.Origin,
                    branch.Shape.ToString(),
                    string.Join(", ",
                        differences.Select(axis => $"{axis.Name} {Extent(model, axis.Extent)} ≠ {Extent(branch, axis.Extent)}")),
                    remedy);
                return null;
            }
        }

        return Build(layer, branches.Select(branch => branch.Shape).ToArray());
    }

    /// <summary>The operation and the output's shape, for branches that fit together.</summary>
    protected abstract LayerResult? Build(LayerContext layer, IReadOnlyList<Shape> branches);

    /// <summary>The extent, and the layer since which it has been so.</summary>
    private static string Extent(LayerInput branch, Func<Shape, int> extent) =>
        Arithmetic.Number(extent(branch.Shape)) + (branch.Since?.Invoke(extent) is { } layer ? $" (since {layer})" : "");

    private static (string Text, Mend? Mend) Remedy(IReadOnlyList<LayerInput> branches, LayerInput left, LayerInput right, string axis)
    {
        // A branch without layers is the one that gets the projection.
        (LayerInput from, LayerInput to) = left.IsIdentity ? (left, right) : (right, left);
        string size = Arithmetic.Number(to.Shape.Channels);
        (string Text, Mend? Mend) Projection(string kind, string arguments) => (
            $"Put [{kind}({arguments})] at the end of {from.Origin}",
            from.Name is null ? new Mend(MendKind.InsertInBranch, kind, arguments, Array.IndexOf(branches.ToArray(), from)) : null);
        return axis switch
        {
            "features" => Projection("Dense", size),
            "channels" => Projection($"Conv{Arithmetic.Number(from.Shape.Rank - 1)}D", $"{size}, 1"),
            "rank" when from.Shape.Rank == 1 || to.Shape.Rank == 1 => ("Flatten both or neither", null),
            "rank" => ("Give both the same rank", null),
            _ => ("Use the same strides in both, and paddings that keep the size, such as AutoPad = AutoPad.Same", null),
        };
    }

    private List<(string Name, Func<Shape, int> Extent)> Differences(Shape left, Shape right)
    {
        var differences = new List<(string Name, Func<Shape, int> Extent)>();
        void Compare(string axis, Func<Shape, int> extent)
        {
            if (extent(left) != extent(right))
            {
                differences.Add((axis, extent));
            }
        }

        Compare("rank", shape => shape.Rank);
        if (differences.Count == 0)
        {
            if (ChannelsAgree)
            {
                Compare(left.Rank == 1 ? "features" : "channels", shape => shape.Channels);
            }

            if (!(PixelsBroadcast && right.Rows * right.Width == 1))
            {
                Compare("depth", shape => shape.Depth);
                Compare("height", shape => shape.Height);
                Compare(left.Rank == 2 ? "length" : "width", shape => shape.Width);
            }
        }

        return differences;
    }
}
