using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Strata.Compiler.Declarations;
using Strata.Compiler.Graph;
using Strata.CompilerServices;

namespace Strata.Compiler.Emission;

/// <summary>
/// A hash of all that a network's code depends on: what was declared, the tier, whether it trains, the compiler and the runtime. The CPU is
/// not among it: the compiler chooses for the CPU families of a tier, from tables of its own.
/// </summary>
internal static class NetworkKey
{
    /// <summary>The key as hexadecimal digits.</summary>
    public static string Of(NetworkDeclaration declaration, Isa isa, bool trains) =>
        Of([.. Machine(isa, trains), new NetworkText(declaration, Tiers: []).ToString()]);

    /// <summary>The key of a network with all its tiers, as a <see cref="NetworkText"/>.</summary>
    public static string Of(string text) => Of([.. Versions, text]);

    /// <summary>The key of a network that stands in a file.</summary>
    /// <param name="identity">What the network depends on, besides how it is compiled.</param>
    /// <param name="compile">How it is compiled.</param>
    /// <param name="isa">The tier.</param>
    public static string Of(IReadOnlyList<string> identity, CompileOptions compile, Isa isa) =>
        Of([.. Machine(isa, compile.Trains), compile.Name ?? "", compile.Settings.ToString(), .. identity]);

    private static string Of(IEnumerable<string> parts)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            // Each text with its length, so that no two lists of texts are the same bytes.
            foreach (string part in parts)
            {
                writer.Write(part);
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }

    private static IEnumerable<string> Machine(Isa isa, bool trains) =>
        [.. Versions, isa.ToString(), trains.ToString()];

    private static IEnumerable<string> Versions =>
        [.. Assemblies.Select(type => type.Module.ModuleVersionId.ToString()), Environment.Version.ToString()];

    /// <summary>A type of the compiler, of its back end, and of the runtime.</summary>
    private static Type[] Assemblies => [typeof(NetworkGraph), typeof(NetworkKey), typeof(NetworkProgram)];
}
