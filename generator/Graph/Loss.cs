using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Graph;

/// <summary>How the losses of a batch become one number. The order is that of the runtime's enum.</summary>
internal enum Reduction
{
    Mean,
    Sum,
}

/// <summary>What a loss compares the outputs with. The order is that of the runtime's enum.</summary>
internal enum TargetKind
{
    /// <summary>The index of the right class of each sample.</summary>
    Classes,

    /// <summary>A number for each output.</summary>
    Values,

    /// <summary>A number from 0 to 1 for each output.</summary>
    Probabilities,
}

/// <summary>The loss on an output. It is no node of the graph, since no layer reads its shape.</summary>
/// <param name="Name">The attribute's name.</param>
internal abstract record Loss(string Name, Reduction Reduction)
{
    public abstract TargetKind Targets { get; }

    /// <summary>Whether the targets are class indices, which are passed apart from values.</summary>
    public bool TakesClasses => Targets == TargetKind.Classes;

    /// <summary>Numbers of one sample's target: a class for each pixel, or a value for each output.</summary>
    public int TargetLength(Shape input) => TakesClasses ? input.Length / (input.Rank == 1 ? input.Length : input.Channels) : input.Length;

    /// <summary>
    /// Weight of each class: the mean divides by the sum of the weights of the batch's targets. Empty where every target counts
    /// as 1.
    /// </summary>
    public virtual EquatableArray<double> MeanWeights => EquatableArray<double>.Empty;

    /// <summary>A target that is ignored; null where there is none.</summary>
    public virtual int? IgnoreIndex => null;

    /// <summary>
    /// The input of the fused layer that would give the output <see cref="Activation.X"/>, for where only outputs are at hand; bounded
    /// where that input may be infinite.
    /// </summary>
    public virtual Expression Unfused => Activation.X;

    /// <summary>Whether loss and layer are one stable function in training, which takes the layer's input.</summary>
    public virtual bool IsFusedWith(Operation layer) => false;
}

/// <summary>
/// A loss that compares each output by itself with its target: its formula is all that lowering and the kernels know of it. The mean is
/// taken over all values of all samples.
/// </summary>
/// <param name="Value">The loss of an output <see cref="Y"/> with the target <see cref="T"/>, in terms of these or of
/// <see cref="D"/>.</param>
/// <param name="Gradient">Its derivative by the output.</param>
internal sealed record ElementLoss(string Name, Expression Value, Expression Gradient, Reduction Reduction) : Loss(Name, Reduction)
{
    /// <summary>The output.</summary>
    public static readonly Variable Y = new("y");

    /// <summary>The target.</summary>
    public static readonly Variable T = new("t");

    /// <summary>The difference of output and target, y − t.</summary>
    public static readonly Variable D = new("d");

    /// <summary>A loss whose derivative is found by differentiation.</summary>
    public ElementLoss(string name, Expression value, Reduction reduction)
        : this(name, value, Derive(value), reduction)
    {
    }

    /// <summary>The kind of its targets.</summary>
    public TargetKind Kind { get; init; } = TargetKind.Values;

    /// <summary>The activation that it is fused with; null for none.</summary>
    public Activation? Activation { get; init; }

    /// <summary>The activation's <see cref="Loss.Unfused"/>.</summary>
    public Expression Inverse { get; init; } = Activation.X;

    public override TargetKind Targets => Kind;

    public override Expression Unfused => Inverse;

    public override bool IsFusedWith(Operation layer) => layer.Equals(Activation);

    /// <summary>The derivative by the output, found by differentiation.</summary>
    public static Expression Derive(Expression value) =>
        Simplification.Sum(Differentiation.Gradient(value, D, 1), Differentiation.Gradient(value, Y, 1));
}

/// <summary>−Σ q[c] ln softmax(x)[c] for each pixel, with q the target's class after smoothing and weighting, as in PyTorch.</summary>
/// <param name="LabelSmoothing">The part ε of the target that all classes share: q = (1 − ε) onehot + ε/C.</param>
/// <param name="ClassWeights">Factors of the classes' terms; empty for 1.</param>
/// <param name="Ignored">Target of pixels that are ignored.</param>
internal sealed record CrossEntropyLoss(Reduction Reduction, double LabelSmoothing, EquatableArray<double> ClassWeights, int Ignored = -100)
    : Loss("CrossEntropy", Reduction)
{
    public override int? IgnoreIndex => Ignored;

    public override TargetKind Targets => TargetKind.Classes;

    public override EquatableArray<double> MeanWeights =>
        Reduction == Reduction.Mean ? ClassWeights : EquatableArray<double>.Empty;

    public override Expression Unfused => Functions.Log(Functions.Max(Activation.X, float.Epsilon));

    public override bool IsFusedWith(Operation layer) => layer.GivesProbabilities;
}

/// <summary>Σ max(0, margin + x[c] − x[t])/C over the classes c other than t, times the weight of t.</summary>
/// <param name="ClassWeights">Empty for 1.</param>
internal sealed record HingeLoss(Reduction Reduction, double Margin, EquatableArray<double> ClassWeights) : Loss("Hinge", Reduction)
{
    public override TargetKind Targets => TargetKind.Classes;
}
