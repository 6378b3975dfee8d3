using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Training;

namespace Strata.Distributed.Tests;

/// <summary>Ranks that differ get a clear error before the first step, and a step that fails does so on all ranks.</summary>
public sealed class AgreementTests
{
    [Fact]
    public void All_ranks_have_the_parameters_optimizer_and_random_state_of_rank_0()
    {
        float[] inputs = Data.Inputs(8, Residual.InputLength);
        int[] classes = Data.Classes(8, 5);
        (ulong Seed, long Steps, double Rate, float Loss, float[] Parameters)[] ranks = LocalWorld.Run(3, world =>
        {
            using var net = new Residual(new NetworkOptions { Seed = 5 + (ulong)world.Rank, Threads = 1 });
            var optimizer = new Adam(0.01 * (world.Rank + 1));
            using ClassificationTrainer trainer = net.CreateTrainer(8, optimizer);
            for (int i = 0; i < world.Rank + 1; i++)
            {
                trainer.Step(inputs, classes);
            }

            trainer.Distribute(world);
            (ulong, long, double) state = (net.Seed, trainer.Steps, optimizer.LearningRate);
            float loss = trainer.Step(inputs, classes);
            return (state.Item1, state.Item2, state.Item3, loss, Data.ParametersOf(net));
        });
        Assert.All(ranks, rank =>
        {
            Assert.Equal((5ul, 1L, 0.01, ranks[0].Loss), (rank.Seed, rank.Steps, rank.Rate, rank.Loss));
            Assert.Equal(ranks[0].Parameters, rank.Parameters);
        });
    }

    public static TheoryData<string, string> Differences => new()
    {
        { "network", "there is network LeNet5 on rank 0, but Regression on rank 1." },
        { "batch", "there is batch size 8 on rank 0, but 9 on rank 1." },
        { "optimizer", "there is optimizer Sgd (momentum_buffer) on rank 0, but Adam" },
        { "momentum", "there is settings of the optimizer Momentum = 0.9" },
        { "options", "there is options DistributedOptions { SyncBatchNorm = True" },
        { "tier", "there is tier " },
        { "dropout", "there is layers " },
        { "timeout", "there is options DistributedOptions { " },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public void Ranks_that_differ_get_an_error_that_names_the_difference(string what, string message)
    {
        Assert.SkipWhen(what == "tier" && Data.Tiers.Length == 1, "There is one tier here.");
        AssertAllThrow(3, message, world =>
        {
            bool differs = world.Rank > 0;
            var options = new NetworkOptions { Isa = what == "tier" && differs ? Isa.Vector128 : null };
            using CompiledNetwork net = what switch
            {
                "network" when differs => new Regression(options),
                "dropout" => differs ? new Half.Own(options) : new Own(options),
                _ => new LeNet5(options),
            };
            Optimizer optimizer = what == "optimizer" && differs ? new Adam()
                : new Sgd(0.1) { Momentum = what == "momentum" && differs ? 0.8 : 0.9 };
            using Trainer trainer = Trainer.For(net, what == "batch" && differs ? 9 : 8, optimizer);
            trainer.Distribute(world, new DistributedOptions
            {
                SyncBatchNorm = what != "options" || !differs,
                Timeout = TimeSpan.FromMinutes(what == "timeout" && differs ? 4 : 5),
            });
        });
    }

    /// <summary>Fit divides each batch among the ranks: with other data, all of them would train on a mixture.</summary>
    [Theory]
    [InlineData("inputs")]
    [InlineData("last")]
    [InlineData("targets")]
    [InlineData("order")]
    [InlineData("validation")]
    [InlineData("validation targets")]
    [InlineData("stream")]
    [InlineData("stream targets")]
    public void Data_of_equal_length_that_differ_get_an_error(string what)
    {
        Exception?[] failures = new LocalWorld(3).Try(world => FitOnDataThatDiffer(world, what, new DistributedOptions()));
        Assert.All(failures, failure => Assert.StartsWith(
            "The ranks cannot train together. They need the same data in the same order, but samples or targets of rank 0 and rank 2 "
            + "differ",
            failure is InvalidOperationException ? failure.Message : $"{failure}", StringComparison.Ordinal));
        Assert.Single(failures.Select(failure => failure!.Message).Distinct());

        // Who wants that can have it.
        LocalWorld.Run(3, world => FitOnDataThatDiffer(world, what, new DistributedOptions { CompareData = false }));
    }

    private static int FitOnDataThatDiffer(ICollectives world, string what, DistributedOptions distributed)
    {
        const int Samples = 100;
        float[] inputs = Data.Inputs(Samples, LeNet5.InputLength), validation = Data.Inputs(4, LeNet5.InputLength, seed: 9);
        int[] classes = Data.Classes(Samples, 10), wanted = [1, 2, 3, 4];
        if (world.Rank == 2)
        {
            switch (what)
            {
                case "inputs" or "stream":
                    inputs = Data.Inputs(Samples, LeNet5.InputLength, seed: 8);
                    break;
                case "last":
                    inputs[^1] += 1e-6f;
                    break;
                case "targets" or "stream targets":
                    classes[50] = (classes[50] + 1) % 10;
                    break;
                case "order":
                    Array.Reverse(classes);
                    break;
                case "validation":
                    validation[5] += 1;
                    break;
                default:
                    wanted[2]++;
                    break;
            }
        }

        using var net = new LeNet5(1);
        using ClassificationTrainer trainer = net.CreateTrainer(Samples / 3, new Sgd(0.01));
        trainer.Distribute(world, distributed);
        var options = new FitOptions { ValidationInputs = validation, ValidationTargets = wanted };
        _ = what.StartsWith("stream", StringComparison.Ordinal)
            ? trainer.Fit([new SampleBatch(inputs, classes)], options) : trainer.Fit(inputs, classes, options);
        return 0;
    }

    /// <summary>The other ranks would wait without a word.</summary>
    [Fact]
    public void A_rank_that_never_calls_Distribute_is_named()
    {
        var world = new Deserted();
        using var net = new LeNet5(1);
        using ClassificationTrainer trainer = net.CreateTrainer(2, new Sgd(0.1));
        string message = Assert.Throws<TimeoutException>(
            () => trainer.Distribute(world, new DistributedOptions { Timeout = TimeSpan.FromSeconds(1.5) })).Message;
        Assert.StartsWith(
            "Trainer.Distribute has waited 1.5 s for ranks 1, 3 of 4. All ranks must call it, once for each trainer, in the same order.",
            message, StringComparison.Ordinal);
        Assert.Equal(message, world.Abortion);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DistributedOptions { Timeout = TimeSpan.Zero });
    }

    /// <summary>A world in which ranks 1 and 3 never come.</summary>
    private sealed class Deserted : ICollectives
    {
        public string? Abortion { get; private set; }

        public int Rank => 0;

        public int Size => 4;

        public IReadOnlyList<int> Meet(string place, TimeSpan limit) => [1, 3];

        public void Abort(string message) => Abortion = message;

        public long BeginAllReduce(Memory<float> values) => throw new NotSupportedException();

        public long BeginAllReduce(Memory<double> values) => throw new NotSupportedException();

        public long BeginBroadcast(Memory<byte> values, int root) => throw new NotSupportedException();

        public void Wait(long operation) => throw new NotSupportedException();

        public void Barrier() => throw new NotSupportedException();
    }

    [Theory]
    [InlineData("samples", "there is a number of samples of 20 on rank 0, but 19 on rank 2.")]
    [InlineData("validation", "there is a number of validation samples of ")]
    [InlineData("seed", "there is Seed = 0 on rank 0, but 2 on rank 2.")]
    [InlineData("epochs", "there is Epochs = 1 on rank 0, but 2 on rank 2.")]
    [InlineData("stream", "there is a number of samples of the next step of 2 on rank 0, but 1 on rank 2.")]
    public void Data_and_options_of_Fit_that_differ_get_an_error(string what, string message) => AssertAllThrow(3, message, world =>
    {
        bool differs = world.Rank == 2;
        int samples = differs && what is "samples" or "stream" && differs ? 19 : 20;
        float[] inputs = Data.Inputs(samples, LeNet5.InputLength);
        int[] classes = Data.Classes(samples, 10);
        using var net = new LeNet5(1);
        using ClassificationTrainer trainer = net.CreateTrainer(3 * 2, new Sgd(0.1));
        trainer.Distribute(world);
        int validation = what == "validation" && differs ? 3 : 4;
        var options = new FitOptions
        {
            Epochs = what == "epochs" && differs ? 2 : 1,
            Seed = what == "seed" && differs ? 2ul : 0,
            ValidationInputs = inputs.AsMemory(0, validation * LeNet5.InputLength),
            ValidationTargets = classes.AsMemory(0, validation),
        };
        if (what == "stream")
        {
            trainer.Fit([new SampleBatch(inputs.AsMemory(0, 16 * LeNet5.InputLength).ToArray(), classes.AsMemory(0, 16).ToArray()),
                new SampleBatch(inputs.AsMemory(16 * LeNet5.InputLength), classes.AsMemory(16))], options with { StepsPerEpoch = null });
        }
        else
        {
            trainer.Fit(inputs, classes, options);
        }
    });

    [Fact]
    public void A_trainer_is_distributed_once() => Assert.All(new LocalWorld(2).Try(world =>
    {
        using var net = new LeNet5(1);
        using ClassificationTrainer trainer = net.CreateTrainer(2, new Sgd(0.1));
        trainer.Distribute(world);
        trainer.Distribute(world);
    }), failure => Assert.Contains("was distributed before", Assert.IsType<InvalidOperationException>(failure).Message,
        StringComparison.Ordinal));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sample_that_is_not_finite_stops_all_ranks_and_changes_nothing(bool sync)
    {
        Exception?[] failures = new LocalWorld(3).Try(world =>
        {
            float[] inputs = Data.Inputs(4, Residual.InputLength);
            int[] classes = Data.Classes(4, 5);
            using var net = new Residual(new NetworkOptions { Seed = 1, Threads = 1 });
            using ClassificationTrainer trainer = net.CreateTrainer(4, new Sgd(0.1));
            trainer.Distribute(world, new DistributedOptions { SyncBatchNorm = sync });
            trainer.Step(inputs, classes);
            float[] before = Data.ParametersOf(net);
            float[] own = [.. inputs];
            own[5] = world.Rank == 1 ? float.NaN : own[5];
            TrainingException failure = Assert.Throws<TrainingException>(() => trainer.Step(own, classes));
            Assert.Equal(before, Data.ParametersOf(net));

            // All go on together.
            Assert.True(float.IsFinite(trainer.Step(inputs, classes)));
            throw failure;
        });
        Assert.All(failures, failure => Assert.Equal("input", Assert.IsType<TrainingException>(failure).Layer));
        Assert.All(failures, failure => Assert.EndsWith(
            ", since sample 0 holds numbers that are not finite. This was found on rank 1.", failure!.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_step_without_any_sample_is_refused_by_all()
    {
        Exception?[] failures = new LocalWorld(2).Try(world =>
        {
            using var net = new LeNet5(1);
            using ClassificationTrainer trainer = net.CreateTrainer(4, new Sgd(0.1));
            trainer.Distribute(world);
            trainer.Step([], []);
        });
        Assert.All(failures, failure => Assert.Equal(
            "No rank has a sample in this step.", Assert.IsType<ArgumentException>(failure).Message));
    }

    [Fact]
    public void A_rank_that_fails_within_a_step_ends_all()
    {
        var world = new LocalWorld(2);
        Exception?[] failures = world.Try(ranks =>
        {
            // Without shared statistics, a rank with one sample has no variance in a layer with one value per channel.
            using var net = new Flat(1);
            using ClassificationTrainer trainer = net.CreateTrainer(4, new Sgd(0.1));
            trainer.Distribute(ranks);
            int samples = ranks.Rank == 1 ? 1 : 4;
            trainer.Step(Data.Inputs(samples, Flat.InputLength), Data.Classes(samples, 2));
        });
        Assert.All(failures, Assert.NotNull);
        Assert.StartsWith("InvalidOperationException: Batch norm has one value per channel", world.Abortion, StringComparison.Ordinal);
    }

    private static void AssertAllThrow(int size, string message, Action<ICollectives> body)
    {
        Exception?[] failures = new LocalWorld(size).Try(body);
        Assert.All(failures, failure => Assert.StartsWith(
            "The ranks cannot train together. They need the same settings, but " + message,
            failure is InvalidOperationException ? failure.Message : $"{failure}", StringComparison.Ordinal));
        Assert.Single(failures.Select(failure => failure!.Message).Distinct());
    }
}
