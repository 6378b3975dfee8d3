using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

public class ScheduleTests
{
    public static TheoryData<string> Names => [.. TrainingGoldens.All.Schedules.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Thirty_rates_are_PyTorchs(string name)
    {
        var optimizer = new Sgd(0.1);
        var scheduler = new LearningRateScheduler(optimizer, Make(name), total: 30);
        double[] expected = TrainingGoldens.All.Schedules[name];
        for (int t = 0; t < expected.Length; t++)
        {
            Assert.Equal((t, 0.1), (scheduler.Time, scheduler.InitialRate));

            // PyTorch multiplies from step to step, which rounds differently, and never reduces a rate by less than 1e-8.
            Assert.Equal(expected[t], optimizer.LearningRate, 1e-12);
            scheduler.Step(Metric(t));
        }
    }

    [Fact]
    public void A_finished_cycle_stays_at_its_end()
    {
        var optimizer = new Sgd(7);
        var scheduler = new LearningRateScheduler(optimizer, Schedule.OneCycle(1, length: 4));
        for (int t = 0; t < 10; t++)
        {
            scheduler.Step();
        }

        Assert.Equal(1 / 25.0 / 1e4, optimizer.LearningRate, 1e-15);
    }

    [Fact]
    public void A_plateau_ignores_metrics_that_are_no_numbers()
    {
        var optimizer = new Sgd(1);
        var scheduler = new LearningRateScheduler(optimizer, Schedule.OnPlateau(patience: 1));
        foreach (double metric in (double[])[double.NaN, 5, double.NaN, double.NaN, 4])
        {
            scheduler.Step(metric);
        }

        Assert.Equal(0.1, optimizer.LearningRate, 1e-15);
        scheduler.Step(3.9);
        scheduler.Step(3.95);
        Assert.Equal(0.1, optimizer.LearningRate, 1e-15);
    }

    [Theory]
    [InlineData(false, -1.2, -1.1)]
    [InlineData(true, -1.2, -1.3)]
    [InlineData(false, 0, 0)]
    [InlineData(true, 1e-300, 0)]
    public void A_metric_that_stays_or_becomes_worse_is_a_plateau_below_zero_too(bool maximize, double first, double then)
    {
        var optimizer = new Sgd(1);
        var scheduler = new LearningRateScheduler(optimizer, Schedule.OnPlateau(factor: 0.5, patience: 1, maximize: maximize));
        var rates = new List<double>();
        for (int t = 0; t < 6; t++)
        {
            scheduler.Step(t == 0 ? first : then);
            rates.Add(optimizer.LearningRate);
        }

        Assert.Equal([1, 1, 0.5, 0.5, 0.25, 0.25], rates);
    }

    [Theory]
    [InlineData(false, -1)]
    [InlineData(true, 1)]
    public void The_threshold_of_a_plateau_is_a_share_of_the_best_values_magnitude(bool maximize, double sign)
    {
        foreach (double best in (double[])[2, -2])
        {
            foreach ((double gain, double rate) in ((double, double)[])[(0.19, 0.5), (0.21, 1)])
            {
                var optimizer = new Sgd(1);
                var scheduler = new LearningRateScheduler(
                    optimizer, Schedule.OnPlateau(factor: 0.5, patience: 0, threshold: 0.1, maximize: maximize));
                scheduler.Step(best);
                scheduler.Step(best + (sign * gain));
                Assert.Equal(rate, optimizer.LearningRate);
            }
        }
    }

    [Fact]
    public void A_plateau_leaves_infinite_metrics_behind()
    {
        foreach (bool maximize in (bool[])[false, true])
        {
            var optimizer = new Sgd(1);
            var scheduler = new LearningRateScheduler(optimizer, Schedule.OnPlateau(factor: 0.5, patience: 1, maximize: maximize));
            double sign = maximize ? -1 : 1;
            foreach (double metric in (double[])[double.PositiveInfinity, 5, 4, 3, 2])
            {
                scheduler.Step(sign * metric);
                Assert.Equal(1, optimizer.LearningRate);
            }
        }
    }

    [Fact]
    public void A_plateau_makes_no_change_of_a_hundred_millionth_or_less()
    {
        var optimizer = new Sgd(2e-8);
        var scheduler = new LearningRateScheduler(optimizer, Schedule.OnPlateau(factor: 0.4, patience: 0));
        scheduler.Step(1);
        scheduler.Step(1);
        Assert.Equal(8e-9, optimizer.LearningRate, 1e-20);
        scheduler.Step(1);
        Assert.Equal(8e-9, optimizer.LearningRate, 1e-20);
    }

    [Fact]
    public void The_largest_rate_of_a_cycle_is_where_its_description_says()
    {
        // Share × length − 1; with no share, one step before the first.
        foreach ((double rise, int top) in ((double, int)[])[(0.5, 4), (1, 9)])
        {
            var optimizer = new Sgd(1);
            var scheduler = new LearningRateScheduler(optimizer, Schedule.OneCycle(3, 10, rise));
            for (int t = 0; t < top; t++)
            {
                Assert.True(optimizer.LearningRate < 3);
                scheduler.Step();
            }

            Assert.Equal(3, optimizer.LearningRate, 1e-12);
        }

        var falling = new Sgd(1);
        _ = new LearningRateScheduler(falling, Schedule.OneCycle(1, 4, rise: 0, finalDivisor: 1e12));
        Assert.Equal((1 + Math.Cos(Math.PI / 4)) / 2, falling.LearningRate, 1e-9);
    }

    [Fact]
    public void A_warm_up_before_a_plateau_is_not_watched()
    {
        var optimizer = new Sgd(1);
        var scheduler = new LearningRateScheduler(optimizer, Schedule.OnPlateau(patience: 0).AfterWarmup(3, start: 0.25));
        var rates = new List<double>();
        for (int t = 0; t < 6; t++)
        {
            rates.Add(optimizer.LearningRate);
            scheduler.Step(t);
        }

        // The first metric that counts is that of time 3.
        Assert.Equal([0.25, 0.5, 0.75, 1, 1, 0.1], rates.Select(r => Math.Round(r, 12)));
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("size", () => Schedule.Step(0));
        Assert.Throws<ArgumentOutOfRangeException>("gamma", () => Schedule.Step(1, -0.1));
        Assert.Throws<ArgumentException>("milestones", () => Schedule.MultiStep([3, 2]));
        Assert.Throws<ArgumentOutOfRangeException>("milestones", () => Schedule.MultiStep([-1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>("gamma", () => Schedule.Exponential(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("length", () => Schedule.Linear(0));
        Assert.Throws<ArgumentOutOfRangeException>("length", () => Schedule.Cosine(0));
        Assert.Throws<ArgumentOutOfRangeException>("minimum", () => Schedule.Cosine(minimum: -1));
        Assert.Throws<ArgumentOutOfRangeException>("rise", () => Schedule.OneCycle(1, rise: 1.1));
        Assert.Throws<ArgumentOutOfRangeException>("divisor", () => Schedule.OneCycle(1, divisor: 0));
        Assert.Throws<ArgumentOutOfRangeException>("baseMomentum", () => Schedule.OneCycle(1, baseMomentum: 0));
        Assert.Throws<ArgumentOutOfRangeException>("maximumMomentum", () => Schedule.OneCycle(1, maximumMomentum: 1));
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => Schedule.OnPlateau(factor: 1));
        Assert.Throws<ArgumentOutOfRangeException>("patience", () => Schedule.OnPlateau(patience: -1));
        Assert.Throws<ArgumentOutOfRangeException>("length", () => Schedule.Constant().AfterWarmup(0));
        Assert.Throws<ArgumentException>("total", () => new LearningRateScheduler(new Sgd(1), Schedule.Cosine().AfterWarmup(2)));
        Assert.Throws<ArgumentException>("metric", () => new LearningRateScheduler(new Sgd(1), Schedule.OnPlateau()).Step());
    }

    [Fact]
    public void A_rate_that_overflows_changes_nothing()
    {
        var optimizer = new Sgd(0.5) { Momentum = 0.9 };
        var scheduler = new LearningRateScheduler(optimizer, Schedule.Exponential(1e200));
        scheduler.Step();
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(
                "The schedule's rate would be Infinity at time 2.",
                Assert.Throws<InvalidOperationException>(() => scheduler.Step()).Message);
            Assert.Equal((1, 0.5e200), (scheduler.Time, optimizer.LearningRate));
        }

        Assert.Throws<ArgumentException>("schedule",
            () => new LearningRateScheduler(optimizer, Schedule.OneCycle(1e300, 9, divisor: 1e-300)));
        Assert.Equal(0.5e200, optimizer.LearningRate);
        Assert.Throws<ArgumentOutOfRangeException>("Unit", () => Schedule.Constant() with { Unit = (ScheduleUnit)2 });

        // A metric that is missing is not counted.
        var plateau = new LearningRateScheduler(new Sgd(1), Schedule.OnPlateau(patience: 0));
        Assert.Throws<ArgumentException>("metric", () => plateau.Step());
        Assert.Equal(0, plateau.Time);
    }

    internal static double Metric(int t) => (2 / (1 + (0.4 * Math.Min(t, 9)))) + (0.01 * Math.Sin(t)) - (t > 22 ? 0.2 : 0);

    private static Schedule Make(string name) => name switch
    {
        "constant" => Schedule.Constant(),
        "step" => Schedule.Step(7),
        "step half" => Schedule.Step(3, 0.5),
        "multistep" => Schedule.MultiStep([4, 5, 5, 20], 0.3),
        "exponential" => Schedule.Exponential(0.93),
        "linear" => Schedule.Linear(5),
        "linear down" => Schedule.Linear(12, start: 1, end: 0.25),
        "cosine" => Schedule.Cosine(),
        "cosine min" => Schedule.Cosine(12, 0.01),
        "one cycle" => Schedule.OneCycle(0.5),
        "one cycle all" => Schedule.OneCycle(0.5, 30, rise: 0.1, divisor: 10, finalDivisor: 50),
        "warmup step" => Schedule.Step(5).AfterWarmup(4),
        "warmup cosine" => Schedule.Cosine().AfterWarmup(6, start: 0.01),
        "plateau" => Schedule.OnPlateau(patience: 2),
        "plateau all" => Schedule.OnPlateau(0.5, patience: 1, threshold: 0.05, cooldown: 2, minimum: 0.02),
        "plateau max" => Schedule.OnPlateau(0.3, patience: 0, threshold: 0.01, maximize: true),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };
}
