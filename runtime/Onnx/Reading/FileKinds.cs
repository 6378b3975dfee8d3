using System;
using System.IO;
using System.Text;

namespace Strata.Onnx.Reading;

/// <summary>Recognises what is often taken for an ONNX file.</summary>
internal static class FileKinds
{
    private const string ConvertIt = "export the model as ONNX";

    private static readonly (string Start, int Offset, string Kind)[] Kinds =
    [
        ("version https://git-lfs", 0, "the file is a Git LFS pointer, not the model; 'git lfs pull' fetches the model"),
        ("PK\u0003\u0004", 0, $"the file is a zip archive, as PyTorch, Keras and numpy write; {ConvertIt}, or unpack it"),
        ("\u0089HDF", 0, $"the file is HDF5, as Keras writes; {ConvertIt}"),
        ("TFL3", 4, $"the file is a TensorFlow Lite model; {ConvertIt}"),
        ("ORTM", 4, "the file is a model in ONNX Runtime's own format (.ort); use the .onnx file that it was made from"),
        ("GGUF", 0, "the file is a GGUF model"),
        ("\u0093NUMPY", 0, "the file is an array of numpy"),
        ("\u001f\u008b", 0, "the file is compressed with gzip; unpack it"),
        ("\u0089PNG", 0, "the file is a picture (PNG)"),
        ("\u00ff\u00d8\u00ff", 0, "the file is a picture (JPEG)"),
        ("\u007fELF", 0, "the file is a program (ELF)"),
        ("MZ", 0, "the file is a program for Windows"),
        ("%PDF", 0, "the file is a PDF"),
        ("<?xml", 0, $"the file is XML, perhaps a model of OpenVINO; {ConvertIt}"),
        ("<!DOCTYPE", 0, "the file is a web page, not the model: the download went wrong"),
        ("<html", 0, "the file is a web page, not the model: the download went wrong"),
        ("{", 8, $"the file is a safetensors file: weights without a network; {ConvertIt}"),
        ("{", 0, "the file is JSON"),
        ("\u0080\u0002", 0, $"the file is a Python pickle, as PyTorch writes; {ConvertIt}"),
        ("\u0080\u0003", 0, $"the file is a Python pickle; {ConvertIt}"),
        ("\u0080\u0004", 0, $"the file is a Python pickle; {ConvertIt}"),
    ];

    /// <summary>What the stream is instead of a model, or null.</summary>
    public static string? Recognise(Stream stream)
    {
        byte[] start = new byte[64];
        int length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (length == 0)
        {
            return "the file is empty";
        }

        string text = Encoding.Latin1.GetString(start, 0, length);
        foreach ((string mark, int offset, string kind) in Kinds)
        {
            if (offset + mark.Length <= length && string.CompareOrdinal(text, offset, mark, 0, mark.Length) == 0
                && (mark != "{" || offset == 0 || IsSafetensorsLength(start)))
            {
                return kind;
            }
        }

        return null;
    }

    /// <summary>A safetensors file starts with the length of its header in eight bytes.</summary>
    private static bool IsSafetensorsLength(byte[] start) => BitConverter.ToInt64(start, 0) is > 0 and < 100_000_000;
}
