using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Declarations;

/// <summary>
/// What the texts of blocks and of operators have in common: the constants of the class, and the defaults of constructors' parameters that
/// are expressions.
/// <code>
/// (const int Filters 64)
/// (constructor System.Int32,System.Int32 stride=Stride)
/// </code>
/// Expressions are written as in <see cref="ExpressionText"/>.
/// </summary>
internal static class ClassText
{
    public const string Constant = "const", Constructor = "constructor";

    public static TextNode List(string head, params IEnumerable<TextNode> items) => TextNode.OfList(items.Prepend(TextNode.OfName(head)));

    public static IEnumerable<TextNode> Write(EquatableArray<BlockConstant> constants, EquatableArray<ParameterDefault> defaults) =>
    [
        .. constants.Select(constant => List(
            Constant, TextNode.OfWord(ExpressionText.NameOf(constant.Type)), TextNode.OfName(constant.Name),
            ExpressionText.Write(constant.Value))),
        .. defaults.GroupBy(value => value.Constructor).Select(constructor => List(
            Constructor,
            constructor.Select(value => ExpressionText.Write(value.Value, value.Parameter)).Prepend(TextNode.OfName(constructor.Key)))),
    ];

    /// <summary>Reads a text as lists.</summary>
    /// <param name="read">Reads the lists. It throws a <see cref="TextFormException"/> if they have no meaning.</param>
    /// <param name="problem">What is wrong with the text; empty if it was read.</param>
    public static T? TryRead<T>(string text, Func<IReadOnlyList<TextNode>, T> read, out string problem)
        where T : class
    {
        if (!TextNode.TryParse(text, out IReadOnlyList<TextNode> nodes, out problem))
        {
            return null;
        }

        try
        {
            return read(nodes);
        }
        catch (TextFormException exception)
        {
            problem = exception.Message;
            return null;
        }
    }

    /// <summary>Reads a list of the class: a constant, or the defaults of a constructor. False if it is another list.</summary>
    public static bool TryRead(TextNode node, List<BlockConstant> constants, List<ParameterDefault> defaults)
    {
        TextNode[] items = [.. node.Items.Skip(1)];
        string? name = items.Length > 0 ? items[0].Name : null;
        switch (node.Items.Count > 0 ? node.Items[0].Name : null)
        {
            case Constant when items.Length == 3 && items[1].Name is { } constant && name is not null:
                constants.Add(new BlockConstant(constant, ExpressionText.TypeOf(name), ExpressionText.Read(items[2])));
                return true;
            case Constructor when name is not null:
                defaults.AddRange(items.Skip(1).Select(value => new ParameterDefault(name, LabelOf(value), ExpressionText.Read(value))));
                return true;
            default:
                return false;
        }
    }

    public static TextFormException NoMeaning(TextNode node)
    {
        const int Longest = 60;
        string text = node.ToString();
        return new TextFormException($"{(text.Length > Longest ? text.Substring(0, Longest) + "…" : text)} has no meaning");
    }

    public static string LabelOf(TextNode node) => node.Label ?? throw new TextFormException($"{node} has no label");
}
