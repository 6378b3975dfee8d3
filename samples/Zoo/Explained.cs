using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Strata;
using Strata.Zoo;

namespace Zoo;

/// <summary>
/// A network as <c>why</c> needs it: with gradients of its input, no dropout, and batch norm as in inference. It has the keys of the
/// zoo's network of that name, so that the same file fits.
/// </summary>
/// <param name="Layer">The layer for Grad-CAM: the last one that has places. It has a bias that could be trained.</param>
/// <param name="Create">Creates an instance.</param>
/// <param name="AddsLayer">Whether that layer is one that the zoo's network lacks. It changes nothing.</param>
internal sealed record Explained(string Layer, Func<NetworkOptions, CompiledNetwork> Create, bool AddsLayer = false)
{
    private static readonly Dictionary<string, Explained> All = new()
    {
        ["net"] = Of<ExplainedNet>("conv2"),
        ["alexnet"] = Of<ExplainedAlexNet>("features.10"),
        ["squeezenet1_1"] = Of<ExplainedSqueezeNet>("classifier.1"),
        ["resnet18"] = Of<ExplainedResNet18>("layer4_scale", addsLayer: true),
    };

    /// <summary>The networks that there are.</summary>
    public static IEnumerable<string> Names => All.Keys;

    public static Explained? Find(string name) => All.GetValueOrDefault(name);

    /// <summary>The network with the weights of a file, or with seeded ones.</summary>
    /// <exception cref="InvalidDataException">The file does not fit.</exception>
    public CompiledNetwork Open(string? weights, int seed)
    {
        CompiledNetwork network = Create(new NetworkOptions { Seed = (ulong)seed, Observe = [Layer] });
        if (weights is null)
        {
            return network;
        }

        if (!AddsLayer)
        {
            network.Load(weights);
            return network;
        }

        WeightsLoadReport report = network.Load(weights, new WeightsLoadOptions { Strict = false });
        string[] wrong = [.. report.Unexpected, .. report.Missing.Where(key => !key.StartsWith(Layer + ".", StringComparison.Ordinal))];
        return wrong.Length == 0 ? network : throw new InvalidDataException(
            $"{weights}: '{wrong[0]}' is {(report.Unexpected.Count > 0 ? "no parameter of the network" : "missing")}");
    }

    private static Explained Of<TNetwork>(string layer, bool addsLayer = false)
        where TNetwork : CompiledNetwork, INetwork<TNetwork> => new(layer, TNetwork.Create, addsLayer);
}

[Network(Observable = true, InputGradient = true, FreezeUntil = "conv2"), Input(3, 32, 32), Net(Name = ""), CrossEntropy]
internal sealed partial class ExplainedNet;

[Network(Observable = true, InputGradient = true, FreezeUntil = "features.10"), Input(3, 224, 224)]
[AlexNet(dropout: 0, Name = ""), CrossEntropy]
internal sealed partial class ExplainedAlexNet;

[Network(Observable = true, InputGradient = true, FreezeUntil = "classifier.1"), Input(3, 224, 224)]
[SqueezeNet(dropout: 0, Name = ""), CrossEntropy]
internal sealed partial class ExplainedSqueezeNet;

/// <summary>The last convolution has no bias of its own, and those of batch norm are frozen.</summary>
[Network(Observable = true, InputGradient = true, FreezeUntil = "layer4_scale"), Input(3, 224, 224)]
[LayersOf(typeof(ResNet18Attribute), Until = "pool2"), Scale(Name = "layer4_scale")]
[AdaptiveAveragePool2D(1), Flatten, Dense(1000, Name = "fc"), CrossEntropy]
internal sealed partial class ExplainedResNet18;
