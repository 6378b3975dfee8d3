using Strata.Generator.Diagnostics;

namespace Strata.Generator.Declarations;

/// <summary>What an item of a graph was made from: where its problems stand, and how messages call it.</summary>
/// <param name="Kind">The operator's name: <c>Conv2D</c>.</param>
/// <param name="Label">How messages call it: <c>Conv2D 'conv1'</c>.</param>
internal record Source(Site Site, string Kind, string Label);

/// <summary>What a layer was made from.</summary>
/// <param name="Name">PyTorch's key: <c>layer1.0.conv1</c>.</param>
/// <param name="Identifier">The same as a C# identifier: <c>Layer1_0_Conv1</c>.</param>
internal sealed record LayerSource(Site Site, string Kind, string Label, string Name, string Identifier) : Source(Site, Kind, Label)
{
    /// <summary>A layer that code adds, and no attribute stands for.</summary>
    public static LayerSource Of(string kind, string name) =>
        new(Site.Class, kind, $"{kind} '{name}'", name, LayerNames.Identifier(name, out _) ?? kind);

    /// <summary>The arguments as one would write them, for comments in the generated code: <c>64, 3, Stride = 2</c>.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>Whether the author chose the name, so that other layers may refer to it.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Whether it reads tensors by their names, and not those before it.</summary>
    public bool NamesInputs { get; init; }

    /// <summary>Whether its parameters keep their values in training.</summary>
    public bool IsFrozen { get; init; }
}
