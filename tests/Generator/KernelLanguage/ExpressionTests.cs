using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Strata.Compiler.KernelLanguage;
using Strata.Generator.Printing;
using Xunit;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Generator.Tests.KernelLanguage;

public sealed class ExpressionTests
{
    private static readonly Variable X = new("x"), Y = new("y");

    [Fact]
    public void Expressions_are_equal_when_they_compute_the_same_in_the_same_order()
    {
        Assert.Equal(X + (2 * Exp(Y)), X + (2 * Exp(Y)));
        Assert.NotEqual(X + Y, Y + X);
        Assert.NotEqual<Expression>(0.0, -0.0);
        Assert.Equal<Expression>(double.NaN, double.NaN);
    }

    [Fact]
    public void Derivatives_of_random_expressions_are_those_of_finite_differences()
    {
        const double Step = 1e-5;
        int compared = 0, kinks = 0;
        for (int seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            Expression value = new RandomExpressions(seed, X, Y).Next(4), slope = Differentiation.Gradient(value, X, 1);
            for (int point = 0; point < 5; point++)
            {
                double x = (4 * random.NextDouble()) - 2, y = (4 * random.NextDouble()) - 2;
                double At(Expression e, double of) => Interpreter.InDouble(e, variable => variable == X ? of : y);
                double Difference(double h) => (At(value, x + h) - At(value, x - h)) / (2 * h);
                double expected = Difference(Step), half = Difference(Step / 2), actual = At(slope, x),
                    size = Math.Max(1, Math.Abs(expected));

                // At a kink, or where the slope itself is steep, differences of two sizes differ, and say nothing.
                if (Math.Abs(expected - half) > 1e-6 * size || Math.Abs(At(value, x)) > 1e6)
                {
                    kinks++;
                    continue;
                }

                Assert.True(Math.Abs(expected - actual) < 1e-4 * size,
                    $"seed {seed}: d/dx {value} at ({x}, {y}) is {actual} instead of {expected}");
                compared++;
            }
        }

        Assert.True(compared > 15 * kinks, $"{kinks} of {compared + kinks} points are kinks");
    }

    [Fact]
    public void Simplification_changes_no_value()
    {
        for (int seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            var expressions = new RandomExpressions(seed, X, Y);
            Expression a = random.Next(5) == 0 ? random.Next(-1, 2) : expressions.Next(3), b = random.Next(5) == 0 ? random.Next(-1, 2)
                : expressions.Next(3);
            double x = (4 * random.NextDouble()) - 2, y = (4 * random.NextDouble()) - 2;
            double Of(Expression e) => Interpreter.InDouble(e, variable => variable == X ? x : y);
            void Same(Expression simplified, Expression plain)
            {
                double expected = Of(plain), actual = Of(simplified);
                Assert.True(Math.Abs(expected - actual) <= 1e-12 * Math.Abs(expected),
                    $"seed {seed}: {simplified} is {actual}, {plain} {expected}");
            }

            Same(Simplification.Sum(a, b), a + b);
            Same(Simplification.Difference(a, b), a - b);
            Same(Simplification.Negative(a), -a);
            Same(Simplification.Product(a, b), a * b);
            Same(Simplification.Quotient(a, 1 + (b * b)), a / (1 + (b * b)));
            Same(Simplification.Choice(X > Y, a, b), Expression.Select(X > Y, a, b));
        }
    }

    [Fact]
    public void Products_go_into_choices_so_that_no_infinity_meets_a_zero()
    {
        Expression slope = Differentiation.Gradient(Expression.Select(X > 0, 1, Exp(X * X)), X, Y);
        Assert.Equal(0, Interpreter.InDouble(slope, variable => variable == X ? 1 : double.PositiveInfinity));
    }

    [Theory]
    [InlineData(512)]
    [InlineData(256)]
    [InlineData(128)]
    public void Printed_expressions_compute_what_the_interpreter_does_bit_for_bit(int bits)
    {
        const int Count = 300, Points = 16;
        Expression[] expressions = [.. Enumerable.Range(0, Count).Select(seed => new RandomExpressions(seed, X, Y).Next(4))];
        var text = new StringBuilder($$"""
            using System.Runtime.CompilerServices;
                        using Strata.CompilerServices;
            using Simd = System.Runtime.Intrinsics.Vector{{bits}};
            using Vector = System.Runtime.Intrinsics.Vector{{bits}}<float>;
            public static class Printed {

            """);
        text.AppendLine(ShortMethods.Text);
        for (int i = 0; i < Count; i++)
        {
            (string call, string functions) = Print(Formula.Apply($"Formula{i}", expressions[i], (X, Abs(-X) * X / X), (Y, Y)));
            text.AppendLine(functions);
            text.AppendLine($"static Vector InPlace{i}(Vector x, Vector y) => {new ExpressionPrinter().Print(expressions[i])};");
            text.AppendLine($"static Vector Called{i}(Vector x, Vector y) => {call};");
        }

        text.AppendLine(
            "public static void Run(float[] x, float[] y, float[][] inPlace, float[][] called) { for (int i = 0; i < x.Length; i++) {");
        text.AppendLine("Vector a = Simd.Create(x[i]), b = Simd.Create(y[i]);");
        for (int i = 0; i < Count; i++)
        {
            text.AppendLine($"inPlace[{i}][i] = InPlace{i}(a, b)[0]; called[{i}][i] = Called{i}(a, b)[0];");
        }

        text.AppendLine("} } }");
        MethodInfo run = Load(text.ToString()).GetType("Printed")!.GetMethod("Run")!;
        var random = new Random(bits);

        // Positive, since |x|·x/x is x there.
        float[] xs = [.. Enumerable.Range(0, Points).Select(_ => MathF.Round(64 * random.NextSingle()) / 32 + 0.03125f)];
        float[] ys = [.. Enumerable.Range(0, Points).Select(_ => (4 * random.NextSingle()) - 2)];
        float[][] inPlace = [.. expressions.Select(_ => new float[Points])], called = [.. expressions.Select(_ => new float[Points])];
        run.Invoke(null, [xs, ys, inPlace, called]);
        for (int i = 0; i < Count; i++)
        {
            for (int point = 0; point < Points; point++)
            {
                float expected = Interpreter.InSingle(expressions[i], variable => variable == X ? xs[point] : ys[point]);
                Assert.True(
                    Same(expected, inPlace[i][point]) && Same(expected, called[i][point]),
                    $"{expressions[i]} at ({xs[point]}, {ys[point]}) is {inPlace[i][point]}, called "
                    + $"{called[i][point]}, instead of {expected}");
            }
        }

        // Which of several NaNs it is, no rule says.
        static bool Same(float a, float b) =>
            BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b) || (float.IsNaN(a) && float.IsNaN(b));
    }

    [Fact]
    public void What_occurs_twice_is_computed_once()
    {
        Expression t = Tanh(Softplus(X));
        (string call, string function) = Print(Formula.Apply("Twice", t + (t * t), (X, new Variable("value"))));
        Assert.Equal("Twice(value)", call);
        Assert.Equal(
            """
                [MethodImpl(MethodImplOptions.AggressiveInlining)] static Vector Twice(Vector x)
                {
                    Vector a = VectorMath.Tanh(VectorMath.Softplus(x));
                    return a + (a * a);
                }

            """,
            function,
            ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData("x - y + 1", "x - y + Vector.One")]
    [InlineData("x - (y + 1)", "x - (y + Vector.One)")]
    [InlineData("-(x * y)", "-(x * y)")]
    [InlineData("x / y * 6", "x / y * Simd.Create(6f)")]
    public void Brackets_stand_where_the_order_needs_them(string formula, string text)
    {
        Expression expression = formula switch
        {
            "x - y + 1" => X - Y + 1,
            "x - (y + 1)" => X - (Y + 1),
            "-(x * y)" => -(X * Y),
            _ => X / Y * 6,
        };
        Assert.Equal(text, new ExpressionPrinter().Print(expression));
    }

    /// <summary>An expression, and the functions that it calls.</summary>
    private static (string Text, string Functions) Print(Expression expression)
    {
        var k = new KernelBuilder(4);
        foreach (string name in expression.InOrder().OfType<Variable>().Select(variable => variable.Name).Distinct())
        {
            k.VectorParameter(name);
        }

        k.Return(expression);
        return (new ExpressionPrinter().Print(expression),
            string.Concat(NestPrinter.Print(k.Nest(ElementType.Vector), depth: 0).Calls
                .SelectMany(call => call.AllCalls.Append(call)).Select(CompiledNests.TextOf)));
    }

    private static Assembly Load(string source)
    {
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release);
        CSharpCompilation compilation = new Harness().Compile(source).WithOptions(options);
        using var stream = new MemoryStream();
        EmitResult result = compilation.Emit(stream, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(5)));
        stream.Position = 0;
        return new AssemblyLoadContext("printed").LoadFromStream(stream);
    }
}
