using System;

namespace Strata;

/// <summary>All layers, outputs and losses of another network, without its input: the same network for an input of another size.</summary>
/// <remarks>
/// <para>
/// The layers keep their keys, unless a name is given that stands before them. So a weights file of the one network fits the other,
/// and <see cref="CompiledNetwork.CopyParametersFrom"/> copies between them.
/// </para>
/// <code>
/// [Network, Input(3, 256, 256), LayersOf(typeof(Segmenter))]
/// public partial class SmallSegmenter;
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
}
