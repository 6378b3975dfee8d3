using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>How an argument is written.</summary>
internal enum SlotForm
{
    /// <summary>By its place: <c>64</c>.</summary>
    Positional,

    /// <summary>As a parameter of a constructor that may be left out: <c>stride: 2</c>.</summary>
    Optional,

    /// <summary>As a property: <c>Stride = 2</c>.</summary>
    Property,
}

/// <summary>An argument, also where it is left out.</summary>
/// <param name="Name">The parameter or the property.</param>
/// <param name="Role">How a block's parameter with this value is called.</param>
/// <param name="Form">How it is written.</param>
/// <param name="Value">Its value.</param>
internal sealed record Slot(string Name, string Role, SlotForm Form, object Value)
{
    /// <summary>Properties of convolutions that uses of one block may leave out.</summary>
    private static readonly string[] Optional = ["Stride", "Padding", "Dilation", "Groups", "Bias"];

    /// <summary>A value for which the argument is left out; null if it is never left out.</summary>
    public object? Default { get; init; }

    /// <summary>The arguments of a layer. Those of convolutions that have defaults are there in any case.</summary>
    public static IReadOnlyList<Slot> ReadAll(Layer layer)
    {
        List<Slot> slots = [];
        int place = 0;
        foreach (LayerArgument argument in layer.Arguments)
        {
            string name = argument.Name ?? LayerWords.PositionalName(layer.Kind, place++);
            slots.Add(new Slot(
                name, char.ToLowerInvariant(name[0]) + name[1..], argument.Name is null ? SlotForm.Positional : SlotForm.Property,
                argument.Value));
        }

        foreach (string name in LayerWords.StemOf(layer.Kind) is "conv" or "dense" ? Optional : [])
        {
            if (LayerWords.DefaultOf(layer.Kind, name) is not { } value)
            {
                continue;
            }

            int index = slots.FindIndex(slot => slot.Name == name);
            if (index >= 0)
            {
                slots[index] = slots[index] with { Default = value };
            }
            else if (name != "Padding" || !slots.Exists(IsPadding))
            {
                slots.Add(new Slot(name, char.ToLowerInvariant(name[0]) + name[1..], SlotForm.Property, value) { Default = value });
            }
        }

        return
        [
            .. slots.TakeWhile(slot => slot.Form == SlotForm.Positional),
            .. slots.SkipWhile(slot => slot.Form == SlotForm.Positional)
                .OrderBy(slot => LayerWords.PlaceOf(layer.Kind, slot.Name)),
        ];
    }

    private static bool IsPadding(Slot slot) => slot.Name == "AutoPad" || slot.Name.StartsWith("Padding", StringComparison.Ordinal);

    /// <summary>The argument as it is written.</summary>
    /// <param name="text">The value or an expression; null to leave it out.</param>
    public string Write(string text) => Form switch
    {
        SlotForm.Positional => text,
        SlotForm.Optional => $"{Name}: {text}",
        _ => $"{Name} = {text}",
    };

    /// <summary>The value as a literal; null where it is left out.</summary>
    public string? Literal => Value.Equals(Default) ? null : Numerals.Format(Value);
}
