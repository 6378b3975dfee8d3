using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>What a residual block's shortcut is.</summary>
internal enum ShortcutKind
{
    None,
    Identity,
    Projection,
}

/// <summary>Layers that read one tensor from outside, and of which one tensor is read outside: they can become a block.</summary>
/// <param name="path">The module that holds them; empty if they were found by their wiring.</param>
/// <param name="layers">All layers, also those of regions inside.</param>
/// <param name="input">What they read.</param>
/// <param name="output">What is read of them.</param>
internal sealed class Region(string path, IReadOnlyList<Unit> layers, LayerTensor input, LayerTensor output)
{
    public string Path { get; } = path;

    public IReadOnlyList<Unit> Layers { get; } = layers;

    public LayerTensor Input { get; } = input;

    public LayerTensor Output { get; } = output;

    /// <summary>The regions directly inside.</summary>
    public List<Region> Children { get; } = [];

    /// <summary>Whether parameters inside have names that begin with the path.</summary>
    public bool HasNames { get; } = layers.Any(unit => unit.Wanted.Length > 0);

    /// <summary>What the names inside begin with.</summary>
    public string Prefix => HasNames && Path.Length > 0 ? Path + "." : "";

    /// <summary>Whether the region has to be a block, because it stands in a branch and has branches itself.</summary>
    public bool IsForced { get; set; }

    /// <summary>Its attributes, in order, when blocks inside are known.</summary>
    public IReadOnlyList<Unit> Units { get; set; } = [];

    /// <summary>The class, if it became a block.</summary>
    public BlockUnit? Block { get; set; }

    /// <summary>What its shortcut is, if it is written as one.</summary>
    public ShortcutKind Shortcut { get; set; }

    /// <summary>How often blocks are inside one another.</summary>
    public int Height { get; set; }
}
