using System;
using System.IO;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Strata.Benchmarks.Commands;

/// <summary>One object per line on standard output.</summary>
internal static class JsonOutput
{
    /// <summary>Nothing of it becomes a part of a page, so that × and + may stay what they are.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        Console.Out.WriteLine(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
        Console.Out.Flush();
    }

    /// <summary>The number, or null where there is none.</summary>
    public static void WriteNullable(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is double number && double.IsFinite(number))
        {
            json.WriteNumber(name, Measurement.Rounding.Significant(number));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
