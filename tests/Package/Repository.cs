using System.Linq;
using System.Reflection;

namespace Strata.Package.Tests;

/// <summary>Where the sources are, and how they were built.</summary>
internal static class Repository
{
    public static string Path => Metadata("Repository");

    public static string Configuration => Metadata("Configuration");

    private static string Metadata(string key) => typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
