using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Networks of ONNX files at other sizes of their inputs.</summary>
public sealed class LoadedSizesTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"sizes-{Guid.NewGuid():N}.onnx");

    public void Dispose() => File.Delete(_path);

    /// <summary>Resizes what it has pooled to the size of its input, which the file computes.</summary>
    private static ModelBuilder Resizing() => new ModelBuilder(17).Input("x", "batch", 3, "h", "w")
        .Noise("conv.weight", 3, 3, 3, 3).Node("Conv", "x,conv.weight", "a", ("pads", (long[])[1, 1, 1, 1]))
        .Node("MaxPool", "a", "p", ("kernel_shape", (long[])[2, 2]), ("strides", (long[])[2, 2]))
        .Node("Shape", "x", "s").Node("Resize", "p,,,s", "r", ("mode", "nearest")).Node("Add", "r,a", "y").Output("y");

    private CompiledNetwork Load(ModelBuilder model, params int[] shape)
    {
        File.WriteAllBytes(_path, model.ToBytes());
        return OnnxFile.Load(
            _path, new OnnxImportOptions { Name = "Loaded", Inputs = new Dictionary<string, IReadOnlyList<int>> { ["x"] = shape } },
            new NetworkOptions { Threads = 1 });
    }

    private static float[] Outputs(CompiledNetwork network)
    {
        float[] outputs = new float[network.OutputLength];
        network.Forward([.. Enumerable.Range(0, network.InputLength).Select(i => MathF.Sin(i * 0.37f))], outputs);
        return outputs;
    }

    [Fact]
    public void At_a_size_a_file_is_the_one_that_is_loaded_with_it()
    {
        using CompiledNetwork net = Load(Resizing(), 3, 8, 8), other = Load(Resizing(), 3, 12, 20);
        CompiledNetwork sized = net.At(12, 20);
        Assert.Equal(other.Info.Layers.Select(layer => layer.OutputShape), sized.Info.Layers.Select(layer => layer.OutputShape));
        Assert.Equal(Outputs(other), Outputs(sized));
        Assert.Equal("Loaded", sized.Info.Name);
        net.Initialize(4);
        other.Initialize(4);
        Assert.Equal(Outputs(other), Outputs(sized));
    }

    [Fact]
    public void An_input_with_its_channels_last_has_the_size_of_its_picture()
    {
        ModelBuilder model = new ModelBuilder(17).Input("x", "batch", "h", "w", 3)
            .Noise("conv.weight", 4, 3, 3, 3).Node("Transpose", "x", "t", ("perm", (long[])[0, 3, 1, 2]))
            .Node("Conv", "t,conv.weight", "a").Node("GlobalAveragePool", "a", "y").Output("y");
        using CompiledNetwork net = Load(model, 8, 10, 3), other = Load(model, 9, 13, 3);
        Assert.Equal([3, 9, 13], net.At(9, 13).Info.InputShape);
        Assert.Equal(Outputs(other), Outputs(net.At(9, 13)));
    }

    /// <summary>A convolution whose weight the file multiplies by the width of its input.</summary>
    internal static ModelBuilder WithComputedParameter() => new ModelBuilder(17).Input("x", "batch", 3, "h", "w")
        .Noise("conv.weight", 3, 3, 3, 3).Integers("last", [], 3)
        .Node("Shape", "x", "s").Node("Gather", "s,last", "g").Node("Cast", "g", "f", ("to", 1))
        .Node("Mul", "conv.weight,f", "scaled").Node("Conv", "x,scaled", "y").Output("y");

    [Fact]
    public void A_parameter_that_the_file_computes_from_the_size_is_named()
    {
        ModelBuilder model = WithComputedParameter();
        using CompiledNetwork net = Load(model, 3, 8, 8);
        Assert.Equal([3, 12, 8], net.At(12, 8).Info.InputShape);
        NotSupportedException refused = Assert.Throws<NotSupportedException>(() => net.At(8, 12));
        Assert.Contains("Loaded cannot be had at 8×12: the file computes the parameter '", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_from_a_stream_has_one_size()
    {
        using var stream = new MemoryStream(Resizing().ToBytes());
        using CompiledNetwork net = OnnxFile.Load(
            stream, new OnnxImportOptions { Inputs = new Dictionary<string, IReadOnlyList<int>> { ["x"] = [3, 8, 8] } });
        Assert.Same(net, net.At(8, 8));
        Assert.Contains(
            "was loaded from a stream", Assert.Throws<NotSupportedException>(() => net.At(8, 12)).Message, StringComparison.Ordinal);
    }
}
