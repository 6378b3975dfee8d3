using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Declarations;

/// <summary>Layers that work against each other.</summary>
internal static class LayerProblems
{
    public static readonly Rule BiasBeforeBatchNormRule = new(
        "STRATA052", "Bias before batch norm has no effect",
        "{0} adds a bias that {1} right behind it takes away again with the mean. Set Bias = false.",
        Category.Layers, Severity.Warning);

    public static Problem BiasBeforeBatchNorm(Subject layer, string batchNorm) =>
        Problem.Create(BiasBeforeBatchNormRule, layer, batchNorm).FixedBy(Fix.Set("Bias", "false"));

    public static readonly Rule DropoutBeforeBatchNormRule = new(
        "STRATA053", "Dropout stands before batch norm",
        "{0} stands before {1}, whose running variance is then that of training with dropout, which is larger than "
        + "without. Put it behind the last batch norm.",
        Category.Layers, Severity.Warning);

    public static Problem DropoutBeforeBatchNorm(Subject dropout, string batchNorm) =>
        Problem.Create(DropoutBeforeBatchNormRule, dropout, batchNorm).FixedBy(new Fix(FixKind.MoveBehindLast, "BatchNorm"));

    public static readonly Rule SoftmaxInsideRule = new(
        "STRATA054", "Softmax does not stand before its loss",
        "{0} is followed by {1}, not by [CrossEntropy], with which it is one stable function. Remove it, or use that loss.",
        Category.Layers, Severity.Warning);

    /// <param name="next">What follows: a layer's label, or a loss.</param>
    /// <param name="canRemove">Whether an edit can remove the softmax.</param>
    public static Problem SoftmaxInside(Subject softmax, string next, bool canRemove) =>
        Problem.Create(SoftmaxInsideRule, softmax, next).FixedBy(Removal(canRemove));

    public static readonly Rule TwoActivationsRule = new(
        "STRATA055", "Activation stands behind another activation",
        "{0} stands right behind another activation, {1}. Remove one of the two.",
        Category.Layers, Severity.Warning);

    /// <param name="first">The label of the other one.</param>
    /// <param name="canRemove">Whether an edit can remove the second one.</param>
    public static Problem TwoActivations(Subject second, string first, bool canRemove) =>
        Problem.Create(TwoActivationsRule, second, first).FixedBy(Removal(canRemove));

    private static Fix[] Removal(bool canRemove) => canRemove ? [new Fix(FixKind.RemoveAttribute)] : [];

    /// <summary>What is no mistake, but is worth seeing.</summary>
    public static readonly Rule ShapeRule = new(
        "STRATA100", "Shape of a layer",
        "{0}: {1} → {2}.",
        Category.Layers, Severity.Info);

    /// <param name="layer">A layer, or a block of layers.</param>
    /// <param name="inputs">The shapes that it reads.</param>
    /// <param name="output">The shape of its output, and what it costs.</param>
    public static Problem Shape(Subject layer, string inputs, string output) => Problem.Create(ShapeRule, layer, inputs, output);
}
