using System;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Branches and joins worked out by hand, in every tier, alone and in a batch that no number of lanes divides. The numbers are
/// small integers, so results are exact.
/// </summary>
public class BranchTests
{
    private const int Batch = 19;

    public static TheoryData<Isa> AllTiers => Tiers.All;

    public static TheoryData<Isa, string> AllTiersAndJoins =>
        new(Tiers.Supported.SelectMany(isa => new[] { "Add", "Multiply" }.Select(join => (isa, join))));

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_shortcut_adds_the_input_of_its_block(Isa isa)
    {
        // The notes' 3×3 filter on its 5×5 input: the middle of the padded result is the notes' result, and the input is added.
        float[] input = [3, 3, 2, 1, 0, 0, 0, 1, 3, 1, 3, 1, 2, 2, 3, 2, 0, 0, 2, 2, 2, 0, 0, 0, 1];
        float[] outputs = Run(
            isa, Extents.Image(1, 5, 5), [new Add([Convolution(1, 3)], [])], [[0, 1, 2, 2, 2, 0, 0, 1, 2]], input, new float[25]).Outputs;
        Assert.Equal([12 + 0, 12 + 1, 17 + 3], outputs[6..9]);
        Assert.Equal([10 + 1, 17 + 2, 19 + 2], outputs[11..14]);
        Assert.Equal([9 + 0, 6 + 0, 14 + 2], outputs[16..19]);
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void An_activation_in_one_branch_leaves_the_others_tensor_as_it_is(Isa isa)
    {
        // t = 2x, y = t + 10·max(t, 0): the activation may not overwrite t, which the shortcut reads, whichever comes first.
        foreach (bool shortcutFirst in new[] { false, true })
        {
            Layer[] branch = [new ReLU(), Convolution(1, 1)];
            (float[] outputs, float[] gradient) = Run(
                isa,
                Extents.Image(1, 2, 3),
                [Convolution(1, 1), shortcutFirst ? new Add([], branch) : new Add(branch, [])],
                [[2], [10]],
                [-1, 2, -3, 3, -4, 5],
                [1, 1, 1, 2, 2, 2]);
            Assert.Equal([-2, 44, -6, 66, -8, 110], outputs);
            Assert.Equal([2, 22, 2, 44, 4, 44], gradient);
        }
    }

    /// <summary>What joins and activations read has gaps between its blocks of channels, what they write has none (seed 1543).</summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void One_pixel_is_read_from_between_the_zeros_around_it(Isa isa)
    {
        Layer[] padded = [new Conv2D(20, 3, padding: 1)];
        OracleNetwork[] networks =
        [
            new(Extents.Image(20, 1, 1), [new Conv2D(20, 1), new Add(padded, [])]),
            new(Extents.Image(20, 1, 1), [new Conv2D(20, 1), new Add(padded, [new Tanh()])]),
            new(Extents.Image(16, 1, 1), [new Conv2D(32, 1), new Concat([], [new Conv2D(20, 3, padding: 1)]), new Tanh()]),
            new(Extents.Image(20, 1, 1), [new Conv2D(20, 1), new Multiply(padded, [])]),
        ];
        foreach (OracleNetwork network in networks)
        {
            string? difference = new Comparison(network, 1, [1, 5]).Run(NetworkCompiler.Compile(network), isa);
            Assert.True(difference is null, $"{difference}\n{network.Declaration("OnePixel")}");
        }
    }

    /// <summary>
    /// Parts that begin and end inside of blocks of channels: narrower than a block, over several blocks, of rows (the input's), with zeros
    /// around them, and in chains whose inner tensors have readers of their own.
    /// </summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Channels_are_joined_whatever_their_number(Isa isa)
    {
        Layer[] Grow(int filters) => [new ReLU(), new Conv2D(filters, 3, padding: 1)];
        OracleNetwork[] networks =
        [
            new(Extents.Image(20, 5, 4),
                [new Conv2D(21, 1), new Concat([new Conv2D(3, 1)], [], [new Conv2D(40, 1), new Tanh()], [new Conv2D(1, 1)],
                    [new Conv2D(7, 3, padding: 1)]), new Conv2D(18, 3)]),
            new(Extents.Image(20, 6, 5), [new Conv2D(20, 3, padding: 1), new Concat([], Grow(12)), new Concat([], Grow(12)),
                new Concat([], Grow(12)), new Tanh(), new Conv2D(17, 1)]),
            new(Extents.Image(3, 8, 6),
                [new Concat([new Conv2D(29, 3, stride: 2, padding: 1)], [new MaxPool2D(2)]), new Conv2D(20, 3, padding: 1)]),
            new(Extents.Image(20, 3, 1), [new Conv2D(21, 1),
                new Concat([new Conv2D(3, 1)], [], [new Conv2D(40, 1), new Tanh()], [new Conv2D(7, 1)]), new Conv2D(18, 1)]),
            new(Extents.Image(20, 3, 2), [new Conv2D(18, 1), new Concat([], []), new Conv2D(18, 1)]),
            new(Extents.Image(20, 1, 1), [new Concat([new Conv2D(33, 1)], [new Conv2D(20, 1), new Tanh()]), new Conv2D(18, 1)]),
            new(Extents.Image(18, 3, 3),
                [new Conv2D(33, 2), new Concat([new Sigmoid()], [new Conv2D(5, 1), new Sigmoid()], []), new AveragePool2D(2)]),
        ];
        foreach (OracleNetwork network in networks)
        {
            string? difference = new Comparison(network, 1, [1, 5, 19]).Run(NetworkCompiler.Compile(network), isa);
            Assert.True(difference is null, $"{difference}\n{network.Declaration("Joined")}");
        }
    }

    /// <summary>
    /// A convolution joins the other branch while its own result is in registers: in each form, with halos of the two that differ, with
    /// lanes beyond a row and beyond the channels, with tiles that overlap, and where the other branch has to be converted
    /// or is computed behind it.
    /// </summary>
    [Theory]
    [MemberData(nameof(AllTiersAndJoins))]
    public void Two_branches_are_joined_in_registers(Isa isa, string join)
    {
        Branches Join(Layer[] first, Layer[] second) => join == "Add" ? new Add(first, second) : new Multiply(first, second);
        static Layer[] Block(int filters, int stride, int middle) =>
            [new Conv2D(filters, 3, stride, 1), new BatchNorm(), new ReLU(), new Conv2D(filters, middle, 1, middle / 2), new BatchNorm()];
        static Layer[] Projection(int filters, int stride) => [new Conv2D(filters, 1, stride), new BatchNorm()];
        Extents image = Extents.Image(32, 7, 7), row = Extents.Image(1, 5, 19);
        OracleNetwork[] networks =
        [
            // Channels in lanes, whole vectors and parts of one.
            new(image, [Join(Block(32, 1, 3), []), new ReLU(), Join(Block(48, 2, 3), Projection(48, 2)), new ReLU(),
                new Conv2D(20, 5, padding: 2)]),
            new(image,
                [new Conv2D(20, 1), Join([], Block(20, 1, 3)), new ReLU(), Join(Projection(20, 1), Block(20, 1, 1)), new GELU()]),
            new(image,
                [new Conv2D(32, 3, padding: 1), Join([new Conv2D(32, 3, padding: 1)], [new MaxPool2D(3, 1, 1)]), new MaxPool2D(2)]),
            new(Extents.Image(37, 11, 13), [new Conv2D(64, 1), Join([new Conv2D(64, 1)], [new Tanh()])]),

            // A filter for each channel.
            new(image, [Join([new Conv2D(32, 3, padding: 1) { Groups = 32 }, new BatchNorm()], []), new Conv2D(32, 3, padding: 1)]),
            new(Extents.Image(20, 6, 9), [Join([new Conv2D(20, 5, padding: 2) { Groups = 20 }], []), new ReLU()]),

            // Neighbours of a row; a strided one leaves columns out.
            new(row, [Join([new Conv2D(1, 3, padding: 1)], []), new ReLU(), new Conv2D(2, 5, padding: 2)]),
            new(row,
                [Join([new Conv2D(1, 3, padding: 1), new BatchNorm()], [new Sigmoid()]), new Sigmoid(), new Conv2D(2, 3, padding: 1)]),
            new(Extents.Image(2, 9, 38),
                [Join([new Conv2D(2, 3, 2, 1), new BatchNorm()], [new Conv2D(2, 1, 2)]), new ReLU(), new Conv2D(1, 3, padding: 1)]),
            new(Extents.Sequence(3, 40),
                [Join([new Conv1D(3, 3, padding: 1)], []), new ReLU(), Join([], [new Conv1D(3, 5, padding: 2)])]),

            // Volumes have zeros in a copy only.
            new(Extents.Volume(2, 3, 4, 5),
                [new Conv3D(16, 1), Join([new Conv3D(16, 3, padding: 1), new BatchNorm()], []), new ReLU(),
                    new Conv3D(16, 3, padding: 1)]),
        ];
        for (int i = 0; i < networks.Length; i++)
        {
            OracleNetwork network = networks[i];
            string? difference = new Comparison(network, i + 1, [1, 5, 17]).Run(NetworkCompiler.Compile(network), isa);
            Assert.True(difference is null, $"{difference}\n{network.Declaration(join)}");
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_concatenation_has_its_branches_in_source_order(Isa isa)
    {
        (float[] outputs, float[] gradient) = Run(
            isa,
            Extents.Image(2, 1, 2),
            [new Concat([Convolution(1, 1)], [], [new MaxPool2D(1), Convolution(3, 1)])],
            [[1, 10], [1, 0, 0, 1, 2, 2]],
            [1, 2, 3, 4],
            [1, 2, 100, 200, 1000, 2000, 3, 4, 5, 6, 7, 8]);
        Assert.Equal([31, 42, 1, 2, 3, 4, 1, 2, 3, 4, 8, 12], outputs);

        // dx of channel 0: 1·g₀ + g₁ + 1·g₃ + 2·g₅; of channel 1: 10·g₀ + g₂ + 1·g₄ + 2·g₅.
        Assert.Equal([1 + 100 + 3 + 14, 2 + 200 + 4 + 16, 10 + 1000 + 5 + 14, 20 + 2000 + 6 + 16], gradient);
    }

    /// <summary>
    /// Branches are computed where they are joined: side by side and in chains, with zeros around all of them that only one reader wants,
    /// in rows and in blocks, next to branches that are copied, and where an activation overwrites the whole.
    /// </summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void What_is_joined_is_computed_in_its_place(Isa isa)
    {
        static Concat Inception(int a, int b, int c) => new(
            [new Conv2D(a, 1), new BatchNorm(), new ReLU()], [new Conv2D(4, 1), new ReLU(), new Conv2D(b, 3, padding: 1), new ReLU()],
            [new MaxPool2D(3, 1, 1), new Conv2D(c, 1)]);
        static Concat Dense(int growth) => new([], [new BatchNorm(), new ReLU(), new Conv2D(growth, 3, padding: 1)]);
        static Concat Fire(int expand) => new([new Conv2D(expand, 1), new ReLU()], [new Conv2D(expand, 3, padding: 1), new ReLU()]);
        Extents image = Extents.Image(16, 7, 9);
        OracleNetwork[] networks =
        [
            new(image, [new Conv2D(32, 1), Inception(16, 32, 16), Inception(32, 16, 20), new Conv2D(16, 5, padding: 2)]),
            new(image, [Inception(5, 3, 7), new ReLU(), Inception(20, 16, 3), new Conv2D(2, 3, padding: 1)]),
            new(image, [new Conv2D(32, 3, padding: 1), Dense(16), Dense(16), Dense(16), new BatchNorm(), new Conv2D(8, 1)]),
            new(Extents.Image(3, 11, 18), [new Conv2D(3, 3, padding: 1), Dense(2), Dense(5), Dense(1), new MaxPool2D(2)]),
            new(image, [new Conv2D(8, 1), new ReLU(), Fire(32), new MaxPool2D(3, 2), new Conv2D(16, 1), Fire(16), Fire(2)]),

            // One tensor twice, inputs and outputs of the network.
            new(image, [new Conv2D(16, 3, padding: 1), new Concat([], [], [new Tanh()]), new Conv2D(3, 3, padding: 1)]),
            new(Extents.Image(2, 9, 9), [new Concat([], [new Conv2D(2, 3, padding: 1)], [])]),
            new(image, [new Concat([new Conv2D(16, 1)], [new Conv2D(16, 1), new Sigmoid()]),
                new Add([new Conv2D(32, 3, padding: 1)], []), Dense(16)]),

            // Other axes, other producers.
            new(Extents.Sequence(3, 21),
                [new Concat([new Conv1D(4, 3, padding: 1)], [new Conv1D(16, 1), new Sigmoid()]), new Conv1D(3, 5, padding: 2)]),
            new(Extents.Volume(2, 3, 4, 5),
                [new Concat([new Conv3D(16, 1)], [new Conv3D(16, 3, padding: 1)], []), new Conv3D(2, 3, padding: 1)]),
            new(image,
                [new Concat([new AveragePool2D(3, 1, 1)], [new Conv2D(16, 3, padding: 1) { Groups = 16 }],
                    [new Conv2D(16, 1), new BatchNorm(), new GELU()]), new Conv2D(16, 3)]),
        ];
        for (int i = 0; i < networks.Length; i++)
        {
            OracleNetwork network = networks[i];
            string? difference = new Comparison(network, i + 1, [1, 5, 17]).Run(NetworkCompiler.Compile(network), isa);
            Assert.True(difference is null, $"{difference}\n{network.Declaration("Joined")}");
        }
    }

    /// <summary>
    /// Joined tensors that are joined again, and parts that others read: apart from the whole where an activation overwrites
    /// that, in place otherwise.
    /// </summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_part_that_others_read_is_what_it_was(Isa isa)
    {
        static LayerItem Layer(Layer layer, string name, string? from = null) => new LayerItem(layer) with { Name = name, From = from };
        static JoinItem Join(Branches join, string name, params string[] names) => new JoinItem(join, names) { Name = name };
        foreach (Extents input in new[] { Extents.Image(3, 6, 7), Extents.Image(32, 6, 7) })
        {
            int channels = input.Channels;
            Conv2D same = new(channels, 3, padding: 1), both = new(2 * channels, 1);
            ScopeItem[] beginning = [new InputItem(input), Layer(same, "a"), Layer(new Conv2D(channels, 1), "b")];
            ScopeItem[][] endings =
            [
                [Join(new Concat([], []), "c", "a", "b"), Layer(new Tanh(), "t"), Layer(both, "d", "a"),
                    Join(new Add([], []), "e", "t", "d")],
                [Join(new Concat([], []), "c", "a", "b"), Layer(new Dropout(0.5), "p"), Layer(new ReLU(), "t"), Layer(both, "d", "a"),
                    Join(new Add([], []), "e", "d", "t")],
                [Join(new Concat([], []), "c", "b", "a"), Layer(both, "d"), Layer(both, "f", "a"), Join(new Add([], []), "e", "f", "d"),
                    Join(new Concat([], [], []), "g", "a", "e", "c")],
                [Join(new Concat([], []), "c", "a", "b"), Layer(new Tanh(), "t"), Layer(same, "d", "a"),
                    Join(new Concat([], []), "e", "d", "t"), Layer(same, "f")],
                [Join(new Concat([], []), "c", "a", "b"), new OutputItem("first"), Join(new Concat([], []), "d", "c", "c"),
                    Layer(new Sigmoid(), "t"), new OutputItem("second")],
                [Layer(new ReLU(), "r"), new OutputItem("first"), Join(new Concat([], [], []), "d", "input", "r", "a"),
                    Layer(new ReLU(), "t"), new OutputItem("second")],
            ];
            foreach (ScopeItem[] ending in endings)
            {
                var network = new OracleNetwork([.. beginning, .. ending]);
                string? difference = new Comparison(network, 1, [1, 5, 17]).Run(NetworkCompiler.Compile(network), isa);
                Assert.True(difference is null, $"{difference}\n{network.Declaration("Parts")}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void One_tensor_may_be_joined_several_times(Isa isa)
    {
        (float[] outputs, float[] gradient) = Run(
            isa, Extents.Vector(2), [new Add([], [], []), new Concat([], [])], [], [1, -2], [1, 2, 3, 4]);
        Assert.Equal([3, -6, 3, -6], outputs);
        Assert.Equal([12, 18], gradient);
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Pooling_and_activation_behind_a_concatenation_see_all_channels(Isa isa)
    {
        (float[] outputs, float[] gradient) = Run(
            isa,
            Extents.Image(1, 2, 4),
            [new Concat([Convolution(2, 1)], []), new ReLU(), new MaxPool2D(2)],
            [[2, -1]],
            [1, 5, -1, -2, 3, -4, -8, -3],
            [1, 10, 100, 1000, 10000, 100000]);
        Assert.Equal([10, 0, 4, 8, 5, 0], outputs);
        Assert.Equal([0, 10002, 0, 0, 0, -100, -1000, 0], gradient);
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_join_of_flat_tensors_adds_features(Isa isa)
    {
        (float[] outputs, float[] gradient) = Run(
            isa,
            Extents.Image(2, 1, 2),
            [new Concat([new Flatten(), new Dense(2, Bias: false)], [new AveragePool2D(new Axis(1), new Axis(2)), new Flatten()])],
            [[1, 0, 0, 1, 0, 1, 1, 0]],
            [3, 7, 12, 15],
            [1, 10, 200, 600]);
        Assert.Equal([18, 19, 5, 13.5f], outputs);
        Assert.Equal([101, 110, 310, 301], gradient);
    }

    /// <summary>The layer table counts joins and adds up their channels.</summary>
    [Fact]
    public void The_layer_table_shows_joins()
    {
        using CompiledNetwork network = NetworkCompiler.Compile(Models.Inception()).Create();
        Assert.Equal(["concat1", "concat2"], network.Info.Layers.Where(layer => layer.Kind == "Concat").Select(layer => layer.Name));
        Assert.Contains("13 + 3 = 16", network.Summary(), StringComparison.Ordinal);
        Assert.Contains("5 + 7 + 4 + 6 = 22", network.Summary(), StringComparison.Ordinal);
    }

    private static Conv2D Convolution(int filters, int kernel) => new(filters, kernel, padding: kernel / 2) { Bias = false };

    /// <summary>Output and input's gradient of one sample, which are the same alone and anywhere in a batch, and the oracle's.</summary>
    private static (float[] Outputs, float[] Gradient) Run(
        Isa isa, Extents input, Layer[] layers, float[][] weights, float[] values, float[] outputGradient)
    {
        var oracle = new OracleNetwork(input, layers, Objective.MeanSquaredError, inputGradient: true);
        Assert.Equal(weights.Length, oracle.Weights.Count);
        for (int k = 0; k < weights.Length; k++)
        {
            for (int i = 0; i < weights[k].Length; i++)
            {
                oracle.Weights[k].Value[i] = weights[k][i];
            }
        }

        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(oracle, isa);
        float[] alone = new float[oracle.Output.Length];
        network.Forward(values, alone);
        float[] outputs = new float[Batch * alone.Length], gradients = new float[Batch * values.Length];
        network.Forward(Repeated(values), outputs);
        Compare(alone, outputs);

        using Trainer trainer = CompiledType.CreateTrainer(network, Batch, new Sgd(0.1));
        trainer.Forward(Repeated(values), outputs);
        Compare(alone, outputs);
        trainer.Backward(Repeated(outputGradient), gradients);
        float[] gradient = gradients[..values.Length];
        Compare(gradient, gradients);

        Pass pass = oracle.Forward(values);
        var sums = new GradientSums(oracle);
        oracle.Backward(pass, outputGradient, sums);
        Assert.Equal(pass.Output.Value.Select(v => (float)v), alone);
        Assert.Equal(sums.Input!.Value.Select(v => (float)v), gradient);
        return (alone, gradient);

        static float[] Repeated(float[] sample) => [.. Enumerable.Repeat(sample, Batch).SelectMany(v => v)];

        static void Compare(float[] sample, float[] batch)
        {
            for (int n = 0; n < Batch; n++)
            {
                Assert.Equal(sample, batch[(n * sample.Length)..((n + 1) * sample.Length)]);
            }
        }
    }
}
