using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using Strata.Onnx.Schema;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Nodes that read constants only are computed while a file is read, whatever their operator is.</summary>
public sealed class ConstantNodeTests(ITestOutputHelper log)
{
    private const double Tolerance = 1e-5;

    [Fact]
    public void Every_operator_on_constants_is_computed_as_ONNX_Runtime_does()
    {
        var left = new List<string>();
        var wrong = new List<string>();
        int agree = 0;
        foreach (NodeCase one in NodeCases.All())
        {
            byte[] bytes = Frozen(one);
            if (Computed(bytes) is not { } values)
            {
                left.Add(one.ToString());
                continue;
            }

            double error = Error(bytes, values);
            agree += error <= Tolerance ? 1 : 0;
            if (!(error <= Tolerance))
            {
                wrong.Add($"{one}: {error:E1}");
            }
        }

        log.WriteLine($"{agree} agree; not computed: {string.Join("; ", left)}");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        // Unpooling needs the indices of a pooling. Nobody has seen the others read constants only.
        string[] uncomputed = ["MaxUnpool", "TopK", "GatherElements of rows by single", "GridSample", "An end without"];
        Assert.DoesNotContain(left, one => !uncomputed.Any(name => one.StartsWith(name, StringComparison.Ordinal))
            && !one.Contains("antialias", StringComparison.Ordinal));
    }

    /// <summary>The case with constants in place of its inputs.</summary>
    private static byte[] Frozen(NodeCase one)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(one.ToBytes());
        foreach (ValueInfoProto input in model.Graph.Input)
        {
            long[] shape = [.. input.Type.TensorType.Shape.Dim.Select(dimension => Math.Max(1, dimension.DimValue))];
            int count = (int)shape.Aggregate(1L, (product, extent) => product * extent);
            model.Graph.Initializer.Add(ModelBuilder.Tensor(input.Name, shape, ModelBuilder.NoiseValues(count, 5)));
        }

        model.Graph.Input.Clear();
        return model.ToByteArray();
    }

    /// <summary>The values of all outputs; null if some are not computed.</summary>
    private static float[][]? Computed(byte[] bytes)
    {
        float[][] all = [.. ModelBuilder.Read(bytes).Outputs.Select(output => output.Constant?.Floats).OfType<float[]>()];
        return all.Length == ModelProto.Parser.ParseFrom(bytes).Graph.Output.Count ? all : null;
    }

    private static double Error(byte[] bytes, float[][] values) =>
        AgainstOnnxRuntime.Run(bytes).Zip(values, (one, other) => Error(one.Values, other)).Max();

    private static double Error(float[] expected, float[] values)
    {
        if (expected.Length != values.Length)
        {
            return double.PositiveInfinity;
        }

        double range = Math.Max(expected.Where(float.IsFinite).Select(MathF.Abs).DefaultIfEmpty().Max(), 1e-30);
        return expected.Zip(values, (one, other) => one.Equals(other) ? 0 : Math.Abs((double)one - other) / range)
            .Select(error => double.IsNaN(error) ? double.PositiveInfinity : error).DefaultIfEmpty().Max();
    }
}
