using System;
using System.IO;
using Xunit;

namespace Strata.Samples.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void The_class_that_the_tests_compile_is_the_readmes()
    {
        string folder = AppContext.BaseDirectory;
        string readme = File.ReadAllText(Path.Combine(folder, "README.md")),
            declaration = File.ReadAllText(Path.Combine(folder, "ReadmeLeNet5.cs"));
        Assert.Contains($"```csharp\n{declaration}```", readme.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_sample_saves_serves_the_readmes_class_and_predicts_the_same_from_raw_pixels()
    {
        using var sample = new Digits.LeNet5(seed: 3);
        using var weights = new MemoryStream();
        sample.Save(weights);
        weights.Position = 0;
        using var readme = new global::LeNet5(new NetworkOptions { WeightsStream = weights });

        Digits.DigitSet test = Digits.DigitSet.Test();
        float[] raw = test.Inputs(), expected = new float[10], fromFloats = new float[10], fromBytes = new float[10];
        Assert.All(raw, pixel => Assert.InRange(pixel, 0, 1));
        for (int i = 0; i < 100; i++)
        {
            sample.Forward(test[i], expected);
            readme.Forward(test[i], fromBytes);
            readme.Forward(raw.AsSpan(i * Digits.Digit.Pixels, Digits.Digit.Pixels), fromFloats);
            Assert.Equal(expected, fromBytes);
            for (int c = 0; c < 10; c++)
            {
                Assert.Equal(expected[c], fromFloats[c], 1e-6f);
            }
        }
    }
}
