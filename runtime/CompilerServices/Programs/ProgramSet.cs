using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Strata.CompilerServices;

/// <summary>The programs of an assembly: what they tell the runtime besides their methods.</summary>
/// <param name="Version">The version of the runtime that the methods call.</param>
/// <param name="Programs">One for each tier, and one for each other storage of weights.</param>
/// <param name="Network">The class that the programs are of, with a hash of what it declares; empty if they are of no class.</param>
internal sealed record ProgramSet(string Version, IReadOnlyList<ProgramFacts> Programs, string Network = "")
{
    /// <summary>The assembly's resource that has this.</summary>
    public const string Resource = "Strata.Programs";

    /// <summary>The version of this runtime.</summary>
    public static string ThisVersion { get; } = typeof(NetworkProgram).Assembly.GetName().Version!.ToString();

    /// <summary>Writes it for the resource.</summary>
    public byte[] ToArray()
    {
        using var bytes = new MemoryStream();
        var stream = ValueStream.To(bytes);
        stream.Text(Version);
        stream.Text(Network);
        stream.List(Programs, SavedFacts.Program);
        return bytes.ToArray();
    }

    /// <summary>Reads what an assembly says of its programs.</summary>
    /// <param name="assembly">An assembly that was saved.</param>
    /// <param name="place">Where it is from, for messages.</param>
    /// <exception cref="BadImageFormatException">It has none, or some for another version of the runtime.</exception>
    public static ProgramSet Read(Assembly assembly, string place) => Read(assembly, Resource, place, stream =>
    {
        string version = stream.Text(null);
        if (version != ThisVersion)
        {
            throw new BadImageFormatException(
                $"{place} was compiled for Strata {version}; this is {ThisVersion}. Compile the network again.");
        }

        string network = stream.Text(null);
        return new ProgramSet(version, stream.List<ProgramFacts>(null, SavedFacts.Program), network);
    });

    /// <summary>Reads a resource.</summary>
    /// <exception cref="BadImageFormatException">There is none, or it is damaged.</exception>
    public static T Read<T>(Assembly assembly, string resource, string place, Func<ValueStream, T> read)
    {
        using Stream bytes = assembly.GetManifestResourceStream(resource)
            ?? throw new BadImageFormatException($"{place} has no compiled network: NetworkCompiler.SaveAssembly writes one.");
        try
        {
            return read(ValueStream.From(bytes));
        }
        catch (Exception e) when (e is IOException or InvalidDataException or FormatException)
        {
            throw new BadImageFormatException($"{place}: the description of its network is damaged: {e.Message}", e);
        }
    }

    /// <summary>The program of a tier.</summary>
    /// <param name="isa">The tier.</param>
    /// <param name="code">The module with its methods.</param>
    public AssemblyProgram Program(Isa isa, Module code)
    {
        ProgramFacts facts = Facts(isa, WeightStorage.Float32);
        return new AssemblyProgram(
            facts, code, facts.OtherWeights is { } other ? new(() => new AssemblyProgram(Facts(isa, other), code)) : null);
    }

    private ProgramFacts Facts(Isa isa, WeightStorage weights) =>
        Programs.First(program => program.Isa == isa && program.Weights == weights);
}
