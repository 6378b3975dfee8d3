using Strata.Benchmarks;
using Strata.Benchmarks.Commands;
using Strata.Benchmarks.Published;
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
        Assert.Equal(Peer.LibTorch, CommandLine.Parse(["training", "--peer", "libtorch"]).Peer);
        Assert.Equal(Peer.None, CommandLine.Parse(["training", "--no-peer"]).Peer);
    }

    [Fact]
    public void Algorithms_are_measured_for_all_networks_unless_one_is_named()
    {
        Assert.Equal(["all"], CommandLine.Parse(["algorithms"]).Networks);
        Assert.Equal(["vgg16"], CommandLine.Parse(["algorithms", "--net", "vgg16"]).Networks);
        Assert.Equal(["lenet5"], CommandLine.Parse(["inference"]).Networks);
    }

    [Fact]
    public void Lists_are_separated_by_commas_and_the_rest_follows_from_the_command()
    {
        CommandLine line = CommandLine.Parse(["inference", "--net", "net,vgg16", "--batch", "1,64", "--weights", "float32,bf16", "--json"]);
        Assert.Equal(["net", "vgg16"], line.Networks);
        Assert.Equal([1, 64], line.Batches);
        Assert.Equal([WeightStorage.Float32, WeightStorage.BFloat16], line.Weights);
        Assert.Equal([1], line.Threads);
        Assert.True(line.Json);
        line = CommandLine.Parse(["training", "--isa", "avx2", "--seconds", "0.5"]);
        Assert.Equal([64], line.Batches);
        Assert.Equal((Isa.Avx2, 0.5), (line.Isa, line.Duration.TotalSeconds));
        line = CommandLine.Parse(["start", "--host", "jit,nativeaot"]);
        Assert.Equal([Host.Jit, Host.NativeAot], line.Hosts);
        Assert.Equal([System.Environment.ProcessorCount], line.Threads);
        Assert.Equal(0.4, CommandLine.Parse(["algorithms"]).Duration.TotalSeconds);
    }

    [Theory]
    [InlineData("--peer takes ncnn, not 'caffe'", "inference", "--peer", "caffe")]
    [InlineData("--peer takes libtorch, not 'ncnn'", "training", "--peer", "ncnn")]
    [InlineData("Unrecognized command or argument '--peer'.", "files", "--peer", "ncnn")]
    [InlineData("Required argument missing for option: '--peer'.", "inference", "--peer")]
    [InlineData("Unrecognized command or argument '--write'.", "layers", "--write")]
    [InlineData("Unrecognized command or argument '--save'.", "layers", "--save")]
    [InlineData("Unrecognized command or argument '--recompute'.", "inference", "--recompute")]
    [InlineData("Unrecognized command or argument '--batch'.", "start", "--batch", "2")]
    [InlineData("Unrecognized command or argument '--weights'.", "training", "--weights", "bf16")]
    [InlineData("--weights takes float32 and bf16, not 'float32,int8'", "inference", "--weights", "float32,int8")]
    [InlineData("--threads takes positive whole numbers, not '1,0'", "inference", "--threads", "1,0")]
    [InlineData("--seconds takes a number of seconds, not '0'", "layers", "--seconds", "0")]
    [InlineData("--isa takes avx512, avx2 or vector128, not 'sse'.", "fma", "--isa", "sse")]
    [InlineData("Unrecognized command or argument 'speed'.", "speed")]
    public void What_cannot_be_compared_is_refused(string message, params string[] arguments) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => CommandLine.Parse(arguments)).Message);
}
