using System;
using System.Threading;

namespace Strata.Runtime.Tests;

/// <summary>
/// Waiting whose end does not depend on what else the machine does: it is measured in time of the processor that this process takes.
/// </summary>
internal static class Patience
{
    private const double Seconds = 60;

    /// <summary>Looks again and again, and leaves the processor to others in between; false if it never comes.</summary>
    public static bool Until(Func<bool> condition)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        while (!condition())
        {
            if ((Environment.CpuUsage.TotalTime - start).TotalSeconds > Seconds)
            {
                return false;
            }

            Thread.Yield();
        }

        return true;
    }
}
