using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Strata.Onnx.Schema;
using Strata.Onnx.Tests.Saving;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Attention within windows as this package writes it, and files that only look like it. All agree with ONNX Runtime.</summary>
public sealed class WindowAttentionPatternTests
{
    private const string Word = "ShiftedWindowAttention(";

    [Theory]
    [InlineData(2, 3, 0, true)]
    [InlineData(1, 3, 2, true)]
    [InlineData(4, 3, 1, false)]
    public void Windows_come_back_as_they_were(int heads, int window, int shift, bool bias)
    {
        ImportedNetwork network = Checked(Saved(heads, window, shift, bias));
        string expected = $"{Word}{heads}, {window}{(shift > 0 ? $", Shift = {shift}" : "")}{(bias ? "" : ", Bias = false")}";
        Assert.Contains(expected, network.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7, 8, 3, 1)]
    [InlineData(5, 7, 3, 0)]
    [InlineData(7, 7, 4, 2)]
    [InlineData(2, 5, 3, 1)]
    [InlineData(2, 2, 3, 1)]
    public void Padded_windows_come_back_as_they_were(int height, int width, int window, int shift)
    {
        using CompiledNetwork network = new NetworkBuilder(4, height, width).Conv2D(4, 1).ShiftedWindowAttention(2, window, shift)
            .ReLU().Compile();
        SavedNetwork.Check(network, new OnnxSaveOptions(), 1, 3);
        string source = Checked(SavedNetwork.Save(network)).Source;
        Assert.Contains(Word, source, StringComparison.Ordinal);
        Assert.DoesNotContain("Pad2D", source, StringComparison.Ordinal);
        Assert.DoesNotContain("Crop2D", source, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bias_of_other_pairs_is_none_of_distances() => AssertApart(Changed("distances", (long[] numbers) =>
        (numbers[1], numbers[30]) = (numbers[30], numbers[1])));

    [Fact]
    public void A_mask_that_hides_other_pixels_is_none_of_windows() => AssertApart(Changed("hidden", (float[] numbers) =>
        numbers[5] = numbers[5] == 0 ? -100 : 0));

    [Fact]
    public void A_mask_of_another_number_is_none_of_windows() => AssertApart(Changed("hidden", (float[] numbers) =>
        Array.ForEach([.. Enumerable.Range(0, numbers.Length)], i => numbers[i] /= 2)));

    [Fact]
    public void Another_scale_is_no_attention() => AssertApart(Changed("scale", (float[] numbers) => numbers[0] *= 1.5f));

    [Fact]
    public void Windows_that_are_put_together_elsewhere_are_not_folded()
    {
        ModelProto model = ModelProto.Parser.ParseFrom(Saved());
        NodeProto last = model.Graph.Node.Last(node => node.OpType == "Concat");
        (last.Input[0], last.Input[1]) = (last.Input[1], last.Input[0]);
        AssertApart(model.ToByteArray());
    }

    [Fact]
    public void Windows_of_one_size_are_not_saved_for_all()
    {
        using CompiledNetwork network = new NetworkBuilder(4, 6, 9).ShiftedWindowAttention(2, 3, name: "attn").Compile();
        var options = new OnnxSaveOptions { DynamicSizes = true };
        Assert.Contains(
            "attn", Assert.Throws<NotSupportedException>(() => SavedNetwork.Save(network, options)).Message, StringComparison.Ordinal);
    }

    private static byte[] Saved(int heads = 2, int window = 3, int shift = 1, bool bias = true)
    {
        using CompiledNetwork network = new NetworkBuilder(4, 6, 9).Conv2D(4, 1).ShiftedWindowAttention(heads, window, shift, bias)
            .ReLU().Compile();
        SavedNetwork.Check(network, new OnnxSaveOptions(), 1, 3);
        return SavedNetwork.Save(network);
    }

    private static byte[] Changed<T>(string constant, Action<T[]> change)
        where T : struct
    {
        ModelProto model = ModelProto.Parser.ParseFrom(Saved());
        TensorProto tensor = model.Graph.Initializer.Single(one => one.Name.EndsWith('/' + constant));
        T[] numbers = new T[tensor.RawData.Length / Unsafe.SizeOf<T>()];
        tensor.RawData.Span.CopyTo(MemoryMarshal.AsBytes(numbers.AsSpan()));
        change(numbers);
        tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return model.ToByteArray();
    }

    private static void AssertApart(byte[] model) =>
        Assert.DoesNotContain(Word, Checked(model).Source, StringComparison.Ordinal);

    private static ImportedNetwork Checked(byte[] model)
    {
        ImportCheck.Report report = ImportCheck.Run(model, model, new OnnxImportOptions());
        Assert.True(report.Agrees, report + "\n" + report.Network.Source);
        return report.Network;
    }
}
