using System;
using System.IO;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Strata.KernelBuild;

/// <summary>
/// Finds the compiler and the runtime where the package Strata has them for other reasons: among the analyzers, and as its library.
/// </summary>
internal static class PackageAssemblies
{
    private static readonly string Package = Path.Combine(AppContext.BaseDirectory, "..", "..");

#pragma warning disable CA2255 // It must run before a method is compiled that uses one of these assemblies.
    [ModuleInitializer]
#pragma warning restore CA2255
    public static void Find() => AssemblyLoadContext.Default.Resolving += (context, name) => Load(context, name);

    private static Assembly? Load(AssemblyLoadContext context, AssemblyName name)
    {
        foreach (string folder in (ReadOnlySpan<string>)["analyzers/dotnet/cs", "lib/net10.0"])
        {
            string file = Path.GetFullPath(Path.Combine(Package, folder, name.Name + ".dll"));
            if (File.Exists(file))
            {
                return context.LoadFromAssemblyPath(file);
            }
        }

        return null;
    }
}
