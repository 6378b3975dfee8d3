using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Benchmarks.Networks;

namespace Strata.Benchmarks.Onnx;

/// <summary>A parameter's values as the peers get them.</summary>
internal sealed record Weights(string Key, IReadOnlyList<int> Shape, float[] Values);

/// <summary>
/// Writes a stack of layers as an ONNX file for a fixed batch. The field numbers are those of onnx.proto3, which never change.
/// </summary>
internal static class OnnxModel
{
    public const string InputName = "input", OutputName = "output";

    private const long IrVersion = 8, OperatorSet = 17;
    private const int FloatType = 1;

    // AttributeProto.type
    private const int IntegerAttribute = 2, IntegersAttribute = 7;

    public static byte[] Write(
        IReadOnlyList<LayerDescription> layers,
        IReadOnlyList<int> inputShape,
        IReadOnlyList<int> outputShape,
        IReadOnlyList<Weights> weights,
        int batch)
    {
        var model = new ProtobufWriter();
        model.Integer(1, IrVersion);
        model.Text(2, "Strata.Benchmarks");
        model.Message(7, graph => WriteGraph(graph, layers, inputShape, outputShape, weights, batch));
        model.Message(8, operatorSet =>
        {
            operatorSet.Text(1, "");
            operatorSet.Integer(2, OperatorSet);
        });
        return model.ToArray();
    }

    private static void WriteGraph(
        ProtobufWriter graph,
        IReadOnlyList<LayerDescription> layers,
        IReadOnlyList<int> inputShape,
        IReadOnlyList<int> outputShape,
        IReadOnlyList<Weights> weights,
        int batch)
    {
        var remaining = new Queue<Weights>(weights);
        string tensor = InputName;
        for (int i = 0; i < layers.Count; i++)
        {
            string output = i == layers.Count - 1 ? OutputName : FormattableString.Invariant($"t{i}");
            WriteNode(graph, layers[i], tensor, output, remaining);
            tensor = output;
        }

        if (remaining.Count > 0)
        {
            throw new InvalidOperationException($"The description has no layer for '{remaining.Peek().Key}'.");
        }

        graph.Text(2, "network");
        foreach (Weights parameter in weights)
        {
            graph.Message(5, initializer =>
            {
                foreach (int extent in parameter.Shape)
                {
                    initializer.Integer(1, extent);
                }

                initializer.Integer(2, FloatType);
                initializer.Text(8, parameter.Key);
                initializer.Floats(9, parameter.Values);
            });
        }

        graph.Message(11, value => WriteValue(value, InputName, inputShape, batch));
        graph.Message(12, value => WriteValue(value, OutputName, outputShape, batch));
    }

    private static void WriteNode(
        ProtobufWriter graph, LayerDescription layer, string input, string output, Queue<Weights> remaining)
    {
        List<string> inputs = [input];
        string type;
        Action<ProtobufWriter> attributes = _ => { };
        switch (layer)
        {
            case ConvolutionLayer convolution:
                type = "Conv";
                TakeParameters(convolution.Bias);
                attributes = node =>
                {
                    WriteWindow(node, convolution.Kernel, convolution.Stride, convolution.Padding);
                    WriteIntegers(node, "dilations", convolution.Dilation, convolution.Dilation);
                    WriteInteger(node, "group", convolution.Groups);
                };
                break;
            case DenseLayer dense:
                type = "Gemm";
                TakeParameters(dense.Bias);
                attributes = node => WriteInteger(node, "transB", 1);
                break;
            case MaxPoolLayer pool:
                type = "MaxPool";
                attributes = node => WriteWindow(node, pool.Kernel, pool.Stride ?? pool.Kernel, pool.Padding);
                break;
            case AveragePoolLayer pool:
                type = "AveragePool";
                attributes = node =>
                {
                    WriteWindow(node, pool.Kernel, pool.Stride ?? pool.Kernel, pool.Padding);
                    WriteInteger(node, "count_include_pad", 1);
                };
                break;
            default:
                type = layer switch
                {
                    FlattenLayer => "Flatten",
                    ReLULayer => "Relu",
                    SigmoidLayer => "Sigmoid",
                    TanhLayer => "Tanh",
                    SoftmaxLayer => "Softmax",
                    _ => throw new ArgumentException($"{layer.GetType().Name} has no ONNX form here.", nameof(layer)),
                };
                if (layer is SoftmaxLayer)
                {
                    attributes = node => WriteInteger(node, "axis", 1);
                }

                break;
        }

        graph.Message(1, node =>
        {
            foreach (string name in inputs)
            {
                node.Text(1, name);
            }

            node.Text(2, output);
            node.Text(4, type);
            attributes(node);
        });

        void TakeParameters(bool bias)
        {
            inputs.Add(remaining.Dequeue().Key);
            if (bias)
            {
                inputs.Add(remaining.Dequeue().Key);
            }
        }
    }

    private static void WriteWindow(ProtobufWriter node, int kernel, int stride, int padding)
    {
        WriteIntegers(node, "kernel_shape", kernel, kernel);
        WriteIntegers(node, "strides", stride, stride);
        WriteIntegers(node, "pads", padding, padding, padding, padding);
    }

    private static void WriteInteger(ProtobufWriter node, string name, int value) => node.Message(5, attribute =>
    {
        attribute.Text(1, name);
        attribute.Integer(3, value);
        attribute.Integer(20, IntegerAttribute);
    });

    private static void WriteIntegers(ProtobufWriter node, string name, params int[] values) => node.Message(5, attribute =>
    {
        attribute.Text(1, name);
        foreach (int value in values)
        {
            attribute.Integer(8, value);
        }

        attribute.Integer(20, IntegersAttribute);
    });

    private static void WriteValue(ProtobufWriter value, string name, IReadOnlyList<int> shape, int batch)
    {
        value.Text(1, name);
        value.Message(2, type => type.Message(1, tensor =>
        {
            tensor.Integer(1, FloatType);
            tensor.Message(2, extents =>
            {
                foreach (int extent in shape.Prepend(batch))
                {
                    extents.Message(1, dimension => dimension.Integer(1, extent));
                }
            });
        }));
    }
}
