using System;
using System.Collections.Generic;
using System.Linq;
using Strata.CompilerServices;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// The loss of a forward pass may be asked for again, with other targets, and its gradients be changed before backward reads them.
/// </summary>
public sealed class RepeatedLossTests
{
    private static readonly (string Name, string Layers)[] Cases =
    [
        ("one", "[Input(2, 6, 6), Conv2D(8, 3), Tanh, Flatten, Dense(5), CrossEntropy]"),
        ("one, weighted", "[Input(2, 6, 6), Conv2D(8, 3), Tanh, Flatten, Dense(5), Hinge(Weight = 0.5)]"),
        ("fused with its layer, which others read", """
            [Input(2, 6, 6), Conv2D(8, 3), Tanh, Flatten, Dense(5, Name = "logits"), Softmax(Name = "kinds"), CrossEntropy]
            [Dense(7, From = "kinds", Name = "more"), Output("more"), MeanSquaredError, Output("kinds", From = "kinds")]
            """),
        ("on the same tensor", """
            [Input(2, 6, 6), Conv2D(8, 3), Tanh, Flatten, Dense(5, Name = "all"), CrossEntropy(Weight = 0.5), MeanSquaredError, Hinge(Weight = 2), SmoothL1]
            """),
        ("auxiliary heads before the output", """
            [Input(2, 6, 6), Conv2D(8, 3), Tanh, Flatten(Name = "features")]
            [Dense(5, Name = "aux1"), CrossEntropy(Weight = 0.3)]
            [Dense(5, From = "features", Name = "aux2"), CrossEntropy(Weight = 0.3)]
            [Dense(5, From = "features", Name = "aux3"), Hinge]
            [Dense(5, From = "features"), Output, CrossEntropy]
            """),
        ("auxiliary heads that shrink", """
            [Input(2, 6, 6), Conv2D(8, 3), Tanh, Flatten(Name = "features")]
            [Dense(40, From = "features", Name = "wide"), L1(Weight = 0.1, Target = "a"), Huber(Target = "b")]
            [Dense(20, From = "features", Name = "narrow"), L1(Weight = 0.1, Target = "c"), Huber(Target = "d")]
            [Dense(5, From = "features"), Output, CrossEntropy]
            """),
        ("pixels", "[Input(2, 12, 12), Conv2D(20, 3, Padding = 1), Tanh, Conv2D(5, 3, Padding = 1), CrossEntropy(IgnoreIndex = 2)]"),
        ("pixels and batch norm, several", """
            [Input(2, 12, 12), Conv2D(20, 3, Padding = 1), BatchNorm, Tanh(Name = "features")]
            [Conv2D(4, 1, Name = "early"), BinaryCrossEntropy(Weight = 0.4, Target = "early")]
            [Conv2D(5, 3, Padding = 1, From = "features"), Output, CrossEntropy(Target = "late"), MeanSquaredError(Target = "values")]
            """),
    ];

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.Compile(
        [.. from c in Cases.Select((c, i) => (c.Layers, Number: i))
            from layout in new[] { TrainingLayout.SampleLanes, TrainingLayout.Blocked }
            select $"[Network(InputGradient = true, TrainingLayout = TrainingLayout.{layout})]\n{c.Layers}\npublic partial "
                + $"class {layout}{c.Number};"],
        "RepeatedLosses"));

    public static TheoryData<string, TrainingLayout, Isa> All =>
    [
        .. from c in Cases from layout in new[] { TrainingLayout.SampleLanes, TrainingLayout.Blocked } from isa in Tiers.Supported
            select (c.Name, layout, isa),
    ];

    [Theory]
    [MemberData(nameof(All))]
    public void A_second_call_finds_what_the_first_one_found(string name, TrainingLayout layout, Isa isa)
    {
        foreach (int samples in new[] { 1, isa.Lanes() })
        {
            using var run = new Run(name, layout, isa, samples);
            run.Forward();
            Result first = run.Loss(targets: 1), other = run.Loss(targets: 2), again = run.Loss(targets: 1);
            run.Forward();
            Same(run.Loss(targets: 2), other);
            Same(first, again);
            Assert.NotEqual(first.Loss, other.Loss);
            Assert.All(first.Gradients.Zip(other.Gradients), pair => Assert.NotEqual(pair.First, pair.Second));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Backward_reads_the_gradients_where_the_program_says_that_they_are(string name, TrainingLayout layout, Isa isa)
    {
        using var run = new Run(name, layout, isa, samples: isa.Lanes() - 1);
        run.Forward();
        run.Loss(targets: 1);
        float[] whole = run.Backward();
        Assert.Contains(whole, value => value != 0);

        // Every gradient is linear in these; a factor that is a power of 2 leaves the digits as they are.
        foreach (float factor in new[] { 0.5f, 0 })
        {
            run.Forward();
            run.Loss(targets: 1);
            run.Scale(factor);
            Assert.Equal(whole.Select(value => factor * value), run.Backward());
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Mixed_samples_have_the_loss_and_the_gradients_of_both_classes(string name, TrainingLayout layout, Isa isa)
    {
        const int Samples = 37;
        const float Share = 0.3f;
        using CompiledNetwork network = Compiled.Value[$"{layout}{Array.FindIndex(Cases, c => c.Name == name)}"]
            .Create(isa, threads: 2, seed: 3);
        using Trainer trainer = Trainer.For(network, Samples, new Sgd(0.1));
        NetworkInfo info = network.Info;
        float[] x = Formula.Uniforms(1, Samples * network.InputLength),
            values = [.. Formula.Uniforms(2, Samples * info.ValueTargetLength).Select(Math.Abs)];
        int[] classes = [.. Enumerable.Range(0, Samples * info.ClassTargetLength).Select(i => Formula.Class(3, i, 5))];
        int[] order = [.. Enumerable.Range(0, Samples - 4).Select(i => i * 5 % Samples)], others = [order[^1], .. order[..^1]];
        double loss = trainer.Train(
            new StepData(x, new Targets(classes, values), order, order.Length) { Share = Share }, accumulate: false, update: false);
        double[] gradients = Gradients();

        float[] mixed = Mix(x), mixedValues = Mix(values);
        double own = trainer.ComputeGradients(mixed, Of(classes, order), mixedValues);
        double[] ownGradients = Gradients();
        double other = trainer.ComputeGradients(mixed, Of(classes, others), mixedValues);
        Assert.Equal((Share * own) + ((1 - Share) * other), loss, 1e-5 * Math.Abs(loss));
        Assert.All(
            ownGradients.Zip(Gradients(), (a, b) => (Share * a) + ((1 - Share) * b)).Zip(gradients),
            pair => Assert.Equal(pair.First, pair.Second, 1e-5 * (1 + Math.Abs(pair.First))));

        float[] Mix(float[] all) => [.. Of(all, order).Zip(Of(all, others), (a, b) => (Share * a) + ((1 - Share) * b))];

        T[] Of<T>(T[] all, int[] samples) => [.. samples.SelectMany(s => all.Skip(s * (all.Length / Samples)).Take(all.Length / Samples))];

        double[] Gradients() => [.. network.Parameters.Where(p => p.IsTrainable).SelectMany(p =>
        {
            float[] gradient = new float[p.Length];
            trainer.CopyGradientTo(p, gradient);
            return gradient.Select(v => (double)v);
        })];
    }

    private static void Same(Result one, Result two)
    {
        Assert.Equal(one.Loss, two.Loss);
        Assert.Equal(one.Losses, two.Losses);
        Assert.Equal(one.Gradients.Count, two.Gradients.Count);
        for (int i = 0; i < one.Gradients.Count; i++)
        {
            Compare.SameBits(one.Gradients[i], two.Gradients[i], $"gradient {i}");
        }
    }

    /// <param name="Loss">The block's loss.</param>
    /// <param name="Losses">Each of its terms.</param>
    /// <param name="Gradients">Of each tensor that losses are on.</param>
    private sealed record Result(double Loss, double[] Losses, List<float[]> Gradients);

    /// <summary>A block of samples in training, pass by pass.</summary>
    private sealed unsafe class Run : IDisposable
    {
        private readonly CompiledNetwork _network;
        private readonly NetworkProgram _program;
        private readonly int _samples;
        private readonly GuardedMemory _parameters, _input, _arena, _own, _scratch, _slot, _shared, _inputGradient;

        public Run(string name, TrainingLayout layout, Isa isa, int samples)
        {
            _network = Compiled.Value[$"{layout}{Array.FindIndex(Cases, c => c.Name == name)}"].Create(isa, seed: 3);
            (_program, _samples) = (_network.Program, samples);
            Assert.Equal(layout == TrainingLayout.Blocked, _program.TrainingSampleLength > 0);
            _parameters = Floats(_program.ParametersLength);
            new ReadOnlySpan<float>(_network.Memory.Pointer, _parameters.Length).CopyTo(_parameters.Span);
            _input = Floats(samples * _network.InputLength);
            Formula.Uniforms(1, _input.Length).CopyTo(_input.Span);
            (_arena, _own) = (Floats(_program.TrainingArenaLength), Floats(samples * _program.TrainingSampleLength));
            (_scratch, _shared) = (Floats(_program.ScratchLength), Floats((_program.SharedLength + 15) / 16 * 16));
            _slot = Floats(_program.SlotFrontLength + ((_program.SlotLength + 15) / 16 * 16));
            _inputGradient = Floats(_input.Length);
        }

        private StepContext Step =>
            new(Seed: 1, Pass: 0, FirstSample: 0, _samples) { Divisors = [.. _network.Info.Losses.Select(_ => (double)_samples)] };

        public void Forward() => Steps(.._program.ForwardSteps);

        public Result Loss(ulong targets)
        {
            NetworkInfo info = _network.Info;
            int[] classes = new int[(_samples * info.ClassTargetLength) + 1];
            for (int i = 0; i < classes.Length; i++)
            {
                classes[i] = Formula.Class(10 * targets, i, 5);
            }

            // From 0 to 1, as probabilities are.
            float[] values = [.. Formula.Uniforms((10 * targets) + 1, (_samples * info.ValueTargetLength) + 1).Select(Math.Abs)];
            double[] losses = new double[info.Losses.Count];
            StepContext step = Step with { Values = losses };
            double loss = _program.Loss(ref classes[0], ref values[0], _samples, ref _arena.First, step);
            return new Result(loss, losses, [.. Places.Select(place => _arena.Span[place].ToArray())]);
        }

        public void Scale(float factor)
        {
            foreach (Range place in Places)
            {
                foreach (ref float value in _arena.Span[place])
                {
                    value *= factor;
                }
            }
        }

        /// <summary>The gradient of the input.</summary>
        public float[] Backward()
        {
            Steps(_program.ForwardSteps..);
            return _inputGradient.Span.ToArray();
        }

        public void Dispose()
        {
            foreach (GuardedMemory memory in new[] { _parameters, _input, _arena, _own, _scratch, _slot, _shared, _inputGradient })
            {
                memory.Dispose();
            }

            _network.Dispose();
        }

        private Range[] Places => [.. _program.LossGradients.ToArray().Chunk(2).Select(place => place[0]..(place[0] + place[1]))];

        private static GuardedMemory Floats(int length) => new(length, Guard.Canaries, aligned: true);

        private void Steps(Range steps) =>
            MemoryTests.Run(_program, steps, _input, _samples, _parameters, _arena, _slot, _shared, _own, _scratch, _inputGradient, Step);
    }
}
