using System.Linq;
using Strata.Numerics.Tests.Oracle;

namespace Strata.Numerics.Tests.Drawing;

/// <summary>Draws losses.</summary>
internal sealed class RandomObjectives(RandomNumbers random)
{
    /// <summary>Of any tensor.</summary>
    public Objective OfValues() => random.Below(12) switch
    {
        0 => new SquaredError("MeanSquaredError") { Sum = true },
        < 4 => new SquaredError("MeanSquaredError"),
        4 => new AbsoluteError("MeanAbsoluteError") { Sum = random.Chance(3) },
        5 => new AbsoluteError("L1") { Sum = !random.Chance(3) },
        6 => new SquaredError("L2") { Sum = !random.Chance(3) },
        7 => new SmoothError("SmoothL1", random.Pick(0, 0.25, 1, 2)) { Sum = random.Chance(3) },
        8 => new SmoothError("Huber", random.Pick(0.25, 1, 3)) { Sum = random.Chance(3) },
        _ => new BinaryCrossEntropyObjective { Sum = random.Chance(4) },
    };

    /// <summary>Of logits, for a sample or for each of its pixels.</summary>
    public Objective OfClasses(Extents output) => random.Chance(3) && output.Rank == 1
        ? new HingeObjective(random.Pick(0.5, 1, 1), ClassWeights(output.Channels)) { Sum = random.Chance(4) }
        : new CrossEntropyObjective(random.Pick(0, 0, 0.1, 0.3), ClassWeights(output.Channels))
        {
            Sum = random.Chance(4),
            IgnoreIndex = output.Rank == 1 ? -100 : random.Pick(-100, -1, 0, 255),
        };

    private double[] ClassWeights(int classes)
    {
        double[] weights = random.Chance(3) ? [.. Enumerable.Range(0, classes).Select(_ => random.Pick(0, 0.25, 1, 1.5))] : [];
        if (weights.Length > 0 && weights.All(weight => weight == 0))
        {
            // Nothing would be trained, which is an error.
            weights[0] = 1;
        }

        return weights;
    }
}
