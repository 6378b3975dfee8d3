using System;
using System.Collections.Generic;
using System.Linq;
using static System.FormattableString;

#pragma warning disable IDE0011 // Loops over constants: braces would double their lines.

namespace Strata.Onnx.Tests;

/// <summary>Functions near those that have layers, and those themselves; and random ones.</summary>
internal static class FunctionCases
{
    private static readonly string[] Comparisons = ["Greater", "GreaterOrEqual", "Less", "LessOrEqual"];

    public static IEnumerable<FunctionCase> All()
    {
        FunctionCase[] all = [.. Jumps(), .. Ramps(), .. Shrinks(), .. Rectifiers(), .. Smooth(), .. Gates(), .. Gelus(), .. Others()];
        return all.DistinctBy(one => one.Name);
    }

    private static IEnumerable<FunctionCase> Jumps()
    {
        foreach (float at in new[] { 0.02f, -0.02f, 1e-6f, 0, 0.5f, 3, 1000 })
            foreach (string comparison in Comparisons)
            {
                yield return new(Invariant($"Where({comparison}(x, {at}), x, 0)"), n => n.Op("Where", n.Op(comparison, "x", at), "x", 0),
                    at);
                yield return new(Invariant($"{comparison}(x, {at}) as a number"), n => n.Float(n.Op(comparison, "x", at)), at);
            }

        foreach ((float at, float value) in new[] { (0.02f, 0.1f), (0.02f, -1), (1, 1), (-0.5f, -0.5f), (20, 0), (1e-3f, 1e-3f), (0.1f,
            7) })
        {
            yield return new(Invariant($"Threshold({at}, {value})"), n => n.Op("Where", n.Op("Greater", "x", at), "x", value), at, value);
            yield return new(
                Invariant($"Threshold({at}, {value}) by Less"), n => n.Op("Where", n.Op("LessOrEqual", "x", at), value, "x"), at, value);
            yield return new(Invariant($"x·(x > {at})"), n => n.Op("Mul", "x", n.Float(n.Op("Greater", "x", at))), at);
            yield return new(
                Invariant($"ThresholdedRelu({at})"), n => n.With("ThresholdedRelu", [("alpha", at)], "x"), at);
        }

        yield return new("x == 0", n => n.Float(n.Op("Equal", "x", 0)), 0);
        yield return new("Sign", n => n.Op("Sign", "x"), 0);
        yield return new("x·Sign(x)", n => n.Op("Mul", "x", n.Op("Sign", "x")), 0);
        yield return new("not x > 0.1", n => n.Float(n.Op("Not", n.Op("Greater", "x", 0.1))), 0.1f);
        yield return new("x between", n => n.Op(
            "Where", n.Op("And", n.Op("Greater", "x", -0.3), n.Op("Less", "x", 0.7)), "x", 0), -0.3f, 0.7f);
        yield return new("x outside", n => n.Op("Where", n.Op("Or", n.Op("Greater", "x", 0.7), n.Op("Less", "x", -0.3)), "x", 0), -0.3f,
            0.7f);
        yield return new("x xor", n => n.Op("Where", n.Op("Xor", n.Op("Greater", "x", 0.7), n.Op("Less", "x", -0.3)), "x", 1), -0.3f, 0.7f);
        yield return new("Where in Where", n => n.Op("Where", n.Op("Greater", "x", 1),
            n.Op("Mul", "x", 2), n.Op("Where", n.Op("Less", "x", -0.01), n.Op("Exp", "x"), 0.5)), 1, -0.01f);
        yield return new("Relu and a step", n => n.Op("Add", n.Op("Relu", "x"), n.Float(n.Op("Greater", "x", 2))), 0, 2);
        yield return new("Floor", n => n.Op("Floor", "x"), 1, -1);
        yield return new("Round", n => n.Op("Round", "x"), 0.5f, 1.5f, -0.5f);
        yield return new("Ceil of twice", n => n.Op("Ceil", n.Op("Mul", "x", 2)), 0.5f);
    }

    private static IEnumerable<FunctionCase> Ramps()
    {
        foreach ((float slope, float offset) in new[] { (2000f, 0.5f), (1000, 0), (300, 0.5f), (1 / 6f, 0.5f), (0.2f, 0.5f), (0.1666f,
            0.5f),
            (1e-3f, 0.5f), (-1, 0.5f), (0.17f, 0.5f), (1, 0) })
        {
            float[] kinks = [-offset / slope, (1 - offset) / slope];
            yield return new(Invariant($"clip({slope}·x + {offset}, 0, 1)"),
                n => n.Op("Clip", n.Op("Add", n.Op("Mul", "x", slope), offset), 0, 1), kinks);
            yield return new(Invariant($"HardSigmoid({slope}, {offset})"),
                n => n.With("HardSigmoid", [("alpha", slope), ("beta", offset)], "x"), kinks);
            yield return new(Invariant($"x·HardSigmoid({slope}, {offset})"),
                n => n.Op("Mul", "x", n.With("HardSigmoid", [("alpha", slope), ("beta", offset)], "x")), kinks);
        }

        foreach ((float least, float most) in new[] { (0f, 6f), (0, 5.999f), (0, 6.00001f), (0, 6.01f), (-1, 1), (-1e-6f, 1e-6f), (0,
            1e-3f),
            (-1000, 1000), (0, 1e-6f), (1, 2), (-3, 0), (0, 1e6f), (-1e8f, 1e8f) })
        {
            yield return new(Invariant($"clip(x, {least}, {most})"), n => n.Op("Clip", "x", least, most), least, most);
            yield return new(Invariant($"max(min(x, {most}), {least})"), n => n.Op("Max", n.Op("Min", "x", most), least), least, most);
            yield return new(Invariant($"clip(x + 1, {least}, {most})"), n => n.Op("Clip", n.Op("Add", "x", 1), least, most), least - 1,
                most - 1);
            yield return new(Invariant($"clip by Where, {least}, {most}"), n => n.Op(
                "Where", n.Op("Less", "x", least), least, n.Op("Where", n.Op("Greater", "x", most), most, "x")), least, most);
        }

        yield return new("relu(x) − relu(x − 1)", n => n.Op("Sub", n.Op("Relu", "x"), n.Op("Relu", n.Op("Sub", "x", 1))), 0, 1);
        yield return new("relu(x) − relu(x − 1) + relu(x − 2)", n => n.Op("Add", n.Op("Sub", n.Op("Relu", "x"),
            n.Op("Relu", n.Op("Sub", "x", 1))), n.Op("Relu", n.Op("Sub", "x", 2))), 0, 1, 2);
        yield return new("relu(x + 10⁸) − 10⁸", n => n.Op("Sub", n.Op("Relu", n.Op("Add", "x", 1e8)), 1e8), -1e8f);
        yield return new("10⁻⁶·relu(x)", n => n.Op("Mul", n.Op("Relu", "x"), 1e-6), 0);
        yield return new("relu6(x + 3)/6", n => n.Op("Div", n.Op("Clip", n.Op("Add", "x", 3), 0, 6), 6), -3, 3);
    }

    private static IEnumerable<FunctionCase> Shrinks()
    {
        foreach (float limit in new[] { 0.02f, 0.5f, 1e-6f, 3, 0 })
        {
            yield return new(Invariant($"Hardshrink({limit})"), n => n.With("Shrink", [("lambd", limit)], "x"), limit, -limit);
            yield return new(Invariant($"Shrink({limit}, {2 * limit})"),
                n => n.With("Shrink", [("lambd", limit), ("bias", 2 * limit)], "x"), limit, -limit);
            yield return new(Invariant($"Softshrink({limit})"),
                n => n.With("Shrink", [("lambd", limit), ("bias", limit)], "x"), limit, -limit);
            yield return new(Invariant($"Hardshrink({limit}) by Abs"),
                n => n.Op("Where", n.Op("Greater", n.Op("Abs", "x"), limit), "x", 0), limit, -limit);
            yield return new(Invariant($"Hardshrink({limit}) by Abs with its limit"),
                n => n.Op("Where", n.Op("GreaterOrEqual", n.Op("Abs", "x"), limit), "x", 0), limit, -limit);
            yield return new(Invariant($"Hardshrink({limit}) by two"), n => n.Op("Where", n.Op("Greater", "x", limit), "x",
                n.Op("Where", n.Op("Less", "x", -limit), "x", 0)), limit, -limit);
            yield return new(Invariant($"Softshrink({limit}) by Relu"), n => n.Op("Sub", n.Op("Relu", n.Op("Sub", "x", limit)),
                n.Op("Relu", n.Op("Sub", n.Op("Neg", "x"), limit))), limit, -limit);
            yield return new(Invariant($"Softshrink({limit}) by Sign"), n => n.Op(
                "Mul", n.Op("Sign", "x"), n.Op("Relu", n.Op("Sub", n.Op("Abs", "x"), limit))), limit, -limit);
            yield return new(Invariant($"Softshrink({limit}) by Clip"), n => n.Op("Sub", "x", n.Op("Clip", "x", -limit, limit)), limit,
                -limit);
            yield return new(Invariant($"Uneven shrink({limit})"), n => n.Op("Where", n.Op("Greater", "x", limit), "x",
                n.Op("Where", n.Op("Less", "x", -1.5 * limit), "x", 0)), limit, -1.5f * limit);
        }
    }

    private static IEnumerable<FunctionCase> Rectifiers()
    {
        foreach (float slope in new[] { 0.01f, 0.2f, 1e-6f, 0.999999f, -0.5f, 2, 0 })
        {
            yield return new(Invariant($"LeakyReLU({slope}) by Where"),
                n => n.Op("Where", n.Op("Greater", "x", 0), "x", n.Op("Mul", "x", slope)), 0);
            yield return new(Invariant($"LeakyReLU({slope}) at 0.001"),
                n => n.Op("Where", n.Op("Greater", "x", 0.001), "x", n.Op("Mul", "x", slope)), 0, 0.001f);
            yield return new(Invariant($"max(x, {slope}·x)"), n => n.Op("Max", "x", n.Op("Mul", "x", slope)), 0);
            yield return new(Invariant($"relu(x) − {slope}·relu(−x)"),
                n => n.Op("Sub", n.Op("Relu", "x"), n.Op("Mul", n.Op("Relu", n.Op("Neg", "x")), slope)), 0);
            yield return new(Invariant($"LeakyReLU({slope})"), n => n.With("LeakyRelu", [("alpha", slope)], "x"), 0);
        }

        foreach (float alpha in new[] { 1f, 0.1f, 1e-4f, 2, -0.5f, 50 })
        {
            yield return new(Invariant($"ELU({alpha})"), n => n.With("Elu", [("alpha", alpha)], "x"), 0) { IsRounded = true };
            yield return new(Invariant($"ELU({alpha}) by Where"), n => n.Op("Where", n.Op("Greater", "x", 0), "x",
                n.Op("Mul", n.Op("Sub", n.Op("Exp", "x"), 1), alpha)), 0)
            { IsRounded = true };
            yield return new(Invariant($"ELU({alpha}) with a jump"), n => n.Op("Where", n.Op("Greater", "x", 0.001), "x",
                n.Op("Mul", n.Op("Sub", n.Op("Exp", "x"), 1), alpha)), 0, 0.001f)
            { IsRounded = true };
            yield return new(Invariant($"ELU({alpha}) by Min"), n => n.Op("Add", n.Op("Relu", "x"),
                n.Op("Mul", n.Op("Min", n.Op("Sub", n.Op("Exp", "x"), 1), 0), alpha)), 0)
            { IsRounded = true };
            yield return new(Invariant($"CELU({alpha})"), n => n.With("Celu", [("alpha", alpha)], "x"), 0) { IsRounded = true };
            yield return new(Invariant($"CELU({alpha}) by Where"), n => n.Op("Where", n.Op("Greater", "x", 0), "x",
                n.Op("Mul", n.Op("Sub", n.Op("Exp", n.Op("Div", "x", alpha)), 1), alpha)), 0)
            { IsRounded = true };
        }

        foreach ((float alpha, float gamma) in new[] { (1.6732632f, 1.050701f), (1.6732f, 1.0507f), (1.6733f, 1.05f), (1, 1) })
        {
            yield return new(Invariant($"SELU({alpha}, {gamma})"), n => n.With("Selu", [("alpha", alpha), ("gamma", gamma)], "x"),
                0)
            { IsRounded = true };
        }
    }

    private static IEnumerable<FunctionCase> Smooth()
    {
        foreach (float steep in new[] { 1, 300f, 1.702f, 1e-3f, -1, 1.00001f, 1e4f, 1e-6f })
        {
            yield return new(Invariant($"σ({steep}·x)"), n => n.Op("Sigmoid", n.Op("Mul", "x", steep)), 0, 1 / steep);
            yield return new(Invariant($"x·σ({steep}·x)"), n => n.Op("Mul", "x", n.Op("Sigmoid", n.Op("Mul", "x", steep))), 0, 1 / steep);
            yield return new(Invariant($"tanh({steep}·x)"), n => n.Op("Tanh", n.Op("Mul", "x", steep)), 0, 1 / steep);
            yield return new(Invariant($"x·tanh({steep}·x)"), n => n.Op("Mul", "x", n.Op("Tanh", n.Op("Mul", "x", steep))), 0, 1 / steep);
            yield return new(Invariant($"softsign({steep}·x)"), n => n.Op("Softsign", n.Op("Mul", "x", steep)), 0, 1 / steep);
            yield return new(Invariant($"{steep}·σ(x)"), n => n.Op("Mul", n.Op("Sigmoid", "x"), steep), 0);
        }

        // Larger factors show the roundings of σ and nothing else.
        foreach (float scale in new[] { 1e-6f, 1e-3f, 1.00001f, -2 })
        {
            yield return new(Invariant($"{scale}·(σ(x) − 0.5)"), n => n.Op("Mul", n.Op("Sub", n.Op("Sigmoid", "x"), 0.5), scale))
            {
                IsRounded = true,
            };
        }

        foreach (float scale in new[] { 1e-6f, 1e-3f, 1.00001f, 1e6f, -2 })
        {
            yield return new(Invariant($"{scale}·x·σ(x)"), n => n.Op("Mul", n.Op("Mul", "x", n.Op("Sigmoid", "x")), scale));
            yield return new(Invariant($"{scale}·tanh(x)"), n => n.Op("Mul", n.Op("Tanh", "x"), scale));
            yield return new(Invariant($"{scale}·softplus(x)"), n => n.Op("Mul", n.Op("Softplus", "x"), scale));
            yield return new(Invariant($"x + {scale}·tanh(x)"), n => n.Op("Add", "x", n.Op("Mul", n.Op("Tanh", "x"), scale)));
        }

        foreach (float beta in new[] { 1, 2f, 0.5f, 20, 100 })
        {
            yield return new(Invariant($"softplus of {beta}"), n => n.Op("Div", n.Op("Softplus", n.Op("Mul", "x", beta)), beta), 0);
            foreach (float threshold in new[] { 20f, 2, 0.1f })
            {
                yield return new(Invariant($"softplus of {beta} with threshold {threshold}"), n => n.Op(
                    "Where", n.Op("Greater", "x", threshold / beta), "x", n.Op("Div", n.Op("Softplus", n.Op("Mul", "x", beta)), beta)),
                    threshold / beta);
            }
        }

        yield return new("−softplus(−x)", n => n.Op("Neg", n.Op("Softplus", n.Op("Neg", "x"))));
        yield return new("x − tanh(x)", n => n.Op("Sub", "x", n.Op("Tanh", "x"))) { IsRounded = true };
        yield return new("x/(1 + |x|)", n => n.Op("Div", "x", n.Op("Add", 1, n.Op("Abs", "x"))), 0);
        yield return new("x/(1.001 + |x|)", n => n.Op("Div", "x", n.Op("Add", 1.001, n.Op("Abs", "x"))), 0);
        yield return new("1/(1 + e⁻ˣ)", n => n.Op("Reciprocal", n.Op("Add", 1, n.Op("Exp", n.Op("Neg", "x")))));
        yield return new("1/(1.0001 + e⁻ˣ)", n => n.Op("Div", 1, n.Op("Add", n.Op("Exp", n.Op("Neg", "x")), 1.0001)));
        yield return new("e^(−x²)", n => n.Op("Exp", n.Op("Neg", n.Op("Mul", "x", "x"))));
        yield return new("erf", n => n.Op("Erf", "x"));
        yield return new("sin of 2x", n => n.Op("Sin", n.Op("Clip", n.Op("Mul", "x", 2), -100, 100)));
    }

    private static IEnumerable<FunctionCase> Gates()
    {
        foreach (float shift in new[] { 3f, 3.01f, 2.5f })
            foreach (float most in new[] { 6f, 6.1f })
                foreach (float factor in new[] { 1 / 6f, 0.1666f, 0.17f, 0.16666f, 1 })
                {
                    yield return new(Invariant($"x·clip(x + {shift}, 0, {most})·{factor}"), n => n.Op("Mul", n.Op("Mul", "x",
                        n.Op("Clip", n.Op("Add", "x", shift), 0, most)), factor), -shift, most - shift);
                }

        yield return new("HardSwish by Div", n => n.Op("Div", n.Op("Mul", "x", n.Op("Clip", n.Op("Add", "x", 3), 0, 6)), 6), -3, 3);
        yield return new("HardSwish of a HardSigmoid", n => n.Op("Mul", "x", n.With("HardSigmoid", [("alpha", 1 / 6f), ("beta", 0.5f)],
            "x")),
            -3, 3);
        yield return new("x·σ(x) with a jump", n => n.Op("Where", n.Op("Greater", "x", 4), "x", n.Op("Mul", "x", n.Op("Sigmoid", "x"))), 4);
        yield return new("Mish", n => n.Op("Mul", "x", n.Op("Tanh", n.Op("Softplus", "x"))));
        yield return new("Mish of 1.001", n => n.Op("Mul", "x", n.Op("Tanh", n.Op("Softplus", n.Op("Mul", "x", 1.001)))));
        yield return new("x/(1 + e⁻ˣ)", n => n.Op("Div", "x", n.Op("Add", 1, n.Op("Exp", n.Op("Neg", "x")))));
        yield return new("x·relu(x)", n => n.Op("Mul", "x", n.Op("Relu", "x")), 0);
        yield return new("relu(x)²", n => n.Op("Pow", n.Op("Relu", "x"), 2), 0);
        yield return new("x·|x|", n => n.Op("Mul", "x", n.Op("Abs", "x")), 0);
    }

    private static IEnumerable<FunctionCase> Gelus()
    {
        foreach (float factor in new[] { 0.70710678f, 0.7071068f, 0.7071f, 0.7f, 0.70711f, 0.7072f })
        {
            yield return new(Invariant($"x·(1 + erf({factor}·x))/2"), n => n.Op("Mul", n.Op("Mul", "x", 0.5),
                n.Op("Add", n.Op("Erf", n.Op("Mul", "x", factor)), 1)));
        }

        foreach (float divisor in new[] { 1.4142135f, 1.4142f, 1.41f, 1.4f })
        {
            yield return new(Invariant($"x·(1 + erf(x/{divisor}))/2"), n => n.Op("Div", n.Op("Mul", "x",
                n.Op("Add", n.Op("Erf", n.Op("Div", "x", divisor)), 1)), 2));
        }

        foreach (float factor in new[] { 0.7978845608f, 0.79788f, 0.8f })
            foreach (float cubic in new[] { 0.044715f, 0.0447f, 0.05f })
            {
                yield return new(Invariant($"GELU by tanh, {factor}, {cubic}"), n => n.Op("Mul", n.Op("Mul", "x", 0.5), n.Op("Add", 1,
                    n.Op("Tanh", n.Op("Mul", factor, n.Op("Add", "x", n.Op("Mul", n.Op("Pow", "x", 3), cubic)))))));
                yield return new(Invariant($"GELU by tanh and squares, {factor}, {cubic}"), n => n.Op("Mul", n.Op("Mul", 0.5, "x"),
                    n.Op("Add",
                    n.Op("Tanh", n.Op("Mul", n.Op("Mul", factor, "x"), n.Op("Add", 1, n.Op("Mul", cubic, n.Op("Mul", "x", "x"))))), 1)));
            }

        yield return new("x·(1 + erf(x/√2))/2 with a limit", n => n.Op("Max", n.Op("Mul", n.Op("Mul", "x", 0.5),
            n.Op("Add", n.Op("Erf", n.Op("Mul", "x", 0.70710678)), 1)), -0.1));
    }

    private static IEnumerable<FunctionCase> Others()
    {
        yield return new("|x|", n => n.Op("Sub", n.Op("Relu", "x"), n.Op("Min", "x", 0)), 0);
        yield return new("|x| by Max", n => n.Op("Max", "x", n.Op("Neg", "x")), 0);
        yield return new("1.00001·|x|", n => n.Op("Mul", n.Op("Abs", "x"), 1.00001), 0);
        yield return new("√x²", n => n.Op("Sqrt", n.Op("Mul", "x", "x")), 0);
        yield return new("x³", n => n.Op("Mul", "x", n.Op("Mul", "x", "x")));
        yield return new("2x²", n => n.Op("Mul", n.Op("Mul", "x", "x"), 2));
        yield return new("x² + x", n => n.Op("Add", n.Op("Mul", "x", "x"), "x"), -1);
        yield return new("x·1.000001", n => n.Op("Mul", "x", 1.000001));
        yield return new("x + 10⁻⁶", n => n.Op("Add", "x", 1e-6));
        yield return new("10⁻⁶·x", n => n.Op("Mul", "x", 1e-6));
        yield return new("x − clip(x, −10⁻⁴, 10⁻⁴)", n => n.Op("Sub", "x", n.Op("Clip", "x", -1e-4, 1e-4)), 1e-4f, -1e-4f);
        yield return new("1/x", n => n.Op("Reciprocal", n.Op("Add", n.Op("Abs", "x"), 1)), 0);
    }

    /// <summary>Nodes put together at random, with constants that are near to those of layers and far from them.</summary>
    public static FunctionCase Random(int seed) =>
        new(Invariant($"random function {seed}"), n => new RandomFunction(n, new Random(seed)).Write(), RandomFunction.KinksOf(seed))
        {
            IsRounded = true,
        };

    private sealed class RandomFunction(FunctionCase.Nodes nodes, Random random)
    {
        private static readonly float[] Constants =
            [0, 0.02f, 0.1f, 0.5f, 1, -1, 2, 3, -3, 6, 1 / 6f, 0.16666f, 0.7071068f, 1.702f, 300, 20, 1e-3f, 0.01f, -0.25f];

        private static readonly string[] Unary =
            ["Relu", "Sigmoid", "Tanh", "Abs", "Neg", "Softplus", "Erf", "Softsign", "Sign", "HardSwish", "Mish"];

        private static readonly string[] Binary = ["Add", "Sub", "Mul", "Mul", "Min", "Max"];

        public static float[] KinksOf(int seed)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, 4).Select(_ => Constants[random.Next(Constants.Length)]).Distinct()];
        }

        public string Write()
        {
            string result = Next(2 + random.Next(3));
            return random.Next(4) == 0 ? nodes.Op("Where", nodes.Op(Comparison(), "x", Constant()), result, Operand(1)) : result;
        }

        private string Next(int depth) => depth == 0 ? "x" : random.Next(8) switch
        {
            0 or 1 => nodes.Op(Unary[random.Next(Unary.Length)], Next(depth - 1)),
            2 or 3 => nodes.Op(Binary[random.Next(Binary.Length)], Next(depth - 1), Constant()),
            4 => nodes.Op(Binary[random.Next(Binary.Length)], Next(depth - 1), Next(random.Next(depth))),
            5 => nodes.Op("Where", nodes.Op(Comparison(), Next(random.Next(depth)), Constant()), Next(depth - 1),
                Operand(random.Next(depth))),
            6 => nodes.Op("Clip", Next(depth - 1), -MathF.Abs(Constant()), MathF.Abs(Constant()) + 0.1f),
            _ => nodes.Op("Mul", Next(depth - 1), nodes.Float(nodes.Op(Comparison(), Next(random.Next(depth)), Constant()))),
        };

        private object Operand(int depth) => random.Next(2) == 0 ? Constant() : Next(depth);

        private float Constant() => Constants[random.Next(Constants.Length)];

        private string Comparison() => Comparisons[random.Next(Comparisons.Length)];
    }
}
