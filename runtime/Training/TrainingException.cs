using System;

namespace Strata.Training;

/// <summary>
/// Training found NaN or an infinity: in a loss, a gradient, a running statistic of batch normalisation, or a number that an update would
/// write. Parameters, running statistics and the optimizer's state are those before the step. The step begins with the first pass whose
/// gradients the update would use.
/// </summary>
public sealed class TrainingException : ArithmeticException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was found, and where.</param>
    /// <param name="layer">The first layer with an infinity or NaN; null if it is not known.</param>
    /// <param name="step">Updates before this step.</param>
    internal TrainingException(string message, string? layer, long step)
        : base(message)
    {
        Layer = layer;
        Step = step;
    }

    /// <summary>Where an infinity or NaN was found first; null if it is not known.</summary>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Found in</term><description>Value</description></listheader>
    /// <item><term>the samples</term><description>"input"</description></item>
    /// <item><term>the forward pass</term><description>the key of the first layer in forward order</description></item>
    /// <item><term>only the loss</term><description>the loss's name</description></item>
    /// <item><term>only the backward pass</term><description>the key of the first layer in backward order</description></item>
    /// </list>
    /// </remarks>
    public string? Layer { get; }

    /// <summary>Updates before this step.</summary>
    public long Step { get; }

    /// <summary>Whether the cause was found among the samples of this process, or in what it computed from them.</summary>
    internal bool IsOfSamples { get; init; }
}
