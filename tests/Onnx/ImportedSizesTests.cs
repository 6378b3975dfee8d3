using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Strata.Onnx.Tests.Saving;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Files with open axes that become classes with <c>[Sizes]</c>.</summary>
public sealed class ImportedSizesTests
{
    private static ModelBuilder Pooled(params object[] extents) => new ModelBuilder(17).Input("x", extents)
        .Noise("conv.weight", 4, 3, 3, 3).Node("Conv", "x,conv.weight", "a", ("pads", (long[])[1, 1, 1, 1]))
        .Node("GlobalAveragePool", "a", "y").Output("y");

    private static OnnxImportOptions With(params int[][] sizes) => new() { Name = "Sized", Sizes = sizes };

    private static string[] Declared(ModelBuilder model, OnnxImportOptions options) =>
        [.. ImportCheck.Imported(model.ToBytes(), options).Source.Split('\n')
            .Where(line => line.StartsWith("[Input", StringComparison.Ordinal) || line.StartsWith("[Sizes", StringComparison.Ordinal))];

    private static Exception Refused(ModelBuilder model, OnnxImportOptions options) =>
        Assert.ThrowsAny<Exception>(() => ImportCheck.Imported(model.ToBytes(), options));

    private static OnnxImportOptions Given(OnnxImportOptions options, params int[] shape) =>
        options with { Inputs = new Dictionary<string, IReadOnlyList<int>> { [""] = shape } };

    [Fact]
    public void The_class_declares_the_sizes_as_one_would_write_them()
    {
        ModelBuilder open = Pooled("batch", 3, "h", "w");
        Assert.Equal(["[Input(3, 48, 160)]", "[Sizes(Width = [160, 320, 640])]"], Declared(open, With([48, 160], [48, 320], [48, 640])));
        Assert.Equal(
            ["[Input(3, 48, 160)]", "[Sizes(Width = [160, 320])]"], Declared(Pooled("batch", 3, 48, "w"), With([48, 160], [48, 320])));

        // Two sizes are the declared one and another.
        Assert.Equal(["[Input(3, 16, 16)]", "[Sizes(Height = [32], Width = [24])]"], Declared(open, With([16, 16], [32, 24])));

        // That of [Input] is not always the first: the others must be a product.
        Assert.Equal(
            ["[Input(3, 64, 64)]", "[Sizes(Height = [16, 32], Width = [16])]"], Declared(open, With([16, 16], [32, 16], [64, 64])));

        int[][] all = [.. new[] { 32, 64, 96, 128 }.SelectMany(height => new[] { 32, 64 }.Select(width => (int[])[height, width]))];
        Assert.Equal(["[Input(3, 32, 32)]", "[Sizes(HeightRange = [32, 128, 32], Width = [32, 64])]"], Declared(open, With(all)));

        // The shape that is given is one more size.
        Assert.Equal(
            ["[Input(3, 20, 20)]", "[Sizes(Height = [16], Width = [16, 32])]"], Declared(open, Given(With([16, 16], [16, 32]), 3, 20, 20)));
        Assert.Equal(["[Input(3, 16, 16)]"], Declared(open, With([16, 16])));
    }

    [Fact]
    public void Sizes_that_a_class_cannot_declare_are_refused_with_those_that_are_missing()
    {
        ModelBuilder open = Pooled("batch", 3, "h", "w");
        Assert.Equal(
            "A class declares all products of its extents: 160×160, 320×320, 48×640 lack 160×320, 160×640, 320×160 and 3 more. "
            + "Add these, or import a class for each size.",
            Assert.IsType<ArgumentException>(Refused(open, With([160, 160], [320, 320], [48, 640]))).Message);
        Assert.Equal(
            "'16' is no size beside '16×16': all have the same 1 to 3 extents without the channels, each at least 1.",
            Refused(open, With([16, 16], [16])).Message);
        Assert.Equal(
            "The input is 20×20 without its channels; the size 16 has another number of extents.",
            Refused(open, Given(With([16], [32]), 3, 20, 20)).Message);
        Assert.Equal(
            "There are 257 sizes; a class declares at most 256.",
            Refused(open, With([.. Enumerable.Range(1, 257).Select(width => (int[])[8, width])])).Message);
    }

    [Fact]
    public void An_axis_that_the_file_fixes_is_named_with_its_input()
    {
        const string Advice = "; export it with open axes, as dynamic_axes of torch.onnx.export names them";
        Assert.Equal(
            "the stream: input 'x': the file fixes its axis 2 at 224, and 160 was asked for (--sizes): "
            + "it has the shape [batch, 3, 224, 224]" + Advice,
            Assert.IsType<OnnxFormatException>(Refused(Pooled("batch", 3, 224, 224), With([160, 160], [224, 224]))).Message);
        Assert.Equal(
            "At the size 224×160: the stream: input 'x': the file fixes its axis 3 at 224, and 160 was asked for (--sizes): "
            + "it has the shape [batch, 3, h, 224]" + Advice,
            Refused(Pooled("batch", 3, "h", 224), With([224, 224], [224, 160])).Message);
        Assert.Contains(
            "the file fixes its axis 2 at 224, and 160", Refused(
                Pooled("batch", 3, 224, 224), Given(With([160, 160], [192, 160]), 3, 160, 160)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_that_the_file_leaves_open_must_be_given()
    {
        ModelBuilder open = Pooled("batch", "c", "h", "w");
        Assert.Contains("--input x=3,224,224", Refused(open, With([8, 8], [8, 9])).Message, StringComparison.Ordinal);
        Assert.Equal(["[Input(3, 8, 8)]", "[Sizes(Width = [8, 9])]"], Declared(open, Given(With([8, 8], [8, 9]), 3, 8, 8)));
        Assert.Equal(
            "the stream: input 'x': it has the shape [batch, 3, h, w] in the file; with a batch and channels, a size of 1 extents "
            + "(--sizes) needs 3 axes",
            Refused(Pooled("batch", 3, "h", "w"), With([8], [9])).Message);
    }

    [Fact]
    public void A_layer_that_differs_between_two_sizes_is_named_with_both()
    {
        ModelBuilder resizing = new ModelBuilder(17).Input("x", "batch", 3, "h", "w")
            .Node("MaxPool", "x", "p", ("kernel_shape", (long[])[2, 2]), ("strides", (long[])[2, 2]))
            .Node("Shape", "x", "s").Node("Resize", "p,,,s", "r", ("mode", "nearest")).Node("Add", "r,x", "y").Output("y");
        Assert.Equal(
            ["[Input(3, 8, 8)]", "[Sizes(Height = [8, 12], Width = [8, 20])]"],
            Declared(resizing, With([8, 8], [8, 20], [12, 8], [12, 20])));
        string refused = Assert.IsType<NotSupportedException>(Refused(resizing, With([8, 8], [8, 9]))).Message;
        Assert.StartsWith(
            "Sized cannot be one class for several sizes: its layer 'upsample1' is Upsample2D(2) at 8×8, and "
            + "Upsample2D(Height = 8, Width = 9",
            refused, StringComparison.Ordinal);
        Assert.EndsWith(") at 8×9. Import a class for each size.", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_that_the_file_computes_from_the_size_is_named()
    {
        ModelBuilder model = LoadedSizesTests.WithComputedParameter();
        Assert.Equal(["[Input(3, 8, 8)]", "[Sizes(Height = [8, 12])]"], Declared(model, With([8, 8], [12, 8])));
        Assert.Matches(
            "^Sized cannot be one class for several sizes: the file computes the parameter '.*weight' from the size of its input: it "
            + "differs between 8×8 and 8×12. Import a class for each size.$",
            Refused(model, With([8, 8], [8, 12])).Message);
    }

    [Fact]
    public void A_size_at_which_the_file_does_not_fit_is_named()
    {
        ModelBuilder dense = new ModelBuilder(17).Input("x", "batch", 2, "h", "w").Noise("fc.weight", 32, 5)
            .Node("Flatten", "x", "f").Node("MatMul", "f,fc.weight", "y").Output("y");
        Assert.StartsWith(
            "At the size 4×5: ", Assert.IsType<OnnxFormatException>(Refused(dense, With([4, 4], [4, 5]))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_with_different_extents_have_no_sizes_in_common()
    {
        ModelBuilder two = new ModelBuilder(17).Input("a", "batch", 3, "h", "w").Input("b", "batch", 1, "h", "w")
            .Node("Mul", "a,b", "y").Output("y");
        Assert.Equal(
            ["[Input(3, 8, 8, Name = \"a\")]", "[Sizes(Width = [8, 12])]", "[Input(1, 8, 8, Name = \"b\")]"],
            Declared(two, With([8, 8], [8, 12])));
        ModelBuilder different = new ModelBuilder(17).Input("a", "batch", 3, "h", "w").Input("b", "batch", 3, "k", "w")
            .Node("Concat", "a,b", "y", ("axis", 2)).Output("y");
        OnnxImportOptions options = With([8, 8], [8, 12]);
        options = options with { Inputs = new Dictionary<string, IReadOnlyList<int>> { ["b"] = [3, 4, 8] } };
        Assert.Equal(
            "Several sizes need inputs with the same extents. 'a' is 3×8×8, and 'b' is 3×4×8.", Refused(different, options).Message);
        ModelBuilder flat = new ModelBuilder(17).Input("x", "batch", 6).Node("Relu", "x", "y").Output("y");
        Assert.Contains("have one size", Refused(flat, With([8], [9])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_loaded_has_the_sizes_of_the_compiler()
    {
        using var stream = new MemoryStream(Pooled("batch", 3, "h", "w").ToBytes());
        Assert.Contains(
            "CompileOptions.Sizes", Assert.Throws<ArgumentException>(() => OnnxFile.Load(stream, With([8, 8], [9, 9]))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_last_are_the_same_sizes()
    {
        ModelBuilder model = new ModelBuilder(17).Input("x", "batch", "h", "w", 3)
            .Noise("conv.weight", 4, 3, 3, 3).Node("Transpose", "x", "t", ("perm", (long[])[0, 3, 1, 2]))
            .Node("Conv", "t,conv.weight", "a").Node("GlobalAveragePool", "a", "y").Output("y");
        Assert.Equal(["[Input(3, 8, 10)]", "[Sizes(Width = [10, 13])]"], Declared(model, With([8, 10], [8, 13])));
        CompareAtEach(model.ToBytes(), With([8, 10], [8, 13]), size => [size[0], size[1], 3]);
    }

    /// <summary>Compiles the class of a file, and compares it with ONNX Runtime at each size.</summary>
    /// <param name="model">The file.</param>
    /// <param name="options">How it is imported, with sizes.</param>
    /// <param name="shapeOf">The shape of the file's input at a size, without the batch.</param>
    /// <param name="inputs">Numbers for an input of a shape; by default noise.</param>
    /// <returns>The class.</returns>
    private static (Assembly Assembly, ImportedNetwork Network) CompareAtEach(
        byte[] model, OnnxImportOptions options, Func<int[], int[]> shapeOf, Func<int[], float[]>? inputs = null)
    {
        ImportedNetwork imported = ImportCheck.Imported(model, options);
        Assembly assembly = ClassCompiler.Compile(imported.Source);
        using CompiledNetwork network = ImportCheck.Instance(assembly, imported);
        Assert.Equal(
            options.Sizes.Select(size => string.Join('×', size)).Order(),
            network.SupportedSizes!.Select(size => string.Join('×', size)).Order());
        foreach (int[] size in options.Sizes.Select(size => size.ToArray()))
        {
            double error = ImportCheck.Error(
                network.At(size), model, Given(options, shapeOf(size)),
                inputs ?? (shape => ModelBuilder.NoiseValues(shape.Aggregate(1, (count, extent) => count * extent), size[^1])));
            Assert.True(error <= ImportCheck.Tolerance, $"At {string.Join('×', size)} the class differs by {error:E2}.");
        }

        return (assembly, imported);
    }

    public static TheoryData<string, string, string> Classes => new()
    {
        {
            "Classifier", "3, 16, 24", "Sizes(Width = new[] { 24, 40 }, Height = new[] { 16, 8 }), "
            + "Conv2D(8, 3, Stride = 2, Padding = 1, Bias = false), BatchNorm, ReLU6, Conv2D(8, 3, Padding = 1, Groups = 8), HardSwish, "
            + "MaxPool2D(2), Conv2D(12, 1), GELU, GlobalAveragePool2D, Flatten, Dense(4), Softmax"
        },
        {
            "UNet", "1, 16, 32", "Sizes(HeightRange = new[] { 32, 48, 16 }, Width = new[] { 48 }), "
            + "Conv2D(6, 3, Padding = 1), ReLU(Name = \"skip\"), MaxPool2D(2), Conv2D(8, 3, Padding = 1), ReLU, "
            + "ConvTranspose2D(6, 2, Stride = 2, Name = \"up\"), Concat(\"skip\", \"up\"), Conv2D(5, 3, Padding = 1), ReLU, "
            + "AveragePool2D(2), Upsample2D(2), Conv2D(2, 1)"
        },
        { "Signal", "4, 40", "Sizes(Length = new[] { 25, 160 }), Conv1D(6, 5, Padding = 2), Tanh, MaxPool1D(2), Conv1D(3, 3)" },
        { "Volume", "2, 6, 8, 8", "Sizes(Depth = new[] { 9 }, Width = new[] { 12 }), Conv3D(4, 3, Padding = 1), ReLU, MaxPool3D(2)" },
    };

    [Theory]
    [MemberData(nameof(Classes))]
    public void A_class_with_sizes_comes_back_from_a_file_with_open_axes(string name, string input, string layers)
    {
        string source = $"using Strata;\n[Network, Input({input}), {layers}]\npublic partial class {name};\n";
        using CompiledNetwork network = SavedNetwork.Create(ClassCompiler.Compile(source).GetType(name)!);
        byte[] file = SavedNetwork.Save(network, new OnnxSaveOptions { DynamicSizes = true });
        int channels = network.Info.InputShape[0];
        var options = new OnnxImportOptions { Name = name, Sizes = network.SupportedSizes! };
        (Assembly assembly, ImportedNetwork imported) = CompareAtEach(file, options, size => [channels, .. size]);
        using CompiledNetwork back = ImportCheck.Instance(assembly, imported);
        foreach (int[] size in network.SupportedSizes!.Select(size => size.ToArray()))
        {
            Assert.Equal(Outputs(network.At(size)), Outputs(back.At(size)));
        }

        static float[] Outputs(CompiledNetwork network)
        {
            float[] outputs = new float[2 * network.OutputLength];
            network.Forward(ModelBuilder.NoiseValues(2 * network.InputLength, 7), outputs);
            return outputs;
        }
    }

    /// <summary>PP-OCR's detector of text.</summary>
    [Fact]
    public void A_published_file_of_open_axes_is_a_class_of_three_sizes()
    {
        RealFile file = RealFile.All[0];
        string? path = file.Find(out string reason);
        Assert.SkipWhen(path is null, reason);
        CompareAtEach(
            File.ReadAllBytes(path!), With([160, 160], [160, 320], [160, 480]) with { Until = file.ComparedAt }, size => [3, .. size],
            file.Picture);
    }
}
