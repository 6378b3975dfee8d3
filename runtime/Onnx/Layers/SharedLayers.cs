using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Strata.Compiler.Graph;

namespace Strata.Onnx.Layers;

/// <summary>Finds the layers whose parameters are the same initializers: a module that is called several times.</summary>
internal static class SharedLayers
{
    /// <summary>The layers of each group. All have the same parameters, from the same initializers, and with the same values.</summary>
    public static IReadOnlyList<IReadOnlyList<Layer>> Find(IEnumerable<Layer> layers) =>
        [.. layers.Where(CanShare).GroupBy(NameOf, StringComparer.Ordinal).SelectMany(ofName => Same([.. ofName]))];

    /// <summary>
    /// Ties the layers whose weight is the initializer of a layer before them in the opposite direction, as in tied autoencoders, to that
    /// layer.
    /// </summary>
    /// <param name="layers">All layers.</param>
    /// <param name="shared">Groups of layers with the same parameters.</param>
    /// <returns>The groups without those that only have a tied weight.</returns>
    public static IReadOnlyList<IReadOnlyList<Layer>> Tie(IEnumerable<Layer> layers, IReadOnlyList<IReadOnlyList<Layer>> shared)
    {
        var owners = new Dictionary<string, Layer>(StringComparer.Ordinal);
        foreach (Layer layer in layers.Where(layer => layer is { IsFrozen: false, Made: not null }))
        {
            if (WeightOf(layer) is not { } weight || weight.Origin() is not { Length: > 0 } origin)
            {
                continue;
            }

            if (!owners.TryGetValue(origin, out Layer? owner))
            {
                owners.Add(origin, layer);
            }
            else if (IsTied(layer, weight, owner, WeightOf(owner)!) && Reads(layer, owner))
            {
                layer.TiedTo = owner;
            }
        }

        foreach (Layer layer in shared.Where(same => same.Any(layer => layer.TiedTo is null)).SelectMany(same => same))
        {
            layer.TiedTo = null;
        }

        return [.. shared.Where(same => same[0].OwnParameters.Any())];
    }

    /// <summary>Whether a layer depends on another one, which then stands above it.</summary>
    private static bool Reads(Layer layer, Layer other)
    {
        var seen = new HashSet<LayerTensor>(ReferenceEqualityComparer.Instance);
        var open = new Stack<LayerTensor>(layer.Inputs);
        while (open.TryPop(out LayerTensor? tensor))
        {
            if (ReferenceEquals(tensor, other))
            {
                return true;
            }

            if (tensor is Layer next && seen.Add(next))
            {
                next.Inputs.ToList().ForEach(open.Push);
            }
        }

        return false;
    }

    private static LayerParameter? WeightOf(Layer layer) => layer.Parameters.FirstOrDefault(parameter => parameter.Suffix == "weight");

    private static bool IsTied(Layer layer, LayerParameter weight, Layer owner, LayerParameter own)
    {
        if (IsSymmetric(own.Shape, own.Values()))
        {
            return false;
        }

        if (layer.Kind == "Dense" && owner.Kind == "Dense")
        {
            return weight.Shape is [var units, var features] && own.Shape.SequenceEqual([features, units])
                && IsSame(weight, Transposed(own.Values(), features, units));
        }

        return layer.Kind.StartsWith("ConvTranspose", StringComparison.Ordinal) && owner.Kind == "Conv" + layer.Kind[^2..]
            && weight.Shape.SequenceEqual(own.Shape) && Equals(GroupsOf(layer), GroupsOf(owner)) && IsSame(weight, own.Values());
    }

    private static float[] Transposed(float[] values, int rows, int columns) =>
        [.. Enumerable.Range(0, values.Length).Select(i => values[(i % rows * columns) + (i / rows)])];

    private static object? GroupsOf(Layer layer) => layer.Arguments.FirstOrDefault(argument => argument.Name == "Groups")?.Value;

    /// <summary>A layer with statistics cannot share them, and parameters of unknown origin may be equal by chance.</summary>
    private static bool CanShare(Layer layer) => layer is { IsFrozen: false, Parameters.Count: > 0, Made: { } made }
        && layer.Parameters.All(parameter => parameter.Origin().Length > 0)
        && SpecsOf(layer, made).All(spec => spec.Role != Compiler.Graph.ParameterRole.Buffer);

    private static IEnumerable<ParameterSpec> SpecsOf(Layer layer, Compiler.Operators.LayerResult made) =>
        made.Before.Select(part => part.Operation).Append(made.Operation)
            .SelectMany(operation => operation.Parameters(Shape.Of(layer.Inputs[0].Shape)));

    private static string NameOf(Layer layer)
    {
        return string.Join('\n', layer.Parameters
            .Select(parameter => $"{parameter.Suffix} {parameter.Origin()} {string.Join('×', parameter.Shape)}")
            .Prepend($"{layer.Kind} {GroupsOf(layer)} {(layer.Inputs[0].Shape.Count == 1 ? "flat" : "")}"));
    }

    /// <summary>Constants may have been folded into the parameters of some, so that only the keys are the same.</summary>
    private static IEnumerable<IReadOnlyList<Layer>> Same(IReadOnlyList<Layer> layers)
    {
        List<Layer> left = [.. layers];
        while (left.Count > 1)
        {
            float[][] first = [.. left[0].Parameters.Select(parameter => parameter.Values())];
            Layer[] same =
                [left[0], .. left.Skip(1).Where(layer => layer.Parameters.Zip(first).All(pair => IsSame(pair.First, pair.Second)))];
            if (same.Length > 1 && !left[0].Parameters.Zip(first).Any(pair => IsSymmetric(pair.First.Shape, pair.Second)))
            {
                yield return same;
            }

            left.RemoveAll(same.Contains);
        }
    }

    /// <summary>Of such a matrix, the values do not tell whether one of the layers transposes it.</summary>
    private static bool IsSymmetric(IReadOnlyList<int> shape, float[] values) => shape is [var rows, var columns] && rows == columns
        && rows > 1 && Enumerable.Range(0, values.Length).All(i => values[i].Equals(values[(i % rows * rows) + (i / rows)]));

    private static bool IsSame(LayerParameter parameter, float[] values) =>
        MemoryMarshal.AsBytes<float>(parameter.Values()).SequenceEqual(MemoryMarshal.AsBytes<float>(values));
}
