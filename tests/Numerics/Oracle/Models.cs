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
