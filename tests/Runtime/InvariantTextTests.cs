using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using Strata.Data;
using Strata.Pictures;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>
/// <c>ToString</c> of public values is the same in every culture. Checkpoints hold some of these texts, and may be read in another country.
/// </summary>
public class InvariantTextTests
{
    // Numbers with a point and a sign, where a member has a number.
    private static readonly object[] Values =
    [
        new Augmentation(new RandomAffine { Degrees = 0.5, Translate = (0.25, 0.5) },
            new GaussianNoise(0.5)) { Range = (-0.5f, 1.5f), Fill = -0.25f },
        new ColorJitter { Brightness = 0.5 },
        new GaussianNoise(0.125),
        new IdxOptions { MaxLength = 12_345_678 },
        new RandomAffine { Degrees = 1.5, Scale = (0.5, 1.5) },
        new RandomCrop(4),
        new RandomErasing(0.25) { Scale = (0.02, 0.3) },
        new RandomHorizontalFlip(0.25),
        new RandomResizedCrop { Scale = (0.5, 0.75) },
        new RandomVerticalFlip(0.25),
        new PictureOptions { Gap = 3 },
        new PngReadOptions { MaxPixels = 12_345_678, IgnoreAlpha = true },
        new Rgb(1, 2, 3),
        new ClassificationMetrics(1.5, new ConfusionMatrix(2)),
        new ConfusionMatrix(3),
        new ClassPrediction(3, 0.5f),
        new DistributedOptions { BucketSize = 12_345_678, LearningRateScaling = new LinearScaling(1234) },
        new EarlyStopping(3) { MinDelta = 0.5 },
        new LinearScaling(1234) { WarmupSteps = 5678 },
        new FitCheckpoint("file"),
        new FitOptions { MixUp = 0.5, AverageDecay = 0.75, Schedule = Schedule.Exponential(0.5),
            Augmentation = new Augmentation(new GaussianNoise(0.5)) },
        new FitProgress(1, 2, 3, 4, 1.5, 0.25, 1234.5, 0.5, 0.75, true),
        new FitResult([new FitProgress(1, 2, 3, 4, 1.5, 0.25, 1234.5, 0.5, 0.75, true)], false),
        new TrainingWarning(TrainingWarningKind.InputRange, "as it is"),
        new InputNormalization([0.5], [0.25]),
        new LayerProfile("conv1", 0.5, 1.5, 2.5, 3.5),
        new TrainingProfile(2, [new LayerProfile("conv1", 0.5, 1.5, 2.5, 3.5)]) { Loss = 0.5 },
        new LossInfo("MeanSquaredError", TargetKind.Values) { Weight = 0.5 },
        new ParameterGroup("*") { RateMultiplier = 0.5, WeightDecay = 0.25 },
        new RegressionMetrics(0.5),
        new SampleBatch(new float[1], new int[1]),
        Schedule.Constant(),
        Schedule.Step(3, 0.5),
        Schedule.MultiStep([1, 2], 0.5),
        Schedule.Exponential(0.5),
        Schedule.Linear(3, 0.25, 0.75),
        Schedule.Cosine(3, 0.25),
        Schedule.OneCycle(1.5),
        Schedule.OnPlateau(0.5),
        Schedule.Cosine().AfterWarmup(3),
        new ArgumentInfo("slope", 0.5),
        new WindowInfo(1, PaddingBefore: -2),
        new LayerInfo("conv1", "Conv2D", [1, -2], "", 3, 4),
        new NetworkInfo("Net", [1], [1], [], [], []),
        new TensorInfo("input", [1, -2], "input"),
        new ParameterInfo("w", [1], Initializer.Ones, 1, 1) { Gain = 1.5f },
        new NetworkOptions { Threads = 2 },
        new WeightsLoadOptions(),
        new WeightsLoadReport([], [], [], []),
        new MemoryUse(1, 2, 3),
    ];

    [Fact]
    public void Every_public_type_that_says_something_of_itself_has_a_value_here()
    {
        IEnumerable<Type> speaking = typeof(CompiledNetwork).Assembly.GetExportedTypes().Where(type =>
            !type.IsAbstract && type.Namespace != "Strata.CompilerServices" && type != typeof(Parameter)
            && type.Name != nameof(WeightsFormatException)
            && type.GetMethod(nameof(ToString), BindingFlags.Public | BindingFlags.Instance, [])!.DeclaringType!.Assembly
                == typeof(CompiledNetwork).Assembly);
        Assert.Empty(speaking.Select(type => type.Name).Except(Values.Select(value => value.GetType().Name)));
    }

    [Fact]
    public void Public_values_say_the_same_in_every_country()
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        string[] here, there;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            here = [.. Values.Select(value => value.ToString()!)];
            CultureInfo.CurrentCulture = Foreign();
            there = [.. Values.Select(value => value.ToString()!)];
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }

        Assert.Equal(here, there);
        Assert.Equal("GaussianNoise { Sigma = 0.125 }", here[2]);
        Assert.Equal("ExponentialSchedule { Unit = Epoch, Gamma = 0.5 }", Schedule.Exponential(0.5).ToString());
    }

    [Fact]
    public void Messages_say_the_same_in_every_country()
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 4, new Sgd(0.1));
        try
        {
            CultureInfo.CurrentCulture = Foreign();
            var e = Assert.Throws<ArgumentException>(() => trainer.Fit(
                new float[LinearNetwork.Inputs].Select(_ => 1.5f).ToArray(), new float[LinearNetwork.Outputs],
                new FitOptions { Augmentation = new Augmentation(new GaussianNoise(0.1)) { Range = (-0.5f, 0.5f) } }));
            Assert.StartsWith("The samples hold 1.5, but the augmentation keeps values from -0.5 to 0.5; set its Range.", e.Message,
                StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    /// <summary>A culture that writes numbers in another way. The tests run without the data of real ones.</summary>
    private static CultureInfo Foreign()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NegativeSign) = ("·", "−");
        return culture;
    }
}
