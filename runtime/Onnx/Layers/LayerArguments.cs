using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Operators;

namespace Strata.Onnx.Layers;

/// <summary>Collects the arguments of a layer, among them those of its axes.</summary>
/// <param name="kind">The attribute's name: <c>Conv2D</c>.</param>
internal sealed class LayerArguments(string kind) : IEnumerable<LayerArgument>
{
    private readonly List<LayerArgument> _arguments = [];

    public static implicit operator LayerArgument[](LayerArguments arguments) => [.. arguments._arguments];

    public void Add(object value) => _arguments.Add(new LayerArgument(null, value));

    public void Add(string name, object value) => _arguments.Add(new LayerArgument(name, value));

    /// <summary>A kernel: the largest extent is the positional argument, and axes with another extent are named.</summary>
    public void AddKernel(IReadOnlyList<int> kernel)
    {
        Add(kernel.Max());
        AddOthers("Kernel", kernel, [.. kernel.Select(_ => kernel.Max())]);
    }

    /// <summary>One value if all axes have it, else one for each axis that has not its default.</summary>
    /// <param name="name">The argument for all axes.</param>
    /// <param name="values">A value for each axis.</param>
    /// <param name="without">The value of each axis if nothing is written; by default the operator's.</param>
    public void AddAxes(string name, IReadOnlyList<int> values, IReadOnlyList<int>? without = null)
    {
        without ??= [.. values.Select(_ => (int)OperatorSet.FindBuiltIn(kind)!.Arguments.First(spec => spec.Name == name).Default!)];
        if (values.SequenceEqual(without))
        {
            return;
        }

        if (values.Distinct().Count() == 1)
        {
            Add(name, values[0]);
            return;
        }

        AddOthers(name, values, without);
    }

    /// <summary>
    /// Paddings or margins: begins of all axes, then ends. Names of one side begin with <c>sides</c>, if that is not the name.
    /// </summary>
    public void AddPads(string name, IReadOnlyList<int> pads, bool isPositional = false, string? sides = null)
    {
        int rank = pads.Count / 2;
        int[] begins = [.. pads.Take(rank)], ends = [.. pads.Skip(rank)];
        bool isSame = pads.Distinct().Count() == 1;
        if (isPositional)
        {
            Add(isSame ? pads[0] : 0);
        }
        else if (isSame)
        {
            Add(name, pads[0]);
        }

        for (int i = 0; i < rank && !isSame; i++)
        {
            LayerAxis axis = LayerAxis.Of(rank)[i];
            if (begins[i] == ends[i])
            {
                AddUnlessZero(name + axis.Suffix, begins[i]);
                continue;
            }

            AddUnlessZero((sides ?? name) + axis.Before, begins[i]);
            AddUnlessZero((sides ?? name) + axis.After, ends[i]);
        }
    }

    public IEnumerator<LayerArgument> GetEnumerator() => _arguments.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void AddUnlessZero(string name, int value)
    {
        if (value != 0)
        {
            Add(name, value);
        }
    }

    private void AddOthers(string name, IReadOnlyList<int> values, IReadOnlyList<int> without)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (values[i] != without[i])
            {
                Add(name + LayerAxis.Of(values.Count)[i].Suffix, values[i]);
            }
        }
    }
}
