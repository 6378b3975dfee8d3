using System;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Xunit;

namespace Strata.Imaging.Tests;

public sealed class DiagramTests
{
    /// <summary>A residual block between two convolutions, and a head that only training computes.</summary>
    private static readonly NetworkInfo Residual = new(
        "Residual", [3, 8, 8], [10],
        [
            new LayerInfo("conv1", "Conv2D", [4, 8, 8], "", 112, 6912) { Arguments = "4, 3, Padding = 1" },
            new LayerInfo("relu1", "ReLU", [4, 8, 8], "", 0, 0),
            new LayerInfo("block.0.conv1", "Conv2D", [4, 8, 8], "", 148, 9216) { Arguments = "4, 3, Padding = 1" },
            new LayerInfo("block.0.bn1", "BatchNorm", [4, 8, 8], "", 8, 0),
            new LayerInfo("block.0.add", "Add", [4, 8, 8], "", 0, 0) { Inputs = ["relu1", "block.0.bn1"] },
            new LayerInfo("aux", "Dense", [10], "", 2570, 2560) { TrainingOnly = true },
            new LayerInfo("flatten1", "Flatten", [256], "", 0, 0) { Inputs = ["block.0.add"] },
            new LayerInfo("dense1", "Dense", [10], "", 2570, 2560) { Arguments = "10" },
        ],
        [], []);

    [Fact]
    public void At_level_1_a_block_is_one_box() => Assert.Equal(
        """
        flowchart TD
            n0(["input"])
            n1["conv1<br/>Conv2D(4, 3, Padding = 1)<br/>ReLU<br/>112 parameters, 6.91 k multiply-adds"]
            n2[["block<br/>3 layers<br/>156 parameters, 9.22 k multiply-adds"]]
            n3["flatten1<br/>Flatten"]
            n4["dense1<br/>Dense(10)<br/>2.57 k parameters, 2.56 k multiply-adds"]
            n5(["output"])
            n0 -->|3×8×8| n1
            n1 -->|4×8×8| n2
            n2 -->|4×8×8| n3
            n3 -->|256| n4
            n4 -->|10| n5

        """, Residual.Diagram().ToMermaid());

    [Fact]
    public void A_higher_level_opens_the_block()
    {
        DiagramGraph graph = Residual.Diagram(new DiagramOptions { Level = 3, TrainingOnly = true }).Graph;
        Assert.Equal(
            ["input", "conv1", "block.0.conv1", "block.0.add", "flatten1", "dense1", "output", "aux"],
            graph.Nodes.Select(n => n.Name).OrderBy(n => n == "aux"));
        Assert.Equal(
            ["conv1", "block.0.conv1"],
            graph.Edges.Where(e => graph.Nodes[e.To].Name == "block.0.add").Select(e => graph.Nodes[e.From].Name).Order().Reverse());
        Assert.All(graph.Edges, e => Assert.True(e.From < e.To));
    }

    [Fact]
    public void A_block_alone_has_what_it_reads_and_what_it_gives()
    {
        NetworkDiagram diagram = Residual.Diagram(new DiagramOptions { Block = "block", Level = 9 });
        Assert.Equal("Residual block", diagram.Title);
        Assert.Equal(
            """
            flowchart TD
                n0(["relu1"])
                n1["0.conv1<br/>Conv2D(4, 3, Padding = 1)<br/>BatchNorm<br/>156 parameters, 9.22 k multiply-adds"]
                n2["0.add<br/>Add"]
                n3(["output"])
                n0 -->|4×8×8| n1
                n0 -->|4×8×8| n2
                n1 -->|4×8×8| n2
                n2 -->|4×8×8| n3

            """, diagram.ToMermaid());
        DiagramGraph closed = Residual.Diagram(new DiagramOptions { Block = "block" }).Graph;
        Assert.Equal(["relu1", "block.0", "output"], closed.Nodes.Select(n => n.Name));
    }

    [Fact]
    public void Long_arguments_go_to_the_next_line()
    {
        var network = new NetworkInfo(
            "Long", [3, 8, 8], [4, 4, 4],
            [
                new LayerInfo("conv1", "Conv2D", [4, 4, 4], "", 112, 6912)
                {
                    Arguments = "4, 3, Stride = 2, Padding = 1, Dilation = 1, Bias = false",
                },
            ],
            [], []);
        Assert.Contains(
            "conv1<br/>Conv2D(4, 3, Stride = 2, Padding = 1,<br/>Dilation = 1, Bias = false)<br/>", network.Diagram().ToMermaid(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_that_is_not_there_is_an_error_that_names_those_that_are() => Assert.Equal(
        "Residual has no block 'blok'. It has block. (Parameter 'options')",
        Assert.Throws<ArgumentException>(() => Residual.Diagram(new DiagramOptions { Block = "blok" })).Message);

    [Fact]
    public void Boxes_of_an_SVG_lie_inside_of_it_and_do_not_overlap()
    {
        foreach (int level in new[] { 1, 2, 3 })
        {
            DiagramCheck.BoxesAreApart(Residual.Diagram(new DiagramOptions { Level = level }).ToSvg());
        }
    }

    [Fact]
    public void The_file_appears_complete_and_replaces_another()
    {
        string folder = Directory.CreateTempSubdirectory("diagram").FullName, path = Path.Combine(folder, "net.svg");
        File.WriteAllText(path, "older");
        Residual.Diagram().Save(path);
        Assert.Equal("svg", XDocument.Load(path).Root!.Name.LocalName);
        Assert.Single(Directory.EnumerateFiles(folder));
        Directory.Delete(folder, recursive: true);
    }
}
