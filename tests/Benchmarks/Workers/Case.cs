using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.Json;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Onnx;

namespace Strata.Benchmarks.Workers;

/// <summary>
/// What the two sides of a measurement share: one network with its weights, one batch. It travels to the workers as files in
/// a temporary folder.
/// </summary>
internal sealed class Case : IDisposable
{
    public const string WeightsFile = "weights.safetensors", ModelFile = "model.onnx", InputFile = "input.bin", TargetsFile = "targets.bin";
    public const string LayersFile = "layers.json";

    private const ulong Seed = 1;

    public Case(BenchmarkNetwork network, int batch, Isa isa)
    {
        Network = network;
        Batch = batch;
        Folder = Directory.CreateTempSubdirectory("strata-benchmark-").FullName;
        using CompiledNetwork instance = network.Create(new NetworkOptions { Isa = isa, Threads = 1, Seed = Seed });
        InputShape = instance.Info.InputShape;
        OutputShape = instance.Info.OutputShape;
        ForwardFlops = 2 * batch * instance.Info.Layers.Sum(layer => layer.MultiplyAdds);
        TrainingFlops = ForwardFlops + (2 * batch * GradientMultiplyAdds(instance));
        instance.Save(Path.Combine(Folder, WeightsFile));
        List<Weights> weights = instance.Parameters.Select(parameter =>
        {
            float[] values = new float[parameter.Length];
            parameter.CopyTo(values);
            return new Weights(parameter.Key, parameter.Shape, values);
        }).ToList();
        File.WriteAllBytes(
            Path.Combine(Folder, ModelFile), OnnxModel.Write(network.Layers, InputShape, OutputShape, weights, batch));
        File.WriteAllBytes(Path.Combine(Folder, LayersFile), LayersAsJson(network.Layers, weights));
        File.WriteAllBytes(Path.Combine(Folder, InputFile), MemoryMarshal.AsBytes<float>(Inputs.Values(batch * Length(InputShape))));
        File.WriteAllBytes(Path.Combine(Folder, TargetsFile), MemoryMarshal.AsBytes<int>(Inputs.Targets(batch, OutputShape[0])));
    }

    public BenchmarkNetwork Network { get; }

    public int Batch { get; }

    public string Folder { get; }

    public IReadOnlyList<int> InputShape { get; }

    public IReadOnlyList<int> OutputShape { get; }

    /// <summary>Floating-point operations of a forward pass of the batch, in the direct form.</summary>
    public long ForwardFlops { get; }

    /// <summary>The same for a training step: forward, the gradients of all weights, the gradients that are passed on.</summary>
    public long TrainingFlops { get; }

    public static int Length(IReadOnlyList<int> shape) => shape.Aggregate(1, (length, extent) => length * extent);

    public static string InvariantText(int value) => value.ToString(CultureInfo.InvariantCulture);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>
    /// The gradient of a layer's weights and that of its input each take as many multiply-adds as its forward pass; but nothing
    /// in front of the first layer with weights wants a gradient.
    /// </summary>
    private static long GradientMultiplyAdds(CompiledNetwork network)
    {
        long sum = 0;
        bool wanted = false;
        foreach (LayerInfo layer in network.Info.Layers)
        {
            sum += layer.MultiplyAdds * (wanted ? 2 : 1);
            wanted |= layer.ParameterCount > 0;
        }

        return sum;
    }

    private static byte[] LayersAsJson(IReadOnlyList<LayerDescription> layers, IReadOnlyList<Weights> weights)
    {
        var remaining = new Queue<Weights>(weights);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (LayerDescription layer in layers)
            {
                json.WriteStartObject();
                json.WriteString("kind", layer.GetType().Name[..^"Layer".Length]);
                bool? bias = null;
                switch (layer)
                {
                    case ConvolutionLayer convolution:
                        json.WriteNumber("stride", convolution.Stride);
                        json.WriteNumber("padding", convolution.Padding);
                        json.WriteNumber("dilation", convolution.Dilation);
                        json.WriteNumber("groups", convolution.Groups);
                        bias = convolution.Bias;
                        break;
                    case DenseLayer dense:
                        bias = dense.Bias;
                        break;
                    case MaxPoolLayer pool:
                        WritePool(json, pool.Kernel, pool.Stride, pool.Padding);
                        break;
                    case AveragePoolLayer pool:
                        WritePool(json, pool.Kernel, pool.Stride, pool.Padding);
                        break;
                }

                if (bias is not null)
                {
                    json.WriteString("weight", remaining.Dequeue().Key);
                    if (bias.Value)
                    {
                        json.WriteString("bias", remaining.Dequeue().Key);
                    }
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return stream.ToArray();
    }

    private static void WritePool(Utf8JsonWriter json, int kernel, int? stride, int padding)
    {
        json.WriteNumber("kernel", kernel);
        json.WriteNumber("stride", stride ?? kernel);
        json.WriteNumber("padding", padding);
    }
}
