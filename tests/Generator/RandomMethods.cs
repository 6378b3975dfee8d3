using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace Strata.Generator.Tests;

/// <summary>Draws methods of operators as C#, each with a twin that computes the same in double precision.</summary>
/// <param name="seed">The seed.</param>
/// <param name="isExact">Whether every operation is exactly that of IEEE 754, so that results agree to the bit.</param>
internal sealed partial class RandomMethods(int seed, bool isExact)
{
    private static readonly string[] ExactOfOne =
    [
        "-({0})", "MathF.Abs({0})", "MathF.Floor({0})", "MathF.Ceiling({0})", "MathF.Truncate({0})", "MathF.Round({0})",
        "MathF.Max({0}, 0.25f)", "MathF.Min(0.5f, {0})", "Math.Clamp({0}, -1.5f, 0.75f)", "MathF.Sqrt(1 + ({0}) * ({0}))",
        "Functions.ReLU({0})", "(float)P * ({0})", "({0}) / (2 + (float)(P * Q))", "(float)({0} * (double)(N / 2))",
        "({0}) + N", "Half({0})", "Pick({0}, {0} - 0.5f)", "(Flag ? {0} : 1 - ({0}))", "MathF.CopySign((float)P0, {0})",
    ];

    private static readonly string[] OtherOfOne =
    [
        "MathF.Exp(MathF.Min({0}, 3))", "MathF.Log(1 + ({0}) * ({0}))", "MathF.Tanh({0})", "MathF.Sin({0})", "MathF.Cos({0})",
        "MathF.Pow({0}, 2)", "MathF.Pow(1 + MathF.Abs({0}), (float)P)", "MathF.Pow(2 + MathF.Abs({0}), -1.75f)", "Functions.Sigmoid({0})",
        "Functions.LogSigmoid({0})", "Functions.Softplus({0})", "Functions.Softplus({0}, 2, 3)", "Functions.Expm1(MathF.Min({0}, 3))",
        "Functions.Log1p(MathF.Abs({0}))", "Functions.LeakyReLU({0}, (float)P)", "Functions.ELU({0})", "Functions.SiLU({0})",
        "Functions.HardSigmoid({0})", "Functions.HardSwish({0})", "Functions.Mish({0})",
    ];

    private static readonly string[] OfTwo =
    [
        "{0} + ({1})", "{0} - ({1})", "({0}) * ({1})", "({0}) / (1 + ({1}) * ({1}))", "MathF.Max({0}, {1})", "MathF.Min({0}, {1})",
        "({0} > {1} ? {0} : {1})", "({0} <= 0.25f ? ({0}) * ({1}) : {1})", "(!({0} < {1}) && {1} >= -1 ? {0} : 0.5f * ({1}))",
        "({0} > 1 || {1} < {0} ? {0} : -({1}))", "({0} != {1} ? {0} : 1)", "Pick({0}, {1})",
        "(({0} > 1 ? {1} < 0.5f : {1} > {0}) ? {0} : {1})", "((Flag ? {0} > 0 : {1} > 0) ? {0} : 2 * ({1}))",
    ];

    private readonly Random _random = new(seed);

    /// <summary>A class with a method, some constants and two helpers.</summary>
    /// <param name="values">The constants' values.</param>
    public (string Class, string Twin) Next(Values values)
    {
        var locals = new List<string>();
        var names = new List<string> { "x", "y" };
        for (int i = _random.Next(4); i > 0; i--)
        {
            locals.Add($"float t{i} = {Expression(2, names)};");
            names.Add($"t{i}");
        }

        string text = $$"""
            private const double P = {{Text(values.P)}}, Q = 2 * P, P0 = 0.5;
            private const int N = {{values.N}};
            private const bool Flag = {{(values.Flag ? "true" : "false")}};
            public static float Value(float x, float y)
            {
                {{string.Join("\n    ", locals)}}
                return {{Expression(3, names)}};
            }

            private static float Half(float x) => 0.5f * x;

            private static float Pick(float a, float b = 2) { bool isLess = a < b; return isLess ? a : Half(b); }
            """;
        string name = $"Own{seed}Attribute";
        return (
            $"public sealed class {name} : Strata.ElementwiseAttribute\n{{\n{text}\n}}\n",
            $"public static class {name}\n{{\n{AsDouble(text)}\n}}\n");
    }

    private string Expression(int depth, List<string> names)
    {
        if (depth == 0 || _random.Next(5) == 0)
        {
            return names[_random.Next(names.Count)];
        }

        string[] ofOne = isExact || _random.Next(2) == 0 ? ExactOfOne : OtherOfOne;
        string Part() => "(" + Expression(depth - 1, names) + ")";
        return _random.Next(5) switch
        {
            0 => $"{Text(Math.Round((32 * _random.NextDouble()) - 16) / 8)}f * {Part()}",
            1 or 2 => Filled(ofOne[_random.Next(ofOne.Length)], Part()),
            _ => Filled(OfTwo[_random.Next(OfTwo.Length)], Part(), Part()),
        };
    }

    private static string Filled(string template, params string[] parts) =>
        parts.Select((part, i) => (part, i)).Aggregate(
            template, (text, next) => text.Replace($"{{{next.i}}}", next.part, StringComparison.Ordinal));

    private static string AsDouble(string text) => Literal().Replace(text, "$1")
        .Replace("MathF.", "Math.", StringComparison.Ordinal)
        .Replace("Functions.", "Twin.", StringComparison.Ordinal)
        .Replace("float", "double", StringComparison.Ordinal);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\b([0-9]+(?:\.[0-9]+)?)f\b")]
    private static partial Regex Literal();

    public sealed record Values(double P, int N, bool Flag)
    {
        public IReadOnlyDictionary<string, object?> Arguments => new Dictionary<string, object?> { ["P"] = P, ["N"] = N, ["Flag"] = Flag };
    }
}
