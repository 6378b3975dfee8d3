using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Zoo.Tests;

/// <summary>A file of <c>Goldens/</c>, and the numbers that <c>make_zoo_goldens.py</c> computes by the same formulas.</summary>
/// <param name="Network">Its name.</param>
/// <param name="Parameters">Number of all parameters, buffers not counted.</param>
/// <param name="Batch">Samples of the training step.</param>
/// <param name="Variance">Around which running variances are.</param>
/// <param name="Bias">Around which the biases of batch norm are in the training step; around 1 in evaluation mode.</param>
/// <param name="Stream">What stands behind the names of the inputs.</param>
/// <param name="Low">Least output of all samples.</param>
/// <param name="High">Greatest output.</param>
/// <param name="Outputs">Of each sample, in evaluation mode.</param>
/// <param name="Loss">Before the step.</param>
/// <param name="Kinks">Of rectifiers and maxima, how many single precision may take the other side of.</param>
/// <param name="Single">How far PyTorch's single precision is off.</param>
/// <param name="Tensors">Of the parameters the gradients, of the buffers what they are after the step.</param>
internal sealed record ZooGolden(
    string Network,
    long Parameters,
    int Batch,
    double Variance,
    double Bias,
    string? Stream,
    double Low,
    double High,
    OutputGolden[] Outputs,
    double Loss,
    int Kinks,
    SingleGolden Single,
    TensorGolden[] Tensors)
{
    private const int BlocksPerAxis = 8;

    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The networks that have goldens.</summary>
    /// <param name="variant">Empty, or a folder's name.</param>
    public static IEnumerable<string> NamesIn(string variant = "") =>
        Directory.GetFiles(Folder(variant), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);

    public static ZooGolden Read(string name, string variant = "") =>
        JsonSerializer.Deserialize<ZooGolden>(File.ReadAllText(Path.Combine(Folder(variant), name + ".json")), Format)!;

    /// <summary>Blocks of random colours under as much noise.</summary>
    public float[] Inputs(string name, int samples, IReadOnlyList<int> shape)
    {
        int length = shape.Aggregate(1, (product, extent) => product * extent);
        ulong coarse = StreamOf("blocks of " + name + Stream), noise = StreamOf(name + Stream);
        float[] values = new float[samples * length];
        int[] extents = [samples, .. shape];
        for (int i = 0; i < values.Length; i++)
        {
            int rest = i, block = 0, stride = 1;
            for (int axis = extents.Length - 1; axis >= 0; axis--)
            {
                (rest, int index) = Math.DivRem(rest, extents[axis]);
                bool isPixel = axis >= 2;
                block += stride * (isPixel ? index * BlocksPerAxis / extents[axis] : index);
                stride *= isPixel ? BlocksPerAxis : extents[axis];
            }

            values[i] = (Formula.Uniform(coarse, block) + Formula.Uniform(noise, i)) * 0.5f;
        }

        return values;
    }

    public static int[] Classes(string name, int count, int classes)
    {
        ulong stream = StreamOf(name);
        int[] values = new int[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = Formula.Class(stream, i, classes);
        }

        return values;
    }

    /// <summary>Multiples of 2⁻²³ in [−1, 1).</summary>
    public static float[] Uniforms(string name, int count) => Formula.Uniforms(StreamOf(name), count);

    /// <summary>Gives all parameters and buffers the values of the script.</summary>
    /// <param name="network">The network.</param>
    /// <param name="bias">Around which the biases of batch norm are.</param>
    public void Fill(CompiledNetwork network, double bias = 1)
    {
        HashSet<string> keys = [.. network.Parameters.Select(parameter => parameter.Key)];
        foreach (Parameter parameter in network.Parameters)
        {
            string owner = OwnerOf(parameter.Key), suffix = parameter.Key[(parameter.Key.LastIndexOf('.') + 1)..];
            bool isNorm = keys.Contains(owner + ".running_mean");
            float[] u = Uniforms(parameter.Key, parameter.Length);
            if (suffix == "running_var")
            {
                float variance = (float)Variance;
                Replace(u, x => variance * (1 + (x / 4)));
            }
            else if (parameter.Shape.Count > 1)
            {
                float scale = (float)Math.Sqrt(6.0 / parameter.Shape.Skip(1).Aggregate(1L, (product, extent) => product * extent));
                Replace(u, x => x * scale);
            }
            else
            {
                float centre = suffix == "weight" ? isNorm ? 0.5f : 0.25f : isNorm && suffix == "bias" ? (float)bias : 0;
                Replace(u, x => centre + (x / 8));
            }

            parameter.CopyFrom(u);
        }
    }

    /// <summary>Asserts that outputs are PyTorch's, within <paramref name="tolerance"/> of their range.</summary>
    public void CheckOutputs(ReadOnlySpan<float> outputs, int samples, double tolerance)
    {
        double allowed = tolerance * (High - Low);
        int length = outputs.Length / samples;
        float[] weights = Uniforms("projection of outputs", length);
        for (int n = 0; n < samples; n++)
        {
            ReadOnlySpan<float> row = outputs.Slice(n * length, length);
            double[] expected = Outputs[n].Samples;
            double projection = 0;
            for (int i = 0; i < length; i++)
            {
                projection += (double)row[i] * weights[i];
            }

            for (int j = 0; j < expected.Length; j++)
            {
                int i = (int)((long)j * length / expected.Length);
                Assert.True(Math.Abs(row[i] - expected[j]) <= allowed, $"output {i} of sample {n} is {row[i]:R}, PyTorch has {expected[j]:R} ± {allowed:E1}");
            }

            // Errors of the length's square root many outputs.
            Assert.True(
                Math.Abs(projection - Outputs[n].Projection) <= allowed * Math.Sqrt(length),
                $"the projection of sample {n} is {projection:R}, PyTorch has {Outputs[n].Projection:R} ± {allowed * Math.Sqrt(length):E1}");
        }
    }

    /// <summary>
    /// Asserts that what a training step left is PyTorch's. A layer's tensors have one scale: the gradient of a bias may be nothing
    /// but rounding.
    /// </summary>
    /// <param name="values">By key: the gradient of a parameter, or a buffer.</param>
    /// <param name="worst">What the worst may be off.</param>
    /// <param name="median">What the median may be off.</param>
    public void CheckTensors(Func<string, float[]> values, double worst, double median)
    {
        Dictionary<string, double> scales = Tensors.GroupBy(tensor => tensor.Owner).ToDictionary(group => group.Key, group => group.Max(tensor => tensor.Norm));
        var off = new List<(double Off, string Key)>();
        foreach (TensorGolden tensor in Tensors)
        {
            float[] tensorValues = values(tensor.Key);
            double largest = 0;
            for (int k = 0; k < tensor.Projections.Length; k++)
            {
                ulong stream = StreamOf($"projection {k} of {tensor.Key}");
                double projection = 0;
                for (int i = 0; i < tensorValues.Length; i++)
                {
                    projection += (double)tensorValues[i] * Formula.Uniform(stream, i);
                }

                largest = Math.Max(largest, Math.Abs(projection - tensor.Projections[k]) / (scales[tensor.Owner] > 0 ? scales[tensor.Owner] : 1));
            }

            off.Add((double.IsFinite(largest) ? largest : double.PositiveInfinity, tensor.Key));
        }

        off.Sort();
        string worstKeys = string.Join(", ", Enumerable.Reverse(off).Take(8).Select(item => $"{item.Key} {item.Off:E1}"));
        Assert.True(off[^1].Off <= worst, $"of {Network}'s tensors are off by more than {worst:E1}, relative to their norms: {worstKeys}");
        Assert.True(
            off[off.Count / 2].Off <= median, $"the median of {Network}'s tensors is off by {off[off.Count / 2].Off:E1}, more than {median:E1}; worst: {worstKeys}");
    }

    /// <summary>What stands before the last dot; nothing for a tensor of the network itself.</summary>
    public static string OwnerOf(string key) => key[..Math.Max(0, key.LastIndexOf('.'))];

    private static string Folder(string variant) => Path.Combine(AppContext.BaseDirectory, "Goldens", variant);

    private static void Replace(float[] values, Func<float, float> function)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = function(values[i]);
        }
    }

    /// <summary>FNV-1a of the name: every tensor has a stream of its own, whatever the order of the tensors.</summary>
    private static ulong StreamOf(string name)
    {
        ulong value = 0xCBF29CE484222325;
        foreach (byte b in Encoding.UTF8.GetBytes(name))
        {
            value = unchecked((value ^ b) * 0x100000001B3);
        }

        return value;
    }
}

/// <param name="Samples">Up to 32 outputs, evenly spread.</param>
/// <param name="Projection">Sum of all, with the projection's weights.</param>
internal sealed record OutputGolden(double[] Samples, double Projection);

/// <param name="Worst">Of all projections of tensors, relative to the norms of their layers.</param>
/// <param name="Median">The median of the tensors.</param>
internal sealed record SingleGolden(double Worst, double Median);

/// <param name="Key">The state_dict's key.</param>
/// <param name="Shape">PyTorch's extents.</param>
/// <param name="Norm">Square root of the sum of squares.</param>
/// <param name="Projections">Sums with weights of their own.</param>
internal sealed record TensorGolden(string Key, int[] Shape, double Norm, double[] Projections)
{
    public string Owner => ZooGolden.OwnerOf(Key);
}
