using System;

namespace Strata;

/// <summary>
/// The base class of blocks. A block is an attribute class of your own with layers on it; wherever the attribute is used, these
/// layers take its place.
/// </summary>
/// <remarks>
/// <para>
/// The constants of the class are the block's parameters. If a constructor has a parameter with the name of a constant
/// (ignoring case), its argument replaces the constant at each use. The arguments of the block's layers may be any constant
/// expression. A constant that is computed from a parameter is computed again for each use.
/// </para>
/// <para>
/// A block is a scope:
/// <list type="bullet">
/// <item><description>Its layers are numbered from 1.</description></item>
/// <item><description>Their keys begin with the block's name: <c>layer1.0.conv1.weight</c>.</description></item>
/// <item><description>Branches that begin in the block end in the block.</description></item>
/// <item><description><c>From = "input"</c> is the tensor that the block reads.</description></item>
/// </list>
/// Blocks may use other blocks.
/// </para>
/// <para>
/// Without a name, a block is numbered by its kind (<c>bottleneck1</c>), or takes the next number of a
/// <see cref="SequentialAttribute"/>. With an empty name, its layers belong to the surrounding scope.
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
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public abstract class BlockAttribute : LayerAttribute
{
    /// <summary>How many copies of the block follow one another; 1 by default. With 0, the block is left out.</summary>
    /// <remarks>
    /// <para>
    /// So a block can leave out another one by its own parameters:
    /// <c>[SqueezeExcite(Channels, Squeeze, Repeat = Squeeze &gt; 0 ? 1 : 0)]</c>. A block that is left out takes no number.
    /// </para>
    /// <para>
    /// The copies are numbered by the form of the name:
    /// <list type="table">
    /// <listheader><term>Name</term><description>Names of the copies</description></listheader>
    /// <item><term><c>layer1</c></term><description><c>layer1.0</c>, <c>layer1.1</c>, …</description></item>
    /// <item><term><c>layer2.1</c></term><description><c>layer2.1</c>, <c>layer2.2</c>, …</description></item>
    /// <item><term><c>denselayer{1}</c></term><description><c>denselayer1</c>, <c>denselayer2</c>, …</description></item>
    /// </list>
    /// </para>
    /// </remarks>
    public int Repeat { get; set; } = 1;
}
