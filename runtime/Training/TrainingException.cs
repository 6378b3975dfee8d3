using System;

namespace Strata.Training;

/// <summary>
/// Training came upon NaN or an infinity: in a loss, in a gradient, in a running statistic of batch normalisation, or in the parameters or
/// optimizer state that an update would write. Parameters, running statistics and the optimizer's state are those before the step. The step
/// begins with the first pass whose gradients the update would use.
/// </summary>
public sealed class TrainingException : ArithmeticException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was found, and where.</param>
    /// <param name="layer">The first layer that has such numbers; null if it is not known.</param>
    /// <param name="step">Updates before this step.</param>
    internal TrainingException(string message, string? layer, long step)
        : base(message)
    {
        Layer = layer;
        Step = step;
    }

    /// <summary>
    /// Where such numbers came up first: the key of a layer, in the order of the forward pass, or from the loss on if only the backward
    /// pass has them; "input" for the samples; the loss's name if only the loss has them; null if it is not known.
    /// </summary>
    public string? Layer { get; }

    /// <summary>Updates before this step.</summary>
    public long Step { get; }
}
