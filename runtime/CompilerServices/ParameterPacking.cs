using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;

namespace Strata.CompilerServices;

/// <summary>
/// Where a tier keeps a parameter. Element (i₀, i₁, …) of PyTorch's shape is at <see cref="Offset"/> + Σ axisₖ(iₖ) in the packed
/// parameters. The offset counts floats, and the sum counts elements.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ParameterPacking
{
    internal ParameterPacking(int offset, int length, IReadOnlyList<PackedAxis> axes, WeightStorage element = WeightStorage.Float32) =>
        (Offset, Length, Axes, Element) = (offset, length, axes, element);

    /// <summary>First float, a multiple of 16.</summary>
    internal int Offset { get; }

    /// <summary>Number of floats, including padding.</summary>
    internal int Length { get; }

    /// <summary>One entry for each axis of the parameter's shape.</summary>
    internal IReadOnlyList<PackedAxis> Axes { get; }

    /// <summary>The type of its elements.</summary>
    internal WeightStorage Element { get; }

    /// <summary>Whether the elements of another parameter of the same shape are in the same order.</summary>
    internal bool HasOrderOf(ParameterPacking other)
    {
        bool same = Length == other.Length && Element == other.Element;
        for (int axis = 0; same && axis < Axes.Count; axis++)
        {
            same = Axes[axis].Dimensions.AsSpan().SequenceEqual(other.Axes[axis].Dimensions);
        }

        return same;
    }

    /// <summary>Reads a table of plain numbers from generated code.</summary>
    /// <param name="numbers">
    /// For each parameter: offset, length, number of axes; then for each axis its number of dimensions, and extent and stride of each.
    /// </param>
    /// <param name="element">The type of the elements of some parameters; those of all others are floats.</param>
    /// <param name="ofElement">The numbers of these parameters.</param>
    public static IReadOnlyList<ParameterPacking> Read(
        ReadOnlySpan<int> numbers, WeightStorage element = WeightStorage.Float32, ReadOnlySpan<int> ofElement = default)
    {
        var packing = new List<ParameterPacking>();
        for (int i = 0; i < numbers.Length;)
        {
            (int offset, int length) = (numbers[i], numbers[i + 1]);
            var axes = new PackedAxis[numbers[i + 2]];
            i += 3;
            for (int axis = 0; axis < axes.Length; axis++)
            {
                var dimensions = new (int Extent, int Stride)[numbers[i++]];
                for (int dimension = 0; dimension < dimensions.Length; dimension++)
                {
                    dimensions[dimension] = (numbers[i], numbers[i + 1]);
                    i += 2;
                }

                axes[axis] = new PackedAxis(dimensions);
            }

            // Search only if there are any: the search is generic code, which would be compiled for nothing.
            packing.Add(new ParameterPacking(
                offset, length, axes, !ofElement.IsEmpty && ofElement.Contains(packing.Count) ? element : WeightStorage.Float32));
        }

        return packing;
    }
}

/// <summary>
/// One axis of a packed parameter. Its index is split along dimensions of (extent, stride), the last one running fastest. With (8, 3200),
/// (16, 1) the index 35 = 2·16 + 3 is at 2·3200 + 3·1. A dimension with a negative stride runs backwards: with (3, −16) the indices 0, 1, 2
/// are at 32, 16, 0.
/// </summary>
/// <param name="Dimensions">Extent and stride of each, slowest first.</param>
internal sealed record PackedAxis(params (int Extent, int Stride)[] Dimensions)
{
    /// <summary>Where <paramref name="index"/> is, relative to the parameter's first float.</summary>
    public int Offset(int index)
    {
        int offset = 0;
        for (int i = Dimensions.Length - 1; i >= 0; i--)
        {
            (int extent, int stride) = Dimensions[i];
            offset += (stride < 0 ? (index % extent) - (extent - 1) : index % extent) * stride;
            index /= extent;
        }

        return offset;
    }
}
