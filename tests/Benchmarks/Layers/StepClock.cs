using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace Strata.Benchmarks.Layers;

/// <summary>
/// What the timed text of a network calls between its steps; public for that reason. Each thread has a record of its own.
/// </summary>
public static class StepClock
{
    private const int CalibrationMarks = 1000;

    private static readonly List<Record> Records = [];
    private static int _steps, _network, _call;

    [ThreadStatic]
    private static Record? _record;

    /// <summary>A program begins.</summary>
    /// <param name="step">The number of its first step.</param>
    /// <param name="samples">How many samples it computes.</param>
    public static void Begin(int step, int samples)
    {
        Record record = _record is { } known && known.Network == _network ? known : _record = Record.Create();
        record.Step = step;
        record.Samples[step] += samples;
        record.Last = Stopwatch.GetTimestamp();
    }

    /// <summary>Some items of a step begin, for one sample or several.</summary>
    /// <param name="step">The number of the step; of each sample, one thread begins the first at its first item.</param>
    /// <param name="item">The first of the items.</param>
    public static void Enter(int step, int item)
    {
        Record? before = _record;
        (int done, long end) = before is { } last && last.Call == _call && last.Network == _network ? (last.Step - 1, last.Last) : (-1, 0);
        Begin(step, 0);
        Record record = _record!;
        if (step == 0 && item == 0)
        {
            record.Samples[0]++;
            _call++;
        }
        else if (done >= 0)
        {
            // What the thread has waited for: other threads' items of its last step, or a later step in which it had no part. The runtime's
            // own work between two steps is in it.
            record.Waits[Math.Max(done, step - 1)] += record.Last - end;
        }

        record.Call = _call;
    }

    /// <summary>A step has ended.</summary>
    public static void Mark()
    {
        Record record = _record!;
        long now = Stopwatch.GetTimestamp();
        record.Marks[record.Step]++;
        record.Ticks[record.Step++] += now - record.Last;
        record.Last = now;
    }

    /// <summary>Another network is to be timed.</summary>
    internal static void Prepare(int steps)
    {
        lock (Records)
        {
            Records.Clear();
            _steps = steps;
            _network++;
            _call++;
        }
    }

    /// <summary>
    /// Seconds of each step, how often the clock was read behind it, and, at the first step of each program, the samples that it computed, of all
    /// threads; none may be at work. The seconds that threads waited are counted at the step that they waited for.
    /// </summary>
    internal static (double[] Seconds, double[] Waits, long[] Marks, long[] Samples) Take()
    {
        var seconds = new double[_steps];
        var waits = new double[_steps];
        var marks = new long[_steps];
        var samples = new long[_steps];
        lock (Records)
        {
            foreach (Record record in Records)
            {
                for (int i = 0; i < _steps; i++)
                {
                    seconds[i] += (double)record.Ticks[i] / Stopwatch.Frequency;
                    waits[i] += (double)record.Waits[i] / Stopwatch.Frequency;
                    samples[i] += record.Samples[i];
                    marks[i] += record.Marks[i];
                }

                Array.Clear(record.Ticks);
                Array.Clear(record.Waits);
                Array.Clear(record.Samples);
                Array.Clear(record.Marks);
            }
        }

        return (seconds, waits, marks, samples);
    }

    /// <summary>Seconds that are measured where nothing stands between two marks.</summary>
    internal static double Overhead()
    {
        double least = double.MaxValue;
        for (int round = 0; round < CalibrationMarks; round++)
        {
            for (int mark = 0; mark < CalibrationMarks; mark++)
            {
                Begin(0, 1);
                Mark();
            }

            least = Math.Min(least, Take().Seconds[0] / CalibrationMarks);
        }

        return least;
    }

    private sealed class Record
    {
        public int Network { get; } = _network;

        public long[] Ticks { get; } = new long[_steps];

        public long[] Waits { get; } = new long[_steps];

        public long[] Samples { get; } = new long[_steps];

        public long[] Marks { get; } = new long[_steps];

        public long Last { get; set; }

        public int Step { get; set; }

        /// <summary>The call whose step was the last.</summary>
        public int Call { get; set; }

        public static Record Create()
        {
            var record = new Record();
            lock (Records)
            {
                Records.Add(record);
            }

            return record;
        }
    }
}
