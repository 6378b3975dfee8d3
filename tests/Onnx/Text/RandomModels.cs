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
}
