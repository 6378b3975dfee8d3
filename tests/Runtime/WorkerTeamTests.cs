using System;
using System.Threading;
using System.Threading.Tasks;
using Strata.Training;
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

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Workers_that_cannot_be_had_are_done_without(int available)
    {
        int started = 0;
        var team = new WorkerTeam(thread =>
        {
            if (Interlocked.Increment(ref started) > available)
            {
                throw new InsufficientMemoryException("as if the process had too many threads");
            }

            thread.UnsafeStart();
        });
        var job = new CountingJob(team);
        for (int round = 0; round < 100; round++)
        {
            job.Start(50);
            job.RunAll(50, 8);
            Assert.Equal(0, job.AtWork);
            Assert.All(job.Done, count => Assert.Equal(1, count));
            Assert.True(job.HighestParticipant < 8);
        }
    }

    [Fact]
    public void After_a_thread_could_not_be_had_the_next_attempt_waits_a_second()
    {
        int attempts = 0;
        long now = 17;
        var team = new WorkerTeam(
            _ =>
            {
                attempts++;
                throw new ThreadStateException("no kind of failure reaches the caller");
            },
            () => now);
        var job = new CountingJob(team);
        foreach ((int milliseconds, int expected) in new[] { (0, 1), (999, 1), (1, 2), (500, 2), (499, 2), (1, 3), (5000, 4) })
        {
            now += milliseconds;
            for (int round = 0; round < 100; round++)
            {
                job.Start(4);
                job.RunAll(4, 2);
            }

            Assert.Equal(expected, attempts);
        }
    }

    [Fact]
    public void An_interrupt_waits_until_no_worker_is_at_work_any_more()
    {
        for (int round = 0; round < 20; round++)
        {
            var job = new HeldJob();
            Exception? failure = null;
            bool pending = false;
            int atWork = -1;
            var caller = new Thread(() =>
            {
                failure = Record.Exception(() => job.RunAll(2, 2));
                atWork = job.AtWork;
                pending = Record.Exception(() => Thread.Sleep(1)) is ThreadInterruptedException;
            });
            caller.Start();
            SpinWait.SpinUntil(() => job.AtWork == 1 && job.CallerIsDone);
            caller.Interrupt();
            Assert.False(caller.Join(10));
            job.Finish = true;
            caller.Join();
            Assert.Null(failure);
            Assert.Equal(0, atWork);
            Assert.True(pending);
        }
    }

    [Fact]
    public void An_interrupted_worker_goes_on()
    {
        var job = new MeetingJob();
        for (int round = 0; round < 20; round++)
        {
            job.Met = new CountdownEvent(2);
            job.RunAll(2, 2);
            Thread.Sleep(round % 3);
            job.Helper!.Interrupt();
            Thread.Sleep(round % 2);
        }
    }

    [Fact]
    public void Interrupted_calls_of_Forward_give_the_right_outputs()
    {
        using var network = new LinearNetwork(new NetworkOptions { Threads = 4 }, blocks: false);
        float[] inputs = LinearNetwork.Noise(500 * LinearNetwork.Inputs, 1), outputs = new float[500 * LinearNetwork.Outputs];
        double[] expected = network.Expected(inputs);
        Assert.Null(Interrupted(500, () =>
        {
            Array.Clear(outputs);
            network.Forward(inputs, outputs);
            NetworkTests.AssertClose(expected, outputs);
        }));
    }

    [Fact]
    public void Interrupted_steps_give_the_same_bits()
    {
        float[] inputs = LinearNetwork.Noise(500 * LinearNetwork.Inputs, 1), targets = LinearNetwork.Noise(500 * LinearNetwork.Outputs, 2);
        using LinearNetwork quiet = new(new NetworkOptions { Threads = 1 }), interrupted = new(new NetworkOptions { Threads = 4 });
        using RegressionTrainer quietly = new(quiet, 500, new Sgd(0.1)), interruptedly = new(interrupted, 500, new Sgd(0.1));
        for (int step = 0; step < 100; step++)
        {
            quietly.Step(inputs, targets);
        }

        Assert.Null(Interrupted(100, () => interruptedly.Step(inputs, targets)));
        Assert.Equal(quiet.Values(0), interrupted.Values(0));
    }

    /// <summary>Calls many times on a thread that is interrupted all the time, and gives the first failure.</summary>
    private static Exception? Interrupted(int calls, Action call)
    {
        Exception? failure = null;
        var caller = new Thread(() =>
        {
            for (int i = 0; failure is null && i < calls; i++)
            {
                failure = Record.Exception(call);

                // Where the interrupts come out.
                _ = Record.Exception(() => Thread.Sleep(1));
            }
        });
        caller.Start();
        while (!caller.Join(0))
        {
            caller.Interrupt();
            Thread.SpinWait(2000);
        }

        return failure;
    }

    /// <summary>Workers that no other test takes away.</summary>
    private static WorkerTeam OwnTeam() => new(thread => thread.UnsafeStart());

    /// <summary>The first piece ends at once, the second one, which only a worker can take by then, when it is told to.</summary>
    private sealed class HeldJob() : ParallelJob(OwnTeam())
    {
        private int _atWork;

        public int AtWork => Volatile.Read(ref _atWork);

        public bool CallerIsDone { get; private set; }

        public volatile bool Finish;

        protected override void Run(int item, int participant)
        {
            if (participant == 0)
            {
                SpinWait.SpinUntil(() => AtWork > 0);
                CallerIsDone = true;
                return;
            }

            Interlocked.Increment(ref _atWork);
            while (!Finish)
            {
                Thread.SpinWait(10);
            }

            Interlocked.Decrement(ref _atWork);
        }
    }

    private sealed class CountingJob(WorkerTeam? team = null) : ParallelJob(team)
    {
        private int[] _done = [];
        private int _highest;
        private int _atWork;

        public int FailAt { get; set; } = -1;

        public int AtWork => Volatile.Read(ref _atWork);

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

            Interlocked.Increment(ref _atWork);
            Thread.SpinWait(20);
            Interlocked.Increment(ref _done[item]);
            InterlockedMax(ref _highest, participant);
            Interlocked.Decrement(ref _atWork);
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

    private sealed class MeetingJob() : ParallelJob(OwnTeam())
    {
        public CountdownEvent Met { get; set; } = new(2);

        public Thread? Helper { get; private set; }

        protected override void Run(int item, int participant)
        {
            if (participant > 0)
            {
                Helper = Thread.CurrentThread;
            }

            Met.Signal();
            Assert.True(Patience.Until(() => Met.CurrentCount == 0));
        }
    }
}
