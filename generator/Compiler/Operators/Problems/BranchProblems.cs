using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Operators;

/// <summary>Branches that are not joined, or that do not fit together.</summary>
internal static class BranchProblems
{
    public static readonly Rule TooFewRule = new(
        "STRATA016", "Join has fewer than two branches",
        "{0} joins {1}. {2}.",
        Category.Declaration, Severity.Error);

    /// <param name="joined">What it joins: <c>one branch only</c>.</param>
    public static Problem TooFew(Subject join, string joined, string remedy) => Problem.Create(TooFewRule, join, joined, remedy);

    public static readonly Rule NotJoinedRule = new(
        "STRATA017", "Branches are not joined",
        "The group of {0} that begins here is not joined {1}. Put [Add], [Concat] or [Multiply] behind its last branch.",
        Category.Declaration, Severity.Error);

    /// <param name="site">Where the first branch begins.</param>
    /// <param name="where">Where they should have been joined: <c>before the network ends</c>.</param>
    public static Problem NotJoined(Site site, int branches, string where) =>
        Problem.Create(NotJoinedRule, site, Arithmetic.Count(branches, "branch", "branches"), where);

    public static readonly Rule DifferRule = new(
        "STRATA037", "Branches do not fit their join",
        "{0} needs branches of {1}: {2} is {3}, but {4} is {5}: {6}. {7}.",
        Category.Shapes, Severity.Error);

    /// <param name="agreement">What their shapes must have in common.</param>
    /// <param name="differences">The axes that differ: <c>height 5 ≠ 4</c>.</param>
    public static Problem Differ(
        Subject join, string agreement, LayerInput left, LayerInput right, string differences, string remedy, params Fix[] fixes) =>
        Problem.Create(
            DifferRule, join, agreement, left.Origin, left.Shape, right.Origin, right.Shape, differences, remedy).FixedBy(fixes);
}
