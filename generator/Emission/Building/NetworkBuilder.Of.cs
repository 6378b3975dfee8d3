using System;
using System.Collections.Generic;
using Strata.Compiler.Declarations;
using Strata.Compiler.Emission;

namespace Strata;

public sealed partial class NetworkBuilder
{
    /// <summary>A builder with the layers of a network, so that it can be changed and compiled again.</summary>
    /// <param name="network">The network: a class, or one that was compiled at run time. Its parameters are not taken over.</param>
    /// <param name="until">As for the other overload.</param>
    /// <returns>A new builder.</returns>
    /// <exception cref="ArgumentException">There is no layer or block <paramref name="until"/>.</exception>
    /// <exception cref="NetworkException">A layer cannot be taken over. The message names it.</exception>
    public static NetworkBuilder Of(CompiledNetwork network, string? until = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Of(network.Info, until);
    }

    /// <summary>A builder with the layers of a network, so that it can be changed and compiled again.</summary>
    /// <remarks>
    /// Layers keep their names, and so the keys of their parameters; blocks are written out. What <c>[Network]</c> or
    /// <see cref="CompileOptions"/> say is not part of the description: say it again where the builder is compiled.
    /// </remarks>
    /// <param name="network">What the network tells about itself: <see cref="NetworkInfo.Of{TNetwork}"/> of a class.</param>
    /// <param name="until">
    /// The name of a layer or block before which the builder ends. It then has what that layer reads, with all that this is computed from,
    /// and goes on there; the network's outputs and losses are left out. Null for the whole network.
    /// </param>
    /// <returns>A new builder.</returns>
    /// <exception cref="ArgumentException">There is no layer or block <paramref name="until"/>.</exception>
    /// <exception cref="NetworkException">A layer cannot be taken over. The message names it.</exception>
    public static NetworkBuilder Of(NetworkInfo network, string? until = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Of(network, until, rounded: [], out _);
    }

    /// <summary>The same with layers that read rounded tensors.</summary>
    /// <param name="roundings">The layers that round, by the names of the tensors.</param>
    internal static NetworkBuilder Of(
        NetworkInfo network, string? until, IEnumerable<LayerInfo> rounded, out IReadOnlyDictionary<string, string> roundings)
    {
        var builder = new NetworkBuilder { _name = network.Name };
        foreach (TensorInfo input in network.Inputs)
        {
            builder.Input(input.Shape, network.Inputs.Count == 1 && input.Name == ItemInputs.InputName ? null : input.Name);
        }

        var described = new DescribedNetwork(network, builder);
        roundings = described.RoundInputsOf(rounded);
        if (until is null)
        {
            described.AddLayers(network.Layers);
            described.AddEnds();
        }
        else
        {
            described.AddLayers(described.Before(until));
        }

        return builder;
    }
}
