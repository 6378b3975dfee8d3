using System;

namespace Strata;

/// <summary>
/// The base class of layers. Layers stand on a class with <see cref="NetworkAttribute"/>, or on a block. They are computed in
/// source order.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public abstract class LayerAttribute : Attribute
{
    private protected LayerAttribute()
    {
    }

    /// <summary>
    /// The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The network has a property of this name: <c>layer2.1</c> gives <c>Layer2_1</c>. Dots and digits are allowed. Inside a
    /// block, the name follows the block's name.
    /// </para>
    /// <para>
    /// Without a name, layers are numbered by kind, in source order: <c>conv1</c>, <c>conv2</c>, <c>dense1</c>. After
    /// <see cref="SequentialAttribute"/> they are numbered as modules of <c>nn.Sequential</c>. Layers with names are counted
    /// too, so naming one layer renames no other.
    /// </para>
    /// </remarks>
    public string? Name { get; set; }

    /// <summary>
    /// Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor before
    /// it. <c>"input"</c> is the input of the network, or of the surrounding block.
    /// </summary>
    public string? From { get; set; }

    /// <summary>
    /// Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them, and batch
    /// norm uses its running statistics. <see cref="NetworkAttribute.FreezeUntil"/> freezes all layers before a given one.
    /// </summary>
    public bool Frozen { get; set; }

    /// <summary>
    /// Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is called twice does in
    /// PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.
    /// </summary>
    /// <remarks>
    /// Both must be of the same kind and have parameters of the same shapes; strides and padding may differ. A block's layers use the
    /// parameters of the other block's layers in the same order. <see cref="Frozen"/> stands at the layer that has the parameters.
    /// So does what says how they begin, such as an initializer. Batch norm has statistics of one tensor, so that it can share its
    /// parameters only if it is frozen.
    /// </remarks>
    /// <example>
    /// <code>
    /// [Head(Name = "head", From = "p3"), Output("small")]
    /// [Head(From = "p4", Weights = "head"), Output("large")]
    /// </code>
    /// </example>
    public string? Weights { get; set; }
}
