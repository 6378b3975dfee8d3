using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>Gives the layers of a scope their names: those of their keys where they can have them, default names otherwise.</summary>
internal sealed class ItemNames
{
    /// <summary>How a scope calls the tensor with which it begins.</summary>
    public const string Input = "input";

    private readonly HashSet<string> _taken;

    /// <summary>The next number of a name that several layers want.</summary>
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Func<string, bool> _isMember;
    private readonly Dictionary<LayerTensor, string> _names = new(ReferenceEqualityComparer.Instance);

    private ItemNames(IEnumerable<string> taken, Func<string, bool> isMember) =>
        (_taken, _isMember) = (new HashSet<string>(taken, StringComparer.Ordinal) { "Input" }, isMember);

    /// <summary>Names the layers, inputs and outputs of a network.</summary>
    /// <param name="stack">Its attributes.</param>
    /// <param name="className">The class, whose name no layer can have.</param>
    /// <returns>The name of each tensor.</returns>
    public static IReadOnlyDictionary<LayerTensor, string> OfNetwork(Stack stack, string className)
    {
        var names = new ItemNames([className], LayerNames.IsMemberOfNetworks);
        names.NameEnds(stack.Items);
        names.NameUnits(stack, "", alwaysWrites: false);
        return names._names;
    }

    /// <summary>Names the layers of a block.</summary>
    /// <param name="stack">Its attributes.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="prefix">What all names that keys want begin with, and the block's name says.</param>
    /// <param name="alwaysWrites">Whether names are written that equal the default.</param>
    public static IReadOnlyDictionary<LayerTensor, string> OfBlock(Stack stack, LayerTensor input, string prefix, bool alwaysWrites)
    {
        var names = new ItemNames([], LayerNames.IsMemberOfObjects);
        names._names.Add(input, Input);
        names.NameUnits(stack, prefix, alwaysWrites);
        return names._names;
    }

    private void NameEnds(IReadOnlyList<Item> items)
    {
        var parameters = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        InputItem[] inputs = [.. items.OfType<InputItem>()];
        OutputItem[] outputs = [.. items.OfType<OutputItem>()];
        foreach (InputItem input in inputs)
        {
            input.Name = inputs.Length == 1 ? "" : Distinct(LayerNames.ValidParameter(input.Tensor.Name) ?? Input);
            _taken.UnionWith(input.Name.Length > 0 ? [LayerNames.Identifier(input.Name)!] : []);
            _names.Add(input.Tensor, inputs.Length == 1 ? Input : input.Name);
        }

        foreach (OutputItem output in outputs)
        {
            output.Name = outputs.Length == 1 ? "" : Distinct(LayerNames.ValidParameter(output.Name) ?? "output");
        }

        string Distinct(string name)
        {
            string free = name;
            for (int i = 2; !parameters.Add(free) || MembersOf(free).Any(member => _taken.Contains(member) || _isMember(member)); i++)
            {
                free = Numbered(name, i);
            }

            _taken.UnionWith(MembersOf(free));
            return free;
        }

        static string[] MembersOf(string name) => [LayerNames.Identifier(name) + "Length", LayerNames.Identifier(name) + "Shape"];
    }

    private void NameUnits(Stack stack, string prefix, bool alwaysWrites)
    {
        UnitItem[] units = [.. stack.Items.OfType<UnitItem>()];
        foreach (UnitItem item in units)
        {
            string wanted = item.Unit.Wanted.StartsWith(prefix, StringComparison.Ordinal) ? item.Unit.Wanted[prefix.Length..] : "";
            if (wanted.Length > 0)
            {
                item.Name = Free(wanted);
            }
        }

        foreach (UnitItem item in units.Where(item => item.Name.Length == 0 && stack.Named.Contains(item.Unit.Output)))
        {
            string path = item.Unit.Path;
            string relative = LayerNames.IsModule(path) && path.StartsWith(prefix, StringComparison.Ordinal)
                ? LayerNames.Valid(path[prefix.Length..]) ?? "" : "";
            item.Name = relative.Length > 0 && IsFree(relative) ? Free(relative) : "";
        }

        ScopeNames defaults = new(), plain = new();
        foreach (Item item in stack.Items)
        {
            if (item is SequentialItem sequential)
            {
                defaults.Begin(sequential.Name);
            }
            else if (item is UnitItem unit)
            {
                string name = unit.Unit is ShortcutUnit
                    ? defaults.NextWithoutFirst(unit.Unit.Stem) : defaults.Next(unit.Unit.Stem, unit.Unit.IsModule);
                string number = plain.Next(unit.Unit.Stem, isModule: false);
                unit.Name = unit.Name.Length > 0 ? unit.Name
                    : stack.Named.Contains(unit.Unit.Output) && IsFree(number) ? Free(number) : Free(name);
                unit.WritesName = unit.Name != name || stack.Named.Contains(unit.Unit.Output)
                    || (alwaysWrites && unit.Unit.Wanted.Length > 0);
                _names[unit.Unit.Output] = unit.Name;
            }
        }
    }

    /// <summary>A name with a number. That of a numbered module, such as 3, gives _3_2: 3_2 would be no name.</summary>
    private static string Numbered(string name, int number)
    {
        string numbered = name + (char.IsAsciiDigit(name[^1]) ? "_" : "") + number.ToString(CultureInfo.InvariantCulture);
        return LayerNames.Identifier(numbered) is null ? "_" + numbered : numbered;
    }

    private bool IsFree(string name) =>
        LayerNames.Identifier(name) is { } identifier && !_taken.Contains(identifier) && !_isMember(identifier);

    /// <summary>A name, with a number if it is taken.</summary>
    private string Free(string name)
    {
        string free = name;
        int number = _numbers.GetValueOrDefault(name, 2);
        for (; !IsFree(free); number++)
        {
            free = Numbered(name, number);
        }

        _numbers[name] = number;
        _taken.Add(LayerNames.Identifier(free)!);
        return free;
    }
}
