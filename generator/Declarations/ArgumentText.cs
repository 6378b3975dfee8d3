using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Compiler.Operators;

namespace Strata.Generator.Declarations;

/// <summary>A layer's arguments as a user would write them: <c>64, 3, Stride = 2</c>. Expressions of a block have their values.</summary>
internal static class ArgumentText
{
    /// <summary>Arguments that are left out, since they do not change what the layer computes from inputs and parameters.</summary>
    private static readonly HashSet<string> Left = ["Name", "From", "Frozen", "Initializer", "Repeat"];

    public static string Of(AttributeDeclaration attribute) => string.Join(", ", attribute.Arguments
        .Where(argument => !Left.Contains(argument.Name) && argument.Value is not null and not EquatableArray<string> { Count: 0 })
        .Select(argument => IsPositional(argument) ? Value(attribute, argument) : $"{argument.Name} = {Value(attribute, argument)}"));

    /// <summary>
    /// Whether it is a constructor's parameter, which begins with a small letter. Properties begin with a capital letter.
    /// </summary>
    private static bool IsPositional(AttributeArgument argument) => char.IsLower(argument.Name[0]);

    private static string Value(AttributeDeclaration attribute, AttributeArgument argument) => (argument.Name, argument.Value) switch
    {
        ("AutoPad", int number) => $"AutoPad.{(AutoPad)number}",
        ("PaddingMode", int number) => $"PaddingMode.{(PaddingMode)number}",
        ("Mode", int number) when attribute.Kind.StartsWith("Upsample", System.StringComparison.Ordinal) =>
            number switch
            {
                (int)UpsampleMode.Nearest => "UpsampleMode.Nearest",
                (int)UpsampleMode.Linear => "UpsampleMode.Linear",
                _ => "UpsampleMode.Cubic",
            },
        ("Coordinates", int number) => $"UpsampleCoordinates.{(UpsampleCoordinates)number}",
        ("Rounding", int number) => $"UpsampleRounding.{(UpsampleRounding)number}",
        ("Mode", int number) => $"PaddingMode.{(PaddingMode)number}",
        ("Order", int number) => $"PixelOrder.{(PixelOrder)number}",
        ("axes" or "Axes", int number) =>
            string.Join(" | ", ((Axes)number).ToString().Split([", "], System.StringSplitOptions.None).Select(name => $"Axes.{name}")),
        ("filter", int number) => $"Filter.{(Filter)number}",
        (_, EquatableArray<double> numbers) => $"[{string.Join(", ", numbers.Select(Literal))}]",
        (_, EquatableArray<int> numbers) => string.Join(", ", numbers.Select(number => Literal(number))),
        (_, EquatableArray<string> texts) => string.Join(", ", texts.Select(Literal)),
        (_, var value) => Literal(value!),
    };

    private static string Literal(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Literal(object value) => value switch
    {
        double number => Literal(number),
        bool truth => truth ? "true" : "false",
        string text => SymbolDisplay.FormatLiteral(text, quote: true),
        _ => System.Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
