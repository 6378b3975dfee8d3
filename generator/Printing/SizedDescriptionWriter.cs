using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Declarations;
using static Strata.Generator.Printing.DescriptionWriter;
using static Strata.Generator.Printing.Literals;

namespace Strata.Generator.Printing;

/// <summary>Writes what a network tells about itself at further sizes: where it differs from the declared size.</summary>
/// <param name="network">The network at the declared size.</param>
internal sealed class SizedDescriptionWriter(SourceWriter writer, NetworkDescription network)
{
    private const string LayerInfo = "global::Strata.LayerInfo";

    /// <summary>Writes the list of sizes, and a description of each.</summary>
    public void Write(EquatableArray<SizedGraph> sizes)
    {
        writer.Line("// The further sizes of the network.");
        writer.Line("public static readonly global::Strata.CompilerServices.DeclaredSize[] Sizes =");
        writer.Line("[");
        for (int i = 0; i < sizes.Count; i++)
        {
            string program = $"static isa => CreateProgram(isa, {Number(i + 1)})";
            writer.Line($"    new([{Extents(sizes[i].Extents)}], Info{NameOf(sizes[i])}, {program}),");
        }

        writer.Line("];");
        foreach (SizedGraph size in sizes)
        {
            writer.Line();
            WriteInfo(NameOf(size), new NetworkDescription(size.Graph));
        }
    }

    private void WriteInfo(string name, NetworkDescription sized)
    {
        using SourceWriter.Scope scope = writer.Block($"private static global::Strata.NetworkInfo Info{name}()");
        writer.Line($"global::System.Collections.Generic.IReadOnlyList<{LayerInfo}> l = Info.Layers;");
        writer.Line($"return Info with {{ {Changes(PropertiesOf(network), PropertiesOf(sized))},");
        writer.Line($"    Layers = new global::Strata.CompilerServices.LazyList<{LayerInfo}>(() =>");
        writer.Line("    [");
        IEnumerable<(LayerDescription One, LayerDescription Other)> layers =
            network.Layers.Zip(sized.Layers, (one, other) => (one, other));
        int index = 0;
        foreach ((LayerDescription one, LayerDescription other) in layers)
        {
            string changes = Changes([.. NumbersOf(one), .. DescriptionWriter.PropertiesOf(one)],
                [.. NumbersOf(other), .. DescriptionWriter.PropertiesOf(other)]);
            writer.Line($"        l[{Number(index)}]{(changes.Length > 0 ? $" with {{ {changes} }}" : "")},");
            index++;
        }

        writer.Line("    ]) };");
    }

    private static IEnumerable<(string Name, string Value)> NumbersOf(LayerDescription layer) =>
    [
        ("OutputShape", $"[{Extents(layer.Node.Shape.Extents)}]"), ("Formula", Literal(layer.Node.Formula)),
        ("ParameterCount", Number(layer.ParameterCount)), ("MultiplyAdds", Number(layer.MultiplyAdds)),
        ("ReceptiveField", layer.ReceptiveField.Count == 0 ? "null" : $"[{Extents(layer.ReceptiveField)}]"),
    ];

    private static IEnumerable<(string Name, string Value)> PropertiesOf(NetworkDescription network) =>
    [
        ("InputShape", $"[{Extents(NetworkDescription.Whole(network.InputShapes))}]"),
        ("OutputShape", $"[{Extents(NetworkDescription.Whole(network.OutputShapes))}]"),
        ("SampleCost", Number(network.SampleCost)),
        ("Inputs", Tensors(network.Inputs)), ("Outputs", Tensors(network.Outputs)),
        ("Losses", $"[{string.Join(", ", network.Losses.Select(Loss))}]"),
    ];

    /// <summary>The properties whose values differ.</summary>
    private static string Changes(IEnumerable<(string Name, string Value)> from, IEnumerable<(string Name, string Value)> to) =>
        string.Join(", ", from.Zip(to, (one, other) => (one, other)).Where(pair => pair.one.Value != pair.other.Value)
            .Select(pair => $"{pair.other.Name} = {(pair.other.Value.Length > 0 ? pair.other.Value : "[]")}"));
}
