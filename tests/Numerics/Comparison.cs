using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;

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
        int inputLength = oracle.InputLength, outputLength = oracle.OutputLength;
        _inputs = Formula.Uniforms(stream + 0x10000, mostSamples * inputLength);
        _outputGradient = Formula.Uniforms(stream + 0x40000, _samplesOfBackward * outputLength);
        Numbers[] samples = [.. Enumerable.Range(0, mostSamples).Select(n => Numbers.Exact(_inputs.AsSpan(n * inputLength, inputLength)))];
        Pass[] inference = oracle.Forward(samples, training: false);
        _outputs = Numbers.Join([.. inference.Select(pass => pass.Output)]);
        IsAmbiguous = inference.Any(pass => pass.Context.IsAmbiguous);
        _targets = [.. samples.Select((_, n) => oracle.DrawTarget(stream + 0x20000, n))];
        (_trainingOutputs, _inputGradient) = (new Numbers(0), new Numbers(0));
        if (!oracle.IsTrainable)
        {
            return;
        }

        // Batch norm needs the whole batch; all other samples are what they are in any batch.
        DropoutMask mask = DropoutBits.Mask(oracle, _seed, pass: 0);
        _afterStep = [.. oracle.Weights.Select(w => w.Clone())];
        Pass[] Forward(int count)
        {
            Pass[] passes = oracle.Forward(samples[..count], training: true, 0, mask);
            oracle.MoveStatistics(passes, _afterStep);
            IsAmbiguous |= passes.Any(pass => pass.Context.IsAmbiguous);
            return passes;
        }

        Pass[] ofStep = [];
        foreach (int batch in batches.Where(IsTrainedByLoss))
        {
            Pass[] passes = Forward(batch);
            var gradients = new GradientSums(oracle);
            oracle.Backward(passes, _targets[..batch], gradients);
            _training.Add(batch, (oracle.Loss(passes, _targets[..batch]), gradients.Result()));
            ofStep = batch == _samplesOfStep ? passes : ofStep;
        }

        var backward = new GradientSums(oracle);
        Pass[] own = Forward(_samplesOfBackward);
        oracle.Backward(own, [.. own.Select((_, n) => Numbers.Exact(_outputGradient.AsSpan(n * outputLength, outputLength)))], backward);
        _trainingOutputs = Numbers.Join([.. own.Select(pass => pass.Output)]);
        _inputGradient = Numbers.Join(backward.Inputs);
        _backward = backward.Result();
        if (oracle.HasLoss)
        {
            oracle.MoveStatistics(ofStep, _afterStep);
        }

        IReadOnlyList<Numbers> ofUpdate = oracle.HasLoss ? _training[_samplesOfStep].Gradients : _backward;
        new OracleSgd(LearningRate).Update(
            [.. _afterStep.Where((_, k) => oracle.Parameters[k].IsTrained)], [.. ofUpdate.Where((_, k) => oracle.Parameters[k].IsTrained)]);
    }

    public OracleNetwork Network => _oracle;

    /// <summary>Whether single precision may rightly come to other results: <see cref="PassContext.IsAmbiguous"/>.</summary>
    public bool IsAmbiguous { get; private set; }

    /// <summary>The largest error, as a part of its tolerance.</summary>
    public double Worst => _worst;

    public string? Run(CompiledType type, Isa isa)
    {
        using CompiledNetwork network = type.Create(_oracle, isa, threads: 2, seed: _seed);
        if (_oracle.Graph.Outputs.Count == 1 && !network.Info.OutputShape.SequenceEqual(_oracle.Output.ToArray()))
        {
            return $"the output's shape is {string.Join("×", network.Info.OutputShape)} instead of {_oracle.Output}";
        }

        int inputLength = _oracle.InputLength, outputLength = _oracle.OutputLength;
        foreach (int batch in _batches)
        {
            float[] outputs = new float[batch * outputLength];
            network.Forward(_inputs.AsSpan(0, batch * inputLength), outputs);
            if (Compare.Difference(_outputs.Slice(0, outputs.Length), outputs, $"output of batch {batch}", ref _worst) is { } difference)
            {
                return difference;
            }
        }

        return _oracle.IsTrainable ? RunTraining(network, type.Program(isa).HasInputGradient) : null;
    }

    private string? RunTraining(CompiledNetwork network, bool hasInputGradient)
    {
        using Trainer trainer = CompiledType.CreateTrainer(network, _batches[^1], new Sgd(LearningRate));
        foreach (int batch in _batches.Where(IsTrainedByLoss))
        {
            // All passes drop the same elements.
            trainer.State.Passes = 0;
            (Numbers loss, IReadOnlyList<Numbers> gradients) = _training[batch];
            float actual = trainer.ComputeGradients(Inputs(batch), Classes(batch), Values(batch));
            string? difference = Compare.Difference(loss, [actual], $"loss of batch {batch}", ref _worst)
                ?? CompareGradients(trainer, gradients, $"batch {batch}");
            if (difference is not null)
            {
                return difference;
            }
        }

        return RunOwnLoss(trainer, hasInputGradient) ?? RunStep(trainer);
    }

    /// <summary>A loss of one's own: Σ outputGradient · output.</summary>
    private string? RunOwnLoss(Trainer trainer, bool hasInputGradient)
    {
        trainer.State.Passes = 0;
        float[] outputs = new float[_samplesOfBackward * _oracle.OutputLength];
        trainer.Forward(Inputs(_samplesOfBackward), outputs);
        if (Compare.Difference(_trainingOutputs, outputs, "output in training", ref _worst) is { } difference)
        {
            return difference;
        }

        if (_oracle.InputGradient && !hasInputGradient && Array.Exists(_inputGradient.Value, gradient => gradient != 0))
        {
            return "the outputs depend on the input, but there is no gradient of it";
        }

        // Where all ways to the outputs lead through comparisons or steps, there is no gradient to compute.
        if (!hasInputGradient)
        {
            trainer.Backward(_outputGradient);
            return CompareGradients(trainer, _backward, "Backward");
        }

        float[] inputGradient = new float[_samplesOfBackward * _oracle.InputLength];
        trainer.Backward(_outputGradient, inputGradient);
        return Compare.Difference(_inputGradient, inputGradient, "gradient of the input", ref _worst)
            ?? CompareGradients(trainer, _backward, "Backward");
    }

    private string? RunStep(Trainer trainer)
    {
        trainer.State.Passes = 0;
        if (!_oracle.HasLoss)
        {
            trainer.Update();
            return CompareParameters(trainer);
        }

        trainer.Step(Inputs(_samplesOfStep), Classes(_samplesOfStep), Values(_samplesOfStep));
        return CompareParameters(trainer);
    }

    private string? CompareParameters(Trainer trainer)
    {
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
            if (!_oracle.Parameters[k].IsTrained)
            {
                continue;
            }

            float[] gradient = new float[parameter.Length];
            trainer.CopyGradientTo(parameter, gradient);
            if (Compare.Difference(gradients[k], gradient, $"gradient of {parameter.Key}, {what}", ref _worst) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    /// <summary>One value has no variance.</summary>
    private bool IsTrained(int batch) => batch > 1 || _oracle.TrainsOneSample;

    private bool IsTrainedByLoss(int batch) => _oracle.HasLoss && IsTrained(batch);

    private ReadOnlySpan<float> Inputs(int batch) => _inputs.AsSpan(0, batch * _oracle.InputLength);

    private int[] Classes(int batch) => [.. _targets.Take(batch).SelectMany(t => t.Classes)];

    private float[] Values(int batch) => [.. _targets.Take(batch).SelectMany(t => t.Values)];
}
