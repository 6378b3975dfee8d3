using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests.Building;

/// <summary>A network that was compiled at run time, at other sizes of its inputs.</summary>
public sealed class NetworkSizesTests
{
    private static readonly NetworkOptions OneThread = new() { Threads = 1 };

    private static CompiledNetwork Classifier(CompileOptions? compile = null, NetworkOptions? options = null) =>
        SizedNetworks.Classifier([16, 16]).Compile(options ?? OneThread, compile ?? SizedNetworks.Inference);

    public static TheoryData<string, Isa> Cases() =>
        [.. SizedNetworks.All.Keys.SelectMany(name => Tiers.Supported, (name, isa) => (name, isa))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void At_a_size_the_network_is_the_one_that_is_declared_with_it(string name, Isa isa)
    {
        SizedNetworks.Case of = SizedNetworks.All[name];
        using CompiledNetwork net = of.Build(of.Declared).Compile(
            new NetworkOptions { Isa = isa, Threads = 2, Seed = 5 }, SizedNetworks.Inference);
        Assert.Same(net, net.At(of.Declared));
        foreach (int[] size in of.Others)
        {
            CompiledNetwork sized = net.At(size);
            Assert.Same(sized, net.At(size));
            Assert.Same(sized, sized.At(size));
            Assert.Same(net, sized.At(of.Declared));
            using CompiledNetwork declared = SizedNetworks.Declared(of, size, net);
            Assert.Equal(JsonSerializer.Serialize(declared.Info), JsonSerializer.Serialize(sized.Info));
            Assert.Equal(declared.Summary(), sized.Summary());
            Assert.Equal((net.Isa, net.Threads, net.Seed), (sized.Isa, sized.Threads, sized.Seed));
            Assert.Equal(SizedNetworks.Outputs(declared, 1), SizedNetworks.Outputs(sized, 1));
            Assert.Equal(SizedNetworks.Outputs(declared, 19), SizedNetworks.Outputs(sized, 19));
        }

        // The size that was declared is as before.
        using CompiledNetwork again = SizedNetworks.Declared(of, of.Declared, net);
        Assert.Equal(SizedNetworks.Outputs(again, 19), SizedNetworks.Outputs(net, 19));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_of_training_at_any_size_change_the_parameters_of_all(string name, Isa isa)
    {
        SizedNetworks.Case of = SizedNetworks.All[name];
        var options = new NetworkOptions { Isa = isa, Threads = 2, Seed = 3 };
        using CompiledNetwork net = of.Build(of.Declared).Compile(options), plain = of.Build(of.Declared).Compile(options);
        int[][] sizes = [of.Others[0], of.Declared, of.Others[^1]];
        foreach (int[] size in sizes)
        {
            // Plain SGD has no memory, so that trainers of several sizes are like one.
            using CompiledNetwork declared = SizedNetworks.Declared(of, size, plain, new CompileOptions());
            Assert.Equal(Step(declared), Step(net.At(size)));
            plain.CopyParametersFrom(declared);
            foreach (CompiledNetwork one in sizes.Select(other => net.At(other)))
            {
                Assert.Equal(Bytes(plain), Bytes(one));
            }

            Assert.Equal(SizedNetworks.Outputs(plain, 3), SizedNetworks.Outputs(net, 3));
        }
    }

    /// <summary>A step of training on samples that depend on the network's shape only.</summary>
    /// <returns>The loss.</returns>
    private static float Step(CompiledNetwork network)
    {
        const int Samples = 18;
        using Trainer trainer = Trainer.For(network, Samples, new Sgd(0.1));
        float[] inputs = SizedNetworks.Inputs(network, Samples);
        return trainer is ClassificationTrainer classes
            ? classes.Step(inputs, [.. Enumerable.Range(0, Samples).Select(i => i % network.OutputLength)])
            : ((RegressionTrainer)trainer).Step(
                inputs, [.. Enumerable.Range(0, Samples * network.OutputLength).Select(i => MathF.Cos(i))]);
    }

    private static byte[] Bytes(CompiledNetwork network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.ToArray();
    }

    [Fact]
    public void What_is_loaded_drawn_copied_or_set_at_one_size_is_so_at_all()
    {
        using CompiledNetwork net = Classifier(), other = Classifier(options: OneThread with { Seed = 9 });
        CompiledNetwork small = net.At(8, 8), large = net.At(32, 24);
        CompiledNetwork[] all = [net, small, large];
        void Check(CompiledNetwork expected)
        {
            using CompiledNetwork atSmall = SizedNetworks.Declared(SizedNetworks.All["classifier"], [8, 8], expected);
            Assert.All(all, one => Assert.Equal((expected.Seed, true), (one.Seed, Bytes(one).SequenceEqual(Bytes(expected)))));
            Assert.Equal(SizedNetworks.Outputs(atSmall, 2), SizedNetworks.Outputs(small, 2));
        }

        small.Initialize(9);
        Check(other);
        large.Initialize(4);
        other.Initialize(4);
        Check(other);
        other.Parameters[0].CopyFrom(new float[other.Parameters[0].Length]);
        small.Parameters[0].CopyFrom(new float[small.Parameters[0].Length]);
        Check(other);
        other.FindParameter("batchnorm1.running_mean")?.CopyFrom(Enumerable.Repeat(0.5f, 8).ToArray());
        large.Load(Bytes(other));
        Check(other);
        net.CopyParametersFrom(small);
        Check(other);
        using CompiledNetwork third = Classifier(options: OneThread with { Seed = 4 });
        small.CopyParametersFrom(third);
        Assert.All(all, one => Assert.Equal(Bytes(third), Bytes(one)));
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Sizes_have_one_memory_of_parameters_where_their_kernels_pack_them_alike(Isa isa)
    {
        SizedNetworks.Case of = SizedNetworks.All["residual"];
        using CompiledNetwork net = of.Build(of.Declared).Compile(new NetworkOptions { Isa = isa, Threads = 1 }, SizedNetworks.Inference);
        Assert.All(of.Others, size => Assert.Same(net.Memory, net.At(size).Memory));

        // In the wide tiers, the convolution of groups packs its weights in rows or in blocks, as the size of the picture demands.
        using CompiledNetwork mixed = SizedNetworks.Classifier([16, 16]).Compile(
            new NetworkOptions { Isa = isa, Threads = 1 }, SizedNetworks.Inference);
        bool[] shared = [.. SizedNetworks.All["classifier"].Others.Select(size => mixed.At(size).Memory == mixed.Memory)];
        Assert.Equal(isa != Isa.Vector128, shared.Contains(false));
    }

    public static TheoryData<Isa> AllTiers() => [.. Tiers.Supported];

    [Fact]
    public void A_call_that_changes_one_size_must_be_alone_among_all()
    {
        using CompiledNetwork net = Classifier();
        CompiledNetwork small = net.At(8, 8);
        using (net.Enter())
        {
            Assert.Throws<InvalidOperationException>(() => small.Initialize(2));
            Assert.NotEmpty(SizedNetworks.Outputs(small, 1));
        }

        using (small.EnterAlone())
        {
            Assert.Throws<InvalidOperationException>(() => SizedNetworks.Outputs(net, 1));

            // A size can be compiled meanwhile.
            Assert.Equal([3, 4, 12], net.At(4, 12).Info.InputShape);
        }

        small.Initialize(2);
        Assert.Equal(2u, net.Seed);
    }

    [Fact]
    public async Task Threads_get_the_same_network_of_each_size()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using CompiledNetwork net = Classifier();
        int[][] sizes = [[8, 8], [12, 20], [24, 16], [7, 33]];
        using var start = new Barrier(8);
        CompiledNetwork[][] found = await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(cancellation);
                return Enumerable.Range(0, 40).Select(i =>
                {
                    CompiledNetwork sized = net.At(sizes[(i + thread) % sizes.Length]);
                    SizedNetworks.Outputs(sized, 1);
                    return sized;
                }).Distinct().OrderBy(one => one.InputLength).ToArray();
            }, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Equal(sizes.Length, found[0].Length);
        Assert.All(found, one => Assert.Equal(found[0], one));
        foreach (int[] size in sizes)
        {
            using CompiledNetwork declared = SizedNetworks.Declared(SizedNetworks.All["classifier"], size, net);
            Assert.Equal(SizedNetworks.Outputs(declared, 1), SizedNetworks.Outputs(net.At(size), 1));
        }
    }

    [Fact]
    public void The_sizes_that_were_used_last_are_kept_and_the_others_go_on_working()
    {
        using CompiledNetwork net = Classifier(SizedNetworks.Inference with { MaxSizes = 2 });
        CompiledNetwork a = net.At(8, 8), b = net.At(9, 9);
        Assert.Same(a, net.At(8, 8));
        CompiledNetwork c = net.At(10, 10);
        Assert.Same(a, net.At(8, 8));
        Assert.Same(c, net.At(10, 10));
        Assert.Same(net, net.At(16, 16));
        CompiledNetwork again = net.At(9, 9);
        Assert.NotSame(b, again);

        // b is no longer kept.
        Assert.Equal(SizedNetworks.Outputs(again, 3), SizedNetworks.Outputs(b, 3));
        b.Initialize(11);
        Assert.Equal(11u, net.Seed);
        Assert.Equal(Bytes(b), Bytes(net));
        Assert.Equal(SizedNetworks.Outputs(b, 3), SizedNetworks.Outputs(again, 3));
    }

    [Fact]
    public void A_size_that_comes_again_allocates_nothing()
    {
        using CompiledNetwork net = Classifier();
        float[] small = SizedNetworks.Inputs(net.At(8, 8), 1), large = SizedNetworks.Inputs(net.At(20, 12), 1), outputs = new float[5];
        Again();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            Again();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Again()
        {
            net.At(8, 8).Forward(small, outputs);
            net.At(20, 12).Forward(large, outputs);
        }
    }

    [Fact]
    public void The_sizes_end_with_their_network_and_not_alone()
    {
        CompiledNetwork net = Classifier(), small = net.At(8, 8);
        small.Dispose();
        Assert.Same(small, net.At(8, 8));
        float[] outputs = SizedNetworks.Outputs(small, 1);
        CompiledNetwork again = net.At(8, 8);
        Assert.Equal(outputs, SizedNetworks.Outputs(again, 1));
        net.Dispose();
        Assert.Throws<ObjectDisposedException>(() => SizedNetworks.Outputs(small, 1));
        Assert.Throws<ObjectDisposedException>(() => net.At(8, 8));
        Assert.Throws<ObjectDisposedException>(() => small.At(9, 9));
    }

    [Fact]
    public void A_layer_that_fixes_the_size_is_named_with_the_arithmetic()
    {
        using CompiledNetwork net = new NetworkBuilder(3, 16, 16).Conv2D(4, 3).Flatten().Dense(10, name: "head")
            .Compile(OneThread, new CompileOptions { Name = "Small" });
        NetworkException refused = Assert.Throws<NetworkException>(() => net.At(8, 12));
        Assert.Equal(
            "Small has one size, 16×16, because 'head' fixes it: its parameter head.weight is (10, 784), and would be (10, 240) at 8×12. "
            + "At 16×16 it reads 784 of 'flatten1' (4·14·14 = 784); at 8×12 it reads 240 of 'flatten1' (4·6·10 = 240).",
            refused.Message);
        Assert.Same(net, net.At(16, 16));
    }

    [Fact]
    public void A_size_that_breaks_a_rule_is_refused_with_the_arithmetic_of_the_compiler()
    {
        using CompiledNetwork net = SizedNetworks.All["encoder and decoder"].Build([16, 32]).Compile(OneThread);
        NetworkException refused = Assert.Throws<NetworkException>(() => net.At(15, 32));
        Assert.StartsWith("Network at 15×32 cannot be compiled:", refused.Message, StringComparison.Ordinal);
        Assert.Contains("15", Assert.Single(refused.Message.Split('\n').Skip(1)), StringComparison.Ordinal);
        Assert.Single(refused.Rules);
    }

    [Fact]
    public void Extents_that_are_no_size_are_refused()
    {
        using CompiledNetwork net = Classifier(), features = new NetworkBuilder(6).Dense(2).Compile(OneThread);
        Assert.Equal(
            "The input of Network is 3×16×16: without channels its size has 2 extents, such as 16×16; found 1. (Parameter 'extents')",
            Assert.Throws<ArgumentException>(() => net.At(8)).Message);
        Assert.Contains("1 or more; found 8×0", Assert.Throws<ArgumentException>(() => net.At(8, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("has no size", Assert.Throws<ArgumentException>(() => features.At(8)).Message, StringComparison.Ordinal);
        Assert.Same(features, features.At());
    }

    [Fact]
    public void Each_size_observes_its_own_layers()
    {
        using CompiledNetwork net = Classifier(
            SizedNetworks.Inference with { Observable = true }, OneThread with { Observe = ["conv1"] });
        CompiledNetwork small = net.At(8, 6);
        SizedNetworks.Outputs(small, 2);
        SizedNetworks.Outputs(net, 1);
        Assert.Equal(2 * 8 * 8 * 6, small.Activation("conv1").Length);
        Assert.Equal(8 * 16 * 16, net.Activation("conv1").Length);
    }
}
