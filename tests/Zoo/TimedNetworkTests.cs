using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Strata.Benchmarks.Layers;
using Xunit;
using Zoo;

namespace Strata.Zoo.Tests;

/// <summary>The networks that <c>layers</c> measures: a clock between the steps changes nothing else.</summary>
public sealed class TimedNetworkTests
{
    /// <summary>Few steps are calls one below the other, many a table.</summary>
    [Theory]
    [InlineData("lenet5", 1)]
    [InlineData("resnet20", 1)]
    [InlineData("lenet5", 18)]
    public void Each_step_is_timed_and_computes_what_it_did(string name, int batch)
    {
        Isa isa = IsaSelection.Default;
        ZooNetwork zoo = ZooNetwork.Find(name)!;
        var timed = new TimedNetwork(ZooSources.Compilation(zoo.Info.Name), zoo.Info.Name, isa);
        var options = new NetworkOptions { Isa = isa, Threads = 1, Seed = 1 };
        using CompiledNetwork plain = zoo.Create(options), clocked = timed.Create(options);
        float[] inputs = [.. Enumerable.Range(0, batch * plain.InputLength).Select(i => MathF.Sin(i))];
        float[] expected = new float[batch * plain.OutputLength], outputs = new float[expected.Length];
        plain.Forward(inputs, expected);
        long start = Stopwatch.GetTimestamp();
        clocked.Forward(inputs, outputs);
        double whole = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Assert.Equal(expected, outputs);

        (double[] seconds, double[] waits, long[] marks, long[] samples) = StepClock.Take();
        Assert.Equal(batch, samples.Sum());

        Assert.All(waits, wait => Assert.True(wait >= 0));
        HashSet<string> programs = [.. timed.Steps.Where((_, i) => samples[i] > 0).Select(step => step.Program)];
        Assert.All(timed.Steps.Zip(seconds), step => Assert.Equal(programs.Contains(step.First.Program), step.Second > 0));
        Assert.All(timed.Steps.Zip(marks), step => Assert.Equal(programs.Contains(step.First.Program), step.Second > 0));
        Assert.InRange(seconds.Sum() + waits.Sum(), 0, whole);
        long flops = timed.Steps.Where(step => step.Program == "InferSample").Sum(step => step.Flops);
        Assert.Equal(2 * plain.Info.Layers.Sum(layer => layer.MultiplyAdds), flops);
    }
}
