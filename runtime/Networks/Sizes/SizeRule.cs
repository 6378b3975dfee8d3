using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata;

/// <summary>Which sizes a network takes: those of a list, or multiples of a number. It always takes the one it was declared with.</summary>
internal sealed class SizeRule
{
    private readonly InputSize _own;
    private readonly string _network;
    private readonly int _multiple;
    private readonly int[][]? _sizes;

    /// <param name="info">The network at the size that it was declared with.</param>
    /// <param name="multiple">What extents are multiples of; 1 for any.</param>
    /// <param name="sizes">The only sizes; null for all multiples.</param>
    /// <exception cref="ArgumentException">The multiple is less than 1, or one of the sizes does not suit the network.</exception>
    public SizeRule(NetworkInfo info, int multiple, IReadOnlyList<int[]>? sizes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(multiple, 1);
        (_own, _network, _multiple) = (new InputSize(info), info.Name, multiple);
        foreach (int[] size in sizes ?? [])
        {
            ArgumentNullException.ThrowIfNull(size, nameof(sizes));
            _own.Check(size);
        }

        _sizes = sizes is null ? null
            : [_own.Extents, .. sizes.Where(size => !size.SequenceEqual(_own.Extents)).Select(size => (int[])size.Clone())];
    }

    /// <summary>The sizes, with the one that the network was declared with first; null for all multiples.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Sizes => _sizes;

    /// <summary>What the extents of other sizes are multiples of, if <see cref="Sizes"/> is null; else 1.</summary>
    public int Multiple => _sizes is null ? _multiple : 1;

    /// <summary>The size that the network was declared with.</summary>
    public ReadOnlySpan<int> Declared => _own.Extents;

    /// <summary>The rule of a network that has one size only.</summary>
    public static SizeRule Only(NetworkInfo info) => new(info, 1, []);

    /// <summary>Checks that the network takes a size.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    public void Check(ReadOnlySpan<int> extents)
    {
        _own.Check(extents);
        if (_sizes is not null && !Contains(_sizes, extents))
        {
            throw new ArgumentException($"{_network} takes {List()}; found {InputSize.Text(extents)}.", nameof(extents));
        }

        foreach (int extent in _sizes is null ? extents : [])
        {
            if (extent % _multiple != 0)
            {
                throw new ArgumentException(
                    $"{_network} takes sizes whose extents are multiples of {_multiple}; found {InputSize.Text(extents)}.",
                    nameof(extents));
            }
        }
    }

    /// <summary>The smallest size that is not smaller than the given one along any axis.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public int[] Smallest(ReadOnlySpan<int> extents)
    {
        _own.Check(extents);
        if (_sizes is null)
        {
            return RoundUp(extents);
        }

        int[]? smallest = null;
        foreach (int[] size in _sizes)
        {
            if (Holds(size, extents) && (smallest is null || Area(size) < Area(smallest)))
            {
                smallest = size;
            }
        }

        return (int[]?)smallest?.Clone() ?? throw new ArgumentException(
            $"{InputSize.Text(extents)} fits into no size of {_network}, which takes {List()}.", nameof(extents));
    }

    private static bool Contains(int[][] sizes, ReadOnlySpan<int> extents)
    {
        foreach (int[] size in sizes)
        {
            if (extents.SequenceEqual(size))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Holds(int[] size, ReadOnlySpan<int> extents)
    {
        for (int axis = 0; axis < size.Length; axis++)
        {
            if (size[axis] < extents[axis])
            {
                return false;
            }
        }

        return true;
    }

    private static double Area(int[] size) => size.Aggregate(1.0, (area, extent) => area * extent);

    private int[] RoundUp(ReadOnlySpan<int> extents)
    {
        int[] size = extents.ToArray();
        for (int axis = 0; axis < size.Length; axis++)
        {
            long rounded = ((long)size[axis] + _multiple - 1) / _multiple * _multiple;
            size[axis] = rounded <= int.MaxValue ? (int)rounded : throw new ArgumentException(
                $"{InputSize.Text(extents)} fits into no size of {_network}: {rounded} is more than {int.MaxValue}.", nameof(extents));
        }

        return size;
    }

    private string List() => _sizes!.Length == 1
        ? $"one size, {InputSize.Text(_sizes[0])}" : $"the sizes {string.Join(", ", _sizes.Select(size => InputSize.Text(size)))}";
}
