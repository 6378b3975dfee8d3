using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Strata.Benchmarks.Tables;

/// <summary>All that was measured on one CPU family: <c>Results/FAMILY.json</c>, with a line for each row.</summary>
/// <param name="Cpu">The family.</param>
/// <param name="Machine">The machine: cores, caches, the limits that were measured.</param>
/// <param name="Notes">What a reader of the figures should know: sentences of Markdown.</param>
/// <param name="Rows">In the order in which they were added.</param>
internal sealed record ResultFile(string Cpu, string Machine, IReadOnlyList<string> Notes, IReadOnlyList<Result> Rows)
{
    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public const string Folder = "Results", Extension = ".json";

    /// <summary>The file of a family without its extension: <c>zen5</c>, <c>emerald-rapids</c>.</summary>
    public static string NameOf(string cpu)
    {
        string[] words = cpu.Split(" (")[0].ToLowerInvariant().Split([' ', ',', '/'], StringSplitOptions.RemoveEmptyEntries);
        return words.Aggregate((name, word) => char.IsDigit(word[0]) ? name + word : $"{name}-{word}");
    }

    public static IEnumerable<ResultFile> ReadAll(string project) =>
        Directory.GetFiles(Path.Combine(project, Folder), "*" + Extension).Order(StringComparer.Ordinal).Select(Read);

    /// <exception cref="InvalidDataException">The file is not one of results.</exception>
    public static ResultFile Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            JsonElement root = document.RootElement;
            return new ResultFile(
                root.GetProperty("cpu").GetString()!,
                root.GetProperty("machine").GetString()!,
                [.. root.GetProperty("notes").EnumerateArray().Select(note => note.GetString()!)],
                [.. root.GetProperty("rows").EnumerateArray().Select(row => Result.Parse(row.GetRawText()))]);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"'{path}' is not a file of results: {exception.Message}", exception);
        }
    }

    /// <summary>The same with a row more, or with the row in the place of an earlier one of the same subject.</summary>
    public ResultFile With(Result row)
    {
        int place = Rows.ToList().FindIndex(other => other.Subject.Equals(row.Subject));
        return this with { Rows = place < 0 ? [.. Rows, row] : [.. Rows.Take(place), row, .. Rows.Skip(place + 1)] };
    }

    /// <summary>Adds a row to the file of its family, which is made where there is none.</summary>
    public static string Save(string project, Result row)
    {
        string path = Path.Combine(project, Folder, NameOf(row.Cpu) + Extension);
        ResultFile file = File.Exists(path) ? Read(path) : new ResultFile(row.Cpu, $"{Environment.ProcessorCount} processors.", [], []);
        File.WriteAllText(path, file.With(row).ToJson());
        return path;
    }

    public string ToJson()
    {
        var text = new StringBuilder("{\n");
        text.Append("  \"cpu\": ").Append(Quote(Cpu)).Append(",\n");
        text.Append("  \"machine\": ").Append(Quote(Machine)).Append(",\n");
        AppendList("notes", Notes.Select(Quote)).Append(",\n");
        AppendList("rows", Rows.Select(row => row.ToJson())).Append("\n}\n");
        return text.ToString();

        StringBuilder AppendList(string name, IEnumerable<string> lines) =>
            text.Append("  \"").Append(name).Append("\": [").AppendJoin(',', lines.Select(line => "\n    " + line)).Append("\n  ]");
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text, Quoting);
}
