using System;

namespace Strata.Training;

/// <summary>
/// Training came upon a number that is not finite: NaN or an infinity, in a loss, a gradient or a running statistic of batch
/// normalisation, or in what an update would make of a parameter or of a value that the optimizer remembers. Parameters, running statistics
/// and what the optimizer remembers are those before the step; a step begins with the first pass whose gradients
/// the update would have used.
/// </summary>
public sealed class TrainingException : ArithmeticException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was found, and where.</param>
    /// <param name="layer">The first layer that has such numbers, or null where that cannot be told.</param>
    /// <param name="step">Updates done before.</param>
    internal TrainingException(string message, string? layer, long step)
        : base(message)
    {
        Layer = layer;
        Step = step;
    }

    /// <summary>
    /// The key of the first layer that has such numbers, forward, or where they appeared in backward, from the loss on; "input" for the
    /// samples themselves; the loss's name where only it has them; null where it cannot be told.
    /// </summary>
    public string? Layer { get; }

    /// <summary>Updates done before.</summary>
    public long Step { get; }
}
