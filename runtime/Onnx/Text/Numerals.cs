using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Strata.Compiler.Catalogue;

namespace Strata.Onnx.Text;

/// <summary>Values as a person writes them in C#.</summary>
internal static class Numerals
{
    /// <summary>An argument's value.</summary>
    public static string Format(object value) => value switch
    {
        int number => Format(number),
        double number => Format(number),
        bool flag => flag ? "true" : "false",
        string text => Quoted(text),
        int[] numbers => $"[{string.Join(", ", numbers.Select(Format))}]",
        double[] numbers => $"[{string.Join(", ", numbers.Select(Format))}]",
        Enum member => EnumText.Format(member.GetType(), Convert.ToInt32(member, CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException($"{value.GetType()} is no type of an argument."),
    };

    public static string Format(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The shortest text: 0.1, 1e-5. What a file stores as a float is written as the shortest text of that float.</summary>
    public static string Format(double number)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "double.NaN" : number > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity";
        }

        string text = (float)number == number
            ? ((float)number).ToString("R", CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture);
        int exponent = text.IndexOf('E', StringComparison.Ordinal);
        return exponent < 0 ? text
            : $"{text[..exponent]}e{int.Parse(text.AsSpan(exponent + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)}";
    }

    /// <summary>A count with thousands: 25,557,032.</summary>
    public static string Thousands(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A string literal.</summary>
    public static string Quoted(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (char letter in text)
        {
            literal.Append(letter switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                _ when char.IsControl(letter) => $"\\u{(int)letter:x4}",
                _ => letter.ToString(),
            });
        }

        return literal.Append('"').ToString();
    }

    /// <summary>Several strings, with commas.</summary>
    public static string Quoted(params string[] texts) => string.Join(", ", texts.Select(Quoted));
}
