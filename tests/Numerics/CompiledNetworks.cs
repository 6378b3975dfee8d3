using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Strata.Compiler.Graph;

namespace Strata.Numerics.Tests;

/// <summary>Networks that were compiled together: as IL, or as classes of an assembly that can be unloaded again.</summary>
internal sealed class CompiledNetworks
{
    private readonly Dictionary<string, CompiledType> _emitted = [];
    private readonly Assembly? _assembly;
    private readonly byte[]? _image;

    /// <summary>Classes.</summary>
    public CompiledNetworks(byte[] image)
    {
        _image = image;
        _assembly = new AssemblyLoadContext("Strata.Tested", isCollectible: true).LoadFromStream(new MemoryStream(image));
    }

    /// <summary>Programs of IL.</summary>
    /// <param name="graphs">The networks.</param>
    /// <param name="compared">Classes of some of them.</param>
    public CompiledNetworks(IReadOnlyDictionary<string, NetworkGraph> graphs, IEnumerable<CompiledNetworks> compared)
    {
        Compared = [.. compared];
        foreach ((string name, NetworkGraph graph) in graphs)
        {
            CompiledClass? expected = Compared.Select(one => one.Find(name)).FirstOrDefault(found => found is not null);
            _emitted.Add(name, new EmittedType(name, graph, expected));
        }
    }

    /// <summary>The classes with which IL is compared.</summary>
    public IReadOnlyList<CompiledNetworks> Compared { get; } = [];

    /// <summary>The assembly of the classes.</summary>
    public byte[] Image => _image ?? throw new InvalidOperationException("These networks are IL.");

    public CompiledType this[string name] => _assembly is null
        ? _emitted[name] : Find(name) ?? throw new ArgumentException($"There is no class {name}.");

    private CompiledClass? Find(string name) => _assembly?.GetType("Declared." + name) is { } type ? new CompiledClass(type, this) : null;
}
