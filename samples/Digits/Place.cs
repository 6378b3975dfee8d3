using System;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Digits;

/// <summary>Where things are: what the project file wrote into the assembly when it was built.</summary>
internal static class Place
{
    /// <summary>
    /// Weights stay with the project, so that any working directory finds them again; where the program was
    /// copied elsewhere, they stay in the current directory.
    /// </summary>
    public static string Weights => Path.Combine(
        Find("ProjectDirectory") is { } project && Directory.Exists(project) ? project : Environment.CurrentDirectory, "lenet5.safetensors");

    /// <summary>The folder into which the compiler wrote the generated source.</summary>
    public static string? GeneratedSource => Find("GeneratedSource");

    private static string? Find(string key) => typeof(Place).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == key)?.Value;
}
