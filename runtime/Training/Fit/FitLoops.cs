using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace Strata.Training;

/// <summary>Checks the arguments of calls of <c>Fit</c>, and prepares their loops.</summary>
/// <param name="trainer">The trainer.</param>
/// <param name="evaluator">Evaluates the validation samples.</param>
internal sealed class FitLoops(Trainer trainer, Evaluator evaluator)
{
    /// <summary>Checks all arguments, and prepares training on samples in memory.</summary>
    /// <param name="inputs">The samples.</param>
    /// <param name="targets">Their targets.</param>
    /// <param name="options">The options.</param>
    /// <param name="name">Name of the caller's argument with the samples, for messages.</param>
    public FitLoop Over(ReadOnlyMemory<float> inputs, TargetMemory targets, FitOptions options, string name = "inputs")
    {
        CheckLosses(options);
        int samples = trainer.Network.CountSamples(inputs.Length, name);
        if (samples == 0)
        {
            throw new ArgumentException("There are no samples.", name);
        }

        trainer.Targets.Check(targets.Targets, samples);

        return new FitLoop(
            trainer,
            (step, augmentation) =>
            {
                augmentation?.CheckRange(inputs.Span, name);
                return new MemorySource(inputs, targets, samples, step, trainer.Ranks.GlobalBatchSize, options);
            },
            options,
            ValidationOf(options));
    }

    /// <summary>Prepares training on samples that are read piece by piece.</summary>
    public FitLoop Over(IEnumerable<SampleBatch> data, FitOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Over(data.ToAsyncEnumerable(), options);
    }

    /// <summary>Prepares training on samples that are read piece by piece.</summary>
    public FitLoop Over(IAsyncEnumerable<SampleBatch> data, FitOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        CheckLosses(options);
        CheckShape((data as ISkippableSamples)?.SampleShape, nameof(data));
        return new FitLoop(
            trainer,
            (step, augmentation) => new StreamSource(
                data, trainer.Network, trainer.Targets, augmentation, step, trainer.Ranks.GlobalBatchSize, options,
                world: trainer.Ranks.World),
            options,
            ValidationOf(options));
    }

    /// <summary>Checks the arguments at once. Each enumeration of the reports trains from the beginning.</summary>
    /// <param name="create">Prepares the loop.</param>
    /// <param name="cancellationToken">Ends training between two steps.</param>
    public static IAsyncEnumerable<FitProgress> StepsOf(Func<FitLoop> create, CancellationToken cancellationToken)
    {
        create().Dispose();
        return Run(create, cancellationToken);

        static async IAsyncEnumerable<FitProgress> Run(Func<FitLoop> create, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (FitProgress now in create().StepsAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return now;
            }
        }
    }

    /// <exception cref="ArgumentException">The samples have another shape than the network's only input.</exception>
    private void CheckShape(IReadOnlyList<int>? shape, string name)
    {
        IReadOnlyList<int> wanted = trainer.Network.Info.InputShape;
        if (shape is null || trainer.Network.Info.Inputs.Count > 1 || shape.SequenceEqual(wanted))
        {
            return;
        }

        // An input without axes takes samples of any shape, if they have as many numbers.
        if (wanted.Count != 1 || CompiledNetwork.Product(shape) != wanted[0])
        {
            string advice = shape.Count == 3 && shape[0] == 3 && wanted.Count == 3 && wanted[0] == 1
                ? "; Grayscale = true in the pictures' preprocessing makes one channel of three" : "";
            throw new ArgumentException(
                $"A sample of the data has the shape {MessageText.Shape(shape)}, but the input of {trainer.Network.Info.Name} has "
                + $"{MessageText.Shape(wanted)}{advice}.", name);
        }
    }

    private void CheckLosses(FitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (trainer.Losses.Infos.Length == 0)
        {
            throw new InvalidOperationException(
                $"{trainer.Network.Info.Name} has a loss of its own, which Fit cannot compute; train it step by step.");
        }
    }

    /// <summary>Computes loss and accuracy of the validation samples; null if there are none.</summary>
    private Func<(double Loss, double? Accuracy)>? ValidationOf(FitOptions options)
    {
        if (options.ValidationInputs.Length == 0)
        {
            // Validation targets without samples are a mistake. Report it.
            return options.ValidationTargets.Length == 0 && options.ValidationValues.Length == 0 ? null : throw new ArgumentException(
                $"{nameof(FitOptions.ValidationInputs)} is empty, but there are validation targets. Give both or neither.",
                nameof(options));
        }

        var wanted = new TargetMemory(
            options.ValidationTargets, options.ValidationValues, "options.ValidationTargets", "options.ValidationValues");
        trainer.Targets.Check(wanted.Targets, trainer.Network.CountSamples(options.ValidationInputs.Length, "options.ValidationInputs"));
        evaluator.Check();
        return () =>
        {
            EvaluatedSamples evaluation = evaluator.Run(options.ValidationInputs, wanted, trainer.Ranks.World);
            return (evaluation.Loss, evaluation.Accuracy);
        };
    }
}
