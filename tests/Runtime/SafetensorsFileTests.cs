using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Xunit;

namespace Strata.Runtime.Tests;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("strata-").FullName, "w.safetensors");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public void A_network_loads_a_file_of_tensors_from_elsewhere()
    {
        float[] weight = [.. Enumerable.Range(0, 35).Select(i => i / 7f)], bias = [1, 2, 3, 4, 5];
        SafetensorsFile.Write(
            _path, [new SafetensorsTensor("dense1.weight", [5, 7], weight), new SafetensorsTensor("dense1.bias", [5], () => bias)]);
        using var network = new LinearNetwork(new NetworkOptions { Weights = _path });
        float[] read = new float[35];
        network.Parameters.Single(parameter => parameter.Key == "dense1.weight").CopyTo(read);
        Assert.Equal(weight, read);
        network.Parameters.Single(parameter => parameter.Key == "dense1.bias").CopyTo(read);
        Assert.Equal(bias, read.Take(5));
    }

    [Fact]
    public void The_file_is_that_of_a_network_with_the_same_values()
    {
        using var network = new LinearNetwork(new NetworkOptions { Seed = 1 });
        using MemoryStream expected = new(), actual = new();
        network.Save(expected);
        SafetensorsFile.Write(actual, network.Parameters.Select(parameter => new SafetensorsTensor(parameter.Key, parameter.Shape, () =>
        {
            float[] values = new float[parameter.Length];
            parameter.CopyTo(values);
            return values;
        })));
        Assert.Equal(expected.ToArray(), actual.ToArray());
    }

    [Fact]
    public void Values_are_computed_when_they_are_written_one_tensor_after_the_other()
    {
        var computed = new List<int>();
        SafetensorsFile.Write(Stream.Null, Enumerable.Range(0, 3).Select(i => new SafetensorsTensor("t" + i, [300, 100], () =>
        {
            computed.Add(i);
            return new float[30_000];
        })));
        Assert.Equal([0, 1, 2], computed);
    }

    [Fact]
    public void Metadata_is_written()
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, [], new Dictionary<string, string> { ["format"] = "pt" });
        Assert.Contains("""{"__metadata__":{"format":"pt"}}""", Encoding.UTF8.GetString(stream.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_written_of_tensors_that_do_not_fit()
    {
        File.WriteAllText(_path, "old");
        var one = new SafetensorsTensor("one", [2], new float[2]);
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(_path, [one, one]));
        InvalidOperationException problem = Assert.Throws<InvalidOperationException>(
            () => SafetensorsFile.Write(_path, [one, new SafetensorsTensor("two", [2, 3], new float[5])]));
        Assert.Equal("'two' has 5 values; its shape (2, 3) holds 6.", problem.Message);
        Assert.Equal("old", File.ReadAllText(_path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_path)!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SafetensorsTensor("x", [-1], default(ReadOnlyMemory<float>)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SafetensorsTensor("x", [1 << 16, 1 << 16], default(ReadOnlyMemory<float>)));
    }
}
