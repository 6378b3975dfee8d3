using System.Collections.Generic;
using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Declarations;

/// <summary>Attributes that the C# compiler refuses. The sites are relative to the attribute.</summary>
internal static class BindingProblems
{
    /// <summary>The C# compiler's own rules, which have no row and no page here.</summary>
    private static readonly Rule OfCompiler = new("CS", "", "", Category.Binding, Severity.Error);

    /// <summary>
    /// The C# compiler's own error about an attribute, as the cause of problems. The compiler tells it, so it is in no log.
    /// </summary>
    public static ProblemKey OfTheCompiler(Site attribute) => new(OfCompiler, attribute);

    public static readonly Rule NoSuchLayerRule = new(
        "STRATA070", "Layer does not exist",
        "There is no layer, block or loss [{0}]. {1}.",
        Category.Binding, Severity.Error);

    public static Problem NoSuchLayer(string kind, string remedy, params Fix[] fixes) =>
        Problem.Create(NoSuchLayerRule, Site.Class, kind, remedy).FixedBy(fixes);

    public static readonly Rule TooManyArgumentsRule = new(
        "STRATA071", "Layer has too many arguments without names",
        "{0} takes {1}: {2}. Write {3}.",
        Category.Binding, Severity.Error);

    /// <param name="takes">The arguments without names that there are.</param>
    /// <param name="right">The attribute as it should be.</param>
    public static Problem TooManyArguments(string kind, string takes, string reason, string right, params Fix[] fixes) =>
        Problem.Create(TooManyArgumentsRule, Site.Class, $"[{kind}]", takes, reason, right).FixedBy(fixes);

    public static readonly Rule MissingArgumentRule = new(
        "STRATA072", "Argument is missing",
        "{0} needs {1}. Write {2}.",
        Category.Binding, Severity.Error);

    /// <param name="right">The attribute as it should be.</param>
    public static Problem MissingArgument(string kind, IEnumerable<string> missing, string right) =>
        Problem.Create(MissingArgumentRule, Site.Class, $"[{kind}]", string.Join(" and ", missing), right);

    public static readonly Rule WrongTypeRule = new(
        "STRATA073", "Argument has the wrong type",
        "{0}: {1} takes {2}, not {3}. Write {4}.",
        Category.Binding, Severity.Error);

    /// <param name="index">The argument's index in brackets.</param>
    /// <param name="text">What was written.</param>
    /// <param name="right">What to write instead.</param>
    public static Problem WrongType(
        int index, string kind, string argument, string type, string text, string right, params Fix[] fixes) =>
        Problem.Create(WrongTypeRule, Site.Class.At("", index), $"[{kind}]", argument, type, text, right).FixedBy(fixes);

    public static readonly Rule NoSuchArgumentRule = new(
        "STRATA074", "Argument does not exist",
        "{0} has no argument '{1}'. {2}.",
        Category.Binding, Severity.Error);

    /// <param name="index">The argument's index in brackets.</param>
    public static Problem NoSuchArgument(int index, string kind, string argument, string remedy, params Fix[] fixes) =>
        Problem.Create(NoSuchArgumentRule, Site.Class.At("", index), $"[{kind}]", argument, remedy).FixedBy(fixes);
}
