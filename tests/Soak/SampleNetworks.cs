using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;

namespace Strata.Soak;

/// <summary>The networks of the samples, which must have been built.</summary>
internal static class SampleNetworks
{
    /// <summary>The sample of digits.</summary>
    public static string Digits => FileOf("Digits");

    /// <summary>The zoo.</summary>
    public static string Zoo => FileOf("Zoo");

    /// <summary>The networks in assemblies. Says so and returns null if a file is missing.</summary>
    public static IEnumerable<Type>? Find(params string[] files)
    {
        if (Array.Find(files, file => !File.Exists(file)) is { } missing)
        {
            Console.Error.WriteLine(
                $"There is no {Path.GetFullPath(missing)}. Build samples/Digits and samples/Zoo first, with -c Release.");
            return null;
        }

        return files.SelectMany(NetworksOf);
    }

    private static string FileOf(string sample) => Path.Combine(
        typeof(SampleNetworks).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "ProjectDirectory").Value!,
        "..", "..", "samples", sample, "bin", "Release", "net10.0", sample + ".dll");

    private static IEnumerable<Type> NetworksOf(string file)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        AssemblyLoadContext context = AssemblyLoadContext.Default;
        context.Resolving += (_, name) => Path.Combine(folder, name.Name + ".dll") is { } path && File.Exists(path)
            ? context.LoadFromAssemblyPath(path) : null;
        return context.LoadFromAssemblyPath(Path.GetFullPath(file)).GetTypes()
            .Where(type => type.IsSubclassOf(typeof(CompiledNetwork)) && !type.IsAbstract && !type.IsGenericTypeDefinition)
            .OrderBy(type => type.Name, StringComparer.Ordinal);
    }
}
