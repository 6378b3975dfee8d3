using System.Collections.Generic;
using System.ComponentModel;

namespace Strata.Training;

/// <summary>What a trainer has to know of a network's loss. What it computes is the program's own.</summary>
/// <param name="Name">The attribute's name (<c>CrossEntropy</c>).</param>
/// <param name="Targets">What it compares the outputs with.</param>
/// <param name="Reduction">How the losses of a batch become one number.</param>
/// <param name="MeanWeights">
/// Where the mean divides by the sum of the targets' weights: the weight of each class. Null where all have the same.
/// </param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record LossInfo(
    string Name, TargetKind Targets, Reduction Reduction = Reduction.Mean, IReadOnlyList<float>? MeanWeights = null)
{
    /// <summary>Numbers of one sample's target: 1, a class for each pixel, or a value for each output.</summary>
    public int TargetLength { get; init; } = 1;

    /// <summary>Whether the targets are class indices, which stand apart from values.</summary>
    public bool TakesClasses => Targets == TargetKind.Classes;

    /// <summary>Where they begin in the target of all losses of that kind.</summary>
    public int TargetOffset { get; init; }

    /// <summary>Number of classes, where it takes classes.</summary>
    public int Classes { get; init; }

    /// <summary>A class that does not count where a target has it; null where all count.</summary>
    public int? IgnoreIndex { get; init; }

    /// <summary>The layer whose output it compares with the targets.</summary>
    public string Tensor { get; init; } = "";

    /// <summary>By which it counts in the sum of all losses.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Where this output begins in the outputs of a sample; null where inference does without it (auxiliary heads).</summary>
    public int? OutputOffset { get; init; }

    /// <summary>All of it as text, the same in every country.</summary>
    public override string ToString() => InvariantText.Of(nameof(LossInfo), PrintMembers);

    /// <summary>Whether the mean divides by the sum of the targets' weights instead of the number of samples.</summary>
    internal bool DividesByTargets => Reduction == Reduction.Mean && (MeanWeights is not null || IgnoreIndex is not null);
}

/// <summary>What a loss compares the outputs with.</summary>
public enum TargetKind
{
    /// <summary>The index of the right class of each sample.</summary>
    Classes,

    /// <summary>A finite number for each output.</summary>
    Values,

    /// <summary>A number from 0 to 1 for each output.</summary>
    Probabilities,
}
