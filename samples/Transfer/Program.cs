using Strata;
using Strata.Data;
using Strata.Imaging;
using Strata.Training;

namespace Samples.Transfer;

/// <summary>Learns five digits from few examples: from scratch, and with what a network learnt from five other digits.</summary>
public static class Program
{
    private const int Batch = 10, Updates = 300, Draws = 3;

    private static readonly int[] ExamplesOfEach = [2, 5, 10, 20];

    /// <summary>Turned, slanted, larger and smaller digits: what is learnt from more variety serves more purposes.</summary>
    private static readonly Augmentation AnyHand = new(
        new RandomAffine { Degrees = 20, Translate = (0.1, 0.1), Scale = (0.8, 1.2), Shear = (15, 0) });

    public static void Main() => Run(Console.Out, Sample.Folder);

    public static void Run(TextWriter output, string folder)
    {
        (LabeledData training, LabeledData test) = Sample.Digits();
        using var body = new ZeroToFour(seed: 1);
        using (ClassificationTrainer trainer = body.CreateTrainer(batchSize: 64, new Adam(0.002)))
        {
            (LabeledData many, LabeledData manyTest) = (Only(training, first: 0), Only(test, first: 0));
            var options = new FitOptions { Epochs = 8, Schedule = Schedule.Cosine(), Augmentation = AnyHand };
            trainer.Fit(many.Inputs, many.Targets, options);
            output.WriteLine($"0 to 4, {many.Count:N0} examples: {trainer.Evaluate(manyTest.Inputs, manyTest.Targets).Accuracy:P1}");
        }

        using var weights = new MemoryStream();
        body.Save(weights);
        LabeledData later = Only(training, first: 5), held = Only(test, first: 5);
        var results = new List<(double Scratch, double Head, double Tuned)>();
        foreach (int count in ExamplesOfEach)
        {
            // A few examples may be good or bad ones: the mean of some draws says more than one.
            var draws = Enumerable.Range(0, Draws).Select(draw => Compare(weights.ToArray(), Draw(later, count, draw), held)).ToList();
            results.Add((draws.Average(d => d.Scratch), draws.Average(d => d.Head), draws.Average(d => d.Tuned)));
            (double scratch, double head, double tuned) = results[^1];
            output.WriteLine($"5 to 9, {count} of each: from scratch {scratch:P1}, new head {head:P1}, fine-tuned {tuned:P1}");
        }

        File.WriteAllText(Path.Combine(folder, "transfer.svg"), Chart.Draw(ExamplesOfEach, results));
    }

    private static (double Scratch, double Head, double Tuned) Compare(byte[] weights, LabeledData few, LabeledData held)
    {
        using var scratch = new FiveToNine(seed: 2);
        double fromScratch = Fit(scratch, new Adam(0.002), few, held, Updates);

        // Strict would refuse a file that lacks the new layers and has others.
        using var head = new NewHead(seed: 2);
        head.Load(weights, new WeightsLoadOptions { Strict = false });
        double headOnly = Fit(head, new Adam(0.002), few, held, Updates);

        // The convolutions learn more slowly than the head, so that they do not forget what they know.
        using var tuned = new FiveToNine(seed: 2);
        tuned.CopyParametersFrom(head);
        var optimizer = new Adam(0.0005) { Groups = [new ParameterGroup("head*"), new ParameterGroup("*") { RateMultiplier = 0.2 }] };
        return (fromScratch, headOnly, Fit(tuned, optimizer, few, held, Updates / 2));
    }

    private static double Fit<TNetwork>(TNetwork net, Optimizer optimizer, LabeledData few, LabeledData held, int updates)
        where TNetwork : CompiledNetwork
    {
        using var trainer = (ClassificationTrainer)Trainer.For(net, Batch, optimizer);
        trainer.Fit(few.Inputs, few.Targets, new FitOptions { Epochs = updates * Batch / few.Count, Schedule = Schedule.Cosine() });
        return trainer.Evaluate(held.Inputs, held.Targets).Accuracy;
    }

    /// <summary>Five digits in a row, as the classes 0 to 4.</summary>
    private static LabeledData Only(LabeledData data, int first) =>
        Take(data, Enumerable.Range(0, data.Count).Where(i => data.Targets.Span[i] >= first && data.Targets.Span[i] < first + 5), first);

    /// <summary>Some examples of each class.</summary>
    private static LabeledData Draw(LabeledData data, int ofEach, int draw)
    {
        int[] order = [.. Enumerable.Range(0, data.Count)];
        new Random(draw).Shuffle(order);
        return Take(data, order.GroupBy(i => data.Targets.Span[i]).SelectMany(group => group.Take(ofEach)), first: 0);
    }

    private static LabeledData Take(LabeledData data, IEnumerable<int> items, int first)
    {
        int[] taken = [.. items];
        return new LabeledData(
            [.. taken.SelectMany(i => data[i].ToArray())], Array.ConvertAll(taken, i => data.Targets.Span[i] - first), data.Shape);
    }
}
