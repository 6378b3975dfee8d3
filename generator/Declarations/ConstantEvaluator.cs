using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using Microsoft.CodeAnalysis;

namespace Strata.Generator.Declarations;

/// <summary>An expression has no value at this use of its block: it overflows, or divides by zero.</summary>
internal sealed class ConstantException(string message) : Exception(message);

/// <summary>Computes constant expressions by C#'s rules in a checked context, with the constants' values at one use of a block.</summary>
/// <param name="constants">The block's constants.</param>
/// <param name="arguments">What replaces some of them, by the constants' names.</param>
internal sealed class ConstantEvaluator(EquatableArray<BlockConstant> constants, IReadOnlyDictionary<string, object?> arguments)
{
    /// <summary>Where nothing can be replaced: on a network.</summary>
    public static readonly ConstantEvaluator None = new(EquatableArray<BlockConstant>.Empty, new Dictionary<string, object?>());

    private static readonly Dictionary<SpecialType, (BigInteger Least, BigInteger Most)> Ranges = new()
    {
        [SpecialType.System_SByte] = (sbyte.MinValue, sbyte.MaxValue),
        [SpecialType.System_Byte] = (byte.MinValue, byte.MaxValue),
        [SpecialType.System_Int16] = (short.MinValue, short.MaxValue),
        [SpecialType.System_UInt16] = (ushort.MinValue, ushort.MaxValue),
        [SpecialType.System_Char] = (char.MinValue, char.MaxValue),
        [SpecialType.System_Int32] = (int.MinValue, int.MaxValue),
        [SpecialType.System_UInt32] = (uint.MinValue, uint.MaxValue),
        [SpecialType.System_Int64] = (long.MinValue, long.MaxValue),
        [SpecialType.System_UInt64] = (ulong.MinValue, ulong.MaxValue),
    };

    private readonly Dictionary<string, object?> _values = [];
    private readonly HashSet<string> _open = [];

    /// <summary>C#'s keyword for a type.</summary>
    public static string NameOf(SpecialType type) => type switch
    {
        SpecialType.System_SByte => "sbyte",
        SpecialType.System_Byte => "byte",
        SpecialType.System_Int16 => "short",
        SpecialType.System_UInt16 => "ushort",
        SpecialType.System_Char => "char",
        SpecialType.System_Int32 => "int",
        SpecialType.System_UInt32 => "uint",
        SpecialType.System_Int64 => "long",
        SpecialType.System_UInt64 => "ulong",
        SpecialType.System_Single => "float",
        SpecialType.System_Double => "double",
        SpecialType.System_Decimal => "decimal",
        SpecialType.System_Boolean => "bool",
        SpecialType.System_String => "string",
        _ => "object",
    };

    /// <summary>A value as the type has it, where C# converts the one to the other without a cast or with one.</summary>
    /// <exception cref="ConstantException">The value is out of the type's range, or of no kind that converts.</exception>
    public static object? Convert(object? value, SpecialType type) => type switch
    {
        SpecialType.System_Boolean when value is bool => value,
        SpecialType.System_String when value is string or null => value,
        SpecialType.System_Double when IsNumber(value) => ToDouble(value!),
        SpecialType.System_Single when IsNumber(value) => (float)ToDouble(value!),
        SpecialType.System_Decimal when IsNumber(value) => ToDecimal(value!),
        _ when Ranges.ContainsKey(type) && IsNumber(value) => ToIntegral(Truncate(value!, type), type),
        SpecialType.None => value,
        _ => throw new ConstantException($"{Show(value)} is no {NameOf(type)}"),
    };

    /// <exception cref="ConstantException">The expression has no value here.</exception>
    public object? Evaluate(ConstantExpression expression)
    {
        switch (expression)
        {
            case ConstantValue constant:
                return constant.Value;

            case ConstantReference reference:
                return ValueOf(reference.Name);

            case ConversionExpression conversion:
                return Convert(Evaluate(conversion.Operand), conversion.Type);

            case ConditionalExpression conditional:
                return Evaluate(conditional.Condition) is true ? Evaluate(conditional.WhenTrue) : Evaluate(conditional.WhenFalse);

            case ArrayExpression array:
                IEnumerable<object?> elements = array.Elements.Select(element => Convert(Evaluate(element), array.ElementType));
                return array.ElementType switch
                {
                    SpecialType.System_Int32 => elements.Cast<int>().ToEquatableArray(),
                    SpecialType.System_String => elements.Select(element => element as string ?? "").ToEquatableArray(),
                    _ => elements.Cast<double>().ToEquatableArray(),
                };

            case UnaryExpression unary:
                return Unary(unary, Evaluate(unary.Operand));

            // The right side is not looked at where the left one decides.
            case BinaryExpression { Operator: "&&" } and:
                return Evaluate(and.Left) is true && Evaluate(and.Right) is true;

            case BinaryExpression { Operator: "||" } or:
                return Evaluate(or.Left) is true || Evaluate(or.Right) is true;

            case BinaryExpression binary:
                return Binary(binary, Evaluate(binary.Left), Evaluate(binary.Right));

            default:
                throw new InvalidOperationException(expression.GetType().Name);
        }
    }

    /// <summary>The value that a constant has by its own declaration, other constants being replaced as they are.</summary>
    public object? DeclaredValueOf(string name)
    {
        BlockConstant? constant = constants.FirstOrDefault(candidate => candidate.Name == name);
        if (constant is null || !_open.Add(name))
        {
            throw new ConstantException($"'{name}' has no value");
        }

        try
        {
            return Convert(Evaluate(constant.Value), constant.Type);
        }
        finally
        {
            _open.Remove(name);
        }
    }

    private static bool IsNumber(object? value) => value is not (null or bool or string) && value is IConvertible;

    private static double ToDouble(object value) => value is char c ? c : ((IConvertible)value).ToDouble(CultureInfo.InvariantCulture);

    private static decimal ToDecimal(object value)
    {
        try
        {
            return value is char c ? c : ((IConvertible)value).ToDecimal(CultureInfo.InvariantCulture);
        }
        catch (OverflowException)
        {
            throw new ConstantException($"{Show(value)} is out of the range of decimal");
        }
    }

    private static BigInteger Truncate(object value, SpecialType type) => value switch
    {
        float or double when ToDouble(value) is var number && (double.IsNaN(number) || double.IsInfinity(number)) =>
            throw new ConstantException($"{Show(value)} is out of the range of {NameOf(type)}"),
        float or double => new BigInteger(ToDouble(value)),
        decimal number => new BigInteger(decimal.Truncate(number)),
        char character => character,
        ulong number => number,
        _ => ((IConvertible)value).ToInt64(CultureInfo.InvariantCulture),
    };

    private static object ToIntegral(BigInteger value, SpecialType type)
    {
        (BigInteger least, BigInteger most) = Ranges[type];
        if (value < least || value > most)
        {
            throw new ConstantException($"{value.ToString(CultureInfo.InvariantCulture)} is out of the range of {NameOf(type)}");
        }

        return type switch
        {
            SpecialType.System_SByte => (sbyte)value,
            SpecialType.System_Byte => (byte)value,
            SpecialType.System_Int16 => (short)value,
            SpecialType.System_UInt16 => (ushort)value,
            SpecialType.System_Char => (char)(ushort)value,
            SpecialType.System_Int32 => (int)value,
            SpecialType.System_UInt32 => (uint)value,
            SpecialType.System_Int64 => (long)value,
            _ => (ulong)value,
        };
    }

    private static string Show(object? value) => new ConstantValue(value).Text;

    private static object Unary(UnaryExpression unary, object? operand) => (unary.Operator, operand) switch
    {
        ("!", bool truth) => !truth,
        ("+", { } value) => Convert(value, unary.Type)!,
        ("-", float value) => -value,
        ("-", double value) => -value,
        ("-", decimal value) => -value,
        ("-", { } value) => ToIntegral(-Truncate(value, unary.Type), unary.Type),
        ("~", { } value) when unary.Type is SpecialType.System_UInt32 or SpecialType.System_UInt64 =>
            ToIntegral(Ranges[unary.Type].Most - Truncate(value, unary.Type), unary.Type),
        ("~", { } value) => ToIntegral(-Truncate(value, unary.Type) - 1, unary.Type),
        _ => throw new ConstantException($"{unary.Text} has no value"),
    };

    private static object Binary(BinaryExpression binary, object? left, object? right)
    {
        switch (binary.Operator)
        {
            case "==" when left is not IConvertible || right is not IConvertible || left is string or bool:
                return Equals(left, right);

            case "!=" when left is not IConvertible || right is not IConvertible || left is string or bool:
                return !Equals(left, right);

            case "+" when binary.Type == SpecialType.System_String:
                return (left as string) + (right as string);

            case var logical when left is bool one && right is bool other:
                return logical switch { "&" => one & other, "|" => one | other, _ => one ^ other };
        }

        if (left is null || right is null)
        {
            throw new ConstantException($"{binary.Text} has no value");
        }

        return binary.Type switch
        {
            SpecialType.System_Double => Floating(binary, ToDouble(left), ToDouble(right), value => value),
            SpecialType.System_Single => Floating(binary, ToDouble(left), ToDouble(right), value => (float)value),
            SpecialType.System_Decimal => Decimal(binary, ToDecimal(left), ToDecimal(right)),
            _ => Integral(binary, Truncate(left, binary.Type), right),
        };
    }

    private static object Floating(BinaryExpression binary, double left, double right, Func<double, object> round) => binary.Operator switch
    {
        "+" => round(left + right),
        "-" => round(left - right),
        "*" => round(left * right),
        "/" => round(left / right),
        "%" => round(left % right),
        "==" => left == right,
        "!=" => left != right,
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        _ => left >= right,
    };

    private static object Decimal(BinaryExpression binary, decimal left, decimal right)
    {
        if (binary.Operator is "/" or "%" && right == 0)
        {
            throw new ConstantException($"{binary.Text} divides by zero");
        }

        try
        {
            return binary.Operator switch
            {
                "+" => left + right,
                "-" => left - right,
                "*" => left * right,
                "/" => left / right,
                "%" => left % right,
                "==" => left == right,
                "!=" => left != right,
                "<" => left < right,
                "<=" => left <= right,
                ">" => left > right,
                _ => left >= right,
            };
        }
        catch (OverflowException)
        {
            throw new ConstantException($"{binary.Text} overflows decimal");
        }
    }

    private static object Integral(BinaryExpression binary, BigInteger left, object rightValue)
    {
        BigInteger right = Truncate(rightValue, binary.Type);
        bool isWide = binary.Type is SpecialType.System_Int64 or SpecialType.System_UInt64;
        switch (binary.Operator)
        {
            case "==":
                return left == right;
            case "!=":
                return left != right;
            case "<":
                return left < right;
            case "<=":
                return left <= right;
            case ">":
                return left > right;
            case ">=":
                return left >= right;
            case "/" or "%" when right.IsZero:
                throw new ConstantException($"{binary.Text} divides by zero");
            case ">>":
                return ToIntegral(left >> ((int)right & (isWide ? 63 : 31)), binary.Type);
            case "<<":
                // Shifts drop the highest bits, in a checked context too.
                (BigInteger least, BigInteger most) = Ranges[binary.Type];
                BigInteger size = most - least + 1, shifted = ((left << ((int)right & (isWide ? 63 : 31))) - least) % size;
                return ToIntegral((shifted.Sign < 0 ? shifted + size : shifted) + least, binary.Type);
        }

        BigInteger result = binary.Operator switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "/" => BigInteger.Divide(left, right),
            "%" => BigInteger.Remainder(left, right),
            "&" => left & right,
            "|" => left | right,
            _ => left ^ right,
        };
        (BigInteger low, BigInteger high) = Ranges[binary.Type];
        return result >= low && result <= high
            ? ToIntegral(result, binary.Type)
            : throw new ConstantException($"{binary.Text} = {result.ToString(CultureInfo.InvariantCulture)} overflows {NameOf(binary.Type)}");
    }

    private object? ValueOf(string name)
    {
        if (arguments.TryGetValue(name, out object? replaced))
        {
            return replaced;
        }

        if (!_values.TryGetValue(name, out object? value))
        {
            value = DeclaredValueOf(name);
            _values.Add(name, value);
        }

        return value;
    }
}
