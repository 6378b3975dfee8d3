using System;
using System.IO;
using System.Linq;
using Strata.Imaging;
using Strata.Imaging.Tests;
using Xunit;
using Zoo;

namespace Strata.Zoo.Tests;

public sealed class DiagramTests
{
    public static TheoryData<string> Names => [.. Catalog.All.Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_network_is_drawn_at_every_level_without_boxes_that_overlap(string name)
    {
        NetworkInfo network = ZooNetwork.Find(name)!.Info;
        int deepest = network.Layers.Max(layer => layer.Name.Split('.').Length);
        for (int level = 1; level <= deepest; level++)
        {
            NetworkDiagram diagram = network.Diagram(new DiagramOptions { Level = level, TrainingOnly = level == deepest });
            DiagramCheck.BoxesAreApart(diagram.ToSvg());
            Assert.StartsWith("flowchart TD\n", diagram.ToMermaid(), StringComparison.Ordinal);
        }
    }

    /// <summary>The pages' drawings are what the command <c>draw</c> writes.</summary>
    [Theory]
    [InlineData("googlenet.svg", null, 1)]
    [InlineData("inception.svg", "inception3a", 2)]
    public void The_pages_drawings_are_those_of_the_network(string file, string? block, int level)
    {
        string drawn = ZooNetwork.Find("googlenet")!.Info.Diagram(new DiagramOptions { Block = block, Level = level }).ToSvg();
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file)), drawn);
    }
}
