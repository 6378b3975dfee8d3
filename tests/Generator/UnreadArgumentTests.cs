using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Foundation;
using Strata.Compiler.Operators;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Arguments that are written, but that nothing reads, are reported: nobody takes them for obeyed.</summary>
public sealed class UnreadArgumentTests
{
    private const string Declarations = """

        public sealed class BendAttribute : ElementwiseAttribute { public static float Value(float x) => x * x; }
        public sealed class GateAttribute : ElementwiseAttribute { public static float Value(float a, float b) => a * b; }
        public sealed class SlopeAttribute : ElementwiseAttribute
        {
            private const double Slope = 1, Bias = Offset + 1, Offset = 2, Unused = Slope;
            public SlopeAttribute(double slope = Slope, double offset = Offset, double unused = Unused) { }
            public static float Value(float x) => (float)Slope * x + (float)Bias;
        }
        [Conv2D(Filters, 1), ReLU]
        public sealed class StageAttribute : BlockAttribute
        {
            private const int Filters = 2 * Half, Half = 2, Unused = 3;
            public StageAttribute(int half = Half, int unused = Unused) { }
        }
        [Conv2D(4, 1), Conv2D(4, 1, Frozen = false, Name = "free")]
        public sealed class TwoAttribute : BlockAttribute;
        """;

    [Theory]
    [InlineData("Bend({|STRATA022:Tensors = [\"nonsense\"]|})", "Bend 'bend1': its method Value has one parameter, so that it reads one "
        + "tensor. Name that tensor by From.")]
    [InlineData("Conv2D(2, 1), Add(\"input\", \"conv1\", {|STRATA021:From = \"input\"|})",
        "Add 'add1': the names and From exclude each other. Remove one of them.")]
    [InlineData("Conv2D(2, 1), Gate(Tensors = [\"input\", \"conv1\"], {|STRATA021:From = \"input\"|})",
        "Gate 'gate1': Tensors and From exclude each other. Remove one of them.")]
    [InlineData("Conv2D(2, 3, {|STRATA058:Stride = 2|}, StrideHeight = 1, StrideWidth = 1)", "Conv2D 'conv1': Stride has no effect, since "
        + "the arguments for single axes or sides replace it. Remove it.")]
    [InlineData("MaxPool2D(2, StrideHeight = 2, StrideWidth = 2, {|STRATA058:Padding = 1|}, PaddingHeight = 0, PaddingWidth = 0)",
        "MaxPool2D 'pool1': Padding has no effect, since the arguments for single axes or sides replace it. Remove it.")]
    [InlineData("Conv2D(2, 3, {|STRATA058:PaddingHeight = 2|}, PaddingTop = 1, PaddingBottom = 1)", "Conv2D 'conv1': PaddingHeight has no "
        + "effect, since the arguments for single axes or sides replace it. Remove it.")]
    [InlineData("Conv2D(2, 3, {|STRATA058:PaddingMode = PaddingMode.Reflect|})", "Conv2D 'conv1': PaddingMode has no effect, since nothing "
        + "is padded. Set Padding, too.")]
    [InlineData("Conv2D(2, 3, AutoPad = AutoPad.Valid, {|STRATA058:PaddingMode = PaddingMode.Circular|})",
        "Conv2D 'conv1': PaddingMode has no effect, since nothing is padded. Set Padding, too.")]
    [InlineData("Filter2D(Filter.Edge, {|STRATA058:PaddingMode = PaddingMode.Reflect|})", "Filter2D 'filter1': PaddingMode has no effect, "
        + "since nothing is padded. Set Padding, too.")]
    [InlineData("ReLU({|STRATA058:Frozen = true|})", "ReLU 'relu1': Frozen has no effect, since the layer has no parameters. Remove it.")]
    [InlineData("Two(Frozen = true)", "Conv2D 'two1.free': Frozen = false has no effect, since Two 'two1' freezes it. Remove it.")]
    [InlineData("Slope(2, 3, {|STRATA058:4|})", "Slope: unused has no effect, since nothing in its class reads the constant. Remove it, or "
        + "read the constant.")]
    [InlineData("Stage(2, {|STRATA058:unused: 4|})", "Stage 'stage1': unused has no effect, since nothing in its class reads the constant. "
        + "Remove it, or read the constant.")]
    public Task An_argument_that_nothing_reads_is_reported(string layers, string message) => new Harness().ReportsAsync(
        $"using Strata;\n[Network, Input(2, 8, 8)]\n[{layers}]\npartial class Net;\n"
        + (message.Contains("'two1", StringComparison.Ordinal)
            ? Declarations.Replace("Frozen = false", "{|STRATA058:Frozen = false|}", StringComparison.Ordinal) : Declarations),
        message);

    [Theory]
    [InlineData("{|STRATA058:InputGradient = true|}", "InputGradient")]
    [InlineData("{|STRATA058:Profile = true|}", "Profile")]
    [InlineData("{|STRATA058:Recompute = true|}", "Recompute")]
    [InlineData("{|STRATA058:TrainingLayout = TrainingLayout.Blocked|}", "TrainingLayout")]
    [InlineData("{|STRATA058:FreezeUntil = \"conv1\"|}", "FreezeUntil")]
    public async Task An_option_of_training_without_a_loss_is_reported(string option, string name)
    {
        await new Harness().ReportsAsync(
            $"using Strata;\n[Network({option}), Input(2, 8, 8), Conv2D(2, 3)] partial class Net;",
            $"Network 'Net': {name} has no effect, since a network without a loss is not trained. Remove it, or add a loss or "
            + "[ExternalLoss].");
        string plain = option.Replace("{|STRATA058:", "", StringComparison.Ordinal).Replace("|}", "", StringComparison.Ordinal);
        await new Harness().ReportsAsync(
            $"using Strata;\n[Network({plain}), Input(2, 8, 8), Conv2D(2, 3), ExternalLoss] partial class Net;");
    }

    [Fact]
    public async Task Integers_of_which_no_layer_with_weights_reads_any_are_reported()
    {
        foreach (string before in new[] { "", "FakeQuantize, ReLU, ", "FakeQuantize(PerChannel = true), " })
        {
            await new Harness().ReportsAsync(
                $"using Strata;\n[Network({{|STRATA058:Int8 = true|}}), Input(2, 8, 8), {before}Conv2D(2, 3)] partial class Net;",
                "Network 'Net': Int8 has no effect, since no layer with weights reads one that rounds to 8 bits. Remove it, or round "
                + "directly before the layers that are to multiply integers.");
        }

        await new Harness().ReportsAsync(
            "using Strata;\n[Network(Int8 = true), Input(2, 8, 8), FakeQuantize, Conv2D(2, 3)] partial class Net;");
    }

    [Fact]
    public async Task Sixteen_bits_for_weights_of_dense_layers_without_dense_layers_are_reported()
    {
        foreach (string layers in new[] { "Conv2D(2, 3)", "Flatten, Dense(3, Name = \"a\"), Dense(128, Tied = \"a\")" })
        {
            await new Harness().ReportsAsync(
                $"using Strata;\n[Network({{|STRATA058:WeightStorage = WeightStorage.BFloat16|}}), Input(2, 8, 8), {layers}]\n"
                + "partial class Net;",
                "Network 'Net': WeightStorage has no effect, since it is about the weights of dense layers that are not tied, of which "
                + "there are none. Remove it.");
        }

        await new Harness().ReportsAsync(
            "using Strata;\n[Network(WeightStorage = WeightStorage.BFloat16), Input(8), Dense(2)] partial class Net;");
    }

    [Fact]
    public Task Frozen_false_before_the_first_trained_layer_is_reported() => new Harness().ReportsAsync(
        "using Strata;\n[Network(FreezeUntil = \"b\"), Input(8), Dense(4, Name = \"a\", {|STRATA058:Frozen = false|}), "
        + "Dense(2, Name = \"b\", Frozen = false), CrossEntropy] partial class Net;",
        "Dense 'a': Frozen = false has no effect, since FreezeUntil = \"b\" freezes it. Remove it.");

    /// <summary>What is read somewhere, or says only what holds anyway.</summary>
    [Theory]
    [InlineData("Conv2D(2, 2, Stride = 2, StrideHeight = 1), Conv2D(2, 3, KernelHeight = 1, KernelWidth = 2)")]
    [InlineData("Conv2D(2, 3, PaddingMode = PaddingMode.Zeros), Conv2D(2, 1, Bias = false, Frozen = true), BatchNorm(Affine = false, Frozen = true)")]
    [InlineData("Two, Stage(half: 4), Slope(3, 2), Conv2D(2, 3, Padding = 1, PaddingMode = PaddingMode.Reflect)")]
    public Task What_is_read_is_not_reported(string layers) => new Harness().ReportsAsync(
        $"using Strata;\n[Network, Input(2, 8, 8)]\n[{layers}]\npartial class Net;\n" + Declarations);

    public static TheoryData<string> Kinds() => [.. OperatorSet.BuiltIn.All
        .Where(one => one is LayerOperator or LossOperator).Select(one => one.Kind)];

    /// <summary>
    /// With any two other arguments beside it, each argument that can be left out is read by the binding, or reported as one that was not.
    /// </summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_argument_is_read_beside_any_two_others_or_known_as_unread(string kind)
    {
        Operator used = OperatorSet.FindBuiltIn(kind)!;
        Type attribute = typeof(CompiledNetwork).Assembly.GetType(used.Type, throwOnError: true)!;
        foreach (ConstructorInfo constructor in attribute.GetConstructors())
        {
            AttributeArgument[] required = [.. constructor.GetParameters().Where(parameter => !parameter.HasDefaultValue)
                .Select(parameter => new AttributeArgument(parameter.Name!, Sample(parameter.ParameterType, 3)))];
            PropertyInfo[] optional = [.. attribute.GetProperties().Where(property => property.CanWrite
                && property.Name is not ("Name" or "From" or "Frozen" or "Weights" or "Target"))];
            foreach (PropertyInfo one in optional)
            {
                foreach (PropertyInfo[] others in Pairs(optional.Where(other => other != one).ToArray()))
                {
                    (object first, EquatableArray<string> unread) = Bind(used, [.. required, .. Written(others), Argument(one, 1)]);
                    (object second, _) = Bind(used, [.. required, .. Written(others), Argument(one, 2)]);
                    Assert.True(
                        !first.Equals(second) || unread.Contains(one.Name) || one.Name == "Weight",
                        $"{kind}: nothing reads {one.Name} beside {string.Join(" and ", others.Select(other => other.Name))}");
                }
            }
        }
    }

    private static IEnumerable<PropertyInfo[]> Pairs(PropertyInfo[] all)
    {
        yield return [];
        for (int i = 0; i < all.Length; i++)
        {
            yield return [all[i]];
            for (int j = i + 1; j < all.Length; j++)
            {
                yield return [all[i], all[j]];
            }
        }
    }

    private static (object Definition, EquatableArray<string> Unread) Bind(Operator used, AttributeArgument[] arguments)
    {
        var written = new AttributeArguments(new AttributeDeclaration(used.Type, arguments.ToEquatableArray()));
        object definition = used is LayerOperator layer ? layer.Bind(written) : ((LossOperator)used).Bind(written);
        return (definition, written.Unread.ToEquatableArray());
    }

    private static IEnumerable<AttributeArgument> Written(IEnumerable<PropertyInfo> others) => others.Select(other => Argument(other, 1));

    private static AttributeArgument Argument(PropertyInfo property, int value) => new(property.Name, Sample(property.PropertyType, value));

    private static object Sample(Type type, int value) => type == typeof(string) ? $"a{value}"
        : type == typeof(string[]) ? EquatableArray.Of($"a{value}")
        : type == typeof(double[]) ? EquatableArray.Of(value / 4.0)
        : type == typeof(double) ? value + 0.5
        : type == typeof(bool) ? value % 2 == 0
        : value;
}
