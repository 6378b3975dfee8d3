using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>Finds modules that read one tensor and make one: they can become blocks.</summary>
internal static class ModuleRegions
{
    /// <summary>The regions that are in no other one, with those inside.</summary>
    public static List<Region> Find(UnitGraph graph)
    {
        IReadOnlyDictionary<LayerTensor, string> modules = ModuleOf.All(graph);
        var root = new Module("");
        foreach (Unit unit in graph.Units)
        {
            root.Add(modules[unit.Output], unit);
        }

        List<Region> top = [];
        Collect(root, graph, top, isRoot: true);
        return top;
    }

    private static void Collect(Module module, UnitGraph graph, List<Region> siblings, bool isRoot)
    {
        List<Region> inside = siblings;
        while (!isRoot && Same(module) is { } same)
        {
            module = same;
        }

        if (!isRoot && module.Count > 2 && RegionOf(module, graph) is { } region)
        {
            siblings.Add(region);
            inside = region.Children;
        }

        Module[] skipped = [.. module.Inner.Values.Where(inner => inner.Count == module.Count)];
        foreach (Module inner in skipped.SelectMany(same => same.Inner.Values).Concat(module.Inner.Values.Except(skipped)))
        {
            Collect(inner, graph, inside, isRoot: false);
        }
    }

    /// <summary>A numbered module inside that has all layers: it is the one that is meant.</summary>
    private static Module? Same(Module module) => module.Inner.Count == 1 && module.Inner.First() is var (name, inner)
        && inner.Count == module.Count && char.IsAsciiDigit(name[0]) ? inner : null;

    private static Region? RegionOf(Module module, UnitGraph graph)
    {
        List<Unit> units = [.. module.Units];
        return Ends(units, graph) is var (input, output) ? new Region(module.Path, units, input, output) : null;
    }

    /// <summary>What units read from outside, and what is read of them; null if it is not one tensor each.</summary>
    public static (LayerTensor Input, LayerTensor Output)? Ends(IReadOnlyList<Unit> units, UnitGraph graph)
    {
        var own = new HashSet<LayerTensor>(units.Select(unit => unit.Output), ReferenceEqualityComparer.Instance);
        var read = new Dictionary<LayerTensor, int>(ReferenceEqualityComparer.Instance);
        LayerTensor? input = null;
        foreach (LayerTensor tensor in units.SelectMany(unit => unit.Inputs))
        {
            if (own.Contains(tensor))
            {
                read[tensor] = read.GetValueOrDefault(tensor) + 1;
            }
            else if (input is not null && input != tensor)
            {
                return null;
            }
            else
            {
                input = tensor;
            }
        }

        LayerTensor[] outputs = [.. own.Where(tensor => graph.Readers.GetValueOrDefault(tensor) > read.GetValueOrDefault(tensor))];
        return input is not null && outputs.Length == 1 ? (input, outputs[0]) : null;
    }

    /// <summary>A module with its layers and the modules inside.</summary>
    private sealed class Module(string path)
    {
        /// <summary>How deep modules are looked at.</summary>
        private const int MostNested = 32;

        private readonly List<Unit> _own = [];

        public string Path { get; } = path;

        public Dictionary<string, Module> Inner { get; } = [];

        public int Count { get; private set; }

        public IEnumerable<Unit> Units => _own.Concat(Inner.Values.SelectMany(inner => inner.Units));

        public void Add(string module, Unit unit)
        {
            Module at = this;
            at.Count++;
            foreach (string segment in module.Split('.', System.StringSplitOptions.RemoveEmptyEntries).Take(MostNested))
            {
                if (!at.Inner.TryGetValue(segment, out Module? inner))
                {
                    inner = new Module(at.Path.Length == 0 ? segment : $"{at.Path}.{segment}");
                    at.Inner.Add(segment, inner);
                }

                at = inner;
                at.Count++;
            }

            at._own.Add(unit);
        }
    }
}
