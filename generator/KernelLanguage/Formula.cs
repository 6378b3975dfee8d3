using System;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;

namespace Strata.Generator.KernelLanguage;

/// <summary>
/// Formulas where kernels use them: written in place, or where that would compute something twice, as a call of a function of their own that
/// computes it once.
/// </summary>
internal static class Formula
{
    /// <summary>The names of locals; variables are called g, x and y.</summary>
    private const string Names = "abcdefhijklmnopq";

    /// <summary>The analysis of each formula, as long as the formula lives: a tile applies one to each of its elements.</summary>
    private static readonly ConditionalWeakTable<Expression, Analysis> Known = new();

    /// <param name="name">The function's name.</param>
    /// <param name="formula">What is computed.</param>
    /// <param name="variables">All variables that it reads, with the value of each.</param>
    public static Expression Apply(string name, Expression formula, params (Variable Variable, Expression Value)[] variables)
    {
        Analysis analysis = Known.GetValue(formula, f => new Analysis(f));

        // Written in place, something would be computed twice.
        return analysis.HasRepetition || variables.Any(v => IsComputed(v.Value) && analysis.ReadsTwice(v.Variable))
            ? new Call(analysis.Function(name, variables), [.. variables.Select(v => v.Value)])
            : Substitute(formula, variables);
    }

    private static bool IsComputed(Expression value) => value is Call or Load or Broadcast or Select or Binary { IsComparison: true }
        || value.Operands.Any(IsComputed);

    private static Expression Substitute(Expression e, (Variable Variable, Expression Value)[] variables)
    {
        if (e is Variable && Array.FindIndex(variables, v => v.Variable.Equals(e)) is >= 0 and var i)
        {
            return variables[i].Value;
        }

        return e.Map(operand => Substitute(operand, variables));
    }

    /// <summary>The largest expression that occurs more than once and none of whose parts occur more often; negations cost next to nothing and do not count.</summary>
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

    private sealed class Analysis(Expression formula)
    {
        private DefinedFunction? _function;

        public bool HasRepetition { get; } = Repeated(formula) is not null;

        public bool ReadsTwice(Variable variable) => formula.All.Count(variable.Equals) > 1;

        public DefinedFunction Function(string name, (Variable Variable, Expression Value)[] variables) =>
            _function is { } known && known.Name == name ? known : _function = Formula.Function(name, formula, [.. variables.Select(v => v.Variable)]);
    }
}
