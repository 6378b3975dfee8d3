using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Graph;

/// <summary>How the losses of a batch become one number. The order of values is that of the runtime's enum.</summary>
internal enum Reduction
{
    Mean,
    Sum,
}

/// <summary>What a loss compares the outputs with. The order of values is that of the runtime's enum.</summary>
internal enum TargetKind
{
    /// <summary>The index of the right class of each sample.</summary>
    Classes,

    /// <summary>A number for each output.</summary>
    Values,

    /// <summary>A number from 0 to 1 for each output.</summary>
    Probabilities,
}

/// <summary>A loss on an output. It is not a node of the graph, since no layer reads its result.</summary>
/// <param name="Name">The attribute's name.</param>
internal abstract record Loss(string Name, Reduction Reduction)
{
    public abstract TargetKind Targets { get; }

    /// <summary>Whether the targets are class indices. Callers pass these separately from values.</summary>
    public bool TakesClasses => Targets == TargetKind.Classes;

    /// <summary>How many numbers the target of one sample has: a class for each pixel, or a value for each output.</summary>
    public int TargetLength(Shape input) => TakesClasses ? input.Length / (input.Rank == 1 ? input.Length : input.Channels) : input.Length;

    /// <summary>
    /// The weight of each class in the mean. The mean divides by the sum of the weights of the batch's targets. Empty if every target
    /// counts as 1.
    /// </summary>
    public virtual EquatableArray<double> MeanWeights => EquatableArray<double>.Empty;

    /// <summary>The target that is ignored; null if there is none.</summary>
    public virtual int? IgnoreIndex => null;

    /// <summary>
    /// Gets the input of the fused layer back from its output, <see cref="Activation.X"/>: the logit from a probability, for example. It is
    /// used if only outputs are available, and is clamped where the input would be infinite.
    /// </summary>
    public virtual Expression Unfused => Activation.X;

    /// <summary>Whether training computes the loss and the layer as one numerically stable function of the layer's input.</summary>
    public virtual bool IsFusedWith(Operation layer) => false;
}

/// <summary>
/// A loss that compares each output with its own target. Lowering and the kernels know only its formula. The mean is taken over all values
/// of all samples.
/// </summary>
/// <param name="Value">
/// The loss of an output <see cref="Y"/> with the target <see cref="T"/>. The formula reads these two, or their difference <see cref="D"/>.
/// </param>
/// <param name="Gradient">The derivative with respect to the output.</param>
internal sealed record ElementLoss(string Name, Expression Value, Expression Gradient, Reduction Reduction) : Loss(Name, Reduction)
{
    /// <summary>The output.</summary>
    public static readonly Variable Y = new("y");

    /// <summary>The target.</summary>
    public static readonly Variable T = new("t");

    /// <summary>The difference of output and target, y − t.</summary>
    public static readonly Variable D = new("d");

    /// <summary>Makes a loss and finds its derivative by differentiation.</summary>
    public ElementLoss(string name, Expression value, Reduction reduction)
        : this(name, value, Derive(value), reduction)
    {
    }

    /// <summary>The kind of its targets.</summary>
    public TargetKind Kind { get; init; } = TargetKind.Values;

    /// <summary>The activation that the loss is fused with; null if none.</summary>
    public Activation? Activation { get; init; }

    /// <summary>The activation's <see cref="Loss.Unfused"/>.</summary>
    public Expression Inverse { get; init; } = Activation.X;

    public override TargetKind Targets => Kind;

    public override Expression Unfused => Inverse;

    public override bool IsFusedWith(Operation layer) => layer.Equals(Activation);

    /// <summary>The derivative with respect to the output, found by differentiation.</summary>
    public static Expression Derive(Expression value) =>
        Simplification.Sum(Differentiation.Gradient(value, D, 1), Differentiation.Gradient(value, Y, 1));
}

/// <summary>−Σ q[c] ln softmax(x)[c] for each pixel. q is the target's class after label smoothing and weighting, as in PyTorch.</summary>
/// <param name="LabelSmoothing">The share ε of the target that is spread over all classes: q = (1 − ε) onehot + ε/C.</param>
/// <param name="ClassWeights">The factor of each class's term; empty if all are 1.</param>
/// <param name="Ignored">Pixels with this target are ignored.</param>
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

/// <summary>Σ max(0, margin + x[c] − x[t])/C over all classes c other than the target t, times the weight of t.</summary>
/// <param name="ClassWeights">The weight of each class; empty if all are 1.</param>
internal sealed record HingeLoss(Reduction Reduction, double Margin, EquatableArray<double> ClassWeights) : Loss("Hinge", Reduction)
{
    public override TargetKind Targets => TargetKind.Classes;
}
