using System;

namespace Strata.Training;

/// <content>Training at several sizes.</content>
public partial class Trainer
{
    /// <summary>
    /// The trainer of the network at another size of its inputs, with the same parameters, the same optimizer and its state: what one of
    /// them learns, all have learned. A batch has one size, and the next one may have another.
    /// </summary>
    /// <remarks>
    /// <code>
    /// using var trainer = Trainer.For(net, batchSize: 16, new Sgd(0.01) { Momentum = 0.9 });
    /// for (…)
    /// {
    ///     int size = 320 + (32 * random.Next(10));
    ///     trainer.At(size, size).Step(images, targets);
    /// }
    /// </code>
    /// <para>
    /// A step has the bits of a network that is declared with this size. <see cref="Steps"/>, <see cref="GradientNorm"/> and
    /// <see cref="OnWarning"/> are those of all sizes, and a checkpoint of any of them goes on at any other. Outputs, losses
    /// (<see cref="LossOf"/>) and gradients belong to the size that computed them; an update at another size drops gradients that were not
    /// used yet.
    /// </para>
    /// <para>
    /// The trainer that is returned belongs to this one, and ends with it. It is kept as long as the network at its size
    /// (<see cref="CompiledNetwork.At"/>). Nothing is allocated when a size comes again. If processes train together, a new size is like
    /// <see cref="Distribute"/>: all ranks ask for it at the same step.
    /// </para>
    /// </remarks>
    /// <param name="extents">The extents of the inputs without channels, as for <see cref="CompiledNetwork.At"/>.</param>
    /// <returns>The trainer at this size; this trainer itself if its network has this size.</returns>
    /// <exception cref="ArgumentException">
    /// There are too many or too few extents, one is less than 1, or the size is none of those that the network takes. Or a batch of
    /// <see cref="BatchSize"/> samples of this size is so large that a span cannot hold it.
    /// </exception>
    /// <exception cref="NotSupportedException">The network has one size only.</exception>
    /// <exception cref="ObjectDisposedException">The trainer or its network was disposed of.</exception>
    public virtual Trainer At(params ReadOnlySpan<int> extents) => _sizes.At(extents);

    /// <summary>Frees the memory, also that of the other sizes. No call uses it.</summary>
    private void Free()
    {
        foreach (Trainer trainer in _sizes.Others)
        {
            trainer._steps.Dispose();
        }

        _steps.Dispose();
    }
}
