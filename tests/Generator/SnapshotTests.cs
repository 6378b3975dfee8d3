using System.Linq;
using System.Text;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class SnapshotTests
{
    [Fact]
    public void LeNet5_becomes_these_files() => Snapshot.Match("LeNet5", new Harness().Generate(Harness.LeNet5), "Avx512");

    /// <summary>
    /// A shortcut around a convolution whose sums are long, batch norm's steps for the whole batch, and a join with its activation.
    /// </summary>
    [Fact]
    public void A_residual_block_with_batch_norm_becomes_these_files() => Snapshot.Match(
        "Residual",
        new Harness().Generate("""
            using Strata;

            namespace Demo;

            [Network]
            [Input(112, 4, 4)]
            [Branch, Conv2D(112, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
            [Branch]
            [Add, ReLU]
            [GlobalAveragePool2D, Flatten, Dense(4), CrossEntropy]
            public partial class Residual;
            """),
        "Avx512");

    [Fact]
    public void An_inception_module_becomes_these_files() => Snapshot.Match(
        "Inception",
        new Harness().Generate("""
            using Strata;

            namespace Demo;

            [Network]
            [Input(8, 6, 6)]
            [Branch, Conv2D(16, 1), ReLU]
            [Branch, Conv2D(8, 1), ReLU, Conv2D(16, 3, Padding = 1), ReLU]
            [Branch, MaxPool2D(3, Stride = 1, Padding = 1), Conv2D(8, 1), ReLU]
            [Concat]
            public partial class Inception;
            """),
        "Vector128");

    /// <summary>Many layers: the steps are data, and kernels serve several extents.</summary>
    [Fact]
    public void A_deep_network_becomes_these_files() => Snapshot.Match(
        "Deep",
        new Harness().Generate("""
            using Strata;

            namespace Demo;

            [Dense(Units), Tanh]
            public sealed class StepAttribute : BlockAttribute
            {
                private const int Units = 8;
                public StepAttribute(int units) { }
            }

            [Network]
            [Input(8)]
            [Step(8, Name = "a", Repeat = 40), Step(12, Name = "b", Repeat = 30)]
            [Dense(3), CrossEntropy]
            public partial class Deep;
            """),
        "Avx2");

    /// <summary>Each tier's programs once more, for inference, with dense layers that read weights in 16 bits.</summary>
    [Fact]
    public void A_network_whose_weights_may_be_bfloat16_becomes_these_files() => Snapshot.Match(
        "Half",
        new Harness().Generate("""
            using Strata;

            namespace Demo;

            [Network(WeightStorage = WeightStorage.BFloat16)]
            [Input(3, 4, 4)]
            [Conv2D(4, 3), ReLU]
            [Flatten, Dense(20), ReLU, Dense(3)]
            public partial class Half;
            """),
        "Avx2");

    [Fact]
    public void The_generated_source_of_LeNet5_is_at_most_320_kilobytes() =>
        Assert.InRange(
        new Harness().Generate(Harness.LeNet5).GeneratedTrees.Sum(tree => Encoding.UTF8.GetByteCount(tree.ToString())), 1, 320_000);

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
