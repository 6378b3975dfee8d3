using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Strata.Pictures;
using Strata.Tool;
using Xunit;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Tests;

/// <summary>The commands that run and measure files.</summary>
public sealed class ToolTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tool").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A network that says which of the three channels is the brightest.</summary>
    private string Brightest()
    {
        ModelBuilder model = new ModelBuilder(17).Input("x", "batch", 3, 8, 8)
            .Node("GlobalAveragePool", "x", "a").Node("Flatten", "a", "b").Node("Softmax", "b", "y", ("axis", -1)).Output("y");
        return Saved("brightest.onnx", model);
    }

    private string Saved(string name, ModelBuilder model)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, model.ToBytes());
        return path;
    }

    private string Photo(Rgb color)
    {
        string path = Path.Combine(_folder, "photo.png");
        var picture = new Picture(20, 10);
        for (int y = 0; y < picture.Height; y++)
        {
            picture.Row(y).Fill(color);
        }

        picture.Save(path);
        return path;
    }

    private string LabelsOf(params string[] names)
    {
        string path = Path.Combine(_folder, "names.txt");
        File.WriteAllLines(path, names);
        return path;
    }

    private static string Run(Command command, params string[] arguments)
    {
        ParseResult parsed = command.Parse(arguments);
        Assert.Empty(parsed.Errors);
        using var output = new StringWriter { NewLine = "\n" };
        parsed.Invoke(new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false });
        return output.ToString();
    }

    [Fact]
    public void Run_shows_the_likeliest_classes_of_a_photo()
    {
        string output = Run(
            RunCommand.Create(), Brightest(), "--image", Photo(new Rgb(0, 255, 0)), "--labels", LabelsOf("red", "green", "blue"),
            "--top", "2");
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.EndsWith("%  green", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Run_says_what_is_wrong_with_labels_and_channels()
    {
        string model = Brightest(), photo = Photo(new Rgb(9, 9, 9));
        Assert.Contains("There are 2 labels, and 3 numbers in the output.",
            Assert.Throws<ToolException>(() => Run(RunCommand.Create(), model, "--image", photo, "--labels", LabelsOf("a", "b"))).Message,
            StringComparison.Ordinal);
        Assert.Contains("--mean has 1 numbers, and the input 3 channels.",
            Assert.Throws<ToolException>(() => Run(RunCommand.Create(), model, "--image", photo, "--mean", "0.5")).Message,
            StringComparison.Ordinal);
        string flat = Saved("flat.onnx", new ModelBuilder(17).Input("x", "batch", 6).Node("Relu", "x", "y").Output("y"));
        Assert.Contains("takes no photo",
            Assert.Throws<ToolException>(() => Run(RunCommand.Create(), flat, "--image", photo)).Message, StringComparison.Ordinal);
        Assert.Contains("There is no file",
            Assert.Throws<ToolException>(() => Run(RunCommand.Create(), "missing.onnx", "--image", photo)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_shows_the_layers_and_their_sums()
    {
        string[] lines = Run(DescribeCommand.Create(), Brightest()).Split('\n');
        Assert.StartsWith("Brightest", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains("GlobalAveragePool2D", StringComparison.Ordinal));
        Assert.Contains("activations: 804 bytes", lines);
        Assert.Contains("There is no file",
            Assert.Throws<ToolException>(() => Run(DescribeCommand.Create(), "missing.onnx")).Message, StringComparison.Ordinal);
        Assert.Contains("is no .dll, so there is no class 'App.Net' in it",
            Assert.Throws<ToolException>(() => Run(DescribeCommand.Create(), Brightest(), "App.Net")).Message, StringComparison.Ordinal);
    }

    /// <summary>A file of torch.save; tests/Published/GoldenTests looks at all the others.</summary>
    [Fact]
    public void Convert_makes_a_safetensors_file()
    {
        string source = Path.Combine(_folder, "plain.pth"), target = Path.Combine(_folder, "plain.safetensors");
        using (ZipArchive goldens = new(typeof(ToolTests).Assembly.GetManifestResourceStream("Goldens.zip")!))
        {
            goldens.GetEntry("plain.zip")!.ExtractToFile(source);
        }

        Assert.Equal(target + "\n", Run(ConvertCommand.Create(), source));
        Assert.Contains("\"fc1.weight\":{\"dtype\":\"F32\",\"shape\":[3,8]", File.ReadAllText(target), StringComparison.Ordinal);
        WeightsFormatException refused = Assert.Throws<WeightsFormatException>(
            () => Run(ConvertCommand.Create(), Brightest(), Path.Combine(_folder, "x.safetensors")));
        Assert.EndsWith("brightest.onnx: not a PyTorch file, but an ONNX model.", refused.Message, StringComparison.Ordinal);
        Assert.True(Tool.Program.IsForUsers(refused));
    }

    /// <summary>A file of Keras; tests/Keras/GoldenTests looks at all the others.</summary>
    [Fact]
    public void Convert_reads_Keras_files()
    {
        string source = Path.Combine(_folder, "picture.keras"), target = Path.Combine(_folder, "picture.safetensors");
        using (ZipArchive goldens = new(typeof(ToolTests).Assembly.GetManifestResourceStream("KerasGoldens.zip")!))
        {
            goldens.GetEntry("picture.keras")!.ExtractToFile(source);
        }

        Assert.Equal(target + "\n", Run(ConvertCommand.Create(), source));
        Assert.Contains("\"conv.weight\":{\"dtype\":\"F32\",\"shape\":[4,3,3,3]", File.ReadAllText(target), StringComparison.Ordinal);
        string saved = Directory.CreateDirectory(Path.Combine(_folder, "saved")).FullName;
        File.WriteAllBytes(Path.Combine(saved, "saved_model.pb"), [8, 1, 0x12]);
        Assert.Contains("the folder of a TensorFlow SavedModel", Assert.Throws<WeightsFormatException>(
            () => Run(ConvertCommand.Create(), saved, target)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_takes_lists_and_ranges_of_sizes()
    {
        string model = Saved("open.onnx", new ModelBuilder(17).Input("x", "batch", 3, "h", "w")
            .Noise("conv.weight", 4, 3, 3, 3).Node("Conv", "x,conv.weight", "a").Node("GlobalAveragePool", "a", "y").Output("y"));
        string Sizes(params string[] sizes)
        {
            Run(ImportCommand.Create(), [model, "--output", _folder, "--sizes", .. sizes]);
            return File.ReadAllLines(Path.Combine(_folder, "Open.cs"))
                .SkipWhile(line => !line.StartsWith("[Input", StringComparison.Ordinal)).ElementAt(1);
        }

        Assert.Equal("[Sizes(Width = [160, 320])]", Sizes("48x160,48x320"));
        Assert.Equal("[Sizes(Width = [160, 320])]", Sizes("48x160", "48x320"));
        Assert.Equal("[Sizes(Height = [32, 48], WidthRange = [160, 400, 80])]", Sizes("32:48:16x160:400:80"));
        foreach (string wrong in new[] { "", "48x", "48x160,", "48x0", "1x1x1x1", "48x160:320", "48x320:160:80", "1:2000000000:1x8", "a" })
        {
            Assert.Contains(
                $"'{wrong}' is no list of sizes: write 48x160,48x320",
                Assert.Single(ImportCommand.Create().Parse([model, "--sizes", wrong]).Errors).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Import_takes_numbers_of_inputs()
    {
        string model = Saved("rate.onnx", new ModelBuilder(17).Input("x", 1, 4).Input("rate", DataType.Int64, [])
            .Integers("usual", [], 16000).Node("Equal", "rate,usual", "c").Node("If", "c", "y",
                ("then_branch", NodeCases.Body("", "p", b => b.Node("Tanh", "x", "p"))),
                ("else_branch", NodeCases.Body("", "q", b => b.Node("Exp", "x", "q")))).Output("y"));
        string Layer(string rate)
        {
            Run(ImportCommand.Create(), [model, "--output", _folder, "--force", "--constant", rate]);
            return File.ReadAllText(Path.Combine(_folder, "Rate.cs"));
        }

        Assert.Contains("Tanh", Layer("rate=16000"), StringComparison.Ordinal);
        Assert.Contains("Exp", Layer("rate=8000"), StringComparison.Ordinal);
        foreach (string wrong in new[] { "rate", "rate=", "=1", "rate=x", "rate=NaN", "rate=∞" })
        {
            Assert.Contains(
                $"'{wrong}' is no number of an input: write name=16000",
                Assert.Single(ImportCommand.Create().Parse([model, "--constant", wrong]).Errors).Message, StringComparison.Ordinal);
        }

        Assert.Contains(
            "Input 'rate' has two numbers",
            Assert.Single(ImportCommand.Create().Parse([model, "--constant", "rate=1", "--constant", "rate=2"]).Errors).Message,
            StringComparison.Ordinal);
        void Refused(string reason, string name, double number) => Assert.Contains(reason, Assert.Throws<OnnxFormatException>(
            () => OnnxFile.Import(model, new OnnxImportOptions { Constants = new Dictionary<string, double> { [name] = number } })).Message,
            StringComparison.Ordinal);
        Refused("there is no input 'rat'", "rat", 1);
        Refused("it is an integer, and 0.5 was given", "rate", 0.5);
        Refused("it is an integer, and NaN was given", "rate", double.NaN);
        Refused("has the shape [1, 4], and a number was given", "x", 1);
    }

    [Fact]
    public void Bench_shows_times_of_a_file()
    {
        string output = Run(BenchCommand.Create(), Brightest(), "--batch", "2", "--threads", "1", "--seconds", "0.05");
        Assert.StartsWith("Brightest: 0 parameters, ", output, StringComparison.Ordinal);
        Assert.Equal(
            ["load", "first", "median", "best,"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(' ')[0]));
    }
}
