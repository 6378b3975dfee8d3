using System;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Expression;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>Draws expressions of some variables.</summary>
internal sealed class RandomExpressions(int seed, params Variable[] variables)
{
    private static readonly Func<Expression, Expression>[] OfOne =
    [
        x => -x, x => Exp(Min(x, 3)), x => Log(1 + (x * x)), x => Expm1(Min(x, 3)), Tanh, Sigmoid, Softplus, x => Softplus(x, 2, 3),
        x => LeakyReLU(x, 0.2),
        x => ELU(x, 1.3), SiLU, GELU, GELUTanh, HardSigmoid, HardSwish, x => Sqrt(1 + (x * x)), Abs, x => Max(0.25, x), x => Min(x, 0.5),
        x => MaxNative(-0.5, x), x => MinNative(1, x), x => 1 / (2 + Abs(x)), x => (x > 0.1) & x, x => ~(x <= 0.3) & (x + 1),
    ];

    private static readonly Func<Expression, Expression, Expression>[] OfTwo =
    [
        (x, y) => x + y, (x, y) => x - y, (x, y) => x * y, (x, y) => x / (1 + (y * y)), (x, y) => Select(x > y, x, y),
        (x, y) => Select(x <= 0.2, x * y, y),
        (x, y) => Select(~(x < y) & (y >= -1), x, 0.5 * y), (x, y) => Select(AreEqual(x, y), 1, x),
    ];

    private readonly Random _random = new(seed);

    public Expression Next(int depth) => depth == 0 ? Leaf() : _random.Next(5) switch
    {
        0 => Leaf(),
        1 or 2 => OfOne[_random.Next(OfOne.Length)](Next(depth - 1)),
        _ => OfTwo[_random.Next(OfTwo.Length)](Next(depth - 1), Next(depth - 1)),
    };

    private Expression Leaf() =>
        _random.Next(4) == 0 ? Math.Round((4 * _random.NextDouble()) - 2, 2) : variables[_random.Next(variables.Length)];
}
