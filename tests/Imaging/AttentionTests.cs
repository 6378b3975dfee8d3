using System;
using System.Linq;
using Strata.Pictures;
using Xunit;

namespace Strata.Imaging.Tests;

[Network(Observable = true, InputGradient = true)]
[Input(2, 8, 6)]
[Conv2D(4, 3, Padding = 1), Tanh, MaxPool2D(2)]
[Conv2D(5, 3, Padding = 1), SiLU]
[Flatten, Dense(3), Softmax, CrossEntropy]
internal sealed partial class Watched;

[Network(InputGradient = true), Input(1, 4, 4), Conv2D(2, 3), Flatten, Dense(3), ExternalLoss]
internal sealed partial class Unbounded;

[Network(InputGradient = true), Input(1, 4, 4), Conv2D(2, 3, Bias = false), BatchNorm, Flatten, Dense(2), ExternalLoss]
internal sealed partial class Normalised;

[Network(InputGradient = true), Input(1, 4, 4), Conv2D(2, 3), Flatten, Dropout(0.5), Dense(2), ExternalLoss]
internal sealed partial class Dropping;

[Network(InputGradient = true), Input(1, 4, 4), Conv2D(2, 3), SpatialDropout(0), Flatten, Dropout(0.0), Dense(2), ExternalLoss]
internal sealed partial class Keeping;

/// <summary>Gradients are compared with differences of what the network computes.</summary>
public sealed class AttentionTests : IDisposable
{
    private const double Step = 1e-2;
    private const int Class = 1;

    private readonly Watched _network = new(new NetworkOptions { Seed = 3, Observe = ["conv2"] });
    private readonly float[] _image = [.. Enumerable.Range(0, Watched.InputLength).Select(i => MathF.Sin(1.7f * i))];

    public void Dispose() => _network.Dispose();

    [Fact]
    public void Saliency_is_the_slope_of_the_log_probability()
    {
        using var attention = Of(_network);
        AttentionMap map = attention.Saliency(_image, Class);
        Assert.Equal((8, 6), (map.Height, map.Width));
        for (int pixel = 0; pixel < 48; pixel += 5)
        {
            double expected = Math.Max(Math.Abs(Slope(pixel)), Math.Abs(Slope(48 + pixel)));
            Assert.Equal(expected, map.Values[pixel], 1e-3);
        }
    }

    [Fact]
    public void Integrated_gradients_add_up_to_the_difference_of_both_scores()
    {
        using var attention = Of(_network);
        float[] other = [.. _image.Select(v => 0.5f - v)];
        foreach (float[] baseline in new[] { new float[_image.Length], other })
        {
            float sum = attention.IntegratedGradients(_image, Class, baseline, steps: 512).Values.ToArray().Sum();
            Assert.Equal(Score(_image) - Score(baseline), sum, 1e-2);
        }
    }

    [Fact]
    public void SmoothGrad_without_noise_is_saliency_and_depends_on_the_seed()
    {
        using var attention = Of(_network);
        float[] plain = attention.Saliency(_image, Class).Values.ToArray();
        Assert.All(plain.Zip(attention.SmoothGrad(_image, Class, 20, deviation: 0).Values.ToArray()),
            pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.NotEqual(plain, attention.SmoothGrad(_image, Class, 20).Values.ToArray());
        float[] noisy = attention.SmoothGrad(_image, Class, 20, seed: 4).Values.ToArray();
        Assert.Equal(noisy, attention.SmoothGrad(_image, Class, 20, seed: 4).Values.ToArray());
    }

    /// <summary>The weight of a channel is the slope of the score along its bias, over the number of pixels.</summary>
    [Fact]
    public void GradCam_weights_channels_by_their_mean_gradient()
    {
        using var attention = Of(_network);
        AttentionMap map = attention.GradCam("conv2", _image, Class);
        Assert.Equal((8, 6), (map.Height, map.Width));
        double[] expected = new double[12];
        float[] outputs = new float[3];
        _network.Forward(_image, outputs);
        float[] activation = _network.Activation("conv2").ToArray(), bias = new float[5];
        _network.Conv2.Bias.CopyTo(bias);
        for (int channel = 0; channel < 5; channel++)
        {
            double slope = (Moved(channel, Step) - Moved(channel, -Step)) / (2 * Step);
            for (int pixel = 0; pixel < 12; pixel++)
            {
                expected[pixel] += slope / 12 * activation[(channel * 12) + pixel];
            }
        }

        // Each corner of the larger map is a corner of the layer's.
        foreach ((int small, int x, int y) in new[] { (0, 0, 0), (2, 5, 0), (9, 0, 7), (11, 5, 7) })
        {
            Assert.Equal(Math.Max(expected[small], 0), map[x, y], 1e-3);
        }

        double Moved(int channel, double by)
        {
            float[] changed = [.. bias];
            changed[channel] += (float)by;
            _network.Conv2.Bias.CopyFrom(changed);
            double score = Score(_image);
            _network.Conv2.Bias.CopyFrom(bias);
            return score;
        }
    }

    [Fact]
    public void A_network_without_softmax_explains_its_output()
    {
        using var network = new Unbounded(seed: 1);
        using var attention = Of(network);
        float[] image = [.. Enumerable.Range(0, 16).Select(i => i / 16f)], outputs = new float[3], zero = new float[3];
        network.Forward(image, outputs);
        network.Forward(new float[16], zero);
        Assert.Equal(outputs[2] - zero[2], attention.IntegratedGradients(image, 2).Values.ToArray().Sum(), 1e-4);
    }

    [Fact]
    public void Dropout_that_drops_nothing_is_explained()
    {
        using var network = new Keeping(seed: 1);
        using var attention = Of(network);
        float[] image = [.. Enumerable.Range(0, 16).Select(i => i / 16f)], outputs = new float[2], zero = new float[2];
        network.Forward(image, outputs);
        network.Forward(new float[16], zero);
        Assert.Equal(outputs[1] - zero[1], attention.IntegratedGradients(image, 1).Values.ToArray().Sum(), 1e-4);
    }

    [Fact]
    public void What_cannot_be_explained_is_refused()
    {
        using var normalised = new Normalised(seed: 1);
        using var dropping = new Dropping(seed: 1);
        Assert.Contains("'bn1' (BatchNorm)", Assert.Throws<ArgumentException>(() => Of(normalised)).Message);
        Assert.Contains("'dropout1' (Dropout)", Assert.Throws<ArgumentException>(() => Of(dropping)).Message);
        using var attention = Of(_network);
        Assert.Throws<ArgumentOutOfRangeException>(() => attention.Saliency(_image, 3));
        Assert.Throws<ArgumentException>(() => attention.Saliency(_image.AsSpan(1), 0));
        Assert.Contains("no layer 'conv9'", Assert.Throws<ArgumentException>(() => attention.GradCam("conv9", _image, 0)).Message);
        Assert.Contains("no trainable bias", Assert.Throws<ArgumentException>(() => attention.GradCam("tanh1", _image, 0)).Message);
    }

    [Fact]
    public void A_map_is_laid_over_a_picture()
    {
        using var attention = Of(_network);
        AttentionMap map = attention.Saliency(_image, Class);
        var picture = new Picture(60, 80);
        Assert.Equal((60, 80), (map.Overlay(picture).Width, map.Overlay(picture).Height));
        Assert.Equal(new Rgb(0, 0, 0), map.Overlay(picture, opacity: 0)[7, 9]);
        Assert.Equal((18, 24), (map.ToPicture(3).Width, map.ToPicture(3).Height));
    }

    private static Attention Of<TNetwork>(TNetwork network) where TNetwork : CompiledNetwork => Attention.Of(network);

    private double Slope(int element)
    {
        float[] image = [.. _image];
        image[element] = _image[element] + (float)Step;
        double above = Score(image);
        image[element] = _image[element] - (float)Step;
        return (above - Score(image)) / (2 * Step);
    }

    private double Score(float[] image)
    {
        float[] outputs = new float[3];
        _network.Forward(image, outputs);
        return Math.Log(outputs[Class]);
    }
}
