using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Computes reductions, normalisations, products of matrices and resizing, by ONNX's formulas in double precision.</summary>
internal static class FormulaEvaluators
{
    /// <summary>What ONNX's function MeanVarianceNormalization adds to the deviation.</summary>
    private const double SmallDeviation = 1e-9;

    private static readonly (string Operator, Func<Numbers<double>, IEnumerable<long>, Numbers<double>> Reduce)[] Reductions =
    [
        ("ReduceSum", (x, axes) => x.Sum(axes)),
        ("ReduceMean", (x, axes) => x.Mean(axes)),
        ("ReduceProd", (x, axes) => x.Reduced(axes, 1.0, (product, one) => product * one)),
        ("ReduceMax", Largest),
        ("ReduceMin", (x, axes) => x.Reduced(axes, double.PositiveInfinity, Math.Min)),
        ("ReduceL1", (x, axes) => x.Map(Math.Abs).Sum(axes)),
        ("ReduceL2", (x, axes) => Norm(x, axes, 2)),
        ("ReduceSumSquare", (x, axes) => (x * x).Sum(axes)),
        ("ReduceLogSum", (x, axes) => x.Sum(axes).Map(Math.Log)),
        ("ReduceLogSumExp", (x, axes) => Largest(x, axes) + LogSumExp(x - Largest(x, axes), axes)),
    ];

    public static IEnumerable<KeyValuePair<string, Evaluator>> All { get; } =
    [
        .. Reductions.Select(one => KeyValuePair.Create(one.Operator, new Evaluator(
            e => Floats(one.Reduce(e.Doubles(0), e.Integers("axes"))),
            e => one.Reduce(e.Doubles(0), e.Integers("axes")).Map(x => (long)x).Values)
            {
                Work = e => e.X.Count,
                Held = Evaluator.HeldPerElement,
            })),
        Make("GlobalAveragePool", e => e.Doubles(0).Mean(From(2, e))),
        Make("GlobalMaxPool", e => Largest(e.Doubles(0), From(2, e))),
        Make("GlobalLpPool", e => Norm(e.Doubles(0), From(2, e), e.Integer("p"))),
        KeyValuePair.Create("ArgMax", Index((x, best) => x > best)),
        KeyValuePair.Create("ArgMin", Index((x, best) => x < best)),
        Make("Softmax", Softmax),
        Make("LogSoftmax", LogSoftmax),
        Make("BatchNormalization", e => Scaled(e, (e.Doubles(0) - e.Column(3)) / e.Column(4).Map(variance => Deviation(e, variance)))),
        Make("InstanceNormalization", e => Scaled(e, Normalised(e.Doubles(0), From(2, e), variance => Deviation(e, variance)))),
        Make("GroupNormalization", e => Scaled(e, Normalised(
            e.Doubles(0).Reshaped(e.Shape[0], e.Integer("num_groups"), e.Count / Math.Max(1, e.Shape[0] * e.Integer("num_groups"))), [2],
            variance => Deviation(e, variance)).Reshaped(e.Shape))),
        Make("LayerNormalization", LayerNorm),
        Make("MeanVarianceNormalization", e => Normalised(
            e.Doubles(0), e.Integers("axes"), variance => Math.Sqrt(variance) + SmallDeviation)),
        KeyValuePair.Create("LRN", new Evaluator(e => Floats(LocalResponse(e)), null)
        {
            Work = e => e.Count * (long)Math.Min(e.Integer("size"), e.X.Shape[1]),
            Held = Evaluator.HeldPerElement,
        }),
        KeyValuePair.Create("MatMul", new Evaluator(
            e => Floats(Matrix(e.Floats(0), isLeft: true).Times(Matrix(e.Floats(1), isLeft: false))), null)
        {
            Work = e => e.Count * (long)e.X.Shape[^1],
            Held = e => e.Count,
        }),
        KeyValuePair.Create("Gemm", new Evaluator(e => Floats(Gemm(e)), null)
        {
            Work = e => e.Count * (long)e.X.Shape[e.Integer("transA") != 0 ? 0 : 1],
            Held = Evaluator.HeldPerElement,
        }),
        KeyValuePair.Create("Resize", new Evaluator(e => Floats(ResizedPlaces.Resized(e)), null)
        {
            CanEvaluate = ResizedPlaces.AreKnown,
            Work = e => 4 * e.Shape.Length * ResizedPlaces.Largest(e),
            Held = e => 5 * ResizedPlaces.Largest(e),
        }),
    ];

    private static KeyValuePair<string, Evaluator> Make(string @operator, Func<Evaluation, Numbers<double>> numbers) => KeyValuePair.Create(
        @operator, new Evaluator(e => Floats(numbers(e)), null) { Work = e => 8L * e.X.Count, Held = Evaluator.HeldPerElement });

    private static float[] Floats(Numbers<double> numbers) => Array.ConvertAll(numbers.Values, x => (float)x);

    /// <summary>The axes from one to the last.</summary>
    private static IEnumerable<long> From(int axis, Evaluation e) =>
        Enumerable.Range(axis, e.X.Shape.Count - axis).Select(one => (long)one);

    private static Numbers<double> Largest(Numbers<double> x, IEnumerable<long> axes) =>
        x.Reduced(axes, double.NegativeInfinity, Math.Max);

    private static Numbers<double> Norm(Numbers<double> x, IEnumerable<long> axes, int power) =>
        x.Map(one => Math.Pow(Math.Abs(one), power)).Sum(axes).Map(sum => Math.Pow(sum, 1.0 / power));

    private static Numbers<double> LogSumExp(Numbers<double> x, IEnumerable<long> axes) => x.Map(Math.Exp).Sum(axes).Map(Math.Log);

    /// <summary>x less the largest one, so that no power is too large.</summary>
    private static Numbers<double> Differences(Evaluation e) => e.Doubles(0) - Largest(e.Doubles(0), e.Integers("axes"));

    private static Numbers<double> Softmax(Evaluation e)
    {
        Numbers<double> powers = Differences(e).Map(Math.Exp);
        return powers / powers.Sum(e.Integers("axes"));
    }

    private static Numbers<double> LogSoftmax(Evaluation e)
    {
        Numbers<double> differences = Differences(e);
        return differences - LogSumExp(differences, e.Integers("axes"));
    }

    private static double Deviation(Evaluation e, double variance) => Math.Sqrt(variance + e.Number("epsilon"));

    /// <summary>(x − mean)/deviation.</summary>
    private static Numbers<double> Normalised(Numbers<double> x, IEnumerable<long> axes, Converter<double, double> deviation)
    {
        Numbers<double> centered = x - x.Mean(axes);
        return centered / (centered * centered).Mean(axes).Map(deviation);
    }

    /// <summary>Times the scale of each channel, and the bias added.</summary>
    private static Numbers<double> Scaled(Evaluation e, Numbers<double> normalised) => (normalised * e.Column(1)) + e.Column(2);

    private static Numbers<double> LayerNorm(Evaluation e)
    {
        Numbers<double> scaled = Normalised(e.Doubles(0), From(e.Integer("axis"), e), variance => Deviation(e, variance)) * e.Doubles(1);
        return e.Inputs.Length > 2 && e.Inputs[2] is OnnxConstant ? scaled + e.Doubles(2) : scaled;
    }

    /// <summary>x/(bias + alpha/size·Σx²)^beta over neighbouring channels.</summary>
    private static Numbers<double> LocalResponse(Evaluation e)
    {
        Numbers<double> x = e.Doubles(0), squares = x * x, sum = squares.Map(_ => 0.0);
        int size = e.Integer("size"), channels = x.Shape[1];
        for (int by = -Math.Min((size - 1) / 2, channels - 1); by <= Math.Min(size / 2, channels - 1); by++)
        {
            sum += squares.Along(
                1, [.. Enumerable.Range(by, channels).Select(at => at >= 0 && at < channels ? at : Numbers.Outside)], 0);
        }

        double alpha = e.Number("alpha"), beta = e.Number("beta"), bias = e.Number("bias");
        return x / sum.Map(one => Math.Pow(bias + (alpha / size * one), beta));
    }

    private static Evaluator Index(Func<float, float, bool> isBetter) => new(null, e =>
    {
        int axis = e.Integer("axis"), stride = Shapes.Strides(e.X.Shape)[axis];
        return Best(e, [axis], isBetter).Map(best => (long)(best / stride % e.X.Shape[axis])).Values;
    })
    {
        Work = e => e.X.Count,
        Held = Evaluator.HeldPerElement,
    };

    /// <summary>Which element is the largest or smallest; of equal ones the first.</summary>
    private static Numbers<int> Best(Evaluation e, long[] axes, Func<float, float, bool> isBetter)
    {
        float[] x = e.X.Floats;
        return Numbers.Range(e.X.Shape).Reduced(axes, -1, (best, at) => best < 0 || isBetter(x[at], x[best]) ? at : best);
    }

    /// <summary>A vector is a row or, on the right, a column.</summary>
    private static Numbers<float> Matrix(Numbers<float> x, bool isLeft) =>
        x.Shape.Count > 1 ? x : isLeft ? x.Reshaped(1, x.Values.Length) : x.Reshaped(x.Values.Length, 1);

    private static Numbers<double> Gemm(Evaluation e)
    {
        Numbers<float> a = e.Floats(0), b = e.Floats(1);
        a = e.Integer("transA") != 0 ? a.Transposed(1, 0) : a;
        b = e.Integer("transB") != 0 ? b.Transposed(1, 0) : b;
        Numbers<double> product = a.Times(b).Map(x => e.Number("alpha") * x);
        return e.Inputs.Length > 2 && e.Inputs[2] is OnnxConstant ? product + e.Doubles(2).Map(x => e.Number("beta") * x) : product;
    }
}
