using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>An attribute that computes a tensor.</summary>
/// <param name="inputs">What it reads.</param>
/// <param name="output">What it computes.</param>
internal abstract class Unit(IReadOnlyList<LayerTensor> inputs, LayerTensor output)
{
    public IReadOnlyList<LayerTensor> Inputs { get; } = inputs;

    public LayerTensor Output { get; } = output;

    /// <summary>The attribute's name without its suffix.</summary>
    public abstract string Kind { get; }

    /// <summary>Its default name without a number.</summary>
    public abstract string Stem { get; }

    /// <summary>Whether it reads the ends of branches, or tensors that it names.</summary>
    public virtual bool IsJoin => false;

    /// <summary>Whether it takes a number of a sequence.</summary>
    public virtual bool IsModule => !IsJoin;

    /// <summary>The whole name that its parameters' keys want; empty if they want none.</summary>
    public abstract string Wanted { get; }

    /// <summary>Where it stood in the module that was exported; empty if that is not known.</summary>
    public virtual string Path => "";

    /// <summary>Its arguments.</summary>
    public abstract IReadOnlyList<Slot> Slots { get; }

    /// <summary>The layers that it stands for.</summary>
    public abstract IEnumerable<Layer> Layers { get; }
}

/// <summary>A layer.</summary>
/// <param name="layer">The layer.</param>
/// <param name="inputs">What it reads, if a unit stands for a layer that it reads.</param>
internal sealed class LayerUnit(Layer layer, IReadOnlyList<LayerTensor>? inputs = null) : Unit(inputs ?? layer.Inputs, layer)
{
    public Layer Layer { get; } = layer;

    public override string Kind => Layer.Kind;

    public override string Stem { get; } = LayerWords.StemOf(layer.Kind);

    public override bool IsJoin { get; } = LayerWords.IsJoin(layer);

    public override string Wanted { get; } = WantedBy(layer);

    public override string Path => Layer.TiedTo is null ? Layer.Path : "";

    public override IReadOnlyList<Slot> Slots { get; } = Slot.ReadAll(layer);

    public override IEnumerable<Layer> Layers => [Layer];

    /// <summary>The name to which all keys of a layer lead. If they lead nowhere, its place in the module.</summary>
    private static string WantedBy(Layer layer)
    {
        if (layer.Parameters.Count == 0)
        {
            return "";
        }

        bool isModule = LayerNames.IsModule(layer.Path) && layer.TiedTo is null;
        IEnumerable<string> names = layer.OwnParameters.Select(NameIn).Append(isModule ? layer.Path : "")
            .Where(name => name.Length <= LayerNames.MostLength);
        return names.FirstOrDefault(name => name.Length > 0 && LayerNames.Identifier(name) is not null)
            ?? names.Select(name => LayerNames.Valid(name)).FirstOrDefault(name => name is not null) ?? "";
    }

    /// <summary>The layer's name in the key of a parameter; empty if there is none.</summary>
    private static string NameIn(LayerParameter parameter)
    {
        string key = parameter.Key;
        if (parameter.Suffix.Length == 0)
        {
            return key.Contains("::", StringComparison.Ordinal) || key.All(char.IsAsciiDigit) ? "" : key;
        }

        return key.Length > parameter.Suffix.Length + 1 && key.EndsWith("." + parameter.Suffix, StringComparison.Ordinal)
            ? key[..^(parameter.Suffix.Length + 1)] : "";
    }
}

/// <summary>The shortcut of a residual block: the identity, or a convolution and a batch norm.</summary>
/// <param name="input">Where the branches begin.</param>
/// <param name="output">What stands for its output.</param>
/// <param name="convolution">The convolution; null for the identity.</param>
/// <param name="norm">The batch norm; null for the identity.</param>
internal sealed class ShortcutUnit(LayerTensor input, LayerTensor output, LayerUnit? convolution, LayerUnit? norm) : Unit([input], output)
{
    /// <summary>Its name where none is given.</summary>
    public const string DefaultName = "downsample";

    public LayerUnit? Convolution { get; } = convolution;

    public LayerUnit? Norm { get; } = norm;

    public override string Kind => "Shortcut";

    public override string Stem => DefaultName;

    public override bool IsModule => false;

    public override string Wanted { get; } = convolution is { Wanted.Length: > 2 } ? convolution.Wanted[..^2] : "";

    public override IReadOnlyList<Slot> Slots { get; } =
    [
        new Slot("filters", "filters", SlotForm.Positional, output.Shape[0]),
        new Slot("Stride", "stride", SlotForm.Property, convolution is null ? 1 : StrideOf(convolution.Layer)) { Default = 1 },
    ];

    public override IEnumerable<Layer> Layers => Convolution is null ? [] : [Convolution.Layer, Norm!.Layer];

    /// <summary>The stride of a convolution.</summary>
    public static int StrideOf(Layer convolution) =>
        convolution.Arguments.FirstOrDefault(argument => argument.Name == "Stride")?.Value as int? ?? 1;
}

/// <summary>A block in the place of the layers that it holds.</summary>
/// <param name="region">The layers.</param>
/// <param name="block">The class.</param>
/// <param name="instance">Which of the class's uses it is.</param>
internal sealed class BlockUnit(Region region, BlockClass block, int instance) : Unit([region.Input], region.Output)
{
    public Region Region { get; } = region;

    public BlockClass Block { get; } = block;

    public override string Kind => Block.Name;

    public override string Stem => char.ToLowerInvariant(Block.Name[0]) + Block.Name[1..];

    public override string Wanted => Region.HasNames ? Region.Path : "";

    public override string Path => Region.Path;

    public override IReadOnlyList<Slot> Slots { get; } = [.. block.Parameters.Select(parameter => parameter.SlotOf(instance))];

    public override IEnumerable<Layer> Layers => Region.Units.SelectMany(unit => unit.Layers);
}

/// <summary>A group of branches in the place of its layers, while groups around it are looked for.</summary>
/// <param name="input">Where its branches begin.</param>
/// <param name="output">What is read of it.</param>
/// <param name="region">The group as a region, if it is one.</param>
internal sealed class WholeUnit(LayerTensor input, LayerTensor output, Region? region) : Unit([input], output)
{
    public Region? Region { get; } = region;

    public override string Kind => "";

    public override string Stem => "";

    public override string Wanted => "";

    public override IReadOnlyList<Slot> Slots => [];

    public override IEnumerable<Layer> Layers => [];
}
