using System;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Digits;

/// <summary>Where things are: what the project file wrote into the assembly when it was built.</summary>
internal static class Place
{
    /// <summary>
    /// What the program writes stays with the project, so that any working directory finds it again; where the program was
    /// copied elsewhere, it stays in the current directory.
    /// </summary>
    public static string Weights => InProject("lenet5.safetensors");

    public static string Look => InProject("look.png");

    public static string Why => InProject("why.png");

    /// <summary>The folder into which the compiler wrote the generated source.</summary>
    public static string? GeneratedSource => Find("GeneratedSource");

    private static string InProject(string file) => Path.Combine(
        Find("ProjectDirectory") is { } project && Directory.Exists(project) ? project : Environment.CurrentDirectory, file);

    private static string? Find(string key) => typeof(Place).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == key)?.Value;
}
