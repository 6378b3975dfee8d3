using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Strata.Onnx.Tests;

/// <summary>Loads quantised models and compares each with ONNX Runtime, which computes them with integers.</summary>
internal static class QuantizedCheck
{
    /// <summary>
    /// Floats may decide otherwise where a number is next to the middle of two: one of a case's, as sums differ by processors.
    /// </summary>
    private const int Most = 1;

    /// <summary>
    /// What ONNX Runtime gives node by node, and what it gives with integer kernels, which stand for several nodes: by how many steps an
    /// output differs at most, and how many outputs differ. Or what went wrong.
    /// </summary>
    public sealed record Outcome(QuantizedCase Case, Difference ByNodes, Difference Together, string? Problem)
    {
        public bool Agrees => Problem is null && ByNodes.Steps <= 1.001 && Together.Steps <= 1.001
            && (Case.HasTies || ByNodes.Count <= Most);

        public bool IsSame => Problem is null && ByNodes.Count + Together.Count == 0;

        public override string ToString() => Problem is null
            ? $"{Case}: {ByNodes}; with its integer kernels {Together}" : $"{Case}: {Problem}";
    }

    /// <summary>A comparison of outputs.</summary>
    public readonly record struct Difference(double Steps, int Count, int Of)
    {
        public override string ToString() => $"{Count} of {Of} differ, by up to {Steps:F2} steps";
    }

    public static IEnumerable<Outcome> Run(IEnumerable<QuantizedCase> cases) => cases.Select(Run);

    private static Outcome Run(QuantizedCase one)
    {
        try
        {
            byte[] bytes = one.Model().Output("y").ToBytes();
            float[] byNodes = AgainstOnnxRuntime.Run(bytes, optimizes: false)[0].Values, together = AgainstOnnxRuntime.Run(bytes)[0].Values;
            using var stream = new MemoryStream(bytes);
            using CompiledNetwork network = OnnxFile.Load(stream, new OnnxImportOptions { Name = "Quantized" });
            float[] actual = new float[byNodes.Length];
            network.Forward(ModelBuilder.NoiseValues(network.InputLength, 100), actual);
            return new Outcome(one, Compare(byNodes), Compare(together), null);

            Difference Compare(float[] expected)
            {
                // Where no step is known, errors of rounding count as none.
                double step = one.Step > 0 ? one.Step : 1e-3 * (1 + expected.Max(Math.Abs));
                double[] differences = [.. expected.Zip(actual, (e, a) => Math.Abs(e - a) / step)];
                return new Difference(differences.Max(), differences.Count(difference => difference > 0.01), differences.Length);
            }
        }
        catch (Exception exception)
        {
            return new Outcome(one, default, default, exception.ToString());
        }
    }
}
