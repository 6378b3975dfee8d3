using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Operators;

/// <summary>Arguments that are wrong by themselves, or that have no effect.</summary>
internal static class ArgumentProblems
{
    public static readonly Rule OutOfRangeRule = new(
        "STRATA020", "Argument is out of range",
        "{0}: {1} cannot be {2}. Use {3}.",
        Category.Declaration, Severity.Error);

    /// <param name="what">The argument, or what it is made of: <c>a number of deviations</c>.</param>
    /// <param name="expected">What it can be: <c>at least 1</c>.</param>
    public static Problem OutOfRange(Subject layer, string what, string found, string expected) =>
        Problem.Create(OutOfRangeRule, layer, what, found, expected);

    /// <inheritdoc cref="OutOfRange(Subject, string, string, string)"/>
    public static Problem OutOfRange(Subject layer, string what, long found, string expected) =>
        Problem.Create(OutOfRangeRule, layer, what, found, expected);

    /// <inheritdoc cref="OutOfRange(Subject, string, string, string)"/>
    public static Problem OutOfRange(Subject layer, string what, double found, string expected) =>
        Problem.Create(OutOfRangeRule, layer, what, found, expected);

    /// <summary>An argument that has a value for each channel or class, and not as many values.</summary>
    /// <param name="owner">What each value belongs to: <c>channel</c>.</param>
    public static Problem WrongCount(Subject layer, string argument, int found, int expected, string owner) =>
        OutOfRange(layer, argument, Arithmetic.Count(found, "number"), $"{Arithmetic.Count(expected, "number")}, one for each {owner}");

    public static readonly Rule ConflictingRule = new(
        "STRATA021", "Arguments exclude each other",
        "{0}: {1} and {2} exclude each other. Remove one of them.",
        Category.Declaration, Severity.Error);

    /// <summary>The problem stands at one of the two, which an edit removes.</summary>
    public static Problem Conflicting(Subject layer, string one, string other) =>
        Problem.Create(ConflictingRule, layer, one, other).FixedBy(new Fix(FixKind.RemoveArgument));

    public static readonly Rule UnsupportedRule = new(
        "STRATA022", "Argument does not suit its layer",
        "{0}: {1}. {2}.",
        Category.Declaration, Severity.Error);

    public static Problem Unsupported(Subject layer, string reason, string remedy, params Fix[] fixes) =>
        Problem.Create(UnsupportedRule, layer, reason, remedy).FixedBy(fixes);

    public static readonly Rule UnreadRule = new(
        "STRATA058", "Argument has no effect",
        "{0}: {1} has no effect, since {2}. {3}.",
        Category.Layers, Severity.Warning);

    /// <param name="what">The argument as it is written: <c>Frozen = false</c>.</param>
    public static Problem Unread(Subject layer, string what, string reason, string remedy = "Remove it") =>
        Problem.Create(UnreadRule, layer, what, reason, remedy).FixedBy(new Fix(FixKind.RemoveArgument));

    /// <summary>A mode of padding where nothing is padded. The padding may be what is missing, so no edit removes the mode.</summary>
    public static Problem NothingPadded(Subject layer, string mode) =>
        Problem.Create(UnreadRule, layer, mode, "nothing is padded", "Set Padding, too");
}
