using System;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Strata.CompilerServices;

/// <summary>Combining steps of batch norm in training. They combine the numbers that each block of samples has left in its slot.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class BatchStatistics
{
    /// <summary>
    /// Computes mean and variance of each channel from those of the blocks (Chan, Golub and LeVeque 1979), in double precision and in the
    /// blocks' order. Then updates the running statistics as PyTorch does: running ← (1 − momentum)·running + momentum·batch, with the
    /// unbiased variance.
    /// </summary>
    /// <param name="moments">
    /// The first block's numbers, one of each kind per channel:
    /// <list type="table">
    /// <listheader><term>From float</term><description>Number</description></listheader>
    /// <item><term>0</term><description>the mean, rounded to a float</description></item>
    /// <item><term><paramref name="squares"/></term><description>Σ(x − mean)²</description></item>
    /// <item><term>2 · <paramref name="squares"/></term><description>Σ(x − mean): the mean's rounding error times the number of
    /// values</description></item>
    /// </list>
    /// </param>
    /// <param name="slotStride">Floats from one block's numbers to the next one's.</param>
    /// <param name="step">The step, which has the number of samples of the batch.</param>
    /// <param name="lanes">Samples of a whole block.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="pixels">Elements of a channel of one sample.</param>
    /// <param name="squares">Where a block's sums of squares begin, counted from its means.</param>
    /// <param name="momentum">Weight of this batch in the running statistics.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="mean">Receives the means, rounded to floats.</param>
    /// <param name="rest">Receives the means' rounding errors.</param>
    /// <param name="inverseDeviation">Receives 1/√(variance + ε), the variance being the biased one.</param>
    /// <param name="runningMean">The running means, which are updated.</param>
    /// <param name="runningVariance">The running variances, which are updated.</param>
    /// <exception cref="InvalidOperationException">A channel has only one value, so its variance would be 0.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine(
        ref float moments, int slotStride, in StepContext step, int lanes, int channels, int pixels, int squares,
        float momentum, float epsilon,
        ref float mean, ref float rest, ref float inverseDeviation, ref float runningMean, ref float runningVariance)
    {
        if (step.Ranks is { } ranks)
        {
            CombineRanks(
                ranks, ref moments, slotStride, in step, lanes, channels, pixels, squares, momentum, epsilon,
                ref mean, ref rest, ref inverseDeviation, ref runningMean, ref runningVariance);
        }
        else
        {
            double count = (double)step.Samples * pixels;
            CheckCount(count);
            for (int channel = 0; channel < channels; channel++)
            {
                (double center, double deviations) = CombineBlocks(ref moments, slotStride, step.Samples, lanes, channel, pixels, squares);
                var batch = new Moments(count, center, deviations);
                batch.Write(
                    momentum, epsilon, ref Unsafe.Add(ref mean, channel), ref Unsafe.Add(ref rest, channel),
                    ref Unsafe.Add(ref inverseDeviation, channel), ref Unsafe.Add(ref runningMean, channel),
                    ref Unsafe.Add(ref runningVariance, channel));
            }
        }

        // Fill the padding, too: vectors of channels are read whole.
        for (int channel = channels; channel < squares; channel++)
        {
            Unsafe.Add(ref mean, channel) = 0;
            Unsafe.Add(ref rest, channel) = 0;
            Unsafe.Add(ref inverseDeviation, channel) = 0;
        }
    }

    /// <summary>
    /// Combines the moments of a block's samples, in the samples' order. Used for steps that are done for each sample
    /// (<see cref="StepInfo.IsOfSample"/>).
    /// </summary>
    /// <param name="sampleMoments">
    /// The first sample's moments: for each channel the mean, Σ(x − mean)² and Σ(x − mean), as <see cref="Combine"/> reads them.
    /// </param>
    /// <param name="stride">Floats from one sample's moments to the next one's.</param>
    /// <param name="samples">Samples of the block.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="pixels">Elements of a channel of one sample.</param>
    /// <param name="squares">Where the sums of squares begin.</param>
    /// <param name="blockMoments">Receives the moments of the block.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CombineSamples(
        ref float sampleMoments, int stride, int samples, int channels, int pixels, int squares, ref float blockMoments)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            double total = 0, center = 0, deviations = 0;
            for (int sample = 0; sample < samples; sample++)
            {
                ref float ofSample = ref Unsafe.Add(ref sampleMoments, ((nint)sample * stride) + channel);
                (double mean, double around) = Exact(ref ofSample, squares, pixels);
                double sum = total + pixels, difference = mean - center;
                deviations += around + (difference * difference * total * pixels / sum);
                center += difference * pixels / sum;
                total = sum;
            }

            double rest = center - (float)center;
            Unsafe.Add(ref blockMoments, channel) = (float)center;
            Unsafe.Add(ref blockMoments, squares + channel) = (float)(deviations + (rest * rest * total));
            Unsafe.Add(ref blockMoments, (2 * squares) + channel) = (float)(rest * total);
        }
    }

    /// <summary>
    /// Sums numbers over the samples of a block. Used for steps that are done for each sample (<see cref="StepInfo.IsOfSample"/>).
    /// </summary>
    /// <param name="sampleSums">The first sample's numbers.</param>
    /// <param name="stride">Floats from one sample's numbers to the next one's.</param>
    /// <param name="samples">Samples of the block.</param>
    /// <param name="count">Numbers of a sample.</param>
    /// <param name="blockSums">Receives the sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SumSamples(ref float sampleSums, int stride, int samples, int count, ref float blockSums)
    {
        for (int i = 0; i < count; i++)
        {
            double sum = 0;
            for (int sample = 0; sample < samples; sample++)
            {
                sum += Unsafe.Add(ref sampleSums, ((nint)sample * stride) + i);
            }

            Unsafe.Add(ref blockSums, i) = (float)sum;
        }
    }

    /// <summary>Copies the sums of the only block to the gradients of bias and weight.</summary>
    /// <param name="sums">
    /// The sums of the gradient, and from <paramref name="products"/> on of its products with the normalised input.
    /// </param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="products">Where the sums of products begin.</param>
    /// <param name="bias">Receives the sums.</param>
    /// <param name="weight">Receives the sums of products.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(ref float sums, int channels, int products, ref float bias, ref float weight)
    {
        MemoryMarshal.CreateReadOnlySpan(ref sums, channels).CopyTo(MemoryMarshal.CreateSpan(ref bias, channels));
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref sums, products), channels)
            .CopyTo(MemoryMarshal.CreateSpan(ref weight, channels));
    }

    /// <summary>Sums over the blocks, and divides by the number of values of a channel in the batch.</summary>
    /// <param name="sums">The first block's sums.</param>
    /// <param name="slotStride">Floats from one block's sums to the next one's.</param>
    /// <param name="step">The step, which has the number of samples of the batch.</param>
    /// <param name="lanes">Samples of a whole block.</param>
    /// <param name="count">Number of sums.</param>
    /// <param name="pixels">Elements of a channel of one sample.</param>
    /// <param name="means">Receives the sums, divided.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(ref float sums, int slotStride, in StepContext step, int lanes, int count, int pixels, ref float means)
    {
        RankSums? ranks = step.Ranks;
        Span<double> shared = ranks is null ? default : ranks.Take(count + 1);
        double scale = 1 / ((double)step.Samples * pixels);
        for (int i = 0; i < count; i++)
        {
            double sum = 0;
            for (int first = 0; first < step.Samples; first += lanes)
            {
                sum += Unsafe.Add(ref sums, ((nint)(first / lanes) * slotStride) + i);
            }

            if (ranks is null)
            {
                Unsafe.Add(ref means, i) = (float)(sum * scale);
            }
            else
            {
                shared[i] = sum;
            }
        }

        if (ranks is not null)
        {
            shared[count] = step.Samples;
            ranks.Sum(count + 1);
            scale = 1 / (shared[count] * pixels);
            for (int i = 0; i < count; i++)
            {
                Unsafe.Add(ref means, i) = (float)(shared[i] * scale);
            }
        }
    }

    /// <summary>
    /// As <see cref="Combine"/>, over all processes that share the batch. They exchange Σx and Σx² in double precision, once for all
    /// channels. The variance's relative error is then up to some 2⁻⁵³·(mean/deviation)². That is no more than what rounding the values to
    /// floats does to it, which is 2⁻⁴⁸·(mean/deviation)²/12.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CombineRanks(
        RankSums ranks, ref float moments, int slotStride, in StepContext step, int lanes, int channels, int pixels, int squares,
        float momentum, float epsilon,
        ref float mean, ref float rest, ref float inverseDeviation, ref float runningMean, ref float runningVariance)
    {
        double own = (double)step.Samples * pixels;
        Span<double> sums = ranks.Take((2 * channels) + 1);
        for (int channel = 0; channel < channels; channel++)
        {
            (double center, double deviations) = CombineBlocks(ref moments, slotStride, step.Samples, lanes, channel, pixels, squares);
            sums[channel] = own * center;
            sums[channels + channel] = deviations + (own * center * center);
        }

        sums[2 * channels] = own;
        ranks.Sum((2 * channels) + 1);
        double count = sums[2 * channels];
        CheckCount(count);
        for (int channel = 0; channel < channels; channel++)
        {
            double center = sums[channel] / count, deviations = sums[channels + channel] - (sums[channel] * center);
            var batch = new Moments(count, center, double.IsNaN(deviations) ? deviations : Math.Max(0, deviations));
            batch.Write(
                momentum, epsilon, ref Unsafe.Add(ref mean, channel), ref Unsafe.Add(ref rest, channel),
                ref Unsafe.Add(ref inverseDeviation, channel), ref Unsafe.Add(ref runningMean, channel),
                ref Unsafe.Add(ref runningVariance, channel));
        }
    }

    /// <summary>The mean of a channel, and the sum of squared differences from it, over the blocks of this process.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Center, double Deviations) CombineBlocks(
        ref float moments, int slotStride, int samples, int lanes, int channel, int pixels, int squares)
    {
        double total = 0, center = 0, deviations = 0;
        for (int first = 0; first < samples; first += lanes)
        {
            ref float ofBlock = ref Unsafe.Add(ref moments, ((nint)(first / lanes) * slotStride) + channel);
            double added = (double)int.Min(lanes, samples - first) * pixels, sum = total + added;
            (double own, double around) = Exact(ref ofBlock, squares, added);
            double difference = own - center;
            deviations += around + (difference * difference * total * added / sum);
            center += difference * added / sum;
            total = sum;
        }

        return (center, deviations);
    }

    /// <exception cref="InvalidOperationException">A channel has only one value, so its variance would be 0.</exception>
    private static void CheckCount(double count)
    {
        if (count < 2)
        {
            throw new InvalidOperationException(
                "Batch norm has one value per channel in this batch, and no variance: train with at least two samples, leave out the "
                + "rest of an epoch (FitOptions.DropLast), or freeze the layer.");
        }
    }

    /// <summary>
    /// Computes the exact mean of some values, and the sum of squared differences from it, from the numbers that used the rounded mean.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Mean, double Squares) Exact(ref float moments, int squares, double count)
    {
        double differences = Unsafe.Add(ref moments, 2 * squares), rest = differences / count;
        return (moments + rest, Math.Max(0, Unsafe.Add(ref moments, squares) - (differences * rest)));
    }

    /// <summary>A channel's number of values, their mean, and the sum of squared differences from it.</summary>
    private readonly struct Moments(double count, double center, double deviations)
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Write(
            float momentum, float epsilon,
            ref float mean, ref float rest, ref float inverseDeviation, ref float runningMean, ref float runningVariance)
        {
            // If the squares have overflowed, the result must be NaN. With a deviation of ∞, all normalised values would be 0.
            double finite = double.IsFinite(deviations) ? deviations : double.NaN;
            mean = (float)center;
            rest = (float)(center - (float)center);
            inverseDeviation = (float)(1 / Math.Sqrt((finite / count) + epsilon));
            Move(ref runningMean, center, momentum);
            Move(ref runningVariance, finite / (count - 1), momentum);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Move(ref float running, double batch, float momentum) =>
            running = Fading.Flush(((1 - (double)momentum) * running) + (momentum * batch));
    }
}
