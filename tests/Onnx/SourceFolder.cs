using System.Linq;
using System.Reflection;

namespace Strata.Onnx.Tests;

/// <summary>The folder of this project in the checkout, where snapshots are compared and accepted.</summary>
internal static class SourceFolder
{
    public static string Path { get; } = typeof(SourceFolder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ProjectDirectory").Value!;
}
