using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

public class MetricsTests
{
    // Class 2 is a label that is never predicted, class 3 a prediction without labels, class 4 is neither.
    private static readonly (int Actual, int Predicted, int Count)[] Entries = [(0, 0, 50), (0, 1, 10), (1, 0, 5), (1, 1, 30),
        (1, 3, 5), (2, 0, 20)];

    [Fact]
    public void Precision_recall_and_F1_are_those_of_the_field()
    {
        ConfusionMatrix matrix = Fill(new ConfusionMatrix(5));

        // scikit-learn's precision_recall_fscore_support with zero_division=0.
        double[] precision = [50 / 75.0, 30 / 40.0, 0, 0, 0], recall = [50 / 60.0, 30 / 40.0, 0, 0, 0],
            f1 = [100 / 135.0, 60 / 80.0, 0, 0, 0];
        for (int c = 0; c < 5; c++)
        {
            Assert.Equal(precision[c], matrix.Precision(c), 1e-15);
            Assert.Equal(recall[c], matrix.Recall(c), 1e-15);
            Assert.Equal(f1[c], matrix.F1(c), 1e-15);
            double sum = precision[c] + recall[c];
            Assert.Equal(sum == 0 ? 0 : 2 * precision[c] * recall[c] / sum, matrix.F1(c), 1e-15);
        }

        Assert.Throws<ArgumentOutOfRangeException>("classes", () => new ConfusionMatrix(0));
        Assert.Throws<ArgumentOutOfRangeException>("classes", () => new ConfusionMatrix(int.MinValue));
        Assert.Throws<ArgumentOutOfRangeException>("classIndex", () => matrix.Precision(5));
        Assert.Throws<ArgumentOutOfRangeException>("classIndex", () => matrix.Recall(-1));
        Assert.Throws<ArgumentOutOfRangeException>("classIndex", () => matrix.F1(int.MaxValue));
        Assert.Equal([0, 0, 0], new[] { new ConfusionMatrix(1) }.SelectMany(m => new[] { m.Precision(0), m.Recall(0), m.F1(0) }));
    }

    [Fact]
    public void A_matrix_prints_its_counts_and_each_class() => InAnotherCountry(() => Assert.Equal(
        """
        5 classes; 80 of 120 right
               predicted
        actual   0   1   2   3   4  precision  recall      F1
             0  50  10   0   0   0     0.6667  0.8333  0.7407
             1   5  30   0   5   0     0.7500  0.7500  0.7500
             2  20   0   0   0   0     0.0000  0.0000  0.0000
             3   0   0   0   0   0     0.0000  0.0000  0.0000
             4   0   0   0   0   0     0.0000  0.0000  0.0000
        """,
        Fill(new ConfusionMatrix(5)).ToString()));

    [Fact]
    public void A_matrix_prints_the_names_of_its_classes()
    {
        var matrix = new ConfusionMatrix(["cat", "dog", "a breed with a very long name"]);
        matrix.Add(0, 0);
        matrix.Add(1, 2);
        Assert.Equal(
            [
                "class                 labels  predicted  precision  recall      F1",
                "cat                        1          1     1.0000  1.0000  1.0000",
                "dog                        1          0     0.0000  0.0000  0.0000",
                "a breed with a very…       0          1     0.0000  0.0000  0.0000",
            ],
            matrix.ToString().Split('\n')[1..]);

        matrix = new ConfusionMatrix(2) { ClassNames = ["cat", "dog"] };
        matrix.Add(1, 0);
        Assert.Equal(
            """
            2 classes; 0 of 1 right
                   predicted
            actual  cat  dog  precision  recall      F1
            cat       0    0     0.0000  0.0000  0.0000
            dog       1    0     0.0000  0.0000  0.0000
            """,
            matrix.ToString());
        Assert.Equal("There is 1 name for 2 classes. (Parameter 'value')",
            Assert.Throws<ArgumentException>(() => matrix.ClassNames = ["cat"]).Message);
        Assert.Throws<ArgumentException>("classNames", () => new ConfusionMatrix([]));
    }

    [Fact]
    public void Many_classes_are_a_line_each()
    {
        string[] lines = Fill(new ConfusionMatrix(100)).ToString().Split('\n');
        Assert.Equal(102, lines.Length);
        Assert.Equal("100 classes; 80 of 120 right", lines[0]);
        Assert.Equal("class  labels  predicted  precision  recall      F1", lines[1]);
        Assert.Equal("    0      60         75     0.6667  0.8333  0.7407", lines[2]);
        Assert.Equal("   99       0          0     0.0000  0.0000  0.0000", lines[101]);
    }

    [Theory]
    [InlineData(46_341)]
    [InlineData(int.MaxValue)]
    public void Memory_goes_with_what_was_counted(int classes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        ConfusionMatrix matrix = Fill(new ConfusionMatrix(classes));
        int last = classes - 1;
        matrix.Add(last, last);
        matrix.Add(last, 0);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_500_000);
        Assert.Equal((50, 5, 1, 0, 122), (matrix[0, 0], matrix[1, 3], matrix[last, last], matrix[0, last], matrix.Total));
        Assert.Equal(81 / 122.0, matrix.Accuracy);
        Assert.Equal((50 / 76.0, 50 / 60.0, 100 / 136.0), (matrix.Precision(0), matrix.Recall(0), matrix.F1(0)));
        Assert.Equal((1, 0.5, 2 / 3.0), (matrix.Precision(last), matrix.Recall(last), matrix.F1(last)));
        Assert.Throws<ArgumentOutOfRangeException>("actual", () => matrix.Add(classes, 0));
        Assert.Throws<ArgumentOutOfRangeException>("predicted", () => matrix[0, -1]);
        Assert.Throws<ArgumentOutOfRangeException>("classIndex", () => matrix.F1(-1));
    }

    [Fact]
    public void Any_number_of_classes_is_counted_alike()
    {
        var random = new Random(1);
        (int Actual, int Predicted)[] samples = [.. Enumerable.Range(0, 5000).Select(_ => (random.Next(200), random.Next(200)))];
        ConfusionMatrix few = Count(200), more = Count(300), many = Count(70_000);
        Assert.Equal(few.Accuracy, many.Accuracy);
        Assert.Equal(few.MeanIntersectionOverUnion, more.MeanIntersectionOverUnion);
        Assert.Equal(few.MeanIntersectionOverUnion, many.MeanIntersectionOverUnion);
        for (int c = 0; c < 200; c++)
        {
            double right = samples.Count(s => s == (c, c)), labels = samples.Count(s => s.Actual == c),
                predictions = samples.Count(s => s.Predicted == c);
            foreach (ConfusionMatrix matrix in new[] { few, more, many })
            {
                Assert.Equal((right / predictions, right / labels, 2 * right / (labels + predictions)),
                    (matrix.Precision(c), matrix.Recall(c), matrix.F1(c)));
                Assert.All(Enumerable.Range(0, 200), other => Assert.Equal(few[c, other], matrix[c, other]));
            }
        }

        // The first line tells the number of classes.
        Assert.Equal(few.ToString().Split('\n')[1..], more.ToString().Split('\n')[1..202]);
        Assert.StartsWith("300 classes; 0 of 0 right\nclass ", new ConfusionMatrix(300).ToString());

        ConfusionMatrix Count(int classes)
        {
            var matrix = new ConfusionMatrix(classes);
            Array.ForEach(samples, s => matrix.Add(s.Actual, s.Predicted));
            return matrix;
        }
    }

    [Theory]
    [InlineData(21_841)]
    [InlineData(50_000)]
    public void Networks_of_many_classes_are_evaluated_and_validated(int classes)
    {
        // Sample x is taken for class x.
        float[] inputs = [3, classes - 1, 3, 7];
        int[] targets = [3, classes - 1, 5, 7];
        using var network = new ManyClassesNetwork(classes);
        using var trainer = new ClassificationTrainer(network, 4, new Sgd(0.1));
        trainer.Evaluate(inputs, targets);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ClassificationMetrics metrics = trainer.Evaluate(inputs, targets);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
        Assert.Equal((0.75, 4, classes), (metrics.Accuracy, metrics.ConfusionMatrix.Total, metrics.ConfusionMatrix.Classes));
        Assert.Equal((1, 1, 0),
            (metrics.ConfusionMatrix[classes - 1, classes - 1], metrics.ConfusionMatrix[5, 3], metrics.ConfusionMatrix[3, 5]));
        FitResult result = trainer.Fit(inputs, targets,
            new FitOptions { Epochs = 2, ValidationInputs = inputs, ValidationTargets = targets });
        Assert.Equal([0.75, 0.75], result.Epochs.Select(e => e.ValidationAccuracy!.Value));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void Lines_fit_a_page(int counts)
    {
        for (int classes = 1; classes < 30; classes++)
        {
            var matrix = new ConfusionMatrix(classes);
            matrix.Add(0, 0);
            string[] lines = [.. Fill(matrix, counts).ToString().Split('\n')];
            Assert.All(lines, line => Assert.InRange(line.Length, 1, 100));
            Assert.All(lines[2..], line => Assert.Equal(lines[^1].Length, line.Length));
        }
    }

    [Fact]
    public void Metrics_print_what_they_hold() => InAnotherCountry(() =>
    {
        ConfusionMatrix matrix = Fill(new ConfusionMatrix(5));
        Assert.Equal("loss 0.1235, accuracy 0.6667\n" + matrix, new ClassificationMetrics(0.12345, matrix).ToString());
        var losses = new Dictionary<string, double> { ["fc"] = 1e-7, ["aux"] = 2.5 };
        Assert.Equal("loss 0.25 (fc 1E-07, aux 2.5)", new RegressionMetrics(0.25) { Losses = losses }.ToString());
        Assert.StartsWith(
            "loss 0.25 (fc 1E-07, aux 2.5), accuracy 0.6667\n5 classes",
            new ClassificationMetrics(0.25, matrix) { Losses = losses }.ToString());

        // One loss is the loss.
        Assert.Equal("loss 0.25", new RegressionMetrics(0.25) { Losses = new Dictionary<string, double> { ["fc"] = 0.25 } }.ToString());
    });

    [Fact]
    public void A_result_of_Fit_prints_its_epochs() => InAnotherCountry(() =>
    {
        var first = new FitProgress(1, 3, 40, 40, 0.5, 0.05, 12345.6, 0.4, 0.9125, true);
        var second = new FitProgress(2, 3, 40, 40, 0.25, 0.025, 12000, null, null, true);
        Assert.Equal(
            """
            2 epochs, the best is number 1, stopped early
            epoch 1 of 3: loss 0.5, learning rate 0.05, 12,346 samples/s, validation loss 0.4, validation accuracy 0.9125
            epoch 2 of 3: loss 0.25, learning rate 0.025, 12,000 samples/s
            """,
            new FitResult([first, second], Cancelled: false, StoppedEarly: true, BestEpoch: 1).ToString());
        Assert.Equal(
            "epoch 2 of 3, step 7 of 40: loss 0.25, learning rate 0.025, 12,000 samples/s",
            (second with { Step = 7, EpochCompleted = false }).ToString());
        Assert.Equal("0 epochs, cancelled", new FitResult([], Cancelled: true).ToString());
    });

    [Fact]
    public void A_report_of_loading_prints_the_names() => Assert.Equal(
        """
        2 loaded, 1 missing, 0 mismatched, 2 unexpected
        loaded: conv1.weight, conv1.bias
        missing: fc.weight
        unexpected: head.weight, a\u0007b
        """,
        new WeightsLoadReport(["conv1.weight", "conv1.bias"], ["fc.weight"], [], ["head.weight", "a\ab"]).ToString());

    private static ConfusionMatrix Fill(ConfusionMatrix matrix, int times = 1)
    {
        foreach ((int actual, int predicted, int count) in Entries.Where(e => int.Max(e.Actual, e.Predicted) < matrix.Classes))
        {
            for (int i = 0; i < count * times; i++)
            {
                matrix.Add(actual, predicted);
            }
        }

        return matrix;
    }

    private static void InAnotherCountry(Action test)
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NumberGroupSeparator) = (",", ".");
        try
        {
            CultureInfo.CurrentCulture = other;
            test();
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
