using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Strata.Imaging;

/// <summary>
/// Samples in a text file of comma-separated values (RFC 4180): one sample in a row, with its class in one column. For signals, tables, and
/// pictures that somebody wrote as numbers.
/// </summary>
/// <remarks>
/// Numbers have a decimal point in every culture. A field may stand in double quotes. Empty lines are skipped.
/// <code>
/// LabeledData beats = CsvFile.Read("mitbih_train.csv", new CsvOptions { Shape = [1, 187] });
/// </code>
/// </remarks>
public static class CsvFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Columns and separators; null for the defaults.</param>
    /// <exception cref="InvalidDataException">
    /// A field is no number, a row has another number of fields than the first, or the fields do not fit the shape. The message names
    /// the line.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static LabeledData Read(string path, CsvOptions? options = null)
    {
        using var reader = new StreamReader(path);
        return Read(reader, path, options);
    }

    /// <summary>Reads text to its end.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">Columns and separators; null for the defaults.</param>
    /// <exception cref="InvalidDataException">As of the other method.</exception>
    public static LabeledData Read(TextReader reader, string name = "text", CsvOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        options ??= new CsvOptions();
        var inputs = new List<float>();
        var labels = new List<string>();
        int line = 0, columns = 0, target = -1;
        while (ReadFields(reader, options.Separator, ref line, name) is { } fields)
        {
            if (fields is [""])
            {
                continue;
            }

            if (columns == 0)
            {
                (columns, target) = (fields.Count, TargetOf(fields, options, name));
                if (HasHeader(fields, options, target))
                {
                    continue;
                }
            }

            if (fields.Count != columns)
            {
                throw new InvalidDataException($"{name}, line {line}: {fields.Count} fields, but the first row has {columns}.");
            }

            for (int i = 0; i < columns; i++)
            {
                if (i == target)
                {
                    labels.Add(fields[i].Trim());
                }
                else
                {
                    inputs.Add(Number(fields[i], name, line, i));
                }
            }
        }

        return ToData(inputs, labels, columns, options, name);
    }

    private static LabeledData ToData(List<float> inputs, List<string> labels, int columns, CsvOptions options, string name)
    {
        IReadOnlyList<int> shape = options.Shape.Count > 0 ? options.Shape : [int.Max(0, columns - 1)];
        int length = shape.Aggregate(1, (product, extent) => checked(product * extent));
        if (labels.Count > 0 && length != columns - 1)
        {
            throw new InvalidDataException(
                $"{name}: rows have {columns - 1} numbers besides the class; a sample of {string.Join('×', shape)} has {length}.");
        }

        (int[] targets, string[] names) = Classes(labels);
        return new LabeledData([.. inputs], targets, shape, names);
    }

    /// <summary>Whole numbers from 0 on are class indices; anything else is a name, and names are sorted.</summary>
    private static (int[] Targets, string[] Names) Classes(List<string> labels)
    {
        const int MostClasses = 1 << 20;
        int[] numbers = [.. labels.Select(l => double.TryParse(l, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && value >= 0 && value < MostClasses && value == Math.Floor(value) ? (int)value : -1)];
        if (numbers.All(n => n >= 0))
        {
            return (numbers, [.. Enumerable.Range(0, numbers.DefaultIfEmpty(-1).Max() + 1).Select(c => $"{c}")]);
        }

        string[] names = [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var indices = names.Index().ToDictionary(n => n.Item, n => n.Index, StringComparer.Ordinal);
        return ([.. labels.Select(l => indices[l])], names);
    }

    private static int TargetOf(List<string> first, CsvOptions options, string name)
    {
        int target = options.TargetName is { } wanted ? first.FindIndex(f => f.Trim() == wanted)
            : options.TargetColumn >= 0 ? options.TargetColumn : first.Count + options.TargetColumn;
        return target >= 0 && target < first.Count ? target : throw new InvalidDataException(
            options.TargetName is not null
                ? $"{name}: no column is called '{options.TargetName}'; there are {string.Join(", ", first.Take(20))}."
                : $"{name}: column {options.TargetColumn} holds the class, but rows have {first.Count}.");
    }

    /// <summary>A first row in which a value is no number is the header.</summary>
    private static bool HasHeader(List<string> fields, CsvOptions options, int target) => options.TargetName is not null
        || fields.Where((_, i) => i != target).Any(f => !float.TryParse(f, NumberStyles.Float, CultureInfo.InvariantCulture, out _));

    private static float Number(string field, string name, int line, int column) =>
        float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
            ? value : throw new InvalidDataException(
                $"{name}, line {line}, column {column + 1}: '{(field.Length > 40 ? field[..40] + "…" : field)}' is no finite number.");

    /// <summary>The fields of the next row; null at the end.</summary>
    private static List<string>? ReadFields(TextReader reader, char separator, ref int line, string name)
    {
        if (reader.ReadLine() is not { } text)
        {
            return null;
        }

        line++;
        if (!text.Contains('"', StringComparison.Ordinal))
        {
            return [.. text.Split(separator)];
        }

        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        bool isQuoted = false;
        for (int i = 0; ; i++)
        {
            if (i == text.Length && isQuoted)
            {
                text += "\n" + (reader.ReadLine()
                    ?? throw new InvalidDataException($"{name}, line {line}: a quotation mark is not closed."));
                line++;
            }

            if (i == text.Length || (text[i] == separator && !isQuoted))
            {
                fields.Add(field.ToString());
                field.Clear();
                if (i == text.Length)
                {
                    return fields;
                }
            }
            else if (text[i] == '"' && isQuoted && i + 1 < text.Length && text[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (text[i] == '"')
            {
                isQuoted = !isQuoted;
            }
            else
            {
                field.Append(text[i]);
            }
        }
    }
}

/// <summary>How <see cref="CsvFile"/> reads.</summary>
public sealed record CsvOptions
{
    /// <summary>What separates fields. Default: a comma.</summary>
    public char Separator { get; init; } = ',';

    /// <summary>The column of the class, counted from 0; −1 (the default) is the last one, −2 the one before.</summary>
    public int TargetColumn { get; init; } = -1;

    /// <summary>The name of the class's column in the header; null to take <see cref="TargetColumn"/>.</summary>
    public string? TargetName { get; init; }

    /// <summary>Extents of a sample, such as (channels, length); empty (the default) for one axis.</summary>
    public IReadOnlyList<int> Shape { get; init; } = [];
}
