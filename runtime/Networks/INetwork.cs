using System;

namespace Strata;

/// <summary>The static members of every <c>[Network]</c> class, for generic code that works with any network.</summary>
/// <remarks>
/// The generator implements it explicitly, so that it adds no names to the class. In generic code <c>TNetwork.Create(options)</c> is what
/// <c>new LeNet5(options)</c> is elsewhere. <see cref="NetworkInfo.Of{TNetwork}"/> gives the <see cref="Info"/> of a class.
/// </remarks>
/// <example>
/// A table of networks that makes an instance only when asked for it:
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
