using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Compiler.Declarations;
using Strata.Compiler.Kernels;
using Strata.Generator.Printing;
using Strata.Generator.Reading;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>What a further size of a network adds to the generated text, and to the time of the generator.</summary>
public sealed class SizeGrowthTests(ITestOutputHelper log)
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("STRATA_TEXT_FOLDER");

    /// <summary>Networks, and the most that each further size adds to their text.</summary>
    public static TheoryData<string, string, double> Networks => new()
    {
        {
            "LeNet",
            "Input(1, 28, 28), Sizes(Width = new[] { 20, 24, 32, 40 }), Conv2D(6, 5, Padding = 2), ReLU, MaxPool2D(2), "
            + "Conv2D(16, 5), ReLU, MaxPool2D(2), GlobalAveragePool2D, Flatten, Dense(84), ReLU, Dense(10), Softmax",
            0.33
        },
        { "MobileNetV2", "Input(3, 224, 224), Sizes(Width = new[] { 160, 192, 256, 320 }), MobileNetV2(Name = \"\")", 0.13 },
        {
            "TrainedMobileNetV2",
            "Input(3, 224, 224), Sizes(Width = new[] { 160, 192, 256, 320 }), MobileNetV2(Name = \"\"), CrossEntropy", 0.20
        },
        { "ResNet18", "Input(3, 224, 224), Sizes(Width = new[] { 160, 192, 256, 320 }), ResNet18(Name = \"\")", 0.17 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_further_size_adds_less_than_a_class_of_its_own(string name, string stack, double most)
    {
        NetworkModel model = ModelOf(
            $"using Strata;\nusing Strata.Zoo;\n[Network, {stack}]\npartial class {name};", name);
        Assert.Empty(model.Problems.Where(problem => problem.IsError).Select(problem => problem.Message));
        Write(model with { Sizes = [] });
        TimeSpan before = CpuTime.Taken;
        string[] one = Write(model with { Sizes = [] });
        TimeSpan between = CpuTime.Taken;
        string[] all = Write(model);
        TimeSpan after = CpuTime.Taken;
        int further = model.Sizes.Count;
        double growth = (double)(all.Sum(text => text.Length) - one.Sum(text => text.Length)) / one.Sum(text => text.Length) / further;
        double time = ((after - between) - (between - before)) / (between - before) / further;
        log.WriteLine(
            $"{name}: {one.Sum(text => text.Length):N0} → {all.Sum(text => text.Length):N0} characters, {growth:P1} for each further size; "
            + $"{(between - before).TotalSeconds:F2} s → {(after - between).TotalSeconds:F2} s, {time:F2} of the first for each");
        Assert.InRange(growth, 0, most);
        for (int i = 0; Folder is not null && i < all.Length; i++)
        {
            File.WriteAllText(Path.Combine(Folder, $"{name}.{i}.one.cs"), one.ElementAtOrDefault(i) ?? "");
            File.WriteAllText(Path.Combine(Folder, $"{name}.{i}.all.cs"), all[i]);
        }
    }

    /// <summary>The model of a class, which may use the blocks of the zoo.</summary>
    private static NetworkModel ModelOf(string source, string name)
    {
        CSharpCompilation compilation = new Harness().Compile([source, .. Graphs.ZooSources("Networks")]);
        return GraphBuilder.Build(
            DeclarationReader.Read(compilation.GetTypeByMetadataName(name)!, compilation, out _, CancellationToken.None)!,
            CancellationToken.None);
    }

    /// <summary>The files of a network.</summary>
    private static string[] Write(NetworkModel model)
    {
        IEnumerable<SourceFile> programs = NetworkWriter
            .WritePrograms(model.Target!, model.Graph!, Tier.All, CancellationToken.None, model.Sizes)
            .SelectMany(program => program.Files(null, CancellationToken.None));
        SourceFile surface = NetworkWriter.WriteSurface(
            model.Target!, model.Graph!, model.Surface, Tier.All, CancellationToken.None, model.Sizes);
        return [surface.Text, .. programs.Select(file => file.Text)];
    }
}
