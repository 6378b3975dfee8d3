using System;
using System.ComponentModel;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Strata.CompilerServices;

/// <summary>
/// The programs of classes whose kernels a step of the build has compiled (<c>&lt;StrataKernels>il&lt;/StrataKernels></c>).
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SavedPrograms
{
    private static readonly ConditionalWeakTable<Assembly, ProgramSet> Known = new();

    /// <summary>Creates the program of a tier. Generated code calls this.</summary>
    /// <param name="kernels">A type of the assembly with the network's kernels; null if there is none.</param>
    /// <param name="network">The full name of the network's class.</param>
    /// <param name="hash">A hash of what the class declares.</param>
    /// <param name="isa">The tier.</param>
    /// <exception cref="BadImageFormatException">
    /// The assembly is damaged, or was compiled for another version of Strata or from other declarations.
    /// </exception>
    /// <exception cref="InvalidOperationException">The build has not compiled the kernels.</exception>
    public static NetworkProgram Create(Type? kernels, string network, string hash, Isa isa)
    {
        Assembly assembly = kernels?.Assembly ?? throw new InvalidOperationException(
            $"The kernels of {network} are not compiled: the build step of <StrataKernels>il</StrataKernels> did not run. Build again.");
        ProgramSet programs = Known.GetValue(assembly, one => ProgramSet.Read(one, one.GetName().Name!));
        return programs.Network == IdentityOf(network, hash) ? programs.Program(isa, assembly.ManifestModule)
            : throw new BadImageFormatException(
                $"{assembly.GetName().Name} has the kernels of another build than {network}. "
                + "Build again, and deploy all files of a build.");
    }

    /// <summary>The class with a hash of what it declares, as the assembly of its kernels has it.</summary>
    internal static string IdentityOf(string network, string hash) => $"{network} {hash}";
}
