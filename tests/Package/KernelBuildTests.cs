using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.Intrinsics.X86;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Package.Tests;

/// <summary>Projects whose kernels a step of the build compiles (<c>&lt;StrataKernels>il&lt;/StrataKernels></c>).</summary>
public sealed class KernelBuildTests(PackageFixture package)
{
    private const string Networks = """
        using System;
        using Strata;

        namespace Demo;

        [Network(Observable = true)]
        [Input(3, 8, 8), Unit(4), Swish(2.5f), Flatten, Dense(4), Softmax, CrossEntropy]
        public partial class Small;

        [Network, Input(4), Dense(3), L1]
        public partial class Tiny;

        [Conv2D(Filters, 3, Padding = 1, Bias = false), BatchNorm]
        public sealed class UnitAttribute : BlockAttribute
        {
            private const int Filters = 1;
            public UnitAttribute(int filters) { }
        }

        public sealed class SwishAttribute : ElementwiseAttribute
        {
            private const float Beta = 1;
            public SwishAttribute(float beta = Beta) { }
            public static float Value(float x) => x / (1 + MathF.Exp(-Beta * x));
        }
        """;

    private const string Program = """
        using System;
        using System.Linq;
        using Demo;
        using Strata;
        using Strata.Training;

        using var net = new Small(new NetworkOptions { Seed = 3, Isa = Isa.Avx2 });
        float[] inputs = [.. Enumerable.Range(0, Small.InputLength * 4).Select(i => MathF.Sin(i))];
        float[] outputs = new float[Small.OutputLength * 4];
        net.Forward(inputs, outputs);
        using var trainer = net.CreateTrainer(4, new Adam(0.1));
        double loss = 0;
        for (int i = 0; i < 20; i++)
        {
            loss = trainer.Step(inputs, [0, 1, 2, 3]);
        }

        Console.WriteLine($"{string.Join(' ', outputs)} {loss} {new Tiny().Info.Name}");
        """;

    private const string Artifacts =
        "<Project><PropertyGroup><UseArtifactsOutput>true</UseArtifactsOutput></PropertyGroup></Project>";

    private const string Il = "<StrataKernels>il</StrataKernels>", Native = "<IlcInstructionSet>x86-64-v3</IlcInstructionSet>";

    [Fact]
    public async Task Kernels_of_a_library_have_the_bits_of_CSharp_wherever_they_are_published()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Fma.IsSupported, "not Linux x64 with FMA");
        string text = Project("text", "<OutputType>Exe</OutputType>", (Networks, "Networks.cs"), (Program, "Program.cs"));
        string expected = await Cli.DotnetAsync(text, "run", "-c", "Release");

        string library = Project("kernels", Il, (Networks, "Networks.cs"));
        string app = Project(
            "app", "<OutputType>Exe</OutputType>" + Native, ["<ProjectReference Include=\"../kernels/kernels.csproj\" />"],
            (Program, "Program.cs"));
        Assert.Equal(expected, await Cli.DotnetAsync(app, "run", "-c", "Release"));
        string[] files = [.. Assemblies("kernels", "Small", "Tiny"), "kernels.dll"];
        Assert.Equal(files, FilesIn(Path.Combine(app, "bin", "Release", "net10.0"), "kernels*.dll"));

        foreach (string how in (string[])["PublishReadyToRun", "PublishAot"])
        {
            await Cli.DotnetAsync(app, "publish", "-c", "Release", "-r", "linux-x64", $"-p:{how}=true", "-o", how);
            (int code, string output) = await Cli.RunAsync(app, Path.Combine(app, how, "app"));
            Assert.True(code == 0, output);
            Assert.Equal(expected, output);
        }

        await Cli.DotnetAsync(library, "pack", "-c", "Release", "-o", "out", "-p:TreatWarningsAsErrors=false");
        string packed = Assert.Single(Directory.GetFiles(Path.Combine(library, "out")));
        foreach (string file in files)
        {
            Assert.NotEmpty(PackageFixture.BytesOf(packed, $"lib/net10.0/{file}"));
        }

        // The app gets the networks that there are now.
        File.WriteAllText(
            Path.Combine(library, "Networks.cs"), Networks.Replace("partial class Tiny", "partial class Other", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(app, "Program.cs"), Program.Replace("new Tiny()", "new Other()", StringComparison.Ordinal));
        Assert.Equal(
            expected.Replace("Tiny", "Other", StringComparison.Ordinal), await Cli.DotnetAsync(app, "run", "-c", "Release"));
    }

    [Fact]
    public async Task A_change_compiles_the_kernels_of_its_network_only()
    {
        string app = Project("change", "<OutputType>Exe</OutputType>" + Il, (Networks, "Networks.cs"), (Program, "Program.cs"));
        string kernels = Path.Combine(app, "obj", "Release", "net10.0", "kernels"), output = Path.Combine(app, "bin", "Release", "net10.0");
        async Task<Dictionary<string, DateTime>> BuildAsync()
        {
            await Cli.DotnetAsync(app, "build", "-c", "Release");
            Assert.Equal(FilesIn(kernels, "*.dll"), FilesIn(output, "change.StrataKernels*.dll"));
            return FilesIn(kernels, "*.dll").ToDictionary(name => name, name => File.GetLastWriteTimeUtc(Path.Combine(kernels, name)));
        }

        Dictionary<string, DateTime> first = await BuildAsync();
        Assert.Equal(Assemblies("change", "Small", "Tiny"), first.Keys.Order());

        File.AppendAllText(Path.Combine(app, "Program.cs"), "// A comment.\n");
        Assert.Equal(first, await BuildAsync());

        string networks = Path.Combine(app, "Networks.cs");
        File.WriteAllText(networks, Networks.Replace("Dense(3)", "Dense(5)", StringComparison.Ordinal));
        Dictionary<string, DateTime> second = await BuildAsync();
        Assert.Equal(
            ["change.StrataKernels.Demo.Tiny.dll"], second.Where(file => first[file.Key] != file.Value).Select(file => file.Key));

        File.WriteAllText(networks, Networks.Replace("partial class Tiny", "partial class Other", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(app, "Program.cs"), Program.Replace("new Tiny()", "new Other()", StringComparison.Ordinal));
        Dictionary<string, DateTime> third = await BuildAsync();
        Assert.Equal(Assemblies("change", "Other", "Small"), third.Keys.Order());
        Assert.Equal(first["change.StrataKernels.Demo.Small.dll"], third["change.StrataKernels.Demo.Small.dll"]);
        Assert.EndsWith("Other\n", await Cli.DotnetAsync(app, "run", "-c", "Release"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_two_builds_are_told_apart_and_so_are_names_that_differ_in_case()
    {
        string app = Project("two ways", "<OutputType>Exe</OutputType>" + Il, (Artifacts, "Directory.Build.props"), ("""
            using System;
            using Strata;

            Console.WriteLine($"{Of(new Demo.Net())} {Of(new Demo.NET())}");
            static int Of(CompiledNetwork network) => network.OutputLength;

            namespace Demo
            {
                [Network, Input(4), Dense(3)] public partial class Net;
                [Network, Input(4), Dense(5)] public partial class NET;
            }
            """, "Program.cs"));
        Assert.Equal("3 5\n", await Cli.DotnetAsync(app, "run", "-c", "Release"));
        string output = Path.Combine(app, "artifacts", "bin", "two ways", "release");
        string[] kernels = [.. FilesIn(output, "*.StrataKernels.Demo.*.dll").Select(file => Path.Combine(output, file))];
        Assert.Equal(2, kernels.Length);
        (byte[] first, byte[] second) = (File.ReadAllBytes(kernels[0]), File.ReadAllBytes(kernels[1]));

        // Of an older build.
        string program = Path.Combine(app, "Program.cs");
        File.WriteAllText(program, File.ReadAllText(program).Replace("Dense(5)", "Dense(6)", StringComparison.Ordinal)
            .Replace("Dense(3)", "Dense(4)", StringComparison.Ordinal));
        Assert.Equal("4 6\n", await Cli.DotnetAsync(app, "run", "-c", "Release"));
        File.WriteAllBytes(kernels[0], first);
        File.WriteAllBytes(kernels[1], second);
        (int code, string text) = await Cli.RunAsync(app, "dotnet", Path.Combine(output, "two ways.dll"));
        Assert.NotEqual(0, code);
        Assert.Contains("has the kernels of another build than Demo.Net", text, StringComparison.Ordinal);

        // And the other way of compiling them.
        Assert.Equal("4 6\n", await Cli.DotnetAsync(app, "run", "-c", "Release", "-p:StrataKernels=csharp"));
        Assert.Equal("4 6\n", await Cli.DotnetAsync(app, "run", "-c", "Release"));
    }

    /// <summary>Only what lays the programs out knows that its packed parameters are too many.</summary>
    [Fact]
    public async Task What_only_the_step_finds_stops_the_build_and_a_clean_project_has_no_kernels()
    {
        const string TooLarge = "[Network, Input(134217727), Dense(1), Dense(2)]";
        string app = Project(
            "stopped", "<OutputType>Exe</OutputType>" + Il,
            ($"System.Console.WriteLine(new Net().Info.Name);\n{TooLarge}\npublic partial class Net;", "Program.cs"),
            ("global using Strata;", "Usings.cs"));
        (int code, string output) = await Cli.RunAsync(app, "dotnet", "build", "-c", "Release");
        Assert.NotEqual(0, code);
        Assert.Contains("error STRATA036: Network 'Net': 2,147,483,664 floats of packed parameters", output, StringComparison.Ordinal);

        string program = Path.Combine(app, "Program.cs");
        File.WriteAllText(program, File.ReadAllText(program).Replace("134217727", "4", StringComparison.Ordinal));
        Assert.Equal("Net\n", await Cli.DotnetAsync(app, "run", "-c", "Release"));

        await Cli.DotnetAsync(app, "clean", "-c", "Release");
        Assert.Empty(Directory.GetFiles(app, "*.StrataKernels*", SearchOption.AllDirectories));
        Assert.Equal("Net\n", await Cli.DotnetAsync(app, "run", "-c", "Release"));
    }

    [Fact]
    public async Task Each_target_framework_has_its_kernels()
    {
        const string Frameworks =
            "<TargetFramework></TargetFramework><TargetFrameworks>net10.0;net10.0-windows</TargetFrameworks>"
            + "<EnableWindowsTargeting>true</EnableWindowsTargeting>"
            + "<DisableTransitiveFrameworkReferenceDownloads>true</DisableTransitiveFrameworkReferenceDownloads>";
        string library = Project("frameworks", Frameworks + Il, ("""
            using Strata;

            namespace Demo;

            #if WINDOWS
            [Network, Input(4), Dense(5)] public partial class Net;
            #else
            [Network, Input(4), Dense(3)] public partial class Net;
            #endif
            """, "Net.cs"));
        await Cli.DotnetAsync(library, "build", "-c", "Release");
        string[] kernels = [.. ((string[])["net10.0", "net10.0-windows"]).Select(
            framework => Path.Combine(library, "bin", "Release", framework, "frameworks.StrataKernels.Demo.Net.dll"))];
        Assert.NotEqual(File.ReadAllBytes(kernels[0]), File.ReadAllBytes(kernels[1]));
    }

    [Fact]
    public async Task What_StrataKernels_does_not_know_stops_the_build()
    {
        string app = Project("unknown", "<OutputType>Exe</OutputType><StrataKernels>dll</StrataKernels>", ("return;", "Program.cs"));
        (int code, string output) = await Cli.RunAsync(app, "dotnet", "build", "-c", "Release");
        Assert.NotEqual(0, code);
        Assert.Contains(
            "error STRATA067: Project 'unknown' has <StrataKernels>dll</StrataKernels>. Use il, or csharp, which is the default.", output,
            StringComparison.Ordinal);
    }

    /// <summary>The assemblies of a project's networks, and the index.</summary>
    private static string[] Assemblies(string project, params string[] networks) =>
        [.. networks.Select(network => $"{project}.StrataKernels.Demo.{network}.dll"), $"{project}.StrataKernels.dll"];

    private static string[] FilesIn(string folder, string pattern) =>
        [.. Directory.GetFiles(folder, pattern).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private string Project(string name, string properties, params (string Text, string Name)[] files) =>
        Project(name, properties, [$"<PackageReference Include=\"Strata\" Version=\"{PackageFixture.Version}\" />"], files);

    private string Project(string name, string properties, string[] items, params (string Text, string Name)[] files)
    {
        string folder = package.NewFolder(name);
        File.WriteAllText(Path.Combine(folder, name + ".csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <InvariantGlobalization>true</InvariantGlobalization>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                {string.Concat(items)}
              </ItemGroup>
            </Project>
            """);
        foreach ((string text, string file) in files)
        {
            File.WriteAllText(Path.Combine(folder, file), text + "\n");
        }

        return folder;
    }
}
