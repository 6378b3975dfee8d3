using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Declarations;

/// <summary>Calls that the C# compiler refuses.</summary>
internal static class CallProblems
{
    public static readonly Rule TakesFloatsRule = new(
        "STRATA080", "Call gives other numbers than floats",
        "{0} takes floats, not {1}. {2}.",
        Category.Calls, Severity.Error);

    /// <param name="method">The method with its class: <c>LeNet5.Forward</c>.</param>
    /// <param name="given">What the call gives: <c>bytes</c>.</param>
    public static Problem TakesFloats(string method, string given, string remedy) =>
        Problem.Create(TakesFloatsRule, Site.Class, method, given, remedy);
}
