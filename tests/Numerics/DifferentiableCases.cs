using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Strata.Numerics.Tests.Oracle;

namespace Strata.Numerics.Tests;

/// <summary>A network whose gradients are compared with finite differences.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Network">The oracle, of which the tests of differences have this one to themselves.</param>
/// <param name="Compiled">The same, compiled.</param>
internal sealed record DifferentiableCase(string Name, OracleNetwork Network, Func<CompiledType> Compiled)
{
    /// <summary>Whether the loss is what is looked at, and not the layers before it.</summary>
    public bool IsLoss { get; init; }

    /// <summary>Inputs are up to so far from 0: where the kinks are.</summary>
    public double Range { get; init; } = 1;
}

/// <summary>
/// Every case of every operator family, activation and loss, and what only exists between layers (dropout, joins): all for which
/// there are tests of single networks, so that none is left out of those of gradients.
/// </summary>
internal static class DifferentiableCases
{
    private static readonly Lazy<Dictionary<string, DifferentiableCase>> Cases = new(() =>
        new[] { Families(), Activations(), Losses(), Combined() }.SelectMany(c => c).ToDictionary(c => c.Name));

    public static IReadOnlyDictionary<string, DifferentiableCase> All => Cases.Value;

    /// <summary>Of all test classes, so that a new family takes part by itself.</summary>
    private static IEnumerable<DifferentiableCase> Families() => typeof(OperatorFamily).Assembly.GetTypes()
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
        .Where(field => field.FieldType == typeof(OperatorFamily))
        .SelectMany(field => ((OperatorFamily)field.GetValue(null)!).Differentiable);

    /// <summary>96 points, so that kinks at halves lie between them.</summary>
    private static IEnumerable<DifferentiableCase> Activations() => Together(
        "Activation",
        [.. ActivationTests.Layers.Concat([new ReLU(), new Sigmoid(), new Tanh(), new Softmax()])
            .Select(layer => Of(Extents.Image(2, 4, 12), layer))])
        .Select(c => c with { Range = 8 });

    private static IEnumerable<DifferentiableCase> Losses() =>
        Together("Loss", [.. GoldenLossTests.Networks, .. MapLossTests.Networks]);

    private static IEnumerable<DifferentiableCase> Combined()
    {
        Extents image = Extents.Image(4, 7, 6), sequence = Extents.Sequence(4, 13), volume = Extents.Volume(2, 3, 4, 5);
        OracleNetwork[] networks =
        [
            Of(image, new Conv2D(6, new Axis(3, 2, 1, 0), new Axis(2, 1, 1, 2, 2), Groups: 2)),
            Of(image, new Conv2D(3, new Axis(4), new Axis(2), Auto.Same), new Tanh()),
            Of(image, new Conv2D(4, new Axis(3, 3), new Axis(3, 2), Auto.Full, Groups: 4, Bias: false), new Sigmoid()),
            Of(image, new MaxPool2D(new Axis(3, 2, 1, 1), new Axis(2, 1), Ceil: true)),
            Of(image, new AveragePool2D(new Axis(3, 2, 1, 1), new Axis(3, 2, 1, 1), Ceil: true)),
            Of(image, new AveragePool2D(new Axis(3, 2, 1, 1), new Axis(2, 1), CountIncludePad: false, Auto: Auto.Same)),
            Of(image, new ReLU(), new Dropout(0.5)),
            Of(image, new Add([], [new Tanh(), new Conv2D(4, 3, padding: 1)], [new Dropout(0.5)]), new Sigmoid()),
            Of(image, new Concat([new Conv2D(2, 1), new Dropout(0.5)], [], [new MaxPool2D(3, stride: 1, padding: 1), new Conv2D(3, 1)], []),
                new Tanh()),
            Of(image, new Concat([new Flatten(), new Dense(3)], [new AveragePool2D(2), new Flatten()]),
                new Add([new Dense(5)], [new Dropout(0.5), new Dense(5)])),
            Of(image, new Softmax()),
            new(Extents.Sequence(3, 5), [new Softmax(), new Flatten(), new Dense(4, Bias: false)], Objective.CrossEntropy),
            Of(sequence, new Conv1D(6, new Axis(3, 2, 1, 3, 2), Groups: 2), new Tanh(),
                new AveragePool1D(new Axis(3, 2, 1, 1), Ceil: true)),
            Of(sequence, new Conv1D(3, new Axis(4), Auto.Same, Bias: false), new MaxPool1D(3, stride: 2, padding: 1)),
            Of(sequence, new Add([new Conv1D(3, 1)], [new TopK(1, Indices: true), new Embedding(4, 3)]), new Tanh(), new Conv1D(2, 3)),
            Of(volume, new Conv3D(4, new Axis(2, 2, 1, 0), new Axis(3, 1, 1, 1), new Axis(2, 1, 1, 2, 2), Groups: 2), new Sigmoid()),
            Of(volume, new Conv3D(3, 2) { Auto = Auto.Full }, new MaxPool3D(3, stride: 2, padding: 1), new Softmax()),
            Of(volume, new AveragePool3D(Axis.Of(2, 1, 1), Axis.Of(3, 2, 1), Axis.Of(2, 2, 0), Ceil: true), new Conv3D(3, 1)),
            new(Extents.Vector(9), [new Dense(7), new Tanh(), new Dropout(0.3), new Dense(5), new Softmax()], Objective.CrossEntropy),
            Of(Extents.Vector(9), new Dense(7), new Softmax()),
            new(
            [
                new InputItem(Extents.Image(2, 5, 4)), new LayerItem(new Conv2D(4, 3)), new LayerItem(new Tanh()) { Name = "features" },
                new LayerItem(new Flatten()), new LayerItem(new Dense(3)), new LayerItem(new Softmax()),
                new LossItem(new CrossEntropyObjective(0.1), 0.5),
                new LayerItem(new Conv2D(2, 2)) { From = "features" }, new LossItem(Objective.MeanSquaredError, 2),
            ]),
        ];
        return Together("Combined", [.. networks, .. MultiplyTests.Networks, .. NormalizeTests.Networks, .. NormalizationTests.Mixed]);
    }

    private static OracleNetwork Of(Extents input, params Layer[] layers) =>
        new(input, layers, Objective.MeanSquaredError, inputGradient: true);

    /// <summary>Cases that are compiled together, when the first of them is needed.</summary>
    private static IEnumerable<DifferentiableCase> Together(string name, OracleNetwork[] networks)
    {
        Lazy<CompiledNetworks> compiled =
            new(() => NetworkCompiler.Compile([.. networks.Select((n, i) => n.Declaration($"{name}{i}"))], name));
        return networks.Select((n, i) => new DifferentiableCase(
            $"{i}: {string.Join(", ", n.Items.Skip(1).Select(item => item.Text))}",
            new OracleNetwork(n.Items, n.InputGradient),
            () => compiled.Value[$"{name}{i}"])
        { IsLoss = !n.InputGradient });
    }
}
