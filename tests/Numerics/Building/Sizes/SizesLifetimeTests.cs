using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using Xunit;

namespace Strata.Numerics.Tests.Building;

/// <summary>
/// Sizes in random order: 40 questions for 8 sizes, of which 4 are kept. What is dropped leaves nothing behind. More by
/// <c>STRATA_SIZES=10000</c>, which asks for 300 sizes, and tells how much memory the process has on the way.
/// </summary>
public sealed class SizesLifetimeTests(ITestOutputHelper log)
{
    private const int Most = 4;

    [Fact]
    public void Sizes_in_random_order_leave_nothing_behind()
    {
        bool isLong = int.TryParse(Environment.GetEnvironmentVariable("STRATA_SIZES"), CultureInfo.InvariantCulture, out int many);
        int questions = isLong ? many : 40, sizes = isLong ? 300 : 8;
        using CompiledNetwork net = SizedNetworks.Classifier([16, 16]).Compile(
            new NetworkOptions { Threads = 1 }, SizedNetworks.Inference with { MaxSizes = Most });
        var random = new Random(7);
        var outputs = new Dictionary<int, float[]>();
        var programs = new List<WeakReference>();
        for (int i = 0; i < questions; i++)
        {
            int size = random.Next(sizes);
            (float[] found, WeakReference program) = Ask(net, 4 + (size % 20), 4 + (size / 20));
            if (program.Target != net.Program)
            {
                // That of the declared size lives as long as the network.
                programs.Add(program);
            }

            // The same size gives the same bits, whether it was kept or compiled again.
            Assert.Equal(outputs.TryGetValue(size, out float[]? before) ? before : outputs[size] = found, found);
            if ((i + 1) % Math.Max(40, questions / 20) == 0)
            {
                Collect();
                programs.RemoveAll(one => !one.IsAlive);
                log.WriteLine($"{i + 1} questions: {programs.Select(one => one.Target).Distinct().Count()} programs in memory, "
                    + $"{GC.GetTotalMemory(forceFullCollection: true) / 1e6:F1} MB of objects, "
                    + $"{Process.GetCurrentProcess().PrivateMemorySize64 / 1e6:F0} MB of the process, "
                    + $"{Environment.WorkingSet / 1e6:F0} MB resident");
            }
        }

        Collect();
        Assert.InRange(programs.Where(one => one.IsAlive).Select(one => one.Target).Distinct().Count(), 1, Most);
    }

    /// <summary>In a method of its own, whose locals are gone when it returns.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (float[] Outputs, WeakReference Program) Ask(CompiledNetwork net, int height, int width)
    {
        CompiledNetwork sized = net.At(height, width);
        return (SizedNetworks.Outputs(sized, 1), new WeakReference(sized.Program));
    }

    private static void Collect()
    {
        // The loader frees an assembly some collections after its last object.
        for (int i = 0; i < 5; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
