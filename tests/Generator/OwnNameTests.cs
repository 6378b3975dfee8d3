using System.Linq;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>
/// Names that users choose for parameters, trained numbers and classes of operators: whatever kernels or layers call other things, the
/// generated code compiles.
/// </summary>
public sealed class OwnNameTests
{
    /// <summary>In two layers, a fused function, a function of two tensors and a loss.</summary>
    [Theory]
    [InlineData("part1")]
    [InlineData("value")]
    [InlineData("value0")]
    [InlineData("g")]
    [InlineData("c")]
    [InlineData("x")]
    [InlineData("y")]
    [InlineData("sum")]
    [InlineData("sample")]
    [InlineData("samples")]
    [InlineData("step")]
    [InlineData("output")]
    [InlineData("trained0Value")]
    [InlineData("@class")]
    public void A_parameter_may_have_the_name_of_a_local_of_kernels(string name) => AssertCompiles($$"""
        public sealed class OneAttribute : ElementwiseAttribute
        {
            [Trained] private const double Scale = 1;
            public static float Value(float {{name}}) =>
                (float)Scale * {{name}} * MathF.Sin({{name}} * {{name}}) * MathF.Cos({{name}} * {{name}});
        }
        public sealed class FusedAttribute : ElementwiseAttribute
        {
            public static float Value(float {{name}}) => {{name}} * MathF.Tanh({{name}} * {{name}});
        }
        public sealed class TwoAttribute : ElementwiseAttribute
        {
            public static float Value(float part2, float {{name}}) =>
                part2 * {{name}} * MathF.Sin(part2 * {{name}}) * MathF.Cos(part2 * {{name}});
        }
        public sealed class OffAttribute : ElementwiseLossAttribute
        {
            public static float Value(float {{name}}, float target) =>
                MathF.Abs({{name}} - target) * MathF.Exp(-MathF.Abs({{name}} - target));
        }
        [Network, Input(3, 4, 4), Conv2D(5, 3), Fused, One]
        [Branch]
        [Branch, Conv2D(1, 1)]
        [Two, Flatten, Dense(3), Off]
        public partial class Net;
        """);

    [Theory]
    [InlineData("k4_layer")]
    [InlineData("x")]
    [InlineData("weight")]
    [InlineData("bias")]
    [InlineData("network")]
    [InlineData("first")]
    [InlineData("input")]
    [InlineData("output_gradient")]
    [InlineData("sum")]
    [InlineData("samples")]
    [InlineData("class")]
    public void A_trained_number_may_have_the_name_of_something_else(string key) => AssertCompiles($$"""
        public sealed class K4Attribute : ElementwiseAttribute
        {
            [Trained(Key = "{{key}}")] private const double A = 1;
            [Trained(PerChannel = true, Key = "{{key}}_value")] private const double B = 1;
            [Trained(Key = "{{key}}Gradient")] private const double C = 1;
            public static float Value(float x) => (float)A * x + (float)B * MathF.Max(x, (float)C);
        }
        [Network, Input(3, 4, 4), K4, Conv2D(5, 3), K4, Flatten, Dense(3), MeanSquaredError]
        public partial class Net;
        """);

    /// <summary>Its functions for the value and the gradient do not hide what kernels call, and are not hidden by a local.</summary>
    [Theory]
    [InlineData("Math")]
    [InlineData("MathF")]
    [InlineData("VectorMath")]
    [InlineData("Simd")]
    [InlineData("Scalar")]
    [InlineData("Tanh")]
    [InlineData("Maximum")]
    [InlineData("Sum")]
    [InlineData("Sample")]
    [InlineData("x")]
    [InlineData("value")]
    [InlineData("_Hidden")]
    [InlineData("Été")]
    public void An_operator_may_have_the_name_of_something_in_kernels(string name) => AssertCompiles($$"""
        public sealed class {{name}}Attribute : ElementwiseAttribute
        {
            public static float Value(float x) => x * System.MathF.Tanh(x * x) + System.MathF.Max(x * x, x);
        }
        [Network, Input(3, 8, 8), Conv2D(5, 3), {{name}}, MaxPool2D(2), Flatten, Dense(4), {{name}}, Dense(3), CrossEntropy]
        public partial class Net;
        """);

    [Theory]
    [InlineData("Two(a: 2)", "Two(b: 2)")]
    [InlineData("Two(1.5)", "Two(1, 5)")]
    public void Uses_whose_arguments_read_alike_are_different_functions(string first, string second) => AssertCompiles($$"""
        public sealed class TwoAttribute : ElementwiseAttribute
        {
            private const double A = 1, B = 1;
            public TwoAttribute(double a = A, double b = B) { }
            public static float Value(float x) => (float)A * x * MathF.Tanh((float)B * x);
        }
        [Network, Input(4), Dense(5), {{first}}, Dense(4), {{second}}, Dense(3), MeanSquaredError]
        public partial class Net;
        """);

    private static void AssertCompiles(string declarations)
    {
        var harness = new Harness();
        harness.Generate(harness.Compile("using System;\nusing Strata;\n" + declarations), out Compilation output);
        Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(5));
    }
}
