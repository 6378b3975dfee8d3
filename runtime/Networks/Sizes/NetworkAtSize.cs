using System;
using System.Collections.Generic;
using System.Linq;
using Strata.CompilerServices;

namespace Strata;

/// <summary>A network of a class at a further size that the class declares.</summary>
internal sealed class NetworkAtSize : CompiledNetwork
{
    private NetworkAtSize(DeclaredSize size, NetworkOptions options, NetworkSizes sizes)
        : base(size.Info, size.Program, options, initialize: null, sizes)
    {
    }

    /// <summary>A network at all sizes that its class declares. All of them are kept: there are few.</summary>
    /// <param name="first">The network at the size of its inputs.</param>
    /// <param name="declared">The further sizes.</param>
    /// <param name="options">The options of the network.</param>
    public static NetworkSizes All(CompiledNetwork first, IReadOnlyList<DeclaredSize> declared, NetworkOptions options)
    {
        NetworkOptions ofSizes = options with { Isa = first.Isa, Weights = null, WeightsStream = null };
        return new NetworkSizes(
            first, new SizeRule(first.Info, multiple: 1, [.. declared.Select(size => size.Extents)]), most: int.MaxValue,
            (sizes, extents) => new NetworkAtSize(
                declared.First(size => size.Extents.AsSpan().SequenceEqual(extents)), ofSizes, sizes));
    }
}
