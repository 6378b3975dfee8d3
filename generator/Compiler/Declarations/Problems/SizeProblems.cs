using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>Sizes that a network cannot have.</summary>
internal static class SizeProblems
{
    public static readonly Rule DoesNotFitRule = new(
        "STRATA059", "Network does not fit at a declared size",
        "{0}: the network cannot have the size {1}{2}: {3}",
        Category.Shapes, Severity.Error);

    /// <param name="sizes">The sizes that do not fit, at least one.</param>
    /// <param name="reason">Why the first does not: a sentence.</param>
    public static Problem DoesNotFit(Subject subject, IReadOnlyList<string> sizes, string reason) => Problem.Create(
        DoesNotFitRule, subject, sizes[0],
        sizes.Count == 1 ? "" : $", nor {Arithmetic.Count(sizes.Count - 1, "other size", "other sizes")}", reason);

    /// <summary>There are more sizes than are compiled in a sensible time.</summary>
    /// <param name="counts">How many extents each axis has.</param>
    public static Problem TooMany(Subject subject, IReadOnlyList<long> counts, int most)
    {
        string product = string.Join("·", counts.Where(count => count > 1).Select(count => Arithmetic.Number(count)));
        return ShapeProblems.TooManySizes(
            subject, Arithmetic.Equation(product, counts.Aggregate(System.Numerics.BigInteger.One, (all, count) => all * count)), most);
    }
}
