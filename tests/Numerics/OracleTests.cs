using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>The oracle itself: against PyTorch, its shape rule, and its spelling.</summary>
public class OracleTests
{
    /// <summary>Both compute in double precision and differ by the order of their sums: 1e-12 relative leaves three digits.</summary>
    private const double Exactness = 1e-11;

    [Theory]
    [InlineData("lenet5")]
    [InlineData("net")]
    [InlineData("residual")]
    [InlineData("inception")]
    public void The_oracle_has_the_outputs_loss_and_gradients_of_PyTorch(string name)
    {
        FirstBatch oracle = Reference.FirstBatchOf(name);
        Golden golden = oracle.Golden;
        for (int n = 0; n < golden.Batch; n++)
        {
            for (int i = 0; i < 10; i++)
            {
                Assert.Equal(golden.Outputs[(n * 10) + i], oracle.Outputs[n].Value[i], Exactness);
            }
        }

        Assert.Equal(golden.Loss, oracle.Loss.Value[0], Exactness);
        for (int k = 0; k < oracle.Gradients.Count; k++)
        {
            string key = oracle.Network.Parameters[k].Key;
            golden.Gradients[key].Check(oracle.Gradients[k].Value, _ => Exactness, key);
        }
    }

    [Theory]
    [InlineData("lenet5", "sgd")]
    [InlineData("lenet5", "adam")]
    [InlineData("net", "sgd")]
    [InlineData("net", "adam")]
    [InlineData("residual", "sgd")]
    [InlineData("residual", "adam")]
    [InlineData("inception", "sgd")]
    [InlineData("inception", "adam")]
    public void The_oracle_has_the_weights_of_PyTorch_after_ten_steps(string name, string optimizer)
    {
        (Golden golden, OracleNetwork network, double[] losses) = Reference.AfterTenSteps(name, optimizer);
        GoldenTraining expected = optimizer == "sgd" ? golden.Sgd : golden.Adam;
        for (int step = 0; step < Golden.Steps; step++)
        {
            Assert.Equal(expected.Losses[step], losses[step], 1e-9);
        }

        for (int k = 0; k < network.Parameters.Count; k++)
        {
            string key = network.Parameters[k].Key;
            expected.Weights[key].Check(network.Weights[k].Value, _ => 1e-9, key);
        }
    }

    /// <summary>PyTorch: torch.nn.AvgPool2d(3, 2, 1, ceil_mode=True) and its kin; extents taken from there.</summary>
    [Theory]
    [InlineData(5, 2, 2, 0, false, 2)]
    [InlineData(5, 2, 2, 0, true, 3)]
    [InlineData(6, 3, 2, 1, true, 4)]
    [InlineData(4, 3, 3, 1, true, 2)]
    [InlineData(7, 3, 3, 1, true, 3)]
    [InlineData(2, 2, 2, 1, true, 2)]
    [InlineData(1, 2, 2, 1, true, 1)]
    public void Ceil_mode_counts_windows_as_PyTorch_does(int extent, int kernel, int stride, int padding, bool ceil, int outputs) =>
        Assert.Equal(outputs, new Axis(kernel, stride, padding, padding).Outputs(extent, ceil));

    [Fact]
    public void Branches_are_spelled_one_by_one_and_counted_in_source_order()
    {
        var network = new OracleNetwork(
            Extents.Image(4, 9, 8),
            [
                new Add([new Conv2D(4, 1), new Dropout(0.5)], []), new ReLU(),
                new Concat([], [], [new Conv2D(3, 1), new Tanh()]), new Flatten(),
                new Dense(2),
            ]);
        Assert.Equal(
            """
            [Network]
            [Input(4, 9, 8)]
            [Branch, Conv2D(4, 1), Dropout(0.5)]
            [Branch]
            [Add]
            [ReLU]
            [Branch]
            [Branch]
            [Branch, Conv2D(3, 1), Tanh]
            [Concat]
            [Flatten]
            [Dense(2)]
            public sealed partial class Declared;

            """,
            network.Declaration("Declared"));
        Assert.Equal(
            ["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "dense1.weight", "dense1.bias"],
            network.Parameters.Select(parameter => parameter.Key));
        Assert.Equal(11 * 9 * 8, Assert.Single(network.Nodes, node => node.Layer is Flatten).Output.Length);
        Assert.IsType<Dropout>(Assert.Single(network.Nodes, node => node.Number == 2).Layer);
        Assert.IsType<Tanh>(Assert.Single(network.Nodes, node => node.Number == 6).Layer);
    }

    [Fact]
    public void The_declaration_spells_what_is_not_the_default()
    {
        var network = new OracleNetwork(
            Extents.Image(4, 9, 8),
            [
                new Conv2D(6, new Axis(3, 2, 1, 0), new Axis(2, 1, 1, 1, 2), Groups: 2, Bias: false),
                new AveragePool2D(new Axis(2, 1), new Axis(2, 1), Ceil: true, CountIncludePad: false), new Dropout(0.25),
                new Flatten(), new Dense(3),
            ],
            Objective.MeanSquaredError,
            inputGradient: true,
            winograd: false);
        Assert.Equal(
            """
            [Network(InputGradient = true, Winograd = false, TrainingLayout = TrainingLayout.Blocked)]
            [Input(4, 9, 8)]
            [Conv2D(6, 3, KernelWidth = 2, StrideHeight = 2, StrideWidth = 1, DilationHeight = 1, DilationWidth = 2, PaddingTop = 1, PaddingBottom = 0, PaddingLeft = 1, PaddingRight = 1, Groups = 2, Bias = false)]
            [AveragePool2D(2, Stride = 1, CeilMode = true, CountIncludePad = false)]
            [Dropout(0.25)]
            [Flatten]
            [Dense(3)]
            [MeanSquaredError]
            public sealed partial class Declared;

            """,
            network.Declaration("Declared"));
    }

    /// <summary>Seed 127: batch norm of a constant is nothing but rounding, which a PReLU behind it takes for a sign.</summary>
    [Fact]
    public void A_product_of_two_numbers_that_are_nothing_but_errors_is_off_by_both()
    {
        var sums = new Sums(1);
        var product = new Numbers(1);
        sums.Add(0, 0, 1e-10, 0, Numbers.EitherWay(1));
        sums.Store(product);
        Assert.InRange(product.Tolerance(0), Numbers.Accepted * 1e-5, 1.01 * Numbers.Accepted * 1e-5);
    }
}
