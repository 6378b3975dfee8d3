using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Every loss with its options against PyTorch, oracle and kernels alike: a dense layer from 4 to 5 on a batch of 20.</summary>
public class GoldenLossTests
{
    private static readonly double[] Weights = [0.5, 2, 1, 0.25, 1.5];

    /// <summary>The names are those of <c>make_goldens.py</c>.</summary>
    private static readonly Dictionary<string, Objective> Losses = new()
    {
        ["CrossEntropy"] = new CrossEntropyObjective(),
        ["CrossEntropy, sum"] = new CrossEntropyObjective { Sum = true },
        ["CrossEntropy, smoothed"] = new CrossEntropyObjective(0.1),
        ["CrossEntropy, weighted"] = new CrossEntropyObjective(0, Weights),
        ["CrossEntropy, weighted, sum"] = new CrossEntropyObjective(0, Weights) { Sum = true },
        ["CrossEntropy, smoothed, weighted"] = new CrossEntropyObjective(0.25, Weights),
        ["Hinge"] = new HingeObjective(),
        ["Hinge, margin"] = new HingeObjective(0.5),
        ["Hinge, weighted"] = new HingeObjective(1, Weights),
        ["Hinge, weighted, sum"] = new HingeObjective(1, Weights) { Sum = true },
        ["MeanSquaredError"] = new SquaredError("MeanSquaredError"),
        ["L2"] = new SquaredError("L2") { Sum = true },
        ["MeanAbsoluteError"] = new AbsoluteError("MeanAbsoluteError"),
        ["L1"] = new AbsoluteError("L1") { Sum = true },
        ["SmoothL1"] = new SmoothError("SmoothL1", 1),
        ["SmoothL1, beta"] = new SmoothError("SmoothL1", 0.25),
        ["SmoothL1, beta 0, sum"] = new SmoothError("SmoothL1", 0) { Sum = true },
        ["Huber"] = new SmoothError("Huber", 1),
        ["Huber, delta"] = new SmoothError("Huber", 0.25) { Sum = true },
        ["BinaryCrossEntropy"] = new BinaryCrossEntropyObjective(),
        ["BinaryCrossEntropy, sum"] = new BinaryCrossEntropyObjective { Sum = true },
    };

    private static readonly LossGoldens Goldens = new(
        "losses", (objective, behind) => new OracleNetwork(Extents.Vector(4), [new Dense(5, Bias: false), .. behind], objective));

    internal static IEnumerable<OracleNetwork> Networks => Losses.Values.SelectMany(Goldens.Networks);

    public static TheoryData<string> Names => [.. Losses.Keys];

    [Fact]
    public void Every_golden_is_compared() => Assert.Equal(Goldens.Names.Order(), Losses.Keys.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_and_gradient_are_those_of_PyTorch(string name) => Goldens.Check(name, Losses[name]);
}
