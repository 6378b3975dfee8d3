using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>The processors on which the system lets a worker run.</summary>
public sealed partial class ProcessorAffinityTests
{
    private const string OnlyLinux = "Linux decides that, with two processors or more.";

    private static readonly int[] Processors = OperatingSystem.IsLinux() ? ProcessorsOf("/proc/thread-self/status") : [];

    [Fact]
    public void A_worker_is_kept_off_one_processor_and_may_use_all_others()
    {
        Assert.SkipUnless(Processors.Length > 1, OnlyLinux);
        using var worker = new AttachedThread(Environment.ProcessId);
        foreach (int avoided in (int[])[Processors[0], Processors[1], Processors[1], Processors[^1], Processors[0]])
        {
            worker.Affinity.Avoid(avoided);
            Assert.Equal(Processors.Where(processor => processor != avoided), worker.Processors);
            Assert.NotEqual(avoided, worker.Ask(() => ProcessorAffinity.Current));
        }
    }

    [Fact]
    public void What_its_model_may_use_bounds_what_a_worker_may()
    {
        Assert.SkipUnless(Processors.Length > 1, OnlyLinux);
        using var model = new AttachedThread(Environment.ProcessId);
        using var worker = new AttachedThread(model.Number);
        Restrict(model.Number, [Processors[0]]);
        worker.Affinity.Avoid(Processors[1]);
        Assert.Equal([Processors[0]], worker.Processors);

        // The model is on its only processor: the worker goes on those that it had at first.
        worker.Affinity.Avoid(Processors[0]);
        Assert.Equal(Processors[1..], worker.Processors);

        Restrict(model.Number, Processors);
        worker.Affinity.Avoid(Processors[1]);
        Assert.Equal(Processors.Where(processor => processor != Processors[1]), worker.Processors);
    }

    [Fact]
    public void The_workers_of_a_team_avoid_their_callers_processor()
    {
        Assert.SkipUnless(Processors.Length > 1, OnlyLinux);
        using var meeting = new Barrier(2);
        var job = new TwoPieces(new WorkerTeam(thread => thread.UnsafeStart()), meeting);

        // In the first call the worker may not have begun when it gets its piece.
        for (int call = 0; call < 20 && job.OfHelper.Length != Processors.Length - 1; call++)
        {
            job.RunAll(2, 2);
        }

        Assert.Equal(Processors.Length - 1, job.OfHelper.Length);
        Assert.Equal(Processors, ProcessorsOf("/proc/thread-self/status"));
    }

    [Fact]
    public void Processors_that_there_are_not_change_nothing()
    {
        Assert.SkipUnless(Processors.Length > 1, OnlyLinux);
        using var worker = new AttachedThread(Environment.ProcessId);
        worker.Affinity.Avoid(-1);
        worker.Affinity.Avoid(1 << 20);
        Assert.Equal(Processors, worker.Processors);
    }

    [Fact]
    public void Before_there_is_a_worker_nothing_happens()
    {
        Assert.SkipUnless(Processors.Length > 1, OnlyLinux);
        new ProcessorAffinity(Environment.ProcessId).Avoid(Processors[0]);
        Assert.Equal(Processors, ProcessorsOf("/proc/thread-self/status"));
    }

    /// <summary>The processors that a thread may use, from the system's description of it: <c>0-3,6</c>.</summary>
    private static int[] ProcessorsOf(string status)
    {
        const string Label = "Cpus_allowed_list:";
        string list = File.ReadLines(status).Single(line => line.StartsWith(Label, StringComparison.Ordinal))[Label.Length..].Trim();
        return [.. list.Split(',').Select(range => Array.ConvertAll(range.Split('-'), int.Parse))
            .SelectMany(ends => Enumerable.Range(ends[0], ends[^1] - ends[0] + 1))];
    }

    private static unsafe void Restrict(int thread, int[] processors)
    {
        ulong[] set = new ulong[16];
        foreach (int processor in processors)
        {
            set[processor / 64] |= 1UL << (processor % 64);
        }

        fixed (ulong* bits = set)
        {
            Assert.Equal(0, SetProcessors(thread, (nuint)(sizeof(ulong) * set.Length), bits));
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int SetProcessors(int thread, nuint bytes, ulong* processors);

    /// <summary>Two pieces that wait for each other, and what the thread of the helper may use.</summary>
    private sealed class TwoPieces(WorkerTeam team, Barrier meeting) : ParallelJob(team)
    {
        public int[] OfHelper { get; private set; } = [];

        protected override void Run(int item, int participant)
        {
            OfHelper = participant == 0 ? OfHelper : ProcessorsOf("/proc/thread-self/status");
            meeting.SignalAndWait();
        }
    }

    /// <summary>A thread that does what it is asked to.</summary>
    private sealed class AttachedThread : IDisposable
    {
        private readonly BlockingCollection<Action> _requests = [];

        public AttachedThread(int model)
        {
            Affinity = new ProcessorAffinity(model);
            var thread = new Thread(() =>
            {
                foreach (Action request in _requests.GetConsumingEnumerable())
                {
                    request();
                }
            });
            thread.IsBackground = true;
            thread.Start();
            Number = Ask(() =>
            {
                Affinity.Attach();

                // "process/task/thread"
                return int.Parse(Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget!), CultureInfo.InvariantCulture);
            });
        }

        public ProcessorAffinity Affinity { get; }

        /// <summary>The system's number of the thread.</summary>
        public int Number { get; }

        public IEnumerable<int> Processors => Ask(() => ProcessorsOf("/proc/thread-self/status"));

        public T Ask<T>(Func<T> question)
        {
            T? answer = default;
            using var done = new ManualResetEventSlim();
            _requests.Add(() =>
            {
                answer = question();
                done.Set();
            });
            done.Wait();
            return answer!;
        }

        public void Dispose() => _requests.CompleteAdding();
    }
}
