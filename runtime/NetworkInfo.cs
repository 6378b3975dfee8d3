using System;
using System.Collections.Generic;
using System.ComponentModel;

namespace Strata;

/// <summary>What was compiled: a network's shapes, layers, parameters and losses, the same for every tier and instance.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="InputShape">Extents of one input sample: (F), (C, L) or (C, H, W).</param>
/// <param name="OutputShape">Extents of one output sample.</param>
/// <param name="Layers">The layers, in order.</param>
/// <param name="Parameters">The parameters, in the order of their layers.</param>
/// <param name="Losses">The losses; none where the network cannot be trained, or only by a loss of the caller's.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record NetworkInfo(
    string Name,
    IReadOnlyList<int> InputShape,
    IReadOnlyList<int> OutputShape,
    IReadOnlyList<LayerInfo> Layers,
    IReadOnlyList<ParameterInfo> Parameters,
    IReadOnlyList<LossInfo> Losses)
{
    /// <summary>That of a class, without an instance: no weights are made.</summary>
    /// <typeparam name="TNetwork">The <c>[Network]</c> class.</typeparam>
    public static NetworkInfo Of<TNetwork>() where TNetwork : CompiledNetwork, INetwork<TNetwork> => TNetwork.Info;

    /// <summary>The first loss, or null.</summary>
    public LossInfo? Loss => Losses.Count == 0 ? null : Losses[0];

    /// <summary>Whether it is declared with <c>[ExternalLoss]</c>: it can be trained without a loss of its own.</summary>
    public bool HasExternalLoss { get; init; }

    /// <summary>Class indices of one sample, for all losses together.</summary>
    public int ClassTargetLength => TargetLength(takesClasses: true);

    /// <summary>Wanted values of one sample, for all losses together.</summary>
    public int ValueTargetLength => TargetLength(takesClasses: false);

    private int TargetLength(bool takesClasses)
    {
        int length = 0;
        foreach (LossInfo loss in Losses)
        {
            length = loss.TakesClasses == takesClasses ? int.Max(length, loss.TargetOffset + loss.TargetLength) : length;
        }

        return length;
    }
}

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

/// <summary>One row of the summary.</summary>
/// <param name="Name">The layer's key (<c>conv1</c>).</param>
/// <param name="Kind">The attribute's name (<c>Conv2D</c>).</param>
/// <param name="OutputShape">Extents of its output for one sample.</param>
/// <param name="Formula">The shape's arithmetic, or empty.</param>
/// <param name="ParameterCount">Number of trainable parameters.</param>
/// <param name="MultiplyAdds">Multiply-accumulates of one sample, counted for the direct form.</param>
/// <param name="ReceptiveField">
/// Rows and columns of the network's input (steps of a sequence; planes, rows and columns of a volume) on which an element of the
/// output depends at most; null where the input is flat.
/// </param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record LayerInfo(
    string Name, string Kind, IReadOnlyList<int> OutputShape, string Formula, int ParameterCount, long MultiplyAdds,
    IReadOnlyList<int>? ReceptiveField = null)
{
    /// <summary>Whether inference does without it: an auxiliary head.</summary>
    public bool TrainingOnly { get; init; }
}

/// <summary>One parameter: its name and shape as PyTorch has them, and how it is drawn.</summary>
/// <param name="Key">The state_dict key (<c>conv1.weight</c>).</param>
/// <param name="Shape">PyTorch's extents: (O, I/groups, kH, kW), (O, I) or (O).</param>
/// <param name="Initializer">Distribution of fresh values.</param>
/// <param name="FanIn">Inputs of one output.</param>
/// <param name="FanOut">Outputs of one input.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ParameterInfo(string Key, IReadOnlyList<int> Shape, Initializer Initializer, int FanIn, int FanOut)
{
    /// <summary>What it is for; weight, or bias where the key says so, unless the generator says otherwise.</summary>
    public ParameterRole Role { get; init; } = Key.EndsWith(".bias", StringComparison.Ordinal) ? ParameterRole.Bias : ParameterRole.Weight;

    /// <summary>Whether its layer is frozen: there is no gradient of it.</summary>
    public bool Frozen { get; init; }

    /// <summary>By which fresh values are multiplied.</summary>
    public float Gain { get; init; } = 1;
}

/// <summary>What a parameter is for.</summary>
public enum ParameterRole
{
    /// <summary>Weights of a convolution or a dense layer.</summary>
    Weight,

    /// <summary>Their bias.</summary>
    Bias,

    /// <summary>The scale of a normalisation, or the slope of an activation.</summary>
    NormWeight,

    /// <summary>The shift of a normalisation.</summary>
    NormBias,

    /// <summary>A value that training updates without a gradient: running statistics.</summary>
    Buffer,
}
