using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Catalogue;

/// <summary>
/// An argument for all axes, and those that replace it for one axis or for one side of an axis: <c>Padding</c>, <c>PaddingHeight</c>,
/// <c>PaddingTop</c>.
/// </summary>
/// <param name="All">The argument for all axes.</param>
/// <param name="Described">What the description of a layer has of them.</param>
/// <param name="Axis">What stands before the axis in the name of an argument for one axis.</param>
/// <param name="Side">What stands before the side in the name of an argument for one side; null if there are no such arguments.</param>
internal sealed record AxisArguments(ArgumentSpec<int> All, DescribedPartKind Described, string Axis, string? Side = null)
{
    /// <summary>All of these arguments of an operator of one, two or three axes.</summary>
    public IEnumerable<ArgumentSpec> Specs(int dimensions)
    {
        IReadOnlyList<LayerAxis> axes = LayerAxis.Of(dimensions);
        var specs = new List<ArgumentSpec> { All with { DescribedAs = new DescribedPart(Described) } };
        void Add(string name, int axis, bool? isAfter) => specs.Add(
            new ArgumentSpec<int>(name, ArgumentForm.Property, 0)
            {
                HasDefault = false,
                DescribedAs = new DescribedPart(Described, axis, isAfter),
            });
        for (int i = 0; i < axes.Count; i++)
        {
            if (axes[i].Suffix.Length > 0)
            {
                Add(Axis + axes[i].Suffix, i, isAfter: null);
            }
        }

        for (int i = 0; i < axes.Count && Side is not null; i++)
        {
            Add(Side + axes[i].Before, i, isAfter: false);
            Add(Side + axes[i].After, i, isAfter: true);
        }

        return specs;
    }

    /// <summary>The argument that counts for each axis, slowest first.</summary>
    public IArgumentSource<EquatableArray<Argument<int>>> Each(int dimensions) => new ArgumentGroup<EquatableArray<Argument<int>>>(
        Specs(dimensions), written => LayerAxis.Of(dimensions).Select(axis => Read(written, axis)).ToEquatableArray());

    /// <summary>The argument that counts for an axis.</summary>
    public Argument<int> Read(AttributeArguments arguments, LayerAxis axis) => arguments.First(All, Names(axis));

    /// <summary>The argument that counts for the beginning of an axis.</summary>
    public Argument<int> ReadBefore(AttributeArguments arguments, LayerAxis axis) =>
        arguments.First(All, Names(axis).Prepend(Side + axis.Before));

    /// <summary>The argument that counts for the end of an axis.</summary>
    public Argument<int> ReadAfter(AttributeArguments arguments, LayerAxis axis) =>
        arguments.First(All, Names(axis).Prepend(Side + axis.After));

    private IEnumerable<string> Names(LayerAxis axis) => axis.Suffix.Length > 0 ? [Axis + axis.Suffix] : [];
}
