using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

/// <summary>Losses that do not suit their input or one another.</summary>
internal static class LossProblems
{
    public static readonly Rule TargetsDifferRule = new(
        "STRATA018", "Losses with one target need different amounts of it",
        "{0} needs {1} for its input {2}, but {3} with the same target needs {4} for its input "
        + "{5}. Give one of them a Target of its own.",
        Category.Declaration, Severity.Error);

    /// <param name="length">How many numbers of the target the loss needs.</param>
    /// <param name="other">The label of the loss that came first.</param>
    public static Problem TargetsDiffer(Subject loss, int length, Shape input, string other, int otherLength, Shape otherInput) =>
        Problem.Create(TargetsDifferRule, loss, Arithmetic.Count(length, "number"), input, other, otherLength, otherInput);

    public static readonly Rule WrongInputRule = new(
        "STRATA050", "Loss does not suit its input",
        "{0} needs {1}; input is {2}. {3}.",
        Category.Losses, Severity.Error);

    public static Problem WrongInput(Subject loss, string needed, Shape input, string advice) =>
        Problem.Create(WrongInputRule, loss, needed, input, advice);

    public static readonly Rule BehindActivationRule = new(
        "STRATA051", "Activation does not suit the loss behind it",
        "{0} stands behind {1}, but takes logits or the output of a {2}. {3}.",
        Category.Losses, Severity.Warning);

    /// <param name="layer">The label of the layer that the loss stands behind.</param>
    /// <param name="partner">What messages call the only activation that is allowed.</param>
    public static Problem BehindActivation(Subject loss, string layer, string partner, string advice, params Fix[] fixes) =>
        Problem.Create(BehindActivationRule, loss, layer, partner, advice).FixedBy(fixes);

    public static readonly Rule RepeatedRule = new(
        "STRATA056", "Loss repeats another one",
        "{0} compares {1} with the same target as the same loss before it: together they count as one of Weight = {2}. Remove "
        + "it, or give the other one that weight.",
        Category.Losses, Severity.Warning);

    /// <param name="tensor">What both compare: <c>the input</c>.</param>
    public static Problem Repeated(Subject loss, string tensor, double weight) =>
        Problem.Create(RepeatedRule, loss, tensor, weight).FixedBy(new Fix(FixKind.RemoveAttribute));

    public static readonly Rule NeedlessExternalRule = new(
        "STRATA057", "External loss stands beside a loss",
        "{0} changes nothing beside [{1}]: the trainer of a network with a loss serves others, too. Remove one of the two.",
        Category.Losses, Severity.Warning);

    /// <param name="loss">The kind of the other loss.</param>
    public static Problem NeedlessExternal(Subject external, string loss) => Problem.Create(NeedlessExternalRule, external, loss);
}
