using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Text;

/// <summary>A block: a class with layers, and its uses.</summary>
internal sealed class BlockClass
{
    /// <param name="name">The attribute's name without its suffix.</param>
    /// <param name="summary">What it is, in a sentence.</param>
    /// <param name="uses">The layers of each use. Their units correspond.</param>
    /// <param name="arguments">The arguments, of which some are parameters.</param>
    public BlockClass(string name, string summary, IReadOnlyList<Region> uses, BlockArguments arguments)
    {
        (Name, Summary, Uses) = (name, summary, uses);
        Model = uses.FirstOrDefault(use => use.Shortcut == ShortcutKind.Projection) ?? uses[0];
        ModelStem = Signature.StemOf(Model.Units, Model.Prefix);
        (Stems, Parameters, Texts) = (arguments.Stems, arguments.Parameters, arguments.Texts);
        for (int i = 0; i < uses.Count; i++)
        {
            uses[i].Block = new BlockUnit(uses[i], this, i);
        }
    }

    public string Name { get; set; }

    public string Summary { get; }

    public IReadOnlyList<Region> Uses { get; }

    /// <summary>The use after which the text is written: a projection says the name of a shortcut.</summary>
    public Region Model { get; }

    /// <summary>What the names in the model begin with.</summary>
    public string ModelStem { get; }

    /// <summary>What the names inside begin with at each use.</summary>
    public IReadOnlyList<string> Stems { get; }

    /// <summary>Whether names differ in their beginning, which is a parameter then.</summary>
    public bool HasStem => Stems.Distinct().Count() > 1;

    public IReadOnlyList<BlockParameter> Parameters { get; }

    /// <summary>The text of each argument of each unit; null where it is left out.</summary>
    public IReadOnlyList<IReadOnlyList<string?>> Texts { get; }
}

/// <summary>A parameter of a block.</summary>
/// <param name="Name">Its constant: <c>Filters</c>.</param>
/// <param name="Values">Its value at each use.</param>
/// <param name="Default">The value that may be left out; null if there is none.</param>
internal sealed record BlockParameter(string Name, IReadOnlyList<object> Values, object? Default)
{
    /// <summary>The constructor's parameter: <c>filters</c>.</summary>
    public string ParameterName
    {
        get
        {
            string name = char.ToLowerInvariant(Name[0]) + Name[1..];
            return LayerNames.IsKeyword(name) ? "@" + name : name;
        }
    }

    /// <summary>The type in C#.</summary>
    public string Type => Values[0] switch { int => "int", double => "double", bool => "bool", _ => "string" };

    /// <summary>The argument of one use.</summary>
    public Slot SlotOf(int use) => Default is null
        ? new Slot(ParameterName, ParameterName, SlotForm.Positional, Values[use])
        : new Slot(ParameterName, ParameterName, SlotForm.Optional, Values[use]) { Default = Default };
}
