using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Weights files that have shared parameters once for each use, as PyTorch's state_dict has them.</summary>
public sealed class SharedParameterFileTests
{
    [Theory]
    [InlineData("head1", "head2", false)]
    [InlineData("head2", "head1", false)]
    [InlineData("head1", "head2", true)]
    public void Copies_with_the_same_values_are_accepted(string owner, string user, bool isFile)
    {
        using CompiledNetwork network = Create(owner, user);
        float[] weight = Numbers(4 * 4 * 3 * 3, 1), bias = Numbers(4, 2);
        WeightsLoadReport report = Load(network, isFile, ($"{owner}.weight", weight), ($"{owner}.bias", bias),
            ($"{user}.weight", weight), ($"{user}.bias", bias));
        Assert.Equal([$"{user}.bias", $"{user}.weight"], report.Copies.Order());
        Assert.Contains("2 copies", report.ToString(), StringComparison.Ordinal);
        Assert.Empty(report.Unexpected);
        Assert.Equal(weight, Values(network, $"{owner}.weight"));
        Assert.Equal(bias, Values(network, $"{owner}.bias"));
    }

    [Theory]
    [InlineData("head1", "head2")]
    [InlineData("head2", "head1")]
    public void Copies_with_other_values_are_refused_and_change_nothing(string owner, string user)
    {
        using CompiledNetwork network = Create(owner, user);
        float[] weight = Numbers(4 * 4 * 3 * 3, 1), bias = Numbers(4, 2), before = Values(network, $"{owner}.weight");
        float[] other = [.. weight];
        other[^1] = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(other[^1]) ^ 1);
        var exception = Assert.Throws<WeightsFormatException>(() => Load(network, false,
            ($"{owner}.weight", weight), ($"{owner}.bias", bias), ($"{user}.weight", other)));
        Assert.Contains($"shared parameter '{owner}.weight'", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"{user}.weight", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, Values(network, $"{owner}.weight"));
    }

    [Fact]
    public void A_copy_does_not_stand_for_the_parameter()
    {
        using CompiledNetwork network = Create("a", "b");
        var exception = Assert.Throws<WeightsFormatException>(() => Load(network, false,
            ("a.bias", Numbers(4, 2)), ("b.weight", Numbers(4 * 4 * 3 * 3, 1))));
        Assert.Contains("a.weight", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_the_layer_does_not_have_is_no_copy()
    {
        using CompiledNetwork network = Create("a", "b");
        float[] weight = Numbers(4 * 4 * 3 * 3, 1), bias = Numbers(4, 2);
        Assert.Throws<WeightsFormatException>(() => Load(network, false, ("a.weight", weight), ("a.bias", bias), ("b.scale", bias)));
    }

    private static CompiledNetwork Create(string owner, string user) =>
        new NetworkBuilder(4, 6, 6).Conv2D(4, 3, padding: 1, name: owner).Tanh().Conv2D(4, 3, weights: owner, name: user).Compile();

    private static WeightsLoadReport Load(CompiledNetwork network, bool isFile, params (string Key, float[] Values)[] tensors)
    {
        IEnumerable<SafetensorsTensor> all = tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal).Select(tensor =>
            new SafetensorsTensor(tensor.Key, tensor.Values.Length == 4 ? [4] : [4, 4, 3, 3], () => tensor.Values.AsMemory()));
        if (!isFile)
        {
            using var stream = new MemoryStream();
            SafetensorsFile.Write(stream, [.. all]);
            stream.Position = 0;
            return network.Load(stream, new WeightsLoadOptions());
        }

        string path = Path.GetTempFileName();
        try
        {
            SafetensorsFile.Write(path, [.. all]);
            return network.Load(path, new WeightsLoadOptions());
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static float[] Numbers(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin((i * 7) + seed))];

    private static float[] Values(CompiledNetwork network, string key)
    {
        Parameter parameter = network.FindParameter(key)!;
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    }
}
