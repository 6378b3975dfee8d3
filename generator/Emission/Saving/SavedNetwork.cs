using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Strata.CompilerServices;

namespace Strata.Compiler.Emission;

/// <summary>What an assembly with a compiled network says of it, besides its methods.</summary>
/// <param name="Version">The version of the runtime that the methods call.</param>
/// <param name="Info">The network. Its tiers are those of the programs.</param>
/// <param name="Programs">The programs: one for each tier, and one for each other storage of weights.</param>
internal sealed record SavedNetwork(string Version, NetworkInfo Info, IReadOnlyList<ProgramFacts> Programs)
{
    /// <summary>The assembly's resource that has this.</summary>
    public const string Resource = "Strata.Network";

    /// <summary>The version of this runtime.</summary>
    public static string ThisVersion { get; } = typeof(NetworkProgram).Assembly.GetName().Version!.ToString();

    /// <summary>Writes it for the resource.</summary>
    public byte[] ToArray()
    {
        using var bytes = new MemoryStream();
        var stream = ValueStream.To(bytes);
        stream.Text(Version);
        SavedInfo.Info(stream, Info);
        stream.List(Programs, SavedFacts.Program);
        return bytes.ToArray();
    }

    /// <summary>Reads what an assembly says of its network.</summary>
    /// <param name="place">Where the assembly is from, for messages.</param>
    /// <exception cref="BadImageFormatException">It has no network, or one for another version of the runtime.</exception>
    public static SavedNetwork Read(Assembly assembly, string place)
    {
        using Stream resource = assembly.GetManifestResourceStream(Resource)
            ?? throw new BadImageFormatException($"{place} has no compiled network: NetworkCompiler.SaveAssembly writes one.");
        var stream = ValueStream.From(resource);
        try
        {
            string version = stream.Text(null);
            return version == ThisVersion
                ? new SavedNetwork(version, SavedInfo.Info(stream, null), stream.List<ProgramFacts>(null, SavedFacts.Program))
                : throw new BadImageFormatException(
                    $"{place} was compiled for Strata {version}; this is {ThisVersion}. Compile the network again.");
        }
        catch (Exception e) when (e is IOException or InvalidDataException or FormatException)
        {
            throw new BadImageFormatException($"{place}: the description of its network is damaged: {e.Message}", e);
        }
    }

    /// <summary>The program of a tier.</summary>
    /// <param name="code">The module with its methods.</param>
    public EmittedProgram Program(Isa isa, Module code)
    {
        ProgramFacts facts = Facts(isa, WeightStorage.Float32);
        return new EmittedProgram(
            facts, code, facts.OtherWeights is { } other ? new(() => new EmittedProgram(Facts(isa, other), code)) : null);
    }

    private ProgramFacts Facts(Isa isa, WeightStorage weights) =>
        Programs.First(program => program.Isa == isa && program.Weights == weights);
}
