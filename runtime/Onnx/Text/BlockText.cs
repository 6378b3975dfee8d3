using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>The text of a block's class.</summary>
internal sealed class BlockText
{
    private readonly Stack _stack;
    private readonly IReadOnlyDictionary<LayerTensor, string> _names;

    public BlockText(BlockClass block)
    {
        Class = block;
        Region model = block.Model;
        _stack = Stack.OfBlock(new UnitGraph(model.Units, [], [model.Output]), model.Input);
        if (!block.HasStem)
        {
            Sequences.Insert(_stack.Items, model.Prefix);
        }

        _names = ItemNames.OfBlock(_stack, model.Input, model.Prefix, block.HasStem);
    }

    public BlockClass Class { get; }

    /// <summary>The units of one use, with their names inside the block.</summary>
    public IEnumerable<(Unit Unit, string Name)> NamesOf(BlockUnit use)
    {
        string stem = Class.ModelStem, own = Class.Stems[Index(Class.Uses, use.Region)];
        foreach (UnitItem item in _stack.Items.OfType<UnitItem>())
        {
            Unit unit = use.Region.Units[Index(Class.Model.Units, item.Unit)];
            bool hasStem = Class.HasStem && item.Unit.Wanted.Length > 0 && item.Name.StartsWith(stem, StringComparison.Ordinal);
            yield return (unit, hasStem ? own + item.Name[stem.Length..] : item.Name);
        }
    }

    /// <summary>Appends the class.</summary>
    public void Append(StringBuilder source)
    {
        source.Append("/// <summary>").Append(Class.Summary).Append("</summary>\n");
        foreach (string line in StackPrinter.Print(Repeats.In(_stack.Items, _stack.Named, Class), _names, Class))
        {
            source.Append(line).Append('\n');
        }

        string attribute = Class.Name + "Attribute";
        source.Append("internal sealed class ").Append(attribute).Append(" : BlockAttribute");
        if (Class.Parameters.Count == 0)
        {
            source.Append(";\n");
            return;
        }

        source.Append("\n{\n");
        foreach (IGrouping<string, BlockParameter> type in Class.Parameters.GroupBy(parameter => parameter.Type))
        {
            source.Append("    private const ").Append(type.Key).Append(' ')
                .AppendJoin(
                    ", ", type.Select(parameter => $"{parameter.Name} = {Numerals.Format(parameter.Default ?? parameter.Values[0])}"))
                .Append(";\n");
        }

        source.Append("    public ").Append(attribute).Append('(')
            .AppendJoin(", ", Class.Parameters.Select(parameter =>
                $"{parameter.Type} {parameter.ParameterName}{(parameter.Default is null ? "" : " = " + parameter.Name)}"))
            .Append(") { }\n}\n");
    }

    private static int Index<T>(IReadOnlyList<T> list, T item)
        where T : class
    {
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i] == item)
            {
                return i;
            }
        }

        throw new InvalidOperationException();
    }
}
