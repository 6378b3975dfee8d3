using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>
/// A block as text, for the metadata of its assembly. In compiled attributes, arguments are numbers; here they are expressions of the
/// block's constants:
/// <code>
/// (const int Filters 64)
/// (const int Stride 1)
/// (constructor System.Int32,System.Int32 stride=Stride)
/// (Branch)
/// (Conv2D filters=Filters kernel=3 Stride=Stride Padding=1 Bias=false)
/// (block Zoo.UnitAttribute filters=(* 2 Filters) stride?=Stride)
/// </code>
/// </summary>
/// <remarks>
/// The lists are those of <see cref="ClassText"/>, and layers. Some words begin special lists:
/// <list type="bullet">
/// <item><c>block</c>: the layers of another block, of the same assembly or of <c>[Assembly].Class</c>;</item>
/// <item><c>layers-of</c>: the layers of a network;</item>
/// <item><c>operator</c>: a layer that is not part of Strata;</item>
/// <item><c>(parts)</c>: layers on other parts of a partial class follow.</item>
/// </list>
/// A label with <c>?</c> marks an argument that is left out. Arguments are written as in <see cref="ExpressionText"/>.
/// </remarks>
internal static class BlockText
{
    /// <summary>The format's version. If you change the format, increase it, and keep reading the older versions.</summary>
    public const int Version = 1;

    private const string Block = "block", Layers = "layers-of", Operator = "operator", Parts = "parts", DefaultMark = "?";

    public static string Write(DeclaredBlock declared) => string.Concat(Nodes(declared).Select(node => node + "\n"));

    private static IEnumerable<TextNode> Nodes(DeclaredBlock declared)
    {
        BlockDeclaration block = declared.Block;
        foreach (TextNode node in ClassText.Write(block.Constants, declared.Defaults))
        {
            yield return node;
        }

        for (int i = 0; i < block.Attributes.Count; i++)
        {
            if (i == block.OwnCount)
            {
                yield return ClassText.List(Parts);
            }

            AttributeDeclaration attribute = block.Attributes[i];
            IEnumerable<TextNode> arguments = attribute.Arguments.Select(Write);
            yield return attribute.Block is { } nested
                ? ClassText.List(attribute.Kind == LayersOf.Name ? Layers : Block, arguments.Prepend(TextNode.OfName(nested)))
                : attribute.Type == AttributeDeclaration.BuiltInType(attribute.Kind) ? ClassText.List(attribute.Kind, arguments)
                : ClassText.List(Operator, arguments.Prepend(TextNode.OfName(attribute.Type)));
        }
    }

    private static TextNode Write(AttributeArgument argument)
    {
        string label = argument.Name + (argument.IsDefault ? DefaultMark : "");
        return argument.Value is ConstantExpression expression
            ? ExpressionText.Write(expression, label) : ExpressionText.WriteValue(argument.Value, label);
    }

    /// <summary>Reads what <see cref="Write(DeclaredBlock)"/> writes.</summary>
    /// <param name="key">The block's key.</param>
    /// <param name="problem">What is wrong with the text; empty if it was read.</param>
    public static DeclaredBlock? TryRead(string key, string text, out string problem) =>
        ClassText.TryRead(text, nodes => Read(key, nodes), out problem);

    private static DeclaredBlock Read(string key, IReadOnlyList<TextNode> nodes)
    {
        var constants = new List<BlockConstant>();
        var defaults = new List<ParameterDefault>();
        var attributes = new List<AttributeDeclaration>();
        int? ownCount = null;
        foreach (TextNode node in nodes.WithCancellation())
        {
            if (ClassText.TryRead(node, constants, defaults))
            {
                continue;
            }

            TextNode[] items = [.. node.Items.Skip(1)];
            string head = node.Items.Count > 0 && node.Items[0].Name is { } word
                ? word : throw new TextFormException($"{node} has no name");
            string? name = items.Length > 0 ? items[0].Name : null;
            switch (head)
            {
                case Block when name is not null:
                    attributes.Add(new AttributeDeclaration(ClassKey.NameOf(name), Arguments(items.Skip(1)), name));
                    break;
                case Layers when name is not null:
                    attributes.Add(new AttributeDeclaration(
                        AttributeDeclaration.BuiltInType(LayersOf.Name), Arguments(items.Skip(1)), name));
                    break;
                case Operator when name is not null:
                    attributes.Add(new AttributeDeclaration(name, Arguments(items.Skip(1))));
                    break;
                case Parts when items.Length == 0:
                    ownCount ??= attributes.Count;
                    break;
                case ClassText.Constant or ClassText.Constructor or Block or Layers or Operator or Parts:
                    throw new TextFormException($"{node} has other items than a {head}");
                default:
                    attributes.Add(new AttributeDeclaration(AttributeDeclaration.BuiltInType(head), Arguments(items)));
                    break;
            }
        }

        var block = new BlockDeclaration(
            key, IsCompiled: false, constants.ToEquatableArray(), attributes.ToEquatableArray(), ownCount ?? attributes.Count);
        return new DeclaredBlock(block, defaults.ToEquatableArray());
    }

    private static EquatableArray<AttributeArgument> Arguments(IEnumerable<TextNode> nodes) => nodes.Select(node =>
    {
        string label = ClassText.LabelOf(node);
        bool isDefault = label.EndsWith(DefaultMark, StringComparison.Ordinal);
        ConstantExpression value = ExpressionText.Read(node);
        return new AttributeArgument(
            isDefault ? label.Substring(0, label.Length - DefaultMark.Length) : label,
            value is ConstantValue constant ? constant.Value : value, isDefault);
    }).ToEquatableArray();
}
