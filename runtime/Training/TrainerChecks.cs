using System;
using System.Linq;

namespace Strata.Training;

/// <summary>Checks the arguments of a trainer's calls.</summary>
/// <param name="network">The network.</param>
/// <param name="batchSize">Most samples of a step.</param>
/// <param name="steps">The trainer's steps.</param>
/// <param name="losses">The network's losses.</param>
internal sealed class TrainerChecks(CompiledNetwork network, int batchSize, TrainerSteps steps, LossAccount losses)
{
    /// <summary>Checks the arguments of a trainer's constructor.</summary>
    /// <param name="trainer">The name of the trainer's class.</param>
    /// <param name="network">The network.</param>
    /// <param name="batchSize">Most samples of a step.</param>
    /// <param name="optimizer">The optimizer.</param>
    public static void CheckNew(string trainer, CompiledNetwork network, int batchSize, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (TrainerFor(network.Info) != trainer)
        {
            throw new ArgumentException(
                $"A {trainer} does not train {network.Info.Name}, whose losses are "
                + $"{(network.Info.Losses.Count == 0 ? "none" : string.Join(", ", network.Info.Losses.Select(loss => loss.Name)))}.",
                nameof(network));
        }

        network.CheckWeightsAreFloats();
        int longest = int.Max(int.Max(network.InputLength, network.OutputLength),
            int.Max(int.Max(network.Info.ClassTargetLength, network.Info.ValueTargetLength), network.Info.Losses.Count));
        if (batchSize > int.MaxValue / longest)
        {
            throw new ArgumentOutOfRangeException(
                nameof(batchSize), batchSize,
                $"A batch of {network.Info.Name} has at most {MessageText.Count(int.MaxValue / longest, "sample")}, since each has "
                + $"{MessageText.Count(longest, "number")} and a span holds {int.MaxValue}.");
        }
    }

    /// <summary>The name of the trainer that suits a network's losses; null if it has none.</summary>
    public static string? TrainerFor(NetworkInfo network) =>
        TrainerName.For(network.ClassTargetLength > 0, network.ValueTargetLength > 0, network.HasExternalLoss);

    /// <summary>The number of a step's samples.</summary>
    public int CountSamples(ReadOnlySpan<float> inputs)
    {
        int samples = network.CountSamples(inputs.Length, nameof(inputs));
        return samples >= (steps.World.Size > 1 ? 0 : 1) && samples <= batchSize ? samples : throw new ArgumentException(
            $"A step takes {(batchSize == 1 ? "" : "1 to ")}{MessageText.Count(batchSize, "sample")}, not {samples}.", nameof(inputs));
    }

    /// <summary>Checks a backward pass. Call it inside of the call, since another one may run a forward pass.</summary>
    public void CheckBackward(ReadOnlySpan<float> outputGradient)
    {
        if (steps.ForwardSamples is not { } samples)
        {
            throw new InvalidOperationException("Backward needs a Forward of this trainer before it, one for each call.");
        }

        if (outputGradient.Length != (long)samples * network.OutputLength)
        {
            throw new ArgumentException(
                $"The outputs of Forward had {MessageText.Count((long)samples * network.OutputLength, "float")}; "
                + $"their gradient has {outputGradient.Length}.",
                nameof(outputGradient));
        }
    }

    /// <summary>The same for a backward pass to the inputs.</summary>
    public void CheckBackward(ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> inputGradient)
    {
        if (!network.Program.HasInputGradient)
        {
            throw new InvalidOperationException(
                $"{network.Info.Name} computes no gradient of its input. Declare it with [Network(InputGradient = true)]; "
                + "if it is, its outputs have no derivative with respect to the input.");
        }

        CheckBackward(outputGradient);
        if (inputGradient.Length != steps.ForwardSamples!.Value * (long)network.InputLength)
        {
            throw new ArgumentException(
                $"The inputs of Forward had {MessageText.Count(steps.ForwardSamples.Value * (long)network.InputLength, "float")}; "
                + $"their gradient has room for {inputGradient.Length}.",
                nameof(inputGradient));
        }

        if (inputGradient.Overlaps(outputGradient))
        {
            throw new ArgumentException("The gradient of the inputs overlaps that of the outputs.", nameof(inputGradient));
        }
    }

    /// <exception cref="InvalidOperationException">No gradients were computed since the last update.</exception>
    public void CheckGradients()
    {
        if (losses.Parts == 0)
        {
            throw new InvalidOperationException("There are no gradients that were not yet used; call Backward or ComputeGradients first.");
        }
    }

    /// <exception cref="ArgumentException">The parameter belongs to another network.</exception>
    public void CheckOwn(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (parameter.Network != network)
        {
            throw new ArgumentException($"'{parameter.Key}' is a parameter of another network.", nameof(parameter));
        }
    }

    /// <exception cref="ArgumentException">The parameter has no gradient.</exception>
    public static void CheckTrainable(Parameter parameter)
    {
        if (!parameter.IsTrainable)
        {
            throw new ArgumentException(
                $"'{parameter.Key}' has no gradient: its layer is frozen, or it is a running statistic.", nameof(parameter));
        }
    }
}
