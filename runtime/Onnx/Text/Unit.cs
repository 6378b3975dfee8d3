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
    public abstract bool IsJoin { get; }

    /// <summary>The whole name that its parameters' keys want; empty if they want none.</summary>
    public abstract string Wanted { get; }

    /// <summary>Where it stood in the module that was exported; empty if that is not known.</summary>
    public abstract string Path { get; }
}

/// <summary>A layer.</summary>
internal sealed class LayerUnit(Layer layer) : Unit(layer.Inputs, layer)
{
    public Layer Layer { get; } = layer;

    public override string Kind => Layer.Kind;

    public override string Stem { get; } = LayerWords.StemOf(layer.Kind);

    public override bool IsJoin { get; } = LayerWords.IsJoin(layer);

    public override string Wanted { get; } = WantedBy(layer);

    public override string Path => Layer.Path;

    /// <summary>The name to which all keys of a layer lead. If they lead nowhere, its place in the module.</summary>
    private static string WantedBy(Layer layer)
    {
        if (layer.Parameters.Count == 0)
        {
            return "";
        }

        IEnumerable<string> names = layer.Parameters.Select(NameIn).Append(layer.Path);
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
