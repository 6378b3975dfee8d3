using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata;

/// <summary>The size of a network's inputs: the extents of all of them without channels, one after the other.</summary>
/// <param name="info">The network.</param>
internal sealed class InputSize(NetworkInfo info)
{
    private readonly string _network = info.Name;
    private readonly string _inputs = string.Join(" and ", info.Inputs.Select(input => Text([.. input.Shape])));

    /// <summary>The size that the network was declared with.</summary>
    public int[] Extents { get; } = [.. info.Inputs.SelectMany(input => input.Shape.Skip(1))];

    /// <summary>A size as messages write it: 48×160.</summary>
    public static string Text(ReadOnlySpan<int> extents)
    {
        var texts = new List<string>();
        foreach (int extent in extents)
        {
            texts.Add(extent.ToString(CultureInfo.InvariantCulture));
        }

        return string.Join('×', texts);
    }

    /// <summary>Checks that extents may be a size of this network.</summary>
    /// <exception cref="ArgumentException">They may not.</exception>
    public void Check(ReadOnlySpan<int> extents)
    {
        if (Extents.Length == 0)
        {
            throw new ArgumentException($"{_network} has no size: its input is {_inputs}, which are features.", nameof(extents));
        }

        if (extents.Length != Extents.Length)
        {
            throw new ArgumentException(
                $"The input of {_network} is {_inputs}: without channels its size has {MessageText.Count(Extents.Length, "extent")}, such "
                + $"as {Text(Extents)}; found {extents.Length}.",
                nameof(extents));
        }

        foreach (int extent in extents)
        {
            if (extent < 1)
            {
                throw new ArgumentException($"A size of {_network} has extents of 1 or more; found {Text(extents)}.", nameof(extents));
            }
        }
    }
}
