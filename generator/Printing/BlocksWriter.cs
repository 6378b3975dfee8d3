using System.Collections.Generic;
using Strata.Generator.Declarations;

namespace Strata.Generator.Printing;

/// <summary>Writes the file that tells other projects what the blocks of this one are.</summary>
internal static class BlocksWriter
{
    /// <summary>The name of the file, but for its end. A network of this name has another one.</summary>
    public const string Name = "StrataBlocks";

    public const string HintName = Name + ".g.cs";

    private const string Attribute = "global::Strata.CompilerServices.DeclaredBlock";

    private static readonly string[] Explanation =
    [
        "The blocks of this assembly, for projects that reference it. In compiled attributes constants are numbers. Here they are",
        "in expressions, so that the blocks' parameters work in those projects, too. The number is the version of the format.",
    ];

    /// <summary>The text of the file.</summary>
    /// <param name="blocks">At least one, in the order of their names.</param>
    public static string Write(IEnumerable<DeclaredBlock> blocks)
    {
        var writer = new SourceWriter();
        GeneratedHeader.Write(writer);
        foreach (string line in Explanation)
        {
            writer.Line("// " + line);
        }

        foreach (DeclaredBlock block in blocks)
        {
            writer.Line();
            writer.Line($"[assembly: {Attribute}(\"{block.Block.Key}\", {Literals.Number(BlockText.Version)}, @\"");
            writer.Append(BlockText.Write(block).Replace("\"", "\"\""));
            writer.Line("\")]");
        }

        return writer.ToString();
    }
}
