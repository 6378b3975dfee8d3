using System;
using System.Linq;
using Strata.Tests;
using Xunit;

namespace Strata.Zoo.Tests;

/// <summary>Training steps of networks where nothing depends on the side to which a number is rounded.</summary>
public class SmoothNetworkTests
{
    /// <summary>Those that need <c>STRATA_ALL_CASES=1</c>: others have the same layers.</summary>
    private static readonly string[] Alike = ["alexnet_bn", "inception_v4", "nin_bn"];

    public static TheoryData<string> Networks =>
        [.. ZooGolden.NamesIn(SmoothZoo.Folder).Where(name => AllCases.Run || !Alike.Contains(name))];

    /// <summary>The other VGGs have no layer that VGG-19 lacks; ENet puts numbers back to where its maxima were.</summary>
    [Fact]
    public void Every_network_whose_gradients_depend_on_rounding_has_a_twin_without_kinks() => Assert.Equal(
        ["enet", "vgg11", "vgg13", "vgg16"],
        ZooGolden.NamesIn().Where(name => ZooGolden.Read(name).Kinks > 0).Except(ZooGolden.NamesIn(SmoothZoo.Folder)));

    [Theory]
    [MemberData(nameof(Networks))]
    public void Gradients_of_networks_without_kinks_are_those_of_PyTorch_in_every_tensor(string name)
    {
        ZooGolden golden = ZooGolden.Read(name, SmoothZoo.Folder);
        Func<NetworkOptions, CompiledNetwork> create = SmoothZoo.Compile(name);
        foreach (Isa isa in NetworkTests.TiersOf(name, golden.Batch))
        {
            using CompiledNetwork network = create(new NetworkOptions { Isa = isa });
            TrainingStep.Check(golden, network);
        }
    }
}
