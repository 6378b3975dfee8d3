using System;
using System.Collections.Generic;

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
/// <param name="trainer">The trainer of the network.</param>
/// <param name="losses">The network's losses.</param>
/// <param name="targets">Which targets the losses take.</param>
internal sealed class Evaluator(Trainer trainer, LossAccount losses, TargetRules targets)
{
    private delegate void OutputsReceiver(int firstSample, ReadOnlySpan<float> outputs);

    private CompiledNetwork Network => trainer.Network;

    /// <exception cref="InvalidOperationException">There is no loss on an output of inference.</exception>
    public void Check()
    {
        if (!Array.Exists(losses.Infos, loss => loss.OutputOffset is not null))
        {
            throw new InvalidOperationException($"No loss of {Network.Info.Name} is on an output, so that there is nothing to evaluate.");
        }
    }

    /// <summary>The losses over all samples. A summed loss is divided by the number of samples.</summary>
    /// <param name="inputs">Any number of samples.</param>
    /// <param name="wanted">Their targets. They are checked here.</param>
    /// <param name="world">The processes that share the samples. Each has all of them, and evaluates its part.</param>
    public EvaluatedSamples Run(ReadOnlyMemory<float> inputs, TargetMemory wanted, TrainingWorld world)
    {
        int samples = Network.CountSamples(inputs.Length, nameof(inputs));
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
        RunInference(inputs.Span.Slice(start * Network.InputLength, count * Network.InputLength), (first, outputs) =>
        {
            Targets part = targets.From(wanted.Targets, start + first);
            loss += trainer.LossOf(outputs, part, samples, divisors, values);
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
        for (int i = 0; i < outputs.Length / Network.OutputLength * positions; i++)
        {
            // Outputs have the order (C, H, W). From one class of a pixel to the next are H·W floats.
            (int sample, int position) = Math.DivRem(i, positions);
            int label = classes[(sample * targets.Classes) + loss.TargetOffset + position];
            if (label != loss.IgnoreIndex)
            {
                ReadOnlySpan<float> scores = outputs[((sample * Network.OutputLength) + offset + position)..];
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
        int samples = Network.CountSamples(inputs.Length, nameof(inputs));
        int lanes = Network.Isa.Lanes();

        // About a megabyte of outputs per call. The number of samples is a multiple of the lanes, so that the same samples form a block as
        // in a single call.
        int chunk = int.Clamp(262_144 / Network.OutputLength, 1, 1024);
        chunk = (chunk + lanes - 1) / lanes * lanes;
        float[] outputs = new float[int.Min(chunk, samples) * Network.OutputLength];
        for (int first = 0; first < samples; first += chunk)
        {
            int count = int.Min(chunk, samples - first);
            Span<float> part = outputs.AsSpan(0, count * Network.OutputLength);
            Network.Forward(inputs.Slice(first * Network.InputLength, count * Network.InputLength), part);
            receive(first, part);
        }
    }
}
