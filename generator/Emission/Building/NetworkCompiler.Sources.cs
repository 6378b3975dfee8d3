using System;
using System.Threading;
using Strata.Compiler.Emission;
using Strata.CompilerServices;

namespace Strata;

public static partial class NetworkCompiler
{
    /// <summary>Compiles a network that stands in a file, or finds its code and its parameters in the folder of the options.</summary>
    /// <exception cref="NetworkException">The network breaks a rule.</exception>
    /// <exception cref="PlatformNotSupportedException">No code can be made here (<see cref="IsSupported"/>).</exception>
    internal static CompiledNetwork Compile(NetworkSource source, CompileOptions compile, NetworkOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(compile.MaxSizes, 1);
        if (compile.CacheFolder is null || !IsSupported)
        {
            return Compile(source, source.Read(), compile, options);
        }

        Isa isa = IsaSelection.For(source.Name, IsaSelection.All, options.Isa, compile.Int8);
        string key = NetworkKey.Of(source.Identity(), compile, isa);
        var cache = new NetworkCache(compile);
        if (cache.Find(key) is { } image)
        {
            return Cached(source, cache, key, image, compile, options);
        }

        NetworkContent content = source.Read();
        if (!content.IsWhole || NetworkKey.Of(source.Identity(), compile, isa) != key)
        {
            // Other files belong to it, or it has been written meanwhile.
            return Compile(source, content, compile, options);
        }

        var limits = new CompileLimits(source.Name, compile);
        image = limits.WithinTime(
            token => ImageOf(content.Layers.Declaration(compile), key, isa, compile, limits, token), CancellationToken.None);
        cache.Add(key, image);
        CompiledNetwork network = Load(source, image, compile, options, content.Initialize);
        if (options.Weights is null && options.WeightsStream is null)
        {
            cache.AddValues(key, network.Parameters);
        }

        return network;
    }

    private static CompiledNetwork Compile(NetworkSource source, NetworkContent content, CompileOptions compile, NetworkOptions options) =>
        content.Layers.Compile(options, compile, content.Initialize, source.At);

    /// <summary>The network of an assembly of the cache, with the parameters of the cache, or else those of the file.</summary>
    private static BuiltNetwork Cached(
        NetworkSource source, NetworkCache cache, string key, byte[] image, CompileOptions compile, NetworkOptions options) =>
        Load(source, image, compile, options, network =>
        {
            if (!cache.TryReadValues(key, network.Parameters))
            {
                source.Read().Initialize(network);
                cache.AddValues(key, network.Parameters);
            }
        });

    private static BuiltNetwork Load(
        NetworkSource source, byte[] image, CompileOptions compile, NetworkOptions options, Action<CompiledNetwork> initialize)
    {
        (NetworkInfo info, Func<Isa, NetworkProgram> program) = CodeOf(image, source.Name);
        var limits = new CompileLimits(source.Name, compile);
        limits.Check(info);
        var network = new BuiltNetwork(info, isa => limits.Check(program(isa)), options, initialize)
        {
            Declaration = new(() => source.Read().Layers.Declaration(compile)),
            Trains = compile.Trains,
        };
        network.HaveSizes(compile, options, extents => source.At(extents).Declaration(compile));
        return network;
    }
}
