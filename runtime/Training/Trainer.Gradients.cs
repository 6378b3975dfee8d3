using System;

namespace Strata.Training;

/// <content>Reading and writing gradients.</content>
public partial class Trainer
{
    /// <summary>Reads the gradient of a parameter from the last step or computation of gradients; 0 before the first one.</summary>
    /// <remarks>
    /// A step does not keep the gradients of large dense weights: it uses each part while it is in the cache. The first call of this method
    /// after a step computes them again for all such layers.
    /// </remarks>
    /// <param name="parameter">A parameter of the network.</param>
    /// <param name="destination">At least as many floats as the parameter has, in PyTorch's order.</param>
    /// <exception cref="ArgumentException">The parameter belongs to another network, or the destination is too short.</exception>
    public void CopyGradientTo(Parameter parameter, Span<float> destination)
    {
        CheckOwn(parameter);
        using Holds holds = EnterToRead();
        CheckTrainable(parameter);
        parameter.Gather(_steps.AllGradients(), 0, parameter.CheckDestination(destination));
    }

    /// <summary>
    /// Replaces the gradient of a parameter before <see cref="Update"/>, which clips it and uses it as one of its own. So gradients can be
    /// changed, or summed over processes by means of your own.
    /// </summary>
    /// <remarks>
    /// <code>
    /// trainer.ComputeGradients(images, labels);
    /// trainer.CopyGradientTo(weight, gradient);
    /// // … change it …
    /// trainer.CopyGradientFrom(weight, gradient);
    /// trainer.Update();
    /// </code>
    /// If processes train together (<see cref="Distribute"/>), all of them must write the same numbers.
    /// </remarks>
    /// <param name="parameter">A parameter of the network.</param>
    /// <param name="source">Exactly as many floats as the parameter has, in PyTorch's order.</param>
    /// <exception cref="ArgumentException">
    /// The parameter belongs to another network or has no gradient, or the source has another length.
    /// </exception>
    /// <exception cref="InvalidOperationException">No gradients were computed since the last update.</exception>
    public void CopyGradientFrom(Parameter parameter, ReadOnlySpan<float> source)
    {
        CheckOwn(parameter);
        using Holds holds = Enter();
        CheckTrainable(parameter);
        if (source.Length != parameter.Length)
        {
            throw new ArgumentException(
                $"The gradient of '{parameter.Key}' has {MessageText.Count(parameter.Length, "element")}, but {source.Length} were given.",
                nameof(source));
        }

        CheckGradients();
        parameter.Scatter(source, 0, _steps.AllGradients());
    }

    private void CheckOwn(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (parameter.Network != Network)
        {
            throw new ArgumentException($"'{parameter.Key}' is a parameter of another network.", nameof(parameter));
        }
    }

    private static void CheckTrainable(Parameter parameter)
    {
        if (!parameter.IsTrainable)
        {
            throw new ArgumentException(
                $"'{parameter.Key}' has no gradient: its layer is frozen, or it is a running statistic.", nameof(parameter));
        }
    }

    private void CheckGradients()
    {
        if (_losses.Parts == 0)
        {
            throw new InvalidOperationException("There are no gradients that were not yet used; call Backward or ComputeGradients first.");
        }
    }
}
