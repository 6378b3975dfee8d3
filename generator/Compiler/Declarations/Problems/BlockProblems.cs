using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Declarations;

/// <summary>Uses of blocks and of a project's operators: their arguments, their layers, what they cannot be.</summary>
internal static class BlockProblems
{
    public static readonly Rule WithoutValueRule = new(
        "STRATA024", "Argument of a block has no value",
        "{0}: {1} has no value here: {2}",
        Category.Declaration, Severity.Error);

    public static readonly Rule UnreadableRule = new(
        "STRATA029", "Argument of a block cannot be computed",
        "{0}: {1} cannot be computed for this use of the block: {2}. Compute it with C#'s operators and casts from "
        + "numbers, bools, chars, strings and enums.",
        Category.Declaration, Severity.Error);

    /// <param name="what">What has no value: an argument, or something else that the message names.</param>
    public static Problem WithoutValue(Subject use, string what, ConstantException reason) =>
        Problem.Create(RuleOf(reason), use, what, reason.Message);

    /// <summary>The key of <see cref="WithoutValue"/>, for what follows from it before it is reported.</summary>
    public static ProblemKey WithoutValueKey(Site site, ConstantException reason) => new(RuleOf(reason), site);

    private static Rule RuleOf(ConstantException reason) => reason is UnreadableException ? UnreadableRule : WithoutValueRule;

    public static readonly Rule ParameterWithoutConstantRule = new(
        "STRATA025", "Parameter of a block has no constant",
        "{0}: its class has no constant '{2}' that its parameter '{1}' could replace. Add it, as in 'private const "
        + "{3} {2} = {4};', or remove the parameter.",
        Category.Declaration, Severity.Error);

    /// <param name="constant">The constant's name.</param>
    /// <param name="type">Its type in C#.</param>
    /// <param name="value">An example of its value.</param>
    public static Problem ParameterWithoutConstant(Subject use, string parameter, string constant, string type, string value) =>
        Problem.Create(ParameterWithoutConstantRule, use, parameter, constant, type, value);

    public static readonly Rule CompiledRule = new(
        "STRATA026", "Block from another assembly takes no arguments",
        "{0} comes from another assembly, where its constants have become numbers, so that '{1}' cannot replace one. Leave it out, or "
        + "build that assembly with Strata's generator of this version.",
        Category.Declaration, Severity.Error);

    public static Problem Compiled(Subject use, string argument) =>
        Problem.Create(CompiledRule, use, argument).FixedBy(new Fix(FixKind.RemoveArgument));

    public static readonly Rule InsideItselfRule = new(
        "STRATA027", "Block contains itself",
        "{0} would never end, since it contains itself: {1}. {2}.",
        Category.Declaration, Severity.Error);

    /// <param name="way">The blocks from the first use to the second: <c>'A' → 'B' → 'A'</c>.</param>
    public static Problem InsideItself(Subject use, string way, string remedy) => Problem.Create(InsideItselfRule, use, way, remedy);

    public static readonly Rule TooManyLayersRule = new(
        "STRATA028", "Network has too many layers",
        "{0}: with it the network has more than {1}, the most that are compiled in a sensible time. {2}.",
        Category.Declaration, Severity.Error);

    /// <param name="what">What there is too much of: <c>layers, blocks and branches</c>.</param>
    public static Problem TooManyLayers(Subject use, int most, string what, string remedy) =>
        Problem.Create(TooManyLayersRule, use, $"{Arithmetic.Number(most)} {what}", remedy);

    public static readonly Rule ForeignRule = new(
        "STRATA065", "Block or operator of another assembly cannot be read",
        "{0} comes from {1} and {2}. {3}.",
        Category.Build, Severity.Error);

    public static Problem Foreign(Subject use, Refusal refusal) =>
        Problem.Create(ForeignRule, use, refusal.Assembly, refusal.Reason, refusal.Remedy);

    public static readonly Rule OperatorWithMistakesRule = new(
        "STRATA097", "Operator of a network has mistakes",
        "{0} cannot be compiled, since its class '{1}' has mistakes. They are reported there; fix them first.",
        Category.Declaration, Severity.Error);

    public static Problem OperatorWithMistakes(Subject use, string type) => Problem.Create(OperatorWithMistakesRule, use, type);
}
