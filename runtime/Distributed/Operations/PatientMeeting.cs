using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using Strata.Distributed.Native;

namespace Strata.Distributed.Operations;

/// <summary>Waits for all ranks, says whom it waits for when that takes long, and gives up after a limit.</summary>
/// <param name="limit">How long to wait.</param>
/// <param name="warning">After which time to say so.</param>
/// <param name="warn">Takes the ranks that have not come by then.</param>
internal sealed class PatientMeeting(TimeSpan limit, TimeSpan warning, Action<IReadOnlyList<int>> warn)
{
    /// <summary>The ranks that have not come.</summary>
    public IReadOnlyList<int> Missing { get; private set; } = [];

    public void Run(MpiLibrary library)
    {
        var time = Stopwatch.StartNew();
        Meeting meeting = library.BeginMeeting();
        bool isWarned = false;
        while ((Missing = library.MissingFrom(meeting)).Count > 0 && time.Elapsed < limit)
        {
            if (!isWarned && time.Elapsed >= warning)
            {
                isWarned = true;
                warn(Missing);
            }

            // Ranks come at once, or after a long time.
            Thread.Sleep(time.ElapsedMilliseconds < 100 ? 0 : 5);
        }
    }
}
