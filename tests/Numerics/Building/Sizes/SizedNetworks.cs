using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Building;

/// <summary>Networks that can be had at several sizes, and their sizes.</summary>
internal static class SizedNetworks
{
    /// <summary>A network at a size, and other sizes of it.</summary>
    public sealed record Case(Func<int[], NetworkBuilder> Build, int[] Declared, params int[][] Others);

    /// <summary>Less to compile, where nothing is trained.</summary>
    public static CompileOptions Inference { get; } = new() { Trains = false };

    public static IReadOnlyDictionary<string, Case> All { get; } = new Dictionary<string, Case>
    {
        ["classifier"] = new(Classifier, [16, 16], [24, 32], [9, 7], [40, 16], [64, 48]),
        ["large first"] = new(Classifier, [96, 64], [8, 8], [17, 33]),
        ["residual"] = new(Residual, [32, 32], [16, 16], [64, 64], [12, 80]),
        ["encoder and decoder"] = new(UNet, [16, 32], [32, 16], [48, 48]),
        ["mobile"] = new(Mobile, [32, 32], [48, 32], [15, 21]),
        ["length"] = new(Length, [40], [25], [160]),
        ["volume"] = new(Volume, [6, 8, 8], [9, 5, 12]),
        ["two inputs"] = new(TwoInputs, [12, 12, 8, 8], [16, 20, 10, 12]),
    };

    public static NetworkBuilder Classifier(int[] size) => new NetworkBuilder(3, size[0], size[1])
        .Conv2D(8, 3, padding: 1).BatchNorm().ReLU().MaxPool2D(2).Conv2D(20, 3, padding: 1).ReLU()
        .Conv2D(24, 3, padding: 1, groups: 2).GELU()
        .GlobalAveragePool2D().Flatten().Dense(5).Softmax().CrossEntropy();

    private static NetworkBuilder Residual(int[] size) => new NetworkBuilder(3, size[0], size[1])
        .Conv2D(32, 7, stride: 2, padding: 3, bias: false).BatchNorm().ReLU()
        .Block("layer", b => b.Branches(
            x => x, x => x.Conv2D(32, 3, padding: 1, bias: false).BatchNorm().ReLU().Conv2D(32, 3, padding: 1, bias: false).BatchNorm())
            .Add().ReLU(), repeat: 2)
        .GlobalAveragePool2D().Flatten().Dense(4).CrossEntropy();

    private static NetworkBuilder UNet(int[] size) => new NetworkBuilder(1, size[0], size[1])
        .Conv2D(8, 3, padding: 1).ReLU(name: "skip").MaxPool2D(2).Conv2D(16, 3, padding: 1).ReLU()
        .ConvTranspose2D(8, 2, stride: 2, name: "up").Concat(["skip", "up"]).Conv2D(8, 3, padding: 1).ReLU().Conv2D(1, 1)
        .MeanSquaredError();

    private static NetworkBuilder Mobile(int[] size) => new NetworkBuilder(3, size[0], size[1])
        .Conv2D(16, 3, stride: 2, padding: 1, bias: false).BatchNorm().ReLU6()
        .Conv2D(16, 3, padding: 1, groups: 16, bias: false).BatchNorm().ReLU6().Conv2D(24, 1, bias: false).BatchNorm()
        .Conv2D(48, 1).HardSwish().GlobalAveragePool2D().Flatten().Dense(3).CrossEntropy();

    private static NetworkBuilder Length(int[] size) => new NetworkBuilder(4, size[0])
        .Conv1D(12, 5, padding: 2).ReLU().MaxPool1D(2).Conv1D(16, 3).Tanh().GlobalAveragePool1D().Flatten().Dense(2).CrossEntropy();

    private static NetworkBuilder Volume(int[] size) => new NetworkBuilder(2, size[0], size[1], size[2])
        .Conv3D(8, 3, padding: 1).ReLU().GlobalAveragePool3D().Flatten().Dense(3).CrossEntropy();

    private static NetworkBuilder TwoInputs(int[] size) => new NetworkBuilder()
        .Input([3, size[0], size[1]], "wide").Conv2D(6, 3, name: "conv").GlobalAveragePool2D(name: "pooled").Flatten(name: "flat")
        .Input([4], "pose").Dense(3, name: "posed")
        .Input([1, size[2], size[3]], "near").Conv2D(5, 3).GlobalAveragePool2D().Flatten(name: "second")
        .Concat(["flat", "posed", "second"]).Dense(2).MeanSquaredError();

    /// <summary>Some samples, all different.</summary>
    public static float[] Inputs(CompiledNetwork network, int samples) =>
        [.. Enumerable.Range(0, samples * network.InputLength).Select(i => MathF.Sin((i * 0.37f) + (i % 7)))];

    public static float[] Outputs(CompiledNetwork network, int samples)
    {
        float[] outputs = new float[samples * network.OutputLength];
        network.Forward(Inputs(network, samples), outputs);
        return outputs;
    }

    /// <summary>The network that is declared with another size, with the parameters of a network.</summary>
    public static CompiledNetwork Declared(Case of, int[] size, CompiledNetwork parameters, CompileOptions? compile = null)
    {
        CompiledNetwork network = of.Build(size).Compile(
            new NetworkOptions { Isa = parameters.Isa, Threads = parameters.Threads }, compile ?? Inference);
        network.CopyParametersFrom(parameters);
        return network;
    }
}
