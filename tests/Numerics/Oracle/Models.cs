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
            float[] values = Parameter(network, k, stream);
            for (int i = 0; i < values.Length; i++)
            {
                network.Weights[k].Value[i] = values[i];
            }

            System.Array.Clear(network.Weights[k].Variance);
        }
    }
}
