using System;
using System.IO;
using Google.Protobuf;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Reading;

/// <summary>The bytes of a model: that they are one, and within limits, before they are parsed.</summary>
internal static class ModelFile
{
    /// <summary>Protocol buffers end here.</summary>
    private const long MaximumLength = int.MaxValue;

    private static readonly MessageParser<ModelProto> Parser = ModelProto.Parser.WithDiscardUnknownFields(true);

    public static FileStream Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new ReadingException("this is a folder, not a file");
        }

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException
            && exception is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new ReadingException($"the file cannot be read: {exception.Message}", exception);
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new FileNotFoundException($"There is no file '{path}'.", path, exception);
        }
    }

    /// <param name="stream">The model.</param>
    /// <param name="length">How many bytes it has.</param>
    public static ModelProto Parse(Stream stream, out long length)
    {
        if (!stream.CanSeek)
        {
            var copy = new MemoryStream();
            stream.CopyTo(copy);
            copy.Position = 0;
            stream = copy;
        }

        long start = stream.Position;
        length = stream.Length - start;
        if (length > MaximumLength)
        {
            throw new ReadingException($"the file has {length:N0} bytes; more than 2 GB of weights stand in a file of their own");
        }

        if (FileKinds.Recognise(stream) is string kind)
        {
            throw new ReadingException(kind);
        }

        stream.Position = start;
        new WireCheck(stream, length).Run();
        stream.Position = start;
        try
        {
            ModelProto model = Parser.ParseFrom(stream);
            return model.Graph is null ? throw new ReadingException("the file has no graph: it is no ONNX model") : model;
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new ReadingException($"the file is damaged or no ONNX model: {exception.Message}", exception);
        }
    }
}
