using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Strata.Training;

namespace Strata.Soak;

/// <summary>A network with convolutions, whose kernels are prepared in the background.</summary>
[Network, Input(1, 12, 12), Conv2D(8, 3), ReLU, MaxPool2D(2), Flatten, Dense(10), CrossEntropy]
public partial class Small;

/// <summary>
/// What needs no thread works where none can start: the process, its user or its container has as many as it may. The operating system
/// refuses them, from after the first results on; those behind must be the same.
/// </summary>
internal static partial class Threadless
{
    private const int Samples = 40, Processes = 6;

    public static async Task<bool> RunAsync()
    {
        float[] images = [.. Enumerable.Range(0, Samples * Small.InputLength).Select(i => MathF.Sin(i))];
        int[] labels = [.. Enumerable.Range(0, Samples).Select(i => i % 10)];
        // Nothing here needs a thread of the pool, so that it has none yet.
        Dictionary<string, float[]> expected = await ResultsAsync(images, labels, isLimited: false);

        // The console has a thread of its own from the first line on.
        Console.WriteLine("No more threads start from here on.");
        if (!RefuseThreads())
        {
            Console.Error.WriteLine("Threads can still start: this needs Linux, and a user whose threads are limited.");
            return false;
        }

        Dictionary<string, float[]> actual = await ResultsAsync(images, labels, isLimited: true);
        bool areSame = true;
        foreach ((string what, float[] values) in actual)
        {
            // FitAsync trains as Fit does.
            bool isSame = values.AsSpan().SequenceEqual(expected[what.Replace("FitAsync", "Fit", StringComparison.Ordinal)]);
            Console.WriteLine($"{what}: {(isSame ? "the same" : "another result")}");
            areSame &= isSame;
        }

        return areSame;
    }

    private static async Task<Dictionary<string, float[]>> ResultsAsync(float[] images, int[] labels, bool isLimited)
    {
        var results = new Dictionary<string, float[]>();
        using var saved = new MemoryStream();
        using (var net = new Small(new NetworkOptions { Seed = 3 }))
        {
            net.Save(saved);
        }

        await TakeAsync("Load and Forward", _ => Task.CompletedTask);
        await TakeAsync("Fit in memory", trainer => Task.FromResult(trainer.Fit(images, labels, new FitOptions { Epochs = 2 })));
        await TakeAsync("Fit of a stream", trainer => Task.FromResult(trainer.Fit(Pieces(), new FitOptions { Epochs = 2 })));
        if (!isLimited)
        {
            return results;
        }

        await TakeAsync("FitAsync in memory", async trainer =>
        {
            await foreach (FitProgress now in trainer.FitAsync(new SampleBatch(images, labels), new FitOptions { Epochs = 2 }))
            {
                _ = now;
            }
        });
        await TakeAsync("FitAsync of a stream", async trainer =>
        {
            await foreach (FitProgress now in trainer.FitAsync(Pieces().ToAsyncEnumerable(), new FitOptions { Epochs = 2 }))
            {
                _ = now;
            }
        });
        return results;

        async Task TakeAsync(string what, Func<ClassificationTrainer, Task> train)
        {
            using var net = new Small(new NetworkOptions { Threads = isLimited ? 4 : 1 });
            saved.Position = 0;
            net.Load(saved);
            using ClassificationTrainer trainer = net.CreateTrainer(8, new Adam());
            await train(trainer);
            float[] outputs = new float[Samples * Small.OutputLength];
            net.Forward(images, outputs);
            results.Add(what, outputs);
        }

        IEnumerable<SampleBatch> Pieces()
        {
            for (int first = 0; first < Samples; first += 5)
            {
                yield return new SampleBatch(images.AsMemory(first * Small.InputLength, 5 * Small.InputLength), labels.AsMemory(first, 5));
            }
        }
    }

    /// <summary>No more threads than one; false where they start all the same.</summary>
    private static bool RefuseThreads()
    {
        var limit = new Limit { Now = 1, Most = 1 };
        if (!OperatingSystem.IsLinux() || SetLimit(Processes, in limit) != 0)
        {
            return false;
        }

        try
        {
            var thread = new Thread(() => { });
            thread.UnsafeStart();
            thread.Join();
            return false;
        }
        catch (OutOfMemoryException)
        {
            return true;
        }
    }

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    private struct Limit
    {
        public nuint Now;
        public nuint Most;
    }
}
