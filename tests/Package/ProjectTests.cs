using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Package.Tests;

/// <summary>New projects that take the package as a user would: they build without a warning, run and publish.</summary>
public sealed class ProjectTests(PackageFixture package)
{
    /// <summary>Internal and sealed, since nobody references a program; a library's network is public.</summary>
    private const string Network = """
        using Strata;

        namespace Demo;

        /// <summary>Tells two kinds of pictures apart.</summary>
        [Network]
        [Input(1, 8, 8)]
        [Conv2D(4, 3, Padding = 1), ReLU, MaxPool2D(2)]
        [Flatten, Dense(2), Softmax]
        [CrossEntropy]
        internal sealed partial class Small;

        """;

    /// <summary>Trains on bright and dark pictures, saves, loads into a second instance, and prints what that one says.</summary>
    private const string Program = """
        using System;
        using System.Globalization;
        using System.IO;
        using Demo;
        using Strata.Training;

        float[] images = new float[8 * Small.InputLength];
        int[] labels = [0, 1, 0, 1, 0, 1, 0, 1];
        for (int i = 0; i < images.Length; i++)
        {
            images[i] = labels[i / Small.InputLength] == 1 ? 0.9f : 0.1f;
        }

        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var network = new Small(seed: 1);
            using var trainer = network.CreateTrainer(8, new Sgd(0.1));
            for (int step = 0; step < 100; step++)
            {
                trainer.Step(images, labels);
            }

            network.Save(file);
            using var loaded = new Small();
            loaded.Load(file);
            Span<float> probabilities = stackalloc float[Small.OutputLength];
            loaded.Forward(images.AsSpan(Small.InputLength, Small.InputLength), probabilities);
            Console.WriteLine(probabilities[1] > 0.9f ? "bright" : string.Create(CultureInfo.InvariantCulture, $"unsure: {probabilities[1]}"));
        }
        finally
        {
            File.Delete(file);
        }

        """;

    private const string Flowers = """
        using Strata;
        using Strata.Zoo;

        [Network, Input(3, 224, 224), ResNet50(classes: 5), CrossEntropy]
        public partial class Flowers;

        """;

    private const string FlowersProgram = """

        using var flowers = new Flowers(seed: 1);
        long numbers = flowers.Parameters.Sum(parameter => (long)parameter.Length);
        Console.WriteLine($"{Flowers.OutputLength} {numbers} {flowers.Parameters.First().Key}");

        """;

    /// <summary>The strictest settings of the SDK, apart from what asks a library author's questions of a program.</summary>
    private const string Strict = """
        <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
        <AnalysisLevel>latest-all</AnalysisLevel>
        <EnforceCodeStyleInBuild>true</EnforceCodeStyleInBuild>
        <GenerateDocumentationFile>true</GenerateDocumentationFile>
        <CheckForOverflowUnderflow>true</CheckForOverflowUnderflow>
        """;

    /// <summary>ResNet-50 has 25,557,032 parameters and 53,120 numbers of batch norm's statistics; the head has 995 classes less.</summary>
    private static readonly string FlowersOutput = $"5 {25_557_032 + 53_120 - (995 * 2049)} resNet501.conv1.weight";

    private static readonly string Executable = OperatingSystem.IsWindows() ? ".exe" : "";

    [Fact]
    public async Task A_console_program_builds_with_every_analyzer_and_runs()
    {
        string folder = package.NewFolder("console");
        Write(folder, "App.csproj", Project("Microsoft.NET.Sdk", $"<OutputType>Exe</OutputType>{Strict}", Reference));
        Write(folder, "Small.cs", Network);
        Write(folder, "Global.cs", """
            using Strata;

            /// <summary>Stands in no namespace.</summary>
            [Network, Input(4), Dense(2)]
            internal sealed partial class Tiny;

            """);
        Write(folder, "Program.cs", Program + "using var tiny = new Tiny();\ntiny.Initialize(seed: 2);\n");
        Assert.Equal("bright", (await Cli.DotnetAsync(folder, "run", "-c", "Release")).Trim());
    }

    /// <summary>NuGet's own message: nothing in a package may suit a framework that the library does not suit.</summary>
    [Theory]
    [InlineData("Strata", "net8.0")]
    [InlineData("Strata", "net9.0")]
    [InlineData("Strata", "netstandard2.0")]
    [InlineData("Strata.Onnx", "net8.0")]
    [InlineData("Strata.Imaging", "net8.0")]
    [InlineData("Strata.Serving", "net8.0")]
    [InlineData("Strata.Distributed", "net8.0")]
    [InlineData("Strata.Weights", "net8.0")]
    [InlineData("Strata.Weights.Keras", "net8.0")]
    [InlineData("Strata.Tensors", "net8.0")]
    [InlineData("Strata.Embeddings", "net8.0")]
    [InlineData("Strata.Zoo", "net8.0")]
    public async Task A_project_for_an_older_framework_is_told_which_one_is_needed(string id, string framework)
    {
        string folder = package.NewFolder($"{id}-{framework}");
        Write(folder, "Old.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>{framework}</TargetFramework></PropertyGroup>
              <ItemGroup><PackageReference Include="{id}" Version="{PackageFixture.Version}" /></ItemGroup>
            </Project>
            """);
        (int code, string output) = await Cli.RunAsync(folder, "dotnet", "restore");
        Assert.NotEqual(0, code);
        Assert.Contains("NU1202", output, StringComparison.Ordinal);
        Assert.Contains("net10.0", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_in_a_class_library_serves_an_app_that_is_built_for_debugging()
    {
        string folder = package.NewFolder("library");
        Write(folder, "Networks/Networks.csproj", Project("Microsoft.NET.Sdk", "<Optimize>true</Optimize>" + Strict, Reference));
        Write(folder, "Networks/Small.cs", Network.Replace("internal sealed", "public", StringComparison.Ordinal));
        Write(folder, "App/App.csproj", Project(
            "Microsoft.NET.Sdk", $"<OutputType>Exe</OutputType>{Strict}", "<ProjectReference Include=\"../Networks/Networks.csproj\" />"));
        Write(folder, "App/Program.cs", Program);
        Assert.Equal("bright", (await Cli.DotnetAsync(Path.Combine(folder, "App"), "run", "-c", "Debug")).Trim());
    }

    [Fact]
    public async Task A_single_trimmed_file_is_published_without_a_warning_and_runs()
    {
        string folder = package.NewFolder("publish");
        Write(folder, "App.csproj", Project("Microsoft.NET.Sdk", "<OutputType>Exe</OutputType><TreatWarningsAsErrors>true</TreatWarningsAsErrors>", Reference));
        Write(folder, "Small.cs", Network);
        Write(folder, "Program.cs", Program);
        await Cli.DotnetAsync(folder, "publish", "-c", "Release", "--use-current-runtime", "-p:PublishSingleFile=true", "-p:PublishTrimmed=true", "-o", "out");
        Assert.Equal(["App" + Executable], Directory.GetFiles(Path.Combine(folder, "out")).Select(Path.GetFileName).Where(name => !name!.EndsWith(".pdb", StringComparison.Ordinal)));
        (int code, string output) = await Cli.RunAsync(folder, Path.Combine(folder, "out", "App" + Executable));
        Assert.Equal((0, "bright"), (code, output.Trim()));
    }

    [Fact]
    public async Task A_web_service_shares_one_network_among_its_requests()
    {
        string folder = package.NewFolder("web");
        Write(folder, "Web.csproj", Project("Microsoft.NET.Sdk.Web", Strict, Reference));
        Write(folder, "Small.cs", Network);
        Write(folder, "Program.cs", """
            using System.Linq;
            using Demo;
            using Microsoft.AspNetCore.Builder;
            using Microsoft.Extensions.DependencyInjection;

            WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
            builder.Services.AddSingleton(_ => new Small(seed: 1));
            WebApplication app = builder.Build();
            app.MapGet("/{ink}", (float ink, Small network) =>
            {
                float[] probabilities = new float[Small.OutputLength];
                network.Forward(Enumerable.Repeat(ink, Small.InputLength).ToArray(), probabilities);
                return probabilities.Sum();
            });
            await app.RunAsync().ConfigureAwait(false);

            """);
        await Cli.DotnetAsync(folder, "build", "-c", "Release", "-o", "out");
        using Process server = Cli.Start(folder, "dotnet", Path.Combine("out", "Web.dll"), "--urls", "http://127.0.0.1:0");
        try
        {
            string address = await AddressAsync(server);
            using var client = new HttpClient();
            string[] answers = await Task.WhenAll(Enumerable.Range(0, 20)
                .Select(i => client.GetStringAsync(new Uri($"{address}/0.{i}"), TestContext.Current.CancellationToken)));
            Assert.All(answers, answer => Assert.Equal(1, float.Parse(answer, CultureInfo.InvariantCulture), 1e-5f));
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }
    }

    /// <summary>
    /// From the least version of C# that is promised on, with files of the generator's on disk, and names that would be too long for
    /// those. In one tier, so that it does not take long: the text of the others is compiled by LanguageVersionTests.
    /// </summary>
    [Fact]
    public async Task Every_version_of_the_language_builds_and_runs_with_generated_files_and_long_names()
    {
        string[] versions = ["12", "13", "14", "preview"];
        string letters = string.Concat(Enumerable.Repeat("網", 80));
        string folder = package.NewFolder("versions");
        Write(folder, "App.csproj", Project(
            "Microsoft.NET.Sdk",
            """
            <OutputType>Exe</OutputType>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <EmitCompilerGeneratedFiles>true</EmitCompilerGeneratedFiles>
            <StrataTiers>vector128</StrataTiers>
            <LangVersion Condition="'$(Of)' != ''">$(Of)</LangVersion>
            <IntermediateOutputPath Condition="'$(Of)' != ''">obj/of/$(Of)/</IntermediateOutputPath>
            <OutDir Condition="'$(Of)' != ''">out/$(Of)/</OutDir>
            """,
            Reference));
        Write(folder, "Small.cs", Network);
        Write(folder, "Named.cs", $"""
            using Strata;

            namespace N{letters};

            [Network, Input(4), Dense(2)]
            internal sealed partial class C{letters};

            """);
        Write(folder, "Program.cs", Program + $"using var named = new N{letters}.C{letters}();\n");

        // One restore, and one build of all versions at once.
        Write(folder, "All/All.proj", $"""
            <Project>
              <ItemGroup>
                {string.Concat(versions.Select(version => $"<App Include=\"../App.csproj\" AdditionalProperties=\"Of={version}\" />"))}
              </ItemGroup>
              <Target Name="Build">
                <MSBuild Projects="../App.csproj" Targets="Restore" Properties="Configuration=Release" />
                <MSBuild Projects="@(App)" Targets="Build" Properties="Configuration=Release" BuildInParallel="true" />
              </Target>
            </Project>

            """);
        await Cli.DotnetAsync(folder, "msbuild", "All/All.proj", "-m", "-v:quiet");
        foreach (string version in versions)
        {
            Assert.Equal("bright", (await Cli.DotnetAsync(folder, Path.Combine("out", version, "App.dll"))).Trim());
            string[] files = Directory.GetFiles(Path.Combine(folder, "obj", "of", version), "*.g.cs", SearchOption.AllDirectories);
            Assert.Equal(2, files.Count(file => file.EndsWith("Vector128.g.cs", StringComparison.Ordinal)));
        }
    }

    /// <summary>The compiler runs no analyzer in such a build.</summary>
    [Fact]
    public async Task What_the_compiler_refuses_has_an_error_of_ours_beside_it()
    {
        string folder = package.NewFolder("refused");
        Write(folder, "App.csproj", Project("Microsoft.NET.Sdk", "", Reference));
        Write(folder, "Net.cs", """
            using Strata;

            [Network, Input(3, 8, 8), Conv2D(4, 9)]
            [Conv2D(3, 16, 3), BatchNorm(16), Relu, Dense("10"), Conv2D(8), Conv2D(8, 3, Strides = 2)]
            public partial class Net;

            """);
        (int code, string output) = await Cli.RunAsync(folder, "dotnet", "build", "-c", "Release");
        Assert.NotEqual(0, code);
        foreach (string error in new[] { "CS1729", "STRATA030", "STRATA070", "STRATA071", "STRATA072", "STRATA073", "STRATA074" })
        {
            Assert.Contains($"error {error}: ", output, StringComparison.Ordinal);
        }

        Assert.Contains("Net.cs(4,2): error STRATA071: [Conv2D] takes (filters, kernel)", output, StringComparison.Ordinal);
        Assert.Contains("Write [Conv2D(16, 3)].", output, StringComparison.Ordinal);
    }

    /// <summary>The package of blocks brings the library and the compiler.</summary>
    [Fact]
    public async Task A_network_of_a_block_with_arguments_compiles_in_a_fresh_project()
    {
        string folder = package.NewFolder("zoo");
        Write(folder, "App.csproj", Project(
            "Microsoft.NET.Sdk",
            "<OutputType>Exe</OutputType><TreatWarningsAsErrors>true</TreatWarningsAsErrors><StrataTiers>vector128</StrataTiers>",
            $"<PackageReference Include=\"Strata.Zoo\" Version=\"{PackageFixture.Version}\" />"));
        Write(folder, "Flowers.cs", Flowers);
        Write(folder, "Program.cs", "using System;\nusing System.Linq;\n" + FlowersProgram);
        await Cli.DotnetAsync(folder, "build", "-c", "Release", "-o", "out");
        Assert.Equal(FlowersOutput, (await Cli.DotnetAsync(folder, Path.Combine("out", "App.dll"))).Trim());
    }

    /// <summary>
    /// The README's reference from a clone, and its project of blocks; what is said on the command line is for the app, not for the
    /// compiler's libraries.
    /// </summary>
    [Fact]
    public async Task A_project_that_references_the_sources_publishes_trimmed()
    {
        string folder = package.Clone;
        Write(folder, "app/App.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <StrataTiers>vector128</StrataTiers>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../strata/samples/Zoo/Networks/Strata.Zoo.csproj" />
              </ItemGroup>
              <Import Project="../strata/generator/build/Strata.Source.props" />
            </Project>

            """);
        Write(folder, "app/Small.cs", Network);
        Write(folder, "app/Flowers.cs", Flowers);
        Write(folder, "app/Program.cs", "using System.Linq;\n" + Program + FlowersProgram);
        string app = Path.Combine(folder, "app");
        await Cli.DotnetAsync(app, "publish", "-c", "Release", "--use-current-runtime", "-p:PublishTrimmed=true", "-o", "out");
        (int code, string output) = await Cli.RunAsync(app, Path.Combine(app, "out", "App" + Executable));
        Assert.Equal((0, $"bright\n{FlowersOutput}"), (code, output.ReplaceLineEndings("\n").Trim()));
    }

    private static string Reference => $"<PackageReference Include=\"Strata\" Version=\"{PackageFixture.Version}\" />";

    private static string Project(string sdk, string properties, string references) => $"""
        <Project Sdk="{sdk}">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            {references}
          </ItemGroup>
        </Project>

        """;

    /// <summary>Waits for the line in which the server says where it listens.</summary>
    private static async Task<string> AddressAsync(Process server)
    {
        const string Before = "Now listening on: ";
        while (await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains(Before, StringComparison.Ordinal))
            {
                return line[(line.IndexOf(Before, StringComparison.Ordinal) + Before.Length)..].Trim();
            }
        }

        throw new InvalidOperationException("the server ended: " + await server.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    private static void Write(string folder, string file, string text)
    {
        string path = Path.Combine(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
