using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>Writes attributes in lines, as a person breaks them: a convolution with what follows it, a branch, a block.</summary>
internal sealed class StackPrinter
{
    public const int LineLength = 140;

    /// <summary>The most characters of a branch in one line.</summary>
    private const int BranchLength = 110;

    private const string Branch = "Branch", Sequential = "Sequential", Indent = "    ", BranchIndent = "         ";

    private readonly IReadOnlyDictionary<LayerTensor, string> _names;
    private readonly BlockClass? _block;
    private readonly IReadOnlyDictionary<Layer, Layer>? _owners;
    private readonly List<string> _lines = [];

    /// <summary>The groups of attributes of the current brackets; each may begin a line.</summary>
    private readonly List<List<Part>> _open = [];
    private Role _last;
    private UnitItem? _before;
    private bool _isBranch;

    /// <summary>Whether what is added next stands in the line of the sequence before it.</summary>
    private bool _begins;

    private StackPrinter(
        IReadOnlyDictionary<LayerTensor, string> names, BlockClass? block, IReadOnlyDictionary<Layer, Layer>? owners) =>
        (_names, _block, _owners) = (names, block, owners);

    /// <summary>An attribute as it is written, and its kind.</summary>
    private readonly record struct Part(string Text, string Kind);

    /// <summary>What an attribute is, for the place where lines break.</summary>
    private enum Role
    {
        None,
        Window,
        Norm,
        Activation,
        Dropout,
        Pooling,
        Flat,
        Join,
        Block,
        Other,
    }

    /// <summary>The lines of a stack of attributes.</summary>
    /// <param name="items">The attributes.</param>
    /// <param name="names">The names of tensors.</param>
    /// <param name="block">The block on which they stand; null for the network.</param>
    /// <param name="owners">The layers that use the parameters of another one.</param>
    public static IReadOnlyList<string> Print(
        IReadOnlyList<Item> items, IReadOnlyDictionary<LayerTensor, string> names, BlockClass? block = null,
        IReadOnlyDictionary<Layer, Layer>? owners = null)
    {
        var printer = new StackPrinter(names, block, owners);
        foreach (Item item in items)
        {
            printer.Add(item);
        }

        printer.Close();
        return printer._lines;
    }

    private void Add(Item item)
    {
        switch (item)
        {
            case BranchItem:
                Close();
                _isBranch = true;
                _open.Add([new(Branch, Branch)]);
                break;

            case SequentialItem sequential:
                string text = sequential.Name.Length > 0 ? $"{Sequential}({Numerals.Quoted(sequential.Name)})" : Sequential;
                if (_isBranch && _open is [[{ Kind: Branch }]])
                {
                    _open[0].Add(new(text, Sequential));
                }
                else if (_isBranch)
                {
                    _open.Add([new(text, Sequential)]);
                    _begins = true;
                }
                else
                {
                    AddAlone(text);
                }

                break;

            case SizesItem { Sizes: var sizes }:
                AddAlone($"Sizes({string.Join(", ", sizes.Arguments.Select(one => $"{one.Name} = {Numerals.Format(one.Extents)}"))})");
                break;

            case InputItem input:
                AddAlone($"Input({string.Join(", ", input.Tensor.Shape.Select(Numerals.Format))}{Named(input.Name)})");
                break;

            case OutputItem output:
                AddAlone(Output(output));
                break;

            case LossItem loss:
                AddAlone(loss.From is null ? loss.Kind : $"{loss.Kind}(From = {Numerals.Quoted(_names[loss.From])})");
                break;

            default:
                AddUnit((UnitItem)item);
                break;
        }
    }

    private static string Named(string name) => name.Length == 0 ? "" : $", Name = {Numerals.Quoted(name)}";

    private string Output(OutputItem output)
    {
        string from = output.WritesFrom ? $"From = {Numerals.Quoted(_names[output.Tensor])}" : "";
        return output.Name.Length == 0 ? $"Output({from})"
            : $"Output({Numerals.Quoted(output.Name)}{(from.Length > 0 ? ", " : "")}{from})";
    }

    private void AddAlone(string text)
    {
        Close();
        _open.Add([new(text, "")]);
        Close();
    }

    private void AddUnit(UnitItem item)
    {
        Role role = RoleOf(item.Unit);
        if (item.ClosesGroup)
        {
            Close();
        }

        bool goesOn = !BeginsLine(item, role) || IsSameStage(item, role);
        string text = TextOf(item);
        if (!_isBranch && (!goesOn || _open[^1].Sum(part => part.Text.Length + 2) + text.Length + 2 > LineLength))
        {
            Close();
            goesOn = false;
        }

        bool begins = _begins || (_isBranch && _open is [[{ Kind: Branch }, ..]] && _last == Role.None);
        if (_open.Count == 0 || (!goesOn && !begins))
        {
            _open.Add([]);
        }

        _open[^1].Add(new(text, item.Unit.Kind));
        _begins = false;
        (_last, _before) = (role, item);
    }

    /// <summary>Whether a block goes on in the line of the block before: the rest of a stage, in which no extents change.</summary>
    private bool IsSameStage(UnitItem item, Role role) => role == Role.Block && _last == Role.Block && !_isBranch && item.From is null
        && _open[0].Count == 1 && _before!.Repeat == 1 && StageOf(item) == StageOf(_before)
        && _before.Unit.Output.Shape.SequenceEqual(item.Unit.Output.Shape)
        && (item.Unit.Kind == _before.Unit.Kind ? HasOption(_before.Unit) && !HasOption(item.Unit)
            : item.Unit.Kind.StartsWith(_before.Unit.Kind, StringComparison.Ordinal)
                || _before.Unit.Kind.EndsWith(item.Unit.Kind, StringComparison.Ordinal));

    /// <summary>Whether a block says what could be left out, such as a stride.</summary>
    private bool HasOption(Unit unit) =>
        unit.Slots.Zip(TextsOf(unit)).Any(pair => pair.First.Form == SlotForm.Optional && pair.Second is not null);

    private static string StageOf(UnitItem item) => item.WritesName ? item.Name.TrimEnd("0123456789".ToCharArray()) : "";

    /// <summary>Whether an attribute stands at the beginning of a line.</summary>
    private bool BeginsLine(UnitItem item, Role role) => _last == Role.None || item.From is not null || role switch
    {
        Role.Window => !IsPreactivation,
        Role.Join => item.ClosesGroup || _last is not Role.Window
            || !_before!.Unit.Kind.StartsWith("ConvTranspose", StringComparison.Ordinal),
        Role.Norm => _last is not (Role.Window or Role.Join),
        Role.Flat => _last is not Role.Flat,
        Role.Block => true,
        _ => false,
    };

    /// <summary>Whether the line has a norm and an activation, in front of the convolution to come.</summary>
    private bool IsPreactivation => _last is Role.Norm or Role.Activation
        && _open[^1].SkipWhile(part => part.Kind == Branch).Take(3).ToArray() is [var norm, ..] parts
        && parts.Length <= 2 && LayerWords.IsNorm(norm.Kind);

    private static Role RoleOf(Unit unit) => unit switch
    {
        { IsJoin: true } => Role.Join,
        not LayerUnit => Role.Block,
        { Stem: "conv" or "dense" } => Role.Window,
        _ when LayerWords.IsNorm(unit.Kind) => Role.Norm,
        { Stem: "dropout" } => Role.Dropout,
        { Kind: "Flatten" or "Reshape" or "Mean" } => Role.Flat,
        { Stem: "pool" } => unit.Kind.StartsWith("Adaptive", StringComparison.Ordinal)
            || unit.Kind.StartsWith("Global", StringComparison.Ordinal) ? Role.Flat : Role.Pooling,
        { Stem: "pad" or "upsample" or "unpool" } => Role.Other,
        _ => Role.Activation,
    };

    private string TextOf(UnitItem item)
    {
        var arguments = new List<string>();
        if (item.Joined.Count > 0)
        {
            arguments.AddRange(item.Joined.Select(tensor => Numerals.Quoted(_names[tensor])));
        }

        if (item.Unit is LayerUnit { Layer: { Inputs.Count: > 1 } layer } && LayerWords.ReadsPartner(layer))
        {
            arguments.Add(Numerals.Quoted(_names[layer.Inputs[1]]));
        }

        IReadOnlyList<string?> texts = TextsOf(item.Unit);
        arguments.AddRange(item.Unit.Slots.Zip(texts).Where(pair => pair.Second is not null)
            .Select(pair => pair.First.Write(pair.Second!)));
        if (item.Unit is LayerUnit unit && _owners?.TryGetValue(unit.Layer, out Layer? owner) == true)
        {
            arguments.Add($"Weights = {Numerals.Quoted(_names[owner])}");
        }

        if (item.Unit is LayerUnit { Layer.TiedTo: { } tied })
        {
            arguments.Add($"Tied = {Numerals.Quoted(_names[tied])}");
        }

        if (item.WritesName)
        {
            arguments.Add($"Name = {NameOf(item)}");
        }

        if (item.Repeat > 1)
        {
            arguments.Add($"Repeat = {Numerals.Format(item.Repeat)}");
        }

        if (item.From is not null)
        {
            arguments.Add($"From = {Numerals.Quoted(_names[item.From])}");
        }

        return arguments.Count == 0 ? item.Unit.Kind : $"{item.Unit.Kind}({string.Join(", ", arguments)})";
    }

    /// <summary>The texts of arguments: values, or formulas of a block's parameters.</summary>
    private IReadOnlyList<string?> TextsOf(Unit unit) => Repeats.TextsOf(unit, _block);

    private string NameOf(UnitItem item) =>
        _block is { HasStem: true } && item.Unit.Wanted.Length > 0 && item.Name.StartsWith(_block.ModelStem, StringComparison.Ordinal)
            ? $"Stem + {Numerals.Quoted(item.Name[_block.ModelStem.Length..])}" : Numerals.Quoted(item.Name);

    /// <summary>Writes the open brackets.</summary>
    private void Close()
    {
        if (_open.Count > 0)
        {
            if (_isBranch && _open.Sum(group => group.Sum(part => part.Text.Length + 2)) <= BranchLength)
            {
                _lines.Add($"[{string.Join(", ", _open.SelectMany(group => group).Select(part => part.Text))}]");
                (_isBranch, _last) = (false, Role.None);
                _open.Clear();
                return;
            }

            var line = new StringBuilder("[");
            for (int i = 0; i < _open.Count; i++)
            {
                for (int j = 0; j < _open[i].Count; j++)
                {
                    Append(line, _open[i][j].Text + (j + 1 < _open[i].Count || i + 1 < _open.Count ? "," : "]"), isNext: j > 0);
                }
            }

            _lines.Add(line.ToString());
        }

        _open.Clear();
        (_isBranch, _last) = (false, Role.None);
    }

    /// <summary>Appends an attribute to a line, or to a new one. If it is too long for any line, it is broken behind commas.</summary>
    /// <param name="line">The line, which begins with a bracket or with spaces.</param>
    /// <param name="text">The attribute and what follows it.</param>
    /// <param name="isNext">Whether it may stand in the line of what is before it.</param>
    private void Append(StringBuilder line, string text, bool isNext)
    {
        bool isFirst = line.Length == 1;
        if (!isFirst && (!isNext || line.Length + 1 + text.Length > LineLength))
        {
            Break();
        }
        else if (!isFirst)
        {
            line.Append(' ');
        }

        while (line.Length + text.Length > LineLength && Comma(text, LineLength - line.Length) is { } comma)
        {
            line.Append(text.AsSpan(0, comma + 1));
            text = text[(comma + 2)..];
            Break();
        }

        line.Append(text);

        void Break()
        {
            _lines.Add(line.ToString());
            line.Clear().Append(_isBranch ? BranchIndent : Indent);
        }
    }

    /// <summary>The last comma between two arguments before a place, or else the first one.</summary>
    private static int? Comma(string text, int place)
    {
        int? found = null;
        bool isQuoted = false;
        for (int i = 0; i + 1 < text.Length; i++)
        {
            isQuoted ^= text[i] == '"' && (i == 0 || text[i - 1] != '\\');
            if (text[i] == ',' && text[i + 1] == ' ' && !isQuoted)
            {
                if (i >= place)
                {
                    return found ?? i;
                }

                found = i;
            }
        }

        return found;
    }
}
