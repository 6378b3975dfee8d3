using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Strata.Generator.Operators;

/// <summary>
/// The names of layers in other libraries: the rows of FROM-PYTORCH.md, which is a resource of this assembly. They are read the first time
/// that a network uses an unknown name.
/// </summary>
internal static class ForeignNames
{
    /// <summary>The page with the rows.</summary>
    public const string Page = "FROM-PYTORCH.md";

    /// <summary>How the last column begins if Strata has no such layer.</summary>
    private const string NotThere = "not there";

    /// <summary>The tables that are about attributes.</summary>
    private static readonly string[] Sections = ["Layers", "Structure", "Losses", "Not there"];

    private static readonly Lazy<List<Row>> Rows = new(Read);

    /// <summary>The row that contains a name of another library; null if there is none.</summary>
    public static Row? Find(string name) => Rows.Value.Find(row => row.CallOf(name) is not null);

    private static List<Row> Read()
    {
        using Stream stream = typeof(ForeignNames).Assembly.GetManifestResourceStream(Page)
            ?? throw new InvalidOperationException($"{Page} is missing in the generator's assembly");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var rows = new List<Row>();
        string section = "";
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                section = line.Substring(3).Trim();
            }
            else if (Sections.Contains(section) && line.StartsWith("| `", StringComparison.Ordinal))
            {
                string[] cells = line.Trim('|', ' ').Split('|');
                rows.Add(new Row(cells[0].Trim(), cells[1].Trim(), Plain(cells[2].Trim())));
            }
        }

        return rows;
    }

    /// <summary>A cell's text without Markdown: no backticks, and links replaced by their texts.</summary>
    private static string Plain(string cell)
    {
        var text = new StringBuilder();
        bool isCode = false;
        int link = -1;
        for (int i = 0; i < cell.Length; i++)
        {
            char c = cell[i];
            if (c == '`')
            {
                isCode = !isCode;
            }
            else if (!isCode && c == '[')
            {
                link = i;
            }
            else if (!isCode && link >= 0 && c == ']')
            {
                link = -1;
                i = cell.IndexOf(')', i);
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    /// <summary>One line of a table.</summary>
    /// <param name="pyTorch">Calls of PyTorch as the page shows them.</param>
    /// <param name="keras">Calls of Keras.</param>
    /// <param name="strata">What they become in Strata.</param>
    public sealed class Row(string pyTorch, string keras, string strata)
    {
        /// <summary>What the calls become, as text.</summary>
        public string Strata { get; } = strata;

        /// <summary>The library and the call that contain a name, such as "PyTorch's nn.Conv2d"; null if the row has none.</summary>
        public string? CallOf(string name) => CallOf(pyTorch, name) is { } torch ? $"PyTorch's {torch}"
            : CallOf(keras, name) is { } other ? $"Keras' {other}" : null;

        /// <summary>The operators of the row, in order; empty if Strata has no such layer.</summary>
        public IEnumerable<string> Kinds
        {
            get
            {
                if (Strata.StartsWith(NotThere, StringComparison.Ordinal))
                {
                    yield break;
                }

                for (int i = Strata.IndexOf('['); i >= 0; i = Strata.IndexOf('[', i + 1))
                {
                    string kind = new([.. Strata.Skip(i + 1).TakeWhile(char.IsLetterOrDigit)]);
                    if (OperatorSet.FindBuiltIn(kind) is not null)
                    {
                        yield return kind;
                    }
                }
            }
        }

        private static string? CallOf(string cell, string name)
        {
            string[] parts = cell.Split('`');
            for (int i = 1; i < parts.Length; i += 2)
            {
                if (Names(parts[i]).Any(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase)))
                {
                    return parts[i];
                }
            }

            return null;
        }

        /// <summary>The names in a call: <c>nn.Conv1d / 2d / 3d(in, f, k)</c> gives Conv1d, Conv2d and Conv3d.</summary>
        private static IEnumerable<string> Names(string call)
        {
            string? family = null;
            var word = new StringBuilder();
            foreach (char c in call + " ")
            {
                if (char.IsLetterOrDigit(c) || c == '_')
                {
                    word.Append(c);
                    continue;
                }

                string name = word.ToString();
                word.Clear();
                if (name.Length == 2 && family is not null)
                {
                    yield return family + name;
                }
                else if (name.Length > 2)
                {
                    family = char.IsDigit(name[name.Length - 2]) ? name.Substring(0, name.Length - 2) : null;

                    // Keras writes functions with underscores, and classes without.
                    yield return name;
                    yield return name.Replace("_", "");
                }

                if (c == '(')
                {
                    yield break;
                }
            }
        }
    }
}
