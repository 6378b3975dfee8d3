using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Declarations;

/// <summary>Networks that cost more than they may.</summary>
internal static class BudgetProblems
{
    public static readonly Rule ExceededRule = new(
        "STRATA066", "Network exceeds its budget",
        "{0} exceeds the budget of {1} {2}: with its {3} the network has {4} so far, of {5} in all. The largest are {6}.",
        Category.Shapes, Severity.Error);

    /// <param name="layer">The layer with which the sum exceeds the limit.</param>
    /// <param name="unit">What is counted: <c>parameters</c>.</param>
    /// <param name="own">What the layer itself has.</param>
    /// <param name="sum">The sum up to this layer, with it.</param>
    /// <param name="largest">The largest layers, and what they have.</param>
    public static Problem Exceeded(
        Subject layer, string unit, double limit, double own, double sum, double all, IEnumerable<(string Layer, double Count)> largest) =>
        Problem.Create(
            ExceededRule, layer, Arithmetic.Grouped(limit), unit, Arithmetic.Grouped(own), Arithmetic.Grouped(sum), Arithmetic.Grouped(all),
            string.Join(", ", largest.Select(one => $"{one.Layer} with {Arithmetic.Grouped(one.Count)}")));
}
