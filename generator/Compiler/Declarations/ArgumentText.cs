using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>A layer's arguments as a user would write them: <c>64, 3, Stride = 2</c>. Expressions of a block have their values.</summary>
internal static class ArgumentText
{
    /// <summary>Arguments that are left out, since they do not change what the layer computes from inputs and parameters.</summary>
    private static readonly HashSet<string> Left =
        [.. CommonArguments.OfLayers.Select(argument => argument.Name), "Repeat"];

    /// <summary>Writes the arguments of an attribute that change what its layer computes.</summary>
    /// <param name="known">The operator of the attribute; null if it has none, as a block.</param>
    public static string Write(AttributeDeclaration attribute, Operator? known) =>
        Write(
            attribute.Arguments.Where(
                argument => !Left.Contains(argument.Name) && !(known is LayerOperator layer && layer.IsInitial(argument.Name))),
            known);

    /// <summary>Writes all arguments of an attribute.</summary>
    public static string WriteAll(AttributeDeclaration attribute, Operator? known) => Write(attribute.Arguments, known);

    private static string Write(IEnumerable<AttributeArgument> arguments, Operator? known)
    {
        Dictionary<string, ArgumentSpec> specs = known?.Arguments.ToDictionary(spec => spec.Name) ?? [];
        return string.Join(", ", arguments
            .Where(argument => argument.Value is not null and not EquatableArray<string> { Count: 0 })
            .Select(argument =>
            {
                specs.TryGetValue(argument.Name, out ArgumentSpec? spec);
                string value = Value(spec, argument.Value!);

                // The parameters of a constructor of one's own begin with a small letter.
                return spec?.IsPositional ?? char.IsLower(argument.Name[0]) ? value : $"{argument.Name} = {value}";
            }));
    }

    private static string Value(ArgumentSpec? spec, object value) => value switch
    {
        int number when spec is { Type.IsEnum: true } => EnumText.Format(spec.Type, number),
        EquatableArray<double> numbers => $"[{string.Join(", ", numbers.Select(Literal))}]",
        EquatableArray<int> numbers => string.Join(", ", numbers.Select(number => Literal(number))),
        EquatableArray<string> texts => string.Join(", ", texts.Select(Literal)),
        _ => Literal(value),
    };

    private static string Literal(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Literal(object value) => value switch
    {
        double number => Literal(number),
        bool truth => truth ? "true" : "false",
        string text => QuotedText.Of(text),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
