using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata.Compiler.Declarations;

/// <summary>
/// Constant expressions in the text with which an assembly declares its blocks:
/// <list type="table">
/// <item><term><c>64</c>, <c>0.1</c>, <c>nan</c>, <c>-inf</c>, <c>true</c>, <c>null</c>, <c>'conv'</c></term>
/// <description>int, double, bool, null, string</description></item>
/// <item><term><c>(long 64)</c>, <c>(char 65)</c></term><description>a number of another type; a char by its code</description></item>
/// <item><term><c>Filters</c>, <c>@true</c></term>
/// <description>a constant of the block, with a sign before words that mean something else</description></item>
/// <item><term><c>(* 2 Filters)</c>, <c>(-:double Rate)</c>, <c>(+:int:unchecked A B)</c></term>
/// <description>C#'s operators, with the type in which they compute if it is not int</description></item>
/// <item><term><c>(as:double Filters)</c>, <c>(cast:int Rate)</c></term><description>conversions, implicit and written</description></item>
/// <item><term><c>(? Wide 128 64)</c></term><description>condition, value if true, value if false</description></item>
/// <item><term><c>(array:int 1 N)</c>, <c>(int[] 1 2)</c></term>
/// <description>an array with expressions, and one of values</description></item>
/// <item><term><c>(unreadable 'a switch { … }' 'reason')</c></term><description>see <see cref="UnreadableExpression"/></description></item>
/// </list>
/// </summary>
internal static class ExpressionText
{
    private const string Unchecked = "unchecked", Implicit = "as", Explicit = "cast", Condition = "?", Array = "array",
        Unreadable = "unreadable", ArrayEnd = "[]", NotANumber = "nan", Infinity = "inf", MinusInfinity = "-inf", MinusZero = "-0.0";

    private static readonly string[] Reserved = ["true", "false", "null", NotANumber, Infinity];

    private static readonly Dictionary<string, ConstantType> Types = new[]
    {
        ConstantType.SByte, ConstantType.Byte, ConstantType.Int16, ConstantType.UInt16, ConstantType.Char,
        ConstantType.Int32, ConstantType.UInt32, ConstantType.Int64, ConstantType.UInt64,
        ConstantType.Single, ConstantType.Double, ConstantType.Decimal, ConstantType.Boolean,
        ConstantType.String, ConstantType.Object,
    }.ToDictionary(ConstantEvaluator.NameOf, StringComparer.Ordinal);

    /// <summary>C#'s keyword for a type. It is <c>object</c> for all types with which the evaluator cannot compute.</summary>
    public static string NameOf(ConstantType type) => type == ConstantType.None ? "none" : ConstantEvaluator.NameOf(type);

    /// <exception cref="TextFormException">There is no such type.</exception>
    public static ConstantType TypeOf(string name) => name == "none" ? ConstantType.None
        : Types.TryGetValue(name, out ConstantType type) ? type
        : throw new TextFormException($"there is no type '{name}'");

    public static TextNode Write(ConstantExpression expression, string? label = null)
    {
        Cancellation.ThrowIfRequested();
        TextNode List(string head, params IEnumerable<ConstantExpression> items) =>
            TextNode.OfList(items.Select(item => Write(item)).Prepend(TextNode.OfWord(head)), label);
        return expression switch
        {
            ConstantValue constant => WriteValue(constant.Value, label),
            ConstantReference reference =>
                TextNode.OfWord(Reserved.Contains(reference.Name) ? "@" + reference.Name : reference.Name, label),
            UnreadableExpression unreadable => TextNode.OfList(
                [TextNode.OfWord(Unreadable), TextNode.OfText(unreadable.Source), TextNode.OfText(unreadable.Reason)], label),
            ConversionExpression conversion => List(
                Typed(conversion.IsExplicit ? Explicit : Implicit, NameOf(conversion.Type), conversion.IsChecked), conversion.Operand),
            UnaryExpression unary => List(Operator(unary.Operator, unary.Type, unary.IsChecked), unary.Operand),
            BinaryExpression binary => List(Operator(binary.Operator, binary.Type, binary.IsChecked), binary.Left, binary.Right),
            ConditionalExpression conditional => List(Condition, conditional.Condition, conditional.WhenTrue, conditional.WhenFalse),
            ArrayExpression array => List(Typed(Array, NameOf(array.ElementType), true), array.Elements),
            _ => throw new InvalidOperationException(expression.GetType().Name),
        };
    }

    /// <summary>A value: a primitive, a string, null, or an array of int, double or string.</summary>
    public static TextNode WriteValue(object? value, string? label = null)
    {
        TextNode List(string head, IEnumerable<TextNode> items) => TextNode.OfList(items.Prepend(TextNode.OfWord(head)), label);
        TextNode Of(string type, string number) => List(type, [TextNode.OfWord(number)]);
        return value switch
        {
            null => TextNode.OfWord("null", label),
            bool truth => TextNode.OfWord(truth ? "true" : "false", label),
            string text => TextNode.OfText(text, label),
            int number => TextNode.OfWord(number.ToString(CultureInfo.InvariantCulture), label),
            double number => TextNode.OfWord(Number(number), label),
            float number => Of("float", Number(number)),
            char character => Of("char", ((int)character).ToString(CultureInfo.InvariantCulture)),
            decimal number => Of("decimal", number.ToString(CultureInfo.InvariantCulture)),
            sbyte or byte or short or ushort or uint or long or ulong =>
                Of(NameOf(TypeOf(value)), ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)),
            EquatableArray<int> items => List("int" + ArrayEnd, items.Select(item => WriteValue(item))),
            EquatableArray<double> items => List("double" + ArrayEnd, items.Select(item => WriteValue(item))),
            EquatableArray<string> items => List("string" + ArrayEnd, items.Select(item => WriteValue(item))),
            _ => throw new InvalidOperationException(value.GetType().Name),
        };
    }

    /// <exception cref="TextFormException">The node is no expression.</exception>
    public static ConstantExpression Read(TextNode node)
    {
        Cancellation.ThrowIfRequested();
        if (!node.IsList)
        {
            return node.Text is not null ? new ConstantValue(node.Text) : ReadWord(node.Word!);
        }

        string[] head = node.Items.Count > 0 && node.Items[0].Word is { } word ? word.Split(':') : [""];
        TextNode[] items = [.. node.Items.Skip(1)];
        bool isChecked = head.Length < 3 || head[2] != Unchecked;
        if (head.Length > (isChecked ? 2 : 3))
        {
            throw ClassText.NoMeaning(node);
        }

        ConstantType type = head.Length > 1 ? TypeOf(head[1]) : ConstantType.Int32;
        TextNode? first = items.FirstOrDefault();
        bool isPlain = head.Length == 1;
        return (head[0], items.Length) switch
        {
            (Unreadable, 2) when first!.Text is { } source && items[1].Text is { } reason => new UnreadableExpression(source, reason),
            (Implicit or Explicit, 1) => new ConversionExpression(Read(first!), Known(type), head[0] == Explicit, isChecked),
            (Condition, 3) => new ConditionalExpression(Read(first!), Read(items[1]), Read(items[2])),
            (Array, _) => new ArrayExpression(items.Select(Read).ToEquatableArray(), type),
            (var token, 1) when UnaryExpression.Operators.Contains(token) =>
                new UnaryExpression(token, Read(first!), Known(type), isChecked),
            (var token, 2) when BinaryExpression.Operators.Contains(token) =>
                new BinaryExpression(token, Read(first!), Read(items[1]), Known(type), isChecked),
            (var name, 1) when isPlain && first!.Word is { } number && Types.TryGetValue(name, out ConstantType special) =>
                new ConstantValue(ReadNumber(number, special)),
            (var array, _) when isPlain && array.EndsWith(ArrayEnd, StringComparison.Ordinal) => new ConstantValue(ReadArray(
                TypeOf(array.Substring(0, array.Length - ArrayEnd.Length)), items.Select(item => (Read(item) as ConstantValue)?.Value))),
            _ => throw ClassText.NoMeaning(node),
        };
    }

    /// <summary>Checks that the evaluator can compute with a type.</summary>
    private static ConstantType Known(ConstantType type) =>
        ConstantEvaluator.IsKnown(type) ? type : throw new TextFormException($"nothing is computed in {NameOf(type)}");

    private static string Operator(string token, ConstantType type, bool isChecked) =>
        type == ConstantType.Int32 && isChecked ? token : Typed(token, NameOf(type), isChecked);

    private static string Typed(string head, string type, bool isChecked) => $"{head}:{type}{(isChecked ? "" : ":" + Unchecked)}";

    private static ConstantType TypeOf(object value) => value switch
    {
        sbyte => ConstantType.SByte,
        byte => ConstantType.Byte,
        short => ConstantType.Int16,
        ushort => ConstantType.UInt16,
        uint => ConstantType.UInt32,
        long => ConstantType.Int64,
        _ => ConstantType.UInt64,
    };

    /// <summary>The shortest text that is read as the same number. It always shows that it is no integer.</summary>
    private static string Number(double value)
    {
        if (double.IsNaN(value) || double.IsInfinity(value))
        {
            return double.IsNaN(value) ? NotANumber : value > 0 ? Infinity : MinusInfinity;
        }

        string text = value.ToString("R", CultureInfo.InvariantCulture);

        // The .NET Framework's shortest text is sometimes another number, and it writes −0 without its sign.
        text = value == 0 ? double.IsNegativeInfinity(1 / value) ? MinusZero : "0"
            : double.Parse(text, CultureInfo.InvariantCulture) != value ? value.ToString("G17", CultureInfo.InvariantCulture)
            : text;
        return text.IndexOfAny(['.', 'E']) >= 0 ? text : text + ".0";
    }

    private static string Number(float value) => float.IsNaN(value) || float.IsInfinity(value)
        ? Number((double)value)
        : value.ToString("R", CultureInfo.InvariantCulture) is var text && float.Parse(text, CultureInfo.InvariantCulture) != value
            ? value.ToString("G9", CultureInfo.InvariantCulture)
            : value == 0 ? Number((double)value) : text;

    private static ConstantExpression ReadWord(string word) => word switch
    {
        "true" or "false" => new ConstantValue(word == "true"),
        "null" => new ConstantValue(null),
        _ when char.IsDigit(word[0]) || word[0] == '-' || word is NotANumber or Infinity => new ConstantValue(
            ReadNumber(word, word.IndexOfAny(['.', 'E', 'n']) >= 0 ? ConstantType.Double : ConstantType.Int32)),
        _ => new ConstantReference(word.TrimStart('@')),
    };

    private static object ReadNumber(string text, ConstantType type)
    {
        const NumberStyles Integer = NumberStyles.AllowLeadingSign, Real = NumberStyles.Float;
        CultureInfo culture = CultureInfo.InvariantCulture;
        return type switch
        {
            ConstantType.Double => ReadDouble(text),
            ConstantType.Single when float.TryParse(text, Real, culture, out float value) && text != MinusZero => value,
            ConstantType.Single => (float)ReadDouble(text),
            ConstantType.Decimal when decimal.TryParse(text, Real, culture, out decimal value) => value,
            ConstantType.SByte when sbyte.TryParse(text, Integer, culture, out sbyte value) => value,
            ConstantType.Byte when byte.TryParse(text, Integer, culture, out byte value) => value,
            ConstantType.Int16 when short.TryParse(text, Integer, culture, out short value) => value,
            ConstantType.UInt16 when ushort.TryParse(text, Integer, culture, out ushort value) => value,
            ConstantType.Char when ushort.TryParse(text, Integer, culture, out ushort value) => (char)value,
            ConstantType.Int32 when int.TryParse(text, Integer, culture, out int value) => value,
            ConstantType.UInt32 when uint.TryParse(text, Integer, culture, out uint value) => value,
            ConstantType.Int64 when long.TryParse(text, Integer, culture, out long value) => value,
            ConstantType.UInt64 when ulong.TryParse(text, Integer, culture, out ulong value) => value,
            _ => throw new TextFormException($"'{text}' is no {NameOf(type)}"),
        };
    }

    private static double ReadDouble(string text) => text switch
    {
        NotANumber => double.NaN,
        Infinity => double.PositiveInfinity,
        MinusInfinity => double.NegativeInfinity,
        MinusZero => -0.0,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value : throw new TextFormException($"'{text}' is no number"),
    };

    private static object ReadArray(ConstantType type, IEnumerable<object?> values)
    {
        object?[] items = [.. values];
        return type switch
        {
            ConstantType.Int32 when items.All(item => item is int) => items.Cast<int>().ToEquatableArray(),
            ConstantType.Double when items.All(item => item is double) => items.Cast<double>().ToEquatableArray(),
            ConstantType.String when items.All(item => item is string) => items.Cast<string>().ToEquatableArray(),
            _ => throw new TextFormException($"an array of {NameOf(type)} holds something else"),
        };
    }
}
