using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Layers that know no dimensions, on sequences and volumes.</summary>
public class DimensionTests
{
    private static readonly Extents Sequence = Extents.Sequence(5, 19), Volume = Extents.Volume(5, 3, 4, 7);

    private static readonly OperatorFamily Family = new(
        "dimensions",
        new("Tanh, sequence", Sequence, new Tanh()),
        new("Tanh, volume", Volume, new Tanh()),
        new("Softmax, sequence", Sequence, new Softmax()),
        new("Softmax, volume", Volume, new Softmax()),
        new("Dense, sequence", Sequence, new Flatten(), new Dense(9)),
        new("Dense, volume", Volume, new Flatten(), new Dense(9)),
        new("Dense behind a convolution, sequence", Sequence, new Conv1D(6, 3, padding: 1), new Tanh(), new Flatten(), new Dense(9)),
        new("Dense behind a convolution, volume", Volume, new Conv3D(6, 3, padding: 1), new Tanh(), new Flatten(), new Dense(9)),
        new("Add, sequence", Sequence, new Add([new Conv1D(5, 3, padding: 1), new Sigmoid()], [])),
        new("Add, volume", Volume, new Add([new Conv3D(5, 3, padding: 1), new Sigmoid()], [], [new Conv3D(5, 1)])),
        new("Concat, sequence", Sequence, new Concat([new Conv1D(3, 5, padding: 2)], [new Conv1D(4, 1), new Tanh()], [])),
        new("Concat, volume", Volume,
            new Concat([new Conv3D(3, 3, stride: 2, padding: 1)], [new AveragePool3D(1, stride: 2), new Conv3D(16, 1)])),
        new("Multiply, sequence", Sequence, new Multiply([], [new AveragePool1D(19), new Conv1D(5, 1), new Sigmoid()])),
        new("Multiply, volume", Volume,
            new Multiply([], [new AveragePool3D(new Axis(3), new Axis(4), new Axis(7)), new Conv3D(5, 1), new Sigmoid()])));

    public static TheoryData<string> Names => Family.Names;

    public static TheoryData<string, Isa> NamesAndTiers => Family.NamesAndTiers;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_oracle_computes_what_PyTorch_computes(string name) => Family.CheckOracle(name);

    [Theory]
    [MemberData(nameof(NamesAndTiers))]
    public void Every_tier_computes_what_the_oracle_computes(string name, Isa isa) => Family.CheckTier(name, isa);
}
