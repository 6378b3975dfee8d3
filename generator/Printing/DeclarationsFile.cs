using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Reading;

namespace Strata.Generator.Printing;

/// <summary>A file that tells other projects what the blocks, or the operators, of this one are.</summary>
/// <param name="name">The name of the file, but for its end. A network of this name has another one.</param>
internal sealed class DeclarationsFile(string name, DeclaredFormat format, params string[] explanation)
{
    public static readonly DeclarationsFile Blocks = new(
        "StrataBlocks", DeclaredFormat.Blocks,
        "The blocks of this assembly, for projects that reference it. In compiled attributes constants are numbers. Here they are",
        "in expressions, so that the blocks' parameters work in those projects, too. The number is the version of the format.");

    public static readonly DeclarationsFile Operators = new(
        "StrataOperators", DeclaredFormat.Operators,
        "The elementwise operators of this assembly, for projects that reference it: these have no source of a method. The number is the",
        "version of the format.");

    public string Name => name;

    public string HintName => name + ".g.cs";

    /// <summary>The text of the file; none if nothing is declared.</summary>
    /// <param name="declared">The full names of classes, and their texts. A class may be there twice.</param>
    public IEnumerable<string> Write(IEnumerable<(string Class, string Text)> declared)
    {
        List<(string Class, string Text)> sorted =
            [.. declared.Distinct().OrderBy(one => Cancellation.Checked(one.Class), StringComparer.Ordinal)];
        if (sorted.Count == 0)
        {
            yield break;
        }

        var writer = new SourceWriter();
        GeneratedHeader.Write(writer);
        foreach (string line in explanation)
        {
            writer.Line("// " + line);
        }

        foreach ((string type, string text) in sorted)
        {
            writer.Line();
            string version = Literals.Number(format.Version);
            writer.Line($"[assembly: global::Strata.CompilerServices.{format.Attribute}(\"{type}\", {version}, @\"");
            writer.Append(text.Replace("\"", "\"\""));
            writer.Line("\")]");
        }

        yield return writer.ToString();
    }
}
