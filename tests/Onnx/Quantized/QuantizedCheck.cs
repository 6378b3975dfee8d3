using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.Intrinsics.X86;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Loads quantised models and compares each with ONNX Runtime, which computes them with integers.</summary>
internal static class QuantizedCheck
{
    /// <summary>
    /// Floats may decide otherwise where a number is next to the middle of two: one of a case's, as sums differ by processors.
    /// </summary>
    private const int Most = 1;

    /// <summary>Of an output, in steps: one, and an error of rounding.</summary>
    private const double LargestDifference = 1.001;

    /// <summary>
    /// What ONNX Runtime gives node by node, and what it gives with integer kernels, which stand for several nodes: by how many steps an
    /// output differs at most, and how many outputs differ. Or what went wrong.
    /// </summary>
    public sealed record Outcome(QuantizedCase Case, Difference ByNodes, Difference Together, string? Problem)
    {
        public bool Agrees => Problem is null && Accepts(Case, ByNodes, optimizes: false) && Accepts(Case, Together, optimizes: true);

        public bool IsSame => Problem is null && ByNodes.Count + Together.Count == 0;

        public override string ToString() => Problem is null
            ? $"{Case}: {ByNodes}; with its integer kernels {Together}" : $"{Case}: {Problem}";
    }

    /// <summary>A comparison of outputs.</summary>
    public readonly record struct Difference(double Steps, int Count, int Of)
    {
        /// <summary>Whether the reference was told to keep all bits of its sums.</summary>
        public bool IsPrecise { get; init; }

        public override string ToString() =>
            $"{Count} of {Of} differ, by up to {Steps:F2} steps{(IsPrecise ? ", from sums that do not saturate" : "")}";
    }

    /// <summary>Whether products of bytes keep all bits in ONNX Runtime: with AVX-VNNI, or AVX-512's.</summary>
    private static bool HasVnni => !X86Base.IsSupported || AvxVnni.IsSupported || (X86Base.CpuId(7, 0).Ecx & (1 << 11)) != 0;

    public static IEnumerable<Outcome> Run(IEnumerable<QuantizedCase> cases) => cases.Select(Run);

    /// <summary>Kernels that stand for several nodes may round otherwise, but by no more than a step.</summary>
    private static bool Accepts(QuantizedCase one, Difference difference, bool optimizes) =>
        difference.Steps <= LargestDifference && (optimizes || one.HasTies || difference.Count <= Most);

    private static Outcome Run(QuantizedCase one)
    {
        try
        {
            byte[] bytes = one.Model().Output("y").ToBytes();
            using var stream = new MemoryStream(bytes);
            using CompiledNetwork network = OnnxFile.Load(stream, new OnnxImportOptions { Name = "Quantized" });
            float[] actual = new float[network.OutputLength];
            network.Forward(ModelBuilder.NoiseValues(network.InputLength, 100), actual);
            return new Outcome(one, Against(optimizes: false), Against(optimizes: true), null);

            // Saturated sums of ONNX Runtime are no reference; then its exact ones are. Node by node, operators of floats never saturate.
            Difference Against(bool optimizes)
            {
                Difference difference = Compare(AgainstOnnxRuntime.Run(bytes, optimizes)[0].Values);
                bool mayBeSaturated = !HasVnni && (optimizes || one.HasProductsOfIntegers);
                return !mayBeSaturated || Accepts(one, difference, optimizes)
                    ? difference : Compare(AgainstOnnxRuntime.Run(bytes, isPrecise: true)[0].Values) with { IsPrecise = true };
            }

            Difference Compare(float[] expected)
            {
                Assert.Equal(actual.Length, expected.Length);

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
