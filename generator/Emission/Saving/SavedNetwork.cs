using System;
using System.IO;
using System.Reflection;
using Strata.CompilerServices;

namespace Strata.Compiler.Emission;

/// <summary>What an assembly with a compiled network says of it, besides its methods.</summary>
/// <param name="Info">The network. Its tiers are those of the programs.</param>
/// <param name="Programs">The programs.</param>
internal sealed record SavedNetwork(NetworkInfo Info, ProgramSet Programs)
{
    /// <summary>The assembly's resource that has <see cref="Info"/>.</summary>
    public const string Resource = "Strata.Network";

    /// <summary>Writes <see cref="Info"/> for the resource.</summary>
    public byte[] ToArray()
    {
        using var bytes = new MemoryStream();
        SavedInfo.Info(ValueStream.To(bytes), Info);
        return bytes.ToArray();
    }

    /// <summary>Reads what an assembly says of its network.</summary>
    /// <param name="place">Where the assembly is from, for messages.</param>
    /// <exception cref="BadImageFormatException">It has no network, or one for another version of the runtime.</exception>
    public static SavedNetwork Read(Assembly assembly, string place)
    {
        // First the programs, which know the version.
        var programs = ProgramSet.Read(assembly, place);
        return new SavedNetwork(ProgramSet.Read(assembly, Resource, place, stream => SavedInfo.Info(stream, null)), programs);
    }

    /// <inheritdoc cref="ProgramSet.Program"/>
    public AssemblyProgram Program(Isa isa, Module code) => Programs.Program(isa, code);
}
