using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;
using Strata.Compiler.KernelLanguage;
using Strata.Generator.Tests.KernelLanguage;
using Xunit;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Generator.Tests;

/// <summary>Methods of operators that are read as formulas. Each formula computes what C# computes.</summary>
public sealed class OperatorReaderTests
{
    private const string Usings = "using System;\nusing Strata;\n";

    private const int Methods = 500;

    /// <summary>The functions of random methods in double precision.</summary>
    private const string Twin = """
        static class Twin
        {
            public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
            public static double LogSigmoid(double x) => -Softplus(-x);
            public static double Softplus(double x) => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));
            public static double Softplus(double x, double beta, double threshold) =>
                x * beta > threshold ? x : Softplus(x * beta) / beta;
            public static double Log1p(double x) => Math.Log(1 + x);
            public static double Expm1(double x) => Math.Exp(x) - 1;
            public static double ReLU(double x) => Math.Max(x, 0);
            public static double LeakyReLU(double x, double slope) => x > 0 ? x : slope * x;
            public static double ELU(double x) => x > 0 ? x : Expm1(x);
            public static double SiLU(double x) => x * Sigmoid(x);
            public static double Mish(double x) => x * Math.Tanh(Softplus(x));
            public static double HardSigmoid(double x) => Math.Clamp(x + 3, 0, 6) / 6;
            public static double HardSwish(double x) => x * HardSigmoid(x);
        }

        """;

    private static readonly RandomMethods.Values Declared = new(1.5, 3, true), Used = new(0.75, 6, false);

    private static readonly Variable X = new("x"), Y = new("y");

    [Fact]
    public void An_operator_is_read_with_its_parameters()
    {
        DeclaredOperator mish = Read(Harness.Operators, "BetaMishAttribute");
        Assert.Equal(("BetaMishAttribute", "BetaMish", false), (mish.Key, mish.Kind, mish.IsLoss));
        Assert.Equal(["x"], mish.Inputs);
        Assert.Equal(["Beta", "Slope"], mish.Constants.Select(constant => constant.Name));
        Assert.Equal([new TrainedConstant("Slope", "a", IsPerChannel: true)], mish.Trained);

        Expression Formula(Expression y)
        {
            Expression least = Min(X * DeclaredOperator.TrainedOf("Slope"), -1f / 3);
            return Expression.Select((X > 0) & ~(y >= 20), X * Tanh(Softplus(y)), least * least);
        }

        Assert.Equal(Formula(1.5 * X), mish.At(Evaluator(mish, ("Beta", 1.5))));

        // 1·x is x: the operator costs no more than one without the parameter.
        Assert.Equal(Formula(X), mish.At(Evaluator(mish)));
    }

    [Fact]
    public void Operators_of_two_tensors_and_losses_have_two_inputs()
    {
        DeclaredOperator gate = Read(Harness.Operators, "GateAttribute"), loss = Read(Harness.Operators, "OffAttribute");
        Assert.Equal(["a", "b"], gate.Inputs);
        Assert.Equal(new Variable("a") * Sigmoid(new Variable("b")), gate.Value);
        Assert.True(loss.IsLoss);
        Assert.Equal(["output", "target"], loss.Inputs);
    }

    [Fact]
    public void What_was_read_twice_is_equal_and_holds_nothing_of_the_compilation()
    {
        DeclaredOperator once = Read(Harness.Operators, "BetaMishAttribute");
        string moved = "\n\n" + Harness.Operators.Replace("<summary>x·tanh", "<summary>By Misra: x·tanh", StringComparison.Ordinal);
        Assert.Equal(once, Read(moved, "BetaMishAttribute"));
        Assert.NotEqual(once, Read(Harness.Operators.Replace("x > 0", "x >= 0", StringComparison.Ordinal), "BetaMishAttribute"));
    }

    /// <summary>Several networks, the metadata and the analyzer ask for the same operator.</summary>
    [Fact]
    public void An_operator_is_read_once_for_each_compilation()
    {
        CSharpCompilation compilation = new Harness().Compile(Harness.Operators);
        ReadOperator Once() => OperatorReader.Read(
            compilation.GetTypeByMetadataName("GateAttribute")!, compilation, TestContext.Current.CancellationToken);
        Assert.Same(Once(), Once());
    }

    [Theory]
    [InlineData("Slope", "slope")]
    [InlineData("MaxSlope", "max_slope")]
    [InlineData("ELUAlpha2", "elu_alpha2")]
    [InlineData("log_scale", "log_scale")]
    public void A_trained_number_has_a_key_in_the_style_of_PyTorch(string name, string key) => Assert.Equal(
        key,
        Read($"class OwnAttribute : ElementwiseAttribute {{ [Trained] const double {name} = 1; public static float Value(float x) => x * (float){name}; }}",
            "OwnAttribute").Trained[0].Key);

    [Theory]
    [InlineData("const int N = 7;", "x * (N / 2)", "N", 9, 4)]
    [InlineData("const int N = 7;", "x * (float)(N / 2.0)", "N", 9, 4.5)]
    [InlineData("const bool F = true;", "F ? x : 2 * x", "F", false, 2)]
    [InlineData("const bool F = true;", "F && x > 0 ? x : 3 * x", "F", false, 3)]
    [InlineData("const double A = 2; const double B = A * A;", "x * (float)B", "A", 3.0, 9)]
    [InlineData("const float A = 2;", "MathF.Pow(x, A)", "A", 3f, 1)]
    [InlineData("const float A = 2;", "x * MathF.Sqrt(A)", "A", 16f, 4)]
    public void Arguments_replace_constants_by_the_rules_of_CSharp(string constants, string formula, string name, object value, double atOne)
    {
        DeclaredOperator read = Read(
            $"class OwnAttribute : ElementwiseAttribute {{ {constants} public static float Value(float x) => {formula}; }}", "OwnAttribute");
        Assert.Equal(atOne, Interpreter.InDouble(read.At(Evaluator(read, (name, value)))!, _ => 1));
    }

    [Theory]
    [InlineData("const double A = 2;", "float k = (float)A", 3.0, 4)]
    [InlineData("const double A = 2;", "double k = A * 2", 3.0, 7)]
    [InlineData("const int A = 2;", "float k = A", 3, 4)]
    [InlineData("const bool A = true;", "bool isOne = A, float k = A ? 2 : 5", false, 6)]
    [InlineData("[Trained] const double A = 2;", "float k = (float)A", 3.0, 101)]
    public void The_default_of_a_method_s_parameter_depends_on_the_use(string constant, string parameter, object value, double atOne)
    {
        DeclaredOperator read = Read(
            $"class OwnAttribute : ElementwiseAttribute {{ {constant} public static float Value(float x) => Scale(x) + x; "
            + $"static float Scale(float x, {parameter}) => (float)(k * x); }}", "OwnAttribute");
        Assert.Equal(atOne, Interpreter.InDouble(read.At(Evaluator(read, ("A", value)))!, v => v == X ? 1 : 100));
    }

    [Theory]
    [InlineData("public static partial float Value(float x); public static partial float Value(float y) => 3 * y;")]
    [InlineData("public static partial float Value(float y) => 3 * y; public static partial float Value(float x);")]
    [InlineData("public static float Value(float x) => Of(x); "
        + "private static partial float Of(float a, float k = 3); private static partial float Of(float b, float c) => c * b;")]
    public void Partial_methods_are_read_where_they_have_a_body(string members) => Assert.Equal(
        3 * X,
        Read($"partial class OwnAttribute : ElementwiseAttribute {{ {members} }}", "OwnAttribute").Value);

    /// <summary>Results of Max, comparisons and so on where an argument is NaN, infinite or −0 are compared, too.</summary>
    [Fact]
    public void Methods_of_exact_operations_are_read_to_the_bit()
    {
        (MethodInfo[] methods, Expression[] formulas) = Draw(isExact: true, twins: false);
        float[] special = [0, -0f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1, float.MaxValue, float.Epsilon];
        for (int seed = 0; seed < Methods; seed++)
        {
            var method = methods[seed].CreateDelegate<Func<float, float, float>>();
            var random = new Random(seed);
            for (int point = 0; point < 24; point++)
            {
                float x = point < special.Length ? special[point] : (float)((8 * random.NextDouble()) - 4);
                float y = point % 3 == 0 ? x : point % 7 == 1 ? special[random.Next(special.Length)] : (float)((8 * random.NextDouble()) - 4);
                float expected = method(x, y), actual = Interpreter.InSingle(formulas[seed], v => v == X ? x : y);
                Assert.True(
                    expected.Equals(actual) && float.IsNegative(expected) == float.IsNegative(actual) | float.IsNaN(expected),
                    $"seed {seed} at ({x:R}, {y:R}) is {actual:R} instead of {expected:R}");
            }
        }
    }

    /// <summary>The values, and the derivatives against finite differences of the C# method.</summary>
    [Fact]
    public void Random_methods_and_their_derivatives_are_those_of_CSharp()
    {
        const double Step = 1e-5;
        (MethodInfo[] methods, Expression[] formulas) = Draw(isExact: false, twins: true);
        int compared = 0, kinks = 0;
        for (int seed = 0; seed < Methods; seed++)
        {
            var method = methods[seed].CreateDelegate<Func<double, double, double>>();
            Expression[] slopes = [.. new[] { X, Y }.Select(variable => Differentiation.Gradient(formulas[seed], variable, 1))];
            var random = new Random(seed);
            for (int point = 0; point < 4; point++)
            {
                double x = (4 * random.NextDouble()) - 2, y = (4 * random.NextDouble()) - 2;
                double At(Expression e) => Interpreter.InDouble(e, variable => variable == X ? x : y);
                double expected = method(x, y), size = Math.Max(1, Math.Abs(expected));
                Assert.True(
                    Math.Abs(expected - At(formulas[seed])) <= 1e-9 * size || !double.IsFinite(expected),
                    $"seed {seed} at ({x}, {y}) is {At(formulas[seed])} instead of {expected}");
                for (int i = 0; i < 2; i++)
                {
                    double Difference(double h) => i == 0
                        ? (method(x + h, y) - method(x - h, y)) / (2 * h) : (method(x, y + h) - method(x, y - h)) / (2 * h);
                    double slope = Difference(Step), half = Difference(Step / 2), largest = Math.Max(size, Math.Abs(slope));
                    if (!(Math.Abs(slope - half) <= 1e-6 * largest) || size > 1e5)
                    {
                        kinks++;
                        continue;
                    }

                    Assert.True(
                        Math.Abs(slope - At(slopes[i])) <= 1e-4 * largest,
                        $"seed {seed}: the derivative {i} at ({x}, {y}) is {At(slopes[i])} instead of {slope}");
                    compared++;
                }
            }
        }

        Assert.True(compared > 10 * kinks, $"{kinks} of {compared + kinks} points are kinks");
    }

    public static TheoryData<string> Calls =>
    [
        "MathF.Abs(x)", "MathF.Ceiling(x)", "MathF.Cos(x)", "MathF.Exp(x)", "MathF.Floor(x)", "MathF.Log(x)", "MathF.Log(x, 3)",
        "MathF.Log10(x)", "MathF.Log2(x)", "MathF.Max(x, 1)", "MathF.Min(x, 1)", "MathF.Pow(x, 3)", "MathF.Pow(x, -2)",
        "MathF.Pow(MathF.Abs(x), 1.5f)", "MathF.Pow(x, 0)", "MathF.Pow(x, 11)", "MathF.Round(x)", "float.IsNaN(x) ? x : MathF.Sign(x)", "MathF.Sin(x)",
        "MathF.Tanh(x)", "MathF.Truncate(x)", "MathF.CopySign(2, x)", "Math.Abs(x)", "Math.Clamp(x, -1, 2)", "(float)Math.Exp(x)",
        "float.IsNaN(x) ? 1 : 2", "float.IsFinite(x) ? 1 : 2", "float.IsInfinity(x) ? 1 : 2",
        "float.Clamp(x, -1, 2)", "Functions.ELU(x)", "Functions.ELU(x, 2)", "Functions.Erf(x)", "Functions.Expm1(x)", "Functions.GELU(x)",
        "Functions.GELUTanh(x)", "Functions.HardSigmoid(x)", "Functions.HardSwish(x)", "Functions.LeakyReLU(x)",
        "Functions.LeakyReLU(slope: 2, x: x)", "Functions.Log1p(x)", "Functions.LogSigmoid(x)", "Functions.Mish(x)", "Functions.ReLU(x)",
        "Functions.Sigmoid(x)", "Functions.SiLU(x)", "Functions.Softplus(x)", "Functions.Softplus(x, 2)", "Functions.Softplus(x, 2, 3)",
    ];

    /// <summary>Up to what vector functions round differently; at infinities, NaN and zeros exactly.</summary>
    [Theory]
    [MemberData(nameof(Calls))]
    public void Each_function_has_the_results_of_its_method(string call)
    {
        string source = $"public class OwnAttribute : ElementwiseAttribute {{ public static float Value(float x) => {call}; }}";
        var method = Run(source).GetType("OwnAttribute")!.GetMethod("Value")!.CreateDelegate<Func<float, float>>();
        DeclaredOperator read = Read(source, "OwnAttribute");
        Expression formula = read.At(Evaluator(read))!;
        float[] points = [0, -0f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1, -1, 0.5f, -0.5f, 1.5f, 2.5f, -3, 3, 1e-6f,
            -1e-6f, 0.7f, -0.3f, 12, -12, 80];
        foreach (float x in points)
        {
            float expected = method(x), actual = Interpreter.InSingle(formula, _ => x);
            Assert.True(
                expected.Equals(actual) || Math.Abs(expected - actual) <= 2e-6f * Math.Max(1e-3f, Math.Abs(expected)),
                $"{call} at {x:R} is {actual:R} instead of {expected:R}");
        }
    }

    /// <summary>C# prefers a class of the project to one of a reference, with a warning.</summary>
    [Theory]
    [InlineData("namespace Strata { static class Functions { public static float Sigmoid(float x) => 3 * x; } }", "Functions.Sigmoid(x)")]
    [InlineData("namespace System { static class MathF { public static float Exp(float x) => 3 * x; } }", "MathF.Exp(x)")]
    [InlineData("namespace Own { static class Math { public static float Exp(float x) => 3 * x; } }", "Own.Math.Exp(x)")]
    public void A_method_of_the_project_is_meant_even_if_it_is_named_as_a_known_one(string declaration, string call) => Assert.Equal(
        3 * X,
        Read($"class OwnAttribute : ElementwiseAttribute {{ public static float Value(float x) => {call}; }} {declaration}", "OwnAttribute")
            .Value);

    /// <summary>Everything that an operator may call is in the list of calls above.</summary>
    [Fact]
    public void Every_public_function_can_be_read() => Assert.Empty(
        typeof(Strata.Functions).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(method => !Calls.Any(row => row.Data.StartsWith($"Functions.{method.Name}(", StringComparison.Ordinal)))
            .Concat(FormulaFunctions.NamesOf(FormulaFunctions.MathF).Where(name => name is not "Sqrt"
                && !Calls.Any(row => row.Data.Contains($"MathF.{name}(", StringComparison.Ordinal))).Cast<object>()));

    [Theory]
    [InlineData("MathF.Max(x, 0)", 0, 0)]
    [InlineData("MathF.Max(x, -x)", 0, 0)]
    [InlineData("MathF.Max(x, 3 * x)", 0, 2)]
    [InlineData("MathF.Min(x, 3 * x)", 0, 2)]
    [InlineData("x > 0 ? x : 0.25f * x", 0, 0.25f)]
    [InlineData("MathF.Abs(x)", 0, 0)]
    [InlineData("Math.Clamp(x, -1, 1)", 1, 0)]
    [InlineData("MathF.Floor(x) * x", 2, 2)]
    [InlineData("MathF.Pow(x, 1.5f)", 0, 0)]
    [InlineData("float.ExpM1(x)", 0, 1)]
    [InlineData("float.LogP1(x)", 0, 1)]
    [InlineData("Functions.Mish(x)", float.NegativeInfinity, 0)]
    [InlineData("Functions.Mish(x)", float.PositiveInfinity, 1)]
    [InlineData("x * Functions.Sigmoid(x)", float.PositiveInfinity, float.NaN)]
    [InlineData("Functions.SiLU(x)", float.PositiveInfinity, 1)]
    [InlineData("Functions.SiLU(x)", float.NegativeInfinity, 0)]
    [InlineData("x < 1 ? x : MathF.Log(x)", float.NegativeInfinity, 1)]
    [InlineData("Functions.Softplus(x)", float.PositiveInfinity, 1)]
    [InlineData("MathF.Max(x, MathF.Floor(2.5f))", 2, 0)]
    [InlineData("MathF.Min(x, MathF.CopySign(2, -1f))", -2, 0)]
    [InlineData("MathF.Max(x, Functions.Sigmoid(0f))", 0.5f, 0)]
    public void Derivatives_at_kinks_and_infinities_are_those_that_PyTorch_gives(string formula, float x, float expected)
    {
        DeclaredOperator read = Read(
            $"class OwnAttribute : ElementwiseAttribute {{ public static float Value(float x) => {formula}; }}", "OwnAttribute");
        Expression slope = Differentiation.Gradient(read.At(Evaluator(read))!, X, 1);
        Assert.Equal(expected, Interpreter.InSingle(slope, _ => x));
    }

    private static ConstantEvaluator Evaluator(DeclaredOperator declared, params (string Name, object? Value)[] arguments) =>
        new(declared.Constants, arguments.ToDictionary(argument => argument.Name, argument => argument.Value));

    /// <summary>Random methods with the constants of a use, and their formulas from a declaration with others.</summary>
    private static (MethodInfo[] Methods, Expression[] Formulas) Draw(bool isExact, bool twins)
    {
        IEnumerable<(string Class, string Twin)> drawn = Enumerable.Range(0, Methods).Select(seed => new RandomMethods(seed, isExact).Next(Used));
        Assembly assembly = Run((twins ? Twin : "") + string.Concat(drawn.Select(pair => twins ? pair.Twin : pair.Class)));
        CSharpCompilation declared = new Harness().Compile(
            Usings + string.Concat(Enumerable.Range(0, Methods).Select(seed => new RandomMethods(seed, isExact).Next(Declared).Class)));
        return (
            [.. Enumerable.Range(0, Methods).Select(seed => assembly.GetType($"Own{seed}Attribute")!.GetMethod("Value")!)],
            [.. Enumerable.Range(0, Methods).Select(seed =>
            {
                DeclaredOperator read = Read(declared, $"Own{seed}Attribute");
                return read.At(new ConstantEvaluator(read.Constants, Used.Arguments))!;
            })]);
    }

    private static Assembly Run(string source)
    {
        using var image = new MemoryStream();
        EmitResult result = new Harness().Compile(Usings + source).Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(5)));
        image.Position = 0;
        return new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(image);
    }

    private static DeclaredOperator Read(string source, string name) =>
        Read(new Harness().Compile(source.Contains("using Strata;", StringComparison.Ordinal) ? source : Usings + source), name);

    private static DeclaredOperator Read(CSharpCompilation compilation, string name)
    {
        ReadOperator read = OperatorReader.Read(
            compilation.GetTypeByMetadataName(name)!, compilation, TestContext.Current.CancellationToken);
        Assert.Empty(read.Problems.Select(problem => problem.ToString()));
        return read.Operator;
    }
}
