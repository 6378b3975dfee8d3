using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Comparisons of tensors, and what is chosen by them. No gradient passes through a comparison.</summary>
public class ComparisonTests
{
    private static readonly Extents Features = Extents.Vector(21), Sequence = Extents.Sequence(6, 11), Image = Extents.Image(19, 5, 7);

    private static readonly OperatorFamily Family = new(
        "comparisons",
        new("Greater", Image, new Greater([new Conv2D(19, 1)], [])) { IsNearKink = true },
        new("Greater than a number for each channel", Image, new Tanh(), new Greater([], [new OwnTensor(Extents.Image(19, 1, 1))]))
        {
            IsNearKink = true,
        },
        new("Less", Sequence, new Less([], [new Conv1D(6, 1)])) { IsNearKink = true },
        new("Less than the mean", Features, new Less([new Total(Axes.Channels, true, IsMean: true)], [])) { IsNearKink = true },
        new("Equal to the largest of a window", Image, new Equal([], [new MaxPool2D(new Axis(3, 1, 1, 1), new Axis(3, 1, 1, 1))]))
        {
            IsNearKink = true,
        },
        new("Greater than a window's largest or equal", Image,
            new GreaterOrEqual([], [new MaxPool2D(new Axis(3, 1, 1, 1), new Axis(3, 1, 1, 1))]))
        {
            IsNearKink = true,
        },
        new("Less or equal, whole numbers", Sequence, new Affine(3, 0), new LessOrEqual([new Floor()], [new Tanh(), new Round()]))
        {
            IsNearKink = true,
        },
        new("And", Sequence, new And([new ReLU()], [new Affine(2, 0), new Round()])) { IsNearKink = true },
        new("Or", Image, new Or([new ReLU()], [new OwnTensor(Extents.Image(19, 1, 1)), new ReLU()])) { IsNearKink = true },
        new("Xor", Features, new Xor([new ReLU()], [new Affine(2, 0), new Round()])) { IsNearKink = true },
        new("Not, of an and", Image, new And([new ReLU()], [new Affine(-2, 1), new ReLU()]), new Not()) { IsNearKink = true },
        new("Where", Sequence, new Where([new OwnTensor(Extents.Sequence(6, 11)), new ReLU()], [new Tanh()], [new Conv1D(6, 1)])),
        new("Where, a mask", Sequence,
            new Where([new OwnTensor(Extents.Sequence(1, 11), IsTrained: false, BatchAxis: true), new Round()], [new Conv1D(6, 1)], [])));

    public static TheoryData<string> Names => Family.Names;

    public static TheoryData<string, Isa> NamesAndTiers => Family.NamesAndTiers;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_oracle_computes_what_PyTorch_computes(string name) => Family.CheckOracle(name);

    [Theory]
    [MemberData(nameof(NamesAndTiers))]
    public void Every_tier_computes_what_the_oracle_computes(string name, Isa isa) => Family.CheckTier(name, isa);
}
