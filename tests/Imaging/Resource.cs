using System.IO;

namespace Strata.Imaging.Tests;

/// <summary>Files that are parts of the tests' assembly.</summary>
internal static class Resource
{
    public static Stream Open(string name) => typeof(Resource).Assembly.GetManifestResourceStream(name)
        ?? throw new FileNotFoundException($"The tests have no resource '{name}'.");
}
