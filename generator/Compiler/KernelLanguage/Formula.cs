using System;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;

namespace Strata.Compiler.KernelLanguage;

/// <summary>
/// Formulas where kernels use them: written in place, or where that would compute something twice, as a call of a function of their own
/// that computes it once.
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

    private static bool IsComputed(Expression value) =>
        value.All.Any(part => part is Call or Load or Broadcast or Select or Binary { IsComparison: true });

    private static Expression Substitute(Expression e, (Variable Variable, Expression Value)[] variables) => e.Replace(part =>
        part is Variable && Array.FindIndex(variables, v => v.Variable.Equals(part)) is >= 0 and var i ? variables[i].Value : null);

    private static DefinedFunction Function(string name, Repetitions repetitions, Variable[] variables)
    {
        var builder = new KernelBuilder(0);
        int count = 0;
        Expression formula = repetitions.Name(repeated =>
        {
            int i = count++;
            string local = i < Names.Length ? Names[i].ToString()
                : Names[i % Names.Length] + (i / Names.Length).ToString(CultureInfo.InvariantCulture);
            return builder.Let(local, repeated);
        })[0];
        builder.Return(formula);
        Nest nest = builder.Nest(ElementType.Vector) with
        {
            Parameters = variables.Select(v => (Parameter)new ValueParameter(v.Name, ElementType.Vector)).ToEquatableArray(),
        };
        return new DefinedFunction(name, "", nest);
    }

    private sealed class Analysis(Expression formula)
    {
        private readonly Repetitions _repetitions = new(formula);
        private DefinedFunction? _function;

        public bool HasRepetition => _repetitions.Any;

        public bool ReadsTwice(Variable variable) => _repetitions.UsesOf(variable) > 1;

        public DefinedFunction Function(string name, (Variable Variable, Expression Value)[] variables) =>
            _function is { } known && known.Name == name
                ? known : _function = Formula.Function(name, _repetitions, [.. variables.Select(v => v.Variable)]);
    }
}
