using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>A node in normal form that is computed: its inputs, and the shape of its output.</summary>
internal sealed record Evaluation(OnnxConstant?[] Inputs, int[] Shape, IReadOnlyDictionary<string, object> Attributes)
{
    public OnnxConstant X => Inputs[0]!;

    public OnnxConstant Y => Inputs[1]!;

    public int Count => Shapes.Count(Shape);

    /// <summary>An input's numbers.</summary>
    public Numbers<float> Floats(int input) => new(Inputs[input]!.Floats, Inputs[input]!.Shape);

    /// <summary>The same in double precision, also of integers.</summary>
    public Numbers<double> Doubles(int input) => Floats(input).Map(x => (double)x);

    /// <summary>An input's integers or truth values.</summary>
    public Numbers<long> Integers(int input) => new(Inputs[input]!.Integers, Inputs[input]!.Shape);

    /// <summary>An input with a number for each channel, which repeats it for the channel's elements.</summary>
    public Numbers<double> Column(int input) => Shape.Length < 2
        ? Doubles(input) : Doubles(input).Reshaped([Shape[1], .. Enumerable.Repeat(1, Shape.Length - 2)]);

    public int Integer(string attribute) => (int)(long)Attributes[attribute];

    public long[] Integers(string attribute) => (long[])Attributes[attribute];

    public double Number(string attribute) => (float)Attributes[attribute];

    public string Text(string attribute) => (string)Attributes[attribute];
}

/// <summary>Computes an operator's values.</summary>
/// <param name="Floats">Floating-point numbers; null if it has no such output.</param>
/// <param name="Integers">Integers and truth values; null if it has no such output.</param>
internal sealed record Evaluator(Func<Evaluation, float[]>? Floats, Func<Evaluation, long[]>? Integers)
{
    /// <summary>Whether it can be computed; always by default.</summary>
    public Func<Evaluation, bool> CanEvaluate { get; init; } = _ => true;

    /// <summary>About how many numbers are read or multiplied; by default as many as there are results.</summary>
    public Func<Evaluation, long> Work { get; init; } = e => e.Count;

    /// <summary>How many numbers of double precision it holds at a time; by default none.</summary>
    public Func<Evaluation, long> Held { get; init; } = _ => 0;

    /// <summary>Some for each element of the result and of what is read.</summary>
    public static long HeldPerElement(Evaluation e) => 5 * e.Inputs.Max(input => Math.Max(e.Count, (long)(input?.Count ?? 0)));
}

/// <summary>The evaluators by operator.</summary>
internal static class Evaluators
{
    private static readonly Dictionary<string, Evaluator> All = new(
    [
        .. MovingEvaluators.All, .. ElementwiseEvaluators.All, .. FormulaEvaluators.All,
        .. WindowEvaluators.All,
    ]);

    public static Evaluator? Find(string @operator) => All.GetValueOrDefault(@operator);
}
