using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Translation;

/// <summary>Collects the arguments of a layer; those that equal their default are left out.</summary>
internal sealed class LayerArguments : IEnumerable<LayerArgument>
{
    private static readonly string[][] AxisNames = [[], [""], ["Height", "Width"], ["Depth", "Height", "Width"]];
    private static readonly string[] Begins = ["Front", "Top", "Left"], Ends = ["Back", "Bottom", "Right"];

    private readonly List<LayerArgument> _arguments = [];

    public static implicit operator LayerArgument[](LayerArguments arguments) => [.. arguments._arguments];

    public void Add(object value) => _arguments.Add(new LayerArgument(null, value));

    public void Add<T>(string name, T value, T without)
        where T : notnull
    {
        if (!value.Equals(without))
        {
            _arguments.Add(new LayerArgument(name, value));
        }
    }

    public void Add(string name, object value) => _arguments.Add(new LayerArgument(name, value));

    /// <summary>A kernel: the largest extent is the positional argument, and axes with another extent are named.</summary>
    public void AddKernel(IReadOnlyList<int> kernel)
    {
        Add(kernel.Max());
        AddOthers("Kernel", kernel, kernel.Max());
    }

    /// <summary>One value if all axes have it, else one for each axis that has not its default.</summary>
    public void AddAxes(string name, IReadOnlyList<int> values, IReadOnlyList<int> without)
    {
        if (values.SequenceEqual(without))
        {
            return;
        }

        if (values.Distinct().Count() == 1)
        {
            Add(name, values[0]);
            return;
        }

        for (int i = 0; i < values.Count; i++)
        {
            Add(name + AxisNames[values.Count][i], values[i], without[i]);
        }
    }

    public void AddAxes(string name, IReadOnlyList<int> values, int without) =>
        AddAxes(name, values, [.. Enumerable.Repeat(without, values.Count)]);

    /// <summary>
    /// Paddings or margins: begins of all axes, then ends. A positional argument for all axes must be there if it has no default; others
    /// are left out if they are 0. Names of one side begin with <c>sides</c>, if that is not the name.
    /// </summary>
    public void AddPads(
        string name, IReadOnlyList<int> pads, bool isPositional = false, bool hasDefault = false, string? sides = null)
    {
        int rank = pads.Count / 2;
        int[] begins = [.. pads.Take(rank)], ends = [.. pads.Skip(rank)];
        bool isEven = begins.SequenceEqual(ends);
        if (isPositional)
        {
            int everywhere = isEven && begins.Distinct().Count() == 1 ? begins[0] : 0;
            if (everywhere != 0 || !hasDefault)
            {
                Add(everywhere);
            }
        }

        if (isEven && (rank == 1 || begins.Distinct().Count() == 1))
        {
            if (!isPositional)
            {
                Add(name, begins[0], 0);
            }

            return;
        }

        for (int i = 0; i < rank; i++)
        {
            if (begins[i] == ends[i] && rank > 1)
            {
                Add(name + AxisNames[rank][i], begins[i], 0);
                continue;
            }

            Add((sides ?? name) + Begins[3 - rank + i], begins[i], 0);
            Add((sides ?? name) + Ends[3 - rank + i], ends[i], 0);
        }
    }

    public IEnumerator<LayerArgument> GetEnumerator() => _arguments.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void AddOthers(string name, IReadOnlyList<int> values, int usual)
    {
        for (int i = 0; i < values.Count; i++)
        {
            Add(name + AxisNames[values.Count][i], values[i], usual);
        }
    }
}
