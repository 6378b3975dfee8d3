using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Strata.Numerics.Tests;

/// <summary>The sources of the zoo's networks and of the sample of digits, in the namespace of the tests' own declarations.</summary>
internal static class ZooTexts
{
    /// <summary>All blocks, the declarations of some networks, and the network of the sample as <c>DigitsLeNet5</c>.</summary>
    /// <param name="networks">Names of files.</param>
    public static IEnumerable<string> Of(IEnumerable<string> networks)
    {
        string zoo = Path.Combine(AppContext.BaseDirectory, "Zoo"), digits = Path.Combine(AppContext.BaseDirectory, "Digits");
        return Directory.EnumerateFiles(zoo, "*.cs")
            .Concat(networks.Select(FileOf).Distinct().Select(name => Path.Combine(zoo, "Declarations", $"{name}.cs")))
            .Select(File.ReadAllText)
            .Append(File.ReadAllText(Path.Combine(digits, "LeNet5.cs")).Replace("LeNet5", "DigitsLeNet5"))
            .Select(text => text.Replace("namespace Zoo.Networks;", "namespace Declared;")
                .Replace("namespace Digits;", "namespace Declared;"));
    }

    private static string FileOf(string network) =>
        network.StartsWith("ResNet", StringComparison.Ordinal) && network != "ResNet20" ? "ResNet"
        : network.StartsWith("LeNet", StringComparison.Ordinal) ? "LeNet5" : network;
}
