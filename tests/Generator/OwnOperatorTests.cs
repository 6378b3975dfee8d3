using System;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Strata.Compiler.Declarations;
using Strata.Compiler.Graph;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Operators of one's own in networks: how they are found, bound to their arguments, fused and reported.</summary>
public sealed class OwnOperatorTests
{
    private const string Operators = """
        using System;
        using Strata;

        /// <summary>x·tanh(softplus(βx)).</summary>
        public sealed class BetaMishAttribute : ElementwiseAttribute
        {
            private const double Beta = 1;
            public BetaMishAttribute(double beta = Beta) { }
            public static float Value(float x) => x * MathF.Tanh(Functions.Softplus((float)Beta * x));
        }

        public sealed class GateAttribute : ElementwiseAttribute
        {
            public static float Value(float a, float b) => a * Functions.Sigmoid(b);
        }

        public sealed class SlopeAttribute : ElementwiseAttribute
        {
            [Trained(PerChannel = true)] private const double Slope = 0.25;
            public SlopeAttribute(double slope = Slope) { }
            public static float Value(float x) => x > 0 ? x : (float)Slope * x;
        }

        public sealed class LineAttribute : ElementwiseAttribute
        {
            private const double Beta = 1, Gamma = 2 * Beta;
            public LineAttribute(double beta = Beta, double gamma = Gamma) { }
            public static float Value(float x) => (float)Gamma * x + (float)Beta;
        }

        public sealed class LogCoshAttribute : ElementwiseLossAttribute
        {
            public static float Value(float output, float target) =>
                MathF.Abs(output - target) + Functions.Softplus(-2 * MathF.Abs(output - target)) - MathF.Log(2);
        }

        """;

    [Fact]
    public void An_operator_is_fused_between_a_convolution_and_its_pooling_as_built_in_ones_are() => Assert.Contains(
        "// conv1 + betamish1 + pool1:", Text("[Input(3, 8, 8), Conv2D(32, 3), BetaMish(1.5), MaxPool2D(2)]"), StringComparison.Ordinal);

    [Theory]
    [InlineData("[Input(16, 8, 8)]\n[Branch, Conv2D(16, 3, Padding = 1)]\n[Branch]\n[Gate, ReLU]", "// conv1 + gate1 + relu1:")]
    [InlineData("[Input(16, 8, 8)]\n[Branch]\n[Branch, Conv2D(16, 3, Padding = 1), BatchNorm]\n[Gate]", "// conv1 + bn1 + gate1:")]
    [InlineData("[Input(16, 8, 8)]\n[Branch, Conv2D(16, 1)]\n[Branch, Conv2D(1, 1)]\n[Gate]", "// gate1:")] // Broadcast.
    public void Two_tensors_of_one_shape_are_joined_in_the_registers_of_a_convolution(string layers, string comment) =>
        Assert.Contains(comment, Text(layers), StringComparison.Ordinal);

    /// <summary>Its gradient is found in terms of its output.</summary>
    [Fact]
    public void In_training_a_clamp_is_computed_with_the_layer_before_it() => Assert.Contains(
        "// conv1 + clip1:",
        Text(
            "[Input(3, 8, 8), Conv2D(16, 3), Clip, Flatten, Dense(2), CrossEntropy]",
            """
            public sealed class ClipAttribute : ElementwiseAttribute { public static float Value(float x) => Math.Clamp(x, 0, 6); }
            """).Split("void Forward(")[1],
        StringComparison.Ordinal);

    /// <summary>
    /// What ln x makes of lanes without a sample is added up, times 0. Other kernels do not know how many samples there are.
    /// </summary>
    [Theory]
    [InlineData("MathF.Log(x)", true)]
    [InlineData("MathF.Exp(x)", true)]
    [InlineData("x * MathF.Tanh(x)", false)]
    public void In_training_a_function_that_may_not_be_finite_is_computed_by_itself_with_masked_lanes(string value, bool isMasked)
    {
        string text = Text(
            "[Input(6), Dense(5), Fn, Dense(2), MeanSquaredError]",
            $"public sealed class FnAttribute : ElementwiseAttribute {{ public static float Value(float x) => {value}; }}");
        Assert.Contains("// dense1 + fn1:", text, StringComparison.Ordinal);
        Assert.Equal(
            isMasked,
            text.Contains("Fn1Gradient(", StringComparison.Ordinal) && text.Contains("(float)samples", StringComparison.Ordinal));
    }

    [Fact]
    public void A_sum_of_two_tensors_is_the_built_in_one()
    {
        const string Total = """
            public sealed class TotalAttribute : ElementwiseAttribute { public static float Value(float a, float b) => a + b; }
            """;
        static string Of(string layer) => Text(
            $"[Input(16, 8, 8)]\n[Branch, Conv2D(16, 1)]\n[Branch]\n[{layer}(Name = \"sum\"), Flatten, Dense(2), CrossEntropy]", Total);

        // Apart from its formula, by which files of other formats can say it.
        Assert.Equal(
            Of("Add"),
            Of("Total").Replace("Total<", "Add<").Replace("\"sum\", \"Total\"", "\"sum\", \"Add\"").Replace("Function = \"(+ x y)\", ",
                ""));
    }

    /// <summary>A trained number is no tensor.</summary>
    [Fact]
    public void A_sum_of_a_tensor_and_a_trained_number_is_not_the_built_in_one()
    {
        string text = Text(
            "[Input(16, 8, 8)]\n[Branch, Conv2D(16, 1)]\n[Branch]\n[Moved, Flatten, Dense(2), CrossEntropy]",
            """
            public sealed class MovedAttribute : ElementwiseAttribute
            {
                [Trained] private const double Shift = 0.5;
                public static float Value(float a, float b) => a + (float)Shift;
            }
            """);
        Assert.Contains("moved1.shift", text, StringComparison.Ordinal);
        Assert.Contains("trained0", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Uses_with_other_arguments_are_other_functions()
    {
        string text = Text("[Input(4), Dense(4), BetaMish(1.5), Dense(4), BetaMish(2), Dense(2), MeanSquaredError]");
        Assert.Contains(" BetaMish_1_5Gradient(", text, StringComparison.Ordinal);
        Assert.Contains(" BetaMish_2Gradient(", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operator_in_a_block_takes_the_arguments_of_the_block()
    {
        string text = Text(
            "[Input(4), Stage(3), Dense(2), MeanSquaredError]",
            """
            [Dense(4), BetaMish(Sharpness / 2.0)]
            public sealed class StageAttribute : BlockAttribute
            {
                private const int Sharpness = 1;
                public StageAttribute(int sharpness = Sharpness) { }
            }
            """);
        Assert.Contains(" BetaMish_1_5Gradient(", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Operators_of_one_name_in_two_namespaces_are_two_operators()
    {
        const string Two = """
            namespace One { public sealed class SwishAttribute : Strata.ElementwiseAttribute
            { public static float Value(float x) => x * Strata.Functions.Sigmoid(x); } }
            namespace Other { public sealed class SwishAttribute : Strata.ElementwiseAttribute
            { public static float Value(float x) => x * Strata.Functions.Sigmoid(2 * x); } }
            """;
        string text = Text("[Input(4), Dense(4), One.Swish, Dense(4), Other.Swish, Dense(2), MeanSquaredError]", Two);
        Assert.Contains(" One_SwishAttributeGradient(", text, StringComparison.Ordinal);
        Assert.Contains(" Other_SwishAttributeGradient(", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operator_named_as_a_built_in_one_is_itself() => Assert.Contains(
        " Mine_SiLUAttributeGradient(",
        Text(
            "[Input(4), Dense(4), Mine.SiLU, Dense(2), MeanSquaredError]",
            "namespace Mine { public sealed class SiLUAttribute : Strata.ElementwiseAttribute "
            + "{ public static float Value(float x) => x * Strata.Functions.Sigmoid(3 * x); } }"),
        StringComparison.Ordinal);

    [Fact]
    public void A_trained_number_is_a_parameter_with_the_initial_value_of_its_use()
    {
        string text = Text("[Input(3, 4, 4), Conv2D(8, 3), Slope(0.1), Flatten, Dense(2), CrossEntropy]");
        Assert.Contains("new(\"slope1.slope\", [8], global::Strata.Initializer.Ones, 1, 1)", text, StringComparison.Ordinal);
        Assert.Contains("Gain = 0.1f", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operator_of_two_tensors_joins_branches_or_named_tensors()
    {
        Assert.Contains(
            "// gate1:", Text("[Input(4), Branch, Dense(4), Branch, Dense(1), Gate, Dense(2)]"), StringComparison.Ordinal);
        Assert.Contains(
            "Inputs = [\"a\", \"b\"]",
            Text("[Input(4), Dense(4, Name = \"a\"), Dense(4, Name = \"b\"), Gate(Tensors = [\"a\", \"b\"]), Dense(2)]"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_of_ones_own_is_trained_on_values() => Assert.Contains(
        "new global::Strata.Training.LossInfo(\"LogCosh\", global::Strata.Training.TargetKind.Values",
        Text("[Input(4), Dense(2), LogCosh(Weight = 0.5, Reduction = Reduction.Sum)]"), StringComparison.Ordinal);

    [Fact]
    public Task An_argument_without_a_constant_is_reported_at_the_use() => new Harness().ReportsAsync(
        """
        using Strata;
        public sealed class ScaledAttribute : ElementwiseAttribute
        {
            public ScaledAttribute(double factor) { }
            public static float Value(float x) => x * 2;
        }
        [Network, Input(4), Dense(2), Scaled({|STRATA025:3|})]
        partial class Net;
        """,
        "Scaled: its class has no constant 'Factor' that its parameter 'factor' could replace. Add it, as in 'private const double "
        + "Factor = 1;', or remove the parameter.");

    [Fact]
    public Task A_number_of_the_formula_without_a_value_is_reported_at_the_use() => new Harness().ReportsAsync(
        """
        using Strata;
        public sealed class ShareAttribute : ElementwiseAttribute
        {
            private const int N = 2;
            public ShareAttribute(int n = N) { }
            public static float Value(float x) => x * (100 / N);
        }
        [Network, Input(4), Dense(2), {|STRATA024:Share(0)|}]
        partial class Net;
        """,
        "Share: a number of its formula has no value here: 100 / N divides by zero");

    [Theory]
    [InlineData("ReLU, Line")]
    [InlineData("Slope, ReLU")]
    public async Task An_operator_beside_an_activation_is_no_mistake(string layers) => Assert.Empty(
        await new Harness().AnalyzeAsync(Operators + $"[Network, Input(3, 4, 4), Conv2D(4, 3), {layers}]\npublic partial class Net;"));

    [Fact]
    public Task An_argument_of_which_a_float_keeps_nothing_is_reported_at_the_use() => new Harness().ReportsAsync(
        """
        using Strata;
        public sealed class ScaledAttribute : ElementwiseAttribute
        {
            private const double Factor = 1;
            public ScaledAttribute(double factor = Factor) { }
            public static float Value(float x) => (float)(x * Factor);
        }
        [Network, Input(4), Dense(2), {|STRATA024:Scaled(1e-50)|}]
        partial class Net;
        """,
        "Scaled: a number of its formula has no value here: 1E−50 is too small for a float and would be 0");

    [Fact]
    public Task A_network_waits_for_the_mistakes_of_its_operators() => new Harness().ReportsAsync(
        """
        using Strata;
        public sealed class {|STRATA090:OddAttribute|} : ElementwiseAttribute
        {
            private static float Other(float x) => x;
        }
        [Network, Input(4), Dense(2), {|STRATA097:Odd|}]
        partial class Net;
        """,
        "Operator 'Odd': the class has no method Value. Write 'public static float Value(float x)'.",
        "Odd cannot be compiled, since its class 'OddAttribute' has mistakes. They are reported there; fix them first.");

    [Fact]
    public Task Tensors_that_are_not_broadcast_are_reported_with_their_axes() => new Harness().ReportsAsync(
        Operators + "[Network, Input(3, 8, 8), Branch, Conv2D(4, 3), Branch, Conv2D(6, 3), {|STRATA037:Gate|}]\npartial class Net;",
        "Gate 'gate1' needs branches of one shape, or of 1 element along an axis: the branch of Conv2D 'conv1' is 4×6×6, but the branch "
        + "of Conv2D 'conv2' is 6×6×6: channels 4 ≠ 6. Give both the same extents, or one of them a single element along that axis.");

    [Fact]
    public Task Three_branches_are_too_many_for_an_operator_of_two_tensors() => new Harness().ReportsAsync(
        Operators + "[Network, Input(4), Branch, Dense(4), Branch, Dense(4), Branch, {|STRATA016:Gate|}]\npartial class Net;",
        "Gate 'gate1' joins 3 tensors. It takes 2, as many as its method Value has parameters.");

    [Fact]
    public void An_invalid_network_has_the_members_of_its_operators() => Assert.Contains(
        "Slope1", Text("[Input(3, 4, 4), Conv2D(8, 9), Slope, Flatten, Dense(2)]"), StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_operator_of_another_assembly_is_the_same_layer_as_a_project_s_own(bool isMetadata)
    {
        const string Stack =
            "[Input(3, 8, 8), Conv2D(32, 3), BetaMish(1.5), MaxPool2D(2), Slope(0.1), Line(3), Flatten, Dense(2), LogCosh]";
        MetadataReference library = Library(Operators, isMetadata);
        string own = Text(Stack), foreign = string.Concat(
            new Harness { References = [library] }.Generate($"using Strata;\n[Network]\n{Stack}\npublic partial class Net;").Results[0]
                .GeneratedSources.Where(source => source.HintName.StartsWith("Net.", StringComparison.Ordinal))
                .Select(source => source.SourceText.ToString()));
        Assert.Contains("// conv1 + betamish1 + pool1:", foreign, StringComparison.Ordinal);
        Assert.EndsWith(foreign, own, StringComparison.Ordinal);
    }

    /// <summary>A class may have any name, and its base class as well.</summary>
    [Theory]
    [InlineData("public abstract class Base : ElementwiseAttribute { } public class Mine : Base { VALUE }", "Mine")]
    [InlineData("public class Mine : Alias { VALUE }", "Mine")]
    [InlineData("public partial class Mine : Alias { } public partial class Mine { VALUE }", "Mine")]
    [InlineData("public class OuterAttribute { public class Mine : Alias { VALUE } }", "OuterAttribute.Mine")]
    [InlineData("public class Inner : Alias { VALUE } [Dense(4), Inner] public class Mine : Stack { }", "Mine")]
    public void Operators_and_blocks_of_any_name_reach_other_assemblies(string declaration, string name)
    {
        MetadataReference library = Library(
            "using Alias = Strata.ElementwiseAttribute;\nusing Stack = Strata.BlockAttribute;\nusing Strata;\n"
            + declaration.Replace("VALUE", "public static float Value(float x) => x * x;", StringComparison.Ordinal), isMetadata: true);
        NetworkModel model = Graphs.ModelOf(
            new Harness { References = [library] },
            $"using Strata;\n[Network, Input(4), Dense(4), {name}, MeanSquaredError]\npublic partial class Net;");
        Assert.Empty(model.Problems.Select(problem => problem.Message));
        Assert.Equal(Activation.X * Activation.X, model.Graph!.Nodes[^1].Operation.AsActivation!.Value);
    }

    [Fact]
    public void A_block_of_another_assembly_brings_its_operators()
    {
        MetadataReference library = Library(
            Operators + "[Dense(4), BetaMish(3)] public sealed class StageAttribute : BlockAttribute;", isMetadata: true);
        string text = string.Concat(new Harness { References = [library] }.Generate(
            "using Strata;\n[Network, Input(4), Stage, Dense(2), MeanSquaredError]\npublic partial class Net;").Results[0].GeneratedSources
            .Select(source => source.SourceText.ToString()));
        Assert.Contains(" BetaMish_3Gradient(", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_in_an_unknown_format_is_reported_with_both_versions()
    {
        const string Declared = """
            [assembly: Strata.CompilerServices.DeclaredOperator("OddAttribute", 99, "?")]
            public sealed class OddAttribute : Strata.ElementwiseAttribute { public static float Value(float x) => x; }
            """;
        using var stream = new System.IO.MemoryStream();
        Assert.True(new Harness().Compile(Declared).WithAssemblyName("Library").Emit(stream, cancellationToken: TestContext.Current.CancellationToken).Success);
        var harness = new Harness { References = [MetadataReference.CreateFromImage(stream.ToArray())] };
        Diagnostic found = Assert.Single(
            await harness.AnalyzeAsync("using Strata;\n[Network, Input(4), Dense(2), Odd]\npublic partial class Net;"),
            diagnostic => diagnostic.Id == "STRATA065");
        Assert.Matches(
            "Odd comes from Library 0.0.0 and is declared there in format 99 of Strata .*, but Strata .*, which this project uses, reads format 1",
            found.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static MetadataReference Library(string source, bool isMetadata)
    {
        new Harness().Generate(new Harness().Compile(source).WithAssemblyName("Library"), out Compilation output);
        if (!isMetadata)
        {
            return output.ToMetadataReference();
        }

        using var stream = new System.IO.MemoryStream();
        Assert.True(output.Emit(stream, cancellationToken: TestContext.Current.CancellationToken).Success);
        return MetadataReference.CreateFromImage(stream.ToArray());
    }

    private static string Text(string stack, string more = "") => string.Concat(
        new Harness().Generate(Operators + $"[Network]\n{stack}\npublic partial class Net;\n{more}").Results[0].GeneratedSources
            .Select(source => source.SourceText.ToString()));
}
