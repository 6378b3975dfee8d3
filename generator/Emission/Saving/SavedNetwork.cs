using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.Json;
using Strata.CompilerServices;

namespace Strata.Compiler.Emission;

/// <summary>What an assembly with a compiled network says of it, besides its methods.</summary>
/// <param name="Version">The version of the runtime that the methods call.</param>
/// <param name="Info">The network. Its tiers are those of the programs.</param>
/// <param name="Programs">The programs: one for each tier, and one for each other storage of weights.</param>
internal sealed record SavedNetwork(string Version, NetworkInfo Info, IReadOnlyList<ProgramFacts> Programs)
{
    /// <summary>The assembly's resource that has this as JSON.</summary>
    public const string Resource = "Strata.Network.json";

    /// <summary>The version of this runtime.</summary>
    public static string ThisVersion { get; } = typeof(NetworkProgram).Assembly.GetName().Version!.ToString();

    /// <summary>Reads what an assembly says of its network.</summary>
    /// <param name="place">Where the assembly is from, for messages.</param>
    /// <exception cref="BadImageFormatException">It has no network, or one for another version of the runtime.</exception>
    public static SavedNetwork Read(Assembly assembly, string place)
    {
        using Stream resource = assembly.GetManifestResourceStream(Resource)
            ?? throw new BadImageFormatException($"{place} has no compiled network: NetworkCompiler.SaveAssembly writes one.");
        SavedNetwork saved;
        try
        {
            saved = JsonSerializer.Deserialize(resource, SavedNetworkJson.Default.SavedNetwork)!;
        }
        catch (JsonException e)
        {
            throw new BadImageFormatException($"{place}: the description of its network is damaged: {e.Message}", e);
        }

        return saved.Version == ThisVersion ? saved : throw new BadImageFormatException(
            $"{place} was compiled for Strata {saved.Version}; this is {ThisVersion}. Compile the network again.");
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
