using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Declarations;

/// <summary>
/// The methods of .NET and of <c>Strata.Functions</c> that an operator may call, as formulas. Each gives the same result as in C#, up to
/// the rounding of the vector functions. This includes NaN and infinities: <c>Max</c> of a NaN is NaN, as with <c>MathF.Max</c>.
/// </summary>
/// <remarks>
/// There are some differences:
/// <list type="bullet">
/// <item><description><c>Sign</c> gives NaN of NaN, and <c>Clamp</c> does not compare its bounds; C# throws.</description></item>
/// <item><description><c>Pow</c> of −∞ is NaN if the exponent is no whole number, as of other numbers below 0.</description></item>
/// <item><description><c>float.ExpM1</c> and <c>float.LogP1</c> are accurate near 0, which .NET's are not.</description></item>
/// </list>
/// </remarks>
internal static class FormulaFunctions
{
    /// <summary>The classes, as messages name them.</summary>
    public const string MathF = "MathF", Math = "Math", Float = "float", Double = "double", Strata = "Functions";

    private static readonly Dictionary<string, Func<Expression[], Expression>> OfMathF = new(StringComparer.Ordinal)
    {
        ["Abs/1"] = x => Abs(x[0]),
        ["Ceiling/1"] = x => Ceiling(x[0]),
        ["CopySign/2"] = x => CopySign(x[0], x[1]),
        ["Cos/1"] = x => Cos(x[0]),
        ["Exp/1"] = x => Exp(x[0]),
        ["Floor/1"] = x => Floor(x[0]),
        ["Log/1"] = x => Log(x[0]),
        ["Log/2"] = x => Log(x[0]) / Log(x[1]),
        ["Log10/1"] = x => Log(x[0]) * (1 / System.Math.Log(10)),
        ["Log2/1"] = x => Log(x[0]) * (1 / System.Math.Log(2)),
        ["Max/2"] = x => Max(x[0], x[1]),
        ["Min/2"] = x => Min(x[0], x[1]),
        ["Pow/2"] = x => Pow(x[0], x[1]),
        ["Round/1"] = x => Round(x[0]),
        ["Sign/1"] = x => Sign(x[0]),
        ["Sin/1"] = x => Sin(x[0]),
        ["Sqrt/1"] = x => Sqrt(x[0]),
        ["Tanh/1"] = x => Tanh(x[0]),
        ["Truncate/1"] = x => Truncate(x[0]),
    };

    /// <summary>MathF has no Clamp.</summary>
    private static readonly Dictionary<string, Func<Expression[], Expression>> OfMath = new(OfMathF, StringComparer.Ordinal)
    {
        ["Clamp/3"] = x => Min(Max(x[0], x[1]), x[2]),
    };

    private static readonly Dictionary<string, Func<Expression[], Expression>> OfNumbers = new(OfMath, StringComparer.Ordinal)
    {
        ["ExpM1/1"] = x => Expm1(x[0]),
        ["IsFinite/1"] = x => Abs(x[0]) < double.PositiveInfinity,
        ["IsInfinity/1"] = x => Expression.AreEqual(Abs(x[0]), double.PositiveInfinity),
        ["IsNaN/1"] = x => ~Expression.AreEqual(x[0], x[0]),
        ["LogP1/1"] = x => Log1p(x[0]),
    };

    private static readonly Dictionary<string, Func<Expression[], Expression>> OfStrata = new(StringComparer.Ordinal)
    {
        ["ELU/2"] = x => Known("ELU", x),
        ["Erf/1"] = x => Erf(x[0]),
        ["Expm1/1"] = x => Expm1(x[0]),
        ["GELU/1"] = x => GELU(x[0]),
        ["GELUTanh/1"] = x => GELUTanh(x[0]),
        ["HardSigmoid/1"] = x => HardSigmoid(x[0]),
        ["HardSwish/1"] = x => HardSwish(x[0]),
        ["LeakyReLU/2"] = x => Known("LeakyReLU", x),
        ["Log1p/1"] = x => Log1p(x[0]),
        ["LogSigmoid/1"] = x => -Softplus(-x[0]),
        ["Mish/1"] = x => Mish(x[0]),
        ["ReLU/1"] = x => MaxNative(0, x[0]),
        ["Sigmoid/1"] = x => Sigmoid(x[0]),
        ["SiLU/1"] = x => SiLU(x[0]),
        ["Softplus/1"] = x => Softplus(x[0]),
        ["Softplus/3"] = x => Known("Softplus", x),
    };

    /// <summary>The methods of a class that an operator may call.</summary>
    private static Dictionary<string, Func<Expression[], Expression>> MethodsOf(string type) => type switch
    {
        MathF => OfMathF,
        Math => OfMath,
        Float or Double => OfNumbers,
        _ => OfStrata,
    };

    /// <summary>The formula of a method; null if it has none.</summary>
    /// <param name="type">Its class, one of the constants above.</param>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">How many arguments it has.</param>
    public static Func<Expression[], Expression>? Find(string type, string name, int arguments) =>
        MethodsOf(type).TryGetValue(
            name + "/" + arguments.ToString(CultureInfo.InvariantCulture), out Func<Expression[], Expression>? known) ? known : null;

    /// <summary>
    /// From which argument on arguments must be constants. A vector function takes one vector, and single numbers after it.
    /// </summary>
    public static int FirstConstant(string type, string name) => type == Strata || name == "Pow" ? 1 : int.MaxValue;

    /// <summary>The names of the methods of a class.</summary>
    public static IEnumerable<string> NamesOf(string type) => MethodsOf(type).Keys
        .Select(key => key.Substring(0, key.IndexOf('/'))).Distinct().OrderBy(name => name, StringComparer.Ordinal);

    private static Call Known(string name, Expression[] arguments) => new(Functions.Find(name, arguments.Length)!, arguments);
}
