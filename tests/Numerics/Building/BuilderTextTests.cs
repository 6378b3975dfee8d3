using System;
using System.IO;
using System.Linq;
using System.Reflection;
using Xunit;

namespace Strata.Numerics.Tests.Building;

/// <summary>The builder's methods say what the attributes say.</summary>
public sealed class BuilderTextTests
{
    [Fact]
    public void The_builders_methods_are_those_of_the_attributes()
    {
        string path = Path.Combine(ProjectFolder, "..", "..", "generator", "Emission", "Building", "NetworkBuilder.Layers.cs");
        string text = BuilderText.Write();
        if (Environment.GetEnvironmentVariable("STRATA_ACCEPT") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(text, File.ReadAllText(path));
    }

    private static string ProjectFolder => typeof(BuilderTextTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ProjectDirectory").Value!;
}
