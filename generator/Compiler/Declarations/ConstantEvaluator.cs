using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;

namespace Strata.Compiler.Declarations;

/// <summary>An expression has no value at this use of its block: for example, it overflows or divides by zero.</summary>
internal class ConstantException(string message) : Exception(message);

/// <summary>An expression, or a part of it, is of a kind that cannot be computed at any use.</summary>
internal sealed class UnreadableException(string message) : ConstantException(message);

/// <summary>Computes constant expressions by C#'s rules, with the values that the constants have at one use of a block.</summary>
/// <param name="constants">The block's constants.</param>
/// <param name="arguments">Values that replace some of the constants, by name.</param>
internal sealed class ConstantEvaluator(EquatableArray<BlockConstant> constants, IReadOnlyDictionary<string, object?> arguments)
{
    /// <summary>For a network: it has no constants that a use could replace.</summary>
    public static readonly ConstantEvaluator None = new(EquatableArray<BlockConstant>.Empty, new Dictionary<string, object?>());

    private static readonly Dictionary<ConstantType, (BigInteger Least, BigInteger Most)> Ranges = new()
    {
        [ConstantType.SByte] = (sbyte.MinValue, sbyte.MaxValue),
        [ConstantType.Byte] = (byte.MinValue, byte.MaxValue),
        [ConstantType.Int16] = (short.MinValue, short.MaxValue),
        [ConstantType.UInt16] = (ushort.MinValue, ushort.MaxValue),
        [ConstantType.Char] = (char.MinValue, char.MaxValue),
        [ConstantType.Int32] = (int.MinValue, int.MaxValue),
        [ConstantType.UInt32] = (uint.MinValue, uint.MaxValue),
        [ConstantType.Int64] = (long.MinValue, long.MaxValue),
        [ConstantType.UInt64] = (ulong.MinValue, ulong.MaxValue),
    };

    /// <summary>The limit of nested expressions. Each level takes some stack, and a chain of constants adds up their levels.</summary>
    private const int MostLevels = 1000;

    private readonly Dictionary<string, object?> _values = [];
    private readonly HashSet<string> _open = [];
    private int _level;

    /// <summary>Whether values of a type can be computed with.</summary>
    public static bool IsKnown(ConstantType type) => Ranges.ContainsKey(type)
        || type is ConstantType.Single or ConstantType.Double or ConstantType.Decimal or ConstantType.Boolean
            or ConstantType.String;

    /// <summary>C#'s keyword for a type.</summary>
    public static string NameOf(ConstantType type) => type switch
    {
        ConstantType.SByte => "sbyte",
        ConstantType.Byte => "byte",
        ConstantType.Int16 => "short",
        ConstantType.UInt16 => "ushort",
        ConstantType.Char => "char",
        ConstantType.Int32 => "int",
        ConstantType.UInt32 => "uint",
        ConstantType.Int64 => "long",
        ConstantType.UInt64 => "ulong",
        ConstantType.Single => "float",
        ConstantType.Double => "double",
        ConstantType.Decimal => "decimal",
        ConstantType.Boolean => "bool",
        ConstantType.String => "string",
        _ => "object",
    };

    /// <summary>Converts a value to a type, if C# has such a conversion, implicit or explicit.</summary>
    /// <param name="isChecked">If false, an integer that does not fit keeps its lowest bits.</param>
    /// <exception cref="ConstantException">The value is out of the type's range, or cannot be converted.</exception>
    public static object? Convert(object? value, ConstantType type, bool isChecked = true) => type switch
    {
        ConstantType.Boolean when value is bool => value,
        ConstantType.String when value is string or null => value,
        ConstantType.Double when IsNumber(value) => ToDouble(value!),
        ConstantType.Single when IsNumber(value) => ToSingle(value!),
        ConstantType.Decimal when IsNumber(value) => ToDecimal(value!),
        _ when Ranges.ContainsKey(type) && IsNumber(value) =>
            ToIntegral(Truncate(value!, type, isChecked), type, isChecked || value is decimal),
        ConstantType.None => value,
        _ => throw new ConstantException($"{Show(value)} is no {NameOf(type)}"),
    };

    /// <summary>
    /// Converts an argument to the type of the constant that it replaces. The types may differ, but nothing may be lost.
    /// </summary>
    /// <exception cref="ConstantException">The value is out of the type's range, has a fraction, or cannot be
    /// converted.</exception>
    public static object? Pass(object? value, ConstantType type)
    {
        object? passed = Convert(value, type);
        return Ranges.ContainsKey(type) && value is float or double or decimal && ToDouble(passed!) != ToDouble(value!)
            ? throw new ConstantException($"{Show(value)} is no {NameOf(type)}")
            : passed;
    }

    /// <exception cref="ConstantException">The expression has no value here.</exception>
    public object? Evaluate(ConstantExpression expression)
    {
        if (_level >= MostLevels)
        {
            throw new UnreadableException(
                $"it has more than {MostLevels.ToString(CultureInfo.InvariantCulture)} levels together with the "
                + "constants that it refers to");
        }

        _level++;
        try
        {
            return Compute(expression);
        }
        finally
        {
            _level--;
        }
    }

    private object? Compute(ConstantExpression expression)
    {
        switch (expression)
        {
            case ConstantValue constant:
                return constant.Value;

            case ConstantReference reference:
                return ValueOf(reference.Name);

            case ConversionExpression conversion:
                return Convert(Evaluate(conversion.Operand), conversion.Type, conversion.IsChecked);

            case ConditionalExpression conditional:
                return IsTrue(conditional.Condition) ? Evaluate(conditional.WhenTrue) : Evaluate(conditional.WhenFalse);

            case ArrayExpression array:
                IEnumerable<object?> elements = array.Elements.Select(element => Convert(Evaluate(element), array.ElementType));
                return array.ElementType switch
                {
                    ConstantType.Int32 => elements.Cast<int>().ToEquatableArray(),
                    ConstantType.String => elements.Select(element => element as string ?? "").ToEquatableArray(),
                    ConstantType.Double => elements.Cast<double>().ToEquatableArray(),
                    _ => throw new UnreadableException(
                        $"'{array.Text}' is an array of {NameOf(array.ElementType)}, and only those of int, double "
                        + "and string are known here"),
                };

            case UnaryExpression unary:
                return Unary(unary, Evaluate(unary.Operand));

            // The right operand is not evaluated if the left one decides the result.
            case BinaryExpression { Operator: "&&" } and:
                return IsTrue(and.Left) && IsTrue(and.Right);

            case BinaryExpression { Operator: "||" } or:
                return IsTrue(or.Left) || IsTrue(or.Right);

            case BinaryExpression binary:
                return Binary(binary, Evaluate(binary.Left), Evaluate(binary.Right));

            case UnreadableExpression unreadable:
                throw new UnreadableException($"'{unreadable.Source}' {unreadable.Reason}");

            default:
                throw new InvalidOperationException(expression.GetType().Name);
        }
    }

    /// <summary>The value of a constant by its own declaration. Arguments still replace the constants that it refers to.</summary>
    public object? DeclaredValueOf(string name)
    {
        BlockConstant? constant = constants.FirstOrDefault(candidate => candidate.Name == name);
        if (constant is null || !_open.Add(name))
        {
            throw new ConstantException($"'{name}' has no value");
        }

        if (_open.Count > ConstantExpression.MostLevels)
        {
            throw new UnreadableException($"'{name}' is reached through more than {ConstantExpression.MostLevels} other constants");
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

    private bool IsTrue(ConstantExpression expression) => Evaluate(expression) is bool truth ? truth : throw NoValue(expression);

    private static bool IsNumber(object? value) => value is not (null or bool or string) && value is IConvertible;

    private static double ToDouble(object value) => value is char c ? c : ((IConvertible)value).ToDouble(CultureInfo.InvariantCulture);

    /// <summary>Converts to float, with one rounding. A conversion through double would round long integers twice.</summary>
    private static float ToSingle(object value) => value is char c ? c : ((IConvertible)value).ToSingle(CultureInfo.InvariantCulture);

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

    private static BigInteger Truncate(object value, ConstantType type, bool isChecked = true) => value switch
    {
        float or double => Truncate(ToDouble(value), type, isChecked),
        decimal number => new BigInteger(decimal.Truncate(number)),
        char character => character,
        ulong number => number,
        _ => ((IConvertible)value).ToInt64(CultureInfo.InvariantCulture),
    };

    /// <summary>Truncates a number. In an unchecked context, one that does not fit becomes 0, as the C# compiler does it.</summary>
    private static BigInteger Truncate(double number, ConstantType type, bool isChecked)
    {
        bool isFinite = !double.IsNaN(number) && !double.IsInfinity(number);
        BigInteger whole = isFinite ? new BigInteger(number) : BigInteger.Zero;
        (BigInteger least, BigInteger most) = Ranges[type];
        bool fits = isFinite && whole >= least && whole <= most;
        return fits ? whole
            : isChecked ? throw new ConstantException($"{Show(number)} is out of the range of {NameOf(type)}") : BigInteger.Zero;
    }

    private static BigInteger Wrap(BigInteger value, ConstantType type)
    {
        (BigInteger least, BigInteger most) = Ranges[type];
        BigInteger size = most - least + 1, shifted = (value - least) % size;
        return (shifted.Sign < 0 ? shifted + size : shifted) + least;
    }

    private static object ToIntegral(BigInteger value, ConstantType type, bool isChecked = true)
    {
        (BigInteger least, BigInteger most) = Ranges[type];
        value = isChecked ? value : Wrap(value, type);
        if (value < least || value > most)
        {
            throw new ConstantException($"{value.ToString(CultureInfo.InvariantCulture)} is out of the range of {NameOf(type)}");
        }

        return type switch
        {
            ConstantType.SByte => (sbyte)value,
            ConstantType.Byte => (byte)value,
            ConstantType.Int16 => (short)value,
            ConstantType.UInt16 => (ushort)value,
            ConstantType.Char => (char)(ushort)value,
            ConstantType.Int32 => (int)value,
            ConstantType.UInt32 => (uint)value,
            ConstantType.Int64 => (long)value,
            _ => (ulong)value,
        };
    }

    private static string Show(object? value) => new ConstantValue(value).Text;

    private static object Unary(UnaryExpression unary, object? operand) => (unary.Operator, operand) switch
    {
        ("!", bool truth) => !truth,
        ("+", { } value) when IsNumber(value) => Convert(value, unary.Type)!,
        ("-", float value) => -value,
        ("-", double value) => -value,
        ("-", decimal value) => -value,
        ("-", { } value) when IsNumber(value) && Ranges.ContainsKey(unary.Type) =>
            ToIntegral(-Truncate(value, unary.Type), unary.Type, unary.IsChecked),
        ("~", { } value) when IsNumber(value) && Ranges.ContainsKey(unary.Type) =>
            ToIntegral(Wrap(-Truncate(value, unary.Type) - 1, unary.Type), unary.Type),
        _ => throw NoValue(unary),
    };

    private static object Binary(BinaryExpression binary, object? left, object? right)
    {
        if (binary.Type == ConstantType.String)
        {
            return Text(binary, left, right);
        }

        if (binary.Type == ConstantType.Boolean)
        {
            return left is bool first && right is bool second ? Logical(binary, first, second) : throw NoValue(binary);
        }

        if (!IsNumber(left) || !IsNumber(right))
        {
            throw NoValue(binary);
        }

        return binary.Type switch
        {
            ConstantType.Double => Floating(binary, ToDouble(left!), ToDouble(right!), value => value),
            ConstantType.Single => Floating(binary, ToDouble(left!), ToDouble(right!), value => (float)value),
            ConstantType.Decimal => Decimal(binary, ToDecimal(left!), ToDecimal(right!)),
            _ => Integral(binary, Truncate(left!, binary.Type), Truncate(right!, binary.Type)),
        };
    }

    /// <summary>
    /// The exception for an invalid expression. The C# compiler refuses these, but another assembly's text may be damaged.
    /// </summary>
    private static ConstantException NoValue(ConstantExpression expression) => new($"{expression.Text} has no value");

    private static object Text(BinaryExpression binary, object? left, object? right) => binary.Operator switch
    {
        _ when left is not (string or null) || right is not (string or null) => throw NoValue(binary),
        "+" => (string?)left + (string?)right,
        "==" => Equals(left, right),
        "!=" => !Equals(left, right),
        _ => throw NoValue(binary),
    };

    private static bool Logical(BinaryExpression binary, bool left, bool right) => binary.Operator switch
    {
        "&" => left & right,
        "|" => left | right,
        "^" or "!=" => left ^ right,
        "==" => left == right,
        _ => throw NoValue(binary),
    };

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
        ">=" => left >= right,
        _ => throw NoValue(binary),
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
                ">=" => left >= right,
                _ => throw NoValue(binary),
            };
        }
        catch (OverflowException)
        {
            throw new ConstantException($"{binary.Text} overflows decimal");
        }
    }

    private static object Integral(BinaryExpression binary, BigInteger left, BigInteger right)
    {
        (BigInteger least, BigInteger most) = Ranges[binary.Type];
        int shift = binary.Operator is "<<" or ">>" or ">>>" ? (int)(right & (most - least > uint.MaxValue ? 63 : 31)) : 0;
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
                return ToIntegral(left >> shift, binary.Type);

            // Shifts drop bits in a checked context, too. The logical shift treats the bits of a negative number as unsigned.
            case "<<":
                return ToIntegral(left << shift, binary.Type, isChecked: false);
            case ">>>":
                return ToIntegral((left.Sign < 0 ? left + (most - least) + 1 : left) >> shift, binary.Type, isChecked: false);
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
            "^" => left ^ right,
            _ => throw NoValue(binary),
        };
        return !binary.IsChecked || (result >= least && result <= most)
            ? ToIntegral(result, binary.Type, binary.IsChecked)
            : throw new ConstantException(
                $"{binary.Text} = {result.ToString(CultureInfo.InvariantCulture)} overflows {NameOf(binary.Type)}");
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
