using System;
using System.Linq;
using Strata.Training;

namespace Strata.Imaging;

/// <summary>Shows which pixels made a network decide: saliency, SmoothGrad, integrated gradients and Grad-CAM.</summary>
/// <remarks>
/// <para>
/// The network is declared with <c>[Network(InputGradient = true)]</c>, and for Grad-CAM also with <c>Observable = true</c>. Gradients are
/// those of inference. So layers that are different in training are refused: dropout, and batch norm whose layer is not frozen. Declare a
/// class of the same layers without dropout, or with the rate 0, and with <c>Frozen = true</c>; it loads the same file.
/// </para>
/// <para>
/// What is explained is the score of a class. If the network ends with softmax, it is the logarithm of the probability.
/// </para>
/// <code>
/// using var attention = Attention.Of(net);
/// attention.GradCam("conv5", image, @class: 3).Overlay(photo).Save("why.png");
/// </code>
/// </remarks>
public sealed class Attention : IDisposable
{
    private const int BatchSize = 16;

    private static readonly string[] RandomKinds = ["Dropout", "SpatialDropout", "StochasticDepth"];

    private readonly CompiledNetwork _network;
    private readonly Trainer _trainer;
    private readonly bool _endsWithSoftmax;

    private Attention(CompiledNetwork network)
    {
        _network = network;
        _trainer = Trainer.For(network, BatchSize, new Sgd(1));
        string last = network.Info.Outputs[0].Layer;
        _endsWithSoftmax = network.Info.Layers.Any(layer => layer.Name == last && layer.Kind == "Softmax");
    }

    /// <summary>Prepares a network. Its parameters are not changed.</summary>
    /// <param name="network">The network, which must live longer.</param>
    /// <exception cref="ArgumentException">A layer is different in training, or the network declares no loss.</exception>
    public static Attention Of(CompiledNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        LayerInfo? random = network.Info.Layers.FirstOrDefault(
            layer => RandomKinds.Contains(layer.Kind) && layer.Argument<double>("rate") > 0);
        if (random is not null)
        {
            throw new ArgumentException(
                $"{network.Info.Name} has the layer '{random.Name}' ({random.Kind}), which drops values at random in training. "
                + "Declare a class without it, or with the rate 0; it loads the same file.", nameof(network));
        }

        var frozen = network.Info.Parameters.Where(p => p.Frozen).Select(p => p.Layer).ToHashSet(StringComparer.Ordinal);
        LayerInfo? norm = network.Info.Layers.FirstOrDefault(layer => layer.Kind == "BatchNorm" && !frozen.Contains(layer.Name));
        if (norm is not null)
        {
            throw new ArgumentException(
                $"{network.Info.Name} has the layer '{norm.Name}' (BatchNorm), which would normalise by the picture's own mean. "
                + "Declare a class whose layers have Frozen = true; it loads the same file.", nameof(network));
        }

        return new Attention(network);
    }

    /// <summary>
    /// How much each pixel changes the score: the largest gradient of its channels (Simonyan, Vedaldi and Zisserman, Deep Inside
    /// Convolutional Networks, 2013, section 3).
    /// </summary>
    /// <param name="image">One sample.</param>
    /// <param name="class">The class, counted from 0.</param>
    /// <returns>A number of 0 or more for each pixel.</returns>
    /// <exception cref="ArgumentException">The sample has another length, or is not an image (C, H, W).</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public AttentionMap Saliency(ReadOnlySpan<float> image, int @class)
    {
        Check(image, @class);
        float[] gradient = new float[image.Length];
        Gradients(image, @class, gradient);
        return Largest(gradient);
    }

    /// <summary>
    /// The mean saliency of copies with noise, which is less speckled (Smilkov et al., SmoothGrad, 2017).
    /// </summary>
    /// <param name="image">One sample.</param>
    /// <param name="class">The class, counted from 0.</param>
    /// <param name="samples">How many copies, 1 or more.</param>
    /// <param name="deviation">The noise's standard deviation, as a share of the sample's range. The paper takes 0.1 to 0.2.</param>
    /// <param name="seed">Another seed gives other noise.</param>
    /// <returns>A number of 0 or more for each pixel.</returns>
    /// <exception cref="ArgumentException">The sample has another length, or is not an image (C, H, W).</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class, or a number is out of its range.</exception>
    public AttentionMap SmoothGrad(
        ReadOnlySpan<float> image, int @class, int samples = 48, double deviation = 0.15, int seed = 1)
    {
        Check(image, @class);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(deviation);
        (float least, float most) = Range(image);
        double sigma = deviation * (most - least);
        var random = new Random(seed);
        float[] original = image.ToArray();
        return Largest(Mean(original, @class, samples, (_, copy) =>
        {
            for (int i = 0; i < copy.Length; i++)
            {
                copy[i] = original[i] + (float)(sigma * Normal(random));
            }
        }));
    }

    /// <summary>
    /// How much each pixel adds to the score, compared with a baseline: the mean gradient on the straight way from there, times the
    /// difference (Sundararajan, Taly and Yan, Axiomatic Attribution for Deep Networks, ICML 2017, section 3). The numbers add up to the
    /// difference of both scores.
    /// </summary>
    /// <param name="image">One sample.</param>
    /// <param name="class">The class, counted from 0.</param>
    /// <param name="baseline">A sample that shows nothing; empty for zeros, which are black.</param>
    /// <param name="steps">Points on the way, 1 or more; they lie in the middle of equal pieces.</param>
    /// <returns>A number for each pixel, above zero where it speaks for the class.</returns>
    /// <exception cref="ArgumentException">A sample has another length, or is not an image (C, H, W).</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class, or there are no steps.</exception>
    public AttentionMap IntegratedGradients(ReadOnlySpan<float> image, int @class, ReadOnlySpan<float> baseline = default, int steps = 64)
    {
        Check(image, @class);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        float[] from = baseline.IsEmpty ? new float[image.Length] : baseline.ToArray();
        if (from.Length != image.Length)
        {
            throw new ArgumentException($"The sample has {image.Length} floats, but the baseline {from.Length}.", nameof(baseline));
        }

        float[] to = image.ToArray();
        float[] gradient = Mean(to, @class, steps, (step, point) =>
        {
            float way = (step + 0.5f) / steps;
            for (int i = 0; i < point.Length; i++)
            {
                point[i] = from[i] + way * (to[i] - from[i]);
            }
        });
        (int channels, int height, int width) = Shape();
        float[] map = new float[height * width];
        for (int i = 0; i < to.Length; i++)
        {
            map[i % map.Length] += (to[i] - from[i]) * gradient[i];
        }

        return new AttentionMap(map, height, width);
    }

    /// <summary>
    /// Where a layer found what speaks for the class: its channels, weighted by the mean gradient of each (Selvaraju et al., Grad-CAM, ICCV
    /// 2017, equations 1 and 2).
    /// </summary>
    /// <param name="layer">
    /// A layer with a bias for each channel, such as the last convolution; the gradient of the bias is the sum of the gradients of its
    /// channel. The network observes it (<see cref="NetworkOptions.Observe"/>).
    /// </param>
    /// <param name="image">One sample.</param>
    /// <param name="class">The class, counted from 0.</param>
    /// <returns>A number of 0 or more for each pixel of the layer's output, resized to the image.</returns>
    /// <exception cref="ArgumentException">
    /// The layer has no such bias, is frozen, or is not observed; or the sample does not fit.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public AttentionMap GradCam(string layer, ReadOnlySpan<float> image, int @class)
    {
        Check(image, @class);
        LayerInfo info = _network.Info.Layers.FirstOrDefault(l => l.Name == layer)
            ?? throw new ArgumentException($"{_network.Info.Name} has no layer '{layer}'.", nameof(layer));
        if (_network.FindParameter(layer + ".bias") is not { IsTrainable: true } bias
            || info.OutputShape is not [var channels, var height, var width] || bias.Length != channels)
        {
            throw new ArgumentException(
                $"'{layer}' ({info.Kind}) has no trainable bias for each channel of a map. Take a convolution with a bias, or put a "
                + "[Scale] where you want to look: it changes nothing until it is trained.", nameof(layer));
        }

        float[] outputs = new float[_network.OutputLength], gradient = new float[image.Length], weights = new float[channels];
        Gradients(image, @class, gradient);
        _trainer.CopyGradientTo(bias, weights);
        _network.Forward(image, outputs);
        ReadOnlySpan<float> maps = _network.Activation(layer);
        float[] seen = new float[height * width];
        for (int i = 0; i < maps.Length; i++)
        {
            seen[i % seen.Length] += weights[i / seen.Length] / seen.Length * maps[i];
        }

        for (int i = 0; i < seen.Length; i++)
        {
            seen[i] = float.Max(seen[i], 0);
        }

        (_, int imageHeight, int imageWidth) = Shape();
        return new AttentionMap(seen, height, width).Resize(imageHeight, imageWidth);
    }

    /// <summary>Frees the memory for gradients. The network stays.</summary>
    public void Dispose() => _trainer.Dispose();

    /// <summary>The mean gradient of samples that are made one by one.</summary>
    private float[] Mean(float[] image, int @class, int count, Action<int, float[]> make)
    {
        double[] sum = new double[image.Length];
        float[] copy = new float[image.Length];
        for (int first = 0; first < count; first += BatchSize)
        {
            int samples = int.Min(BatchSize, count - first);
            float[] batch = new float[samples * image.Length], gradients = new float[batch.Length];
            for (int i = 0; i < samples; i++)
            {
                make(first + i, copy);
                copy.CopyTo(batch, i * image.Length);
            }

            Gradients(batch, @class, gradients);
            for (int i = 0; i < gradients.Length; i++)
            {
                sum[i % sum.Length] += gradients[i];
            }
        }

        return Array.ConvertAll(sum, s => (float)(s / count));
    }

    /// <summary>The gradient of the score of each sample of a batch.</summary>
    private void Gradients(ReadOnlySpan<float> batch, int @class, Span<float> gradients)
    {
        int samples = batch.Length / _network.InputLength;
        float[] outputs = new float[samples * _network.OutputLength], seed = new float[outputs.Length];
        _trainer.Forward(batch, outputs);
        for (int i = 0; i < samples; i++)
        {
            int at = i * _network.OutputLength + @class;
            // ∂ log p / ∂p; a probability of 0 has the slope of the least normal one.
            seed[at] = _endsWithSoftmax ? 1 / float.Max(outputs[at], 1e-30f) : 1;
        }

        _trainer.Backward(seed, gradients);
    }

    private AttentionMap Largest(float[] gradient)
    {
        (int channels, int height, int width) = Shape();
        float[] map = new float[height * width];
        for (int i = 0; i < gradient.Length; i++)
        {
            map[i % map.Length] = float.Max(map[i % map.Length], float.Abs(gradient[i]));
        }

        return new AttentionMap(map, height, width);
    }

    private (int Channels, int Height, int Width) Shape() => _network.Info.InputShape is [var channels, var height, var width]
        ? (channels, height, width)
        : throw new InvalidOperationException(
            $"{_network.Info.Name} takes {string.Join('×', _network.Info.InputShape)}; only images (C, H, W) can be looked at.");

    private void Check(ReadOnlySpan<float> image, int @class)
    {
        _ = Shape();
        if (image.Length != _network.InputLength)
        {
            throw new ArgumentException($"One sample has {_network.InputLength} floats; here are {image.Length}.", nameof(image));
        }

        if ((uint)@class >= (uint)_network.OutputLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(@class), @class, $"{_network.Info.Name} has {_network.OutputLength} outputs, counted from 0.");
        }
    }

    private static (float Least, float Most) Range(ReadOnlySpan<float> image)
    {
        (float least, float most) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (float value in image)
        {
            (least, most) = (float.Min(least, value), float.Max(most, value));
        }

        return (least, most);
    }

    /// <summary>A number of the normal distribution (Box and Muller 1958).</summary>
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
