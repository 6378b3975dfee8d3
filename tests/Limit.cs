using System;
using Xunit;

namespace Strata.Tests;

/// <summary>
/// Tests of the rows of runtime/LIMITS.md. Each shows that a limit is still there. <c>LimitsPageTests</c> compares rows and tests.
/// </summary>
internal static class Limit
{
    /// <summary>Fails if the limit is gone, and says what to delete.</summary>
    /// <param name="row">The row's first cell, as it is written there.</param>
    /// <param name="holds">Whether the limit is still there.</param>
    public static void Holds(string row, bool holds) => Assert.True(holds, Gone(row));

    /// <summary>The same for a limit that is an exception.</summary>
    /// <param name="row">The row's first cell.</param>
    /// <param name="action">What cannot be done.</param>
    public static void Throws<T>(string row, Action action)
        where T : Exception
    {
        Exception? thrown = Record.Exception(action);
        Holds(row, thrown is not null);
        Assert.IsType<T>(thrown);
    }

    private static string Gone(string row) =>
        $"This limit is gone: delete the row '{row}' of runtime/LIMITS.md and this test, and what other pages say of it.";
}
