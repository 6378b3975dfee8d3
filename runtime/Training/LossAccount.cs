using System;
using System.Linq;

namespace Strata.Training;

/// <summary>
/// Keeps the losses of a network: the divisor, sum and mean of each over the last batch. It also keeps track of the parts of a batch whose
/// gradients no update has used yet.
/// </summary>
internal sealed class LossAccount
{
    private readonly string _network;
    private readonly int _classes;
    private readonly double[] _divisors;
    private readonly double[] _sums;
    private readonly double[] _means;
    private readonly double[] _partsDivisors;
    private int _partsSamples;

    public LossAccount(NetworkInfo network)
    {
        _network = network.Name;
        _classes = network.ClassTargetLength;
        Infos = [.. network.Losses];
        Names = NamesOf(Infos);
        _divisors = new double[Infos.Length];
        _sums = new double[Infos.Length];
        _means = new double[Infos.Length];
        _partsDivisors = new double[Infos.Length];
    }

    /// <summary>An array, because enumerating a list through its interface would allocate in each step.</summary>
    public LossInfo[] Infos { get; }

    /// <summary>The losses' names: see <see cref="Trainer.LossNames"/>.</summary>
    public string[] Names { get; }

    /// <summary>The number of parts of a batch whose gradients no update has used yet.</summary>
    public int Parts { get; private set; }

    /// <summary>The divisor of each loss's sum in the last batch.</summary>
    public double[] Divisors => _divisors;

    /// <summary>The sum of each loss over the samples (or targets) of the last batch.</summary>
    public ReadOnlySpan<double> Sums => _sums;

    /// <summary>Each loss of the last batch, without its weight.</summary>
    public ReadOnlySpan<double> Means => _means;

    /// <summary>See <see cref="Trainer.LossOf"/>.</summary>
    public double MeanOf(string name)
    {
        int index = Array.IndexOf(Names, name);
        return index >= 0 ? _means[index] : throw new ArgumentException(
            $"{_network} has no loss '{name}'; it has {string.Join(", ", Names)}.", nameof(name));
    }

    /// <summary>The first loss on an output that takes classes. Accuracy is measured for it. Null if there is none.</summary>
    public LossInfo? Scored => Array.Find(Infos, loss => loss is { TakesClasses: true, OutputOffset: not null });

    /// <summary>Computes each loss's divisor. If augmentation moves targets, only those that stay inside the picture count.</summary>
    public void Divide(Targets targets, ReadOnlySpan<int> order, int samples, Span<double> divisors, BatchAugmentation? augmentation = null)
    {
        for (int i = 0; i < divisors.Length; i++)
        {
            LossInfo loss = Infos[i];
            divisors[i] = loss.Reduction == Reduction.Sum ? 1
                : loss.DividesByTargets ? WeightOf(loss, targets.Classes, order, augmentation) : samples;
        }
    }

    /// <summary>Takes over the divisors of a batch that processes share: the sums of all processes' divisors.</summary>
    public void Share(ReadOnlySpan<double> sums)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            _divisors[i] = Infos[i].Reduction == Reduction.Sum ? 1 : sums[i];
        }
    }

    /// <summary>Adds a batch to the divisors of a mean over many batches. A summed loss is divided by the number of samples.</summary>
    public void AddDivisors(int samples, Span<double> divisors)
    {
        for (int i = 0; i < divisors.Length; i++)
        {
            divisors[i] += Infos[i].Reduction == Reduction.Sum ? samples : _divisors[i];
        }
    }

    /// <summary>
    /// The share of the next part of a batch among all parts so far. If all mean losses have the same share, it is exact; otherwise it is
    /// the share of samples. Null if the gradients of the parts are simply added.
    /// </summary>
    /// <exception cref="InvalidOperationException">Some losses are means and others sums.</exception>
    public double? ShareOfPart(int samples)
    {
        int sums = 0;
        double? share = null;
        bool agree = true;
        for (int i = 0; i < Infos.Length; i++)
        {
            if (Infos[i].Reduction == Reduction.Sum)
            {
                sums++;
                continue;
            }

            double all = _partsDivisors[i] + _divisors[i], own = all > 0 ? _divisors[i] / all : 0;
            agree &= share is null || share == own;
            share = own;
        }

        if (sums > 0 && sums < Infos.Length)
        {
            throw new InvalidOperationException(
                $"Some losses of {_network} are means and others sums, whose gradients cannot be joined part by part. "
                + $"{nameof(FitOptions)}.{nameof(FitOptions.Accumulate)} can, since it knows all parts.");
        }

        return agree ? share : (double)samples / (_partsSamples + samples);
    }

    /// <summary>Forgets the parts. The next part is the first of a new batch.</summary>
    public void DropParts() => Parts = 0;

    /// <summary>Records a batch whose gradients were computed.</summary>
    /// <param name="values">Its losses, after division by the divisors.</param>
    /// <param name="divisors">Their divisors.</param>
    /// <param name="samples">Its samples.</param>
    /// <param name="earlier">The number of parts before it in the same batch.</param>
    public void Take(ReadOnlySpan<double> values, double[] divisors, int samples, int earlier)
    {
        for (int i = 0; i < _sums.Length; i++)
        {
            _sums[i] = values[i] * divisors[i];
            _means[i] = _divisors[i] > 0 ? _sums[i] / _divisors[i] : 0;
            _partsDivisors[i] = earlier > 0 ? _partsDivisors[i] + _divisors[i] : _divisors[i];
        }

        Parts = earlier + 1;
        _partsSamples = earlier > 0 ? _partsSamples + samples : samples;
    }

    /// <summary>Records gradients of the caller's own loss.</summary>
    public void TakeExternal(int samples)
    {
        Array.Fill(_partsDivisors, samples);
        (Parts, _partsSamples) = (1, samples);
    }

    private static string[] NamesOf(LossInfo[] losses)
    {
        string[] names = new string[losses.Length];
        for (int i = 0; i < names.Length; i++)
        {
            LossInfo loss = losses[i];
            int onTensor = losses.Count(other => other.Tensor == loss.Tensor);
            int ofKind = losses.Count(IsAlike), before = losses.Take(i + 1).Count(IsAlike);
            names[i] = onTensor == 1 ? loss.Tensor : ofKind == 1 ? $"{loss.Tensor}.{loss.Name}" : $"{loss.Tensor}.{loss.Name}.{before}";

            bool IsAlike(LossInfo other) => other.Tensor == loss.Tensor && other.Name == loss.Name;
        }

        return names;
    }

    private double WeightOf(LossInfo loss, ReadOnlySpan<int> classes, ReadOnlySpan<int> order, BatchAugmentation? augmentation)
    {
        double sum = 0;
        int count = order.IsEmpty ? classes.Length / _classes : order.Length;
        for (int i = 0; i < count; i++)
        {
            int sample = order.IsEmpty ? i : order[i];
            ReadOnlySpan<int> own = classes.Slice(sample * _classes, _classes);
            own = augmentation is null ? own : augmentation.Moved(sample, own);
            foreach (int target in own.Slice(loss.TargetOffset, loss.TargetLength))
            {
                if (target != loss.IgnoreIndex)
                {
                    sum += loss.MeanWeights?[target] ?? 1;
                }
            }
        }

        return sum;
    }
}
