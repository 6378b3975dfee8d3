using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;

namespace Strata.Training;

/// <summary>
/// How often each class was predicted as each other one. With many classes, memory is taken for the pairs that occurred, not for all
/// possible ones.
/// </summary>
public sealed class ConfusionMatrix
{
    // Characters of a row of counts, and of a class's name; longer ones are hard to read.
    private const int LineLength = 100, NameLength = 20;

    private readonly Counts _pairs;
    private readonly Counts _labels;
    private readonly Counts _predictions;
    private long _right;

    /// <summary>Creates a matrix of zeros.</summary>
    /// <param name="classes">Number of classes, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public ConfusionMatrix(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        Classes = classes;
        _pairs = new Counts((long)classes * classes);
        _labels = new Counts(classes);
        _predictions = new Counts(classes);
    }

    /// <summary>Creates a matrix of zeros.</summary>
    /// <param name="classNames">The name of each class, in the order of their numbers.</param>
    /// <exception cref="ArgumentException">There are no classes.</exception>
    public ConfusionMatrix(IReadOnlyList<string> classNames)
        : this(CountOf(classNames)) => ClassNames = classNames;

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>
    /// The name of each class, for <see cref="ToString"/>. Null (the default) prints their numbers. Set it to print the matrix of
    /// <c>Evaluate</c> with names.
    /// </summary>
    /// <exception cref="ArgumentException">There are not as many names as classes.</exception>
    public IReadOnlyList<string>? ClassNames
    {
        get;
        set => field = value is null || value.Count == Classes ? value : throw new ArgumentException(
            $"There {(value.Count == 1 ? "is" : "are")} {MessageText.Count(value.Count, "name")} for "
            + $"{Classes} {(Classes == 1 ? "class" : "classes")}.", nameof(value));
    }

    /// <summary>Number of all samples.</summary>
    public long Total { get; private set; }

    /// <summary>Number of samples on the diagonal.</summary>
    internal long Right => _right;

    /// <summary>Share of the samples on the diagonal, 0 to 1; 0 if there are no samples.</summary>
    public double Accuracy => Ratio(_right, Total);

    /// <summary>
    /// Mean intersection over union (mIoU), the usual measure of segmentation, 0 to 1: right ones ÷ (labels + predictions − right ones),
    /// averaged over the classes that occur as labels or predictions. 0 if there are no samples.
    /// </summary>
    public double MeanIntersectionOverUnion
    {
        get
        {
            double sum = 0;
            int occurring = 0;
            for (int c = 0; c < Classes; c++)
            {
                long union = _labels[c] + _predictions[c] - this[c, c];
                sum += Ratio(this[c, c], union);
                occurring += union > 0 ? 1 : 0;
            }

            return occurring == 0 ? 0 : sum / occurring;
        }
    }

    /// <summary>Number of samples of class <paramref name="actual"/> that were predicted as class <paramref name="predicted"/>.</summary>
    /// <param name="actual">The label.</param>
    /// <param name="predicted">The class with the largest output.</param>
    public long this[int actual, int predicted] => _pairs[Index(actual, predicted)];

    /// <summary>
    /// True positives ÷ (true positives + false positives), 0 to 1: how many of the samples that were predicted as a class belong to it. 0
    /// if there are none.
    /// </summary>
    /// <param name="classIndex">The class, counted from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double Precision(int classIndex) => Ratio(this[Check(classIndex), classIndex], _predictions[classIndex]);

    /// <summary>
    /// True positives ÷ (true positives + false negatives), 0 to 1: how many of a class's samples were predicted as this class. 0 if there
    /// are none.
    /// </summary>
    /// <param name="classIndex">The class, counted from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double Recall(int classIndex) => Ratio(this[Check(classIndex), classIndex], _labels[classIndex]);

    /// <summary>
    /// The harmonic mean of a class's precision and recall: 2 · true positives ÷ (2 · true positives + false positives + false negatives),
    /// 0 to 1. 0 if the class neither occurs nor is predicted. (Van Rijsbergen 1979.)
    /// </summary>
    /// <param name="classIndex">The class, counted from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double F1(int classIndex) => Ratio(2 * this[Check(classIndex), classIndex], _labels[classIndex] + _predictions[classIndex]);

    /// <summary>
    /// The counts, with a row for each label and a column for each prediction, and each class's precision, recall and F1. If the rows would
    /// be too long, they say how often each class occurs and is predicted instead.
    /// </summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Classes} {(Classes == 1 ? "class" : "classes")}; {_right:N0} of {Total:N0} right\n");
        string[] names = [.. Enumerable.Range(0, Classes).Select(NameOf)];
        int label = int.Max("actual".Length, names.Max(name => name.Length));
        int column = 2 + int.Max(Digits(_pairs.Max), names.Max(name => name.Length));
        bool wide = label + ((long)Classes * column) + ScoresOf(0).Length > LineLength;
        string scores = "  precision  recall      F1";
        if (wide)
        {
            label = int.Max("class".Length, names.Max(name => name.Length));
            text.Append("class".PadRight(label)).Append("  labels  predicted").Append(scores);
        }
        else
        {
            text.Append(' ', label).Append(" predicted\n").Append("actual".PadRight(label));
            text.AppendJoin("", names.Select(name => name.PadLeft(column))).Append(scores);
        }

        for (int c = 0; c < Classes; c++)
        {
            text.Append('\n').Append(ClassNames is null ? names[c].PadLeft(label) : names[c].PadRight(label));
            if (wide)
            {
                text.Append(CultureInfo.InvariantCulture, $"{_labels[c],8}{_predictions[c],11}");
            }
            else
            {
                for (int other = 0; other < Classes; other++)
                {
                    text.Append(this[c, other].ToString(CultureInfo.InvariantCulture).PadLeft(column));
                }
            }

            text.Append(ScoresOf(c));
        }

        return text.ToString();
    }

    /// <summary>Counts one sample.</summary>
    /// <param name="actual">The label.</param>
    /// <param name="predicted">The class that was predicted.</param>
    public void Add(int actual, int predicted)
    {
        _pairs.Increment(Index(actual, predicted));
        _labels.Increment(actual);
        _predictions.Increment(predicted);
        _right += actual == predicted ? 1 : 0;
        Total++;
    }

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;

    private static int CountOf(IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        return classNames.Count > 0 ? classNames.Count : throw new ArgumentException("There are no classes.", nameof(classNames));
    }

    private string NameOf(int c)
    {
        string name = ClassNames is { } names ? MessageText.Show(names[c], int.MaxValue) : c.ToString(CultureInfo.InvariantCulture);
        return name.Length <= NameLength ? name : name[..(NameLength - 1)] + '…';
    }

    private static int Digits(long value) => value.ToString(CultureInfo.InvariantCulture).Length;

    private string ScoresOf(int c) =>
        string.Create(CultureInfo.InvariantCulture, $"{Precision(c),11:F4}{Recall(c),8:F4}{F1(c),8:F4}");

    private int Check(int classIndex)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)classIndex, (uint)Classes, nameof(classIndex));
        return classIndex;
    }

    private long Index(int actual, int predicted)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)actual, (uint)Classes, nameof(actual));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted, (uint)Classes, nameof(predicted));
        return ((long)actual * Classes) + predicted;
    }

    /// <summary>A list of counters that begin at 0. A long list stores only those that are not 0.</summary>
    private sealed class Counts(long length)
    {
        // Up to half a megabyte an array is used, which is faster for the pixels of a few classes.
        private const int LongestArray = 65_536;

        private readonly long[]? _all = length <= LongestArray ? new long[length] : null;
        private readonly Dictionary<long, long> _some = [];

        public long Max => _all?.Max() ?? _some.Values.DefaultIfEmpty().Max();

        public long this[long index] => _all is not null ? _all[index] : _some.GetValueOrDefault(index);

        public void Increment(long index)
        {
            if (_all is not null)
            {
                _all[index]++;
            }
            else
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_some, index, out _)++;
            }
        }
    }
}
