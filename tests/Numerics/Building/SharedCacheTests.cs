using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Numerics.Tests.Building;

/// <summary>The folder with compiled networks, which processes share.</summary>
public sealed class SharedCacheTests : IDisposable
{
    private const int Processes = 2, Networks = 6;
    private const string Variable = "STRATA_SHARED_CACHE", Ready = ".ready", Results = ".outputs";

    private readonly string _parent = Directory.CreateTempSubdirectory("strata-shared-cache-").FullName;

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public async Task Two_processes_that_begin_with_one_empty_folder_compute_the_same_and_leave_whole_files()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } parent)
        {
            Share(parent);
            return;
        }

        const string Test = nameof(Two_processes_that_begin_with_one_empty_folder_compute_the_same_and_leave_whole_files);
        await Task.WhenAll(Enumerable.Range(0, Processes).Select(
            _ => ChildProcess.Run(typeof(SharedCacheTests), Test, Variable, _parent)));
        byte[] expected = [.. Enumerable.Range(0, Networks).SelectMany(i => Outputs(i, new CompileOptions()))];
        string[] results = Directory.GetFiles(_parent, "*" + Results);
        Assert.Equal(Processes, results.Length);
        Assert.All(results, file => Assert.Equal(expected, File.ReadAllBytes(file)));

        // One file for each network: none is missing, damaged or left from writing.
        string cache = Path.Combine(_parent, "cache");
        Dictionary<string, byte[]> files = Directory.GetFiles(cache).ToDictionary(file => file, File.ReadAllBytes);
        Assert.Equal(Networks, files.Count);
        var problems = new List<string>();
        CompileOptions options = Options(_parent) with { CacheProblem = problems.Add };
        Assert.Equal(expected, Enumerable.Range(0, Networks).SelectMany(i => Outputs(i, options)));
        Assert.Empty(problems);
        Assert.All(Directory.GetFiles(cache), file => Assert.Equal(files[file], File.ReadAllBytes(file)));
    }

    /// <summary>What each of the processes does.</summary>
    private static void Share(string parent)
    {
        string own = Path.Combine(parent, Path.GetRandomFileName());
        File.WriteAllText(own + Ready, "");
        bool areAll = SpinWait.SpinUntil(
            () => Directory.GetFiles(parent, "*" + Ready).Length == Processes, TimeSpan.FromMinutes(2));
        Assert.True(areAll, "The other process has not begun.");
        var problems = new List<string>();
        CompileOptions options = Options(parent) with { CacheProblem = problems.Add };
        File.WriteAllBytes(own + Results, [.. Enumerable.Range(0, Networks).SelectMany(i => Outputs(i, options))]);
        Assert.Empty(problems);
    }

    private static CompileOptions Options(string parent) => new() { CacheFolder = Path.Combine(parent, "cache") };

    /// <summary>The outputs of one of several networks.</summary>
    private static byte[] Outputs(int index, CompileOptions compile)
    {
        using CompiledNetwork network = new NetworkBuilder(2, 6, 6).Conv2D(4 + index, 3).ReLU().Flatten().Dense(3)
            .Compile(new NetworkOptions { Seed = 5, Threads = 1 }, compile);
        float[] outputs = new float[network.OutputLength];
        network.Forward([.. Enumerable.Range(0, network.InputLength).Select(i => MathF.Sin(i))], outputs);
        return MemoryMarshal.AsBytes(outputs.AsSpan()).ToArray();
    }
}
