using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>The kernels of a network's sizes have few forms, each of which is cheap at the sizes that use it.</summary>
public sealed class KernelFormsTests
{
    private static NetworkGraph At(int width) => Graphs.Of(
        $"[Input(32, 56, {width}), Conv2D(96, 1), ReLU6, Conv2D(96, 3, Padding = 1, Groups = 96), ReLU6, Conv2D(32, 3, Stride = 2)]");

    public static TheoryData<string> Tiers => [.. Tier.All.Select(tier => tier.Name)];

    [Theory]
    [MemberData(nameof(Tiers))]
    public void Sizes_take_the_tile_of_another_size_where_it_costs_at_most_a_tenth_more(string name)
    {
        Tier tier = Tier.All.Single(one => one.Name == name);
        TierPrograms[] own = [.. new[] { 56, 40, 44, 52, 80 }.Select(width => TierPrograms.Lower(At(width), tier, CancellationToken.None))];
        TierPrograms[] united = KernelForms.Unite(own);
        (TiledConvolution Own, TiledConvolution United)[] pairs =
        [
            .. own.SelectMany(size => size.Steps).Zip(united.SelectMany(size => size.Steps), (a, b) => (a.Kernel, b.Kernel))
                .Where(pair => pair.Item1 is TiledConvolution).Select(pair => ((TiledConvolution)pair.Item1, (TiledConvolution)pair.Item2)),
        ];
        Assert.NotEmpty(pairs);
        Assert.All(pairs, pair => Assert.InRange(TileCosts.CyclesOf(pair.United) / TileCosts.CyclesOf(pair.Own), 0, 1.1));
        Assert.True(TilesOf(pairs.Select(pair => pair.United)) < TilesOf(pairs.Select(pair => pair.Own)));
    }

    [Fact]
    public void One_method_computes_a_layer_at_sizes_that_its_tile_does_and_does_not_divide()
    {
        TierPrograms[] sizes = TierPrograms.LowerSizes([At(56), At(57)], Tier.Avx2, CancellationToken.None);
        KernelMethods methods = KernelMethods.Assign(sizes, CancellationToken.None);
        IEnumerable<KernelMethod> Of(TierPrograms size) => size.Sample.Steps.Where(step => step.Kernel is TiledConvolution)
            .Select(step => methods[step.Kernel].Method);
        Assert.NotEmpty(Of(sizes[0]));
        Assert.Equal(Of(sizes[0]), Of(sizes[1]));
    }

    private static int TilesOf(IEnumerable<TiledConvolution> kernels) =>
        kernels.Select(kernel => (kernel.Kind, kernel.Tile)).Distinct().Count();
}
