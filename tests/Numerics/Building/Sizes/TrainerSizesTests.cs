using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests.Building;

/// <summary>A trainer of a network that can be had at several sizes.</summary>
public sealed class TrainerSizesTests : IDisposable
{
    private const int Samples = 18;

    private static readonly NetworkOptions OneThread = new() { Threads = 1, Seed = 3 };

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"sizes-{Guid.NewGuid():N}.safetensors");

    public void Dispose() => File.Delete(_path);

    private static CompiledNetwork Classifier(CompileOptions? compile = null) =>
        SizedNetworks.Classifier([16, 16]).Compile(OneThread, compile);

    private static ClassificationTrainer TrainerOf(CompiledNetwork network, Optimizer? optimizer = null) =>
        (ClassificationTrainer)Trainer.For(network, Samples, optimizer ?? new AdamW(0.01));

    public static TheoryData<string, Isa> Cases() =>
        [.. new[] { "classifier", "residual", "encoder and decoder", "two inputs" }
            .SelectMany(name => Tiers.Supported, (name, isa) => (name, isa))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_at_several_sizes_are_those_of_networks_that_are_declared_with_them(string name, Isa isa)
    {
        SizedNetworks.Case of = SizedNetworks.All[name];
        Compare(
            of, [of.Others[0], of.Declared, of.Others[0], of.Others[0], of.Others[^1], of.Declared], isa,
            () => new AdamW(0.01) { ClipNorm = 1 });
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Dropout_and_an_optimizer_with_norms_go_on_from_one_size_to_the_next(Isa isa)
    {
        var of = new SizedNetworks.Case(
            size => new NetworkBuilder(3, size[0], size[1]).Conv2D(20, 3).ReLU().Conv2D(24, 3, groups: 2).Dropout(0.3)
                .GlobalAveragePool2D().Flatten().Dense(5).CrossEntropy(),
            [16, 16], [64, 48], [9, 7]);
        Compare(of, [[64, 48], [9, 7], [64, 48], [16, 16]], isa, () => new Scaled());
    }

    /// <summary>Sizes that a class declares, the first as that of its input.</summary>
    private static readonly int[][] Declared = [[16, 24], [16, 10], [9, 24], [9, 10]];

    /// <summary>A class with these sizes, and for each size the class that has it alone.</summary>
    private static readonly Lazy<(CompiledType Sized, CompiledType[] Alone)> Classes = new(() =>
    {
        static CompiledType Compile(int[] size, string sizes) => NetworkCompiler.CompileClasses(
            [
                $"[Network, Input(3, {size[0]}, {size[1]}), {sizes}Conv2D(8, 3, Padding = 1), BatchNorm, ReLU, MaxPool2D(2), "
                + "Conv2D(20, 3, Padding = 1), GELU, Dropout(0.2), GlobalAveragePool2D, Flatten, Dense(5), Softmax, CrossEntropy]\n"
                + "public partial class Sized;",
            ], "TrainerSizes")["Sized"];

        return (
            Compile(Declared[0], "Sizes(Height = new[] { 16, 9 }, Width = new[] { 24, 10 }), "),
            [.. Declared.Select(size => Compile(size, ""))]);
    });

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Steps_of_a_class_at_the_sizes_that_it_declares_are_those_of_classes_with_one_of_them(Isa isa)
    {
        using CompiledNetwork net = Classes.Value.Sized.Create(new NetworkOptions { Isa = isa, Threads = 2, Seed = 3 });
        Assert.Equal(Declared, net.SupportedSizes!);
        Compare(
            net, (size, options) => Classes.Value.Alone[Array.IndexOf(Declared, size)].Create(options),
            [Declared[3], Declared[0], Declared[2], Declared[3], Declared[1], Declared[1], Declared[0]],
            () => new AdamW(0.01) { ClipNorm = 1 });
        using Trainer trainer = Trainer.For(net, Samples, new Sgd(0.1));
        Assert.Contains(
            "takes the sizes 16×24, 16×10, 9×24, 9×10; found 9×16",
            Assert.Throws<ArgumentException>(() => trainer.At(9, 16)).Message, StringComparison.Ordinal);
    }

    public static TheoryData<Isa> AllTiers() => [.. Tiers.Supported];

    /// <summary>
    /// Compares each step with that of a network which is declared with its size, and goes on from the checkpoint of the one before.
    /// </summary>
    private void Compare(SizedNetworks.Case of, int[][] steps, Isa isa, Func<Optimizer> optimizer)
    {
        using CompiledNetwork net = of.Build(of.Declared).Compile(new NetworkOptions { Isa = isa, Threads = 2, Seed = 3 });
        Compare(net, (size, options) => of.Build(size).Compile(options), steps, optimizer);
    }

    private void Compare(
        CompiledNetwork net, Func<int[], NetworkOptions, CompiledNetwork> declaredWith, int[][] steps, Func<Optimizer> optimizer)
    {
        var options = new NetworkOptions { Isa = net.Isa, Threads = net.Threads, Seed = 8 };
        using var trainer = Trainer.For(net, Samples, optimizer());
        trainer.SaveCheckpoint(_path);
        var declared = new Dictionary<int[], Trainer>();
        foreach (int[] size in steps)
        {
            if (!declared.TryGetValue(size, out Trainer? own))
            {
                own = Trainer.For(declaredWith(size, options), Samples, optimizer());
                declared.Add(size, own);
            }

            own.LoadCheckpoint(_path);
            Assert.Equal(Step(own), Step(trainer.At(size)));
            Assert.Equal((own.Steps, own.GradientNorm), (trainer.Steps, trainer.GradientNorm));
            own.SaveCheckpoint(_path);
            byte[] expected = File.ReadAllBytes(_path);
            Assert.Equal(expected, Checkpoint(trainer.At(steps[0])));
            Assert.Equal(expected, Checkpoint(trainer));
        }

        foreach (Trainer own in declared.Values)
        {
            own.Dispose();
            own.Network.Dispose();
        }
    }

    /// <summary>A step of training on samples that depend on the network's shape and the number of the step.</summary>
    /// <returns>The loss.</returns>
    private static float Step(Trainer trainer)
    {
        float[] inputs = [.. SizedNetworks.Inputs(trainer.Network, Samples).Select(value => value + (0.1f * trainer.Steps))];
        return trainer is ClassificationTrainer classes
            ? classes.Step(inputs, Labels(trainer.Network))
            : ((RegressionTrainer)trainer).Step(
                inputs, [.. Enumerable.Range(0, Samples * trainer.Network.OutputLength).Select(i => MathF.Cos(i))]);
    }

    private static int[] Labels(CompiledNetwork network) =>
        [.. Enumerable.Range(0, Samples).Select(i => i % network.OutputLength)];

    private byte[] Checkpoint(Trainer trainer)
    {
        string path = $"{_path}.other";
        trainer.SaveCheckpoint(path);
        byte[] bytes = File.ReadAllBytes(path);
        File.Delete(path);
        return bytes;
    }

    [Fact]
    public void A_checkpoint_that_one_size_loads_is_loaded_at_all()
    {
        using CompiledNetwork net = Classifier(), other = Classifier();
        using ClassificationTrainer trainer = TrainerOf(net), saved = TrainerOf(other);
        ClassificationTrainer large = trainer.At(64, 48);
        Step(large);
        Step(saved);
        Step(saved);
        saved.SaveCheckpoint(_path);
        large.LoadCheckpoint(_path);
        Assert.Equal(2, trainer.Steps);
        Assert.Equal(Step(saved), Step(trainer));
        Assert.Equal(Checkpoint(saved), Checkpoint(large));
    }

    [Fact]
    public void Steps_at_sizes_that_come_again_allocate_nothing()
    {
        using CompiledNetwork net = Classifier();
        using ClassificationTrainer trainer = TrainerOf(net, new AdamW(0.01) { ClipNorm = 1 });
        int[][] sizes = [[16, 16], [64, 48], [9, 7]];
        float[][] inputs = [.. sizes.Select(size => SizedNetworks.Inputs(net.At(size), Samples))];
        int[] labels = Labels(net);
        Again();
        Again();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Again();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Again()
        {
            for (int i = 0; i < sizes.Length; i++)
            {
                trainer.At(sizes[i]).Step(inputs[i], labels);
            }
        }
    }

    [Fact]
    public void Sizes_have_one_memory_of_the_optimizers_state_where_they_have_one_of_parameters()
    {
        SizedNetworks.Case of = SizedNetworks.All["residual"];
        using CompiledNetwork net = of.Build(of.Declared).Compile(OneThread);
        using Trainer trainer = Trainer.For(net, 4, new Adam());
        foreach (int[] size in of.Others)
        {
            Assert.Equal(net.At(size).Memory == net.Memory, trainer.At(size).State.Optimizer == trainer.State.Optimizer);
        }

        Assert.Contains(of.Others, size => net.At(size).Memory == net.Memory);
    }

    [Fact]
    public void A_size_has_one_trainer_with_the_same_optimizer()
    {
        using CompiledNetwork net = Classifier();
        using ClassificationTrainer trainer = TrainerOf(net);
        ClassificationTrainer small = trainer.At(8, 8);
        Assert.Same(trainer, trainer.At(16, 16));
        Assert.Same(small, trainer.At(8, 8));
        Assert.Same(small, small.At(8, 8));
        Assert.Same(trainer, small.At(16, 16));
        Assert.Same(net.At(8, 8), small.Network);
        Assert.Equal((trainer.BatchSize, trainer.Optimizer), (small.BatchSize, small.Optimizer));

        // One that was created at a size has the others, too.
        using Trainer own = Trainer.For(net.At(8, 8), 4, new Sgd(0.1));
        Assert.Same(own, own.At(8, 8));
        Assert.Same(net, own.At(16, 16).Network);
    }

    [Fact]
    public void A_trainer_of_a_size_that_is_no_longer_kept_goes_on()
    {
        using CompiledNetwork net = Classifier(new CompileOptions { MaxSizes = 1 }), other = Classifier();
        using ClassificationTrainer trainer = TrainerOf(net), all = TrainerOf(other);
        ClassificationTrainer dropped = trainer.At(8, 8);
        foreach (int[] size in new int[][] { [8, 8], [64, 48], [8, 8], [16, 16] })
        {
            Step(trainer.At(size));
            Step(all.At(size));
        }

        Assert.NotSame(dropped, trainer.At(8, 8));
        Assert.Equal(Checkpoint(all), Checkpoint(dropped));
        Assert.Equal(Step(all.At(8, 8)), Step(dropped));
        Assert.Equal(Checkpoint(all), Checkpoint(trainer));
    }

    [Fact]
    public void An_update_at_another_size_drops_gradients_that_were_not_used()
    {
        using CompiledNetwork net = Classifier();
        using ClassificationTrainer trainer = TrainerOf(net);
        float[] inputs = SizedNetworks.Inputs(net, Samples);
        trainer.ComputeGradients(inputs, Labels(net));
        trainer.At(8, 8).ComputeGradients(SizedNetworks.Inputs(net.At(8, 8), Samples), Labels(net));
        trainer.Update();
        Assert.Throws<InvalidOperationException>(trainer.At(8, 8).Update);
        trainer.Forward(inputs, new float[Samples * net.OutputLength]);
        Step(trainer.At(8, 8));
        Assert.Throws<InvalidOperationException>(() => trainer.Backward(new float[Samples * net.OutputLength]));
        Assert.Equal(2, trainer.Steps);
    }

    [Fact]
    public void A_step_that_fails_at_one_size_leaves_all_as_they_were()
    {
        using CompiledNetwork net = Classifier();
        using ClassificationTrainer trainer = TrainerOf(net);
        Step(trainer.At(64, 48));
        Step(trainer);
        byte[] before = Checkpoint(trainer);
        float[] inputs = SizedNetworks.Inputs(net.At(64, 48), Samples);
        inputs[7] = float.NaN;
        TrainingException failed = Assert.Throws<TrainingException>(() => trainer.At(64, 48).Step(inputs, Labels(net)));
        Assert.Contains("after 2 updates", failed.Message, StringComparison.Ordinal);

        // The pass of the step that failed counts. Nothing else has changed.
        trainer.State.Passes--;
        Assert.Equal(before, Checkpoint(trainer));
        Assert.Equal(before, Checkpoint(trainer.At(64, 48)));
    }

    [Fact]
    public void Sizes_warn_once_and_where_the_trainer_does()
    {
        using CompiledNetwork net = Classifier();
        using ClassificationTrainer trainer = TrainerOf(net, new Sgd(1000));
        var warnings = new List<TrainingWarning>();
        trainer.At(8, 8).OnWarning = warnings.Add;
        Assert.NotNull(trainer.OnWarning);
        float[] small = SizedNetworks.Inputs(net.At(8, 8), Samples);
        trainer.At(8, 8).Step(small, Labels(net));
        int first = warnings.Count;
        Assert.NotEqual(0, first);
        trainer.At(9, 9).Evaluate(SizedNetworks.Inputs(net.At(9, 9), Samples), Labels(net));
        trainer.At(8, 8).ComputeGradients(small, Labels(net));
        Assert.Equal(first, warnings.Count);
    }

    [Fact]
    public void Fit_trains_at_a_size_and_another_Fit_waits_for_its_end()
    {
        using CompiledNetwork net = Classifier();
        using ClassificationTrainer trainer = TrainerOf(net);
        ClassificationTrainer small = trainer.At(8, 8);
        float[] inputs = SizedNetworks.Inputs(small.Network, Samples), large = SizedNetworks.Inputs(net, Samples);
        var fit = new FitOptions { Epochs = 3, OnWarning = _ => { } };
        bool refused = false;
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var report = new Report(() =>
        {
            Assert.Throws<InvalidOperationException>(() => trainer.Fit(large, Labels(net), fit, cancellationToken: cancellation));
            refused = true;
        });
        FitResult result = small.Fit(inputs, Labels(net), fit, report, cancellation);
        Assert.True(refused);
        Assert.Equal(3, result.Epochs.Count);
        Assert.Equal(3, trainer.Steps);
        trainer.Fit(large, Labels(net), fit, cancellationToken: cancellation);
        Assert.Equal(6, small.Steps);
    }

    [Fact]
    public void The_trainers_of_sizes_end_with_the_trainer_and_not_alone()
    {
        using CompiledNetwork net = Classifier();
        ClassificationTrainer trainer = TrainerOf(net), small = trainer.At(8, 8);
        small.Dispose();
        Step(small);
        trainer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Step(small));
        Assert.Throws<ObjectDisposedException>(() => trainer.At(8, 8));
        Assert.Throws<ObjectDisposedException>(() => small.At(9, 9));
        using ClassificationTrainer next = TrainerOf(net);
        Step(next.At(8, 8));
    }

    [Fact]
    public void A_trainer_that_nobody_has_is_freed_with_its_sizes()
    {
        using CompiledNetwork net = Classifier();
        WeakReference[] trainers = Forgotten(net);
        for (int i = 0; i < 10 && trainers.Any(trainer => trainer.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.DoesNotContain(trainers, trainer => trainer.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Forgotten(CompiledNetwork net)
    {
        ClassificationTrainer trainer = TrainerOf(net);
        Step(trainer.At(8, 8));
        return [new WeakReference(trainer), new WeakReference(trainer.At(8, 8))];
    }

    /// <summary>Calls a method at each report.</summary>
    private sealed class Report(Action action) : IProgress<FitProgress>
    {
        void IProgress<FitProgress>.Report(FitProgress value) => action();
    }

    /// <summary>Divides by the norm of the whole parameter, and so reads all ranges of it; with a momentum.</summary>
    private sealed class Scaled() : Optimizer(0.01)
    {
        protected override IReadOnlyList<string> SlotNames => ["momentum"];

        protected override bool NeedsNorms => true;

        protected override void Update(UpdateContext context)
        {
            Span<float> p = context.Parameter, m = context.Slot(0);
            float scale = (float)(context.LearningRate / (1 + context.GradientNorm));
            for (int i = 0; i < p.Length; i++)
            {
                m[i] = (0.9f * m[i]) + context.Gradient[i];
                p[i] -= scale * m[i];
            }
        }
    }
}
