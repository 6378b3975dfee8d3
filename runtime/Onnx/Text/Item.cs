using System.Collections.Generic;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>An attribute of a class.</summary>
internal abstract class Item;

/// <summary>Begins a branch.</summary>
internal sealed class BranchItem : Item;

/// <summary>Numbers what follows as the modules of a sequence.</summary>
internal sealed class SequentialItem(string name) : Item
{
    public string Name { get; } = name;
}

/// <summary>An input of the network.</summary>
internal sealed class InputItem(InputTensor tensor) : Item
{
    public InputTensor Tensor { get; } = tensor;

    /// <summary>Its name; empty for the only input.</summary>
    public string Name { get; set; } = "";
}

/// <summary>Further sizes of the input.</summary>
internal sealed class SizesItem(SizeProduct sizes) : Item
{
    public SizeProduct Sizes { get; } = sizes;
}

/// <summary>An output of the network.</summary>
internal sealed class OutputItem(string name, LayerTensor tensor) : Item
{
    /// <summary>Its name; empty for the only output.</summary>
    public string Name { get; set; } = name;

    public LayerTensor Tensor { get; } = tensor;

    /// <summary>Whether it names the tensor. Otherwise it is the tensor before.</summary>
    public bool WritesFrom { get; init; }
}

/// <summary>A loss at the end.</summary>
internal sealed class LossItem(string kind, LayerTensor? from) : Item
{
    public string Kind { get; } = kind;

    /// <summary>What it reads; null for the tensor before.</summary>
    public LayerTensor? From { get; } = from;
}

/// <summary>A layer or a block.</summary>
internal sealed class UnitItem(Unit unit) : Item
{
    public Unit Unit { get; } = unit;

    /// <summary>What it reads if that is not the tensor before.</summary>
    public LayerTensor? From { get; init; }

    /// <summary>The tensors that a join names; empty if it joins branches.</summary>
    public IReadOnlyList<LayerTensor> Joined { get; init; } = [];

    /// <summary>Whether it closes a group of branches.</summary>
    public bool ClosesGroup => Unit.IsJoin && Joined.Count == 0;

    /// <summary>Its name in its scope.</summary>
    public string Name { get; set; } = "";

    /// <summary>Whether the attribute says its name.</summary>
    public bool WritesName { get; set; }

    /// <summary>How often a block follows itself.</summary>
    public int Repeat { get; set; } = 1;
}
