using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Serving.Protocol;

/// <summary>The tensors of a network as the protocol names them: float32, with the batch as the first axis.</summary>
internal static class Tensors
{
    public const string DataType = "FP32";

    public static int Length(TensorInfo tensor) => ServedModel.Length(tensor.Shape);

    /// <summary>A shape for messages: 2×3×224×224, N×3×?×?.</summary>
    public static string Text(IEnumerable<long> shape) =>
        string.Join('×', shape.Select((extent, axis) => extent >= 0 ? $"{extent}" : axis == 0 ? "N" : "?"));

    /// <summary>Copies one output of all samples out of the network's outputs.</summary>
    public static void CopyOutput(ReadOnlySpan<float> outputs, int sampleLength, int offset, int length, Span<float> destination)
    {
        if (length == sampleLength)
        {
            outputs.CopyTo(destination);
            return;
        }

        for (int n = 0; n < outputs.Length / sampleLength; n++)
        {
            outputs.Slice((n * sampleLength) + offset, length).CopyTo(destination[(n * length)..]);
        }
    }
}
