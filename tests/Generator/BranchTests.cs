using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>How branches and joins become a graph.</summary>
public sealed class BranchTests
{
    [Fact]
    public void Branches_begin_at_the_tensor_of_their_group_and_end_at_its_join()
    {
        NetworkGraph graph = Graphs.Of(
            """
            [Input(3, 8, 8), Conv2D(4, 1)]
            [Branch, Conv2D(4, 3, Padding = 1), ReLU, Conv2D(4, 3, Padding = 1)]
            [Branch]
            [Add, ReLU]
            [Branch, Conv2D(2, 1)]
            [Branch, MaxPool2D(3, Stride = 1, Padding = 1), Conv2D(5, 1)]
            [Branch, AveragePool2D(1)]
            [Concat]
            """);
        Assert.Equal(
            [
                ": ", "conv1: 0", "conv2: 1", "relu1: 2", "conv3: 3", "add1: 4 1", "relu2: 5",
                "conv4: 6", "pool1: 6", "conv5: 8", "pool2: 6", "concat1: 7 9 10",
            ],
            graph.Nodes.Select(node => $"{node.Name}: {string.Join(' ', node.Inputs)}"));
        Assert.Equal(new AddOperation(), graph.Nodes[5].Operation);
        Assert.Equal(new Concatenation(), graph.Output.Operation);
        Assert.Equal(("Add1", "Add", ""), (graph.Nodes[5].Identifier, graph.Nodes[5].Kind, graph.Nodes[5].Formula));
        Assert.Equal(("Concat1", "Concat", "2 + 5 + 4 = 11"), (graph.Output.Identifier, graph.Output.Kind, graph.Output.Formula));
    }

    [Theory]
    [InlineData("[Input(3, 5, 4), Branch, Branch, ReLU, Add]", "3×5×4")]
    [InlineData("[Input(3, 5, 4), Branch, Branch, ReLU, Branch, Conv2D(7, 1), Concat]", "13×5×4")]
    [InlineData("[Input(3, 5), Branch, Branch, Tanh, Concat]", "6×5")]
    [InlineData("[Input(3, 5), Branch, Branch, Tanh, Add]", "3×5")]
    [InlineData("[Input(7), Branch, Dense(2), Branch, Concat]", "9")]
    [InlineData("[Input(7), Branch, Branch, Add]", "7")]
    public void A_join_has_the_shape_of_its_branches(string stack, string shape) =>
        Assert.Equal(shape, Graphs.Of(stack).Output.Shape.ToString());

    [Fact]
    public void Joins_are_counted_and_named_as_other_layers()
    {
        NetworkGraph graph = Graphs.Of(
            "[Input(4), Branch, Branch, Add, Branch, Branch, Add(Name = \"sum\"), Branch, Branch, Concat, Branch, Branch, Add]");
        Assert.Equal(["", "add1", "sum", "concat1", "add3"], graph.Nodes.Select(node => node.Name));
    }
}
