using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;

namespace Strata.Numerics.Tests;

/// <summary>One network: what the oracle computes, and the comparison of a tier with it.</summary>
internal sealed class Comparison
{
    private const double LearningRate = 0.125;
    private const int MostOfBackward = 3;

    private readonly OracleNetwork _oracle;
    private readonly int[] _batches;
    private readonly int _samplesOfStep;
    private readonly int _samplesOfBackward;
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

    /// <param name="oracle">The network; its weights are drawn here.</param>
    /// <param name="seed">Of weights, inputs, targets and dropout.</param>
    /// <param name="batches">Numbers of samples, ascending.</param>
    public Comparison(OracleNetwork oracle, int seed, int[] batches)
    {
        _batches = batches;
        int mostSamples = batches[^1];
        _samplesOfStep = batches[^2];
        _samplesOfBackward = Math.Min(MostOfBackward, mostSamples);
        _oracle = oracle;
        _seed = (ulong)seed;
        ulong stream = ((ulong)seed + 1) << 32;
        Models.Fill(oracle, stream);
        int inputLength = oracle.Input.Length, outputLength = oracle.Output.Length;
        _inputs = Formula.Uniforms(stream + 0x10000, mostSamples * inputLength);
        _targets =
        [
            .. Enumerable.Range(0, mostSamples).Select(n => oracle.Objective.Suit(new Target(
                Formula.Class(stream + 0x20000, n, outputLength), Formula.Uniforms(stream + 0x30000 + (ulong)n, outputLength)), oracle.Output)),
        ];
        _outputGradient = Formula.Uniforms(stream + 0x40000, _samplesOfBackward * outputLength);
        _outputs = new Numbers(mostSamples * outputLength);
        _trainingOutputs = new Numbers(_samplesOfBackward * outputLength);
        _inputGradient = new Numbers(_samplesOfBackward * inputLength);
        for (int n = 0; n < mostSamples; n++)
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
        for (int n = 0; n < mostSamples; n++)
        {
            Pass pass = oracle.Forward(Sample(n), training: true, n, mask);
            (double value, double variance) = oracle.Loss(pass, _targets[n], 1);
            loss.Add(0, value, variance);
            oracle.Backward(pass, _targets[n], 1, sums);
            if (batches.Contains(n + 1))
            {
                // Without any weight in the batch there is no loss.
                double divisor = oracle.Objective.Divisor(_targets.Take(n + 1)), factor = divisor == 0 ? 0 : 1 / divisor;
                var batchLoss = new Numbers(1);
                loss.Store(batchLoss, factor);
                _training.Add(n + 1, (batchLoss, sums.Result(factor)));
            }

            if (n < _samplesOfBackward)
            {
                Put(pass.Output, _trainingOutputs, n);
                oracle.Backward(pass, _outputGradient.AsSpan(n * outputLength, outputLength), backward);
                Put(backward.Input!, _inputGradient, n);
            }
        }

        _backward = backward.Result();
        _afterStep = [.. oracle.Weights.Select(w => w.Clone())];
        new OracleSgd(LearningRate).Update(_afterStep, _training[_samplesOfStep].Gradients);
    }

    public OracleNetwork Network => _oracle;

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
        foreach (int batch in _batches)
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
        using Trainer trainer = CompiledType.CreateTrainer(network, _batches[^1], new Sgd(LearningRate));
        foreach (int batch in _batches)
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
        float[] outputs = new float[_samplesOfBackward * _oracle.Output.Length];
        trainer.Forward(Inputs(_samplesOfBackward), outputs);
        if (Compare.Difference(_trainingOutputs, outputs, "output in training", ref _worst) is { } difference)
        {
            return difference;
        }

        if (!_oracle.InputGradient)
        {
            trainer.Backward(_outputGradient);
            return CompareGradients(trainer, _backward, "Backward");
        }

        float[] inputGradient = new float[_samplesOfBackward * _oracle.Input.Length];
        trainer.Backward(_outputGradient, inputGradient);
        return Compare.Difference(_inputGradient, inputGradient, "gradient of the input", ref _worst)
            ?? CompareGradients(trainer, _backward, "Backward");
    }

    private string? RunStep(Trainer trainer)
    {
        if (trainer is ClassificationTrainer classification)
        {
            classification.Step(Inputs(_samplesOfStep), Classes(_samplesOfStep));
        }
        else
        {
            ((RegressionTrainer)trainer).Step(Inputs(_samplesOfStep), Values(_samplesOfStep));
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

    private int[] Classes(int batch) => [.. _targets.Take(batch).SelectMany(t => t.Classes)];

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
