using System;
using System.IO;
using System.Linq;
using Google.Protobuf;
using Strata.Onnx.Model;
using Strata.Onnx.Reading;
using Strata.Onnx.Schema;
using Xunit;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Tests;

/// <summary>Tensors in all encodings.</summary>
public sealed class EncodingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static TensorProto Tensor(DataType type, int count)
    {
        var tensor = new TensorProto { Name = "w", DataType = (int)type };
        tensor.Dims.Add(count);
        return tensor;
    }

    private static TensorProto Raw<T>(DataType type, params T[] values) where T : unmanaged
    {
        TensorProto tensor = Tensor(type, values.Length);
        tensor.RawData = ModelBuilder.Bytes(values);
        return tensor;
    }

    /// <summary>The constant that a model has which returns the tensor.</summary>
    private static OnnxConstant Read(TensorProto tensor)
    {
        ModelBuilder builder = new ModelBuilder().Output("w");
        builder.Graph.Initializer.Add(tensor);
        return builder.Read().Outputs[0].Constant!;
    }

    [Fact]
    public void Numbers_with_a_point_have_four_types_and_two_encodings()
    {
        float[] expected = [1, -2.5f, 0.15625f];
        Assert.Equal(expected, Read(Raw(DataType.Float, expected)).Floats);
        Assert.Equal(expected, Read(Raw(DataType.Double, 1, -2.5, 0.15625)).Floats);
        Assert.Equal(expected, Read(Raw(DataType.Float16, (Half)1, (Half)(-2.5), (Half)0.15625)).Floats);
        Assert.Equal(expected, Read(Raw(DataType.Bfloat16,
            Array.ConvertAll(expected, one => (ushort)(BitConverter.SingleToUInt32Bits(one) >> 16)))).Floats);
        TensorProto list = Tensor(DataType.Float, 3);
        list.FloatData.AddRange(expected);
        Assert.Equal(expected, Read(list).Floats);
        list = Tensor(DataType.Double, 3);
        list.DoubleData.AddRange([1, -2.5, 0.15625]);
        Assert.Equal(expected, Read(list).Floats);
        list = Tensor(DataType.Float16, 3);
        list.Int32Data.AddRange(expected.Select(one => (int)BitConverter.HalfToUInt16Bits((Half)one)));
        Assert.Equal(expected, Read(list).Floats);
        list = Tensor(DataType.Bfloat16, 3);
        list.Int32Data.AddRange(expected.Select(one => (int)(BitConverter.SingleToUInt32Bits(one) >> 16)));
        Assert.Equal(expected, Read(list).Floats);
    }

    [Fact]
    public void Integers_have_nine_types_and_two_encodings()
    {
        long[] expected = [1, 0, 100];
        Assert.Equal(expected, Read(Raw<long>(DataType.Int64, 1, 0, 100)).Integers);
        Assert.Equal(expected, Read(Raw<ulong>(DataType.Uint64, 1, 0, 100)).Integers);
        Assert.Equal(expected, Read(Raw<uint>(DataType.Uint32, 1, 0, 100)).Integers);
        Assert.Equal(expected, Read(Raw<ushort>(DataType.Uint16, 1, 0, 100)).Integers);
        Assert.Equal(expected, Read(Raw<byte>(DataType.Uint8, 1, 0, 100)).Integers);
        Assert.Equal([-1, 0, 100], Read(Raw(DataType.Int32, -1, 0, 100)).Integers);
        Assert.Equal([-1, 0, 100], Read(Raw<short>(DataType.Int16, -1, 0, 100)).Integers);
        Assert.Equal([-1, 0, 100], Read(Raw<sbyte>(DataType.Int8, -1, 0, 100)).Integers);
        Assert.Equal([1, 0, 1], Read(Raw<byte>(DataType.Bool, 1, 0, 2)).Integers);
        foreach (DataType type in new[] { DataType.Int32, DataType.Int16, DataType.Int8, DataType.Uint16, DataType.Uint8 })
        {
            TensorProto small = Tensor(type, 3);
            small.Int32Data.AddRange([1, 0, 100]);
            Assert.Equal(expected, Read(small).Integers);
        }

        TensorProto list = Tensor(DataType.Int64, 3);
        list.Int64Data.AddRange(expected);
        Assert.Equal(expected, Read(list).Integers);
        list = Tensor(DataType.Uint64, 3);
        list.Uint64Data.AddRange([1, 0, 100]);
        Assert.Equal(expected, Read(list).Integers);
        list = Tensor(DataType.Bool, 3);
        list.Int32Data.AddRange([1, 0, 1]);
        Assert.Equal([1, 0, 1], Read(list).Integers);
    }

    [Theory]
    [InlineData(3, 8)]
    [InlineData(3, 16)]
    [InlineData(-3, 12)]
    [InlineData(int.MaxValue, 12)]
    [InlineData(long.MaxValue, 12)]
    public void Bytes_that_do_not_fit_the_shape_are_an_error(long extent, int bytes)
    {
        var tensor = new TensorProto
        {
            Name = "w",
            DataType = (int)DataType.Float,
            RawData = ByteString.CopyFrom(new byte[bytes]),
            Dims = { extent }
        };
        Assert.Contains("initializer 'w'", Assert.Throws<OnnxFormatException>(() => Read(tensor)).Message);
    }

    [Fact]
    public void A_list_that_does_not_fit_the_shape_is_an_error()
    {
        TensorProto list = Tensor(DataType.Float, 3);
        list.FloatData.AddRange([1, 2]);
        Assert.Contains("[3] has 2 elements", Assert.Throws<OnnxFormatException>(() => Read(list)).Message);
    }

    [Fact]
    public void Text_is_no_constant()
    {
        TensorProto text = Tensor(DataType.String, 1);
        text.StringData.Add(ByteString.CopyFromUtf8("cat"));
        ModelBuilder builder = new ModelBuilder().Output("w");
        builder.Graph.Initializer.Add(text);
        Assert.True(builder.Read().Outputs[0].IsUnknown);
    }

    [Fact]
    public void Sparse_tensors_get_their_zeros()
    {
        ModelBuilder builder = new ModelBuilder().Output("w");
        builder.Graph.SparseInitializer.Add(new SparseTensorProto
        {
            Values = ModelBuilder.Tensor("w", [2], [5f, 6]),
            Indices = ModelBuilder.Tensor("", [2], [1L, 4]),
            Dims = { 2, 3 },
        });
        OnnxConstant constant = builder.Read().Outputs[0].Constant!;
        Assert.Equal([0f, 5, 0, 0, 6, 0], constant.Floats);
        Assert.Equal([2, 3], constant.Shape);
        builder.Graph.SparseInitializer[0].Indices = ModelBuilder.Tensor("", [2, 2], [0L, 1, 1, 1]);
        Assert.Equal([0f, 5, 0, 0, 6, 0], builder.Read().Outputs[0].Constant!.Floats);
        builder.Graph.SparseInitializer[0].Indices = ModelBuilder.Tensor("", [2], [1L, 6]);
        Assert.Contains("index 6", Assert.Throws<OnnxFormatException>(() => builder.Read()).Message);
    }

    [Theory]
    [InlineData("../weights.bin")]
    [InlineData("sub/../../weights.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\weights.bin")]
    [InlineData("..\\weights.bin")]
    [InlineData("")]
    public void External_data_cannot_lie_outside_of_the_folder(string location)
    {
        File.WriteAllBytes(Path.Combine(_folder, "weights.bin"), new byte[100]);
        string inner = Directory.CreateDirectory(Path.Combine(_folder, "model", "sub")).Parent!.FullName;
        Assert.Contains("does not lie in the model's folder",
            Assert.Throws<OnnxFormatException>(() => ReadExternal(inner, location)).Message);
    }

    [Fact]
    public void External_data_that_are_missing_or_short_are_an_error()
    {
        Assert.Contains("'none.bin', which has the weights, is missing",
            Assert.Throws<OnnxFormatException>(() => ReadExternal(_folder, "none.bin")).Message);
        File.WriteAllBytes(Path.Combine(_folder, "short.bin"), new byte[11]);
        Assert.Contains("'short.bin' has 11 bytes", Assert.Throws<OnnxFormatException>(() => ReadExternal(_folder, "short.bin")).Message);
        File.WriteAllBytes(Path.Combine(_folder, "good.bin"), new byte[12]);
        Assert.Contains("the offset of external data is '-1'",
            Assert.Throws<OnnxFormatException>(() => ReadExternal(_folder, "good.bin", ("offset", "-1"))).Message);
        Assert.Contains("has 11 in 'good.bin'",
            Assert.Throws<OnnxFormatException>(() => ReadExternal(_folder, "good.bin", ("length", "11"))).Message);
        Assert.Equal(new float[3], ReadExternal(_folder, "good.bin", ("length", "12")).Floats);
    }

    [Fact]
    public void External_data_may_lie_in_a_folder_of_the_folder()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "sub"));
        File.WriteAllBytes(Path.Combine(_folder, "sub", "w.bin"), ModelBuilder.Bytes([1f, 2, 3]).ToByteArray());
        Assert.Equal([1f, 2, 3], ReadExternal(_folder, "sub/w.bin").Floats);
    }

    private static OnnxConstant ReadExternal(string folder, string location, params (string Key, string Value)[] more)
    {
        TensorProto tensor = Tensor(DataType.Float, 3);
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        tensor.ExternalData.AddRange(more.Select(one => new StringStringEntryProto { Key = one.Key, Value = one.Value }));
        ModelBuilder builder = new ModelBuilder().Output("w");
        builder.Graph.Initializer.Add(tensor);
        string path = Path.Combine(folder, "model.onnx");
        File.WriteAllBytes(path, builder.ToBytes());
        return GraphReader.Read(path, new OnnxImportOptions()).Outputs[0].Constant!;
    }
}
