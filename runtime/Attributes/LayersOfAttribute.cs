using System;

namespace Strata;

/// <summary>Inserts the layers, outputs and losses of another network, without its input.</summary>
/// <remarks>
/// <para>Use it to compile the same network for another input size, or, with <see cref="Until"/>, to give it a new head.</para>
/// <para>
/// The layers keep their keys, unless you set a name, which then comes before them. So a weights file of one network fits the
/// other, and <see cref="CompiledNetwork.CopyParametersFrom"/> copies between them.
/// </para>
/// <code>
/// [Network, Input(3, 256, 256), LayersOf(typeof(Segmenter))]
/// public partial class SmallSegmenter;
///
/// [Network(FreezeUntil = "fc"), Input(3, 224, 224), LayersOf(typeof(ResNet18), Until = "fc")]
/// [Dense(5, Name = "fc"), CrossEntropy]
/// public partial class Flowers;
/// </code>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class LayersOfAttribute : BlockAttribute
{
    /// <summary>Inserts the layers of <paramref name="network"/>.</summary>
    /// <param name="network">A class with <see cref="NetworkAttribute"/>, or a block.</param>
    public LayersOfAttribute(Type network) => Network = network;

    /// <summary>The class on which the layers are declared.</summary>
    public Type Network { get; }

    /// <summary>
    /// Name of a layer, block or sequence of the other network. It and everything after it, including outputs and losses, is
    /// left out. By default nothing is left out.
    /// </summary>
    public string? Until { get; set; }
}
