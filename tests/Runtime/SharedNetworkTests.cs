using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>
/// Calls of several threads on one network. Calls that only read may run at the same time; a call that changes parameters runs alone.
/// </summary>
public class SharedNetworkTests
{
    private static readonly Dictionary<string, Action<HeldNetwork>> Readers = new()
    {
        ["Forward"] = n => n.Forward([1], new float[2]),
        ["Save"] = n => n.Save(Stream.Null),
        ["CopyTo"] = n => n.Parameters[0].CopyTo(new float[HeldProgram.Length]),
        ["being copied from"] = n =>
        {
            using var other = new HeldNetwork(new NetworkOptions { Threads = 1 });
            other.CopyParametersFrom(n);
        },
    };

    private static readonly Dictionary<string, Action<HeldNetwork>> Writers = new()
    {
        ["Load"] = n => n.Load(Weights.AsMemory()),
        ["CopyFrom"] = n => n.Parameters[0].CopyFrom(new float[HeldProgram.Length]),
        ["Initialize"] = n => n.Initialize(3),
        ["CopyParametersFrom"] = n =>
        {
            using var other = new HeldNetwork(new NetworkOptions { Threads = 1 });
            n.CopyParametersFrom(other);
        },
        ["a step"] = n => Train(n, t => t.Step([1f], [1f, 2])),
        ["gradients"] = n => Train(n, t => t.ComputeGradients([1f], [1f, 2])),
        ["a pass"] = n => Train(n, t => t.Forward([1f], new float[2])),
        ["Fit"] = n => Train(n, t => t.Fit(new float[2], new float[4], new FitOptions())),
    };

    private static readonly byte[] Weights = WeightsOf();

    public static TheoryData<string> ReaderNames => [.. Readers.Keys];

    public static TheoryData<string> WriterNames => [.. Writers.Keys];

    [Theory]
    [MemberData(nameof(WriterNames))]
    public void What_changes_a_network_is_refused_while_another_thread_is_in_Forward(string writer)
    {
        Exception? thrown = null;
        HeldNetwork? network = null;
        bool held = false;
        network = new HeldNetwork(new NetworkOptions { Threads = 1 }, during: () =>
        {
            if (held)
            {
                held = false;
                thrown = OnAnotherThread(() => Writers[writer](network!));
            }
        });
        using (network)
        {
            float[] expected = new float[2], outputs = new float[2];
            network.Forward([1], expected);
            held = true;
            network.Forward([1], outputs);
            Assert.StartsWith("Another thread is using this HeldNetwork", Assert.IsType<InvalidOperationException>(thrown).Message,
                StringComparison.Ordinal);
            Assert.Equal(expected, outputs);
            Writers[writer](network);
        }
    }

    [Theory]
    [MemberData(nameof(ReaderNames))]
    public void What_reads_a_network_is_refused_while_another_thread_trains_it(string reader)
    {
        Exception? thrown = null;
        HeldNetwork? network = null;
        bool held = false;
        network = new HeldNetwork(new NetworkOptions { Threads = 1 }, during: () =>
        {
            if (held)
            {
                held = false;
                thrown = OnAnotherThread(() => Readers[reader](network!));
            }
        });
        using (network)
        using (var trainer = new RegressionTrainer(network, 3, new Sgd(0.1)))
        {
            held = true;
            trainer.Step([1f], [1f, 2]);
            Assert.StartsWith("Another thread is changing this HeldNetwork", Assert.IsType<InvalidOperationException>(thrown).Message,
                StringComparison.Ordinal);
            Readers[reader](network);
        }
    }

    [Fact]
    public void Two_trainers_of_one_network_take_turns_and_do_not_meet()
    {
        Exception? thrown = null;
        RegressionTrainer? second = null;
        bool held = false;
        using var network = new HeldNetwork(new NetworkOptions { Threads = 1 }, during: () =>
        {
            if (held)
            {
                held = false;
                thrown = OnAnotherThread(() => second!.Step([1f], [1f, 2]));
            }
        });
        using var first = new RegressionTrainer(network, 3, new Sgd(0.1));
        using (second = new RegressionTrainer(network, 3, new Adam()))
        {
            first.Step([1f], [1f, 2]);
            second.Step([1f], [1f, 2]);
            held = true;
            first.Step([1f], [1f, 2]);
            Assert.StartsWith("Another thread is using this HeldNetwork", Assert.IsType<InvalidOperationException>(thrown).Message,
                StringComparison.Ordinal);
            Assert.Equal((2, 1), (first.Steps, second.Steps));
            second.Step([1f], [1f, 2]);
        }
    }

    [Fact]
    public void A_network_copied_from_itself_stays_as_it_is()
    {
        using var network = new LinearNetwork();
        float[] before = network.Values(0);
        network.CopyParametersFrom(network);
        Assert.Equal(before, network.Values(0));
    }

    [Fact]
    public void Weights_are_exchanged_under_load_by_exchanging_the_instance()
    {
        // The recipe of CompiledNetwork's remarks.
        const int Callers = 3, Exchanges = 40;
        LinearNetwork current = Next(0);
        var states = new float[Exchanges + 1][];
        float[] image = LinearNetwork.Noise(LinearNetwork.Inputs, 9);
        states[0] = Answer();
        int stop = 0;
        var failures = new Exception?[Callers];
        var answers = new HashSet<string>[Callers];
        Thread[] threads = [.. Enumerable.Range(0, Callers).Select(caller => new Thread(() =>
        {
            var seen = answers[caller] = [];
            try
            {
                do
                {
                    seen.Add(string.Join(' ', Answer()));
                }
                while (Volatile.Read(ref stop) == 0);
            }
            catch (Exception e)
            {
                failures[caller] = e;
            }
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        for (int i = 1; i <= Exchanges; i++)
        {
            LinearNetwork next = Next(i);
            states[i] = new float[LinearNetwork.Outputs];
            next.Forward(image, states[i]);
            Volatile.Write(ref current, next);
            Thread.Yield();
        }

        Volatile.Write(ref stop, 1);
        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.All(failures, Assert.Null);
        HashSet<string> known = [.. states.Select(state => string.Join(' ', state))];
        Assert.Equal(Exchanges + 1, known.Count);
        Assert.All(answers, seen => Assert.Subset(known, seen));

        float[] Answer()
        {
            float[] scores = new float[LinearNetwork.Outputs];
            Volatile.Read(ref current).Forward(image, scores);
            return scores;
        }

        static LinearNetwork Next(int number) => new(new NetworkOptions { Seed = (ulong)number, Threads = 1 });
    }

    private static void Train(HeldNetwork network, Action<RegressionTrainer> call)
    {
        using var trainer = new RegressionTrainer(network, 2, new Sgd(0.1));
        call(trainer);
    }

    private static Exception? OnAnotherThread(Action action)
    {
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(action));
        thread.Start();
        thread.Join();
        return thrown;
    }

    private static byte[] WeightsOf()
    {
        using var network = new HeldNetwork(new NetworkOptions { Threads = 1 });
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.ToArray();
    }
}
