using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Strata.CompilerServices;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests.Building;

/// <summary>Networks that are saved as assemblies and loaded are those that were saved.</summary>
public sealed class SavedAssemblyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("strata-saved-").FullName;

    private string File => Path.Combine(_folder, "example.dll");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>It has arguments of all types, windows, several outputs, a function, and losses of both kinds of targets.</summary>
    internal static NetworkBuilder Example() => new NetworkBuilder(3, 12, 12)
        .Normalize([0.5, 0.25, 0.125], [0.5, 1, 2])
        .Conv2D(8, 3, autoPad: AutoPad.Same, bias: false, initializer: Initializer.HeNormal).BatchNorm().LeakyReLU(0.2)
        .Block("residual", b => b.Branches(x => x, x => x.Conv2D(8, 3, padding: 1)).Add().Elementwise(x => x * MathF.Tanh(x)), repeat: 2)
        .MaxPool2D(2).Flatten(name: "flat").Dropout(0.25)
        .Dense(5, name: "classes").CrossEntropy(labelSmoothing: 0.1).Output("scores")
        .Dense(2, from: "flat", name: "box").MeanSquaredError(weight: 0.5).Output("boxes");

    [Fact]
    public void The_same_network_makes_the_same_file()
    {
        byte[][] files = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            using CompiledNetwork network = Example().Compile(new NetworkOptions { Isa = Isa.Vector128 });
            Strata.NetworkCompiler.SaveAssembly(network, File);
            return System.IO.File.ReadAllBytes(File);
        })];
        Assert.Equal(files[0], files[1]);
        using var image = new PEReader(new MemoryStream(files[0]));
        MetadataReader metadata = image.GetMetadataReader();
        Assert.NotEqual(Guid.Empty, metadata.GetGuid(metadata.GetModuleDefinition().Mvid));
    }

    public static TheoryData<Isa> AllTiers() => [.. Tiers.Supported];

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_saved_network_computes_and_trains_with_the_bits_of_the_one_that_was_saved(Isa isa)
    {
        var options = new NetworkOptions { Isa = isa, Seed = 7, Threads = 2 };
        using CompiledNetwork built = Example().Compile(options);
        Strata.NetworkCompiler.SaveAssembly(built, File);
        using CompiledNetwork loaded = Strata.NetworkCompiler.LoadAssembly(File, options);
        Assert.Equal([isa], loaded.Info.Tiers);
        Assert.Equal(
            JsonSerializer.Serialize(built.Info), JsonSerializer.Serialize(loaded.Info with { Tiers = built.Info.Tiers }));
        Assert.Equal(built.Summary(), loaded.Summary());

        float[] images = [.. Enumerable.Range(0, 20 * built.InputLength).Select(i => MathF.Sin(i * 0.37f))];
        int[] classes = [.. Enumerable.Range(0, 20).Select(i => i % 5)];
        float[] boxes = [.. Enumerable.Range(0, 40).Select(i => MathF.Cos(i))];
        Assert.Equal(Outputs(built, images), Outputs(loaded, images));
        using var one = (MultiTaskTrainer)Trainer.For(built, 20, new Adam(0.01f));
        using var other = (MultiTaskTrainer)Trainer.For(loaded, 20, new Adam(0.01f));
        for (int step = 0; step < 5; step++)
        {
            Assert.Equal(one.Step(images, classes, boxes), other.Step(images, classes, boxes));
        }

        Assert.Equal(Outputs(built, images), Outputs(loaded, images));
    }

    [Fact]
    public void The_arguments_of_layers_keep_their_types()
    {
        using CompiledNetwork built = Example().Compile();
        Strata.NetworkCompiler.SaveAssembly(built, File);
        using CompiledNetwork loaded = Strata.NetworkCompiler.LoadAssembly(File);
        static IEnumerable<(string, Type)> Of(CompiledNetwork network) =>
            network.Info.Layers.SelectMany(layer => layer.Values).Select(one => (one.Name, one.Value.GetType()));
        Assert.Equal(Of(built), Of(loaded));
        Assert.Contains(Of(built), one => one.Item2.IsEnum);
        Assert.Contains(Of(built), one => one.Item2 == typeof(double[]));
    }

    [Fact]
    public void An_assembly_is_for_the_tiers_that_are_named()
    {
        using CompiledNetwork built = Example().Compile(new NetworkOptions { Isa = Isa.Vector128 });
        Strata.NetworkCompiler.SaveAssembly(built, File, [Isa.Vector128, Isa.Avx512]);
        using CompiledNetwork loaded = Strata.NetworkCompiler.LoadAssembly(File, new NetworkOptions { Isa = Isa.Vector128 });
        Assert.Equal([Isa.Avx512, Isa.Vector128], loaded.Info.Tiers);
        Assert.Contains("avx2", Assert.Throws<PlatformNotSupportedException>(
            () => Strata.NetworkCompiler.LoadAssembly(File, new NetworkOptions { Isa = Isa.Avx2 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Strata.NetworkCompiler.SaveAssembly(built, File, []));
    }

    [Fact]
    public void A_network_that_is_not_to_be_trained_is_saved_without_training()
    {
        using CompiledNetwork built = Example().Compile(compile: new CompileOptions { Trains = false });
        Strata.NetworkCompiler.SaveAssembly(built, File);
        using CompiledNetwork loaded = Strata.NetworkCompiler.LoadAssembly(File);
        Assert.Equal(0, loaded.Program.TrainingArenaLength);
    }

    [Fact]
    public void A_file_that_is_no_such_assembly_is_told_apart()
    {
        System.IO.File.WriteAllText(File, "no assembly");
        Assert.Throws<BadImageFormatException>(() => Strata.NetworkCompiler.LoadAssembly(File));
        System.IO.File.Copy(typeof(NetworkBuilder).Assembly.Location, File, overwrite: true);
        Assert.Contains("no compiled network", Assert.Throws<BadImageFormatException>(
            () => Strata.NetworkCompiler.LoadAssembly(File)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => Strata.NetworkCompiler.LoadAssembly(File + ".not"));
    }

    [Fact]
    public void An_assembly_that_is_loaded_has_the_name_of_its_file_and_is_not_saved_again()
    {
        using CompiledNetwork built = Example().Compile();
        Strata.NetworkCompiler.SaveAssembly(built, File);
        using CompiledNetwork loaded = Strata.NetworkCompiler.LoadAssembly(Assembly.Load(System.IO.File.ReadAllBytes(File)));
        Assert.Equal("example", ((AssemblyProgram)loaded.Program).Module.Assembly.GetName().Name);
        Assert.Contains("comes from an assembly", Assert.Throws<ArgumentException>(
            () => Strata.NetworkCompiler.SaveAssembly(loaded, File)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_code_of_a_loaded_network_stays_while_it_is_used_and_is_freed_afterwards()
    {
        WeakReference code = LoadAndRun();
        for (int i = 0; i < 10 && code.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(code.IsAlive);
    }

    /// <summary>In a method of its own, whose locals are gone when it returns.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference LoadAndRun()
    {
        using CompiledNetwork built = Example().Compile(new NetworkOptions { Seed = 3 });
        Strata.NetworkCompiler.SaveAssembly(built, File);
        using CompiledNetwork loaded = Strata.NetworkCompiler.LoadAssembly(File, new NetworkOptions { Seed = 3 });
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        // Nothing was called before: what these calls need is found now.
        float[] images = [.. Enumerable.Range(0, 3 * built.InputLength).Select(i => MathF.Sin(i))];
        Assert.Equal(Outputs(built, images), Outputs(loaded, images));
        return new WeakReference(((AssemblyProgram)loaded.Program).Module.Assembly);
    }

    private static float[] Outputs(CompiledNetwork network, float[] inputs)
    {
        float[] outputs = new float[inputs.Length / network.InputLength * network.OutputLength];
        network.Forward(inputs, outputs);
        return outputs;
    }
}
