using System.Collections.Generic;
using System.ComponentModel;

namespace Strata.Training;

/// <summary>What a trainer must know of a network's loss. The loss itself is computed by generated code.</summary>
/// <param name="Name">The attribute's name (<c>CrossEntropy</c>).</param>
/// <param name="Targets">What the loss compares the outputs with.</param>
/// <param name="Reduction">How the losses of a batch become one number.</param>
/// <param name="MeanWeights">
/// The weight of each class, where the mean divides by the sum of the targets' weights. Null where all classes weigh the same.
/// </param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record LossInfo(
    string Name, TargetKind Targets, Reduction Reduction = Reduction.Mean, IReadOnlyList<float>? MeanWeights = null)
{
    /// <summary>Numbers of one sample's target: 1, a class for each pixel, or a value for each output.</summary>
    public int TargetLength { get; init; } = 1;

    /// <summary>Whether the targets are class indices. They are passed apart from targets that are values.</summary>
    public bool TakesClasses => Targets == TargetKind.Classes;

    /// <summary>Where this loss's targets begin among those of all losses of the same kind, classes or values, of one sample.</summary>
    public int TargetOffset { get; init; }

    /// <summary>Number of classes, if the targets are classes.</summary>
    public int Classes { get; init; }

    /// <summary>The class whose targets are ignored (<c>IgnoreIndex</c> of the loss); null where none is.</summary>
    public int? IgnoreIndex { get; init; }

    /// <summary>The layer whose output the loss compares with the targets.</summary>
    public string Tensor { get; init; } = "";

    /// <summary>The loss's weight in the sum of all losses.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>
    /// Where the loss's output begins in a sample's outputs; null for an auxiliary head, which inference does not compute.
    /// </summary>
    public int? OutputOffset { get; init; }

    /// <summary>
    /// The values of its arguments that are no properties here, in the order of the attribute: <c>LabelSmoothing</c>. Arguments that are
    /// left out have their defaults, but there are no <c>ClassWeights</c> then.
    /// </summary>
    public IReadOnlyList<ArgumentInfo> Values { get; init; } = [];

    /// <summary>
    /// The formula of a loss that a project declares (<see cref="ElementwiseLossAttribute"/>); empty for Strata's own losses. The output is
    /// <c>y</c>, and its target is <c>t</c>. It is written as that of a layer (<see cref="LayerInfo.Function"/>).
    /// </summary>
    public string Function { get; init; } = "";

    /// <summary>All properties as text, the same in every culture.</summary>
    public override string ToString() => InvariantText.Format(nameof(LossInfo), PrintMembers);

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
