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

    /// <summary>A layer with statistics cannot share them, and parameters of unknown origin may be equal by chance.</summary>
    private static bool CanShare(Layer layer) => layer is { IsFrozen: false, Parameters.Count: > 0, Made: { } made }
        && layer.Parameters.All(parameter => parameter.Origin().Length > 0)
        && SpecsOf(layer, made).All(spec => spec.Role != Compiler.Graph.ParameterRole.Buffer);

    private static IEnumerable<ParameterSpec> SpecsOf(Layer layer, Compiler.Operators.LayerResult made) =>
        made.Before.Select(part => part.Operation).Append(made.Operation)
            .SelectMany(operation => operation.Parameters(Shape.Create(layer.Inputs[0].Shape[0], [.. layer.Inputs[0].Shape.Skip(1)])));

    private static string NameOf(Layer layer)
    {
        object? groups = layer.Arguments.FirstOrDefault(argument => argument.Name == "Groups")?.Value;
        return string.Join('\n', layer.Parameters
            .Select(parameter => $"{parameter.Suffix} {parameter.Origin()} {string.Join('×', parameter.Shape)}")
            .Prepend($"{layer.Kind} {groups} {(layer.Inputs[0].Shape.Count == 1 ? "flat" : "")}"));
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
