using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Google.Protobuf;
using Strata.Onnx.Schema;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>The item <c>OnnxModel</c>: what its targets make of files, without a package and without a compiler.</summary>
public sealed class ModelItemTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("strata-item-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ModelBuilder Model(params long[] values) => new ModelBuilder(17).Input("x", "N", 2, 3, 3)
        .Floats("body.weight", [2, 2, 1, 1], [.. values.Select(value => (float)value)]).Node("Conv", "x,body.weight", "y").Output("y");

    private string Write(string name, byte[] content, int minutes = 0)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(minutes));
        return path;
    }

    /// <summary>Runs the targets.</summary>
    /// <returns>The exit code, what was printed, and the names of the weights in the output.</returns>
    private (int Code, string Output, string[] Weights) Build(string items, string rootNamespace = "App")
    {
        string targets = Path.GetFullPath(Path.Combine(SourceFolder.Path, "../../runtime/Onnx/build/Strata.Onnx.targets"));
        File.WriteAllText(Path.Combine(_folder, "App.proj"), $"""
            <Project>
              <PropertyGroup>
                <IntermediateOutputPath>obj/</IntermediateOutputPath>
                <RootNamespace>{rootNamespace}</RootNamespace>
                <StrataOnnxTool>{Path.Combine(AppContext.BaseDirectory, "Strata.Tool.dll")}</StrataOnnxTool>
              </PropertyGroup>
              <ItemGroup>{items}</ItemGroup>
              <Import Project="{targets}" />
              <Target Name="Show" DependsOnTargets="StrataCompileOnnxModels">
                <Message Importance="high" Text="weights: %(ContentWithTargetPath.TargetPath)" />
              </Target>
            </Project>
            """);
        const string Line = "weights: ";
        var start = new ProcessStartInfo("dotnet", "msbuild App.proj -t:Show -nologo -tl:off -nodeReuse:false")
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, [.. output.Split('\n').Select(line => line.Trim())
            .Where(line => line.StartsWith(Line, StringComparison.Ordinal)).Select(line => line[Line.Length..])]);
    }

    private string Source(string name) =>
        File.ReadAllText(Directory.GetFiles(Path.Combine(_folder, "obj"), name, SearchOption.AllDirectories).Single());

    [Fact]
    public void The_class_has_the_files_name_if_the_item_has_none()
    {
        Write("mobilenet-v2.1.onnx", Model(1, 2, 3, 4).ToBytes());
        (int code, string output, string[] weights) = Build("""<OnnxModel Include="mobilenet-v2.1.onnx" />""", "my-app.1.class");
        Assert.True(code == 0, output);
        Assert.Equal(["MobilenetV21.safetensors"], weights);
        Assert.Contains("namespace my_app._1._class;", Source("MobilenetV21.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_class_declares_the_sizes_of_the_item()
    {
        Write("a.onnx", new ModelBuilder(17).Input("x", "N", 2, "h", "w")
            .Floats("body.weight", [2, 2, 1, 1], 1, 2, 3, 4).Node("Conv", "x,body.weight", "y").Output("y").ToBytes());
        (int code, string output, _) = Build("""<OnnxModel Include="a.onnx" Sizes="8x8;8x16:32:8" />""");
        Assert.True(code == 0, output);
        Assert.Contains("[Input(2, 8, 8)]\n[Sizes(WidthRange = [8, 32, 8])]\n", Source("A.cs"), StringComparison.Ordinal);
        Assert.Contains(
            "error STRATA101: A class declares all products of its extents: 8×8, 8×16, 9×8, 9×24 lack 8×24, 9×16. Add these",
            Build("""<OnnxModel Include="a.onnx" Sizes="8x8;8x16;9x8;9x24" />""").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""<OnnxModel Include="one/a.onnx" /><OnnxModel Include="two/a.onnx" />""")]
    [InlineData("""<OnnxModel Include="one/a.onnx" /><OnnxModel Include="one/b.onnx" Name="A" />""")]
    [InlineData("""<OnnxModel Include="one/a-b.onnx" /><OnnxModel Include="one/a_b.onnx" />""")]
    public void Two_items_do_not_become_one_class(string items)
    {
        foreach (string name in new[] { "one/a", "two/a", "one/b", "one/a-b", "one/a_b" })
        {
            Write(name + ".onnx", Model(1, 2, 3, 4).ToBytes());
        }

        (int code, string output, _) = Build(items);
        Assert.Equal(1, code);
        Assert.Matches("error STRATA101: Items OnnxModel .*Give each a Name of its own", output);
    }

    [Fact]
    public void An_older_file_and_other_weights_beside_it_are_imported_again()
    {
        ModelProto model = Model(1, 2, 3, 4).Model;
        TensorProto weight = model.Graph.Initializer[0];
        byte[] values = weight.RawData.ToByteArray();
        weight.RawData = ByteString.Empty;
        weight.DataLocation = TensorProto.Types.DataLocation.External;
        weight.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "a.bin" });
        Write("a.bin", values);
        Write("a.onnx", model.ToByteArray());
        Write("b.onnx", Model(1, 2, 3, 4).ToBytes());
        const string Items = """<OnnxModel Include="a.onnx" /><OnnxModel Include="b.onnx" Name="Other" />""";
        byte[] First(string name) => File.ReadAllBytes(
            Directory.GetFiles(Path.Combine(_folder, "obj"), name + ".safetensors", SearchOption.AllDirectories).Single());
        Assert.Equal(["A.safetensors", "Other.safetensors"], Build(Items).Weights.Order(StringComparer.Ordinal));
        byte[] a = First("A"), b = First("Other");
        DateTime time = File.GetLastWriteTimeUtc(Path.Combine(_folder, "obj/onnx/a/A.cs"));

        // Nothing has changed.
        Build(Items);
        Assert.Equal(time, File.GetLastWriteTimeUtc(Path.Combine(_folder, "obj/onnx/a/A.cs")));

        Write("b.onnx", Model(5, 2, 3, 4).ToBytes(), minutes: -600);
        Build(Items);
        Assert.NotEqual(b, First("Other"));
        Assert.Equal(a, First("A"));

        values[0] ^= 1;
        Write("a.bin", values, minutes: -600);
        Build(Items);
        Assert.NotEqual(a, First("A"));
    }

    [Fact]
    public void What_is_lost_for_training_is_a_warning_at_the_item()
    {
        Write("a.onnx", new ModelBuilder(17).Input("x", "N", 2, 3, 3).Floats("body.weight", [2, 2, 1, 1], 1, 2, 3, 4)
            .Node("ConvTranspose", "x,body.weight", "c").Node("Conv", "c,body.weight", "y").Output("y").ToBytes());
        Assert.Matches(
            @"App\.proj\(\d+,\d+\): warning STRATA102: Layers of the file share parameters",
            Build("""<OnnxModel Include="a.onnx" />""").Output);
    }
}
