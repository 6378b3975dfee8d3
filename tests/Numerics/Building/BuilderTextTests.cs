using System;
using System.IO;
using System.Runtime.CompilerServices;
using Xunit;

namespace Strata.Numerics.Tests.Building;

/// <summary>The builder's methods say what the attributes say.</summary>
public sealed class BuilderTextTests
{
    [Fact]
    public void The_builders_methods_are_those_of_the_attributes()
    {
        string path = Path.Combine(Folder(), "..", "..", "..", "generator", "Emission", "Building", "NetworkBuilder.Layers.cs");
        string text = BuilderText.Write();
        if (Environment.GetEnvironmentVariable("STRATA_ACCEPT") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(text, File.ReadAllText(path));
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
