using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using Google.Protobuf;
using Strata.Onnx.Model;
using Strata.Onnx.Reading;
using Strata.Onnx.Schema;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Files that are no models, damaged, or made to hurt: a clear error, in time and memory that the file's size allows.</summary>
public sealed class HostileModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Error(byte[] bytes) => Assert.Throws<OnnxFormatException>(() => ModelBuilder.Read(bytes)).Message;

    private static string Error(ModelBuilder builder) => Error(builder.ToBytes());

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 102400\n", "git lfs pull")]
    [InlineData("PK\u0003\u0004....", "zip")]
    [InlineData("\u0089HDF\r\n", "HDF5")]
    [InlineData("\u001c\0\0\0TFL3....", "TensorFlow Lite")]
    [InlineData("\u0018\0\0\0ORTM....", "ONNX Runtime")]
    [InlineData("GGUF\u0003", "GGUF")]
    [InlineData("\u0010\0\0\0\0\0\0\0{\"a\":{}}", "safetensors")]
    [InlineData("<!DOCTYPE html><html>", "web page")]
    [InlineData("<?xml version=\"1.0\"?>", "XML")]
    [InlineData("\u0080\u0002}q\0.", "pickle")]
    [InlineData("{\"format\": 1}", "JSON")]
    [InlineData("", "empty")]
    [InlineData("hello, world, this is no model", "no ONNX model")]
    public void Other_files_are_recognised(string content, string word)
    {
        string path = Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(content));
        string message = Assert.Throws<OnnxFormatException>(() => GraphReader.Read(path, new OnnxImportOptions())).Message;
        Assert.Contains(word, message);
        Assert.StartsWith(path, message);
    }

    [Fact]
    public void Folders_and_missing_files_are_told()
    {
        Assert.Contains("folder", Assert.Throws<OnnxFormatException>(() => GraphReader.Read(_folder, new OnnxImportOptions())).Message);
        Assert.Throws<FileNotFoundException>(() => GraphReader.Read(Path.Combine(_folder, "none.onnx"), new OnnxImportOptions()));
        Assert.Throws<FileNotFoundException>(() => GraphReader.Read(Path.Combine(_folder, "none", "none.onnx"), new OnnxImportOptions()));
    }

    [Fact]
    public void A_file_that_breaks_off_is_told_at_every_length()
    {
        byte[] whole = new ModelBuilder().Input("x", 1, 4).Noise("w", 4).Node("Add", "x,w", "y").Output("y").ToBytes();
        for (int length = 0; length < whole.Length; length++)
        {
            Exception? exception = Record.Exception(() => ModelBuilder.Read(whole[..length]));
            Assert.True(exception is OnnxFormatException or null, $"{length} bytes: {exception}");
        }

        Assert.Contains("truncated", Error(whole[..(whole.Length / 2)]));
    }

    [Fact]
    public void Deep_nesting_is_an_error()
    {
        GraphProto graph = new();
        for (int level = 0; level < 200; level++)
        {
            graph = new GraphProto
            {
                Node = { new NodeProto { OpType = "If", Output = { "y" },
                Attribute = { ModelBuilder.Attribute("then_branch", graph) } } }
            };
        }

        Assert.Contains("nests deeper", Error(new ModelProto { Graph = graph }.ToByteArray()));
    }

    [Fact]
    public void Many_tiny_parts_are_an_error_before_they_cost_memory()
    {
        // Four million empty nodes in eight million bytes.
        byte[] bytes = new byte[8_000_008];
        bytes[0] = 0x3A;
        byte[] length = [0x80, 0xA4, 0xE8, 0x03];
        length.CopyTo(bytes, 1);
        for (int index = 5; index < 8_000_005; index += 2)
        {
            bytes[index] = 0x0A;
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("too many small parts", Error(bytes[..8_000_005]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Theory]
    [InlineData("ConstantOfShape", 1_000_000_000L)]
    [InlineData("ConstantOfShape", 100_000_000_000L)]
    [InlineData("ConstantOfShape", long.MaxValue)]
    [InlineData("ConstantOfShape", -1L)]
    public void Huge_constants_are_not_computed(string @operator, long count)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", 1, 4).List("s", count).Node(@operator, "s", "c").Node("Add", "x,c", "y")
            .Output("y");
        AssertSmall(builder);
    }

    [Fact]
    public void Huge_results_of_small_constants_are_not_computed()
    {
        AssertSmall(new ModelBuilder().List("s", 40000, 50000).Floats("f", [1], 1).Node("Expand", "f,s", "y").Output("y"));
        AssertSmall(new ModelBuilder().List("s", 2_000_000_000).Floats("f", [1], 1).Node("Tile", "f,s", "y").Output("y"));
        AssertSmall(new ModelBuilder().List("s", 0, 2_000_000_000).Floats("f", [1], 1).Node("Pad", "f,s", "y").Output("y"));
        AssertSmall(new ModelBuilder().Integers("a", [], 0).Integers("b", [], long.MaxValue).Integers("c", [], 1)
            .Node("Range", "a,b,c", "y").Output("y"));
        AssertSmall(new ModelBuilder().Floats("a", [], 0).Floats("b", [], float.PositiveInfinity).Floats("c", [], 1)
            .Node("Range", "a,b,c", "y").Output("y"));
        AssertSmall(new ModelBuilder().Floats("a", [30000, 1], new float[30000]).Floats("b", [1, 30000], new float[30000])
            .Node("MatMul", "a,b", "y").Output("y"));
    }

    private static ModelBuilder Loop(long trips, Action<ModelBuilder> body, string condition = "on") => new ModelBuilder().Input("x", 1, 4)
        .Integers("m", [], trips).Integers("one", [], 1).Node("Cast", "one", "go", ("to", 9)).Node("Loop", "m,go,x", "y,all", ("body",
            NodeCases.Body("trip,on,s", $"{condition},t,u", b => body(b.Node("Exp", "s", "u"))))).Output("y", "all");

    [Theory]
    [InlineData(1001)]
    [InlineData(1_000_000_000)]
    [InlineData(long.MaxValue)]
    public void A_loop_of_many_trips_is_refused_at_once(long trips)
    {
        var watch = Stopwatch.StartNew();
        Assert.Contains("goes round more than 1000 times", Refusal(Loop(trips, b => b.Node("Tanh", "s", "t"))), StringComparison.Ordinal);
        Assert.Contains(
            "goes round more than 1000 times",
            Refusal(Loop(trips, b => b.Node("Tanh", "s", "t").Node("Not", "off", "goes").Node("Not", "on", "off"), "goes")),
            StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
    }

    [Fact]
    public void Loops_in_loops_count_all_of_their_trips() => Assert.Contains("nodes", Error(Loop(1000, b => b
        .Integers("n", [], 1000).Node("Loop", "n,on,s", "t", ("body", NodeCases.Body(
            "trip2,on2,a", "on2,b", c => c.Node("Tanh", "a", "b"))))).ToBytes()), StringComparison.Ordinal);

    [Fact]
    public void A_loop_names_what_stands_in_it_once() => Assert.Single(Assert.Throws<UnsupportedOnnxException>(
        () => Import(Loop(50, b => b.Node("Det", "s", "t")))).Nodes);

    [Fact]
    public void Sequences_and_steps_are_bounded()
    {
        Assert.Contains("nodes", Error(new ModelBuilder().Input("x", 1, 1_000_000_000).Integers("i", [], 0)
            .Node("SplitToSequence", "x", "s", ("axis", 1)).Node("SequenceAt", "s,i", "y").Output("y").ToBytes()),
            StringComparison.Ordinal);
        Assert.Contains("up to 64 steps", Refusal(new ModelBuilder().Input("x", 1, 65, 3).Node("Transpose", "x", "t", ("perm",
            new[] { 1, 0, 2 })).Noise("w", 1, 2, 3).Noise("r", 1, 2, 2).Node("RNN", "t,w,r", "y", ("hidden_size", 2)).Output("y")),
            StringComparison.Ordinal);
        Assert.Contains("is a sequence", Error(new ModelBuilder().Input("x", 1, 4).Node("SequenceConstruct", "x,x", "y").Output("y")
            .ToBytes()), StringComparison.Ordinal);
        Assert.Contains("reads a sequence", Refusal(new ModelBuilder().Input("x", 1, 4).Node("SequenceConstruct", "x,x", "s")
            .Node("Relu", "s", "y").Output("y")), StringComparison.Ordinal);
        AssertSmall(new ModelBuilder().Input("x", 1, 4).Floats("z", [1], 0).List("n", 3_000_000, 1).Node("Expand", "z,n", "e")
            .Node("Cast", "e", "i", ("to", 7)).Node("GatherElements", "x,i", "y", ("axis", 1)).Output("y"));
    }

    private static string Refusal(ModelBuilder model) =>
        Assert.Throws<UnsupportedOnnxException>(() => Import(model)).Message;

    private static void Import(ModelBuilder model)
    {
        using var stream = new MemoryStream(model.ToBytes());
        OnnxFile.Import(stream);
    }

    [Fact]
    public void A_chain_of_doublings_is_not_computed()
    {
        ModelBuilder builder = new ModelBuilder().Floats("c0", [1], 1);
        for (int level = 0; level < 29; level++)
        {
            builder.Node("Concat", $"c{level},c{level}", $"c{level + 1}", ("axis", 0));
        }

        AssertSmall(builder.Output("c29"));
    }

    [Fact]
    public void Extents_that_overflow_are_an_error()
    {
        Assert.Contains("too large", Error(new ModelBuilder().Input("x", 1, 100_000, 100_000, 100_000).Node("Relu", "x", "y").Output("y")));
        Assert.Contains("input 'x'", Error(new ModelBuilder().Input("x", 1, long.MaxValue).Node("Relu", "x", "y").Output("y")));
        Assert.Contains("node 'Conv_y' (Conv)", Error(new ModelBuilder().Input("x", 1, 1, 4, 4).Noise("w", 1, 1, 1, 1).Node(
            "Conv", "x,w", "y", ("pads", new[] { int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue })).Output("y")));
        Assert.Contains("node 'Conv_y' (Conv)", Error(new ModelBuilder().Input("x", 1, 1, 4, 4).Noise("w", 1, 1, 3, 3).Node(
            "Conv", "x,w", "y", ("dilations", new[] { int.MaxValue, int.MaxValue })).Output("y")));
        Assert.Contains("node 'Conv_y' (Conv)", Error(new ModelBuilder().Input("x", 1, 1, 4, 4).Noise("w", 1, 1, 3, 3).Node(
            "Conv", "x,w", "y", ("strides", new long[] { 0, -1 })).Output("y")));
    }

    [Fact]
    public void Integers_that_are_divided_by_zero_are_an_error() => Assert.Contains(
        "divided by 0", Error(new ModelBuilder().List("a", 1, 2).List("b", 0, 1).Node("Div", "a,b", "y").Output("y")));

    [Fact]
    public void Five_thousand_nodes_are_read_in_linear_time()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", 1, 8, 4, 4).Noise("w", 8, 8, 1, 1);
        string last = "x";
        for (int index = 0; index < 2500; index++)
        {
            builder.Node("Conv", $"{last},w", $"c{index}").Node("Relu", $"c{index}", $"r{index}");
            last = $"r{index}";
        }

        builder.Output(last);
        NodeProto[] nodes = [.. builder.Graph.Node.Reverse()];
        builder.Graph.Node.Clear();
        builder.Graph.Node.AddRange(nodes);
        byte[] bytes = builder.ToBytes();
        ModelBuilder.Read(bytes);
        var watch = Stopwatch.StartNew();
        Assert.Equal(5000, ModelBuilder.Read(bytes).Nodes.Count);
        // Some 50 ms; with a square of the number of nodes it would be minutes. The machine may be busy.
        Assert.InRange(watch.ElapsedMilliseconds, 0, 5000);
    }

    [Fact]
    public void Weights_are_not_copied_before_they_are_read()
    {
        const int Count = 16_000_000;
        byte[] bytes = new ModelBuilder().Input("x", 1, Count).Floats("w", [Count], new float[Count]).Node("Add", "x,w", "y")
            .Output("y").ToBytes();
        long before = GC.GetAllocatedBytesForCurrentThread();
        OnnxGraph graph = ModelBuilder.Read(bytes);
        // The parser joins a long array from pieces, which it gives up again.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (2L * bytes.Length) + 1_000_000);
        before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(Count, graph.Nodes[0].Inputs[1]!.Constant!.Floats.Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, bytes.Length + 1_000_000);
    }

    [Fact]
    public void An_attribute_of_the_wrong_type_is_an_error() => Assert.Contains(
        "the attribute 'axis'", Error(new ModelBuilder().Input("x", 1, 4).Node("Softmax", "x", "y", ("axis", "last")).Output("y")));

    [Fact]
    public void A_slice_of_mutated_files_is_loaded_and_computes_or_is_refused()
    {
        LoadFuzz.Report report = LoadFuzz.Run(Path.Combine(SourceFolder.Path, "Exports"), seed: 3, count: 150);
        Assert.True(report.Failures.Count == 0, string.Join("\n\n", report.Failures));
        Assert.InRange(report.Computed, 10, 140);
    }

    [Fact]
    public void A_slice_of_mutated_files_is_read_or_refused()
    {
        ModelFuzz.Report report = ModelFuzz.Run(seed: 7, count: 1500);
        Assert.True(report.Failures.Count == 0, string.Join("\n", report.Failures.Take(5)));
    }

    /// <summary>Whatever comes of it, it costs little.</summary>
    private static void AssertSmall(ModelBuilder builder)
    {
        byte[] bytes = builder.ToBytes();
        long before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        Exception? exception = Record.Exception(() => ModelFuzz.ReadAll(bytes));
        Assert.True(exception is null or OnnxFormatException, $"{exception}");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (10L * bytes.Length) + 100_000_000);
        Assert.InRange(watch.ElapsedMilliseconds, 0, 5000);
    }
}
