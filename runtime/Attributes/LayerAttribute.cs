using System;

namespace Strata;

/// <summary>
/// A layer of a network. Layers stand on a class with <see cref="NetworkAttribute"/>, or on a block, and are computed in source
/// order.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class LayerAttribute : Attribute
{
    private protected LayerAttribute()
    {
    }

    /// <summary>
    /// The layer's name: the prefix of its parameters' keys, as in PyTorch's state_dict (<c>conv1</c> gives <c>conv1.weight</c>).
    /// Dots and digits are allowed; the property of the network is derived from it (<c>layer2.1</c> gives <c>Layer2_1</c>).
    /// Inside a block it stands behind the block's name.
    /// By default layers are numbered by kind, in source order: <c>conv1</c>, <c>conv2</c>, <c>dense1</c>; behind
    /// <see cref="SequentialAttribute"/> they are numbered as modules of <c>nn.Sequential</c>. A layer with a name of its own counts
    /// too, so that naming one layer renames no other.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>
    /// Name of the tensor that the layer reads, instead of the one before it: that of a layer, block or input further up, or
    /// <c>"input"</c> for what the network, or the block around the layer, begins with.
    /// </summary>
    public string? From { get; set; }

    /// <summary>
    /// Whether the layer keeps its parameters in training: no gradient is computed for them, and batch norm uses its running
    /// statistics. False by default; <see cref="NetworkAttribute.FreezeUntil"/> freezes all layers up to one.
    /// </summary>
    public bool Frozen { get; set; }
}
