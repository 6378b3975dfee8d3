using System.Collections.Generic;
using System.Text;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Declarations;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Emission;

/// <summary>Writes a builder's network as a class with attributes, and its blocks as attribute classes.</summary>
internal static class BuilderClass
{
    public static string Write(string name, IEnumerable<AttributeDeclaration> layers, IEnumerable<BlockDeclaration> blocks)
    {
        var text = new StringBuilder("using Strata;\n\n[Network]\n");
        Write(text, layers);
        text.Append("public partial class ").Append(name).Append(";\n");
        foreach (BlockDeclaration block in blocks)
        {
            text.Append('\n');
            Write(text, block.Attributes);
            text.Append("public sealed class ").Append(block.Key).Append("Attribute : BlockAttribute;\n");
        }

        return text.ToString();
    }

    /// <summary>Writes attributes. A layer without arguments stands on the line of the layer before it.</summary>
    private static void Write(StringBuilder text, IEnumerable<AttributeDeclaration> layers)
    {
        const int Longest = 100;
        string line = "";
        bool isBehindBlock = false;
        foreach (AttributeDeclaration layer in layers)
        {
            Operator? known = OperatorSet.FindBuiltIn(layer.Kind);
            string arguments = ArgumentText.WriteAll(layer, known);
            string attribute = layer.Kind + (arguments.Length == 0 ? "" : $"({arguments})");
            bool begins = arguments.Length > 0 || isBehindBlock || known is Branch or LayerOperator { JoinsBranches: true };
            isBehindBlock = layer.Block is not null;
            if (line.Length > 0 && (begins || line.Length + attribute.Length > Longest))
            {
                text.Append('[').Append(line).Append("]\n");
                line = "";
            }

            line += (line.Length == 0 ? "" : ", ") + attribute;
        }

        if (line.Length > 0)
        {
            text.Append('[').Append(line).Append("]\n");
        }
    }
}
