using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Training;

/// <summary>The losses of a network on some samples.</summary>
/// <param name="Loss">The weighted sum of the losses on outputs.</param>
/// <param name="Losses">Each of these losses by its name.</param>
/// <param name="ConfusionMatrix">
/// The counts for the first loss on an output that takes classes; null if there is none. If processes share the samples, those of this
/// process's part.
/// </param>
/// <param name="Accuracy">The accuracy for the same loss, over all samples.</param>
internal sealed record EvaluatedSamples(
    double Loss, IReadOnlyDictionary<string, double> Losses, ConfusionMatrix? ConfusionMatrix, double? Accuracy);

/// <summary>Runs inference, without dropout, and compares the outputs with targets.</summary>
/// <param name="network">The network.</param>
/// <param name="steps">The trainer's steps.</param>
/// <param name="calls">The trainer's calls.</param>
/// <param name="losses">The network's losses.</param>
/// <param name="targets">Which targets the losses take.</param>
/// <param name="warnings">Receives a warning about the first samples.</param>
internal sealed class Evaluator(
    CompiledNetwork network, TrainerSteps steps, TrainerCalls calls, LossAccount losses, TargetRules targets, FitWarnings warnings)
{
    private bool _hasEvaluated;

    private delegate void OutputsReceiver(int firstSample, ReadOnlySpan<float> outputs);

    /// <exception cref="InvalidOperationException">There is no loss on an output of inference.</exception>
    public void Check()
    {
        if (!Array.Exists(losses.Infos, loss => loss.OutputOffset is not null))
        {
            throw new InvalidOperationException($"No loss of {network.Info.Name} is on an output, so that there is nothing to evaluate.");
        }
    }

    /// <summary>Checks the targets, and computes the losses in inference.</summary>
    public EvaluatedSamples Evaluate(ReadOnlyMemory<float> inputs, TargetMemory wanted)
    {
        EvaluatedSamples evaluation = Run(inputs, wanted, TrainingWorld.Alone);
        if (!_hasEvaluated)
        {
            _hasEvaluated = true;
            warnings.Add(TrainingWarningKind.InputRange, InputRange.FindProblem(network, inputs.Span, "The samples to evaluate"));
        }

        return evaluation;
    }

    /// <summary>Like <see cref="Evaluate"/>, for trainers whose metrics have an accuracy.</summary>
    public ClassificationMetrics EvaluateClasses(ReadOnlyMemory<float> inputs, TargetMemory wanted)
    {
        EvaluatedSamples evaluation = Evaluate(inputs, wanted);
        ConfusionMatrix matrix = evaluation.ConfusionMatrix ?? new ConfusionMatrix(losses.Infos.First(loss => loss.TakesClasses).Classes);
        return new ClassificationMetrics(evaluation.Loss, matrix) { Losses = evaluation.Losses };
    }

    /// <summary>The losses over all samples. A summed loss is divided by the number of samples.</summary>
    /// <param name="inputs">Any number of samples.</param>
    /// <param name="wanted">Their targets. They are checked here.</param>
    /// <param name="world">The processes that share the samples. Each has all of them, and evaluates its part.</param>
    public EvaluatedSamples Run(ReadOnlyMemory<float> inputs, TargetMemory wanted, TrainingWorld world)
    {
        int samples = network.CountSamples(inputs.Length, nameof(inputs));
        targets.Check(wanted.Targets, samples);
        Check();
        LossInfo? scored = losses.Scored;
        ConfusionMatrix? matrix = scored is null ? null : new ConfusionMatrix(scored.Classes);
        double[] divisors = new double[losses.Infos.Length], values = new double[losses.Infos.Length];
        losses.Divide(wanted.Targets, default, samples, divisors);
        for (int i = 0; i < divisors.Length; i++)
        {
            divisors[i] = losses.Infos[i].Reduction == Reduction.Sum ? samples : divisors[i];
        }

        double loss = 0;
        (int start, int count) = world.ShareOf(samples).GetOffsetAndLength(samples);
        RunInference(inputs.Span.Slice(start * network.InputLength, count * network.InputLength), (first, outputs) =>
        {
            Targets part = targets.From(wanted.Targets, start + first);
            loss += LossOf(outputs, part, samples, divisors, values);
            if (matrix is not null)
            {
                Score(scored!, outputs, part.Classes, matrix);
            }
        });
        double? accuracy = Sum(world, ref loss, values, matrix);
        var byName = new Dictionary<string, double>();
        for (int i = 0; i < values.Length; i++)
        {
            if (losses.Infos[i].OutputOffset is not null)
            {
                byName.Add(losses.Names[i], values[i]);
            }
        }

        return new EvaluatedSamples(loss, byName, matrix, accuracy);
    }

    /// <inheritdoc cref="TrainerSteps.LossOf"/>
    private double LossOf(ReadOnlySpan<float> outputs, Targets part, int samples, double[] divisors, double[] values)
    {
        using TrainerCalls.Holds holds = calls.EnterToRead();
        return steps.LossOf(outputs, part, samples, divisors, values);
    }

    /// <summary>Sums what the processes have found about their parts of the samples. Returns the accuracy.</summary>
    private static double? Sum(TrainingWorld world, ref double loss, Span<double> values, ConfusionMatrix? matrix)
    {
        Span<double> numbers = [loss, matrix?.Right ?? 0, matrix?.Total ?? 0, .. values];
        world.Sum(numbers);
        loss = numbers[0];
        numbers[3..].CopyTo(values);
        return matrix is null ? null : numbers[2] > 0 ? numbers[1] / numbers[2] : 0;
    }

    /// <summary>Counts the class with the largest output, for each sample or each pixel.</summary>
    private void Score(LossInfo loss, ReadOnlySpan<float> outputs, ReadOnlySpan<int> classes, ConfusionMatrix matrix)
    {
        int positions = loss.TargetLength, offset = loss.OutputOffset!.Value;
        for (int i = 0; i < outputs.Length / network.OutputLength * positions; i++)
        {
            // Outputs have the order (C, H, W). From one class of a pixel to the next are H·W floats.
            (int sample, int position) = Math.DivRem(i, positions);
            int label = classes[(sample * targets.Classes) + loss.TargetOffset + position];
            if (label != loss.IgnoreIndex)
            {
                ReadOnlySpan<float> scores = outputs[((sample * network.OutputLength) + offset + position)..];
                int best = 0;
                for (int c = 1; c < loss.Classes; c++)
                {
                    best = scores[c * positions] > scores[best * positions] ? c : best;
                }

                matrix.Add(label, best);
            }
        }
    }

    /// <summary>Runs inference over any number of samples, some at a time.</summary>
    private void RunInference(ReadOnlySpan<float> inputs, OutputsReceiver receive)
    {
        int samples = network.CountSamples(inputs.Length, nameof(inputs));
        int lanes = network.Isa.Lanes();

        // About a megabyte of outputs per call. The number of samples is a multiple of the lanes, so that the same samples form a block as
        // in a single call.
        int chunk = int.Clamp(262_144 / network.OutputLength, 1, 1024);
        chunk = (chunk + lanes - 1) / lanes * lanes;
        float[] outputs = new float[int.Min(chunk, samples) * network.OutputLength];
        for (int first = 0; first < samples; first += chunk)
        {
            int count = int.Min(chunk, samples - first);
            Span<float> part = outputs.AsSpan(0, count * network.OutputLength);
            network.Forward(inputs.Slice(first * network.InputLength, count * network.InputLength), part);
            receive(first, part);
        }
    }
}
