using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Declarations;

/// <summary>Operators that a project declares: their methods and their trained numbers. Whoever reports them knows the place.</summary>
internal static class FormulaProblems
{
    public static readonly Rule NoMethodRule = new(
        "STRATA090", "Operator has no method that can be read",
        "Operator '{0}': {1}. Write '{2}'.",
        Category.Operators, Severity.Error);

    /// <param name="signature">The method as it should be.</param>
    public static Problem NoMethod(string kind, string reason, string signature) =>
        Problem.Create(NoMethodRule, Site.Class, kind, reason, signature);

    public static readonly Rule UnreadableRule = new(
        "STRATA091", "Method of an operator has more than a formula",
        "{0}: {1} cannot be read here. {2}.",
        Category.Operators, Severity.Error);

    /// <param name="what">The code that is no formula.</param>
    public static Problem Unreadable(string method, string what, string instead) =>
        Problem.Create(UnreadableRule, Site.Class, method, what, instead);

    public static readonly Rule UnknownFunctionRule = new(
        "STRATA092", "Method of an operator calls what has no formula",
        "{0} has no formula here. {1}.",
        Category.Operators, Severity.Error);

    public static Problem UnknownFunction(string function, string remedy) =>
        Problem.Create(UnknownFunctionRule, Site.Class, function, remedy);

    public static readonly Rule RecursiveRule = new(
        "STRATA093", "Method of an operator calls itself",
        "{0} calls itself, so its formula would never end: {1}. Write a formula for the result.",
        Category.Operators, Severity.Error);

    /// <param name="way">The methods from the first call to the second: <c>A → B → A</c>.</param>
    public static Problem Recursive(string method, string way) => Problem.Create(RecursiveRule, Site.Class, method, way);

    public static readonly Rule NotConstantRule = new(
        "STRATA094", "Argument in an operator is not constant",
        "{0}: '{1}' must be a constant. Write a number, such as 2f, or a constant of the class that is not trained.",
        Category.Operators, Severity.Error);

    public static Problem NotConstant(string function, string parameter) =>
        Problem.Create(NotConstantRule, Site.Class, function, parameter);

    public static readonly Rule TooLargeRule = new(
        "STRATA095", "Formula of an operator is too large",
        "{0}: the formula has more than {1} operations, or more than {2} levels, once the methods and locals in it are written out. "
        + "Simplify it, or make two operators of it.",
        Category.Operators, Severity.Error);

    public static Problem TooLarge(string kind, int mostOperations, int mostLevels) =>
        Problem.Create(TooLargeRule, Site.Class, kind, mostOperations, mostLevels);

    public static readonly Rule TrainedNumberRule = new(
        "STRATA096", "Trained number of an operator cannot be trained",
        "Operator '{0}': the trained number '{1}' {2}. {3}.",
        Category.Operators, Severity.Error);

    /// <param name="wrong">What is wrong with it: <c>is no constant</c>.</param>
    public static Problem TrainedNumber(string kind, string number, string wrong, string instead) =>
        Problem.Create(TrainedNumberRule, Site.Class, kind, number, wrong, instead);
}
