using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>All rules of the network language. Each stands in the class that makes its problems.</summary>
internal static class Rules
{
    private static readonly Type[] Classes =
    [
        typeof(ArgumentProblems), typeof(WindowProblems), typeof(ShapeProblems), typeof(BranchProblems), typeof(LossProblems),
        typeof(ClassProblems), typeof(StackProblems), typeof(BlockProblems), typeof(NameProblems), typeof(LayerProblems),
        typeof(SizeProblems), typeof(BudgetProblems), typeof(BindingProblems), typeof(CallProblems), typeof(FormulaProblems),
        typeof(BuildProblems),
    ];

    /// <summary>All rules, by id.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        .. Classes.SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(field => field.FieldType == typeof(Rule))
            .Select(field => (Rule)field.GetValue(null))
            .OrderBy(rule => rule.Id, StringComparer.Ordinal),
    ];

    private static readonly Dictionary<string, Rule> ById = All.ToDictionary(rule => rule.Id, StringComparer.Ordinal);

    public static Rule Find(string id) => ById[id];
}
