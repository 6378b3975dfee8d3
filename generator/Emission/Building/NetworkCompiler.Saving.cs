using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;
using Strata.Compiler.Declarations;
using Strata.Compiler.Emission;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.CompilerServices;

namespace Strata;

public static partial class NetworkCompiler
{
    /// <summary>Writes the code of a network as an assembly, which <see cref="LoadAssembly(string, NetworkOptions?)"/> loads.</summary>
    /// <remarks>
    /// The file has the code and the description of the network, but no weights: <see cref="CompiledNetwork.Save(string)"/> writes those.
    /// It is for the version of Strata that has written it.
    /// </remarks>
    /// <param name="network">A network that was compiled at run time. If it can be trained, that of the assembly can, too.</param>
    /// <param name="path">
    /// The file, whose name becomes the assembly's. It is replaced if it exists, and appears complete or not at all.
    /// </param>
    /// <param name="tiers">The tiers that the file is for; by default that of the network only.</param>
    /// <exception cref="ArgumentException">
    /// The network is a class, whose assembly has its code; or it comes from such a file. Or there are no tiers.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written. An existing file is unchanged.</exception>
    /// <exception cref="NetworkException">The network's memory is too large for one of the tiers.</exception>
    public static void SaveAssembly(CompiledNetwork network, string path, IReadOnlyList<Isa>? tiers = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (network is not BuiltNetwork { Declaration.Value: { } declaration, Trains: var trains })
        {
            throw new ArgumentException(
                $"{network.Info.Name} was not compiled here: it is a class, or comes from an assembly that has its code.", nameof(network));
        }

        Isa[] wanted = [.. (tiers ?? [network.Isa]).Distinct().OrderDescending()];
        if (wanted.Length == 0)
        {
            throw new ArgumentException("An assembly is for one tier at least.", nameof(tiers));
        }

        byte[] image = Image();
        AtomicFile.Write(path, stream => stream.Write(image));

        // Vectors of another tier may be longer, and its memory larger.
        byte[] Image()
        {
            try
            {
                return NetworkAssembly.Write(
                    Path.GetFileNameWithoutExtension(path), declaration.Name, GraphOf(declaration, CancellationToken.None),
                    [.. wanted.Select(TierOf)], trains, CancellationToken.None);
            }
            catch (NetworkTooLargeException exception)
            {
                throw new NetworkException(declaration.Name, exception);
            }
        }
    }

    /// <summary>Loads a network that <see cref="SaveAssembly"/> has written.</summary>
    /// <remarks>
    /// The file is code, which runs with all rights of this process: load it only if you trust whoever could have written it. Its code is
    /// freed when nothing refers to its networks any more.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="options">Tier, threads, seed and weights of the instance; null for the defaults.</param>
    /// <returns>The network. Whoever loads it disposes of it.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="BadImageFormatException">The file is no such assembly, is damaged, or is for another version of Strata.</exception>
    /// <exception cref="PlatformNotSupportedException">
    /// It is for other tiers than this machine's; or no code can be made here (<see cref="IsSupported"/>).
    /// </exception>
    public static CompiledNetwork LoadAssembly(string path, NetworkOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!IsSupported)
        {
            throw new PlatformNotSupportedException(
                $"{path} cannot be loaded: this process makes no code at run time (NativeAOT, or an interpreter). Reference the file when "
                + "the app is built, and pass its assembly.");
        }

        return LoadAssembly(NetworkAssembly.Load(File.ReadAllBytes(path)), path, options);
    }

    /// <summary>The network of an assembly that <see cref="SaveAssembly"/> has written, and that was loaded already.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="options">Tier, threads, seed and weights of the instance; null for the defaults.</param>
    /// <returns>The network. Whoever loads it disposes of it.</returns>
    /// <exception cref="BadImageFormatException">The assembly has no network, or one for another version of Strata.</exception>
    /// <exception cref="PlatformNotSupportedException">It is for other tiers than this machine's.</exception>
    public static CompiledNetwork LoadAssembly(Assembly assembly, NetworkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return LoadAssembly(assembly, assembly.GetName().Name!, options);
    }

    private static BuiltNetwork LoadAssembly(Assembly assembly, string place, NetworkOptions? options)
    {
        var saved = SavedNetwork.Read(assembly, place);
        return new BuiltNetwork(
            saved.Info, isa => saved.Program(isa, assembly.ManifestModule), options ?? new NetworkOptions(), initialize: null);
    }

    /// <summary>Compiles a network, or finds it in the folder of the options.</summary>
    /// <param name="limits">What compiling may cost. What is found costs nothing of it.</param>
    private static (NetworkInfo Info, Func<Isa, NetworkProgram> Program) CachedCodeOf(
        NetworkDeclaration declaration, CompileOptions compile, CompileLimits limits, Isa? wanted, CancellationToken cancellationToken)
    {
        var cache = new NetworkCache(compile);
        Isa isa = IsaSelection.For(declaration.Name, IsaSelection.All, wanted, declaration.Settings.Int8);
        string key = NetworkKey.Of(declaration, isa, compile.Trains);
        if (cache.Find(key) is not { } image)
        {
            image = ImageOf(declaration, key, isa, compile, limits, cancellationToken);
            cache.Add(key, image);
        }

        return CodeOf(image, declaration.Name);
    }

    /// <summary>The assembly of a network for the folder.</summary>
    private static byte[] ImageOf(
        NetworkDeclaration declaration, string key, Isa isa, CompileOptions compile, CompileLimits limits,
        CancellationToken cancellationToken)
    {
        NetworkGraph graph = limits.Check(GraphOf(declaration, cancellationToken));
        return NetworkAssembly.Write(key, declaration.Name, graph, [TierOf(isa)], compile.Trains, cancellationToken, limits.Code);
    }

    /// <summary>What an assembly of the folder has.</summary>
    private static (NetworkInfo Info, Func<Isa, NetworkProgram> Program) CodeOf(byte[] image, string name)
    {
        Assembly code = NetworkAssembly.Load(image);
        var saved = SavedNetwork.Read(code, name);
        return (saved.Info with { Tiers = IsaSelection.All }, isa => saved.Program(isa, code.ManifestModule));
    }
}
