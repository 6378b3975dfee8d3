using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Declarations;

/// <summary>Networks that cost more than they may.</summary>
internal static class BudgetProblems
{
    public static readonly Rule ExceededRule = new(
        "STRATA066", "Network exceeds its budget",
        "{0} exceeds the budget of {1} {2}: with its {3} the network has {4} so far, of {5} in all. {6}.",
        Category.Budgets, Severity.Error);

    /// <summary>What a problem is about: the unit. A network has one problem of each.</summary>
    public static string UnitOf(Problem problem) => problem.Rule == ExceededRule ? problem.Slots[2] : "";

    /// <param name="layer">The layer with which the sum exceeds the limit.</param>
    /// <param name="unit">What is counted: <c>parameters</c>.</param>
    /// <param name="own">What the layer itself has.</param>
    /// <param name="sum">The sum up to this layer, with it.</param>
    /// <param name="largest">The largest layers, at least one, and what they have.</param>
    public static Problem Exceeded(
        Subject layer, string unit, double limit, double own, double sum, double all,
        IReadOnlyCollection<(string Layer, double Count)> largest) =>
        Problem.Create(
            ExceededRule, layer, Arithmetic.Grouped(limit), unit, Arithmetic.Grouped(own), Arithmetic.Grouped(sum), Arithmetic.Grouped(all),
            (largest.Count == 1 ? "The largest is " : "The largest are ")
                + string.Join(", ", largest.Select(one => $"{one.Layer} with {Arithmetic.Grouped(one.Count)}")));
}
