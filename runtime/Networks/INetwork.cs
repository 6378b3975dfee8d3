using System;

namespace Strata;

/// <summary>What a <c>[Network]</c> class says and does without an instance, for code that takes any network by its type.</summary>
/// <remarks>
/// The generator implements it for every network, out of the way of the class's own members: <c>TNetwork.Create(options)</c> in generic
/// code is <c>new LeNet5(options)</c>, and <see cref="NetworkInfo.Of{TNetwork}"/> tells of a class that is known by its name.
/// </remarks>
/// <example>
/// A table of networks, none of which is made before it is asked for:
/// <code>
/// sealed record Entry(Func&lt;NetworkInfo&gt; Info, Func&lt;NetworkOptions, CompiledNetwork&gt; Create)
/// {
///     public static Entry Of&lt;TNetwork&gt;() where TNetwork : CompiledNetwork, INetwork&lt;TNetwork&gt; =&gt;
///         new(() =&gt; TNetwork.Info, TNetwork.Create);
/// }
/// </code>
/// </example>
/// <typeparam name="TSelf">The network's class.</typeparam>
public interface INetwork<TSelf> where TSelf : CompiledNetwork, INetwork<TSelf>
{
    /// <summary>Shapes, layers, parameters and losses. It needs no weights.</summary>
    static abstract NetworkInfo Info { get; }

    /// <summary>Creates an instance, as the class's constructor does.</summary>
    /// <param name="options">Tier, threads, seed or weights.</param>
    /// <exception cref="NotSupportedException">The class has <c>required</c> members, which its creator must set.</exception>
    static abstract TSelf Create(NetworkOptions options);
}
