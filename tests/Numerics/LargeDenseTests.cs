using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Dense layers whose weights leave the cache are trained by rows of samples, with several samples in registers: against the oracle for
/// batches of fewer samples than that, of some that a vector has no lanes for, and of full blocks.
/// </summary>
public class LargeDenseTests
{
    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Rows_of_samples_give_what_lanes_do(Isa isa)
    {
        OracleNetwork[] networks =
        [
            // Panels that the outputs do not fill, features that no number of steps divides, and one sum of several blocks.
            new(Extents.Vector(1031), [new Dense(201), new Tanh(), new Dense(667), new Dense(250), new Sigmoid()]),
            new(Extents.Image(6, 9, 8),
                [new Conv2D(17, 2), new Tanh(), new Flatten(), new Dense(150), new Tanh(), new Dropout(0.25), new Dense(3)]),
        ];
        foreach (OracleNetwork network in networks)
        {
            string? difference = new Comparison(network, 1, [1, 3, 5, 19, 32]).Run(NetworkCompiler.Compile(network), isa);
            Assert.True(difference is null, $"{difference}\n{network.Declaration("Dense")}");
        }
    }
}
