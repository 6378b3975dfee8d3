using System;
using System.Linq;
using System.Text;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>Writes a network as a C# class, as one would write it by hand.</summary>
internal static class ClassWriter
{
    /// <summary>The rules that advise how to build a network. They would break a build whose warnings are errors.</summary>
    public const string Advice = "STRATA035, STRATA039, STRATA052, STRATA053, STRATA054, STRATA055";

    /// <summary>The class, and the keys of its parameters.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="name">The name of the class.</param>
    /// <param name="namespace">The namespace; null for none.</param>
    /// <param name="isTaken">
    /// Whether another class of the namespace has a name, without <c>Attribute</c>. Then the block's name begins with the network's.
    /// </param>
    public static ClassText Write(LayerGraph graph, string name, string? @namespace, Func<string, bool>? isTaken = null)
    {
        graph = ConcatChains.In(graph);
        NetworkText text = NetworkText.WithBlocks(graph, name, new BlockNames(name, isTaken ?? (_ => false)));
        text = text.IsValid ? text : NetworkText.WithoutBlocks(graph, name);
        var source = new StringBuilder("using Strata;\n\n");
        if (@namespace is { Length: > 0 })
        {
            source.Append("namespace ").Append(@namespace).Append(";\n\n");
        }

        source.Append("// These layers are the file's: warnings that advise how to design a network are off.\n");
        source.Append("#pragma warning disable ").Append(Advice).Append("\n\n");
        string[] warnings = [.. graph.Warnings, .. OtherKeys.Warn(text.Keys)];
        ClassComment.Append(source, name, graph, text.Keys, warnings);
        source.Append("[Network]\n");
        text.Lines().ToList().ForEach(line => source.Append(line).Append('\n'));
        source.Append("public partial class ").Append(name).Append(";\n");
        foreach (BlockText block in text.Blocks)
        {
            source.Append('\n');
            block.Append(source);
        }

        foreach (OwnFunction function in graph.Functions)
        {
            source.Append('\n');
            Append(source, function.Kind, function.Statements.Split('\n'));
        }

        return new ClassText(source.ToString(), warnings, text.Keys);
    }

    /// <summary>An operator of the network's own.</summary>
    private static void Append(StringBuilder source, string kind, string[] statements)
    {
        const string Return = "return ";
        source.Append("/// <summary>A function of single numbers in the file, which no layer computes.</summary>\n");
        source.Append("public sealed class ").Append(kind).Append("Attribute : ElementwiseAttribute\n{\n");
        source.Append("    /// <summary>The function's value.</summary>\n");
        source.Append("    public static float Value(float x)");
        if (statements is [var only])
        {
            source.Append(" => ").Append(only, Return.Length, only.Length - Return.Length).Append("\n}\n");
            return;
        }

        source.Append("\n    {\n");
        Array.ForEach(statements, statement => source.Append("        ").Append(statement).Append('\n'));
        source.Append("    }\n}\n");
    }
}
