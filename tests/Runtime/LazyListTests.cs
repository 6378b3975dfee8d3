using System.Linq;
using Strata.CompilerServices;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>Lists that generated code makes when they are first read.</summary>
public class LazyListTests
{
    [Fact]
    public void The_items_are_made_once_and_not_before_they_are_read()
    {
        int made = 0;
        var list = new LazyList<string>(() =>
        {
            made++;
            return ["conv1", "relu1", "dense1"];
        });
        Assert.Equal(0, made);
        Assert.Equal(3, list.Count);
        Assert.Equal("relu1", list[1]);
        Assert.Equal(["conv1", "relu1", "dense1"], list.ToArray());
        Assert.Same(list[2], list.ToArray()[2]);
        Assert.Equal(1, made);
    }
}
