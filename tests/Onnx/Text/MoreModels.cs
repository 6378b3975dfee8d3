using Strata.Onnx.Layers;

namespace Strata.Onnx.Tests;

/// <summary>Networks of several styles of modules, as graphs of layers.</summary>
internal static class MoreModels
{
    /// <summary>Inverted residuals, some with squeeze-and-excitation: branches inside of branches.</summary>
    public static LayerGraph MobileNetV3(GraphMaker? maker = null)
    {
        GraphMaker make = maker ?? new();
        LayerTensor x = Numbered(make, make.Input("input", 3, 224, 224), "features.0", 16, 3, "HardSwish", 2);
        (int Kernel, int Hidden, int Filters, int Squeeze, string Activation, int Stride)[] blocks =
        [
            (3, 16, 16, 8, "ReLU", 2), (3, 72, 24, 0, "ReLU", 2), (3, 88, 24, 0, "ReLU", 1), (5, 96, 40, 24, "HardSwish", 2),
            (5, 240, 40, 64, "HardSwish", 1), (5, 240, 40, 64, "HardSwish", 1), (5, 120, 48, 32, "HardSwish", 1),
            (5, 144, 48, 40, "HardSwish", 1), (5, 288, 96, 72, "HardSwish", 2), (5, 576, 96, 144, "HardSwish", 1),
            (5, 576, 96, 144, "HardSwish", 1),
        ];
        int number = 1;
        foreach ((int kernel, int hidden, int filters, int squeeze, string activation, int stride) in blocks)
        {
            string path = $"features.{number++}.block";
            int part = 0;
            LayerTensor before = x;
            x = hidden == x.Shape[0] ? x : Numbered(make, x, $"{path}.{part++}", hidden, 1, activation);
            x = Numbered(make, x, $"{path}.{part++}", hidden, kernel, activation, stride, hidden);
            x = squeeze == 0 ? x : Excitation(make, x, $"{path}.{part++}", squeeze);
            x = Numbered(make, x, $"{path}.{part}", filters, 1, "");
            x = stride == 1 && before.Shape[0] == filters ? make.Sum(x, before) : x;
        }

        x = Numbered(make, x, $"features.{number}", 576, 1, "HardSwish");
        x = make.Activation("HardSwish", make.Dense(make.Flatten(make.GlobalPool(x)), "classifier.0", 1024), "classifier.1");
        make.Output("output", make.Dense(x, "classifier.3", 1000));
        return make.Graph();
    }

    public static LayerGraph SqueezeNet(GraphMaker? maker = null)
    {
        GraphMaker make = maker ?? new();
        LayerTensor Fire(LayerTensor x, int number, int squeeze, int expand)
        {
            string path = $"features.{number}";
            x = make.ReLU(make.Conv(x, path + ".squeeze", squeeze, 1, bias: true), path + ".squeeze_activation");
            return make.Concat(
                make.ReLU(make.Conv(x, path + ".expand1x1", expand, 1, bias: true), path + ".expand1x1_activation"),
                make.ReLU(make.Conv(x, path + ".expand3x3", expand, 3, 1, 1, bias: true), path + ".expand3x3_activation"));
        }

        LayerTensor x = make.ReLU(make.Conv(make.Input("input", 3, 224, 224), "features.0", 64, 3, 2, bias: true), "features.1");
        x = Fire(Fire(make.MaxPool(x, 3, 2, 0, true), 3, 16, 64), 4, 16, 64);
        x = Fire(Fire(make.MaxPool(x, 3, 2, 0, true), 6, 32, 128), 7, 32, 128);
        x = Fire(Fire(make.MaxPool(x, 3, 2, 0, true), 9, 48, 192), 10, 48, 192);
        x = Fire(Fire(x, 11, 64, 256), 12, 64, 256);
        x = make.ReLU(make.Conv(x, "classifier.1", 1000, 1, bias: true), "classifier.2");
        make.Output("output", make.Flatten(make.GlobalPool(x)));
        return make.Graph();
    }

    public static LayerGraph MobileNetV1(GraphMaker? maker = null)
    {
        GraphMaker make = maker ?? new();
        LayerTensor x = Named(make, make.Input("input", 3, 224, 224), "stem", 32, 3, "ReLU", 2);
        int number = 0;
        foreach ((int filters, int stride) in new[] { (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1) })
        {
            x = Named(make, x, $"blocks.{number}.dw", x.Shape[0], 3, "ReLU", stride, x.Shape[0]);
            x = Named(make, x, $"blocks.{number++}.pw", filters, 1, "ReLU");
        }

        make.Output("output", make.Dense(make.Flatten(make.GlobalPool(x)), "fc", 1000));
        return make.Graph();
    }

    public static LayerGraph Vgg()
    {
        var make = new GraphMaker();
        LayerTensor x = make.Input("input", 3, 64, 64);
        int number = 0;
        foreach (int filters in new[] { 64, 64, 0, 128, 128, 0, 256, 256, 256, 0 })
        {
            x = filters == 0 ? make.MaxPool(x, 2)
                : make.ReLU(make.Conv(x, $"features.{number++}", filters, 3, 1, 1, bias: true), $"features.{number}");
            number++;
        }

        x = make.ReLU(make.Dense(make.Flatten(x), "classifier.0", 4096));
        make.Output("output", make.Dense(x, "classifier.3", 1000));
        return make.Graph();
    }

    /// <summary>A detector with three heads, whose tensors go forth and back between scales.</summary>
    public static LayerGraph Detector(GraphMaker? maker = null)
    {
        GraphMaker make = maker ?? new();
        LayerTensor Unit(LayerTensor t, string path, int filters, int kernel, int stride = 1) =>
            Named(make, t, "model." + path, filters, kernel, "SiLU", stride);
        LayerTensor Stack(LayerTensor t, string path, int filters, int count, bool adds)
        {
            LayerTensor x = Unit(t, path + ".cv1", filters / 2, 1);
            for (int i = 0; i < count; i++)
            {
                LayerTensor inner = Unit(Unit(x, $"{path}.m.{i}.cv1", filters / 2, 1), $"{path}.m.{i}.cv2", filters / 2, 3);
                x = adds ? make.Sum(x, inner) : inner;
            }

            return Unit(make.Concat(x, Unit(t, path + ".cv2", filters / 2, 1)), path + ".cv3", filters, 1);
        }

        LayerTensor Up(LayerTensor t) =>
            make.Add("Upsample2D", [t], [t.Shape[0], 2 * t.Shape[1], 2 * t.Shape[2]], "", [], (null, 2.0));
        LayerTensor x = Stack(Unit(Unit(make.Input("images", 3, 128, 128), "0", 16, 7, 2), "1", 32, 3, 2), "2", 32, 1, true);
        LayerTensor small = Stack(Unit(x, "3", 64, 3, 2), "4", 64, 2, true), medium = Stack(Unit(small, "5", 128, 3, 2), "6", 128, 3, true);
        x = Stack(Unit(medium, "7", 256, 3, 2), "8", 256, 1, true);
        LayerTensor first = Unit(x, "9.cv1", 128, 1), second = make.MaxPool(first, 5, 1, 2), third = make.MaxPool(second, 5, 1, 2);
        x = Unit(make.Concat(first, second, third, make.MaxPool(third, 5, 1, 2)), "9.cv2", 256, 1);
        LayerTensor large = Unit(x, "10", 128, 1);
        LayerTensor middle = Unit(Stack(make.Concat(Up(large), medium), "13", 128, 1, false), "14", 64, 1);
        LayerTensor one = Stack(make.Concat(Up(middle), small), "17", 64, 1, false);
        LayerTensor two = Stack(make.Concat(Unit(one, "18", 64, 3, 2), middle), "20", 128, 1, false);
        LayerTensor three = Stack(make.Concat(Unit(two, "21", 128, 3, 2), large), "23", 256, 1, false);
        make.Output("small", make.Conv(one, "model.24.m.0", 255, 1, bias: true));
        make.Output("medium", make.Conv(two, "model.24.m.1", 255, 1, bias: true));
        make.Output("large", make.Conv(three, "model.24.m.2", 255, 1, bias: true));
        return make.Graph();
    }

    /// <summary>Names without modules, as Keras writes them.</summary>
    public static LayerGraph KerasResNet()
    {
        var make = new GraphMaker();
        LayerTensor Unit(LayerTensor t, string name, int filters, int kernel, int stride = 1) => make.Norm(
            make.Conv(t, name + "_conv", filters, kernel, stride, kernel / 2, bias: true), name + "_bn", 1.001e-5);
        LayerTensor x = make.MaxPool(make.ReLU(Unit(make.Input("input_1", 3, 64, 64), "conv1", 64, 7, 2)), 3, 2, 1);
        int[] counts = [3, 4, 6, 3];
        for (int stage = 0; stage < counts.Length; stage++)
        {
            for (int block = 1; block <= counts[stage]; block++)
            {
                string path = $"conv{stage + 2}_block{block}_";
                (int filters, int stride) = (64 << stage, block == 1 && stage > 0 ? 2 : 1);
                LayerTensor before = block == 1 ? Unit(x, path + "0", 4 * filters, 1, stride) : x;
                x = make.ReLU(Unit(make.ReLU(Unit(x, path + "1", filters, 1, stride)), path + "2", filters, 3));
                x = make.ReLU(make.Sum(before, Unit(x, path + "3", 4 * filters, 1)));
            }
        }

        x = make.Dense(make.Flatten(make.GlobalPool(x)), "predictions", 1000);
        make.Output("predictions", make.Activation("Softmax", x));
        return make.Graph();
    }

    /// <summary>Convolution, batch norm and activation as the modules 0, 1 and 2.</summary>
    private static LayerTensor Numbered(
        GraphMaker make, LayerTensor x, string path, int filters, int kernel, string activation, int stride = 1, int groups = 1)
    {
        x = make.Norm(make.Conv(x, path + ".0", filters, kernel, stride, kernel / 2, groups), path + ".1", 0.001);
        return activation.Length == 0 ? x : make.Activation(activation, x, path + ".2");
    }

    /// <summary>Convolution, batch norm and activation as the modules conv, bn and act.</summary>
    private static LayerTensor Named(
        GraphMaker make, LayerTensor x, string path, int filters, int kernel, string activation, int stride = 1, int groups = 1) =>
        make.Activation(
            activation, make.Norm(make.Conv(x, path + ".conv", filters, kernel, stride, kernel / 2, groups), path + ".bn"), path + ".act");

    private static LayerTensor Excitation(GraphMaker make, LayerTensor x, string path, int squeeze)
    {
        LayerTensor weights = make.ReLU(make.Conv(make.GlobalPool(x), path + ".fc1", squeeze, 1, bias: true), path + ".activation");
        weights = make.Conv(weights, path + ".fc2", x.Shape[0], 1, bias: true);
        return make.Product(make.Activation("HardSigmoid", weights, path + ".scale_activation"), x);
    }
}
