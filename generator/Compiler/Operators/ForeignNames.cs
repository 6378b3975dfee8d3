using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Strata.Compiler.Operators;

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
    private static readonly string[] Sections = ["Layers", "Structure", "Losses", "Other names", "Not there"];

    /// <summary>How messages call the calls of a column, by the column's title.</summary>
    private static readonly Dictionary<string, string> Libraries = new(StringComparer.Ordinal)
    {
        ["PyTorch"] = "PyTorch's ",
        ["Keras"] = "Keras' ",
        ["ONNX"] = "ONNX's ",
        ["TensorFlow"] = "TensorFlow's ",
    };

    private static readonly Lazy<List<Row>> Rows = new(Read);

    /// <summary>The row that contains a name of another library; null if there is none.</summary>
    public static Row? Find(string name) => Rows.Value.Find(row => row.CallOf(name) is not null);

    /// <summary>
    /// The operator or block that was most likely meant by a name that does not exist, and what a message says of it. Only a name that says
    /// the same in other words, or with one wrong letter, stands for another: <c>MinPool</c> is no <c>MaxPool</c>.
    /// </summary>
    /// <param name="blocks">The blocks of the project.</param>
    /// <returns>Also whether its arguments mean the same behind the name that is meant, once those that are known here are left out.
    /// </returns>
    public static (string? Kind, string Remedy, bool KeepsArguments) Meant(string name, IEnumerable<string> blocks)
    {
        string[] kinds = [.. OperatorSet.BuiltIn.All.Select(known => known.Kind)];
        foreach (string candidate in new[] { name, LayerWords.Bare(name) }.Distinct())
        {
            // A function of another library may differ from a layer of another meaning in case alone, as F.normalize does.
            Row? absent = Rows.Value.Find(row => row.IsAbsent && row.Has(candidate));
            string plain = candidate.Replace("_", "");
            if (absent is null && kinds.FirstOrDefault(kind => string.Equals(kind, plain, StringComparison.OrdinalIgnoreCase)) is { } own)
            {
                return (own, Nearest(own), true);
            }

            if ((absent ?? Find(candidate)) is { } row)
            {
                string translation = $"{Page}: {row.CallOf(candidate)} is {row.Strata.TrimEnd('.')}";
                return row.KindOf(candidate) is { } kind
                    ? (kind, $"{Nearest(kind)}. {translation}", row.KeepsArguments(candidate, kind)) : (null, translation, false);
            }
        }

        string? meant = LayerWords.Same(name, kinds) ?? LayerWords.Same(LayerWords.WithoutLoss(name), kinds)
            ?? LayerWords.WithSlip(name, kinds.Concat(blocks));
        return (meant, meant is null ? "" : Nearest(meant), meant is not null);
    }

    private static string Nearest(string kind) => $"The nearest is [{kind}]";

    private static List<Row> Read()
    {
        using Stream stream = typeof(ForeignNames).Assembly.GetManifestResourceStream(Page)
            ?? throw new InvalidOperationException($"{Page} is missing in the generator's assembly");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var rows = new List<Row>();
        string section = "";
        string[] titles = [];
        while (reader.ReadLine() is { } line)
        {
            string[] cells = [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                (section, titles) = (line.Substring(3).Trim(), []);
            }
            else if (Sections.Contains(section) && line.StartsWith("| ", StringComparison.Ordinal))
            {
                if (titles.Length == 0)
                {
                    titles = cells;
                }
                else
                {
                    IEnumerable<Calls> calls = titles.Take(titles.Length - 1)
                        .Select((title, i) => new Calls(Libraries.TryGetValue(title, out string? library) ? library : "", cells[i]));
                    rows.Add(new Row([.. calls], cells[cells.Length - 1]));
                }
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
    /// <param name="calls">The calls of each library.</param>
    /// <param name="strata">What they become in Strata.</param>
    public sealed class Row(Calls[] calls, string strata)
    {
        /// <summary>What the calls become, as text.</summary>
        public string Strata { get; } = Plain(strata);

        /// <summary>Whether Strata has no such layer.</summary>
        public bool IsAbsent { get; } = strata.StartsWith(NotThere, StringComparison.Ordinal);

        /// <summary>The operators of the row, in order; empty if Strata has no such layer.</summary>
        public IEnumerable<string> Kinds => IsAbsent ? [] : KindsIn(Strata);

        /// <summary>The library and the call that contain a name, such as "PyTorch's nn.Conv2d"; null if the row has none.</summary>
        public string? CallOf(string name) => Find(name) is ({ } of, var index) ? of.Library + of.TextOf(index) : null;

        /// <summary>Whether the row has exactly this name.</summary>
        public bool Has(string name) => calls.Any(of => of.Has(name));

        /// <summary>
        /// The operator for a name of the row: the one of the same words, of as many axes, or at the same place of the list with which the
        /// cell begins; otherwise the first.
        /// </summary>
        public string? KindOf(string name)
        {
            string[] kinds = [.. Kinds];
            string[] listed = [.. strata.Split('`').TakeWhile((part, i) => i % 2 == 1 || part is "" or ", ")
                .SelectMany(part => KindsIn(part).Take(1))];
            return LayerWords.Same(name, kinds)
                ?? (LayerWords.AxesOf(name) is { } axes ? kinds.FirstOrDefault(kind => LayerWords.AxesOf(kind) == axes) : null)
                ?? (!IsAbsent && Find(name) is ({ } of, var index) && of.Count == listed.Length ? listed[index] : kinds.FirstOrDefault());
        }

        /// <summary>
        /// Whether the arguments of a call mean the same behind the operator's name. Either the names say the same, or the row writes the
        /// same arguments behind both, apart from those that PyTorch has and that are known here.
        /// </summary>
        public bool KeepsArguments(string name, string kind)
        {
            if (LayerWords.AreAlike(name, kind) || LayerWords.AreAlike(LayerWords.WithoutLoss(name), kind))
            {
                return true;
            }

            string form = FormOf(kind);
            string[] own = Arguments(form) ?? [];
            if (form.Contains('=') || Find(name) is not ({ } of, var index))
            {
                return false;
            }

            if (Arguments(of.TextOf(index)) is not { } theirs)
            {
                return own.All(argument => argument.All(c => char.IsLetter(c) || c == '…'));
            }

            IReadOnlyList<PyTorchPlace> places = (OperatorSet.FindBuiltIn(kind) as LayerOperator)?.PyTorchPlaces ?? [];
            return theirs.SequenceEqual(own)
                || theirs.Where((_, i) => i >= places.Count || places[i].Argument is not null).SequenceEqual(own);
        }

        /// <summary>How the row writes an operator, without its brackets.</summary>
        private string FormOf(string kind)
        {
            int start = Strata.IndexOf($"[{kind}(", StringComparison.Ordinal);
            int end = start < 0 ? -1 : Strata.IndexOf(")]", start, StringComparison.Ordinal);
            return end < 0 ? kind : Strata.Substring(start + 1, end - start);
        }

        /// <summary>The arguments without names in a call; null if it is written without any parentheses.</summary>
        private static string[]? Arguments(string call)
        {
            int start = call.IndexOf('('), end = call.LastIndexOf(')');
            return start < 0 || end < start ? null
                : [.. call.Substring(start + 1, end - start - 1).Split(',').Select(argument => argument.Trim())
                    .Where(argument => argument.Length > 0 && !argument.Contains('='))];
        }

        /// <summary>The place of a name: a call with exactly this one, or else with one of the same words.</summary>
        private (Calls Of, int Index)? Find(string name)
        {
            Func<string, bool>[] tests =
            [
                known => known == name, known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase),
                known => LayerWords.AreAlike(known, name),
            ];
            foreach (Func<string, bool> test in tests)
            {
                foreach (Calls of in calls)
                {
                    if (of.IndexOf(test) is >= 0 and var index)
                    {
                        return (of, index);
                    }
                }
            }

            return null;
        }

        private static IEnumerable<string> KindsIn(string text)
        {
            for (int i = text.IndexOf('['); i >= 0; i = text.IndexOf('[', i + 1))
            {
                string kind = new([.. text.Skip(i + 1).TakeWhile(char.IsLetterOrDigit)]);
                if (OperatorSet.FindBuiltIn(kind) is not null)
                {
                    yield return kind;
                }
            }
        }
    }

    /// <summary>A cell with calls of a library.</summary>
    /// <param name="library">How messages call it.</param>
    public sealed class Calls(string library, string cell)
    {
        private static readonly char[] Separators = [' ', '/', '+', '*', '[', ']', ':', ',', '-'];

        /// <summary>The calls that have names, with these.</summary>
        private readonly (string Text, string[] Names)[] _calls = [.. cell.Split('`')
            .Where((_, i) => i % 2 == 1)
            .Select(call => (call, Names(call).ToArray()))
            .Where(call => call.Item2.Length > 0)];

        public string Library => library;

        public int Count => _calls.Length;

        public bool Has(string name) => _calls.Any(call => call.Names.Contains(name));

        public string TextOf(int index) => _calls[index].Text;

        /// <summary>The first call with such a name; −1 if there is none.</summary>
        public int IndexOf(Func<string, bool> isName) => Array.FindIndex(_calls, call => call.Names.Any(isName));

        /// <summary>
        /// The names in a call: <c>nn.Conv1d / 2d / 3d(in, f, k)</c> gives Conv1d, Conv2d and Conv3d. Arguments and assignments have none.
        /// </summary>
        private static IEnumerable<string> Names(string call)
        {
            string head = call.Split('(')[0], family = "";
            string[] words = head.Contains('=') ? [] : head.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
            foreach (string word in words)
            {
                string name = word.Substring(word.LastIndexOf('.') + 1);
                if (family.Length > 0 && LayerWords.AxesOf("x" + name) is not null && name.Length == 2)
                {
                    yield return family + name;
                }
                else if (name.Length > 1 && char.IsLetter(name[0]))
                {
                    family = LayerWords.AxesOf(name) is null ? "" : name.Substring(0, name.Length - 2);
                    yield return name;
                }
            }
        }
    }
}
