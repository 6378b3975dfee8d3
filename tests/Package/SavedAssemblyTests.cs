using System;
using System.IO;
using System.Runtime.Intrinsics.X86;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Package.Tests;

/// <summary>A network that was compiled at run time and saved runs where no code can be made.</summary>
public sealed class SavedAssemblyTests(PackageFixture package)
{
    private const string Calls = """
        static class Calls
        {
            public static string Of(CompiledNetwork net)
            {
                float[] inputs = [.. Enumerable.Range(0, net.InputLength * 4).Select(i => MathF.Sin(i))];
                float[] outputs = new float[net.OutputLength * 4];
                net.Forward(inputs, outputs);
                using var trainer = (ClassificationTrainer)Trainer.For(net, 4, new Sgd(0.1));
                return $"{string.Join(' ', outputs)} {trainer.Step(inputs, [0, 1, 2, 3])}";
            }
        }
        """;

    [Fact]
    public async Task A_saved_network_runs_and_trains_in_a_native_program_with_the_same_bits()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Fma.IsSupported, "not Linux x64 with FMA");
        string maker = await Project("maker", "", """
            using var net = new NetworkBuilder(3, 8, 8).Conv2D(4, 3, padding: 1).BatchNorm().ReLU().Flatten().Dense(4).Softmax().CrossEntropy()
                .Compile(new NetworkOptions { Seed = 3, Isa = Isa.Vector128 });
            NetworkCompiler.SaveAssembly(net, args[0]);
            Console.WriteLine(Calls.Of(net));
            """);
        string file = Path.Combine(maker, "Small.dll");
        string expected = await Cli.DotnetAsync(maker, "run", "-c", "Release", "--", file);
        string native = await Project("native", $"""
            <PropertyGroup><PublishAot>true</PublishAot><IlcInstructionSet>x86-64-v3</IlcInstructionSet></PropertyGroup>
            <ItemGroup><Reference Include="{file}" /><TrimmerRootAssembly Include="Small" /></ItemGroup>
            """, """
            using var net = NetworkCompiler.LoadAssembly(System.Reflection.Assembly.Load("Small"), new NetworkOptions { Seed = 3 });
            Console.WriteLine(Calls.Of(net));
            """);
        await Cli.DotnetAsync(native, "publish", "-c", "Release", "-r", "linux-x64", "-o", "out");
        (int code, string output) = await Cli.RunAsync(native, Path.Combine(native, "out", "native"));
        Assert.True(code == 0, output);
        Assert.Equal(expected, output);
    }

    private async Task<string> Project(string name, string more, string program)
    {
        string folder = package.NewFolder(name);
        await File.WriteAllTextAsync(Path.Combine(folder, name + ".csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <InvariantGlobalization>true</InvariantGlobalization>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              {more}
              <ItemGroup>
                <PackageReference Include="Strata.Compiler" Version="{PackageFixture.Version}" />
              </ItemGroup>
            </Project>
            """, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "Program.cs"), $"using Strata;\nusing Strata.Training;\n\n{program}\n\n{Calls}\n",
            TestContext.Current.CancellationToken);
        return folder;
    }
}
