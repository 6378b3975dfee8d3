using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Package.Tests;

/// <summary>The networks of the folder Hosts as an app, published for a host, and what they compute there.</summary>
public sealed class HostFixture(PackageFixture package) : IAsyncLifetime
{
    private const string Sources = "Hosts";

    private readonly Dictionary<string, Outputs> _references = [];
    private string _jit = "";

    public async ValueTask InitializeAsync()
    {
        (string folder, _) = await PublishAsync("jit");
        _jit = Path.Combine(folder, "App.dll");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Publishes the app.</summary>
    /// <param name="name">The host, as a folder's name.</param>
    /// <param name="arguments">What the command line says of it.</param>
    /// <returns>The folder with the app, and what the build printed.</returns>
    internal async Task<(string Folder, string Log)> PublishAsync(string name, params string[] arguments)
    {
        string folder = package.NewFolder(name);
        foreach (string file in Directory.GetFiles(Path.Combine(Repository.Path, "tests", "Package", Sources), "*.cs"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return await PublishAsync(folder, "App.csproj", "Microsoft.NET.Sdk", "<OutputType>Exe</OutputType>", "", arguments);
    }

    /// <summary>Publishes the page.</summary>
    internal async Task<string> PublishBrowserAsync()
    {
        string folder = package.NewFolder("browser"), sources = Path.Combine(Repository.Path, "tests", "Package", Sources);
        string[] files = ["Networks.cs", "Lion.cs", "Report.cs", "Browser/Program.cs", "Browser/wwwroot/index.html"];
        foreach (string file in files)
        {
            string path = Path.Combine(folder, file.Replace("Browser/", "", StringComparison.Ordinal));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(Path.Combine(sources, file), path);
        }

        const string Blazor = "<PackageReference Include=\"Microsoft.AspNetCore.Components.WebAssembly\" Version=\"10.0.12\" />";
        (string published, _) = await PublishAsync(folder, "Page.csproj", "Microsoft.NET.Sdk.BlazorWebAssembly", "", Blazor);
        return Path.Combine(published, "wwwroot");
    }

    /// <summary>What the JIT's program computes in a tier.</summary>
    internal async Task<Outputs> ReferenceAsync(string tier)
    {
        if (!_references.TryGetValue(tier, out Outputs? outputs))
        {
            (int code, string text) = await RunJitAsync(new() { ["STRATA_ISA"] = tier });
            Assert.True(code == 0, text);
            _references.Add(tier, outputs = Outputs.Parse(text));
            Assert.Equal(tier, outputs.Tier);
        }

        return outputs;
    }

    /// <summary>Runs the program that the JIT compiles.</summary>
    /// <param name="environment">Variables for it.</param>
    internal Task<(int Code, string Output)> RunJitAsync(Dictionary<string, string> environment) =>
        Cli.RunAsync(Path.GetDirectoryName(_jit)!, environment, "dotnet", _jit);

    private static async Task<(string Folder, string Log)> PublishAsync(
        string folder, string project, string sdk, string properties, string references, params string[] arguments)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, project), $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <InvariantGlobalization>true</InvariantGlobalization>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Strata" Version="{PackageFixture.Version}" />
                {references}
              </ItemGroup>
            </Project>

            """);
        string log = await Cli.DotnetAsync(folder, ["publish", "-c", "Release", "-o", "out", .. arguments]);
        return (Path.Combine(folder, "out"), log);
    }
}

/// <summary>A report of the app: the outputs of all networks, before and after training.</summary>
/// <param name="Tier">The tier that ran.</param>
/// <param name="Values">The outputs, by the network's name and <c>before</c>, <c>trained</c> or <c>sized</c>.</param>
internal sealed record Outputs(string Tier, IReadOnlyDictionary<string, float[]> Values)
{
    public static Outputs Parse(string report)
    {
        string[][] lines = [.. report.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Split(' '))];
        Assert.True(lines.Length == 11 && lines.All(line => line.Length == 4), report);
        return new Outputs(
            Assert.Single(lines.Select(line => line[1].ToLowerInvariant()).Distinct()),
            lines.ToDictionary(line => $"{line[0]} {line[2]}", line => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(
                Convert.FromHexString(line[3])).ToArray()));
    }

    /// <summary>Asserts that all outputs have the same bits as another host's.</summary>
    public void AreBitsOf(Outputs other) => Assert.All(Values, pair => Assert.Equal(
        other.Values[pair.Key].Select(BitConverter.SingleToUInt32Bits), pair.Value.Select(BitConverter.SingleToUInt32Bits)));

    /// <summary>
    /// Asserts that the outputs differ by rounding alone. Sums have up to 400 products, each rounded to 2⁻²⁴ of it: 400·2⁻²⁴ is 2.4e-5
    /// of the sum's absolute terms at worst, and 1e-5 of the largest output is what five layers of such sums stay below.
    /// </summary>
    public void AreNear(Outputs other) => Assert.All(Values, pair =>
    {
        float[] expected = other.Values[pair.Key];
        float largest = expected.Max(float.Abs);
        Assert.Equal(expected.Length, pair.Value.Length);
        Assert.All(expected.Zip(pair.Value), values => Assert.InRange(values.Second - values.First, -1e-5f * largest, 1e-5f * largest));
    });
}
