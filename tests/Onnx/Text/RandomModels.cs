using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Tests;

/// <summary>Graphs of layers that are wired at random.</summary>
internal static class RandomModels
{
    public static LayerGraph Make(int seed)
    {
        var random = new Random(seed);
        var make = new GraphMaker { HasKeys = random.Next(3) > 0, HasPaths = random.Next(3) > 0 };
        List<LayerTensor> open = [make.Input("input", 4, 8, 8)];
        if (random.Next(4) == 0)
        {
            open.Add(make.Input(random.Next(2) == 0 ? "x.1" : "input", 4, 8, 8));
        }

        HashSet<LayerTensor> unread = [.. open];
        int layers = random.Next(3, 30);
        for (int i = 0; i < layers || unread.Any(tensor => tensor is InputTensor); i++)
        {
            LayerTensor Pick() => Read(
                unread.OfType<InputTensor>().FirstOrDefault() ?? (random.Next(3) > 0 ? open[^1] : open[random.Next(open.Count)]));
            string path = random.Next(6) == 0 ? $"block{random.Next(3)}.{i}" : random.Next(8) == 0 ? "forward" : $"layer{i}";
            LayerTensor x = Pick();
            LayerTensor made = random.Next(9) switch
            {
                0 or 1 => make.Conv(x, path, 4, 3, 1, 1, bias: random.Next(2) == 0),
                2 => make.Norm(x, path),
                3 => make.ReLU(x, random.Next(2) == 0 ? path : ""),
                4 => make.Activation("Sigmoid", x),
                5 => make.MaxPool(x, 3, 1, 1),
                6 => make.Sum(x, Pick()),
                7 => make.Product(x, Pick(), Pick()),
                _ => make.Conv(make.Concat(x, Pick()), path, 4, 1),
            };
            Read(made);
            open.Add(made);
            unread.Add(made);
        }

        int number = 0;
        foreach (LayerTensor end in unread.ToList())
        {
            make.Output("y" + number++, end);
        }

        return make.Graph();

        LayerTensor Read(LayerTensor tensor)
        {
            unread.Remove(tensor);
            return tensor;
        }
    }

    /// <summary>A chain of modules of a few kinds, some of them inside others, with names of several styles.</summary>
    public static LayerGraph MakeModules(int seed)
    {
        var random = new Random(seed);
        var make = new GraphMaker { HasKeys = random.Next(5) > 0, HasPaths = random.Next(3) > 0 };
        LayerTensor x = make.Conv(make.Input("input", 3, 16, 16), "stem", 8, 3, 1, 1);
        int style = random.Next(5), number = 0;
        for (int stage = 0; stage < 4; stage++)
        {
            int kind = random.Next(6), filters = 8 << random.Next(3), count = random.Next(1, 4);
            for (int i = 0; i < count; i++, number++)
            {
                string path = style switch
                {
                    0 => $"layer{stage}.{i}",
                    1 => $"features.{number}",
                    2 => $"stage{stage}.block{i}",
                    3 => $"net.{stage}.{i}.body",
                    _ => $"b{number}",
                };
                x = AddModule(make, x, path, kind, filters, i == 0 && random.Next(2) == 0 ? 2 : 1);
            }

            x = random.Next(3) == 0 ? make.MaxPool(x, 3, 1, 1) : x;
        }

        make.Output("y", make.Dense(make.Flatten(make.GlobalPool(x)), random.Next(2) == 0 ? "head.1" : "fc", 10));
        return make.Graph();
    }

    private static LayerTensor AddModule(GraphMaker make, LayerTensor x, string path, int kind, int filters, int stride)
    {
        LayerTensor Unit(LayerTensor t, string name, int channels, int kernel, int step = 1, int groups = 1) => make.ReLU(make.Norm(
            make.Conv(t, $"{path}.{name}.0", channels, kernel, step, kernel / 2, groups), $"{path}.{name}.1"));
        LayerTensor before = x;
        switch (kind)
        {
            case 0:
                return Unit(Unit(x, "a", filters, 3, stride), "b", filters, 1);
            case 1:
                x = make.Norm(make.Conv(Unit(x, "conv1", filters, 3, stride), path + ".conv2", filters, 3, 1, 1), path + ".bn2");
                if (stride > 1 || before.Shape[0] != filters)
                {
                    before = make.Norm(make.Conv(before, path + ".shortcut.0", filters, 1, stride), path + ".shortcut.1");
                }

                return make.ReLU(make.Sum(x, before));
            case 2:
                LayerTensor[] ends = [Unit(x, "left", filters, 1), Unit(Unit(x, "right.0", filters, 1), "right.1", 2 * filters, 3)];
                return make.Concat([.. ends, make.MaxPool(x, 3, 1, 1)]);
            case 3:
                x = Unit(Unit(x, "expand", 2 * x.Shape[0], 1), "depthwise", 2 * x.Shape[0], 3, stride, 2 * x.Shape[0]);
                LayerTensor gate = make.Conv(make.GlobalPool(x), path + ".se.fc1", 4, 1, bias: true);
                gate = make.Activation("Sigmoid", make.Conv(make.ReLU(gate), path + ".se.fc2", x.Shape[0], 1, bias: true));
                x = make.Norm(make.Conv(make.Product(x, gate), path + ".project.0", filters, 1), path + ".project.1");
                return before.Shape.SequenceEqual(x.Shape) ? make.Sum(before, x) : x;
            case 4:
                x = make.Conv(make.ReLU(make.Norm(x, path + ".norm1")), path + ".conv1", filters, 1);
                return make.Concat(before, make.Conv(make.ReLU(make.Norm(x, path + ".norm2")), path + ".conv2", 8, 3, 1, 1));
            default:
                return make.Activation("Sigmoid", make.Conv(x, path + ".only", filters, 3, stride, 1, bias: true));
        }
    }
}
