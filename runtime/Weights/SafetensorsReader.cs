using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Strata.CompilerServices;

namespace Strata;

/// <summary>Loads a network's parameters from the safetensors format, all of them or none.</summary>
internal static class SafetensorsReader
{
    private const int ChunkFloats = 16_384;
    private const int NamesShown = 8;

    // PyTorch's batch norm counts batches; nothing here needs the count.
    private const string IgnoredCounter = "num_batches_tracked";

    public static void Load(CompiledNetwork network, Stream stream, string file)
    {
        network.ThrowIfDisposed();
        List<SafetensorsEntry> entries = SafetensorsHeader.Read(stream, file);
        Parameter?[] parameters = Match(network, entries, file);

        // The parameters change only when every byte was read and understood.
        using var staging = new AlignedMemory(network.Program.ParametersLength);
        byte[] bytes = new byte[ChunkFloats * sizeof(float)];
        float[] floats = new float[ChunkFloats];
        for (int i = 0; i < entries.Count; i++)
        {
            SafetensorsEntry entry = entries[i];
            if (parameters[i] is { } parameter)
            {
                for (int start = 0; start < parameter.Length; start += ChunkFloats)
                {
                    Span<float> values = floats.AsSpan(0, int.Min(ChunkFloats, parameter.Length - start));
                    Span<byte> chunk = bytes.AsSpan(0, values.Length * entry.ElementSize);
                    Fill(stream, chunk, file, entry);
                    Convert(chunk, entry.Type, values);
                    parameter.Scatter(values, start, staging);
                }
            }
            else
            {
                for (long rest = entry.End - entry.Begin; rest > 0; rest -= bytes.Length)
                {
                    Fill(stream, bytes.AsSpan(0, (int)long.Min(bytes.Length, rest)), file, entry);
                }
            }
        }

        if (stream.ReadByte() >= 0)
        {
            long claimed = entries.Count == 0 ? 0 : entries[^1].End;
            throw new WeightsFormatException(file, null, SafetensorsHeader.LengthProblem(claimed, claimed + 1));
        }

        Copy(staging, network.Memory);
        network.Derive();
    }

    /// <summary>The parameter of each tensor; null for those that are skipped.</summary>
    private static Parameter?[] Match(CompiledNetwork network, List<SafetensorsEntry> entries, string file)
    {
        Dictionary<string, Parameter> missing = network.Parameters.ToDictionary(p => p.Key, StringComparer.Ordinal);
        Parameter?[] parameters = new Parameter?[entries.Count];
        for (int i = 0; i < entries.Count; i++)
        {
            SafetensorsEntry entry = entries[i];
            if (missing.Remove(entry.Name, out Parameter? parameter))
            {
                if (!entry.Shape.SequenceEqual(parameter.Shape.Select(e => (long)e)) || entry.Type is not ("F32" or "F16" or "BF16"))
                {
                    throw new WeightsFormatException(
                        file, entry.Name, $"expected F32, F16 or BF16 {Parameter.FormatShape(parameter.Shape)}, found {entry}.");
                }

                parameters[i] = parameter;
            }
            else if (!entry.IsInteger || entry.Name.Split('.')[^1] != IgnoredCounter)
            {
                throw new WeightsFormatException(
                    file, entry.Name, $"{network.Info.Name} has no such parameter; it has {Names(network.Parameters.Select(p => p.Key))}.");
            }
        }

        if (network.Parameters.FirstOrDefault(p => missing.ContainsKey(p.Key)) is { } absent)
        {
            throw new WeightsFormatException(
                file,
                absent.Key,
                $"missing; expected F32 {Parameter.FormatShape(absent.Shape)}, found {Names(entries.Select(e => e.Name))}.");
        }

        return parameters;
    }

    /// <summary>The first of some names, for messages.</summary>
    internal static string Names(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length switch
        {
            0 => "no tensors",
            <= NamesShown => string.Join(", ", all),
            _ => $"{string.Join(", ", all.Take(NamesShown))} and {all.Length - NamesShown} more",
        };
    }

    private static void Fill(Stream stream, Span<byte> chunk, string file, SafetensorsEntry entry)
    {
        if (stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) < chunk.Length)
        {
            throw new WeightsFormatException(file, entry.Name, "the file is truncated within this tensor.");
        }
    }

    private static void Convert(ReadOnlySpan<byte> source, string type, Span<float> destination)
    {
        switch (type)
        {
            case "F32":
                for (int i = 0; i < destination.Length; i++)
                {
                    destination[i] = BinaryPrimitives.ReadSingleLittleEndian(source[(4 * i)..]);
                }

                break;
            case "F16":
                for (int i = 0; i < destination.Length; i++)
                {
                    destination[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(source[(2 * i)..]);
                }

                break;
            default:
                // BF16 is the upper half of a float.
                for (int i = 0; i < destination.Length; i++)
                {
                    destination[i] = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(source[(2 * i)..]) << 16);
                }

                break;
        }
    }

    private static unsafe void Copy(AlignedMemory source, AlignedMemory destination)
    {
        long bytes = source.Length * sizeof(float);
        Buffer.MemoryCopy(source.Pointer, destination.Pointer, bytes, bytes);
        GC.KeepAlive(source);
        GC.KeepAlive(destination);
    }
}
