using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests.Building;

/// <summary>Networks that stand in files, and whose code and parameters are in a folder.</summary>
public sealed class NetworkSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("strata-sources-").FullName;
    private readonly List<string> _problems = [];
    private string _identity = "one";
    private int _reads, _sizes;
    private bool _isWhole = true;

    private CompileOptions Options => new() { Name = "Small", CacheFolder = _folder, CacheProblem = _problems.Add };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File(string extension) => Assert.Single(Directory.EnumerateFiles(_folder, "*" + extension));

    private static NetworkBuilder Small(params int[] size) =>
        new NetworkBuilder([2, .. size]).Conv2D(4, 3).BatchNorm().ReLU().GlobalAveragePool2D().Flatten().Dense(3).Softmax().CrossEntropy();

    private NetworkSource Source => new(
        "Small",
        () => [_identity],
        () =>
        {
            _reads++;
            return new NetworkContent(Small(6, 6), network => network.Initialize(_identity == "one" ? 7u : 8u), _isWhole);
        },
        size =>
        {
            _sizes++;
            return Small(size);
        });

    private CompiledNetwork Compile(CompileOptions? compile = null, NetworkOptions? options = null) =>
        Strata.NetworkCompiler.Compile(Source, compile ?? Options, options ?? new NetworkOptions { Threads = 1 });

    private static float[] Outputs(CompiledNetwork network)
    {
        float[] outputs = new float[network.OutputLength];
        network.Forward([.. Enumerable.Range(0, network.InputLength).Select(i => MathF.Sin(i))], outputs);
        return outputs;
    }

    private float[] OutputsOf(CompileOptions? compile = null, NetworkOptions? options = null)
    {
        using CompiledNetwork network = Compile(compile, options);
        return Outputs(network);
    }

    [Fact]
    public void What_is_in_the_folder_is_not_read_again()
    {
        float[] expected = OutputsOf(new CompileOptions { Name = "Small" });
        Assert.Equal(expected, OutputsOf());
        Assert.Equal(2, _reads);
        Assert.Equal(expected, OutputsOf());
        Assert.Equal(2, _reads);
        Assert.Empty(_problems);
    }

    [Fact]
    public void Another_file_has_another_network()
    {
        float[] one = OutputsOf();
        _identity = "two";
        float[] two = OutputsOf();
        Assert.NotEqual(one, two);
        Assert.Equal(two, OutputsOf());
        _identity = "one";
        Assert.Equal(one, OutputsOf());
        Assert.Equal(2, _reads);
    }

    [Theory]
    [InlineData(".values", "damaged")]
    [InlineData(".values", "damaged at its end")]
    [InlineData(".values", "truncated")]
    [InlineData(".values", "missing")]
    [InlineData(".dll", "damaged")]
    [InlineData(".dll", "missing")]
    public void What_is_not_whole_is_read_again_and_replaced(string extension, string kind)
    {
        float[] expected = OutputsOf();
        string file = File(extension);
        byte[] whole = System.IO.File.ReadAllBytes(file), wrong = [.. whole];
        wrong[kind == "damaged" ? wrong.Length / 2 : ^1] ^= 1;
        System.IO.File.Delete(file);
        if (kind != "missing")
        {
            System.IO.File.WriteAllBytes(file, kind == "truncated" ? wrong[..^4] : wrong);
            if (!OperatingSystem.IsWindows())
            {
                System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        Assert.Equal(expected, OutputsOf());
        Assert.Equal(2, _reads);
        Assert.Equal(kind == "missing" ? 0 : 1, _problems.Count(problem => problem.Contains("is damaged", StringComparison.Ordinal)));
        if (extension == ".values")
        {
            Assert.Equal(whole, System.IO.File.ReadAllBytes(file));
        }

        Assert.Equal(expected, OutputsOf());
        Assert.Equal(2, _reads);
    }

    [Fact]
    public void Weights_of_the_caller_do_not_become_those_of_the_file()
    {
        using CompiledNetwork other = Small(6, 6).Compile(new NetworkOptions { Seed = 11 });
        string weights = Path.Combine(_folder, "other.safetensors");
        other.Save(weights);
        Assert.Equal(Outputs(other), OutputsOf(options: new NetworkOptions { Weights = weights }));
        Assert.Empty(Directory.EnumerateFiles(_folder, "*.values"));
        float[] own = OutputsOf();
        Assert.NotEqual(Outputs(other), own);
        Assert.Equal(Outputs(other), OutputsOf(options: new NetworkOptions { Weights = weights }));
        Assert.Equal(own, OutputsOf());
    }

    [Fact]
    public void A_file_with_other_files_beside_it_is_not_kept()
    {
        _isWhole = false;
        Assert.Equal(OutputsOf(), OutputsOf());
        Assert.Equal(2, _reads);
        Assert.Empty(Directory.EnumerateFiles(_folder, "*.values"));
    }

    [Fact]
    public void Values_that_are_larger_than_half_of_the_folder_are_not_kept()
    {
        CompileOptions options = Options with { MaxCacheSize = 500 };
        Assert.Equal(OutputsOf(options), OutputsOf(options));
        Assert.Equal(2, _reads);
        Assert.Empty(Directory.EnumerateFiles(_folder, "*.values"));
    }

    [Fact]
    public void A_network_from_the_folder_has_sizes_trains_and_is_saved_as_any_other()
    {
        OutputsOf();
        using CompiledNetwork net = Compile(), plain = Compile(new CompileOptions { Name = "Small" });
        Assert.Equal(Outputs(plain.At(9, 8)), Outputs(net.At(9, 8)));
        Assert.Equal(2, _sizes);
        string path = Path.Combine(_folder, "small.dll"), expected = Path.Combine(_folder, "plain", "small.dll");
        Directory.CreateDirectory(Path.GetDirectoryName(expected)!);
        Strata.NetworkCompiler.SaveAssembly(net, path);
        Strata.NetworkCompiler.SaveAssembly(plain, expected);
        Assert.Equal(System.IO.File.ReadAllBytes(expected).Length, System.IO.File.ReadAllBytes(path).Length);
        using var trainer = (ClassificationTrainer)Trainer.For(net, 1, new Sgd(0.1f));
        float[] before = Outputs(net);
        trainer.Step([.. Enumerable.Range(0, net.InputLength).Select(i => MathF.Cos(i))], [1]);
        Assert.NotEqual(before, Outputs(net));
        Assert.Equal(before, OutputsOf());
    }

    [Fact]
    public void Limits_hold_for_what_is_in_the_folder()
    {
        OutputsOf();
        Assert.Contains(
            nameof(CompileOptions.MaxLayers), Assert.Throws<NetworkException>(() => Compile(Options with { MaxLayers = 2 })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            nameof(CompileOptions.MaxMemory), Assert.Throws<NetworkException>(() => Compile(Options with { MaxMemory = 100 })).Message,
            StringComparison.Ordinal);
    }
}
