using System;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary><c>Weights</c>: which layers may use the parameters of which, and what is reported.</summary>
public sealed class SharedParameterRuleTests
{
    private const string Blocks = """

        [Conv2D(4, 3, Padding = 1), ReLU, Conv2D(4, 1, Name = "last")]
        class HeadAttribute : BlockAttribute { }
        [Conv2D(4, 3, Padding = 1), Conv2D(4, 1, Name = "last")]
        class ShortAttribute : BlockAttribute { }
        public sealed class BendAttribute : ElementwiseAttribute
        {
            [Trained(PerChannel = true)] private const double Slope = 0.25;
            private const double Power = 1;
            public BendAttribute(double power, double slope = Slope) { }
            public static float Value(float x) => x * (float)Slope * (float)Power;
        }
        """;

    [Theory]
    [InlineData(
        "Conv2D(4, 3, Name = \"a\"), Conv2D(4, 1, {|STRATA022:Weights = \"a\"|})",
        "Conv2D 'conv2': Conv2D has weight 4×4×1×1, bias 4, but Conv2D 'a' has weight 4×4×3×3, bias 4. Layers share their parameters if "
            + "they are of one kind, with parameters of the same shapes.")]
    [InlineData(
        "Conv2D(4, 1, Name = \"a\"), Conv2D(4, 1, Bias = false, {|STRATA022:Weights = \"a\"|})",
        "Conv2D 'conv2': Conv2D has weight 4×4×1×1, but Conv2D 'a' has weight 4×4×1×1, bias 4. Layers share their parameters if "
            + "they are of one kind, with parameters of the same shapes.")]
    [InlineData(
        "Conv2D(4, 1, Name = \"a\"), Dense(4, OverChannels = true, {|STRATA022:Weights = \"a\"|})",
        "Dense 'dense1': Dense has weight 4×4, bias 4, but Conv2D 'a' has weight 4×4×1×1, bias 4. Layers share their parameters if "
            + "they are of one kind, with parameters of the same shapes.")]
    [InlineData(
        "Dense(4, OverChannels = true, Name = \"a\"), GlobalAveragePool2D, Flatten, Dense(4, {|STRATA022:Weights = \"a\"|})",
        "Dense 'dense2': Dense has weight 4×4, bias 4 for a flat tensor, but Dense 'a' has weight 4×4, bias 4 for 1 group of channels. "
            + "Layers share their parameters if they are of one kind, with parameters of the same shapes.")]
    [InlineData(
        "Conv2D(4, 1, Groups = 4, Name = \"a\"), Conv2D(1, 1, From = \"input\"), Conv2D(4, 1, {|STRATA022:Weights = \"a\"|})",
        "Conv2D 'conv3': Conv2D has weight 4×1×1×1, bias 4 for 1 group of channels, but Conv2D 'a' has weight 4×1×1×1, bias 4 for 4 groups "
            + "of channels. Layers share their parameters if they are of one kind, with parameters of the same shapes.")]
    [InlineData(
        "Conv2D(4, 1, Name = \"a\"), ReLU({|STRATA058:Weights = \"a\"|})",
        "ReLU 'relu1': Weights has no effect, since the layer has no parameters. Remove it.")]
    [InlineData(
        "BatchNorm(Name = \"a\"), BatchNorm({|STRATA022:Weights = \"a\"|})",
        "BatchNorm 'bn2': training updates the statistics of 'a', which are those of one tensor. Freeze that layer, or give this one its "
            + "own parameters.")]
    [InlineData(
        "Flatten, Dense(5, Name = \"a\"), Dense(6, {|STRATA022:Tied = \"a\"|})",
        "Dense 'dense2': Dense needs the weight 5×6 of the layer it is tied to, but Dense 'a' has the weight 5×256. Tie it to the layer "
            + "whose input has the shape of its output.")]
    [InlineData(
        "Conv2D(6, 3, Groups = 2, Name = \"a\"), ConvTranspose2D(4, 3, {|STRATA022:Tied = \"a\"|})",
        "ConvTranspose2D 'conv2': ConvTranspose2D needs the weight 6×4×3×3 of 1 group of the layer it is tied to, but Conv2D 'a' has the "
            + "weight 6×2×3×3 of 2 groups. Tie it to the layer whose input has the shape of its output.")]
    [InlineData(
        "ReLU(Name = \"a\"), ConvTranspose2D(4, 3, {|STRATA022:Tied = \"a\"|})",
        "ConvTranspose2D 'conv1': ConvTranspose2D needs the weight 4×4×3×3 of the layer it is tied to, but ReLU 'a' has no weight of a "
            + "convolution. Tie it to the layer whose input has the shape of its output.")]
    [InlineData(
        "ConvTranspose2D(4, 3, Name = \"a\"), ConvTranspose2D(4, 3, {|STRATA022:Tied = \"a\"|})",
        "ConvTranspose2D 'conv2': ConvTranspose2D needs the weight 4×4×3×3 of the layer it is tied to, but ConvTranspose2D 'a' has no "
            + "weight of a convolution. Tie it to the layer whose input has the shape of its output.")]
    [InlineData(
        "Conv2D(4, 3, Name = \"a\"), ConvTranspose2D(4, 3, {|STRATA044:Tied = \"b\"|})",
        "ConvTranspose2D 'conv2': there is no layer, block or input 'b'. The nearest name is 'a'.")]
    [InlineData(
        "Head(Name = \"a\"), ConvTranspose2D(4, 3, {|STRATA022:Tied = \"a\"|})",
        "ConvTranspose2D 'conv1': Head 'a' is not a layer. Name a layer with a weight.")]
    [InlineData(
        "Conv2D(5, 3, Name = \"a\"), ConvTranspose2D(4, 3, Tied = \"a\", Name = \"b\"), Conv2D(5, 3), ConvTranspose2D(4, 3, "
            + "{|STRATA022:Weights = \"b\"|})",
        "ConvTranspose2D 'conv4': it is not tied, but ConvTranspose2D 'b' is tied to 'a'. Write the same Tied at both.")]
    [InlineData(
        "Conv2D(5, 3, Name = \"a\"), {|STRATA022:ConvTranspose2D(4, 3, Tied = \"a\", Frozen = true)|}",
        "ConvTranspose2D 'conv2': ConvTranspose2D 'conv2' freezes it, but its weight is that of 'a', which is trained. Freeze that layer, "
            + "too.")]
    [InlineData(
        "Reshape(4, 64), Attention(2, Name = \"a\"), Dense(4, OverChannels = true, {|STRATA022:Tied = \"a\"|})",
        "Dense 'dense1': Dense needs the weight 4×4 of the layer it is tied to, but Attention 'a' has no weight of a dense layer. Tie it "
            + "to the layer whose input has the shape of its output.")]
    [InlineData(
        "Conv2D(5, 3, Name = \"a\"), ConvTranspose2D(4, 3, {|STRATA058:Initializer = Initializer.HeNormal|}, Tied = \"a\")",
        "ConvTranspose2D 'conv2': Initializer has no effect, since the weight is that of 'a'. Remove it.")]
    [InlineData(
        "Conv2D(4, 1, Name = \"head\"), Conv2D(4, 1, {|STRATA044:Weights = \"haed\"|})",
        "Conv2D 'conv2': there is no layer, block or input 'haed'. The nearest name is 'head'.")]
    [InlineData(
        "Conv2D(4, 1, {|STRATA045:Weights = \"later\"|}), Conv2D(4, 1, Name = \"later\")",
        "Conv2D 'conv1': 'later' comes later. Layers are computed in source order: move it down, or that layer up. If each needs the "
            + "other, it is a cycle.")]
    [InlineData(
        "Conv2D(4, 1, Name = \"a\"), Conv2D(4, 1, Weights = \"a\", {|STRATA058:Frozen = true|})",
        "Conv2D 'conv2': Frozen has no effect, since the parameters are those of 'a'. Set it there.")]
    [InlineData(
        "Conv2D(4, 1, Name = \"a\"), Conv2D(4, 1, Weights = \"a\", {|STRATA058:Initializer = Initializer.Zeros|})",
        "Conv2D 'conv2': Initializer has no effect, since the parameters are those of 'a'. Remove it.")]
    [InlineData(
        "PReLU(Slope = 0.5, Name = \"a\"), Conv2D(4, 1), PReLU(Weights = \"a\", {|STRATA058:Slope = 0.1|})",
        "PReLU 'prelu2': Slope has no effect, since the parameters are those of 'a'. Remove it.")]
    [InlineData(
        "Scale(Name = \"a\"), Scale(Weights = \"a\", {|STRATA058:Initial = 1e-6|})",
        "Scale 'scale2': Initial has no effect, since the parameters are those of 'a'. Remove it.")]
    [InlineData(
        "Param(4, 1, 1, Name = \"a\"), Param(4, 1, 1, Weights = \"a\", {|STRATA058:Initial = 0.5|}, Name = \"b\"), "
            + "Add(\"a\", \"b\")",
        "Param 'b': Initial has no effect, since the parameters are those of 'a'. Remove it.")]
    [InlineData(
        "Param(4, 1, 1, Name = \"a\"), Param(4, 1, 1, Weights = \"a\", {|STRATA058:Deviation = 0.5|}, Name = \"b\"), "
            + "Add(\"a\", \"b\")",
        "Param 'b': Deviation has no effect, since the parameters are those of 'a'. Remove it.")]
    [InlineData(
        "Buffer(4, 1, 1, Name = \"a\"), Buffer(4, 1, 1, Weights = \"a\", {|STRATA058:Initial = 2|}, Name = \"b\"), "
            + "Add(\"a\", \"b\")",
        "Buffer 'b': Initial has no effect, since the parameters are those of 'a'. Remove it.")]
    [InlineData(
        "Bend(2, Name = \"a\"), Bend(2, Weights = \"a\", Name = \"b\"), Bend(2, {|STRATA058:slope: 0.5|}, Weights = \"a\")",
        "Bend 'bend3': slope has no effect, since the parameters are those of 'a'. Remove it.")]
    [InlineData(
        "Head(Name = \"a\"), Short({|STRATA022:Weights = \"a\"|})",
        "Short 'short1': Head 'a' does not have the same layers in the same order. Name a block with the same layers.")]
    [InlineData(
        "Head(Name = \"a\"), Conv2D(4, 3, {|STRATA022:Weights = \"a\"|})",
        "Conv2D 'conv1': Head 'a' is not a layer. Name a layer of the same kind.")]
    [InlineData(
        "Conv2D(4, 1, Name = \"a\"), Head({|STRATA022:Weights = \"a\"|})",
        "Head 'head1': Conv2D 'a' does not have the same layers in the same order. Name a block with the same layers.")]
    [InlineData(
        "Head(Name = \"a\"), Head(Repeat = 2, {|STRATA021:Weights = \"a\"|})",
        "Head 'head2': Weights and Repeat exclude each other. Remove one of them.")]
    [InlineData(
        "Head(Name = \"a\", Repeat = 2), Head({|STRATA022:Weights = \"a\"|})",
        "Head 'head3': 'a' is repeated. Name one of its copies, such as 'a.1'.")]
    public Task What_cannot_be_shared_is_reported(string layers, string message) => new Harness().ReportsAsync(
        $"using Strata;\n[Network, Input(4, 8, 8)]\n[{layers}]\npartial class Net;" + Blocks, message);

    /// <summary>The catalogue knows the arguments by which parameters begin: each changes initial values, and no other does.</summary>
    [Fact]
    public void Arguments_that_change_initial_values_are_known()
    {
        int count = 0;
        foreach (LayerOperator known in OperatorSet.BuiltIn.All.OfType<LayerOperator>())
        {
            foreach (ArgumentSpec argument in known.Arguments.Where(argument => !argument.IsPositional))
            {
                string? value = argument.Type == typeof(double) ? "0.375" : argument.Type == typeof(Compiler.Graph.Initializer)
                    ? "Initializer.HeNormal" : argument.Type == typeof(bool) ? argument.Default is true ? "false" : "true" : null;
                bool[] changes =
                [
                    .. from one in known.Cases
                       where value is not null && !one.Layers.Contains(argument.Name, StringComparison.Ordinal)
                       let written = new Regex($@"(?<=^|, ){known.Kind}(?=$|,|\()(\((?<others>[^)]*)\))?").Replace(
                           one.Layers, use => $"{known.Kind}({Joined(use.Groups["others"].Value, $"{argument.Name} = {value}")})", 1)
                       where written != one.Layers
                       let before = InitialsOf(one, one.Layers)
                       let after = InitialsOf(one, written)
                       where before.Length > 0 && before.Length == after.Length
                       select !before.SequenceEqual(after),
                ];
                count += changes.Length;
                Assert.True(changes.Length == 0 || changes.Contains(true) == argument.IsInitial, $"{known.Kind}.{argument.Name}");
            }
        }

        Assert.True(count > 50, $"{count} cases");

        static string Joined(string others, string own) => others.Length == 0 ? own : $"{others}, {own}";

        static (Compiler.Graph.Initializer, double)[] InitialsOf(OperatorCase one, string layers)
        {
            string text = $"using Strata;\n[Network, Input({one.Input}), {layers}] partial class Net;\n{one.Others}";
            return Graphs.ModelOf(text).Graph is not { } graph ? [] :
            [
                .. graph.Nodes.Where(node => node.Inputs.Count > 0).SelectMany(node =>
                    node.Operation.Parameters(graph.Nodes[node.Inputs[0]].Shape).Select(spec => (spec.Initializer, spec.Gain))),
            ];
        }
    }

    [Fact]
    public Task A_frozen_block_does_not_freeze_parameters_outside_of_it() => new Harness().ReportsAsync(
        """
        using Strata;
        [Network, Input(4, 8, 8), Conv2D(4, 1, Name = "a"), User(Frozen = true), MeanSquaredError] partial class Net;
        [{|STRATA022:Conv2D(4, 1, Weights = "a")|}] class UserAttribute : BlockAttribute { }
        """,
        "Conv2D 'user1.conv1': User 'user1' freezes it, but its parameters are those of 'a', which is trained. Freeze that layer, too.");

    [Theory]
    [InlineData("Conv2D(4, 3, Name = \"a\"), Conv2D(4, 3, Stride = 2, Padding = 2, Weights = \"a\")", " a conv2=a")]
    [InlineData("Head(Name = \"a\"), Head(Name = \"b\", Weights = \"a\")", " a.conv1 a.relu1 a.last b.conv1=a.conv1 b.relu1 b.last=a.last")]
    [InlineData(
        "Conv2D(4, 1, Name = \"a\"), Conv2D(4, 1, Name = \"b\", Weights = \"a\"), Conv2D(4, 1, Name = \"c\", Weights = \"b\")",
        " a b=a c=a")]
    [InlineData(
        "Buffer(4, 1, 1, Name = \"a\"), Buffer(4, 1, 1, Weights = \"a\", Name = \"b\"), Add(\"a\", \"b\")", " a b=a add1")]
    [InlineData("PReLU(Slope = 0.5, Name = \"a\"), Conv2D(4, 1), PReLU(Slope = 0.5, Weights = \"a\")", " a conv1 prelu2=a")]
    [InlineData(
        "BatchNorm(Name = \"a\", Frozen = true), BatchNorm(Weights = \"a\", Name = \"b\"), BatchNorm(Weights = \"b\")", " a b=a bn3=a")]
    [InlineData(
        "Attention(2, Name = \"a\", From = \"x\"), Attention(4, Weights = \"a\", Name = \"b\")",
        " x a.in_proj a.heads a b.in_proj=a.in_proj b.heads b=a", "Input(4, 8), Tanh(Name = \"x\")")]
    public void Layers_use_the_parameters_of_others(string layers, string owners, string first = "Input(4, 8, 8)")
    {
        NetworkGraph graph = Graphs.ModelOf($"using Strata;\n[Network, {first}]\n[{layers}]\npartial class Net;{Blocks}").Graph!;
        Assert.Equal(
            owners.Split(' '),
            graph.Nodes.Select(node => node.Name + (node.Owner is { } owner ? "=" + graph.Nodes[owner].Name : "")));
    }
}
