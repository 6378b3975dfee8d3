using System;

namespace Strata;

/// <summary>
/// All layers, outputs and losses of another network, without its input: the same network for an input of another size; or those
/// <see cref="Until"/> a layer, for a head of one's own.
/// </summary>
/// <remarks>
/// <para>
/// The layers keep their keys, unless a name is given that stands before them. So a weights file of the one network fits the other,
/// and <see cref="CompiledNetwork.CopyParametersFrom"/> copies between them.
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
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class LayersOfAttribute : BlockAttribute
{
    /// <summary>The layers of <paramref name="network"/>.</summary>
    /// <param name="network">A class with <see cref="NetworkAttribute"/>, or a block.</param>
    public LayersOfAttribute(Type network) => Network = network;

    /// <summary>Where the layers are declared.</summary>
    public Type Network { get; }

    /// <summary>
    /// Name of a layer, a block or a sequence of the network before which these layers end: it and all behind it, outputs and losses
    /// included, are left out. By default nothing is.
    /// </summary>
    public string? Until { get; set; }
}
