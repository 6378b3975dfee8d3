using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Strata.Compiler.Emission;
using Xunit;

namespace Strata.Numerics.Tests.Building;

/// <summary>The folder in which compiled networks are kept.</summary>
public sealed class NetworkCacheTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("strata-cache-").FullName;
    private readonly List<string> _problems = [];

    private string Folder => Path.Combine(_parent, "cache");

    private CompileOptions Options => new() { CacheFolder = Folder, CacheProblem = _problems.Add };

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows() && Directory.Exists(Folder))
        {
            File.SetUnixFileMode(Folder, (UnixFileMode)Convert.ToInt32("700", 8));
        }

        Directory.Delete(_parent, recursive: true);
    }

    private static NetworkBuilder Small => new NetworkBuilder(2, 6, 6).Conv2D(4, 3).ReLU().Flatten().Dense(3).Softmax().CrossEntropy();

    private string[] Files => Directory.Exists(Folder) ? [.. Directory.EnumerateFiles(Folder).Order(StringComparer.Ordinal)] : [];

    private static float[] Outputs(CompiledNetwork network)
    {
        float[] outputs = new float[network.OutputLength];
        network.Forward([.. Enumerable.Range(0, network.InputLength).Select(i => MathF.Sin(i))], outputs);
        return outputs;
    }

    private float[] Compile(NetworkBuilder? builder = null, CompileOptions? compile = null, Isa? isa = null)
    {
        using CompiledNetwork network = (builder ?? Small).Compile(new NetworkOptions { Seed = 5, Isa = isa }, compile ?? Options);
        return Outputs(network);
    }

    private static float[] Expected()
    {
        using CompiledNetwork network = Small.Compile(new NetworkOptions { Seed = 5 });
        return Outputs(network);
    }

    [Fact]
    public void A_network_that_was_compiled_before_comes_from_its_file()
    {
        Assert.Equal(Expected(), Compile());
        string file = Assert.Single(Files);
        DateTime then = DateTime.UtcNow.AddDays(-3);
        byte[] bytes = File.ReadAllBytes(file);
        File.SetLastWriteTimeUtc(file, then);
        Assert.Equal(Expected(), Compile());
        Assert.Equal(file, Assert.Single(Files));
        Assert.Equal(bytes, File.ReadAllBytes(file));
        Assert.True(File.GetLastWriteTimeUtc(file) > then.AddDays(1), "its use is marked");
        Assert.Empty(_problems);
    }

    [Fact]
    public void What_changes_the_code_changes_the_key()
    {
        CompileOptions options = Options;
        (NetworkBuilder Builder, CompileOptions Compile, Isa Isa)[] cases =
        [
            (Small, options, Isa.Vector128), (Small, options, Tiers.Supported[0]), (Small, options with { Name = "Other" }, Isa.Vector128),
            (Small, options with { Trains = false }, Isa.Vector128), (Small, options with { InputGradient = true }, Isa.Vector128),
            (Small, options with { Observable = true }, Isa.Vector128), (Small, options with { Recompute = true }, Isa.Vector128),
            (Small, options with { Winograd = false }, Isa.Vector128),
            (new NetworkBuilder(2, 6, 7).Conv2D(4, 3).ReLU().Flatten().Dense(3).Softmax().CrossEntropy(), options, Isa.Vector128),
            (new NetworkBuilder(6).Elementwise(x => x * 2), options, Isa.Vector128),
            (new NetworkBuilder(6).Elementwise(x => x * 3), options, Isa.Vector128),
            (new NetworkBuilder(6).Block("a", b => b.Dense(3)), options, Isa.Vector128),
            (new NetworkBuilder(6).Block("a", b => b.Dense(4)), options, Isa.Vector128),
        ];
        string[] Keys() => [.. cases.Select(one => NetworkKey.Of(
            one.Builder.Declaration(one.Compile), one.Isa, one.Compile.Trains))];
        Assert.Equal(Tiers.Supported[0] == Isa.Vector128 ? cases.Length - 1 : cases.Length, Keys().Distinct().Count());
        Assert.Equal(Keys(), Keys());
    }

    [Theory]
    [InlineData("damaged")]
    [InlineData("truncated")]
    [InlineData("empty")]
    [InlineData("of another network")]
    [InlineData("of no network")]
    public void A_file_that_is_not_what_was_written_is_replaced(string kind)
    {
        Compile();
        string file = Assert.Single(Files);
        byte[] whole = File.ReadAllBytes(file), wrong = [.. whole];
        switch (kind)
        {
            case "damaged":
                wrong[wrong.Length / 2] ^= 1;
                break;
            case "truncated":
                wrong = wrong[..^100];
                break;
            case "empty":
                wrong = [];
                break;
            case "of another network":
                Compile(new NetworkBuilder(5).Dense(3));
                string other = Assert.Single(Files, one => one != file);
                wrong = File.ReadAllBytes(other);
                File.Delete(other);
                break;
            default:
                wrong = File.ReadAllBytes(typeof(NetworkBuilder).Assembly.Location);
                break;
        }

        File.WriteAllBytes(file, wrong);
        Assert.Equal(Expected(), Compile());
        Assert.Contains("is damaged, or is no file of the cache", Assert.Single(_problems), StringComparison.Ordinal);
        Assert.NotEqual(wrong, File.ReadAllBytes(file));
        Assert.Equal(Expected(), Compile());
        Assert.Single(_problems);
    }

    [Theory]
    [InlineData("770", "600")]
    [InlineData("702", "600")]
    [InlineData("700", "620")]
    [InlineData("700", "602")]
    public void Nothing_is_loaded_that_others_may_write_unless_the_user_says_so(string folder, string file)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other permissions.");
        Compile();
        string path = Assert.Single(Files);
        DateTime then = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        Allow(path, file);
        File.SetLastWriteTimeUtc(path, then);
        Allow(Folder, folder);
        Compile(compile: Options with { TrustCacheFolder = true });
        Assert.NotEqual(then, File.GetLastWriteTimeUtc(path));
        Assert.Empty(_problems);

        File.SetLastWriteTimeUtc(path, then);
        Assert.Equal(Expected(), Compile());
        Assert.Contains("others may write", _problems[0], StringComparison.Ordinal);
        if (folder == "700")
        {
            // The file is replaced by one of this user's only.
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf(path));
            Assert.Equal(Expected(), Compile());
            Assert.Single(_problems);
        }
        else
        {
            Assert.Equal(then, File.GetLastWriteTimeUtc(path));
        }
    }

    [Fact]
    public void Nothing_is_loaded_that_belongs_to_another_user()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other permissions.");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root gives files away.");
        Compile();
        Run("chown", "12345", Folder);
        Assert.Equal(Expected(), Compile());
        Assert.Contains("belongs to the user 12345, and this process to 0", _problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_for_this_user_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other permissions.");
        Compile();
        Assert.Equal((UnixFileMode)Convert.ToInt32("700", 8), ModeOf(Folder));
        Assert.Equal((UnixFileMode)Convert.ToInt32("600", 8), ModeOf(Assert.Single(Files)));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_does_not_fail_the_compilation()
    {
        // No folder can be made below a file, whoever asks.
        File.WriteAllText(Path.Combine(_parent, "file"), "");
        string folder = Path.Combine(_parent, "file", "cache");
        Assert.Equal(Expected(), Compile(compile: Options with { CacheFolder = folder }));
        Assert.Contains("cannot be written", Assert.Single(_problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_does_not_fail_the_compilation()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root mounts a small disk.");
        Directory.CreateDirectory(Folder);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=4k,mode=700", "tmpfs", Folder) == 0, "No disk can be mounted here.");
        try
        {
            Assert.Equal(Expected(), Compile());
            Assert.Contains("cannot be written", Assert.Single(_problems), StringComparison.Ordinal);
            Assert.Empty(Files);
        }
        finally
        {
            Run("umount", Folder);
        }
    }

    [Fact]
    public async Task Compilations_of_one_network_at_the_same_time_leave_one_whole_file()
    {
        using var start = new Barrier(4);
        float[][] outputs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return Compile(compile: Options with { CacheProblem = null });
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.All(outputs, one => Assert.Equal(Expected(), one));
        Assert.Single(Files);
        Assert.Equal(Expected(), Compile());
        Assert.Empty(_problems);
    }

    [Fact]
    public void The_files_that_were_not_used_for_the_longest_time_are_removed()
    {
        const int Length = 1000;
        var cache = new NetworkCache(Options with { MaxCacheSize = (3 * Length) + 200 });
        string[] keys = [.. Enumerable.Range(0, 5).Select(i => new string((char)('a' + i), 64))];
        for (int i = 0; i < 3; i++)
        {
            cache.Add(keys[i], new byte[Length]);
            File.SetLastWriteTimeUtc(Path.Combine(Folder, keys[i] + ".dll"), DateTime.UtcNow.AddHours(i - 10));
        }

        string mine = Path.Combine(Folder, "notes.dll");
        File.WriteAllBytes(mine, new byte[Length]);
        Assert.NotNull(cache.Find(keys[0]));
        cache.Add(keys[3], new byte[Length]);
        Assert.Equal([true, false, true, true], keys.Take(4).Select(key => cache.Find(key) is not null));
        Assert.True(File.Exists(mine), "What is not the cache's is left alone.");
        Assert.Empty(_problems);
    }

    [Fact]
    public void A_network_with_an_error_tells_it_with_a_cache_too()
    {
        Assert.Throws<NetworkException>(() => Compile(new NetworkBuilder(2, 3, 3).Conv2D(1, 5)));
        Assert.Empty(Files);
    }

    [Fact]
    public void Limits_hold_with_a_cache_too()
    {
        NetworkException layers = Assert.Throws<NetworkException>(() => Compile(compile: Options with { MaxLayers = 2 }));
        Assert.Contains(nameof(CompileOptions.MaxLayers), layers.Message, StringComparison.Ordinal);
        Assert.Empty(Files);
        Compile();
        NetworkException memory = Assert.Throws<NetworkException>(() => Compile(compile: Options with { MaxMemory = 100 }));
        Assert.Contains(nameof(CompileOptions.MaxMemory), memory.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_size_has_a_file_of_its_own()
    {
        NetworkBuilder builder = new NetworkBuilder(2, 6, 6).Conv2D(4, 3).ReLU().GlobalAveragePool2D().Flatten().Dense(3);
        float[] Sized(CompileOptions? compile)
        {
            using CompiledNetwork network = builder.Compile(new NetworkOptions { Seed = 5 }, compile);
            return Outputs(network.At(8, 10));
        }

        Assert.Equal(Sized(null), Sized(Options));
        string[] files = Files;
        Assert.Equal(2, files.Length);
        Assert.Equal(Sized(null), Sized(Options));
        Assert.Equal(files, Files);
        Assert.Empty(_problems);
    }

    private static void Allow(string path, string mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, 8));
        }
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);

    private static int Run(string command, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
