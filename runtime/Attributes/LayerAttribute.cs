using System;

namespace Strata;

/// <summary>
/// A layer of a network. Layers stand on a class with <see cref="NetworkAttribute"/> and are computed in source order.
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
    /// By default layers are numbered by kind, in source order: <c>conv1</c>, <c>conv2</c>, <c>dense1</c>. A layer with a name of its
    /// own counts too, so that naming one layer renames no other.
    /// </summary>
    public string? Name { get; set; }
}
