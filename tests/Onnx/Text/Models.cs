using System.Collections.Generic;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Tests;

/// <summary>Well-known networks as graphs of layers.</summary>
internal static class Models
{
    public static LayerGraph ResNet50(GraphMaker? maker = null) => ResNet(maker ?? new(), [3, 4, 6, 3], isBottleneck: true);

    public static LayerGraph ResNet18(GraphMaker? maker = null) => ResNet(maker ?? new(), [2, 2, 2, 2], isBottleneck: false);

    private static LayerGraph ResNet(GraphMaker make, int[] stages, bool isBottleneck)
    {
        LayerTensor x = make.Input("input", 3, 224, 224);
        x = make.ReLU(make.Norm(make.Conv(x, "conv1", 64, 7, 2, 3), "bn1"), "relu");
        x = make.MaxPool(x, 3, 2, 1);
        for (int stage = 0; stage < stages.Length; stage++)
        {
            for (int block = 0; block < stages[stage]; block++)
            {
                string path = $"layer{stage + 1}.{block}";
                (int filters, int stride) = (64 << stage, stage > 0 && block == 0 ? 2 : 1);
                LayerTensor before = x;
                if (isBottleneck)
                {
                    x = make.ReLU(make.Norm(make.Conv(x, path + ".conv1", filters, 1), path + ".bn1"), path + ".relu");
                    x = make.ReLU(make.Norm(make.Conv(x, path + ".conv2", filters, 3, stride, 1), path + ".bn2"), path + ".relu");
                    x = make.Norm(make.Conv(x, path + ".conv3", 4 * filters, 1), path + ".bn3");
                }
                else
                {
                    x = make.ReLU(make.Norm(make.Conv(x, path + ".conv1", filters, 3, stride, 1), path + ".bn1"), path + ".relu");
                    x = make.Norm(make.Conv(x, path + ".conv2", filters, 3, 1, 1), path + ".bn2");
                }

                if (before.Shape[0] != x.Shape[0] || stride > 1)
                {
                    string shortcut = path + ".downsample";
                    before = make.Norm(make.Conv(before, shortcut + ".0", x.Shape[0], 1, stride), shortcut + ".1");
                }

                x = make.ReLU(make.Sum(x, before), path + ".relu");
            }
        }

        make.Output("output", make.Dense(make.Flatten(make.GlobalPool(x)), "fc", 1000));
        return make.Graph();
    }

    public static LayerGraph MobileNetV2(GraphMaker? maker = null)
    {
        GraphMaker make = maker ?? new();
        LayerTensor Unit(LayerTensor x, string path, int filters, int kernel, int stride = 1, int groups = 1) => make.Activation(
            "ReLU6", make.Norm(make.Conv(x, path + ".0", filters, kernel, stride, kernel / 2, groups), path + ".1"), path + ".2");
        LayerTensor x = Unit(make.Input("input", 3, 224, 224), "features.0", 32, 3, 2);
        x = Unit(x, "features.1.conv.0", 32, 3, 1, 32);
        x = make.Norm(make.Conv(x, "features.1.conv.1", 16, 1), "features.1.conv.2");
        int number = 2;
        foreach ((int filters, int count, int stride) in new[] { (24, 2, 2), (32, 3, 2), (64, 4, 2), (96, 3, 1), (160, 3, 2), (320, 1, 1) })
        {
            for (int i = 0; i < count; i++)
            {
                string path = $"features.{number++}.conv";
                int hidden = 6 * x.Shape[0];
                LayerTensor before = x;
                x = Unit(Unit(x, path + ".0", hidden, 1), path + ".1", hidden, 3, i == 0 ? stride : 1, hidden);
                x = make.Norm(make.Conv(x, path + ".2", filters, 1), path + ".3");
                x = i > 0 ? make.Sum(before, x) : x;
            }
        }

        x = Unit(x, "features.18", 1280, 1);
        make.Output("output", make.Dense(make.Flatten(make.GlobalPool(x)), "classifier.1", 1000));
        return make.Graph();
    }

    public static LayerGraph GoogLeNet(GraphMaker? maker = null)
    {
        GraphMaker make = maker ?? new();
        LayerTensor Unit(LayerTensor x, string path, int filters, int kernel, int stride = 1) => make.ReLU(
            make.Norm(make.Conv(x, path + ".conv", filters, kernel, stride, kernel / 2), path + ".bn", 0.001));
        LayerTensor Inception(LayerTensor x, string path, int one, int reduce3, int three, int reduce5, int five, int pool) => make.Concat(
            Unit(x, path + ".branch1", one, 1),
            Unit(Unit(x, path + ".branch2.0", reduce3, 1), path + ".branch2.1", three, 3),
            Unit(Unit(x, path + ".branch3.0", reduce5, 1), path + ".branch3.1", five, 3),
            Unit(make.MaxPool(x, 3, 1, 1, true), path + ".branch4.1", pool, 1));
        LayerTensor x = make.MaxPool(Unit(make.Input("input", 3, 224, 224), "conv1", 64, 7, 2), 3, 2, 0, true);
        x = make.MaxPool(Unit(Unit(x, "conv2", 64, 1), "conv3", 192, 3), 3, 2, 0, true);
        x = Inception(x, "inception3a", 64, 96, 128, 16, 32, 32);
        x = make.MaxPool(Inception(x, "inception3b", 128, 128, 192, 32, 96, 64), 3, 2, 0, true);
        x = Inception(x, "inception4a", 192, 96, 208, 16, 48, 64);
        x = Inception(x, "inception4b", 160, 112, 224, 24, 64, 64);
        x = Inception(x, "inception4c", 128, 128, 256, 24, 64, 64);
        x = Inception(x, "inception4d", 112, 144, 288, 32, 64, 64);
        x = make.MaxPool(Inception(x, "inception4e", 256, 160, 320, 32, 128, 128), 2, 2, 0, true);
        x = Inception(x, "inception5a", 256, 160, 320, 32, 128, 128);
        x = Inception(x, "inception5b", 384, 192, 384, 48, 128, 128);
        make.Output("output", make.Dense(make.Flatten(make.GlobalPool(x)), "fc", 1000));
        return make.Graph();
    }

    /// <summary>Each layer concatenates all tensors before it, as PyTorch exports it.</summary>
    public static LayerGraph DenseNet(GraphMaker? maker = null)
    {
        GraphMaker make = maker ?? new();
        LayerTensor x = make.Conv(make.Input("input", 3, 224, 224), "features.conv0", 64, 7, 2, 3);
        x = make.MaxPool(make.ReLU(make.Norm(x, "features.norm0")), 3, 2, 1);
        int[] counts = [6, 12, 24, 16];
        for (int block = 1; block <= 4; block++)
        {
            List<LayerTensor> features = [x];
            for (int i = 1; i <= counts[block - 1]; i++)
            {
                string path = $"features.denseblock{block}.denselayer{i}";
                x = features.Count == 1 ? x : make.Concat([.. features]);
                x = make.Conv(make.ReLU(make.Norm(x, path + ".norm1")), path + ".conv1", 128, 1);
                features.Add(make.Conv(make.ReLU(make.Norm(x, path + ".norm2")), path + ".conv2", 32, 3, 1, 1));
            }

            x = make.Concat([.. features]);
            if (block < 4)
            {
                string path = $"features.transition{block}";
                x = make.Conv(make.ReLU(make.Norm(x, path + ".norm")), path + ".conv", x.Shape[0] / 2, 1);
                x = make.AveragePool(x, 2);
            }
        }

        x = make.ReLU(make.Norm(x, "features.norm5"));
        make.Output("output", make.Dense(make.Flatten(make.GlobalPool(x)), "classifier", 1000));
        return make.Graph();
    }

    public static LayerGraph UNet(GraphMaker? maker = null)
    {
        GraphMaker make = maker ?? new();
        LayerTensor Double(LayerTensor x, string path, string stem, int filters)
        {
            x = make.ReLU(make.Norm(make.Conv(x, $"{path}.{stem}conv1", filters, 3, 1, 1), $"{path}.{stem}norm1"), $"{path}.{stem}relu1");
            return make.ReLU(
                make.Norm(make.Conv(x, $"{path}.{stem}conv2", filters, 3, 1, 1), $"{path}.{stem}norm2"), $"{path}.{stem}relu2");
        }

        LayerTensor x = make.Input("input", 3, 128, 128);
        var encoded = new Stack<LayerTensor>();
        for (int i = 1; i <= 4; i++)
        {
            x = Double(x, $"encoder{i}", $"enc{i}", 16 << i);
            encoded.Push(x);
            x = make.MaxPool(x, 2);
        }

        x = Double(x, "bottleneck", "bottleneck", 512);
        for (int i = 4; i >= 1; i--)
        {
            x = Double(make.Concat(make.Up(x, $"upconv{i}", 16 << i), encoded.Pop()), $"decoder{i}", $"dec{i}", 16 << i);
        }

        make.Output("output", make.Conv(x, "conv", 1, 1, bias: true));
        return make.Graph();
    }

    /// <summary>Two inputs that meet, and two heads.</summary>
    public static LayerGraph TwoInputs()
    {
        var make = new GraphMaker();
        LayerTensor image = make.Input("image", 3, 32, 32), depth = make.Input("depth.map", 1, 32, 32);
        LayerTensor left = make.ReLU(make.Conv(image, "left", 16, 3, 1, 1, bias: true));
        LayerTensor right = make.ReLU(make.Conv(depth, "right", 16, 3, 1, 1, bias: true));
        LayerTensor both = make.ReLU(make.Conv(make.Sum(left, right), "both", 32, 3, 2, 1, bias: true));
        LayerTensor flat = make.Flatten(make.GlobalPool(both));
        make.Output("boxes", make.Conv(both, "boxes", 4, 1, bias: true));
        make.Output("class/scores", make.Activation("Softmax", make.Dense(flat, "scores", 10)));
        return make.Graph();
    }

    /// <summary>A graph in which a tensor reaches two joins on ways that cross.</summary>
    public static LayerGraph Crossed()
    {
        var make = new GraphMaker();
        LayerTensor x = make.Input("x", 4, 8, 8);
        LayerTensor a = make.Conv(x, "a", 8, 3, 1, 1), b = make.Conv(x, "b", 8, 3, 1, 1);
        LayerTensor c = make.ReLU(make.Sum(a, b)), d = make.Conv(b, "d", 8, 1), e = make.Product(make.ReLU(a), d);
        make.Output("y", make.Concat(c, e, make.Conv(x, "f", 3, 1)));
        return make.Graph();
    }
}
