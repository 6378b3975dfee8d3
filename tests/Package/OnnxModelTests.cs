using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Package.Tests;

/// <summary>The command <c>strata</c> and the item <c>OnnxModel</c>, as users install them.</summary>
public sealed class OnnxModelTests(PackageFixture package)
{
    private const string Network = """
        using Strata;

        namespace Demo;

        [Network, Input(1, 8, 8)]
        [Conv2D(4, 3, Padding = 1), ReLU, MaxPool2D(2)]
        [Flatten, Dense(3)]
        public partial class Small;

        """;

    /// <summary>Computes the outputs of one picture, and prints them.</summary>
    private const string Print = """
        float[] picture = new float[Small.InputLength], outputs = new float[Small.OutputLength];
        for (int i = 0; i < picture.Length; i++)
        {
            picture[i] = i % 7 / 7f;
        }

        network.Forward(picture, outputs);
        System.Console.WriteLine(System.FormattableString.Invariant($"outputs {outputs[0]} {outputs[1]} {outputs[2]}"));

        """;

    [Fact]
    public async Task A_network_is_exported_and_comes_back_when_another_project_is_built()
    {
        string folder = package.NewFolder("onnx");
        string tool = await InstallAsync(folder);
        float[] expected = await ExportAsync(folder, tool);

        string app = Path.Combine(folder, "In");
        Write(app, "In.csproj", Project("Strata.Onnx", """
                <OnnxModel Include="models/small.onnx" Name="Small" Namespace="Demo" />
            """));
        Write(app, "Program.cs", """
            using Demo;
            using Strata;

            var network = new Small(new NetworkOptions { Weights =
                System.IO.Path.Combine(System.AppContext.BaseDirectory, "Small.safetensors") });

            """ + Print);
        float[] actual = OutputsOf(await Cli.DotnetAsync(app, "run", "-c", "Release"));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));

        // Nothing has changed.
        string again = await Cli.DotnetAsync(app, "build", "-c", "Release", "--no-restore");
        Assert.DoesNotContain("Importing", again, StringComparison.Ordinal);

        // A number of an input that the file does not have.
        Write(app, "In.csproj", Project("Strata.Onnx", """
                <OnnxModel Include="models/small.onnx" Name="Small" Namespace="Demo" Constants="rate=8000" />
            """));
        (int wrong, string message) = await Cli.RunAsync(app, "dotnet", "build", "-c", "Release", "--no-restore");
        Assert.Equal(1, wrong);
        Assert.Contains("there is no input 'rate' (--constant)", message, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(app, "models", "small.onnx"), "no model", TestContext.Current.CancellationToken);
        (int code, string output) = await Cli.RunAsync(app, "dotnet", "build", "-c", "Release", "--no-restore");
        Assert.Equal(1, code);
        Assert.Matches(@"In\.csproj\(\d+,\d+\): error STRATA101: ", output);

        // What was made of an item goes with it.
        Write(app, "In.csproj", Project("Strata.Onnx", ""));
        Write(app, "Program.cs", "System.Console.WriteLine();\n");
        await Cli.DotnetAsync(app, "build", "-c", "Release", "--no-restore");
        Assert.Empty(Directory.EnumerateFiles(app, "Small.*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task An_edited_class_is_kept_unless_it_is_forced()
    {
        string folder = package.NewFolder("onnx-tool");
        string tool = await InstallAsync(folder);
        await ExportAsync(folder, tool);
        string app = Path.Combine(folder, "In"), source = Path.Combine(app, "Models", "Again.cs");
        string[] import = ["import", "models/small.onnx", "--name", "Again", "--namespace", "Demo", "--output", "Models"];
        Assert.Equal(0, (await Cli.RunAsync(app, tool, import)).Code);
        string written = await File.ReadAllTextAsync(source, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await Cli.RunAsync(app, tool, import)).Code);

        await File.WriteAllTextAsync(source, written.Replace("ReLU", "SiLU", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        (int code, string output) = await Cli.RunAsync(app, tool, import);
        Assert.Equal(1, code);
        Assert.Contains("Again.cs", output, StringComparison.Ordinal);
        Assert.Contains("SiLU", await File.ReadAllTextAsync(source, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(0, (await Cli.RunAsync(app, tool, [.. import, "--force"])).Code);
        Assert.Equal(written, await File.ReadAllTextAsync(source, TestContext.Current.CancellationToken));

        (code, output) = await Cli.RunAsync(app, tool, "import", "nothing.onnx");
        Assert.Equal((1, "There is no file 'nothing.onnx'."), (code, output.Trim()));
        Assert.Equal(2, (await Cli.RunAsync(app, tool, "import", "models/small.onnx", "--input", "3,x")).Code);
        Assert.Equal(2, (await Cli.RunAsync(app, tool, "import")).Code);
        Assert.Equal(2, (await Cli.RunAsync(app, tool, "implode")).Code);

        // Alone, it shows what there is.
        (code, output) = await Cli.RunAsync(app, tool);
        Assert.Equal(0, code);
        Assert.Matches(@"(?s)import .*export ", output);
    }

    /// <summary>Installs the command.</summary>
    /// <returns>Its path.</returns>
    private static async Task<string> InstallAsync(string folder)
    {
        await Cli.DotnetAsync(folder, "tool", "install", "Strata.Tool", "--tool-path", "tool", "--version", PackageFixture.Version);
        return Path.Combine(folder, "tool", OperatingSystem.IsWindows() ? "strata.exe" : "strata");
    }

    /// <summary>Makes an app with a network and weights, and exports the network to In/models/small.onnx.</summary>
    /// <returns>What the network computes.</returns>
    private static async Task<float[]> ExportAsync(string folder, string tool)
    {
        string app = Path.Combine(folder, "Out");
        Write(app, "Out.csproj", Project("Strata", ""));
        Write(app, "Small.cs", Network);
        Write(app, "Program.cs", """
            using Demo;

            var network = new Small(seed: 1);
            network.Save("small.safetensors");

            """ + Print);
        float[] outputs = OutputsOf(await Cli.DotnetAsync(app, "run", "-c", "Release"));
        Directory.CreateDirectory(Path.Combine(folder, "In", "models"));
        string[] export =
        [
            "export", "bin/Release/net10.0/Out.dll", "Demo.Small", "--weights", "small.safetensors", "--output", "../In/models/small.onnx",
        ];
        (int code, string output) = await Cli.RunAsync(app, tool, export);
        Assert.True(code == 0, output);

        export[2] = "Demo.Large";
        (code, output) = await Cli.RunAsync(app, tool, export);
        Assert.Equal(
            (1, "'bin/Release/net10.0/Out.dll' has no class 'Demo.Large'. Its networks are Demo.Small."), (code, output.Trim()));
        (code, output) = await Cli.RunAsync(app, tool, "describe", "bin/Release/net10.0/Out.dll");
        Assert.True(code == 0 && output.StartsWith("Small\n", StringComparison.Ordinal), output);
        Assert.Contains("\nactivations: ", output, StringComparison.Ordinal);
        return outputs;
    }

    private static float[] OutputsOf(string printed) =>
    [
        .. printed.Split('\n').Single(line => line.StartsWith("outputs ", StringComparison.Ordinal)).Trim().Split(' ').Skip(1)
            .Select(number => float.Parse(number, CultureInfo.InvariantCulture)),
    ];

    private static string Project(string reference, string items) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <OutputType>Exe</OutputType>
            <StrataTiers>vector128</StrataTiers>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="{reference}" Version="{PackageFixture.Version}" />
            {items.Trim()}
          </ItemGroup>
        </Project>

        """;

    private static void Write(string folder, string name, string text)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, name), text);
    }
}
