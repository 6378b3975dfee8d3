using System;
using System.IO;

namespace Strata.Serving;

/// <summary>Stored samples, and what the network must compute for them: new weights that fail it never serve.</summary>
/// <param name="Inputs">One sample or several, one after the other.</param>
/// <param name="Outputs">Their outputs; null if any finite outputs will do.</param>
/// <param name="Tolerance">The largest difference from <paramref name="Outputs"/>, at least 0.</param>
public sealed record ModelCheck(ReadOnlyMemory<float> Inputs, ReadOnlyMemory<float>? Outputs = null, double Tolerance = 1e-3)
{
    /// <summary>Runs the check.</summary>
    /// <exception cref="InvalidDataException">The network computes something else, or does not fit.</exception>
    internal void Run(CompiledNetwork network)
    {
        if (Inputs.Length == 0 || Inputs.Length % network.InputLength != 0)
        {
            throw new InvalidDataException(
                $"The check has {Inputs.Length} inputs; {network.Info.Name} takes {network.InputLength} per sample.");
        }

        float[] computed = new float[Inputs.Length / network.InputLength * network.OutputLength];
        network.Forward(Inputs.Span, computed);
        if (Outputs is not { } expected)
        {
            Finite(computed);
            return;
        }

        if (expected.Length != computed.Length)
        {
            throw new InvalidDataException($"The check has {expected.Length} outputs; {network.Info.Name} computes {computed.Length}.");
        }

        for (int i = 0; i < computed.Length; i++)
        {
            // This form of the condition is true for NaN, too.
            if (!(Math.Abs(computed[i] - expected.Span[i]) <= Tolerance))
            {
                throw new InvalidDataException(
                    $"Output {i} of the check is {computed[i]} instead of {expected.Span[i]}, which differs by more than {Tolerance}.");
            }
        }
    }

    private static void Finite(ReadOnlySpan<float> outputs)
    {
        for (int i = 0; i < outputs.Length; i++)
        {
            if (!float.IsFinite(outputs[i]))
            {
                throw new InvalidDataException($"Output {i} of the check is {outputs[i]}.");
            }
        }
    }
}
