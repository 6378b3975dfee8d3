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
/// <param name="End">The byte after the last one.</param>
internal sealed record SafetensorsEntry(string Name, string Type, long[] Shape, long Begin, long End)
{
    /// <summary>The element types whose size is known. A tensor of another type may be in a file, but cannot be a parameter.</summary>
    public static readonly string[] Types =
        ["F32", "F16", "BF16", "F64", "BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "I16", "U16", "I32", "U32", "I64", "U64"];

    /// <summary>Whether the elements can be converted to floats.</summary>
    public bool IsFloat => Type is "F32" or "F64" or "F16" or "BF16";

    /// <summary>Whether the elements are integers that a tensor of scales makes floats of.</summary>
    public bool IsScaled => Type == "I8";

    /// <summary>Bytes of one element; null where the type is not known.</summary>
    public int? ElementSize => Type switch
    {
        "BOOL" or "U8" or "I8" or "F8_E5M2" or "F8_E4M3" => 1,
        "I16" or "U16" or "F16" or "BF16" => 2,
        "I32" or "U32" or "F32" => 4,
        "I64" or "U64" or "F64" => 8,
        _ => null,
    };

    /// <summary>The form in messages: <c>F32 (6, 1, 5, 5)</c>.</summary>
    public override string ToString() => $"{MessageText.Show(Type)} {MessageText.Shape(Shape)}";
}

/// <summary>
/// Reads and checks the header of a safetensors file: the tensors must fill the data without holes or overlaps. No number in the header is
/// used before it was compared with the file.
/// </summary>
/// <param name="Entries">The tensors in the order of their bytes.</param>
/// <param name="Metadata">The entries of <c>__metadata__</c> that this library has written; empty if there are none.</param>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The most bytes of a header that the reference implementation allows.</summary>
    public const int MaximumLength = 100_000_000;

    private const byte FirstCharacter = (byte)'{';

    // The most axes of a tensor in PyTorch and NumPy.
    private const int MostExtents = 64;

    // Other programs may store long metadata. Keep only the keys with this prefix.
    private const string OwnMetadata = "strata.";

    /// <summary>Reads the header. Afterwards the stream is at the first byte of data.</summary>
    /// <param name="stream">The stream, at the first byte of the file.</param>
    /// <param name="file">The stream's name in messages.</param>
    /// <param name="most">The most bytes of a header.</param>
    public static SafetensorsHeader Read(Stream stream, string file, int most = MaximumLength)
    {
        int length = ReadLength(stream, file, most);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        List<SafetensorsEntry> entries = Parse(new JsonStream(stream, length, file, [FirstCharacter]), file, metadata);
        Check(entries, file);
        long claimed = entries.Count == 0 ? 0 : entries[^1].End;
        if (InputFile.Rest(stream) is { } data && data != claimed)
        {
            throw new WeightsFormatException(file, null, LengthProblem(claimed, data));
        }

        return new SafetensorsHeader(entries, metadata);
    }

    public static string LengthProblem(long claimed, long found) => found < claimed
        ? $"the file is truncated: the header describes {MessageText.Count(claimed, "byte")} of data, and {found} are there."
        : $"the header describes {MessageText.Count(claimed, "byte")} of data, but more follow.";

    /// <summary>Reads the header's length and its first character, which must be an opening brace.</summary>
    private static int ReadLength(Stream stream, string file, int most)
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong) + 1];
        int found = stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (found < prefix.Length || prefix[sizeof(ulong)] != FirstCharacter || length > MaximumLength)
        {
            throw new WeightsFormatException(file, null, Refusal(prefix[..found], stream));
        }

        if (length > (ulong)most)
        {
            throw new WeightsFormatException(
                file, null,
                $"the header is {MessageText.Count((long)length, "byte")} long; "
                + $"{nameof(WeightsLoadOptions)}.{nameof(WeightsLoadOptions.MaxHeaderLength)} allows {most}.");
        }

        return InputFile.Rest(stream) + 1 is { } there && there < (long)length
            ? throw JsonStream.Truncated(file, (long)length, there)
            : (int)length;
    }

    /// <summary>The message about a file with a wrong beginning.</summary>
    private static string Refusal(ReadOnlySpan<byte> prefix, Stream stream)
    {
        const string No = "not a safetensors file";
        if (prefix.IsEmpty)
        {
            return stream.CanSeek && stream.Position > 0 ? "the stream stands at its end." : "the file is empty.";
        }

        if (FileFormat.Detect(prefix, stream) is { } format)
        {
            string advice = WeightsFormats.WayOut(format);
            return $"{No}, but {format.Name}.{(advice.Length == 0 ? "" : " ")}{advice}";
        }

        if (prefix.Length <= sizeof(ulong))
        {
            return $"{No}: it has {MessageText.Count(prefix.Length, "byte")}, and the header's length alone takes 8.";
        }

        return prefix[sizeof(ulong)] == FirstCharacter
            ? $"{No}: the header would be {BinaryPrimitives.ReadUInt64LittleEndian(prefix)} bytes long; at most "
                + $"{MaximumLength} are allowed."
            : $"{No}: it begins with {Convert.ToHexString(prefix)}, where 8 bytes are the header's length and {{ follows.";
    }

    private static List<SafetensorsEntry> Parse(JsonStream json, string file, Dictionary<string, string> metadata)
    {
        var entries = new List<SafetensorsEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var scratch = new List<long>();
        string? name = null;
        try
        {
            json.Read();
            while (json.Read() && json.Type == JsonTokenType.PropertyName)
            {
                name = json.Text;
                Expect(names.Add(name), "occurs twice in the header.");
                json.Read();
                if (name == "__metadata__")
                {
                    ParseMetadata(ref json, metadata);
                }
                else
                {
                    entries.Add(ParseTensor(ref json, name, scratch));
                }

                name = null;
            }

            // One more read makes the reader report anything but white space after the object.
            json.Read();
        }
        catch (Exception e) when (e is HeaderException or JsonException or InvalidOperationException)
        {
            // The reader throws InvalidOperationException for text that is not valid UTF-8.
            throw new WeightsFormatException(file, name,
                e is HeaderException ? e.Message : $"the header is not valid JSON: {e.Message}", e);
        }

        return entries;
    }

    // The values of metadata must be strings. Skip any other value.
    private static void ParseMetadata(ref JsonStream json, Dictionary<string, string> metadata)
    {
        if (json.Type != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.Type == JsonTokenType.PropertyName)
        {
            string key = json.Text;
            json.Read();
            if (json.Type == JsonTokenType.String && key.StartsWith(OwnMetadata, StringComparison.Ordinal))
            {
                metadata[key] = json.Text;
            }
            else
            {
                json.Skip();
            }
        }
    }

    private static SafetensorsEntry ParseTensor(ref JsonStream json, string name, List<long> scratch)
    {
        Expect(json.Type == JsonTokenType.StartObject, "its description is not a JSON object.");
        string? type = null;
        long[]? shape = null;
        (long, long)? offsets = null;
        while (json.Read() && json.Type == JsonTokenType.PropertyName)
        {
            if (json.Is("dtype"))
            {
                json.Read();
                Expect(type is null && json.Type == JsonTokenType.String, "dtype must be one string.");
                type = ParseType(ref json);
            }
            else if (json.Is("shape"))
            {
                json.Read();
                Expect(shape is null, "shape occurs twice.");
                ParseNumbers(ref json, "shape", MostExtents, scratch);
                shape = [.. scratch];
            }
            else if (json.Is("data_offsets"))
            {
                json.Read();
                Expect(offsets is null, "data_offsets occurs twice.");
                ParseNumbers(ref json, "data_offsets", 2, scratch);
                Expect(scratch.Count == 2, "data_offsets must be two numbers.");
                offsets = (scratch[0], scratch[1]);
            }
            else
            {
                // Skip unknown properties, as the reference implementation does: newer programs may write more.
                json.Read();
                json.Skip();
            }
        }

        Expect(type is not null, "dtype is missing.");
        Expect(shape is not null, "shape is missing.");
        Expect(offsets is not null, "data_offsets is missing.");
        return new SafetensorsEntry(name, type!, shape!, offsets!.Value.Item1, offsets.Value.Item2);
    }

    private static string ParseType(ref JsonStream json)
    {
        foreach (string type in SafetensorsEntry.Types)
        {
            if (json.Is(type))
            {
                return type;
            }
        }

        // An unknown type matters only if the tensor is needed.
        return json.Text;
    }

    private static void ParseNumbers(ref JsonStream json, string property, int most, List<long> numbers)
    {
        if (json.Type != JsonTokenType.StartArray)
        {
            throw new HeaderException($"{property} must be an array.");
        }

        numbers.Clear();
        while (json.Read() && json.Type != JsonTokenType.EndArray)
        {
            if (json.Type != JsonTokenType.Number || !json.TryGetInt64(out long number) || number < 0)
            {
                throw new HeaderException($"{property} must hold whole numbers from 0 on.");
            }

            if (numbers.Count == most)
            {
                throw new HeaderException($"{property} must hold at most {MessageText.Count(most, "number")}.");
            }

            numbers.Add(number);
        }
    }

    /// <summary>Sorts the tensors by their bytes and checks that they fill the data.</summary>
    private static void Check(List<SafetensorsEntry> entries, string file)
    {
        entries.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        long end = 0;
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.End < entry.Begin || (entry.ElementSize is { } size
                && ElementCount.Of<long>(entry.Shape, long.MaxValue / size) * size != entry.End - entry.Begin))
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

    private static void Expect(bool condition, string problem)
    {
        if (!condition)
        {
            throw new HeaderException(problem);
        }
    }

    private sealed class HeaderException(string message) : Exception(message);
}
