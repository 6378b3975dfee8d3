using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Strata.Training;

namespace Strata;

/// <summary>Reads the safetensors format.</summary>
internal static class SafetensorsReader
{
    private const int ChunkFloats = 16_384;

    // PyTorch's batch norm counts batches; nothing here needs the count.
    private const string IgnoredCounter = "num_batches_tracked";

    /// <summary>Loads a network's parameters, all that are wanted or none.</summary>
    public static WeightsLoadReport Load(CompiledNetwork network, Stream stream, string file, WeightsLoadOptions options)
    {
        using Lifetime.Share share = network.Enter();
        if (options is { Strict: true, SkipMismatched: true })
        {
            throw new ArgumentException($"{nameof(options.SkipMismatched)} needs {nameof(options.Strict)} = false.", nameof(options));
        }

        SafetensorsHeader header = SafetensorsHeader.Read(stream, file, options.MaxHeaderLength);

        // The parameters change only when every byte was read and understood.
        using AlignedMemory staging = network.Memory.Copy();
        (SafetensorsTensor?[] targets, WeightsLoadReport report) = Match(network, header, staging, file, options);
        Read(stream, file, header, targets);
        network.Memory.CopyFrom(staging);
        network.TakeOver();
        return report;
    }

    /// <summary>Reads all tensors behind a header; those without a target are skipped.</summary>
    public static void Read(Stream stream, string file, SafetensorsHeader header, IReadOnlyList<SafetensorsTensor?> targets)
    {
        byte[] bytes = new byte[ChunkFloats * sizeof(float)];
        float[] floats = new float[ChunkFloats];
        for (int i = 0; i < header.Entries.Count; i++)
        {
            SafetensorsEntry entry = header.Entries[i];
            if (targets[i] is { } target)
            {
                for (int start = 0; start < target.Parameter.Length; start += ChunkFloats)
                {
                    Span<float> values = floats.AsSpan(0, int.Min(ChunkFloats, target.Parameter.Length - start));
                    Span<byte> chunk = bytes.AsSpan(0, values.Length * entry.ElementSize);
                    Fill(stream, chunk, file, entry);
                    Convert(chunk, entry.Type, values);
                    target.Scatter(values, start);
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
            long claimed = header.Entries.Count == 0 ? 0 : header.Entries[^1].End;
            throw new WeightsFormatException(file, null, SafetensorsHeader.LengthProblem(claimed, claimed + 1));
        }
    }

    /// <summary>Whether a tensor has a parameter's shape and a type that is converted.</summary>
    public static bool Fits(SafetensorsEntry entry, Parameter parameter) =>
        entry.Shape.SequenceEqual(parameter.Shape.Select(e => (long)e)) && entry.Type is "F32" or "F16" or "BF16";

    /// <summary>A tensor that does not fit.</summary>
    public static WeightsFormatException Misfit(string file, SafetensorsEntry entry, Parameter parameter) => new(
        file, entry.Name, $"expected F32, F16 or BF16 {Parameter.FormatShape(parameter.Shape)}, found {entry}.");

    /// <summary>Where each tensor goes, null for those that are skipped; and what will have been loaded.</summary>
    private static (SafetensorsTensor?[] Targets, WeightsLoadReport Report) Match(
        CompiledNetwork network, SafetensorsHeader header, AlignedMemory staging, string file, WeightsLoadOptions options)
    {
        Dictionary<string, Parameter> missing = network.Parameters.ToDictionary(p => p.Key, StringComparer.Ordinal);
        var sources = new Dictionary<Parameter, SafetensorsEntry>();
        var mismatched = new HashSet<Parameter>();
        var unexpected = new List<string>();
        SafetensorsTensor?[] targets = new SafetensorsTensor?[header.Entries.Count];
        for (int i = 0; i < targets.Length; i++)
        {
            SafetensorsEntry entry = header.Entries[i];
            string? key = Key(entry.Name, options);
            Parameter? parameter = key is null ? null : network.FindParameter(key);
            if (parameter is null)
            {
                if (IsCounter(entry) || Checkpoint.IsOwn(entry, header))
                {
                    continue;
                }

                unexpected.Add(entry.Name);
                if (options.Strict)
                {
                    throw new WeightsFormatException(
                        file, entry.Name, $"{network.Info.Name} has no such parameter; it has {MessageText.List([.. network.Parameters.Select(p => p.Key)], "none")}.");
                }
            }
            else if (!missing.Remove(parameter.Key))
            {
                throw new WeightsFormatException(
                    file, entry.Name, $"'{MessageText.Show(sources[parameter].Name)}' is parameter '{parameter.Key}', too.");
            }
            else
            {
                sources.Add(parameter, entry);
                if (Fits(entry, parameter))
                {
                    targets[i] = new SafetensorsTensor(entry.Name, parameter, staging);
                }
                else if (!options.SkipMismatched)
                {
                    throw Misfit(file, entry, parameter);
                }
                else
                {
                    mismatched.Add(parameter);
                }
            }
        }

        if (options.Strict && network.Parameters.FirstOrDefault(p => missing.ContainsKey(p.Key)) is { } absent)
        {
            throw new WeightsFormatException(
                file,
                absent.Key,
                $"missing; expected F32 {Parameter.FormatShape(absent.Shape)}, "
                + $"found {MessageText.List([.. header.Entries.Select(e => e.Name)], "no tensors")}.");
        }

        string[] Keys(Func<Parameter, bool> condition) => [.. network.Parameters.Where(condition).Select(p => p.Key)];
        return (targets, new WeightsLoadReport(
            Keys(p => sources.ContainsKey(p) && !mismatched.Contains(p)), Keys(p => missing.ContainsKey(p.Key)), Keys(mismatched.Contains), unexpected));
    }

    private static string? Key(string name, WeightsLoadOptions options)
    {
        if (!name.StartsWith(options.Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        string key = name[options.Prefix.Length..];
        return options.Rename is { } rename ? rename(key) : key;
    }

    private static bool IsCounter(SafetensorsEntry entry) =>
        entry.IsInteger && (entry.Name == IgnoredCounter || entry.Name.EndsWith("." + IgnoredCounter, StringComparison.Ordinal));

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
}
