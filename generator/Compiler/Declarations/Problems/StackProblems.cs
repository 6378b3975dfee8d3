using Strata.Compiler.Diagnostics;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>Stacks whose inputs, layers, outputs and losses do not make a network.</summary>
internal static class StackProblems
{
    public static readonly Rule NoInputRule = new(
        "STRATA010", "Network has no input",
        "Network '{0}' has no input. Add [Input(features)], [Input(channels, length)], [Input(channels, height, width)] or "
        + "[Input(channels, depth, height, width)] before its first layer.",
        Category.Declaration, Severity.Error);

    public static Problem NoInput(string network) => Problem.Create(NoInputRule, Site.Class, network);

    public static readonly Rule UnnamedEndRule = new(
        "STRATA011", "Input or output has no name of its own",
        "Network '{0}' has another {1} of this name or without one. Give it a name of its own, {2}, or remove it.",
        Category.Declaration, Severity.Error);

    /// <param name="free">A name that no input has.</param>
    public static Problem UnnamedInput(Site site, string network, string free) =>
        Problem.Create(UnnamedEndRule, site, network, "input", $"Name = \"{free}\"").FixedBy(Fix.Set("Name", $"\"{free}\""));

    /// <param name="free">A name that no output has.</param>
    public static Problem UnnamedOutput(Site site, string network, string free) =>
        Problem.Create(UnnamedEndRule, site, network, "output", "[Output(\"name\")]").FixedBy(Fix.Set("name", $"\"{free}\""));

    public static readonly Rule InputNotFirstRule = new(
        "STRATA012", "Layer stands before the input",
        "{0} stands before the input. The stack reads from top to bottom: move [Input] above the first layer.",
        Category.Declaration, Severity.Error);

    /// <param name="canMove">Whether an edit can move the input.</param>
    public static Problem InputNotFirst(Subject layer, bool canMove) =>
        Problem.Create(InputNotFirstRule, layer).FixedBy(canMove ? [new Fix(FixKind.MoveUp, ChannelOrder.Kind)] : []);

    public static readonly Rule NoLayersRule = new(
        "STRATA013", "Network has no layers",
        "Network '{0}' has no layers. Add at least one, such as [Dense(10)].",
        Category.Declaration, Severity.Error);

    public static Problem NoLayers(string network) => Problem.Create(NoLayersRule, Site.Class, network);

    public static readonly Rule LayerAfterLossRule = new(
        "STRATA014", "Layer stands behind the loss",
        "{0} stands behind the loss [{1}]. Move the loss to the end, or say by From which tensor comes next.",
        Category.Declaration, Severity.Error);

    /// <param name="loss">The kind of the loss.</param>
    /// <param name="canMove">Whether an edit can move it.</param>
    public static Problem LayerAfterLoss(Subject layer, string loss, bool canMove) =>
        Problem.Create(LayerAfterLossRule, layer, loss).FixedBy(canMove ? [new Fix(FixKind.MoveToEnd, loss)] : []);

    public static readonly Rule UnusedTensorRule = new(
        "STRATA019", "Layer is read by nothing",
        "{0} is read by no layer, output or loss{1}. Read it by From, join it, make it an [Output], or remove it.",
        Category.Declaration, Severity.Error);

    /// <param name="dead">How many layers lead to it and to nothing else, itself included.</param>
    public static Problem UnusedTensor(Subject layer, int dead) => Problem.Create(
        UnusedTensorRule, layer, dead == 1 ? "" : $", so that the {Arithmetic.Number(dead)} layers that lead to it are dead");
}
