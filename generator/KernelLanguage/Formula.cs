using System;
using System.Globalization;
using System.Linq;

namespace Strata.Generator.KernelLanguage;

/// <summary>
/// Formulas where kernels use them: short ones in place, others as a call of a function of their own, in which what occurs twice is computed
/// once.
/// </summary>
internal static class Formula
{
    /// <summary>Of locals; variables are called g, x and y.</summary>
    private const string Names = "abcdefhijklmnopq";

    /// <param name="name">The function's name.</param>
    /// <param name="formula">What is computed.</param>
    /// <param name="variables">All that it reads, with the value of each.</param>
    public static Expression Apply(string name, Expression formula, params (Variable Variable, Expression Value)[] variables) =>
        NeedsFunction(formula, variables)
            ? new Call(Function(name, formula, [.. variables.Select(v => v.Variable)]), [.. variables.Select(v => v.Value)])
            : Substitute(formula, e => variables.FirstOrDefault(v => v.Variable.Equals(e)).Value);

    /// <summary>Whether in place something would be computed twice.</summary>
    private static bool NeedsFunction(Expression formula, (Variable Variable, Expression Value)[] variables) =>
        Repeated(formula) is not null || variables.Any(v => IsComputed(v.Value) && formula.All.Count(v.Variable.Equals) > 1);

    private static bool IsComputed(Expression value) => value is Call or Load or Broadcast or Select or Binary { IsComparison: true }
        || value.Operands.Any(IsComputed);

    private static Expression Substitute(Expression e, Func<Expression, Expression?> by) =>
        by(e) ?? (e.Operands.Count == 0 ? e : e.With([.. e.Operands.Select(operand => Substitute(operand, by))]));

    /// <summary>The largest that is computed more than once, and as often as all that it consists of; not negations, which cost nothing to speak of.</summary>
    private static Expression? Repeated(Expression formula)
    {
        var counts = formula.All.Where(e => e.Operands.Count > 0 && e is not Unary).GroupBy(e => e).ToDictionary(group => group.Key, group => group.Count());
        return counts.Where(e => e.Value > 1 && e.Key.All.All(part => !counts.TryGetValue(part, out int count) || count <= e.Value))
            .OrderByDescending(e => e.Key.All.Count()).Select(e => e.Key).FirstOrDefault();
    }

    private static DefinedFunction Function(string name, Expression formula, Variable[] variables)
    {
        var builder = new KernelBuilder(0);
        for (int i = 0; Repeated(formula) is { } repeated; i++)
        {
            string local = i < Names.Length ? Names[i].ToString() : Names[i % Names.Length] + (i / Names.Length).ToString(CultureInfo.InvariantCulture);
            formula = formula.Replace(repeated, builder.Let(local, repeated));
        }

        builder.Return(formula);
        Nest nest = builder.Nest(ElementType.Vector) with
        {
            Parameters = variables.Select(v => (Parameter)new ValueParameter(v.Name, ElementType.Vector)).ToEquatableArray(),
        };
        return new DefinedFunction(name, "", nest);
    }
}
