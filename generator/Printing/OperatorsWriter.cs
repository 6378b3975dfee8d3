using System.Collections.Generic;
using Strata.Generator.Declarations;

namespace Strata.Generator.Printing;

/// <summary>Writes the file that tells other projects what the elementwise operators of this one compute.</summary>
internal static class OperatorsWriter
{
    /// <summary>The name of the file, but for its end. A network of this name has another one.</summary>
    public const string Name = "StrataOperators";

    public const string HintName = Name + ".g.cs";

    private const string Attribute = "global::Strata.CompilerServices.DeclaredOperator";

    private static readonly string[] Explanation =
    [
        "The elementwise operators of this assembly, for projects that reference it: these have no source of a method. The number is the",
        "version of the format.",
    ];

    /// <summary>The text of the file.</summary>
    /// <param name="operators">At least one, each with a formula, in the order of their names.</param>
    public static string Write(IEnumerable<DeclaredOperator> operators)
    {
        var writer = new SourceWriter();
        GeneratedHeader.Write(writer);
        foreach (string line in Explanation)
        {
            writer.Line("// " + line);
        }

        foreach (DeclaredOperator declared in operators)
        {
            writer.Line();
            writer.Line($"[assembly: {Attribute}(\"{declared.Key}\", {Literals.Number(OperatorText.Version)}, @\"");
            writer.Append(OperatorText.Write(declared).Replace("\"", "\"\""));
            writer.Line("\")]");
        }

        return writer.ToString();
    }
}
