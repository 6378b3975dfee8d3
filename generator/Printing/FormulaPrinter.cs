using System.Linq;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Printing;

/// <summary>
/// Formulas where kernels use them: short ones in place, others as a call of a method that is written once, in which what occurs twice is
/// computed once.
/// </summary>
internal static class FormulaPrinter
{
    /// <summary>Of locals; variables are called g, x and y.</summary>
    private const string Names = "abcdefhijklmnopq";

    /// <param name="writer">Is asked for the method.</param>
    /// <param name="name">The method's name.</param>
    /// <param name="formula">What is printed.</param>
    /// <param name="variables">All that it reads, with the text of each.</param>
    public static string Print(SourceWriter writer, string name, Expression formula, params (Variable Variable, string Text)[] variables)
    {
        if (!NeedsMethod(formula, variables))
        {
            return ExpressionPrinter.Print(formula, variable => variables.First(v => v.Variable == variable).Text);
        }

        writer.Require(Method(name, formula, [.. variables.Select(v => v.Variable)]));
        return $"{name}({string.Join(", ", variables.Select(v => v.Text))})";
    }

    /// <summary>Whether printing in place would compute something twice.</summary>
    private static bool NeedsMethod(Expression formula, (Variable Variable, string Text)[] variables) =>
        Repeated(formula) is not null || variables.Any(v => v.Text.Contains('(') && formula.All.Count(v.Variable.Equals) > 1);

    /// <summary>The largest that is computed more than once, and as often as all that it consists of; not negations, which cost nothing to speak of.</summary>
    private static Expression? Repeated(Expression formula)
    {
        var counts = formula.All.Where(e => e.Operands.Count > 0 && e is not Unary).GroupBy(e => e).ToDictionary(group => group.Key, group => group.Count());
        return counts.Where(e => e.Value > 1 && e.Key.All.All(part => !counts.TryGetValue(part, out int count) || count <= e.Value))
            .OrderByDescending(e => e.Key.All.Count()).Select(e => e.Key).FirstOrDefault();
    }

    private static string Method(string name, Expression formula, Variable[] variables)
    {
        var writer = new SourceWriter();
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (writer.Block($"private static Vector {name}({string.Join(", ", variables.Select(variable => $"Vector {variable.Name}"))})"))
        {
            for (int i = 0; Repeated(formula) is { } repeated; i++)
            {
                string local = i < Names.Length ? Names[i].ToString() : Names[i % Names.Length] + Kernels.Expression.Number(i / Names.Length);
                writer.Line($"Vector {local} = {Print(repeated)};");
                formula = formula.Replace(repeated, new Variable(local));
            }

            writer.Line($"return {Print(formula)};");
        }

        return writer.ToString();
    }

    private static string Print(Expression expression) => ExpressionPrinter.Print(expression, variable => variable.Name);
}
