using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Declarations;
using static Strata.Generator.Printing.Literals;

namespace Strata.Generator.Printing;

/// <summary>
/// The types behind a network's properties: one for each kind of layer and of block, however many there are of them, so that a deep
/// network has no more than a shallow one.
/// </summary>
internal sealed class SurfaceTypes
{
    private const string Network = "global::Strata.CompiledNetwork";

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>Each type's lines.</summary>
    public List<List<string>> Types { get; } = [];

    public static int ParametersOf(SurfaceMember member) => member switch
    {
        LayerSurface layer => layer.Parameters.Count,
        BlockSurface block => block.Members.Sum(ParametersOf),
        _ => 0,
    };

    /// <summary>The type of a member that has parameters.</summary>
    public string TypeOf(SurfaceMember member)
    {
        var properties = new List<string>();
        int index = 0;
        if (member is BlockSurface block)
        {
            foreach (SurfaceMember inner in block.Members.Where(inner => ParametersOf(inner) > 0))
            {
                // Asked once: twice at each level would be 2ⁿ times in n blocks inside one another.
                string type = TypeOf(inner);
                properties.Add("");
                properties.Add($"/// <summary>{inner.Kind}.</summary>");
                properties.Add($"public {type} {inner.Property} => new {type}(network, {Index(index)});");
                index += ParametersOf(inner);
            }
        }

        foreach (string parameter in member is LayerSurface layer ? layer.Parameters : EquatableArray<string>.Empty)
        {
            properties.Add("");
            properties.Add($"/// <summary><c>{parameter}</c>.</summary>");
            properties.Add($"public global::Strata.Parameter {Identifiers.Pascal(parameter)} => network.Parameters[{Index(index)}];");
            index++;
        }

        string text = member.Kind + string.Concat(properties);
        if (!_names.TryGetValue(text, out string name))
        {
            // A type has no member of its own name.
            string stem = member.Kind + (member is BlockSurface ? "Block" : "Layer");
            HashSet<string> members =
            [
                .. (member as BlockSurface)?.Members.Select(inner => inner.Property) ?? [],
                .. (member as LayerSurface)?.Parameters.Select(Identifiers.Pascal) ?? [],
            ];
            name = Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? stem : stem + Number(i))
                .First(n => !members.Contains(n) && _taken.Add(n));
            _names.Add(text, name);
            Types.Add(Lines(name, member.Kind, properties));
        }

        return name;
    }

    // No layer's property begins with a small letter of ASCII, as the fields do.
    private static string Index(int offset) => offset == 0 ? "first" : $"unchecked(first + {Number(offset)})";

    private static List<string> Lines(string name, string kind, List<string> properties)
    {
        var lines = new List<string> { $"/// <summary>The parameters of a {kind}.</summary>" };
        lines.Add(GeneratedHeader.Attribute);
        lines.Add($"public readonly struct {name}");
        lines.Add("{");
        lines.Add($"    private readonly {Network} network;");
        lines.Add("    private readonly int first;");
        lines.Add("");
        lines.Add($"    internal {name}({Network} network, int first) => (this.network, this.first) = (network, first);");
        lines.AddRange(properties.Select(line => line.Length == 0 ? "" : "    " + line));
        lines.Add("}");
        return lines;
    }
}
