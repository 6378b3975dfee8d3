using System;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary><c>Classify</c> gives the class and its probability, and applies softmax exactly once.</summary>
public sealed class ClassificationTests
{
    private static readonly float[] Logits = [0.5f, -1, 2, 0.25f, 1];

    public static TheoryData<string, bool> Ends => new()
    {
        { "Dense", false }, { "LogSoftmax", false }, { "Softmax", true }, { "Softmax Flatten", true }, { "Softmax Dropout Reshape", true },
        { "Flatten", false }, { "Softmax Scale", false },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void Softmax_is_applied_exactly_once(string kinds, bool applied)
    {
        foreach (bool withLoss in (bool[])[true, false])
        {
            ClassOutput output = ClassOutput.Find(Info(kinds, withLoss ? [Loss] : []));
            Assert.Equal(applied, output.AreProbabilities);
            float[] probabilities = Softmax(Logits);
            ClassPrediction prediction = output.Read(applied ? probabilities : Logits)!.Value;
            Assert.Equal(2, prediction.Index);
            Assert.Equal(probabilities[2], prediction.Probability, 1e-6f);
        }
    }

    [Fact]
    public void Softmax_of_normalised_logarithms_is_their_exponential()
    {
        float[] logarithms = [.. Softmax(Logits).Select(p => MathF.Log(p))];
        Assert.Equal(Softmax(Logits)[2], ClassOutput.Find(Info("LogSoftmax", [])).Read(logarithms)!.Value.Probability, 1e-6f);
    }

    [Fact]
    public void One_sample_many_samples_and_bytes_have_the_classes_of_forward()
    {
        using var network = new LinearNetwork(new NetworkOptions { Seed = 1 }, loss: "CrossEntropy");
        float[] samples = LinearNetwork.Noise(9 * LinearNetwork.Inputs, 3), outputs = new float[9 * LinearNetwork.Outputs];
        network.Forward(samples, outputs);
        var all = new ClassPrediction[9];
        network.Classify(samples, all);
        for (int i = 0; i < 9; i++)
        {
            float[] own = outputs[(i * LinearNetwork.Outputs)..((i + 1) * LinearNetwork.Outputs)];
            Assert.Equal(Array.IndexOf(own, own.Max()), all[i].Index);
            Assert.Equal(Softmax(own).Max(), all[i].Probability, 1e-6f);
            Assert.Equal(all[i], network.Classify(samples.AsSpan(i * LinearNetwork.Inputs, LinearNetwork.Inputs)));
        }

        byte[] bytes = [0, 51, 102, 153, 204, 255, 17];
        float[] scaled = [.. bytes.Select(b => b / 255f)];
        Assert.Equal(network.Classify(scaled), network.Classify(bytes));
        var one = new ClassPrediction[1];
        network.Classify(bytes, one);
        Assert.Equal(network.Classify([.. scaled]), one[0]);
    }

    [Fact]
    public void Wrong_lengths_and_outputs_that_are_not_finite_are_refused()
    {
        using var network = new LinearNetwork(new NetworkOptions { Seed = 1 }, loss: "CrossEntropy");
        Assert.Throws<ArgumentException>("inputs", () => network.Classify(new float[3]));
        var e = Assert.Throws<ArgumentException>("predictions", () => network.Classify(new float[14]));
        Assert.StartsWith("14 numbers are 2 samples of Linear, but there is room for 1 prediction.", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("predictions", () => network.Classify(new float[14], new ClassPrediction[3]));
        float[] samples = new float[2 * LinearNetwork.Inputs];
        samples[^1] = float.NaN;
        var unclear = Assert.Throws<InvalidOperationException>(() => network.Classify(samples, new ClassPrediction[2]));
        Assert.StartsWith("Linear gives sample 1 an output that is not a finite number.", unclear.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>("network", () => Classification.Classify(null!, samples));
    }

    [Theory]
    [InlineData("values", "has no loss on an output that takes classes")]
    [InlineData("pixels", "tells the class of each of 4 places")]
    [InlineData("sigmoid", "ends with a sigmoid and has no loss on classes")]
    [InlineData("maps", "has the output (5, 2, 2), which is not one number for each")]
    [InlineData("one", "has the output (1), which is not one number for each")]
    [InlineData("outputs", "has 2 outputs and no loss")]
    public void A_network_that_does_not_classify_samples_is_refused_with_the_reason(string what, string reason)
    {
        NetworkInfo info = what switch
        {
            "values" => Info("Dense", [new LossInfo("L2", TargetKind.Values) { OutputOffset = 0 }]),
            "pixels" => Info("Dense", [Loss with { TargetLength = 4 }]),
            "sigmoid" => Info("Sigmoid Flatten", []),
            "maps" => Info("Conv2D", []) with { OutputShape = [5, 2, 2] },
            "one" => Info("Dense", []) with { OutputShape = [1] },
            _ => Info("Dense", []) with { Outputs = [new TensorInfo("a", [5], "layer0"), new TensorInfo("b", [5], "layer0")] },
        };
        var e = Assert.Throws<InvalidOperationException>(() => ClassOutput.Find(info));
        Assert.StartsWith("Any " + reason, e.Message, StringComparison.Ordinal);
        Assert.Contains("Call Forward", e.Message, StringComparison.Ordinal);
    }

    private static LossInfo Loss => new("CrossEntropy", TargetKind.Classes) { Tensor = "layer0", OutputOffset = 0, Classes = 5 };

    private static float[] Softmax(float[] logits)
    {
        double sum = logits.Sum(x => Math.Exp(x));
        return [.. logits.Select(x => (float)(Math.Exp(x) / sum))];
    }

    /// <summary>A network whose layers have these kinds, the last of which has the loss.</summary>
    private static NetworkInfo Info(string kinds, LossInfo[] losses)
    {
        string[] all = kinds.Split(' ');
        string last = $"layer{all.Length - 1}";
        return new NetworkInfo(
            "Any", [7], [5], [.. all.Select((kind, i) => new LayerInfo($"layer{i}", kind, [5], "", 0, 0))], [],
            [.. losses.Select(loss => loss with { Tensor = last })]);
    }
}
