using System;
using System.Threading;
using System.Threading.Tasks;
using Strata.CompilerServices;
using Xunit;

namespace Strata.Runtime.Tests;

public class WorkerTeamTests
{
    [Fact]
    public void Every_piece_is_done_once_by_a_participant_of_its_own()
    {
        var job = new CountingJob();
        foreach (int threads in (int[])[1, 2, 3, 7])
        {
            for (int round = 0; round < 300; round++)
            {
                int items = round % 50;
                job.Start(items);
                job.RunAll(items, threads);
                Assert.All(job.Done, count => Assert.Equal(1, count));
                Assert.True(job.HighestParticipant < threads);
            }
        }
    }

    [Fact]
    public void Workers_that_parked_wake_up()
    {
        // The pieces wait for each other, so that one thread alone would never finish.
        var job = new MeetingJob();
        for (int round = 0; round < 5; round++)
        {
            Thread.Sleep(20);
            job.Met = new CountdownEvent(2);
            job.RunAll(2, 2);
            Assert.Equal(0, job.Met.CurrentCount);
        }
    }

    [Fact]
    public void Many_callers_share_the_team()
    {
        Parallel.For(0, 6, new ParallelOptions { MaxDegreeOfParallelism = 6 }, _ =>
        {
            var job = new CountingJob();
            for (int round = 0; round < 500; round++)
            {
                job.Start(20);
                job.RunAll(20, 4);
                Assert.All(job.Done, count => Assert.Equal(1, count));
            }
        });
    }

    [Fact]
    public void A_failure_on_any_thread_is_rethrown_and_the_job_can_run_again()
    {
        var job = new CountingJob();
        for (int round = 0; round < 200; round++)
        {
            job.Start(30);
            job.FailAt = round % 30;
            var e = Assert.Throws<ArithmeticException>(() => job.RunAll(30, 3));
            Assert.Equal($"piece {job.FailAt}", e.Message);
            job.FailAt = -1;
            job.Start(30);
            job.RunAll(30, 3);
            Assert.All(job.Done, count => Assert.Equal(1, count));
        }
    }

    private sealed class CountingJob : ParallelJob
    {
        private int[] _done = [];
        private int _highest;

        public int FailAt { get; set; } = -1;

        public int[] Done => _done;

        public int HighestParticipant => _highest;

        public void Start(int items)
        {
            _done = new int[items];
            _highest = 0;
        }

        protected override void Run(int item, int participant)
        {
            if (item == FailAt)
            {
                throw new ArithmeticException($"piece {item}");
            }

            Thread.SpinWait(20);
            Interlocked.Increment(ref _done[item]);
            InterlockedMax(ref _highest, participant);
        }

        private static void InterlockedMax(ref int target, int value)
        {
            int seen = Volatile.Read(ref target);
            while (value > seen)
            {
                seen = Interlocked.CompareExchange(ref target, value, seen);
            }
        }
    }

    private sealed class MeetingJob : ParallelJob
    {
        public CountdownEvent Met { get; set; } = new(2);

        protected override void Run(int item, int participant)
        {
            Met.Signal();
            Assert.True(Met.Wait(10_000));
        }
    }
}
