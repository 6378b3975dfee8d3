using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;
using Strata.Onnx.Model;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Reading;

/// <summary>Computes operators on single elements, by their formulas. Integers have their own arithmetic, with all of their bits.</summary>
internal static class ElementwiseEvaluators
{
    private static readonly Variable[] Operands = [new("x"), new("y")];

    /// <summary>Functions that only constants have, since no layer computes them.</summary>
    private static readonly Dictionary<string, Func<double[], double>> OfConstants = new()
    {
        ["Tan"] = x => Math.Tan(x[0]),
        ["Asin"] = x => Math.Asin(x[0]),
        ["Acos"] = x => Math.Acos(x[0]),
        ["Atan"] = x => Math.Atan(x[0]),
        ["Sinh"] = x => Math.Sinh(x[0]),
        ["Cosh"] = x => Math.Cosh(x[0]),
        ["Asinh"] = x => Math.Asinh(x[0]),
        ["Acosh"] = x => Math.Acosh(x[0]),
        ["Atanh"] = x => Math.Atanh(x[0]),
        ["Mod"] = x => x[0] - (x[1] * Math.Floor(x[0] / x[1])),
        ["Fmod"] = x => x[0] % x[1],
        ["PRelu"] = x => x[0] < 0 ? x[1] * x[0] : x[0],
    };

    private static readonly Dictionary<string, Func<long, long, long>> OfIntegers = new()
    {
        ["Add"] = (x, y) => x + y,
        ["Sub"] = (x, y) => x - y,
        ["Mul"] = (x, y) => x * y,
        ["Div"] = Quotient,
        ["BitwiseAnd"] = (x, y) => x & y,
        ["BitwiseOr"] = (x, y) => x | y,
        ["BitwiseXor"] = (x, y) => x ^ y,
        ["Pow"] = (x, y) => (long)Math.Pow(x, y),
        ["Min"] = Math.Min,
        ["Max"] = Math.Max,
        ["Mod"] = Remainder,
        ["Fmod"] = (x, y) => x - (y * Quotient(x, y)),
        ["Neg"] = (x, _) => -x,
        ["Abs"] = (x, _) => x < 0 ? -x : x,
        ["Sign"] = (x, _) => Math.Sign(x),
        ["Relu"] = (x, _) => Math.Max(x, 0),
    };

    /// <summary>Operators that give truth values, and how they compare integers.</summary>
    private static readonly Dictionary<string, Func<long, long, bool>> Comparisons = new()
    {
        ["Equal"] = (x, y) => x == y,
        ["Less"] = (x, y) => x < y,
        ["LessOrEqual"] = (x, y) => x <= y,
        ["Greater"] = (x, y) => x > y,
        ["GreaterOrEqual"] = (x, y) => x >= y,
        ["And"] = (x, y) => x != 0 && y != 0,
        ["Or"] = (x, y) => x != 0 || y != 0,
        ["Xor"] = (x, y) => x != 0 ^ y != 0,
        ["Not"] = (x, _) => x == 0,
    };

    public static IEnumerable<KeyValuePair<string, Evaluator>> All { get; } =
    [
        .. ElementFormulas.Names.Union(OfIntegers.Keys).Except(["Cast", "Where"]).Except(Comparisons.Keys).Union(OfConstants.Keys)
            .Select(name => Make(name, e => Values(e, name, x => (float)x), Integers(name))),
        .. Comparisons.Select(one => Make(one.Key, null, e => e.Inputs.Any(input => input!.IsFloat)
            ? Values(e, one.Key, x => (long)x) : Pairs(e, (x, y) => one.Value(x, y) ? 1 : 0))),
        Make("IsNaN", null, e => Array.ConvertAll(e.X.Floats, x => float.IsNaN(x) ? 1L : 0)),
        Make("Cast", e => e.X.Floats, Cast),
    ];

    private static KeyValuePair<string, Evaluator> Make(
        string @operator, Func<Evaluation, float[]>? floats, Func<Evaluation, long[]>? integers) =>
        KeyValuePair.Create(@operator, new Evaluator(floats, integers));

    private static T[] Values<T>(Evaluation e, string @operator, Converter<double, T> convert)
    {
        Variable[] operands = Operands[..e.Inputs.Length];
        Func<double[], double> value = OfConstants.GetValueOrDefault(@operator)
            ?? FormulaValue.Of(ElementFormulas.Of(@operator, e.Attributes, operands), operands);
        float[][] read = [.. operands.Select((_, input) => e.Floats(input).Expanded(e.Shape).Values)];
        double[] x = new double[read.Length];
        T[] result = new T[e.Count];
        for (int i = 0; i < result.Length; i++)
        {
            for (int k = 0; k < x.Length; k++)
            {
                x[k] = read[k][i];
            }

            result[i] = convert(value(x));
        }

        return result;
    }

    /// <summary>Limits of integers are floats.</summary>
    private static Func<Evaluation, long[]>? Integers(string @operator) => @operator == "Clip" ? e => Values(e, @operator, x => (long)x)
        : OfIntegers.TryGetValue(@operator, out Func<long, long, long>? function) ? e => Pairs(e, function) : null;

    /// <summary>A function of pairs, or of single integers.</summary>
    private static long[] Pairs(Evaluation e, Func<long, long, long> function) =>
        e.Integers(0).With(e.Integers(e.Inputs.Length - 1), function).Values;

    private static long Quotient(long x, long y) => y switch
    {
        0 => throw new ReadingException("an integer is divided by 0"),
        -1 => -x,
        _ => x / y,
    };

    /// <summary>It has the divisor's sign.</summary>
    private static long Remainder(long x, long y)
    {
        long remainder = x - (y * Quotient(x, y));
        return remainder != 0 && (remainder < 0) != (y < 0) ? remainder + y : remainder;
    }

    private static long[] Cast(Evaluation e)
    {
        var to = (DataType)e.Integer("to");
        return e.X.IsFloat
            ? Array.ConvertAll(e.X.Floats, x => to == DataType.Bool ? (x != 0 ? 1L : 0) : Narrow(ToInteger(x), to))
            : Array.ConvertAll(e.X.Integers, x => Narrow(x, to));
    }

    private static long ToInteger(float x) => float.IsNaN(x) ? long.MinValue : (long)Math.Clamp((double)x, long.MinValue, long.MaxValue);

    private static long Narrow(long x, DataType to) => to switch
    {
        DataType.Bool => x != 0 ? 1 : 0,
        DataType.Uint8 => (byte)x,
        DataType.Int8 => (sbyte)x,
        DataType.Uint16 => (ushort)x,
        DataType.Int16 => (short)x,
        DataType.Int32 => (int)x,
        DataType.Uint32 => (uint)x,
        _ => x,
    };
}
