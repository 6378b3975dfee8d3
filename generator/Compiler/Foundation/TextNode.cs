using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Strata.Compiler.Foundation;

/// <summary>
/// A node of the text in which an assembly tells others what it declares: a word, a text in quotes, or a list in parentheses. Each may
/// have a label: <c>(Conv2D filters=(* 2 Filters) kernel=3 Name='conv')</c>.
/// </summary>
internal sealed class TextNode
{
    /// <summary>Deeper than anything that is written. Reading what a node means takes some stack for each level.</summary>
    public const int MostLevels = 1000;

    private static readonly TextNode[] None = [];

    private TextNode(string? label, string? word, string? text, IReadOnlyList<TextNode>? items)
    {
        (Label, Word, Text) = (label, word, text);
        (IsList, Items) = (items is not null, items ?? None);
    }

    /// <summary>What stands before its <c>=</c>; null where there is none.</summary>
    public string? Label { get; }

    /// <summary>A number, a name or an operator; null for texts and lists.</summary>
    public string? Word { get; }

    /// <summary>What stands in quotes; null for words and lists.</summary>
    public string? Text { get; }

    public bool IsList { get; }

    public IReadOnlyList<TextNode> Items { get; }

    /// <summary>A name, whether it is written as a word or in quotes; null for lists.</summary>
    public string? Name => Word ?? Text;

    /// <param name="word">Without spaces, parentheses and quotes. With letters at its beginning it has no <c>=</c> either.</param>
    public static TextNode OfWord(string word, string? label = null) => new(label, word, null, null);

    public static TextNode OfText(string text, string? label = null) => new(label, null, text, null);

    /// <summary>A word where the name can be one, otherwise a text.</summary>
    public static TextNode OfName(string name, string? label = null) =>
        name.Length > 0 && name.All(c => IsOfWord(c) && c != '=' && !IsEscaped(c)) ? OfWord(name, label) : OfText(name, label);

    public static TextNode OfList(IEnumerable<TextNode> items, string? label = null) => new(label, null, null, [.. items]);

    /// <summary>Reads nodes that stand in a row.</summary>
    /// <param name="problem">What is wrong with the text; empty where it was read.</param>
    public static bool TryParse(string text, out IReadOnlyList<TextNode> nodes, out string problem)
    {
        var parser = new Parser(text);
        nodes = parser.Parse() as IReadOnlyList<TextNode> ?? None;
        problem = parser.Problem;
        return problem.Length == 0;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    private void Write(StringBuilder text)
    {
        if (Label is not null)
        {
            text.Append(Label).Append('=');
        }

        if (IsList)
        {
            text.Append('(');
            for (int i = 0; i < Items.Count; i++)
            {
                Cancellation.ThrowIfRequested();
                text.Append(i > 0 ? " " : "");
                Items[i].Write(text);
            }

            text.Append(')');
        }
        else if (Text is null)
        {
            text.Append(Word);
        }
        else
        {
            WriteQuoted(text, Text);
        }
    }

    private static void WriteQuoted(StringBuilder written, string text)
    {
        written.Append('\'');
        foreach (char c in text.WithCancellation())
        {
            if (c is '\'' or '\\')
            {
                written.Append('\\').Append(c);
            }
            else if (IsEscaped(c))
            {
                written.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                written.Append(c);
            }
        }

        written.Append('\'');
    }

    /// <summary>What an editor may not show as it is.</summary>
    private static bool IsEscaped(char c) => CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned;

    private static bool IsOfWord(char c) => !char.IsWhiteSpace(c) && c is not ('(' or ')' or '\'');

    /// <summary>Reads without recursion, whatever the text is.</summary>
    private sealed class Parser(string text)
    {
        private readonly Stack<(string? Label, List<TextNode> Items, int At)> _open = [];
        private List<TextNode> _items = [];
        private string? _label;
        private int _at;

        public string Problem { get; private set; } = "";

        public List<TextNode>? Parse()
        {
            while (Problem.Length == 0 && _at < text.Length)
            {
                Cancellation.ThrowIfRequested();
                Step();
            }

            if (Problem.Length == 0 && _label is not null)
            {
                Fail($"'{_label}=' has no value", _at);
            }
            else if (Problem.Length == 0 && _open.Count > 0)
            {
                Fail("a '(' is not closed", _open.Peek().At);
            }

            return Problem.Length == 0 ? _items : null;
        }

        private void Step()
        {
            char c = text[_at];
            if (char.IsWhiteSpace(c))
            {
                _at++;
            }
            else if (c == '(')
            {
                _open.Push((_label, _items, _at++));
                (_items, _label) = ([], null);
                if (_open.Count > MostLevels)
                {
                    Fail($"it has more than {MostLevels} levels", _at - 1);
                }
            }
            else if (c == ')')
            {
                Close();
            }
            else if (c == '\'')
            {
                ReadQuoted();
            }
            else
            {
                ReadWord();
            }
        }

        private void Close()
        {
            if (_open.Count == 0 || _label is not null)
            {
                Fail(_label is null ? "a ')' closes nothing" : $"'{_label}=' has no value", _at);
                return;
            }

            List<TextNode> items = _items;
            (string? label, _items, _) = _open.Pop();
            _items.Add(new TextNode(label, null, null, items));
            _at++;
        }

        private void ReadWord()
        {
            int start = _at;
            while (_at < text.Length && IsOfWord(text[_at]))
            {
                Cancellation.ThrowIfRequested();
                _at++;
            }

            // filters=Filters, or Name= before a quote or a parenthesis. Operators such as <= begin otherwise.
            string word = text.Substring(start, _at - start);
            int equals = char.IsLetter(word[0]) || word[0] is '_' or '@' ? word.IndexOf('=') : -1;
            if (equals >= 0 && _label is not null)
            {
                Fail($"'{_label}=' has no value", start);
            }
            else if (equals >= 0)
            {
                _label = word.Substring(0, equals);
                word = word.Substring(equals + 1);
            }

            if (word.Length > 0)
            {
                Add(OfWord(word, _label));
            }
        }

        private void ReadQuoted()
        {
            int start = _at++;
            var read = new StringBuilder();
            while (_at < text.Length && text[_at] != '\'')
            {
                Cancellation.ThrowIfRequested();
                if (text[_at] != '\\')
                {
                    read.Append(text[_at++]);
                }
                else if (_at + 1 < text.Length && text[_at + 1] is '\'' or '\\')
                {
                    read.Append(text[_at + 1]);
                    _at += 2;
                }
                else if (_at + 5 < text.Length && text[_at + 1] == 'u' && ushort.TryParse(
                    text.Substring(_at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
                {
                    read.Append((char)code);
                    _at += 6;
                }
                else
                {
                    Fail("a '\\' stands before something else than a quote, a '\\' or four digits of a 'u'", _at);
                    return;
                }
            }

            if (_at++ >= text.Length)
            {
                Fail("a quote is not closed", start);
                return;
            }

            Add(OfText(read.ToString(), _label));
        }

        private void Add(TextNode node)
        {
            _items.Add(node);
            _label = null;
        }

        private void Fail(string problem, int at) =>
            Problem = $"{problem} (character {(at + 1).ToString(CultureInfo.InvariantCulture)})";
    }
}
