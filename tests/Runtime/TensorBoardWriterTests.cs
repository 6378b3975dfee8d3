using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Strata.Pictures;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

public sealed class TensorBoardWriterTests : IDisposable
{
    private const int Inputs = LinearNetwork.Inputs, Outputs = LinearNetwork.Outputs;

    private static readonly float[] Samples = LinearNetwork.Noise(50 * Inputs, 1), Targets = LinearNetwork.Noise(50 * Outputs, 2);

    private readonly string _directory = Directory.CreateTempSubdirectory("strata-").FullName;
    private readonly Clock _clock = new() { Now = new DateTimeOffset(2024, 5, 6, 7, 8, 9, 250, TimeSpan.Zero) };

    public static TheoryData<string> Distributions => new("noise", "one", "zeros", "limits", "extremes", "logarithms");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_checksum_is_CRC_32C()
    {
        byte[] digits = Encoding.ASCII.GetBytes("123456789"), noise = new byte[50];
        Assert.Equal((0xE3069283, 0xE3069283), (EventFile.Checksum(digits), EventFileReader.Checksum(digits)));
        new Random(1).NextBytes(noise);
        Assert.All(Enumerable.Range(0, noise.Length),
            n => Assert.Equal(EventFileReader.Checksum(noise.AsSpan(0, n)), EventFile.Checksum(noise.AsSpan(0, n))));
    }

    [Fact]
    public void A_file_is_named_and_begins_as_TensorBoard_expects()
    {
        string folder = Path.Combine(_directory, "runs", "first");
        using var writer = new TensorBoardWriter(folder, _clock);
        Assert.Equal(folder, Path.GetDirectoryName(writer.Path));
        Assert.Matches($@"^events\.out\.tfevents\.1714979289\.{Regex.Escape(Environment.MachineName)}\.{Environment.ProcessId}\.\d+$",
            Path.GetFileName(writer.Path));
        ProtobufMessage version = new(Assert.Single(EventFileReader.Records(writer.Path)));
        Assert.Equal([1, 3], version.Fields);
        Assert.Equal((1714979289.25, "brain.Event:2"), (version.Double(1), version.Text(3)));

        using var second = new TensorBoardWriter(folder, _clock);
        Assert.NotEqual(writer.Path, second.Path);
    }

    [Fact]
    public void Scalars_have_their_tag_step_value_and_time()
    {
        List<EventRecord> records = Written(writer =>
        {
            writer.AddScalar("loss/training", 0.1, 0);
            _clock.Now += TimeSpan.FromSeconds(1.5);
            writer.AddScalar("größe", 0, 127);
            writer.AddScalar("a", double.NaN, 128);
            writer.AddScalar("a", -1e300, long.MaxValue);
        });
        Assert.Equal(
            [("loss/training", 0, 0.1f), ("größe", 127, 0), ("a", 128, float.NaN), ("a", long.MaxValue, float.NegativeInfinity)],
            records.Select(r => (r.Tag, r.Step, r.Scalar)));
        Assert.Equal([1714979289.25, 1714979290.75, 1714979290.75, 1714979290.75], records.Select(r => r.WallTime));
        Assert.All(records, r => Assert.Equal([1, 2], r.Value.Fields));
    }

    [Fact]
    public void An_image_is_a_PNG()
    {
        var picture = new Picture(37, 5);
        byte[] noise = new byte[37 * 5 * 3];
        new Random(1).NextBytes(noise);
        for (int i = 0; i < 37 * 5; i++)
        {
            picture[i % 37, i / 37] = new Rgb(noise[3 * i], noise[(3 * i) + 1], noise[(3 * i) + 2]);
        }

        EventRecord record = Assert.Single(Written(writer => writer.AddImage("kernels", picture, 3)));
        ProtobufMessage image = record.Value.Message(4);
        Assert.Equal((3, "kernels"), (record.Step, record.Tag));
        Assert.Equal((5ul, 37ul, 3ul), (image.Integer(1), image.Integer(2), image.Integer(3)));
        Assert.Equal(noise, Picture.Load(image.Bytes(4)).Bytes.ToArray());
    }

    [Theory]
    [MemberData(nameof(Distributions))]
    public void A_histogram_counts_all_values_where_they_lie(string distribution)
    {
        float[] values = distribution switch
        {
            "noise" => LinearNetwork.Noise(10_000, 3),
            "one" => [0.7f],
            "zeros" => [0, -0f, 0],
            "limits" =>
                [.. Limits().Select(l => (float)l).SelectMany(l => new[] { l, -l, float.BitIncrement(l), float.BitDecrement(l) }), 0],
            "extremes" => [float.MaxValue, float.MinValue, float.Epsilon, -float.Epsilon, 1e-38f, -1e-40f, 1e20f, -1e20f, 1e-12f],
            _ => [.. LinearNetwork.Noise(20_000, 4).Select(n => MathF.CopySign(MathF.Exp(n * 80), n))],
        };
        ProtobufMessage histogram = Assert.Single(Written(writer => writer.AddHistogram("h", values, 1))).Value.Message(5);
        double[] limits = histogram.Doubles(6), counts = histogram.Doubles(7);
        Assert.Equal((values.Min(), values.Max()), (histogram.Double(1), histogram.Double(2)));
        Assert.Equal((values.Length, values.Length), (histogram.Double(3), counts.Sum()));
        Assert.Equal(values.Sum(v => (double)v), histogram.Double(4));
        Assert.Equal(values.Sum(v => (double)v * v), histogram.Double(5));

        // A bucket reaches from the limit before it to its own; those with values in them are no wider than TensorFlow's.
        Assert.Equal(limits.Length, counts.Length);
        HashSet<double> known = [.. Limits().SelectMany(l => new[] { l, -l }), 0, double.MaxValue];
        for (int i = 0; i < limits.Length; i++)
        {
            double lower = i == 0 ? double.NegativeInfinity : limits[i - 1];
            Assert.Contains(limits[i], known);
            Assert.Equal(values.Count(v => v >= lower && v < limits[i]), counts[i]);
            Assert.True(lower < limits[i] && (counts[i] == 0 || !known.Any(l => l > lower && l < limits[i])));
        }
    }

    [Fact]
    public void Empty_buckets_are_written_in_front_of_others_only()
    {
        ProtobufMessage histogram = Assert.Single(Written(writer => writer.AddHistogram("h", [-3, 5, 5], 1))).Value.Message(5);
        Assert.Equal([0, 1, 0, 2], histogram.Doubles(7));
    }

    [Fact]
    public void What_is_not_finite_is_counted_apart()
    {
        List<EventRecord> records = Written(writer =>
        {
            writer.AddHistogram("h", [1, float.NaN, 2, float.PositiveInfinity, float.NegativeInfinity], 7);
            writer.AddHistogram("none", [float.NaN], 8);
        });
        Assert.Equal([("h", 7), ("h/non-finite", 7), ("none", 8), ("none/non-finite", 8)], records.Select(r => (r.Tag, (int)r.Step)));
        ProtobufMessage some = records[0].Value.Message(5), none = records[2].Value.Message(5);
        Assert.Equal([1, 2, 2, 3, 5], Enumerable.Range(1, 5).Select(some.Double));
        Assert.Equal([0, 0, 0, 0, 0], Enumerable.Range(1, 5).Select(none.Double));
        Assert.Equal((2, 0), (some.Doubles(7).Sum(), none.Doubles(7).Sum()));
        Assert.Equal((3, 1), (records[1].Scalar, records[3].Scalar));
    }

    [Fact]
    public void Texts_of_any_length_are_what_they_were()
    {
        // Lengths around those at which the messages' own lengths take another byte.
        string[] texts = ["", "**bold** größer 🙂",
            .. new[] { 80, 130, 16_300, 16_390 }.SelectMany(n => Enumerable.Range(n, 60)).Select(n => new string('x', n))];
        List<EventRecord> records = Written(writer => Array.ForEach(texts, text => writer.AddText("notes", text, text.Length)));
        Assert.Equal(texts, records.Select(r => r.Value.Message(8).Text(8)));
        Assert.All(records, r =>
        {
            Assert.Equal([1, 8, 9], r.Value.Fields);
            Assert.Equal("text", r.Value.Message(9).Message(1).Text(1));
            Assert.Equal((7ul, 0), (r.Value.Message(8).Integer(1), r.Value.Message(8).Bytes(2).Length));
        });

        // Half a pair of UTF-16 is no text.
        Assert.Equal("a\uFFFD", Assert.Single(Written(writer => writer.AddText("notes", "a\uD800", 1))).Value.Message(8).Text(8));
    }

    [Fact]
    public void Parameters_gradients_and_activations_are_histograms_by_name()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 50, new Sgd(0.1));
        trainer.Step(Samples, Targets);
        float[] gradient = new float[Inputs * Outputs], biasGradient = new float[Outputs], outputs = new float[Outputs];
        trainer.CopyGradientTo(network.Weight, gradient);
        trainer.CopyGradientTo(network.Bias, biasGradient);
        network.Forward(Samples.AsSpan(0, Inputs), outputs);
        List<EventRecord> records = Written(writer =>
        {
            writer.AddParameters(network, 4);
            writer.AddGradients(trainer, 5);
            writer.AddActivations(network, Samples.AsSpan(0, Inputs), 6);
        });
        Assert.Equal(
            [
                ("parameters/dense1.weight", 4), ("parameters/dense1.bias", 4), ("gradients/dense1.weight", 5),
                ("gradients/dense1.bias", 5),
                ("activations/dense1", 6),
            ],
            records.Select(r => (r.Tag, (int)r.Step)));
        Assert.Equal(
            new[] { network.Values(0), network.Values(1), gradient, biasGradient, outputs }
                .Select(v => ((double)v.Length, v.Sum(x => (double)x))),
            records.Select(r => (r.Value.Message(5).Double(3), r.Value.Message(5).Double(4))));
    }

    [Theory]
    [InlineData(1, new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 })]
    [InlineData(2, new[] { 2, 3, 4, 6, 8, 9 })]
    [InlineData(100, new[] { 3, 6, 9 })]
    public void Fit_reports_to_a_writer(int every, int[] steps)
    {
        using var network = new LinearNetwork(loss: "CrossEntropy");
        using var trainer = new ClassificationTrainer(network, 20, new Sgd(0.1));
        int[] classes = [.. Enumerable.Range(0, 50).Select(s => s % Outputs)];
        var options = new FitOptions
        {
            Epochs = 3,
            ValidationInputs = Samples,
            ValidationTargets = classes,
            Schedule = Schedule.Exponential(0.5),
        };
        var reports = new FitTests.Recorder();
        string path;
        using (var writer = new TensorBoardWriter(_directory, _clock) { EverySteps = every })
        {
            path = writer.Path;
            reports = new FitTests.Recorder { Then = writer.Report };
            trainer.Fit(Samples, classes, options, reports);

            // The end of an epoch is in the file at once.
            Assert.Equal("accuracy/validation", EventFileReader.Read(path)[^1].Tag);
        }

        ILookup<string, EventRecord> series = EventFileReader.Read(path).ToLookup(r => r.Tag);
        Assert.Equal(["accuracy/validation", "learning_rate", "loss/training", "loss/validation", "samples_per_second"],
            series.Select(s => s.Key).Order(StringComparer.Ordinal));
        FitProgress[] training = [.. reports.Where((r, _) => !r.EpochCompleted && steps.Contains((3 * (r.Epoch - 1)) + r.Step))];
        FitProgress[] epochs = [.. reports.Where(r => r.EpochCompleted)];
        void AssertSeries(string tag, int[] steps, IEnumerable<double?> values) =>
            Assert.Equal(steps.Zip(values.Select(v => (float)v!)), series[tag].Select(r => ((int)r.Step, r.Scalar)));
        AssertSeries("loss/training", steps, training.Select(r => (double?)r.Loss));
        AssertSeries("learning_rate", steps, training.Select(r => (double?)r.LearningRate));
        AssertSeries("samples_per_second", steps, training.Select(r => (double?)r.SamplesPerSecond));
        AssertSeries("loss/validation", [3, 6, 9], epochs.Select(r => r.ValidationLoss));
        AssertSeries("accuracy/validation", [3, 6, 9], epochs.Select(r => r.ValidationAccuracy));
        Assert.Equal([0.1f, 0.05f, 0.025f], series["learning_rate"].Select(r => r.Scalar).Distinct());
    }

    [Fact]
    public void Records_go_to_the_file_whole_after_some_time_or_size()
    {
        using var writer = new TensorBoardWriter(_directory, _clock) { FlushInterval = TimeSpan.FromSeconds(2) };
        int Count() => EventFileReader.Read(writer.Path).Count;
        writer.AddScalar("a", 1, 1);
        Assert.Equal(0, Count());
        _clock.Now += TimeSpan.FromSeconds(1.9);
        writer.AddScalar("a", 1, 2);
        Assert.Equal(0, Count());
        _clock.Now += TimeSpan.FromSeconds(0.1);
        writer.AddScalar("a", 1, 3);
        Assert.Equal(3, Count());
        writer.AddScalar("a", 1, 4);
        Assert.Equal(3, Count());
        writer.Flush();
        Assert.Equal(4, Count());

        // The reader fails where the last record is not whole.
        var counts = new HashSet<int>();
        for (int i = 0; i < 300; i++)
        {
            writer.AddText("a", new string('x', 1000), i);
            counts.Add(Count());
        }

        Assert.Equal(300 / 64 + 1, counts.Count);
        writer.AddText("large", new string('x', 200_000), 1);
        Assert.Equal(305, Count());
    }

    [Fact]
    public void Without_an_interval_each_record_is_written_at_once()
    {
        using var writer = new TensorBoardWriter(_directory, _clock) { FlushInterval = TimeSpan.Zero };
        for (int i = 0; i < 3; i++)
        {
            writer.AddScalar("a", i, i);
            Assert.Equal(i + 1, EventFileReader.Read(writer.Path).Count);
        }
    }

    [Fact]
    public void Many_threads_may_write_at_once()
    {
        const int Threads = 4, Records = 500;
        List<EventRecord> records = Written(writer => Parallel.For(0, Threads, thread =>
        {
            for (int i = 0; i < Records; i++)
            {
                writer.AddScalar($"thread{thread}", thread, i);
            }
        }));
        Assert.Equal(Threads * Records, records.Count);
        Assert.All(records.GroupBy(r => r.Tag), own => Assert.Equal(Enumerable.Range(0, Records), own.Select(r => (int)r.Step)));
    }

    [Fact]
    public void Scalars_are_written_without_allocation()
    {
        using var writer = new TensorBoardWriter(_directory, _clock);
        var progress = new FitProgress(1, 1, 1, 9, 0.5, 0.1, 1e4, null, null, false);
        for (int i = 0; i < 2000; i++)
        {
            writer.Report(progress);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            writer.Report(progress);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    [Fact]
    public void Arguments_that_make_no_sense_are_refused()
    {
        string path;
        using var network = new LinearNetwork();
        using var blind = new LinearNetwork(observable: false);
        using (var writer = new TensorBoardWriter(_directory, _clock))
        {
            path = writer.Path;
            float[] sample = new float[Inputs];
            Assert.Throws<ArgumentException>("tag", () => writer.AddScalar("", 1, 1));
            Assert.Throws<ArgumentNullException>("tag", () => writer.AddText(null!, "x", 1));
            Assert.Throws<ArgumentOutOfRangeException>("step", () => writer.AddScalar("a", 1, -1));
            Assert.Throws<ArgumentOutOfRangeException>("step", () => writer.AddParameters(network, -1));
            Assert.Throws<ArgumentNullException>("picture", () => writer.AddImage("a", null!, 1));
            Assert.Throws<ArgumentNullException>("text", () => writer.AddText("a", null!, 1));
            Assert.Throws<ArgumentException>("values", () => writer.AddHistogram("a", [], 1));
            Assert.Throws<ArgumentNullException>("network", () => writer.AddParameters(null!, 1));
            Assert.Throws<ArgumentNullException>("trainer", () => writer.AddGradients(null!, 1));
            Assert.Throws<ArgumentNullException>("network", () => writer.AddActivations(null!, sample, 1));
            Assert.Equal(
                "A sample of Linear has 7 floats, but 6 were given. (Parameter 'input')",
                Assert.Throws<ArgumentException>("input", () => writer.AddActivations(network, sample.AsSpan(1), 1)).Message);
            Assert.Equal(
                "Linear cannot be observed; declare it with [Network(Observable = true)]. (Parameter 'network')",
                Assert.Throws<ArgumentException>("network", () => writer.AddActivations(blind, sample, 1)).Message);
            Assert.Throws<ArgumentOutOfRangeException>("EverySteps", () => new TensorBoardWriter(_directory) { EverySteps = 0 });
            Assert.Throws<ArgumentOutOfRangeException>("FlushInterval",
                () => new TensorBoardWriter(_directory) { FlushInterval = TimeSpan.FromTicks(-1) });
        }

        Assert.Empty(EventFileReader.Read(path));
        Assert.Throws<ArgumentException>("directory", () => new TensorBoardWriter(""));
    }

    [Fact]
    public void A_folder_that_cannot_be_is_named()
    {
        string file = Path.Combine(_directory, "file"), folder = Path.Combine(file, "runs");
        File.WriteAllText(file, "");
        Assert.StartsWith($"{folder}: no event file can be created there: ",
            Assert.ThrowsAny<IOException>(() => new TensorBoardWriter(folder)).Message);
    }

    [Fact]
    public void After_Dispose_nothing_is_taken()
    {
        var writer = new TensorBoardWriter(_directory, _clock);
        writer.AddScalar("a", 1, 1);
        writer.Dispose();
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.AddScalar("a", 1, 1));
        Assert.Throws<ObjectDisposedException>(writer.Flush);
        Assert.Single(EventFileReader.Read(writer.Path));
    }

    /// <summary>The positive limits below the last one.</summary>
    private static IEnumerable<double> Limits()
    {
        for (double limit = 1e-12; limit < 1e20; limit *= 1.1)
        {
            yield return limit;
        }
    }

    private List<EventRecord> Written(Action<TensorBoardWriter> write)
    {
        string path;
        using (var writer = new TensorBoardWriter(_directory, _clock))
        {
            path = writer.Path;
            write(writer);
        }

        return EventFileReader.Read(path);
    }

    /// <summary>Shows the time that it is told.</summary>
    internal sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.Ticks;
    }
}
