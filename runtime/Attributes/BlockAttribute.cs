using System;

namespace Strata;

/// <summary>
/// The base of blocks: attribute classes of your own, whose layers stand on the class itself and replace the attribute wherever it is
/// used.
/// </summary>
/// <remarks>
/// <para>
/// The constants of the class are the block's parameters: where a constructor has a parameter of the same name (ignoring case), its
/// argument replaces the constant at each use. Arguments of the block's layers are any constant expressions, and a constant that is
/// computed from a parameter is computed anew.
/// </para>
/// <para>
/// A block is a scope: layers are numbered in it from 1 on, their keys begin with the block's name (<c>layer1.0.conv1.weight</c>),
/// branches that begin in it end in it, and <c>From = "input"</c> is the tensor at which it begins. Blocks may use other blocks.
/// </para>
/// <para>
/// By default a block is numbered by kind (<c>bottleneck1</c>), or takes one number in a <see cref="SequentialAttribute"/>. With an
/// empty name its layers belong to the scope around it.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// [Branch, Conv2D(Filters, 3, Stride = Stride, Padding = 1, Bias = false), BatchNorm, ReLU,
///          Conv2D(Filters, 3, Padding = 1, Bias = false), BatchNorm]
/// [Branch, Shortcut(Filters, Stride = Stride)]
/// [Add, ReLU]
/// public sealed class BasicBlockAttribute : BlockAttribute
/// {
///     private const int Filters = 64, Stride = 1;
///     public BasicBlockAttribute(int filters, int stride = Stride) { }
/// }
///
/// [BasicBlock(64, Name = "layer1", Repeat = 2)]                 // layer1.0, layer1.1
/// [BasicBlock(128, stride: 2, Name = "layer2.0"), BasicBlock(128, Name = "layer2.1")]
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class BlockAttribute : LayerAttribute
{
    /// <summary>
    /// How many times the block stands here, one behind the other; at least 1 (the default). The copies are numbered: a name
    /// <c>layer1</c> gives <c>layer1.0</c>, <c>layer1.1</c>, …; one that ends in a number counts on from it (<c>layer2.1</c>,
    /// <c>layer2.2</c>, …); and a number in braces is counted where it stands (<c>denselayer{1}</c> gives <c>denselayer1</c>,
    /// <c>denselayer2</c>, …).
    /// </summary>
    public int Repeat { get; set; } = 1;
}
