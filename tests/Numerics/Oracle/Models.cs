namespace Strata.Numerics.Tests.Oracle;

/// <summary>The networks of the goldens and of the tests that need one particular network.</summary>
internal static class Models
{
    public static OracleNetwork LeNet5(bool softmax = true, bool inputGradient = false) => new(
        Extents.Image(1, 28, 28),
        [
            new Conv2D(6, 5, padding: 2), new ReLU(), new MaxPool2D(2),
            new Conv2D(16, 5), new ReLU(), new MaxPool2D(2),
            new Flatten(), new Dense(120), new ReLU(), new Dense(84), new ReLU(), new Dense(10),
            .. softmax ? new Layer[] { new Softmax() } : [],
        ],
        Objective.CrossEntropy,
        inputGradient);

    /// <summary>The lecture notes' PyTorch network.</summary>
    public static OracleNetwork Net() => new(
        Extents.Image(3, 32, 32),
        [
            new Conv2D(6, 5), new ReLU(), new MaxPool2D(2), new Conv2D(16, 5), new ReLU(), new MaxPool2D(2),
            new Flatten(), new Dense(128), new ReLU(), new Dense(84), new ReLU(), new Dense(10),
        ],
        Objective.CrossEntropy);

    /// <summary>LeNet as first published, with sigmoid and average pooling: smooth, so that finite differences apply.</summary>
    public static OracleNetwork SmoothLeNet() => new(
        Extents.Image(1, 28, 28),
        [
            new Conv2D(6, 5, padding: 2), new Tanh(), new AveragePool2D(2), new Conv2D(16, 5), new Sigmoid(), new AveragePool2D(2),
            new Flatten(), new Dense(120), new Tanh(), new Dense(84), new Tanh(), new Dense(10),
        ],
        Objective.CrossEntropy,
        inputGradient: true);

    /// <summary>
    /// Residual blocks of LeNet's extents: an identity shortcut whose tensor an activation of the other branch reads too, a projection,
    /// an activation and a pooling behind the joins.
    /// </summary>
    public static OracleNetwork Residual() => new(
        Extents.Image(1, 28, 28),
        [
            new Conv2D(6, 5, padding: 2), new MaxPool2D(2),
            new Add([new ReLU(), new Conv2D(6, 3, padding: 1), new ReLU(), new Conv2D(6, 3, padding: 1)], []), new ReLU(),
            new Add([new Conv2D(16, 3, stride: 2, padding: 1), new ReLU(), new Conv2D(16, 3, padding: 1)],
                [new Conv2D(16, 1, stride: 2) { Bias = false }]),
            new ReLU(), new MaxPool2D(2) { Ceil = true }, new Flatten(), new Dense(10),
        ],
        Objective.CrossEntropy);

    /// <summary>
    /// Inception modules: kernels of several sizes, a pooling branch, channels that no vector divides (13 + 3; 5 + 7 + 4 + 6).
    /// </summary>
    public static OracleNetwork Inception() => new(
        Extents.Image(3, 17, 14),
        [
            new Concat([new Conv2D(13, new Axis(3, 2), new Axis(3, 2), Auto.Same)], [new MaxPool2D(2) { Ceil = true }]), new ReLU(),
            new Concat(
                [new Conv2D(5, 1)],
                [new Conv2D(4, 1), new ReLU(), new Conv2D(7, new Axis(3), new Axis(3), Auto.Same)],
                [new Conv2D(2, 1), new ReLU(), new Conv2D(4, new Axis(5), new Axis(5), Auto.Same)],
                [new MaxPool2D(new Axis(3, 1, 1, 1), new Axis(3, 1, 1, 1)), new Conv2D(6, 1)]),
            new ReLU(), new AveragePool2D(3, stride: 2), new Flatten(), new Dense(10),
        ],
        Objective.CrossEntropy);

    /// <summary>
    /// Every way to branch, small: identities first and last and twice, in-place candidates beside them, dropout, flat branches.
    /// </summary>
    public static OracleNetwork Branched() => new(
        Extents.Image(2, 7, 5),
        [
            new Concat([], [new Conv2D(3, 3, padding: 1), new Dropout(0.25)], []),
            new Add([], [new Tanh()], [new Dropout(0.5), new Conv2D(7, 3, padding: 1)]),
            new Add([new ReLU(), new Conv2D(16, 1)], [new Sigmoid(), new Conv2D(16, new Axis(3), new Axis(3), Auto.Same), new ReLU()]),
            new MaxPool2D(2), new Flatten(),
            new Concat([new Dense(9), new ReLU()], [], [new Dense(4), new Dropout(0.5)]),
            new Add([], []), new Dense(7), new Softmax(),
        ],
        Objective.CrossEntropy,
        inputGradient: true);

    /// <summary>A bit of everything, small: every layer of the language, odd extents, dropout, input gradient.</summary>
    public static OracleNetwork Mixed() => new(
        Extents.Image(3, 11, 9),
        [
            new Conv2D(8, new Axis(3, 1, 1, 1), new Axis(4), Auto.Same), new ReLU(), new MaxPool2D(2),
            new Conv2D(16, new Axis(3, 1, 1, 0), new Axis(2, 1, 1, 1), Groups: 2, Bias: false), new Tanh(),
            new AveragePool2D(new Axis(3, 2, 1, 1), new Axis(2, 1), Ceil: true), new Dropout(0.25),
            new Conv2D(5, new Axis(2, 2, Dilation: 2), new Axis(1)), new Sigmoid(),
            new Flatten(), new Dense(19), new ReLU(), new Dropout(0.5), new Dense(7), new Softmax(),
        ],
        Objective.CrossEntropy,
        inputGradient: true);

    /// <summary>The same for a sequence.</summary>
    public static OracleNetwork MixedSequence() => new(
        Extents.Sequence(3, 61),
        [
            new Conv1D(16, new Axis(5, 2, 2, 1)), new ReLU(), new MaxPool1D(2),
            new Conv1D(18, new Axis(3, 1, 2, 2, 2), Groups: 2, Bias: false), new Tanh(),
            new Add([new Conv1D(18, new Axis(4), Auto.Same), new Sigmoid()], []),
            new AveragePool1D(new Axis(4, 3, 2, 2), Ceil: true), new Dropout(0.25),
            new MaxPool1D(3, stride: 1, padding: 1), new Flatten(), new Dense(7), new Softmax(),
        ],
        Objective.CrossEntropy,
        inputGradient: true);

    /// <summary>
    /// The same for a volume: zeros around it on both passes, strides, groups, gaps, planes that pooling leaves to themselves.
    /// </summary>
    public static OracleNetwork MixedVolume() => new(
        Extents.Volume(3, 6, 9, 10),
        [
            new Conv3D(16, new Axis(3, 1, 1, 1), new Axis(3, 2, 1, 1), new Axis(4, 1, 2, 1)), new ReLU(),
            new MaxPool3D(new Axis(1), new Axis(2, 2), new Axis(2, 2)),
            new Conv3D(18, new Axis(2, 2, 1, 1), new Axis(2, 1, 1, 0), new Axis(3, 1, 2, 2, 2), Groups: 2, Bias: false), new Tanh(),
            new Concat([new Conv3D(5, 2) { Auto = Auto.Same }, new Sigmoid()], [new MaxPool3D(3, stride: 1, padding: 1)]),
            new Dropout(0.25),
            new AveragePool3D(new Axis(2, 2, 1, 1), new Axis(2, 1), new Axis(3, 2, 1, 1), Ceil: true), new Flatten(),
            new Dense(7), new Softmax(),
        ],
        Objective.CrossEntropy,
        inputGradient: true);

    /// <summary>
    /// Down and up again, small: depthwise and transposed convolutions, margins of copies, unpooling, shuffles, products.
    /// </summary>
    public static OracleNetwork Decoder() => new(
        Extents.Image(3, 8, 10),
        [
            new PaddedConvolution(new Conv2D(18, 3, padding: 1), new Pad(2, "Reflect", 1, 1, 1, 1), new Conv2D(18, 3)), new ReLU(),
            new Conv2D(18, Axis.Of(3, 1, 1), Axis.Of(3, 1, 1), Groups: 18), new Tanh(),
            .. MaxUnpool.Around(new MaxPool2D(2), new Conv2D(18, 1)),
            new Multiply([], [new AdaptiveAveragePool(2), new Conv2D(18, 1), new Sigmoid()]),
            new ConvTranspose(20, [Axis.Of(3, 2, 1), Axis.Of(3, 2, 1)], [1, 0]), new SiLU(), new PixelShuffle(2),
            new Pad(2, "Circular", 1, 0, 2, 1),
            new ConvTranspose(6, [Axis.Of(2, 2, 3), Axis.Of(4, 3, 1)]), new AdaptiveMaxPool(2, 3, 4),
            new Reshape("8, -1", Extents.Sequence(8, 9)),
            new ConvTranspose(4, [Axis.Of(3, 2, 1)]), new Flatten(), new Dense(5),
        ],
        Objective.MeanSquaredError,
        inputGradient: true);

    /// <summary>Every parameter from the formula: what make_goldens.py calls fresh().</summary>
    public static float[] Parameter(OracleNetwork network, int index, ulong stream = 100)
    {
        OracleParameter parameter = network.Parameters[index];
        float scale = parameter.Shape.Length == 1 ? 0.125f : Formula.Scale(parameter.FanIn);
        return Formula.Uniforms(stream + (ulong)index, parameter.Length, scale);
    }

    public static void Fill(OracleNetwork network, ulong stream = 100)
    {
        for (int k = 0; k < network.Parameters.Count; k++)
        {
            string key = network.Parameters[k].Key;
            float[] values = Parameter(network, k, stream);
            for (int i = 0; i < values.Length; i++)
            {
                network.Weights[k].Value[i] = Valid(key[(key.LastIndexOf('.') + 1)..], values[i]);
            }

            System.Array.Clear(network.Weights[k].Variance);
        }
    }

    /// <summary>Variances and scales are positive, zero points are whole; make_goldens.py has the same.</summary>
    private static double Valid(string suffix, double value) => suffix switch
    {
        "running_var" => 0.5 + (2 * System.Math.Abs(value)),
        "scale" => 0.015625 + (System.Math.Abs(value) / 4),
        "zero_point" => System.Math.Round(40 * System.Math.Abs(value)),
        _ => value,
    };
}
