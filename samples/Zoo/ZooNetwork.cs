using System;
using System.Collections.Generic;
using System.Linq;
using Samples;
using Strata;
using Strata.CompilerServices;

namespace Zoo;

/// <summary>A network of the zoo.</summary>
/// <param name="Name">As torchvision names it, where it has it.</param>
/// <param name="Info">What the generator says about it; needs no instance.</param>
/// <param name="Create">Makes an instance.</param>
/// <param name="Paper">Where it comes from.</param>
internal sealed record ZooNetwork(string Name, NetworkInfo Info, Func<NetworkOptions, CompiledNetwork> Create, string Paper)
{
    public long Parameters => Info.Layers.Sum(layer => (long)layer.ParameterCount);

    public long MultiplyAdds => Info.Layers.Sum(layer => layer.MultiplyAdds);

    public int InputLength => Length(Info.InputShape);

    public int OutputLength => Length(Info.OutputShape);

    /// <summary>The network that the next word of a command line names.</summary>
    /// <exception cref="UsageException">There is none of that name, or no word.</exception>
    public static ZooNetwork Take(Arguments arguments, string command)
    {
        string name = arguments.Next() ?? throw new UsageException($"{command} needs the name of a network; list shows them");
        return Find(name) ?? throw new UsageException($"unknown network '{name}'; there are {string.Join(", ", Catalog.All.Select(n => n.Name))}");
    }

    public static ZooNetwork? Find(string name) => Catalog.All.FirstOrDefault(network => network.Name == name);

    public static int Length(IEnumerable<int> shape) => shape.Aggregate(1, (product, extent) => checked(product * extent));
}
