using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using Microsoft.CodeAnalysis;
using Strata.Benchmarks.Commands;
using Strata.Benchmarks.Layers;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Workers;

namespace Strata.Benchmarks.Published;

/// <summary>How an app is published: .NET's own names for the ways.</summary>
internal enum Host
{
    /// <summary>The benchmark's own process, whose code the JIT compiles.</summary>
    Jit,

    /// <summary>ReadyToRun.</summary>
    ReadyToRun,

    /// <summary>NativeAOT, for the instruction set of the tier.</summary>
    NativeAot,
}

/// <summary>An app with one network of the zoo, published into a folder of its own.</summary>
internal sealed class PublishedApp : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("strata-app-").FullName;

    /// <exception cref="WorkerException">It cannot be published.</exception>
    public PublishedApp(BenchmarkNetwork network, Host host, Isa isa)
    {
        string project = ProjectFolder.Find() ?? throw new UsageException("Run this in the repository.");
        string root = Path.GetFullPath(Path.Combine(project, "..", ".."));
        string name = network.Describe().Name;
        foreach (SyntaxTree tree in ZooSources.Compilation(name).SyntaxTrees)
        {
            File.WriteAllText(Path.Combine(_folder, Path.GetFileName(tree.FilePath)), tree.GetText().ToString());
        }

        string program = File.ReadAllText(Path.Combine(project, "Published", "Program.cs"));
        File.WriteAllText(Path.Combine(_folder, "Program.cs"), program.Replace("NETWORK", name, StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(_folder, "Directory.Build.props"), "<Project />");
        File.WriteAllText(Path.Combine(_folder, "App.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <InvariantGlobalization>true</InvariantGlobalization>
                {PropertiesOf(host, isa)}
              </PropertyGroup>
              <Import Project="{Path.Combine(root, "generator", "build", "Strata.Source.props")}" />
            </Project>
            """);
        Publish();
    }

    /// <summary>The program.</summary>
    public string Program => Path.Combine(_folder, "out", OperatingSystem.IsWindows() ? "App.exe" : "App");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string PropertiesOf(Host host, Isa isa) => host == Host.ReadyToRun
        ? $"<PublishReadyToRun>true</PublishReadyToRun><SelfContained>false</SelfContained><StrataTiers>{Tier.Name(isa)}</StrataTiers>"
        : "<PublishAot>true</PublishAot>" + isa switch
        {
            Isa.Avx512 => "<IlcInstructionSet>x86-64-v4</IlcInstructionSet>",
            Isa.Avx2 => "<IlcInstructionSet>x86-64-v3</IlcInstructionSet>",
            _ => "<StrataTiers>vector128</StrataTiers>",
        };

    private void Publish()
    {
        List<string> arguments = ["publish", "-c", "Release", "--use-current-runtime", "-o", "out", "-v", "quiet"];
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            Dispose();
            throw new WorkerException($"dotnet publish ended with {process.ExitCode}:\n{output}");
        }
    }
}
