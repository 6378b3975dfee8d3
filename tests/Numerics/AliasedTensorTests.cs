using System;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Several names of one tensor, and several losses on it, where an activation is one function with a loss: outputs, losses, gradients
/// and a step, all against the oracle, in both layouts of training.
/// </summary>
public class AliasedTensorTests
{
    private static readonly (string Name, ScopeItem[] Items)[] Cases =
    [
        ("two names of a softmax", [
            new InputItem(Extents.Vector(4)), new LayerItem(new Dense(3)), new LayerItem(new Softmax()) { Name = "b" },
            new OutputItem("x"), new OutputItem("y") { From = "b" }, new LossItem(Objective.CrossEntropy) { From = "b" }]),
        ("two names of a sigmoid", [
            new InputItem(Extents.Vector(4)), new LayerItem(new Dense(3)), new LayerItem(new Sigmoid()) { Name = "b" },
            new OutputItem("x"), new OutputItem("y") { From = "b" }, new LossItem(new BinaryCrossEntropyObjective()) { From = "b" }]),
        ("a view of a softmax", [
            new InputItem(Extents.Image(3, 4, 5)), new LayerItem(new Conv2D(5, 3)), new LayerItem(new Softmax()) { Name = "b" },
            new OutputItem("x"), new LossItem(Objective.CrossEntropy) { From = "b" },
            new LayerItem(new Flatten()) { From = "b" }, new OutputItem("flat")]),
        ("a dropout of nothing before a padded convolution", [
            new InputItem(Extents.Image(3, 7, 6)), new LayerItem(new Conv2D(4, 3)), new LayerItem(new Dropout(0)),
            new LayerItem(new Conv2D(2, 3, padding: 1)), new LayerItem(new Flatten()), new LossItem(Objective.MeanSquaredError)]),
        ("squares beside cross entropy", [
            new InputItem(Extents.Vector(6)), new LayerItem(new Dense(5)), new LayerItem(new Softmax()) { Name = "b" },
            new LossItem(Objective.CrossEntropy, 0.5), new LossItem(Objective.MeanSquaredError, 2, "shares") { From = "b" }]),
        ("squares before cross entropy", [
            new InputItem(Extents.Vector(6)), new LayerItem(new Dense(5)), new LayerItem(new Softmax()) { Name = "b" },
            new LossItem(Objective.MeanSquaredError, 2, "shares"), new LossItem(Objective.CrossEntropy, 0.5) { From = "b" }, new OutputItem("p") { From = "b" }, new OutputItem("q") { From = "b" }]),
        ("squares beside cross entropy, of pixels", [
            new InputItem(Extents.Image(3, 6, 7)), new LayerItem(new Conv2D(20, 3)), new LayerItem(new ReLU()), new LayerItem(new Conv2D(5, 1)), new LayerItem(new Softmax()) { Name = "b" },
            new LossItem(Objective.CrossEntropy), new LossItem(Objective.MeanSquaredError, 0.25, "shares") { From = "b" }]),
        ("squares beside binary cross entropy", [
            new InputItem(Extents.Vector(6)), new LayerItem(new Dense(5)), new LayerItem(new Sigmoid()) { Name = "b" },
            new LossItem(new BinaryCrossEntropyObjective(), 0.5, "bits"), new LossItem(Objective.MeanSquaredError, 2, "shares") { From = "b" },
            new LayerItem(new Dense(3)) { From = "b" }, new OutputItem("more"), new OutputItem("b") { From = "b" }, new LossItem(new AbsoluteError("L1"), 0.1, "third") { From = "b" }]),
    ];

    private static readonly TrainingLayout[] Layouts = [TrainingLayout.SampleLanes, TrainingLayout.Blocked];

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.Compile(
        [.. from i in Enumerable.Range(0, Cases.Length) from layout in Layouts select Network(i, layout).Declaration($"Aliased{i}{layout}")], "AliasedTensors"));

    public static TheoryData<string, TrainingLayout, Isa> All => [.. from c in Cases from layout in Layouts from isa in Tiers.Supported select (c.Name, layout, isa)];

    [Theory]
    [MemberData(nameof(All))]
    public void Names_and_losses_of_one_tensor_agree_with_the_oracle(string name, TrainingLayout layout, Isa isa)
    {
        int number = Array.FindIndex(Cases, c => c.Name == name);
        OracleNetwork network = Network(number, layout);
        Assert.Null(new Comparison(network, number, [1, 5, 19]).Run(Compiled.Value[$"Aliased{number}{layout}"], isa));
    }

    private static OracleNetwork Network(int number, TrainingLayout layout) => new(Cases[number].Items, inputGradient: true) { TrainsIn = layout };
}
