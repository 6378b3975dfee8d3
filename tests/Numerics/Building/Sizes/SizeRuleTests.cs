using System;
using Xunit;

namespace Strata.Numerics.Tests.Building;

/// <summary>Which sizes a network takes, and which is the smallest for an input.</summary>
public sealed class SizeRuleTests
{
    private static CompiledNetwork Net(CompileOptions compile) =>
        SizedNetworks.Classifier([16, 16]).Compile(new NetworkOptions { Threads = 1 }, compile with { Trains = false });

    [Fact]
    public void Extents_are_rounded_up_to_multiples()
    {
        using CompiledNetwork net = Net(new CompileOptions { SizeMultiple = 32 });
        Assert.Equal([64, 32], net.SmallestSizeFor(33, 7));
        Assert.Equal([64, 96], net.SmallestSizeFor(64, 96));
        Assert.Equal([64, 32], net.At(64, 32).SmallestSizeFor(33, 7));
        Assert.Equal(
            "Network takes sizes whose extents are multiples of 32; found 64×33. (Parameter 'extents')",
            Assert.Throws<ArgumentException>(() => net.At(64, 33)).Message);
        Assert.Throws<ArgumentException>(() => net.SmallestSizeFor(int.MaxValue, 1));

        // The declared size needs not be one.
        Assert.Same(net, net.At(16, 16));
    }

    [Fact]
    public void Without_options_any_size_is_its_own_smallest()
    {
        using CompiledNetwork net = Net(new CompileOptions());
        Assert.Equal([33, 7], net.SmallestSizeFor(33, 7));
    }

    [Fact]
    public void The_smallest_size_of_a_list_that_holds_the_input_is_found()
    {
        using CompiledNetwork net = Net(new CompileOptions { Sizes = [[48, 320], [48, 160], [96, 96]] });
        Assert.Equal([16, 16], net.SmallestSizeFor(3, 16));
        Assert.Equal([48, 160], net.SmallestSizeFor(48, 100));
        Assert.Equal([96, 96], net.SmallestSizeFor(49, 20));
        Assert.Equal([48, 320], net.SmallestSizeFor(1, 161));
        Assert.Equal(
            "49×161 fits into no size of Network, which takes the sizes 16×16, 48×320, 48×160, 96×96. (Parameter 'extents')",
            Assert.Throws<ArgumentException>(() => net.SmallestSizeFor(49, 161)).Message);
        Assert.Equal(
            "Network takes the sizes 16×16, 48×320, 48×160, 96×96; found 48×161. (Parameter 'extents')",
            Assert.Throws<ArgumentException>(() => net.At(48, 161)).Message);
        Assert.Equal([3, 48, 160], net.At(48, 160).Info.InputShape);
    }

    [Fact]
    public void Options_that_suit_no_network_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Net(new CompileOptions { Sizes = [[48]] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Net(new CompileOptions { SizeMultiple = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Net(new CompileOptions { MaxSizes = 0 }));
    }
}
