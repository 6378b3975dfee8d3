using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

/// <summary>The base of the layers that join the branches of a group.</summary>
internal abstract class Join : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Joins;

    public sealed override bool JoinsBranches => true;

    /// <summary>The names of tensors, which the stack reads, and what the definition takes.</summary>
    public sealed override IReadOnlyList<ArgumentSpec> Arguments =>
    [
        new ArgumentSpec<EquatableArray<string>>(NamesArgument, ArgumentForm.Optional, [])
        {
            DescribedAs = new DescribedPart(DescribedPartKind.Inputs),
        },
        .. Signature.Arguments,
    ];
}

/// <summary>A layer that turns several tensors into one.</summary>
internal abstract record JoinDefinition : LayerDefinition
{
    /// <summary>What the branches must have in common, for messages.</summary>
    protected abstract string Agreement { get; }

    /// <summary>The axis along which the branches may differ; none if they must have one shape.</summary>
    protected virtual Axes Free => Axes.None;

    /// <summary>Whether the arguments suit the first branch. What does not is reported.</summary>
    protected virtual bool Suits(LayerContext layer) => true;

    /// <summary>Whether a branch of one element along an axis is repeated along that axis.</summary>
    protected virtual bool Broadcasts => false;

    /// <summary>The largest number of branches; null for any number.</summary>
    protected virtual int? Most => null;

    public sealed override bool TakesManyAxes => Free == Axes.None;

    public sealed override LayerResult? Build(LayerContext layer)
    {
        if (layer.Inputs is not { } branches || layer.HasErrors)
        {
            return null;
        }

        if (branches.Count > Most)
        {
            layer.Report(BranchProblems.TooFew(
                layer.Here, $"{Arithmetic.Number(branches.Count)} {(branches[0].Name is null ? "branches" : "tensors")}",
                $"It takes {Arithmetic.Number(Most.Value)}: write another [{layer.Kind}] for the next one"));
            return null;
        }

        if (!Suits(layer))
        {
            return null;
        }

        // With broadcasting, each pair can differ. Without it, all are compared with the first one.
        for (int i = 0; i < (Broadcasts ? branches.Count : 1); i++)
        {
            for (int j = i + 1; j < branches.Count; j++)
            {
                if (Differences(branches[i].Shape, branches[j].Shape) is { Count: > 0 } differences)
                {
                    Report(layer, branches, branches[i], branches[j], differences);
                    return null;
                }
            }
        }

        return Build(layer, branches.Select(branch => branch.Shape).ToArray());
    }

    private void Report(
        LayerContext layer, IReadOnlyList<LayerInput> branches, LayerInput left, LayerInput right,
        List<(string Name, Func<Shape, int> Extent)> differences)
    {
        (string remedy, Fix? fix) = Remedy(branches, left, right, differences[0].Name);
        layer.Report(BranchProblems.Differ(
            layer.Here, Agreement, left, right,
            string.Join(", ", differences.Select(axis => $"{axis.Name} {Extent(left, axis.Extent)} ≠ {Extent(right, axis.Extent)}")),
            remedy, fix is not null && differences.Count == 1 ? [fix] : []));
    }

    /// <summary>The operation and the output's shape, for branches whose shapes fit.</summary>
    protected abstract LayerResult? Build(LayerContext layer, IReadOnlyList<Shape> branches);

    /// <summary>A branch's extent and the layer that last changed it, for messages.</summary>
    private static string Extent(LayerInput branch, Func<Shape, int> extent) =>
        Arithmetic.Number(extent(branch.Shape)) + (branch.Since?.Invoke(extent) is { } layer ? $" (since {layer})" : "");

    private (string Text, Fix? Fix) Remedy(IReadOnlyList<LayerInput> branches, LayerInput left, LayerInput right, string axis)
    {
        // The edit adds a projection to the branch without layers, if there is one.
        (LayerInput from, LayerInput to) = left.IsIdentity ? (left, right) : (right, left);
        string size = Arithmetic.Number(to.Shape.Channels);
        (string Text, Fix? Fix) Projection(string kind, string arguments) => (
            $"Put [{kind}({arguments})] at the end of {from.Origin}",
            from.Name is null ? new Fix(FixKind.InsertInBranch, kind, arguments, Array.IndexOf(branches.ToArray(), from)) : null);
        return axis switch
        {
            "rank" when Broadcasts && Reshaping(branches, left, right) is { } reshaping => reshaping,
            _ when left.Shape.Rank > Shape.VolumeRank && axis != "rank" => (
                $"Give both the same extents: of more than {Arithmetic.Number(Shape.VolumeRank)} axes, none is repeated", null),
            _ when OnePixel(left, right) is { } small => Enlargement(branches, small, small == left ? right : left),
            "features" => Projection("Dense", size),
            "channels" => Projection($"Conv{Arithmetic.Number(from.Shape.Rank - 1)}D", $"{size}, 1"),
            "rank" when from.Shape.Rank == 1 || to.Shape.Rank == 1 => ("Flatten both or neither", null),
            "rank" => ("Give both the same rank", null),
            _ => ("Use the same strides in both, and paddings that keep the size, such as AutoPad = AutoPad.Same", null),
        };
    }

    /// <summary>
    /// The branch that has one element where the other has several, along one axis or all. No stride makes the other branch that small, but
    /// global pooling does. Null if there is no such branch, or if the shapes differ otherwise, too.
    /// </summary>
    private LayerInput? OnePixel(LayerInput left, LayerInput right)
    {
        (LayerInput small, LayerInput large) = left.Shape.Length < right.Shape.Length ? (left, right) : (right, left);
        (int Small, int Large)[] extents = [.. small.Shape.Extents.Zip(large.Shape.Extents, (one, other) => (one, other))];
        return small.Shape.Rank == large.Shape.Rank && small.Shape.Rank > 1
            && extents.Skip(1).All(extent => extent.Small <= extent.Large)
            && extents.Skip(1).Any(extent => extent.Small == 1 && extent.Large > 1)
            && (Free == Axes.Channels || extents[0].Small == extents[0].Large)
                ? small : null;
    }

    /// <summary>
    /// The reshaping of a flat branch to C×1×1, if it has as many features as the other branch has channels; null if it has not.
    /// </summary>
    private static (string Text, Fix? Fix)? Reshaping(IReadOnlyList<LayerInput> branches, LayerInput left, LayerInput right)
    {
        (LayerInput flat, LayerInput large) = left.Shape.Rank < right.Shape.Rank ? (left, right) : (right, left);
        if (flat.Shape.Rank > 1 || flat.Shape.Channels != large.Shape.Channels)
        {
            return null;
        }

        string arguments = Arithmetic.Number(flat.Shape.Channels) + string.Concat(Enumerable.Repeat(", 1", large.Shape.Rank - 1));
        return (
            $"Put [Reshape({arguments})] at the end of {flat.Origin}: each of its features then counts for all pixels of a channel",
            flat.Name is null
                ? new Fix(FixKind.InsertInBranch, "Reshape", arguments, Array.IndexOf(branches.ToArray(), flat)) : null);
    }

    /// <summary>An upsampling that makes a branch as large as another one.</summary>
    private static (string Text, Fix? Fix) Enlargement(IReadOnlyList<LayerInput> branches, LayerInput small, LayerInput large)
    {
        IReadOnlyList<LayerAxis> axes = LayerAxis.Of(small.Shape.Rank - 1);
        string kind = $"Upsample{Arithmetic.Number(axes.Count)}D";
        string arguments = string.Join(", ", axes.Select(
            (axis, i) => $"{(axis.Suffix.Length > 0 ? axis.Suffix : "Length")} = {Arithmetic.Number(large.Shape.Extents[i + 1])}"));
        bool isOne = small.Shape.Length == small.Shape.Channels;
        return (
            $"Put [{kind}({arguments})] at the end of {small.Origin}, which repeats its {(isOne ? "one element" : "elements")}",
            small.Name is null ? new Fix(FixKind.InsertInBranch, kind, arguments, Array.IndexOf(branches.ToArray(), small)) : null);
    }

    private List<(string Name, Func<Shape, int> Extent)> Differences(Shape left, Shape right)
    {
        Cancellation.ThrowIfRequested();
        var differences = new List<(string Name, Func<Shape, int> Extent)>();
        if (left.Rank != right.Rank)
        {
            differences.Add(("rank", shape => shape.Rank));
            return differences;
        }

        if (left.Rank > Shape.VolumeRank)
        {
            // Kernels do not see the axes that are columns together, so nothing is repeated along them.
            differences.AddRange(Enumerable.Range(0, left.Rank)
                .Where(axis => left.Extents[axis] != right.Extents[axis])
                .Select(axis => ($"axis {Arithmetic.Number(axis + 1)}", (Func<Shape, int>)(shape => shape.Extents[axis]))));
            return differences;
        }

        foreach (Axes axis in AxisSets.Each(left).Where(axis => axis != Free))
        {
            (int one, int other) = (left.Extent(axis), right.Extent(axis));
            if (one != other && !(Broadcasts && (one == 1 || other == 1)))
            {
                differences.Add((left.NameOf(axis), shape => shape.Extent(axis)));
            }
        }

        return differences;
    }
}
