using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Networks with several losses on tensors of their own, with targets of their own. Each is a stack of its own from the input on,
/// so that the oracle knows it as a network with one loss; the sum of all is linear in them.
/// </summary>
public class SeveralLossTests
{
    private const int Inputs = 6, Samples = 50;

    /// <summary>
    /// One of the losses on a layer of this name, as a network of its own; without a target's name it has the shared one.
    /// </summary>
    private sealed record Head(string Name, int Outputs, Objective Objective, double Weight = 1, string? Target = null)
    {
        public OracleNetwork Network { get; } = new(Extents.Vector(Inputs), [new Dense(Outputs)], Objective);

        public string Declaration
        {
            get
            {
                string options =
                    $"From = \"{Name}\", Weight = "
                    + $"{FormattableString.Invariant($"{Weight}")}{(Target is null ? "" : $", Target = \"{Target}\"")}";
                string loss = Objective.Attribute;
                return $"[Dense({Outputs}, Name = \"{Name}\", From = \"input\"), "
                    + $"{(loss.EndsWith(')') ? $"{loss[..^1]}, {options})" : $"{loss}({options})")}]";
            }
        }
    }

    private sealed record Case(params Head[] Heads)
    {
        /// <summary>The second head is an output too, the third one is there for training only.</summary>
        public string Declaration(string name) =>
            $"[Network]\n[Input({Inputs}, Name = \"input\")]\n{string.Join('\n', Heads.Select(DeclarationOf))}\n"
            + $"public sealed partial class {name};\n";

        private static string DeclarationOf(Head head, int index) =>
            index < 2 ? $"{head.Declaration}\n[Output(\"{head.Name}\", From = \"{head.Name}\")]" : head.Declaration;
    }

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["ClassTargets"] = new(
            new Head("kind", 3, new CrossEntropyObjective(0, 0.5, 2, 1), 2, "kind"),
            new Head("colour", 5, new CrossEntropyObjective(0.1), 0.5, "colour"),
            new Head("aux", 3, new HingeObjective(), 0.25, "kind")),
        ["SharedTarget"] = new(
            new Head("main", 4, new CrossEntropyObjective()), new Head("early", 4, new CrossEntropyObjective { Sum = true }, 0.01),
            new Head("late", 4, new CrossEntropyObjective(), 0.3)),
        ["ValueTargets"] = new(
            new Head("box", 4, new SquaredError("MeanSquaredError"), 5, "boxes"),
            new Head("object", 1, new BinaryCrossEntropyObjective(), 1, "objects"),
            new Head("size", 4, new SmoothError("Huber", 0.5), -0.5, "boxes")),
        ["BothKinds"] = new(
            new Head("box", 4, new SmoothError("SmoothL1", 1), 2), new Head("kind", 3, new CrossEntropyObjective(0.1, 1, 2, 0.5)),
            new Head("object", 1, new BinaryCrossEntropyObjective(), 0.5, "objects"),
            new Head("coarse", 2, new HingeObjective(), 0.25, "coarse")),
        ["MixedReductions"] = new(
            new Head("first", 2, new AbsoluteError("L1") { Sum = true }, 0.1),
            new Head("second", 2, new SquaredError("MeanSquaredError"), 3),
            new Head("third", 3, new SquaredError("L2") { Sum = true }, 0.2, "other")),
    };

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.Compile(
        [.. Cases.Select(c => c.Value.Declaration(c.Key))], "SeveralLosses"));

    public static TheoryData<string, Isa> CasesAndTiers
    {
        get
        {
            var data = new TheoryData<string, Isa>();
            foreach (string name in Cases.Keys)
            {
                foreach (Isa isa in Tiers.Supported)
                {
                    data.Add(name, isa);
                }
            }

            return data;
        }
    }

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(CasesAndTiers))]
    public void The_sum_and_each_loss_and_all_gradients_agree_with_the_oracle(string name, Isa isa)
    {
        using var run = new Run(name, isa, batch: 32);
        foreach (int samples in new[] { 1, 5, 32 })
        {
            Expected[] expected = run.Expect(0, samples);
            float total = run.ComputeGradients(0, samples);
            Assert.Equal(Cases[name].Heads.Select(h => h.Name), run.Trainer.LossNames);
            double sum = 0, tolerance = 0;
            for (int k = 0; k < expected.Length; k++)
            {
                Head head = Cases[name].Heads[k];
                Compare.Equal(expected[k].Loss, [(float)run.Trainer.LossOf(head.Name)], $"loss of {head.Name}");
                sum += head.Weight * expected[k].Loss.Value[0];
                tolerance += Math.Abs(head.Weight) * (expected[k].Loss.Tolerance(0) + (Numbers.U * expected[k].Loss.Value[0]));
                run.CheckGradients(k, expected[k].Gradients);
            }

            Assert.Equal(sum, total, tolerance + (Numbers.U * Math.Abs(sum)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Evaluation_has_the_losses_of_outputs_by_name_and_their_weighted_sum(string name)
    {
        using var run = new Run(name, IsaSelection.Default, batch: 32);
        (double loss, IReadOnlyDictionary<string, double> losses) = run.Evaluate();
        Head[] heads = Cases[name].Heads;
        Expected[] expected = run.Expect(0, Samples);
        Assert.Equal(heads[..2].Select(h => h.Name), losses.Keys);
        double sum = 0;
        for (int k = 0; k < 2; k++)
        {
            double mean = expected[k].Loss.Value[0] / (heads[k].Objective.Sum ? Samples : 1);
            Assert.Equal(mean, losses[heads[k].Name], 3e-6 * Math.Max(1, mean));
            sum += heads[k].Weight * mean;
        }

        Assert.Equal(sum, loss, 1e-5 * Math.Max(1, Math.Abs(sum)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_reports_the_weighted_sum_of_means_over_all_samples(string name)
    {
        // Batches of 32 and 18; a rate of 0 leaves the network as it is.
        using var run = new Run(name, IsaSelection.Default, batch: 32, rate: 0);
        FitProgress epoch = run.Fit(new FitOptions()).Epochs[0];
        Head[] heads = Cases[name].Heads;
        double sum = run.Expect(0, Samples)
            .Select((e, k) => heads[k].Weight * e.Loss.Value[0] / (heads[k].Objective.Sum ? Samples : 1)).Sum();
        Assert.Equal(sum, epoch.Loss, 1e-5 * Math.Max(1, Math.Abs(sum)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parts_that_Fit_accumulates_have_the_gradients_of_one_batch_of_each_loss(string name)
    {
        // 8 + 8 + 8 + 8, then 8 + 8 + 2, whose losses divide by different numbers in each part.
        var options = new FitOptions { Epochs = 2, Seed = 3 };
        using Run whole = new(name, IsaSelection.Default, batch: 32), parts = new(name, IsaSelection.Default, batch: 8);
        FitResult expected = whole.Fit(options), actual = parts.Fit(options with { Accumulate = 4 });
        for (int i = 0; i < options.Epochs; i++)
        {
            Assert.Equal(expected.Epochs[i].Loss, actual.Epochs[i].Loss, 1e-5 * Math.Max(1, Math.Abs(expected.Epochs[i].Loss)));
        }

        foreach ((Parameter one, Parameter other) in whole.Trainer.Network.Parameters.Zip(parts.Trainer.Network.Parameters))
        {
            float[] first = new float[one.Length], second = new float[one.Length];
            one.CopyTo(first);
            other.CopyTo(second);

            // Four steps on gradients near 1 with sums of 32 terms in another order.
            Assert.All(first.Zip(second), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }
    }

    [Fact]
    public void Parts_accumulated_by_hand_count_by_what_all_means_divide_by_and_else_by_samples()
    {
        using var shared = new Run("ValueTargets", IsaSelection.Default, batch: 32);
        shared.ComputeGradients(0, 12);
        shared.Accumulate(12, 20);
        Expected[] expected = shared.Expect(0, 32);
        for (int k = 0; k < expected.Length; k++)
        {
            shared.CheckGradients(k, expected[k].Gradients);
        }

        // Class weights of one loss only: of the other ones, parts are means of as many samples as they have.
        using var differing = new Run("ClassTargets", IsaSelection.Default, batch: 32);
        differing.ComputeGradients(0, 12);
        differing.Accumulate(12, 20);
        Expected[] all = differing.Expect(0, 32);
        differing.CheckGradients(1, all[1].Gradients);
        differing.CheckGradients(2, all[2].Gradients);

        using var mixed = new Run("MixedReductions", IsaSelection.Default, batch: 32);
        mixed.ComputeGradients(0, 12);
        Assert.Throws<InvalidOperationException>(() => mixed.Accumulate(12, 20));
        mixed.Trainer.Update();
        mixed.Accumulate(12, 20);
    }

    [Fact]
    public void Accuracy_is_that_of_the_first_loss_on_an_output()
    {
        CompiledType type = NetworkCompiler.Compile(
            [
                """
                [Network]
                [Input(3, Name = "input")]
                [Dense(2, Name = "aux", Bias = false), CrossEntropy(Weight = 0.5, Target = "pair")]
                [Dense(4, From = "input", Name = "features"), Output("features")]
                [Dense(3, From = "input", Name = "main", Bias = false), CrossEntropy(Target = "triple"), Output("main")]
                public sealed partial class Scored;
                """,
            ],
            "Scored")["Scored"];
        using CompiledNetwork network = type.Create();
        network.Parameters.Single(p => p.Key == "main.weight").CopyFrom([1, 0, 0, 0, 1, 0, 0, 0, 1]);
        using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, 4, new Sgd(0.1));

        // The largest input is the class of main; the targets of aux stand before those of main.
        ClassificationMetrics metrics = trainer.Evaluate(new float[] { 9, 0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 9 },
            new[] { 0, 0, 1, 1, 0, 2, 1, 1 });
        Assert.Equal(0.75, metrics.Accuracy);
        Assert.Equal(3, metrics.ConfusionMatrix.Classes);
        Assert.Equal(1, metrics.ConfusionMatrix[1, 2]);
        Assert.Equal(["main"], metrics.Losses.Keys);
        string message = Assert.Throws<ArgumentException>(() => trainer.LossOf("softmax")).Message;
        Assert.Contains("Scored has no loss 'softmax'; it has aux, main.", message, StringComparison.Ordinal);
        Assert.Contains(
            "Target 2 is 2; the classes of Scored are 0 to 1",
            Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Step(new float[6], [0, 2, 2, 0])).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Losses_on_one_layer_add_up_and_are_told_apart_by_their_kind(Isa isa)
    {
        CompiledType type = NetworkCompiler.Compile(
            [
                """
                [Network]
                [Input(6), Dense(3), MeanSquaredError]
                [L1(Weight = 0.25)]
                [L1(Weight = 0.5, Target = "other")]
                public sealed partial class Alike;
                """,
            ],
            "Alike")["Alike"];
        const int Count = 21;
        (OracleNetwork Network, double Weight, int Offset)[] losses =
        [
            (Of(new SquaredError("MeanSquaredError")), 1, 0), (Of(new AbsoluteError("L1") { Sum = true }), 0.25, 0),
            (Of(new AbsoluteError("L1") { Sum = true }), 0.5, 3),
        ];
        using CompiledNetwork network = type.Create(losses[0].Network, isa);
        using var trainer = (RegressionTrainer)CompiledType.CreateTrainer(network, Count, new Sgd(0.1));
        Assert.Equal(["dense1.MeanSquaredError", "dense1.L1.1", "dense1.L1.2"], trainer.LossNames);
        float[] inputs = Formula.Uniforms(70, Count * Inputs), targets = Formula.Uniforms(71, Count * 6);
        trainer.ComputeGradients(inputs, targets);
        var sums = new GradientSums(losses[0].Network);
        for (int k = 0; k < losses.Length; k++)
        {
            (OracleNetwork oracle, double weight, int offset) = losses[k];
            double divisor = oracle.Objective.Sum ? 1 : Count;
            var loss = new Sums(1);
            for (int n = 0; n < Count; n++)
            {
                Pass pass = oracle.Forward(inputs.AsSpan(n * Inputs, Inputs));
                var target = new Target(0, targets[((6 * n) + offset)..((6 * n) + offset + 3)]);
                (double value, double variance) = oracle.Loss(pass, target, divisor);
                loss.Add(0, value, variance);
                oracle.Backward(pass, target, divisor / weight, sums);
            }

            var expected = new Numbers(1);
            loss.Store(expected);
            Compare.Equal(expected, [(float)trainer.LossOf(trainer.LossNames[k])], trainer.LossNames[k]);
        }

        IReadOnlyList<Numbers> gradients = sums.Result();
        for (int p = 0; p < 2; p++)
        {
            float[] gradient = new float[gradients[p].Length];
            trainer.CopyGradientTo(network.Parameters[p], gradient);
            Compare.Equal(gradients[p], gradient, $"gradient of {network.Parameters[p].Key}");
        }

        static OracleNetwork Of(Objective objective)
        {
            var oracle = new OracleNetwork(Extents.Vector(Inputs), [new Dense(3)], objective);
            Models.Fill(oracle);
            return oracle;
        }
    }

    [Fact]
    public void Each_loss_says_which_targets_it_takes()
    {
        using var run = new Run("ValueTargets", IsaSelection.Default, batch: 4);
        var trainer = (RegressionTrainer)run.Trainer;

        // 4 numbers of a box, which may be any, and 1 of the object, which is a probability.
        trainer.ComputeGradients(new float[2 * Inputs], [5, -6, 7, 8, 1, 9, 9, 9, 9, 0]);
        string message = Assert.Throws<ArgumentOutOfRangeException>(
            () => trainer.ComputeGradients(new float[2 * Inputs], [5, -6, 7, 8, 1, 9, 9, 9, 9, 2])).Message;
        Assert.Contains("Target 9 is 2; those of BinaryCrossEntropy are from 0 to 1.", message, StringComparison.Ordinal);
    }

    private sealed record Expected(Numbers Loss, IReadOnlyList<Numbers> Gradients);

    /// <summary>A compiled network with the oracles' weights, and its data.</summary>
    private sealed class Run : IDisposable
    {
        private readonly Head[] _heads;
        private readonly CompiledNetwork _network;
        private readonly float[] _inputs = Formula.Uniforms(51, Samples * Inputs);
        private readonly Target[][] _targets;

        public Run(string name, Isa isa, int batch, double rate = 0.1)
        {
            _heads = [.. Cases[name].Heads.Select(h => h with { })];
            _network = Compiled.Value[name].Create(isa, threads: 2);
            var targets = new Dictionary<(bool, string), Target[]>();
            for (int k = 0; k < _heads.Length; k++)
            {
                Head head = _heads[k];
                Models.Fill(head.Network, (ulong)(200 + (10 * k)));
                for (int p = 0; p < 2; p++)
                {
                    _network.Parameters[(2 * k) + p].CopyFrom([.. head.Network.Weights[p].Value.Select(v => (float)v)]);
                }

                // The first loss that names a target draws it.
                targets.TryAdd(KeyOf(head), [
                    .. Enumerable.Range(0, Samples).Select(n => head.Objective.Suit(
                        new Target(Formula.Class((ulong)(60 + k), n, head.Outputs),
                            Formula.Uniforms((ulong)(1000 + (100 * k) + n), head.Outputs)),
                        head.Network.Output)),
                ]);
            }

            _targets = [.. _heads.Select(h => targets[KeyOf(h)])];
            Trainer = CompiledType.CreateTrainer(_network, batch, new Sgd(rate));
        }

        public Trainer Trainer { get; }

        public Expected[] Expect(int first, int samples) =>
        [
            .. _heads.Select((head, k) =>
            {
                Target[] targets = _targets[k][first..(first + samples)];
                double divisor = head.Objective.Divisor(targets);
                var gradients = new GradientSums(head.Network);
                var sum = new Sums(1);
                for (int n = 0; n < samples; n++)
                {
                    Pass pass = head.Network.Forward(_inputs.AsSpan((first + n) * Inputs, Inputs));
                    (double value, double variance) = head.Network.Loss(pass, targets[n], divisor);
                    sum.Add(0, value, variance);
                    head.Network.Backward(pass, targets[n], divisor, gradients);
                }

                var loss = new Numbers(1);
                sum.Store(loss);
                return new Expected(loss, gradients.Result(head.Weight));
            }),
        ];

        public void CheckGradients(int head, IReadOnlyList<Numbers> expected)
        {
            for (int p = 0; p < 2; p++)
            {
                Parameter parameter = _network.Parameters[(2 * head) + p];
                float[] gradient = new float[parameter.Length];
                Trainer.CopyGradientTo(parameter, gradient);
                Compare.Equal(expected[p], gradient, $"gradient of {parameter.Key}");
            }
        }

        public float ComputeGradients(int first, int samples) =>
            Trainer.ComputeGradients(Part(first, samples), Classes(first, samples), Values(first, samples));

        public void Accumulate(int first, int samples) =>
            Trainer.AccumulateGradients(Part(first, samples), Classes(first, samples), Values(first, samples));

        public (double Loss, IReadOnlyDictionary<string, double> Losses) Evaluate() =>
            Trainer.Evaluate(_inputs, Classes(0, Samples), Values(0, Samples));

        public FitResult Fit(FitOptions options) => Trainer.Fit(_inputs, Classes(0, Samples), Values(0, Samples), options with
        {
            ValidationInputs = options.ValidationInputs.IsEmpty ? default : _inputs,
            ValidationTargets = options.ValidationInputs.IsEmpty || Trainer is RegressionTrainer ? default : Classes(0, Samples),
            ValidationValues = options.ValidationInputs.IsEmpty || Trainer is ClassificationTrainer ? default : Values(0, Samples),
        });

        public void Dispose()
        {
            Trainer.Dispose();
            _network.Dispose();
        }

        /// <summary>Classes and values stand apart.</summary>
        private static (bool, string) KeyOf(Head head) => (head.Objective.TakesClasses, head.Target ?? "");

        private ReadOnlySpan<float> Part(int first, int samples) => _inputs.AsSpan(first * Inputs, samples * Inputs);

        private int[] Classes(int first, int samples) => [.. OfSamples(first, samples, classes: true).SelectMany(t => t.Classes)];

        private float[] Values(int first, int samples) => [.. OfSamples(first, samples, classes: false).SelectMany(t => t.Values)];

        /// <summary>The targets of each sample one behind the other, each once.</summary>
        private IEnumerable<Target> OfSamples(int first, int samples, bool classes)
        {
            Target[][] targets = [.. _targets.Where((_, k) => _heads[k].Objective.TakesClasses == classes).Distinct()];
            return Enumerable.Range(first, samples).SelectMany(n => targets.Select(of => of[n]));
        }
    }
}
