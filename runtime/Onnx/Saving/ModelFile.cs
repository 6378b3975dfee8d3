using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Saving;

/// <summary>A network as a model, and how it gets into a file.</summary>
internal sealed class ModelFile
{
    /// <summary>Protobuf's messages are smaller than this.</summary>
    public const long MostBytes = int.MaxValue;

    /// <summary>What a tensor needs besides its values, at most.</summary>
    private const int TensorOverhead = 64;

    /// <summary>Where tensors begin in the file of weights, so that it can be mapped into memory.</summary>
    private const int Alignment = 4096;

    /// <summary>How many floats are written at once.</summary>
    private const int Block = 1 << 24;

    private readonly CompiledNetwork _network;
    private readonly OnnxSaveOptions _options;
    private readonly GraphWriter _graph;
    private readonly ModelProto _model;

    /// <exception cref="NotSupportedException">A layer has no form in ONNX.</exception>
    public ModelFile(CompiledNetwork network, OnnxSaveOptions options)
    {
        (_network, _options) = (network, options);
        _graph = new GraphWriter(new SavedGraph(network.Info, network), options.OpsetVersion, options.BatchSize);
        _model = new ModelProto
        {
            IrVersion = IrVersion(options.OpsetVersion),
            ProducerName = OnnxGraph.OwnProducer,
            ProducerVersion = typeof(ModelFile).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
                .InformationalVersion.Split('+')[0],
            Graph = _graph.Write(),
            OpsetImport = { new OperatorSetIdProto { Version = options.OpsetVersion } },
        };
        if (options.DynamicSizes)
        {
            DynamicSizes.Open(_model.Graph, network, options);
        }
    }

    private IEnumerable<(TensorProto Tensor, Parameter Parameter)> Weights =>
        _graph.Parameters.Select(pair => (pair.Value, _network.FindParameter(pair.Key)!));

    private long Length =>
        _model.CalculateSize() + Weights.Sum(weights => ((long)weights.Parameter.Length * sizeof(float)) + TensorOverhead)
            + _graph.Derived.Sum(one => LengthOf(one.Tensor) + TensorOverhead);

    /// <exception cref="NotSupportedException">The model is too large for one file.</exception>
    public void Save(Stream stream)
    {
        if (Length > MostBytes)
        {
            throw new NotSupportedException(
                $"{_network.Info.Name} has {(Length >> 20).ToString("N0", CultureInfo.InvariantCulture)} MB, but a single ONNX file has at "
                + "most 2,047. Save it to a path: then the weights go into a file beside it.");
        }

        WriteWhole(stream);
    }

    public void Save(string path)
    {
        if (Length <= long.Min(_options.MaxFileLength, MostBytes))
        {
            AtomicFile.Write(path, WriteWhole);
            return;
        }

        string data = path + ".data";
        AtomicFile.Write(data, stream => WriteWeights(stream, Path.GetFileName(data)));
        AtomicFile.Write(path, _model.WriteTo);
    }

    private static int IrVersion(int opset) => opset switch
    {
        <= 14 => 7,
        <= 18 => 8,
        <= 20 => 9,
        <= 22 => 10,
        _ => 11,
    };

    private void WriteWhole(Stream stream)
    {
        foreach ((TensorProto tensor, Parameter parameter) in Weights)
        {
            byte[] bytes = new byte[parameter.Length * sizeof(float)];
            parameter.CopyTo(MemoryMarshal.Cast<byte, float>(bytes.AsSpan()));
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(bytes);
        }

        foreach ((TensorProto tensor, Func<byte[]> values) in _graph.Derived)
        {
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(values());
        }

        _model.WriteTo(stream);
    }

    private static long LengthOf(TensorProto tensor)
    {
        long element = tensor.DataType == (int)TensorProto.Types.DataType.Float ? sizeof(float) : sizeof(sbyte);
        return tensor.Dims.Aggregate(element, (length, extent) => length * extent);
    }

    /// <summary>Writes the weights one after the other, and where each of them stands into its tensor.</summary>
    private void WriteWeights(Stream stream, string location)
    {
        long offset = 0;
        foreach ((TensorProto tensor, Parameter parameter) in Weights)
        {
            float[] values = new float[parameter.Length];
            parameter.CopyTo(values);
            long length = (long)values.Length * sizeof(float);
            Place(tensor, length);
            for (int at = 0; at < values.Length; at += Block)
            {
                stream.Write(MemoryMarshal.AsBytes(values.AsSpan(at, int.Min(Block, values.Length - at))));
            }

            offset += length;
        }

        foreach ((TensorProto tensor, Func<byte[]> values) in _graph.Derived)
        {
            byte[] bytes = values();
            Place(tensor, bytes.Length);
            stream.Write(bytes);
            offset += bytes.Length;
        }

        void Place(TensorProto tensor, long length)
        {
            stream.Write(new byte[-offset & (Alignment - 1)]);
            offset = (offset + Alignment - 1) & -Alignment;
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            tensor.ExternalData.Add(
            [
                new StringStringEntryProto { Key = "location", Value = location },
                new StringStringEntryProto { Key = "offset", Value = offset.ToString(CultureInfo.InvariantCulture) },
                new StringStringEntryProto { Key = "length", Value = length.ToString(CultureInfo.InvariantCulture) },
            ]);
        }
    }
}
