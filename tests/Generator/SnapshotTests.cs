using System.Linq;
using System.Text;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class SnapshotTests
{
    [Fact]
    public void LeNet5_becomes_these_files() => Snapshot.Match("LeNet5", new Harness().Generate(Harness.LeNet5));

    [Fact]
    public void The_generated_source_of_LeNet5_is_at_most_300_kilobytes() =>
        Assert.InRange(
        new Harness().Generate(Harness.LeNet5).GeneratedTrees.Sum(tree => Encoding.UTF8.GetByteCount(tree.ToString())), 1, 300_000);

    [Fact]
    public void The_members_of_a_network_that_cannot_be_compiled_throw_the_rule() => Snapshot.Match("Invalid", new Harness().Generate("""
        using Strata;

        namespace Demo;

        public partial class Models
        {
            /// <summary>The second convolution is too large.</summary>
            [Network]
            [Input(1, 8, 8)]
            [Conv2D(6, 5), ReLU]
            [Conv2D(16, 5, Bias = false, Name = "features.0")]
            [Flatten, Dense(10), Softmax]
            [CrossEntropy]
            internal sealed partial class Broken;
        }
        """));
}
