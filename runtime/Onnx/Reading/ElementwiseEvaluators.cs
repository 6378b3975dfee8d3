using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Reading;

/// <summary>Computes operators on single elements.</summary>
internal static class ElementwiseEvaluators
{
    private static readonly (string Operator, Func<float, float> Float)[] Unary =
    [
        ("Exp", MathF.Exp), ("Log", MathF.Log), ("Sqrt", MathF.Sqrt), ("Reciprocal", x => 1 / x), ("Sin", MathF.Sin), ("Cos", MathF.Cos),
        ("Tan", MathF.Tan), ("Asin", MathF.Asin), ("Acos", MathF.Acos), ("Atan", MathF.Atan), ("Sinh", MathF.Sinh), ("Cosh", MathF.Cosh),
        ("Tanh", MathF.Tanh), ("Sigmoid", x => 1 / (1 + MathF.Exp(-x))), ("Floor", MathF.Floor), ("Ceil", MathF.Ceiling),
        ("Round", x => MathF.Round(x, MidpointRounding.ToEven)),
    ];

    private static readonly (string Operator, Func<float, float, float> Float, Func<long, long, long> Integer)[] Binary =
    [
        ("Add", (x, y) => x + y, (x, y) => x + y),
        ("Sub", (x, y) => x - y, (x, y) => x - y),
        ("Mul", (x, y) => x * y, (x, y) => x * y),
        ("Div", (x, y) => x / y, Quotient),
        ("Pow", MathF.Pow, (x, y) => (long)Math.Pow(x, y)),
        ("Min", MathF.Min, Math.Min),
        ("Max", MathF.Max, Math.Max),
        ("Mod", (x, y) => x - (y * MathF.Floor(x / y)), Remainder),
        ("Fmod", (x, y) => x % y, (x, y) => x - (y * Quotient(x, y))),
    ];

    private static readonly (string Operator, Func<float, float, bool> Float, Func<long, long, bool> Integer)[] Comparisons =
    [
        ("Equal", (x, y) => x == y, (x, y) => x == y),
        ("Less", (x, y) => x < y, (x, y) => x < y),
        ("LessOrEqual", (x, y) => x <= y, (x, y) => x <= y),
        ("Greater", (x, y) => x > y, (x, y) => x > y),
        ("GreaterOrEqual", (x, y) => x >= y, (x, y) => x >= y),
        ("And", (x, y) => x != 0 && y != 0, (x, y) => x != 0 && y != 0),
        ("Or", (x, y) => x != 0 || y != 0, (x, y) => x != 0 || y != 0),
        ("Xor", (x, y) => x != 0 ^ y != 0, (x, y) => x != 0 ^ y != 0),
    ];

    public static IEnumerable<KeyValuePair<string, Evaluator>> All { get; } =
    [
        .. Unary.Select(one => Make(one.Operator, e => Array.ConvertAll(e.X.Floats, one.Float.Invoke), null)),
        .. Binary.Select(one => Make(
            one.Operator,
            e => e.Floats(0).With(e.Floats(1), one.Float).Values,
            e => e.Integers(0).With(e.Integers(1), one.Integer).Values)),
        .. Comparisons.Select(one => Make(one.Operator, null, e => e.X.IsFloat || e.Y.IsFloat
            ? e.Floats(0).With(e.Floats(1), (x, y) => one.Float(x, y) ? 1L : 0).Values
            : e.Integers(0).With(e.Integers(1), (x, y) => one.Integer(x, y) ? 1L : 0).Values)),
        Make("Neg", e => Array.ConvertAll(e.X.Floats, x => -x), e => Array.ConvertAll(e.X.Integers, x => -x)),
        Make("Abs", e => Array.ConvertAll(e.X.Floats, MathF.Abs), e => Array.ConvertAll(e.X.Integers, x => x < 0 ? -x : x)),
        Make(
            "Sign",
            e => Array.ConvertAll(e.X.Floats, x => x > 0 ? 1f : x < 0 ? -1f : x),
            e => Array.ConvertAll(e.X.Integers, x => (long)Math.Sign(x))),
        Make("Relu", e => Array.ConvertAll(e.X.Floats, x => MathF.Max(x, 0)), e => Array.ConvertAll(e.X.Integers, x => Math.Max(x, 0))),
        Make("Not", null, e => Array.ConvertAll(e.X.Integers, x => x == 0 ? 1L : 0)),
        Make("IsNaN", null, e => Array.ConvertAll(e.X.Floats, x => float.IsNaN(x) ? 1L : 0)),
        Make("Cast", e => e.X.Floats, Cast),
        Make("Clip", e => Array.ConvertAll(e.X.Floats, x => Clipped(e, x)), e => Array.ConvertAll(e.X.Integers, x => (long)Clipped(e, x))),
    ];

    private static KeyValuePair<string, Evaluator> Make(
        string @operator, Func<Evaluation, float[]>? floats, Func<Evaluation, long[]>? integers) =>
        KeyValuePair.Create(@operator, new Evaluator(floats, integers));

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

    private static float Clipped(Evaluation e, float x)
    {
        if (e.Attributes.TryGetValue("min", out object? min))
        {
            x = MathF.Max(x, (float)min);
        }

        return e.Attributes.TryGetValue("max", out object? max) ? MathF.Min(x, (float)max) : x;
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
