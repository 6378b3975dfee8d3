using System;
using System.IO;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Names of classes and namespaces, and files that are left alone.</summary>
public sealed class ClassNameTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("strata-names-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] Model(string weight = "body.weight") => new ModelBuilder(17).Input("x", "N", 2, 3, 3)
        .Noise(weight, 2, 2, 1, 1).Node("Conv", $"x,{weight}", "y").Output("y").ToBytes();

    private string Write(string name, byte[]? model = null)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, model ?? Model());
        return path;
    }

    [Theory]
    [InlineData("mobilenet-v2.1.onnx", "MobilenetV21")]
    [InlineData("да.onnx", "Да")]
    [InlineData("нет.onnx", "Нет")]
    [InlineData("и\u0306од.onnx", "И\u0306од")]
    [InlineData("猫.onnx", "猫")]
    [InlineData("हिन्दी.onnx", "हिन्दी")]
    [InlineData("2fast.onnx", "Network2fast")]
    [InlineData("---.onnx", "Network")]
    [InlineData("class.onnx", "Class")]
    [InlineData("strata.onnx", "StrataNetwork")]
    [InlineData("forward.onnx", "ForwardNetwork")]
    public void A_file_gives_its_class_a_name_that_compiles(string file, string name)
    {
        ImportedNetwork network = OnnxFile.Import(Write(file));
        Assert.Equal(name, network.Name);
        Assert.Equal(name, ClassCompiler.Compile(network.Source).GetType(name)!.Name);
    }

    [Theory]
    [InlineData("class")]
    [InlineData("record")]
    [InlineData("a-b")]
    [InlineData("1a")]
    [InlineData("٣a")]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("Strata")]
    [InlineData("Forward")]
    public void A_name_that_no_class_can_have_is_refused(string name)
    {
        string path = Write("a.onnx");
        ArgumentException exception = Assert.Throws<ArgumentException>(() => OnnxFile.Import(path, new OnnxImportOptions { Name = name }));
        Assert.StartsWith($"The class cannot be named '{name}': ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.2", "1")]
    [InlineData("App.", "")]
    [InlineData("App..Models", "")]
    [InlineData("My-App", "My-App")]
    [InlineData("App.class", "class")]
    public void A_name_that_no_namespace_can_have_is_refused(string name, string part)
    {
        string path = Write("a.onnx");
        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => OnnxFile.Import(path, new OnnxImportOptions { Namespace = name }));
        Assert.Equal($"There is no namespace '{name}': '{part}' is no identifier, or a word of C#.", exception.Message);
    }

    [Fact]
    public void Weights_that_were_changed_stay_as_they_are()
    {
        ImportedNetwork network = OnnxFile.Import(Write("a.onnx"));
        network.Save(_folder);
        network.Save(_folder);
        string weights = Path.Combine(_folder, "A.safetensors");
        byte[] trained = File.ReadAllBytes(weights);
        trained[^1] ^= 1;
        File.WriteAllBytes(weights, trained);
        IOException exception = Assert.Throws<IOException>(() => network.Save(_folder));
        Assert.Contains("A.safetensors' was changed since it was imported", exception.Message, StringComparison.Ordinal);
        Assert.Equal(trained, File.ReadAllBytes(weights));
        network.Save(_folder, force: true);
        Assert.NotEqual(trained, File.ReadAllBytes(weights));
    }

    [Fact]
    public void Weights_without_a_class_stay_as_they_are()
    {
        ImportedNetwork network = OnnxFile.Import(Write("a.onnx"));
        string weights = Path.Combine(_folder, "A.safetensors");
        File.WriteAllText(weights, "trained");
        Assert.Throws<IOException>(() => network.Save(_folder));
        Assert.Equal("trained", File.ReadAllText(weights));
        Assert.False(File.Exists(Path.Combine(_folder, "A.cs")));
    }

    [Fact]
    public void The_class_of_another_file_stays_as_it_is()
    {
        OnnxFile.Import(Write("a-b.onnx")).Save(_folder);
        ImportedNetwork other = OnnxFile.Import(Write("a_b.onnx", Model("other.weight")));
        Assert.Equal("AB", other.Name);
        IOException exception = Assert.Throws<IOException>(() => other.Save(_folder));
        Assert.Contains("was imported from 'a-b.onnx', not from 'a_b.onnx'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("body", File.ReadAllText(Path.Combine(_folder, "AB.cs")), StringComparison.Ordinal);
        other.Save(_folder, force: true);
        Assert.Contains("other", File.ReadAllText(Path.Combine(_folder, "AB.cs")), StringComparison.Ordinal);
    }

    /// <summary>The file has changed, what was made of it has not: that is what importing again is for.</summary>
    [Fact]
    public void A_class_that_nobody_touched_follows_its_file()
    {
        OnnxFile.Import(Write("a.onnx")).Save(_folder);
        OnnxFile.Import(Write("a.onnx", Model("other.weight"))).Save(_folder);
        Assert.Contains("other", File.ReadAllText(Path.Combine(_folder, "A.cs")), StringComparison.Ordinal);
    }
}
