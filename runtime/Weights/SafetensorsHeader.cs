using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace Strata;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">The key.</param>
/// <param name="Type">The element type as the file spells it: <c>F32</c>.</param>
/// <param name="Shape">The extents.</param>
/// <param name="Begin">First byte, from the end of the header.</param>
/// <param name="End">The byte behind the last one.</param>
internal sealed record SafetensorsEntry(string Name, string Type, long[] Shape, long Begin, long End)
{
    public bool IsInteger => Type is "I8" or "U8" or "I16" or "U16" or "I32" or "U32" or "I64" or "U64";

    /// <summary>Bytes of one element; 0 for a type that is not known.</summary>
    public int ElementSize => Type switch
    {
        "BOOL" or "U8" or "I8" or "F8_E5M2" or "F8_E4M3" => 1,
        "I16" or "U16" or "F16" or "BF16" => 2,
        "I32" or "U32" or "F32" => 4,
        "I64" or "U64" or "F64" => 8,
        _ => 0,
    };

    /// <summary>The form of messages: <c>F32 (6, 1, 5, 5)</c>.</summary>
    public override string ToString() => $"{Type} {Parameter.FormatShape(Shape)}";
}

/// <summary>
/// Reads and checks the header of a safetensors file: the tensors must fill the data without holes or overlaps. Nothing that the
/// header claims is believed before it was compared with what is there.
/// </summary>
/// <param name="Entries">The tensors in the order of their bytes.</param>
/// <param name="Metadata">The free text under <c>__metadata__</c>; empty where there is none.</param>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    // What the reference implementation allows.
    private const long MaximumLength = 100_000_000;

    private const int FirstRead = 65_536;

    /// <summary>Reads the header; the stream then stands at the first byte of data.</summary>
    public static SafetensorsHeader Read(Stream stream, string file)
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        int found = stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);
        if (found < prefix.Length)
        {
            throw new WeightsFormatException(
                file, null, $"not a safetensors file: it has {found} bytes, and the header's length alone takes 8.");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaximumLength)
        {
            throw new WeightsFormatException(
                file, null, $"not a safetensors file: the header would be {length} bytes long; at most {MaximumLength} are allowed.");
        }

        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        List<SafetensorsEntry> entries = Parse(ReadHeader(stream, (int)length, file), file, metadata);
        Check(entries, file);
        if (stream.CanSeek)
        {
            long data = stream.Length - stream.Position, claimed = entries.Count == 0 ? 0 : entries[^1].End;
            if (data != claimed)
            {
                throw new WeightsFormatException(file, null, LengthProblem(claimed, data));
            }
        }

        return new SafetensorsHeader(entries, metadata);
    }

    public static string LengthProblem(long claimed, long found) => found < claimed
        ? $"the file is truncated: the header describes {claimed} bytes of data, and {found} are there."
        : $"the header describes {claimed} bytes of data, but more follow.";

    // The buffer grows with what is there, not with what the first eight bytes claim.
    private static ReadOnlySpan<byte> ReadHeader(Stream stream, int length, string file)
    {
        byte[] buffer = new byte[int.Min(length, FirstRead)];
        int filled = 0;
        while (true)
        {
            filled += stream.ReadAtLeast(buffer.AsSpan(filled), buffer.Length - filled, throwOnEndOfStream: false);
            if (filled < buffer.Length)
            {
                throw new WeightsFormatException(
                    file, null, $"the file is truncated: the header should be {length} bytes long, and {filled} are there.");
            }

            if (filled == length)
            {
                return buffer;
            }

            Array.Resize(ref buffer, (int)long.Min(length, 2L * buffer.Length));
        }
    }

    private static List<SafetensorsEntry> Parse(ReadOnlySpan<byte> header, string file, Dictionary<string, string> metadata)
    {
        var entries = new List<SafetensorsEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        string? name = null;
        try
        {
            var json = new Utf8JsonReader(header);
            json.Read();
            Expect(json.TokenType == JsonTokenType.StartObject, "the header is not a JSON object.");
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                name = json.GetString()!;
                Expect(names.Add(name), "occurs twice in the header.");
                json.Read();
                if (name == "__metadata__")
                {
                    ParseMetadata(ref json, metadata);
                }
                else
                {
                    entries.Add(ParseTensor(ref json, name));
                }

                name = null;
            }

            // Reading on makes the reader report anything behind the object but white space.
            json.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException is how the reader reports text that is not valid UTF-8.
            throw new WeightsFormatException(file, name, e is HeaderException ? e.Message : $"the header is not valid JSON: {e.Message}", e);
        }

        return entries;
    }

    // What is not a pair of texts is none of the format's, and is skipped.
    private static void ParseMetadata(ref Utf8JsonReader json, Dictionary<string, string> metadata)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            json.Read();
            if (json.TokenType == JsonTokenType.String)
            {
                metadata[key] = json.GetString()!;
            }
            else
            {
                json.Skip();
            }
        }
    }

    private static SafetensorsEntry ParseTensor(ref Utf8JsonReader json, string name)
    {
        Expect(json.TokenType == JsonTokenType.StartObject, "its description is not a JSON object.");
        string? type = null;
        List<long>? shape = null, offsets = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string property = json.GetString()!;
            json.Read();
            switch (property)
            {
                case "dtype":
                    Expect(type is null && json.TokenType == JsonTokenType.String, "dtype must be one string.");
                    type = json.GetString();
                    break;
                case "shape":
                    Expect(shape is null, "shape occurs twice.");
                    shape = ParseNumbers(ref json, property);
                    break;
                case "data_offsets":
                    Expect(offsets is null, "data_offsets occurs twice.");
                    offsets = ParseNumbers(ref json, property);
                    break;
                default:
                    throw new HeaderException($"'{property}' is not known to this format.");
            }
        }

        Expect(type is not null, "dtype is missing.");
        Expect(shape is not null, "shape is missing.");
        Expect(offsets is { Count: 2 }, "data_offsets must be two numbers.");
        return new SafetensorsEntry(name, type!, [.. shape!], offsets![0], offsets[1]);
    }

    private static List<long> ParseNumbers(ref Utf8JsonReader json, string property)
    {
        Expect(json.TokenType == JsonTokenType.StartArray, $"{property} must be an array.");
        var numbers = new List<long>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            long number = 0;
            Expect(
                json.TokenType == JsonTokenType.Number && json.TryGetInt64(out number) && number >= 0,
                $"{property} must hold whole numbers from 0 on.");
            numbers.Add(number);
        }

        return numbers;
    }

    /// <summary>Sorts the tensors by their bytes and checks that they fill the data.</summary>
    private static void Check(List<SafetensorsEntry> entries, string file)
    {
        entries.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        long end = 0;
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.ElementSize == 0)
            {
                throw new WeightsFormatException(file, entry.Name, $"the type '{entry.Type}' is not known.");
            }

            if (entry.End < entry.Begin || Bytes(entry) != entry.End - entry.Begin)
            {
                throw new WeightsFormatException(
                    file, entry.Name, $"{entry} does not take the bytes {entry.Begin} to {entry.End} that the header gives it.");
            }

            if (entry.Begin != end)
            {
                string problem = entry.Begin < end ? "overlaps the tensor before it" : "leaves a hole after the one before it";
                throw new WeightsFormatException(file, entry.Name, $"{problem}: it begins at byte {entry.Begin} instead of {end}.");
            }

            end = entry.End;
        }
    }

    // −1 where the product overflows, which no pair of offsets matches.
    private static long Bytes(SafetensorsEntry entry)
    {
        UInt128 bytes = (UInt128)entry.ElementSize;
        foreach (long extent in entry.Shape)
        {
            bytes *= (UInt128)extent;
            if (bytes > long.MaxValue)
            {
                return Array.IndexOf(entry.Shape, 0) >= 0 ? 0 : -1;
            }
        }

        return (long)bytes;
    }

    private static void Expect(bool condition, string problem)
    {
        if (!condition)
        {
            throw new HeaderException(problem);
        }
    }

    private sealed class HeaderException(string message) : FormatException(message);
}
