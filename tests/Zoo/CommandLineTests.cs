using Strata.Benchmarks;
using Strata.Benchmarks.Commands;
using Xunit;

namespace Strata.Zoo.Tests;

/// <summary>What the benchmarks are asked to compare Strata with.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public void The_peer_is_the_usual_one_unless_another_is_named()
    {
        Assert.Equal(Peer.Usual, CommandLine.Parse(["inference"]).Peer);
        Assert.Equal(Peer.Ncnn, CommandLine.Parse(["inference", "--peer", "ncnn"]).Peer);
        Assert.Equal(Peer.None, CommandLine.Parse(["training", "--no-peer"]).Peer);
    }

    [Fact]
    public void Algorithms_are_measured_for_all_networks_unless_one_is_named()
    {
        Assert.Equal(["all"], CommandLine.Parse(["algorithms"]).Networks);
        Assert.Equal(["vgg16"], CommandLine.Parse(["algorithms", "--net", "vgg16"]).Networks);
        Assert.Equal(["lenet5"], CommandLine.Parse(["inference"]).Networks);
    }

    [Theory]
    [InlineData("--peer takes ncnn, not 'caffe': the others follow from the command.", "inference", "--peer", "caffe")]
    [InlineData("ncnn is a peer of inference, not of training.", "training", "--peer", "ncnn")]
    [InlineData("--peer needs a value.", "inference", "--peer")]
    [InlineData("--write is an option of algorithms, not of layers.", "layers", "--write")]
    [InlineData("--save is an option of inference, files, training and start, not of layers.", "layers", "--save")]
    [InlineData("--recompute is an option of training, not of inference.", "inference", "--recompute")]
    public void What_cannot_be_compared_is_refused(string message, params string[] arguments) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => CommandLine.Parse(arguments)).Message);
}
