using System;
using System.Linq;
using System.Threading.Tasks;
using Strata.Compiler.Declarations;
using Strata.Compiler.Graph;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>From, joins by name, shortcuts, several inputs, outputs and losses.</summary>
public sealed class TensorNameTests
{
    private const string Blocks = """

        [Conv2D(2, 1, Name = "a"), Conv2D(2, 1, From = "input"), Concat("a", "conv2"), Concat(Encoder, "concat1"), Conv2D(2, 1, Name = "last")]
        class UpAttribute : BlockAttribute { const string Encoder = ""; public UpAttribute(string encoder) { } }
        [ReLU, Dense(3)] class HeadAttribute : BlockAttribute { }
        """;

    [Theory]
    [InlineData("[Input(4), Dense(3), ReLU, Dense(3, From = \"dense1\"), Add(\"relu1\", \"dense2\")]",
        ": dense1:0 relu1:1 dense2:1 add1:2,3")]
    [InlineData("[Input(4), Dense(4), Add(\"input\", \"dense1\")]", ": dense1:0 add1:0,1")]
    [InlineData("[Input(4, Name = \"x\"), Dense(4), Add(\"x\", \"dense1\"), ReLU(From = \"input\"), Add(\"add1\", \"relu1\")]",
        "x: dense1:0 add1:0,1 relu1:0 add2:2,3")]
    [InlineData("[Input(4), Head(Repeat = 2, Name = \"h\"), Concat(\"h\", \"h.0\", \"h.1.relu1\")]",
        ": h.0.relu1:0 h.0.dense1:1 h.1.relu1:2 h.1.dense1:3 concat1:4,2,3")]
    [InlineData("[Input(4), Head, Head(From = \"input\"), Concat(\"head1\", \"head2\")]",
        ": head1.relu1:0 head1.dense1:1 head2.relu1:0 head2.dense1:3 concat1:2,4")]
    [InlineData(
        "[Input(2, 3, 3), Conv2D(2, 1, Name = \"enc\"), ReLU, Up(\"enc\")]",
        ": enc:0 relu1:1 up1.a:2 up1.conv2:2 up1.concat1:3,4 up1.concat2:1,5 up1.last:6")]
    [InlineData(
        "[Input(4), Branch, Dense(2), Dense(3, From = \"input\", Name = \"side\"), Branch, Dense(3), Add(\"side\", \"dense3\"), "
        + "Concat(Name = \"all\"), Concat(\"all\", \"dense1\")]",
        ": dense1:0 side:0 dense3:0 add1:2,3 all:2,4 concat2:5,1")]
    public void Names_connect_layers(string stack, string wiring)
    {
        NetworkGraph graph = Of(stack);
        Assert.Equal(wiring.Split(' '), graph.Nodes.Select(node => $"{node.Name}:{string.Join(',', node.Inputs)}"));
    }

    [Theory]
    [InlineData("[Input(3, 8, 8), Conv2D(4, 1), Branch, Conv2D(4, 3, Padding = 1), Branch, Shortcut(4), Add]", "add1:2,1")]
    [InlineData(
        "[Input(3, 8, 8), Conv2D(4, 1), Branch, Conv2D(4, 3, Padding = 1, Stride = 2), Branch, Shortcut(4, Stride = 2), Add]",
        "downsample.0:1 downsample.1:3 add1:2,4")]
    [InlineData("[Input(3, 8, 8), Branch, Shortcut(5, Name = \"proj\"), Branch, Shortcut(5), Add]",
        "proj.0:0 proj.1:1 downsample2.0:0 downsample2.1:3 add1:2,4")]
    public void A_shortcut_is_the_identity_or_a_projection(string stack, string wiring)
    {
        NetworkGraph graph = Of(stack);
        string[] last = wiring.Split(' ');
        Assert.Equal(last, graph.Nodes.Select(node => $"{node.Name}:{string.Join(',', node.Inputs)}").TakeLast(last.Length));
    }

    [Fact]
    public void A_projection_has_no_bias()
    {
        NetworkGraph graph = Of("[Input(3, 8, 8), Shortcut(5, Stride = 2)]");
        Assert.Equal(["Conv2D 5×4×4", "BatchNorm 5×4×4"], graph.Nodes.Skip(1).Select(node => $"{node.Kind} {node.Shape}"));
        Assert.Equal(["weight"], graph.Nodes[1].Operation.Parameters(graph.Input.Shape).Select(parameter => parameter.Suffix));
    }

    [Fact]
    public void Inputs_stand_one_behind_the_other()
    {
        NetworkGraph graph = Of(
            "[Input(1, 4, 4, Name = \"image\"), Conv2D(2, 3), Flatten]\n[Input(3, Name = \"meta\"), "
            + "Dense(8), Add(\"flatten1\", \"dense1\")]");
        Assert.Equal(["image", "meta"], graph.Inputs.Select(node => node.Name));
        Assert.Equal(["Image", "Meta"], graph.Inputs.Select(node => node.Identifier));
        Assert.Equal(19, graph.InputLength);
        Assert.Equal([3], graph.Nodes[4].Inputs);
    }

    [Fact]
    public void Outputs_are_named_in_the_order_of_their_declaration()
    {
        NetworkGraph graph = Of("[Input(4), Dense(3), Output(\"coarse\"), Dense(2), Output(\"fine\"), Output(\"raw\", From = \"input\")]");
        Assert.Equal(["coarse 1", "fine 2", "raw 0"], graph.Outputs.Select(output => $"{output.Name} {output.Node}"));
    }

    [Theory]
    [InlineData("[Input(4), Dense(3, Name = \"main\"), CrossEntropy]\n[Dense(3, Name = \"aux\", From = "
        + "\"input\"), CrossEntropy(Weight = 0.3)]", 1)]
    [InlineData("[Input(4), Dense(3, Name = \"aux\"), CrossEntropy(Weight = 0.3)]\n[Dense(3, From = \"input\"), CrossEntropy]", 2)]
    [InlineData("[Input(4), Dense(3), Dense(3, From = \"input\"), CrossEntropy(From = \"dense1\"), CrossEntropy]", 1)]
    [InlineData("[Input(4), Dense(3), Dense(3, From = \"input\"), Output, CrossEntropy(From = \"dense1\"), CrossEntropy]", 2)]
    public void The_output_is_what_the_weightiest_loss_reads_unless_one_is_declared(string stack, int output) =>
        Assert.Equal(output, Of(stack).Output.Index);

    [Fact]
    public void Losses_have_weights_and_targets()
    {
        NetworkGraph graph = Of(
            "[Input(4), Dense(3), MeanSquaredError(Weight = 2)]\n[Dense(5, From = \"input\"), L1(Target = "
            + "\"sizes\")]\n[Huber(From = \"dense1\", Weight = 0)]");
        Assert.Equal(
            ["MeanSquaredError 1 2 0", "L1 2 1 3", "Huber 1 0 0"],
            graph.Losses.Select(loss => FormattableString.Invariant($"{loss.Loss.Name} {loss.Node} {loss.Weight} {loss.TargetOffset}")));
        Assert.Equal((0, 8), (graph.TargetLength(classes: true), graph.TargetLength(classes: false)));
    }

    [Fact]
    public void Layers_and_blocks_are_frozen_by_themselves_and_up_to_a_name()
    {
        const string Stack =
            "Input(4), Dense(4), Head(Name = \"a\", Frozen = true), Head(Name = \"b\", Repeat = 2), Dense(4, Frozen = true), Dense(2)";
        Assert.Equal(
            ["a.relu1", "a.dense1", "dense2"], Of($"[{Stack}]").Nodes.Where(node => node.Frozen).Select(node => node.Name));
        NetworkGraph until = Graphs.ModelOf(
            $"using Strata;\n[Network(FreezeUntil = \"b\"), {Stack}]\npartial class Net;\n{Blocks}").Graph!;
        Assert.Equal(["", "dense1", "a.relu1", "a.dense1", "dense2"], until.Nodes.Where(node => node.Frozen).Select(node => node.Name));
    }

    [Theory]
    [InlineData(
        "[Input(4), Dense(4, Name = \"enc1\"), ReLU({|STRATA044:From = \"Enc1\"|})]",
        "ReLU 'relu1': there is no layer, block or input 'Enc1'. The nearest name is 'enc1'.")]
    [InlineData(
        "[Input(4), Dense(4, Name = \"enc1\"), ReLU, Add(\"relu1\", {|STRATA044:\"enc2\"|})]",
        "Add 'add1': there is no layer, block or input 'enc2'. The nearest name is 'enc1'.")]
    [InlineData(
        "[Input(4), ReLU({|STRATA045:From = \"dense1\"|}), Dense(4)]",
        "ReLU 'relu1': 'dense1' comes later. Layers are computed in source order: move it down, or that layer up. "
        + "If each needs the other, it is a cycle.")]
    [InlineData(
        "[Input(4), ReLU(Name = \"me\", {|STRATA045:From = \"me\"|})]",
        "ReLU 'me': 'me' is its own name. Nothing can read its own result, which would be a cycle.")]
    [InlineData(
        "[Input(4), {|STRATA019:Dense(3)|}, Dense(2, From = \"input\")]",
        "Dense 'dense1' is read by no layer, output or loss. Read it by From, join it, make it an [Output], or remove it.")]
    [InlineData(
        "[Input(4), Dense(3), ReLU, {|STRATA019:Dense(3)|}, Dense(2, From = \"input\")]",
        "Dense 'dense2' is read by no layer, output or loss, so that the 3 layers that lead to it are dead. Read it by From, join "
        + "it, make it an [Output], or remove it.")]
    [InlineData(
        "[{|STRATA019:Input(4, Name = \"a\")|}, Input(3, Name = \"b\"), Dense(3)]",
        "Input 'a' is read by no layer, output or loss. Read it by From, join it, make it an [Output], or remove it.")]
    [InlineData("[Input(4), Dense(3), Add({|STRATA016:\"dense1\"|})]", "Add 'add1' joins one tensor only. Name another one.")]
    [InlineData(
        "[Input(4), Dense(3), Add({|STRATA022:From = \"dense1\"|})]",
        "Add 'add1': a join reads several tensors. Name all of them: [Add(\"dense1\", …)].")]
    [InlineData(
        "[Input(4), Dense(3), Dense(4, Name = \"b\"), {|STRATA037:Add(\"dense1\", \"b\")|}]",
        "Add 'add1' needs branches of one shape, or of 1 element along an axis: 'dense1' is 3, but 'b' is 4:"
            + " features 3 (since Dense 'dense1') ≠ 4 (since Dense "
        + "'b'). Put [Dense(3)] at the end of 'b'.")]
    [InlineData(
        "[Input(4), Dense(3), Output, Dense(2), {|STRATA011:Output|}]",
        "Network 'Net' has another output of this name or without one. Give it a name of its own, [Output(\"name\")], or remove it.")]
    [InlineData(
        "[Input(4), Dense(3), {|STRATA011:Output|}, Dense(2), Output(\"b\")]",
        "Network 'Net' has another output of this name or without one. Give it a name of its own, [Output(\"name\")], or remove it.")]
    [InlineData(
        "[Input(4), Dense(4), ReLU({|STRATA044:From = \"inptu\"|})]",
        "ReLU 'relu1': there is no layer, block or input 'inptu'. The nearest name is 'input'.")]
    [InlineData(
        "[Input(4), Dense(4), Concat(new[] { \"dense1\", {|STRATA044:\"inptu\"|} })]",
        "Concat 'concat1': there is no layer, block or input 'inptu'. The nearest name is 'input'.")]
    [InlineData(
        "[Input(4), Dense(3), Output(\"a\"), Dense(2), Output({|STRATA040:\"a\"|})]",
        "[Output]: the name 'a' is taken by another output. Choose another name.")]
    [InlineData(
        "[Input(4, Name = \"a\"), Dense(3), Output(\"foo\"), Dense(2), Output({|STRATA046:\"Foo\"|})]",
        "Output 'Foo': its member 'FooLength' clashes with that of Output 'foo'. Choose another name.")]
    [InlineData(
        "[Input(4), Dense(3), Output(\"a\"), Dense(2), Output({|STRATA046:\"output\"|})]",
        "Output 'output': its member 'OutputLength' clashes with a member that the generator adds. Choose another name.")]
    [InlineData(
        "[Input(4), Dense(3), Output({|STRATA041:\"a.b\"|})]",
        "[Output]: the name 'a.b' yields no C# identifier: it holds '.'. Use letters, digits, underscores and hyphens, in parts "
        + "separated by dots, the first of which does not begin with a digit.")]
    [InlineData(
        "[Input(4), Dense(3), MeanSquaredError({|STRATA020:Weight = double.NaN|})]",
        "MeanSquaredError: Weight cannot be NaN. Use a finite 32-bit number.")]
    [InlineData(
        "[Input(4), Dense(3), MeanSquaredError, Dense(2, From = \"input\"), {|STRATA018:L1|}]",
        "[L1] needs 2 numbers for its input 2, but [MeanSquaredError] with the same target needs 3 for its input "
        + "3. Give one of them a Target of its own.")]
    public Task What_names_cannot_say_is_reported(string stack, string message) => new Harness().ReportsAsync(
        $"using Strata;\n[Network]\n{stack}\npartial class Net;", message);

    [Fact]
    public Task A_block_that_reads_itself_is_reported() => new Harness().ReportsAsync(
        "using Strata;\n[Network, Input(4), Loop(Name = \"l\")]\npartial class Net;\n[ReLU({|STRATA045:From = \"l\"|})] "
        + "class LoopAttribute : BlockAttribute { }",
        "ReLU 'l.relu1': 'l' is the block around it. Nothing can read a result that depends on it, which would be a cycle.");

    [Fact]
    public Task An_unknown_name_to_freeze_until_is_reported() => new Harness().ReportsAsync(
        "using Strata;\n[Network({|STRATA044:FreezeUntil = \"layr3\"|}), Input(4), Dense(2), Dense(3, "
        + "Name = \"layer3\")]\npartial class Net;",
        "FreezeUntil of network 'Net': there is no layer, block or input 'layr3'. The nearest name is 'layer3'.");

    private static NetworkGraph Of(string stack)
    {
        NetworkModel model = Graphs.ModelOf($"using Strata;\n[Network]\n{stack}\npartial class Net;\n{Blocks}");
        Assert.True(model.Graph is not null, string.Join(Environment.NewLine, model.Problems.Select(problem => problem.Message)));
        return model.Graph;
    }
}
