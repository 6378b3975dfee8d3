using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Strata.Onnx;

namespace Strata.Serving.Models;

/// <summary>The shapes of a model's tensors. The batch comes first. It is −1, as are extents that depend on the inputs' size.</summary>
/// <param name="Inputs">Those of the inputs.</param>
/// <param name="Outputs">Those of the outputs.</param>
/// <param name="Sizes">The sizes that requests may have, in words; null if there is one.</param>
internal sealed record ModelShapes(IReadOnlyList<long[]> Inputs, IReadOnlyList<long[]> Outputs, string? Sizes)
{
    /// <summary>Those of a network of one size.</summary>
    public static ModelShapes Of(NetworkInfo info) => new([.. info.Inputs.Select(ShapeOf)], [.. info.Outputs.Select(ShapeOf)], Sizes: null);

    /// <summary>
    /// Those of a network. Its sizes are compiled, and warmed by a sample of zeros. If it takes all multiples of a number, these are too
    /// many: one other size shows which extents depend on it.
    /// </summary>
    /// <exception cref="InvalidDataException">The network cannot have one of its sizes.</exception>
    public static ModelShapes Of(CompiledNetwork network, CancellationToken cancellation)
    {
        var shapes = Of(network.Info);
        int[][] others = [.. OthersOf(network)];
        foreach (int[] size in others)
        {
            cancellation.ThrowIfCancellationRequested();
            CompiledNetwork sized = At(network, size);
            sized.Forward(new float[sized.InputLength], new float[sized.OutputLength]);
            Open(shapes.Inputs, sized.Info.Inputs);
            Open(shapes.Outputs, sized.Info.Outputs);
        }

        return others.Length == 0 ? shapes : shapes with { Sizes = Describe(network) };
    }

    /// <summary>Whether an exception of <see cref="CompiledNetwork.At"/> says that the network cannot have the size.</summary>
    public static bool IsAboutSize(Exception exception) => exception is
        ArgumentException or NetworkException or NotSupportedException or OnnxFormatException or UnsupportedOnnxException;

    private static IEnumerable<int[]> OthersOf(CompiledNetwork network)
    {
        if (network.SupportedSizes is { } sizes)
        {
            return sizes.Skip(1).Select(size => size.ToArray());
        }

        int multiple = network.SizeMultiple;
        return [[.. network.Info.Inputs.SelectMany(input => input.Shape.Skip(1)).Select(extent => ((extent / multiple) + 1) * multiple)]];
    }

    private static CompiledNetwork At(CompiledNetwork network, int[] size)
    {
        try
        {
            return network.At(size);
        }
        catch (Exception e) when (IsAboutSize(e))
        {
            throw new InvalidDataException($"{network.Info.Name} cannot serve inputs of {string.Join('×', size)}: {e.Message}", e);
        }
    }

    /// <summary>Extents that differ become −1.</summary>
    private static void Open(IReadOnlyList<long[]> shapes, IReadOnlyList<TensorInfo> tensors)
    {
        for (int i = 0; i < shapes.Count; i++)
        {
            for (int axis = 0; axis < tensors[i].Shape.Count; axis++)
            {
                shapes[i][axis + 1] = shapes[i][axis + 1] == tensors[i].Shape[axis] ? shapes[i][axis + 1] : -1;
            }
        }
    }

    private static string Describe(CompiledNetwork network) => network.SupportedSizes is { } sizes
        ? string.Join(", ", sizes.Select(size => string.Join('×', size)))
        : $"all whose extents are multiples of {network.SizeMultiple}";

    private static long[] ShapeOf(TensorInfo tensor) => [-1, .. tensor.Shape];
}
