using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Random stacks of layers in every tier against the oracle. <c>STRATA_RANDOM_NETWORKS</c> sets how many (300 by
/// default), <c>STRATA_RANDOM_SEED</c> the first seed; a failure prints seed and declaration.
/// </summary>
public class RandomNetworkTests(ITestOutputHelper log)
{
    /// <summary>Networks that are compiled together.</summary>
    private const int Together = 25;

    private const int MostFailures = 5;

    /// <summary>One sample, a partly filled block, a full one at 16 lanes, one more than that, several blocks.</summary>
    private static readonly int[] Batches = [1, 3, 16, 17, 64];

    [Fact]
    public void Random_networks_agree_with_the_oracle_in_every_tier()
    {
        int count = Setting("STRATA_RANDOM_NETWORKS", 300), first = Setting("STRATA_RANDOM_SEED", 1);
        var failures = new ConcurrentQueue<string>();
        double worst = 0;
        object gate = new();
        int[][] chunks = [.. Enumerable.Range(first, count).Chunk(Together)];
        Parallel.ForEach(chunks, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seeds =>
        {
            if (failures.Count >= MostFailures)
            {
                return;
            }

            OracleNetwork[] networks = [.. seeds.Select(RandomArchitecture.Draw)];
            CompiledNetworks compiled = NetworkCompiler.Compile(
                [.. seeds.Select((seed, i) => networks[i].Declaration($"Random{seed}"))], $"Random{seeds[0]}");
            foreach (string method in JitBudget.Measure(compiled.Image).Over)
            {
                failures.Enqueue($"outside the budget of the JIT: {method}");
            }

            for (int i = 0; i < seeds.Length; i++)
            {
                var comparison = new Comparison(networks[i], seeds[i]);
                foreach (Isa isa in Tiers.Supported)
                {
                    string? difference;
                    try
                    {
                        difference = comparison.Run(compiled[$"Random{seeds[i]}"], isa);
                    }
                    catch (Exception e) when (e is not OutOfMemoryException)
                    {
                        difference = e.ToString();
                    }

                    if (difference is not null)
                    {
                        failures.Enqueue($"seed {seeds[i]}, {isa}: {difference}\n{networks[i].Declaration($"Random{seeds[i]}")}");
                        break;
                    }
                }

                lock (gate)
                {
                    worst = Math.Max(worst, comparison.Worst);
                }
            }
        });
        log.WriteLine($"{count} networks from seed {first} on; largest error: {worst:F2} of its tolerance");
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures));
    }

    [Fact]
    public void Random_architectures_draw_from_the_whole_language()
    {
        string[] texts = [.. Enumerable.Range(1, 300).Select(seed => RandomArchitecture.Draw(seed).Declaration("Drawn"))];
        string[] words =
        [
            "Conv2D", "MaxPool2D", "AveragePool2D", "ReLU", "Sigmoid", "Tanh", "Flatten", "Dense", "Dropout", "Softmax",
            "[CrossEntropy]", "[MeanSquaredError]", "KernelWidth", "Stride =", "StrideHeight", "Padding =", "PaddingWidth", "PaddingTop",
            "Dilation =", "DilationHeight", "Groups", "Bias = false", "AutoPad.Same", "AutoPad.Full", "AutoPad.Valid", "CeilMode = true",
            "CountIncludePad = false", "InputGradient = true",
        ];
        foreach (string word in words)
        {
            int uses = texts.Count(t => t.Contains(word, StringComparison.Ordinal));
            Assert.True(uses >= 5, $"{word} occurs in {uses} of 300 networks");
        }

        foreach (int rank in new[] { 1, 2, 3 })
        {
            Assert.True(Enumerable.Range(1, 300).Count(seed => RandomArchitecture.Draw(seed).Input.Rank == rank) >= 10);
        }
    }

    private static int Setting(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    /// <summary>One network: what the oracle computes, and the comparison of a tier with it.</summary>
    private sealed class Comparison
    {
        private const double LearningRate = 0.125;
        private const int MostSamples = 64, SamplesOfStep = 17, SamplesOfBackward = 3;

        private readonly OracleNetwork _oracle;
        private readonly ulong _seed;
        private readonly float[] _inputs;
        private readonly Target[] _targets;
        private readonly float[] _outputGradient;
        private readonly Numbers _outputs;
        private readonly Numbers _trainingOutputs;
        private readonly Dictionary<int, (Numbers Loss, IReadOnlyList<Numbers> Gradients)> _training = [];
        private readonly IReadOnlyList<Numbers> _backward = [];
        private readonly Numbers _inputGradient;
        private readonly IReadOnlyList<Numbers> _afterStep = [];
        private double _worst;

        public Comparison(OracleNetwork oracle, int seed)
        {
            _oracle = oracle;
            _seed = (ulong)seed;
            ulong stream = ((ulong)seed + 1) << 32;
            Models.Fill(oracle, stream);
            int inputLength = oracle.Input.Length, outputLength = oracle.Output.Length;
            _inputs = Formula.Uniforms(stream + 0x10000, MostSamples * inputLength);
            _targets =
            [
                .. Enumerable.Range(0, MostSamples).Select(n => new Target(
                    Formula.Class(stream + 0x20000, n, outputLength), Formula.Uniforms(stream + 0x30000 + (ulong)n, outputLength))),
            ];
            _outputGradient = Formula.Uniforms(stream + 0x40000, SamplesOfBackward * outputLength);
            _outputs = new Numbers(MostSamples * outputLength);
            _trainingOutputs = new Numbers(SamplesOfBackward * outputLength);
            _inputGradient = new Numbers(SamplesOfBackward * inputLength);
            for (int n = 0; n < MostSamples; n++)
            {
                Put(oracle.Forward(Sample(n)).Output, _outputs, n);
            }

            if (oracle.Objective == Objective.None)
            {
                return;
            }

            DropoutMask mask = DropoutBits.Mask(oracle, _seed, step: 0);
            var sums = new GradientSums(oracle);
            var loss = new Sums(1);
            var backward = new GradientSums(oracle);
            for (int n = 0; n < MostSamples; n++)
            {
                Pass pass = oracle.Forward(Sample(n), training: true, n, mask);
                (double value, double variance) = oracle.Loss(pass, _targets[n], 1);
                loss.Add(0, value, variance);
                oracle.Backward(pass, _targets[n], 1, sums);
                if (Batches.Contains(n + 1))
                {
                    var mean = new Numbers(1);
                    loss.Store(mean, 1.0 / (n + 1));
                    _training.Add(n + 1, (mean, sums.Result(1.0 / (n + 1))));
                }

                if (n < SamplesOfBackward)
                {
                    Put(pass.Output, _trainingOutputs, n);
                    oracle.Backward(pass, _outputGradient.AsSpan(n * outputLength, outputLength), backward);
                    Put(backward.Input!, _inputGradient, n);
                }
            }

            _backward = backward.Result();
            _afterStep = [.. oracle.Weights.Select(w => w.Clone())];
            new OracleSgd(LearningRate).Update(_afterStep, _training[SamplesOfStep].Gradients);
        }

        /// <summary>The largest error, as a part of its tolerance.</summary>
        public double Worst => _worst;

        public string? Run(CompiledType type, Isa isa)
        {
            using CompiledNetwork network = type.Create(_oracle, isa, threads: 2, seed: _seed);
            if (!network.Info.OutputShape.SequenceEqual(_oracle.Output.ToArray()))
            {
                return $"the output's shape is {string.Join("×", network.Info.OutputShape)} instead of {_oracle.Output}";
            }

            int inputLength = _oracle.Input.Length, outputLength = _oracle.Output.Length;
            foreach (int batch in Batches)
            {
                float[] outputs = new float[batch * outputLength];
                network.Forward(_inputs.AsSpan(0, batch * inputLength), outputs);
                if (Compare.Difference(First(_outputs, outputs.Length), outputs, $"output of batch {batch}", ref _worst) is { } difference)
                {
                    return difference;
                }
            }

            return _oracle.Objective == Objective.None ? null : RunTraining(network);
        }

        private string? RunTraining(CompiledNetwork network)
        {
            using Trainer trainer = CompiledType.CreateTrainer(network, MostSamples, new Sgd(LearningRate));
            foreach (int batch in Batches)
            {
                (Numbers loss, IReadOnlyList<Numbers> gradients) = _training[batch];
                float actual = trainer is ClassificationTrainer classification
                    ? classification.ComputeGradients(Inputs(batch), Classes(batch))
                    : ((RegressionTrainer)trainer).ComputeGradients(Inputs(batch), Values(batch));
                string? difference = Compare.Difference(loss, [actual], $"loss of batch {batch}", ref _worst)
                    ?? CompareGradients(trainer, gradients, $"batch {batch}");
                if (difference is not null)
                {
                    return difference;
                }
            }

            return RunOwnLoss(trainer) ?? RunStep(trainer);
        }

        /// <summary>A loss of one's own: Σ outputGradient · output.</summary>
        private string? RunOwnLoss(Trainer trainer)
        {
            float[] outputs = new float[SamplesOfBackward * _oracle.Output.Length];
            trainer.Forward(Inputs(SamplesOfBackward), outputs);
            if (Compare.Difference(_trainingOutputs, outputs, "output in training", ref _worst) is { } difference)
            {
                return difference;
            }

            if (!_oracle.InputGradient)
            {
                trainer.Backward(_outputGradient);
                return CompareGradients(trainer, _backward, "Backward");
            }

            float[] inputGradient = new float[SamplesOfBackward * _oracle.Input.Length];
            trainer.Backward(_outputGradient, inputGradient);
            return Compare.Difference(_inputGradient, inputGradient, "gradient of the input", ref _worst)
                ?? CompareGradients(trainer, _backward, "Backward");
        }

        private string? RunStep(Trainer trainer)
        {
            if (trainer is ClassificationTrainer classification)
            {
                classification.Step(Inputs(SamplesOfStep), Classes(SamplesOfStep));
            }
            else
            {
                ((RegressionTrainer)trainer).Step(Inputs(SamplesOfStep), Values(SamplesOfStep));
            }

            for (int k = 0; k < _afterStep.Count; k++)
            {
                Parameter parameter = trainer.Network.Parameters[k];
                float[] values = new float[parameter.Length];
                parameter.CopyTo(values);
                if (Compare.Difference(_afterStep[k], values, $"{parameter.Key} after a step", ref _worst) is { } difference)
                {
                    return difference;
                }
            }

            return null;
        }

        private string? CompareGradients(Trainer trainer, IReadOnlyList<Numbers> gradients, string what)
        {
            for (int k = 0; k < gradients.Count; k++)
            {
                Parameter parameter = trainer.Network.Parameters[k];
                float[] gradient = new float[parameter.Length];
                trainer.CopyGradientTo(parameter, gradient);
                if (Compare.Difference(gradients[k], gradient, $"gradient of {parameter.Key}, {what}", ref _worst) is { } difference)
                {
                    return difference;
                }
            }

            return null;
        }

        private ReadOnlySpan<float> Sample(int n) => _inputs.AsSpan(n * _oracle.Input.Length, _oracle.Input.Length);

        private ReadOnlySpan<float> Inputs(int batch) => _inputs.AsSpan(0, batch * _oracle.Input.Length);

        private int[] Classes(int batch) => [.. _targets.Take(batch).Select(t => t.Class)];

        private float[] Values(int batch) => [.. _targets.Take(batch).SelectMany(t => t.Values)];

        private static void Put(Numbers from, Numbers to, int position)
        {
            from.Value.CopyTo(to.Value, position * from.Length);
            from.Variance.CopyTo(to.Variance, position * from.Length);
        }

        private static Numbers First(Numbers numbers, int length)
        {
            var first = new Numbers(length);
            Array.Copy(numbers.Value, first.Value, length);
            Array.Copy(numbers.Variance, first.Variance, length);
            return first;
        }
    }
}
