using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Tests;

/// <summary>
/// Families of tests that take minutes run a fixed slice of their cases. <c>STRATA_ALL_CASES=1</c> runs them all.
/// </summary>
internal static class AllCases
{
    /// <summary>Whether all cases run.</summary>
    public static bool Run { get; } = Environment.GetEnvironmentVariable("STRATA_ALL_CASES") == "1";

    /// <summary>Steps from case to case.</summary>
    /// <param name="stride">One case of so many runs.</param>
    public static int Stride(int stride) => Run ? 1 : stride;

    /// <summary>The cases that run.</summary>
    /// <param name="cases">All of them.</param>
    /// <param name="stride">One case of so many runs, and the first in any case.</param>
    public static IEnumerable<T> Of<T>(IEnumerable<T> cases, int stride)
    {
        int step = Stride(stride);
        return cases.Where((_, i) => i % step == 0);
    }
}
