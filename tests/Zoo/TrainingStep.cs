using System;
using Strata.Training;
using Xunit;

namespace Strata.Zoo.Tests;

/// <summary>One training step beside PyTorch's.</summary>
internal static class TrainingStep
{
    /// <summary>Loss, every gradient, and running statistics.</summary>
    public static void Check(ZooGolden golden, CompiledNetwork network)
    {
        golden.Fill(network, golden.Bias);
        float[] inputs = golden.Inputs("training inputs", golden.Batch, network.Info.InputShape);
        using Trainer trainer = Targets.ComputeGradients(golden, network, inputs, out float loss);
        Assert.Equal(golden.Loss, loss, 1e-5 * Math.Max(1, golden.Loss));

        // Sums of 200,000 terms round so: PyTorch's own single precision is off by up to 9e-5 in a tensor, and by 6e-7 in the median.
        // Where rectifiers or maxima are so near to their kinks that rounding decides, it takes the other side of a few of ten millions,
        // not the same ones in every order of summation, which makes up to 9e-3 in a tensor and 1e-3 in the median; double precision
        // with these very sides is as near as elsewhere. That nothing else is wrong is shown by such networks' twins without kinks.
        bool isExact = golden.Kinks == 0;
        golden.CheckTensors(
            key =>
            {
                Parameter parameter = network.FindParameter(key)!;
                float[] values = new float[parameter.Length];
                if (parameter.IsTrainable)
                {
                    trainer.CopyGradientTo(parameter, values);
                }
                else
                {
                    parameter.CopyTo(values);
                }

                return values;
            },
            worst: isExact ? Math.Max(1e-4, 4 * golden.Single.Worst) : 2e-2,
            median: isExact ? 2e-6 : 1e-3);
    }
}
