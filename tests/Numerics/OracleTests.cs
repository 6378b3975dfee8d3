using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>The oracle itself: against PyTorch, against finite differences, and its shape rule.</summary>
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

    [Theory]
    [MemberData(nameof(Differentiable))]
    public void The_oracle_agrees_with_finite_differences(string description, int number)
    {
        Assert.NotEmpty(description);
        OracleNetwork network = DifferentiableNetworks()[number];
        Assert.True(network.IsValid);
        FiniteDifferences.Check(network);
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
                new Add([new Conv2D(4, 1), new Dropout(0.5)], []), new ReLU(), new Concat([], [], [new Conv2D(3, 1), new Tanh()]), new Flatten(),
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
        Assert.Equal(11 * 9 * 8, network.ExtentsBefore(4).Length);
        Assert.IsType<Dropout>(network.Walk[1].Layer);
        Assert.IsType<Tanh>(network.Walk[5].Layer);
    }

    [Fact]
    public void The_declaration_spells_what_is_not_the_default()
    {
        var network = new OracleNetwork(
            Extents.Image(4, 9, 8),
            [
                new Conv2D(6, new Axis(3, 2, 1, 0), new Axis(2, 1, 1, 1, 2), Groups: 2, Bias: false),
                new AveragePool2D(new Axis(2, 1), new Axis(2, 1), Ceil: true, CountIncludePad: false), new Dropout(0.25), new Flatten(), new Dense(3),
            ],
            Objective.MeanSquaredError,
            inputGradient: true);
        Assert.Equal(
            """
            [Network(InputGradient = true)]
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

    public static TheoryData<string, int> Differentiable()
    {
        var data = new TheoryData<string, int>();
        OracleNetwork[] networks = DifferentiableNetworks();
        for (int i = 0; i < networks.Length; i++)
        {
            data.Add(string.Join(", ", networks[i].Layers.Select(l => l.Attribute).Append(networks[i].Objective.Attribute)), i);
        }

        return data;
    }

    private static OracleNetwork[] DifferentiableNetworks()
    {
        Extents image = Extents.Image(4, 7, 6), sequence = Extents.Sequence(4, 13), volume = Extents.Volume(2, 3, 4, 5);
        return
        [
            With(new Conv2D(6, new Axis(3, 2, 1, 0), new Axis(2, 1, 1, 2, 2), Groups: 2)),
            With(new Conv2D(3, new Axis(4), new Axis(2), Auto.Same), new Tanh()),
            With(new Conv2D(4, new Axis(3, 3), new Axis(3, 2), Auto.Full, Groups: 4, Bias: false), new Sigmoid()),
            With(new MaxPool2D(new Axis(3, 2, 1, 1), new Axis(2, 1), Ceil: true)),
            With(new AveragePool2D(new Axis(3, 2, 1, 1), new Axis(3, 2, 1, 1), Ceil: true)),
            With(new AveragePool2D(new Axis(3, 2, 1, 1), new Axis(2, 1), CountIncludePad: false, Auto: Auto.Same)),
            With(new ReLU(), new Dropout(0.5)),
            With(new Add([], [new Tanh(), new Conv2D(4, 3, padding: 1)], [new Dropout(0.5)]), new Sigmoid()),
            With(new Concat([new Conv2D(2, 1), new Dropout(0.5)], [], [new MaxPool2D(3, stride: 1, padding: 1), new Conv2D(3, 1)], []), new Tanh()),
            With(new Concat([new Flatten(), new Dense(3)], [new AveragePool2D(2), new Flatten()]), new Add([new Dense(5)], [new Dropout(0.5), new Dense(5)])),
            With(new Softmax()),
            With(new Conv2D(4, 2), new ELU(), new GELU(), new Softplus(2), new SiLU()),
            With(new Conv2D(4, 2), new GELU(Approximate: true), new LeakyReLU(0.2), new HardSwish(), new HardSigmoid()),
            new(Extents.Sequence(3, 5), [new Softmax(), new Flatten(), new Dense(4, Bias: false)], Objective.CrossEntropy),
            new(sequence, [new Conv1D(6, new Axis(3, 2, 1, 3, 2), Groups: 2), new Tanh(), new AveragePool1D(new Axis(3, 2, 1, 1), Ceil: true)], Objective.MeanSquaredError),
            new(sequence, [new Conv1D(3, new Axis(4), Auto.Same, Bias: false), new MaxPool1D(3, stride: 2, padding: 1)], Objective.MeanSquaredError),
            new(volume, [new Conv3D(4, new Axis(2, 2, 1, 0), new Axis(3, 1, 1, 1), new Axis(2, 1, 1, 2, 2), Groups: 2), new Sigmoid()], Objective.MeanSquaredError),
            new(volume, [new Conv3D(3, 2) { Auto = Auto.Full }, new MaxPool3D(3, stride: 2, padding: 1), new Softmax()], Objective.MeanSquaredError),
            new(volume, [new AveragePool3D(Axis.Of(2, 1, 1), Axis.Of(3, 2, 1), Axis.Of(2, 2, 0), Ceil: true), new Conv3D(3, 1)], Objective.MeanSquaredError),
            new(Extents.Vector(9), [new Dense(7), new Tanh(), new Dropout(0.3), new Dense(5), new Softmax()], Objective.CrossEntropy),
            new(Extents.Vector(9), [new Dense(7), new Softmax()], Objective.MeanSquaredError),
            new(Extents.Vector(9), [new Dense(7)], new SquaredError("L2") { Sum = true }),
            new(Extents.Vector(9), [new Dense(7)], new AbsoluteError("MeanAbsoluteError")),
            new(Extents.Vector(9), [new Dense(7)], new AbsoluteError("L1") { Sum = true }),
            new(Extents.Vector(9), [new Dense(7)], new SmoothError("SmoothL1", 0.5)),
            new(Extents.Vector(9), [new Dense(7)], new SmoothError("Huber", 0.75) { Sum = true }),
            new(Extents.Vector(9), [new Dense(7), new Sigmoid()], new BinaryCrossEntropyObjective()),
            new(Extents.Vector(9), [new Dense(7)], new BinaryCrossEntropyObjective { Sum = true }),
            new(Extents.Vector(9), [new Dense(4), new Softmax()], new CrossEntropyObjective(0.2, 0.5, 2, 1, 0.25)),
            new(Extents.Vector(9), [new Dense(4)], new HingeObjective(0.75, 0.5, 2, 1, 0.25)),
        ];

        OracleNetwork With(params Layer[] layers) => new(image, layers, Objective.MeanSquaredError);
    }
}
