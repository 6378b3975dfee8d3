using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>The targets of one sample: a class, one for each pixel, or a value for each output.</summary>
internal sealed record Target(int[] Classes, float[] Values)
{
    public Target(int @class, float[] values)
        : this([@class], values)
    {
    }

    public int Class => Classes[0];
}

/// <summary>
/// A loss in double precision with PyTorch's semantics, and its spelling as an attribute. What it computes of a sample is summed
/// over the batch and divided by <see cref="Divisor"/>.
/// </summary>
internal abstract record Objective(string Name)
{
    public static Objective None { get; } = new NoObjective();

    public static Objective CrossEntropy { get; } = new CrossEntropyObjective();

    public static Objective MeanSquaredError { get; } = new SquaredError("MeanSquaredError");

    public bool Sum { get; init; }

    public string Attribute
    {
        get
        {
            // L1 and L2 are sums by default.
            bool byDefault = Name is "L1" or "L2";
            string reduction = Sum == byDefault ? "" : Sum ? "Reduction = Reduction.Sum" : "Reduction = Reduction.Mean";
            string arguments = string.Join(", ", new[] { Options, reduction }.Where(o => o.Length > 0));
            return arguments.Length == 0 ? Name : $"{Name}({arguments})";
        }
    }

    public virtual bool TakesClasses => false;

    protected virtual string Options => "";

    /// <summary>Whether the layer and the loss are one function of the layer's input.</summary>
    public virtual bool IsFusedWith(Layer layer) => false;

    /// <summary>A target that the loss takes, from any in −1..1.</summary>
    public virtual Target Suit(Target target, Extents output) => target;

    /// <summary>Numbers of one sample's target.</summary>
    public int TargetLength(Extents output) => !TakesClasses ? output.Length : output.Rank == 1 ? 1 : output.Positions;

    public virtual double Divisor(IEnumerable<Target> targets) => Sum ? 1 : targets.Count();

    /// <summary>One sample's loss and the variance of its error.</summary>
    public abstract (double Loss, double Variance) Loss(Numbers y, Target target);

    /// <summary>The gradient of <see cref="Loss"/>.</summary>
    public abstract Numbers Gradient(Numbers y, Target target);

    protected static double Square(double value) => value * value;

    protected static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

internal sealed record NoObjective() : Objective("")
{
    public override (double Loss, double Variance) Loss(Numbers y, Target target) => throw new InvalidOperationException();

    public override Numbers Gradient(Numbers y, Target target) => throw new InvalidOperationException();
}

/// <summary>A function of each output and its target; the mean is taken over the outputs, too.</summary>
internal abstract record ElementObjective(string Name) : Objective(Name)
{
    public sealed override (double Loss, double Variance) Loss(Numbers y, Target target)
    {
        var sums = new Sums(1);
        for (int i = 0; i < y.Length; i++)
        {
            (double value, double variance) = Value(y.Value[i], y.Variance[i], target.Values[i]);
            sums.Add(0, value, variance);
        }

        var loss = new Numbers(1);
        sums.Store(loss, Sum ? 1 : 1.0 / y.Length);
        return (loss.Value[0], loss.Variance[0] + Square(2 * Numbers.U * loss.Value[0]));
    }

    public sealed override Numbers Gradient(Numbers y, Target target)
    {
        var gradient = new Numbers(y.Length);
        double scale = Sum ? 1 : 1.0 / y.Length;
        for (int i = 0; i < y.Length; i++)
        {
            (double slope, double variance) = Slope(y.Value[i], y.Variance[i], target.Values[i]);
            gradient.Value[i] = scale * slope;
            gradient.Variance[i] = scale * scale * (variance + Square(2 * Numbers.U * slope));
        }

        return gradient;
    }

    protected abstract (double Value, double Variance) Value(double y, double variance, double t);

    protected abstract (double Value, double Variance) Slope(double y, double variance, double t);

    /// <summary>y − t with its one rounding.</summary>
    protected static (double Value, double Variance) Difference(double y, double variance, double t) =>
        (y - t, variance + Square(Numbers.U * (y - t)));
}

internal sealed record SquaredError(string Name) : ElementObjective(Name)
{
    protected override (double Value, double Variance) Value(double y, double variance, double t)
    {
        (double d, double v) = Difference(y, variance, t);
        return (d * d, 4 * d * d * v);
    }

    protected override (double Value, double Variance) Slope(double y, double variance, double t)
    {
        (double d, double v) = Difference(y, variance, t);
        return (2 * d, 4 * v);
    }
}

internal sealed record AbsoluteError(string Name) : ElementObjective(Name)
{
    protected override (double Value, double Variance) Value(double y, double variance, double t)
    {
        (double d, double v) = Difference(y, variance, t);
        return (Math.Abs(d), v);
    }

    /// <summary>PyTorch takes 0 at 0. Where single precision may see the other sign, either slope is accepted.</summary>
    protected override (double Value, double Variance) Slope(double y, double variance, double t)
    {
        (double d, double v) = Difference(y, variance, t);
        return (Math.Sign(d), v > 0 && Math.Abs(d) <= Numbers.KinkReach * Math.Sqrt(v) ? Numbers.EitherWay(2) : 0);
    }
}

/// <summary>Smooth L1 and, times the limit, Huber's loss.</summary>
internal sealed record SmoothError(string Name, double Limit) : ElementObjective(Name)
{
    protected override string Options => Limit == 1 ? "" : $"{(Name == "Huber" ? "Delta" : "Beta")} = {Text(Limit)}";

    private double Scale => Name == "Huber" ? Limit : 1;

    protected override (double Value, double Variance) Value(double y, double variance, double t)
    {
        (double d, double v) = Difference(y, variance, t);
        double size = Math.Abs(d);
        return size < Limit
            ? (Scale * d * d / (2 * Limit), Square(Scale) * (Square(d / Limit) * v + Square(2 * Numbers.U * d * d / Limit)))
            : (Scale * (size - (Limit / 2)), Square(Scale) * (v + Square(2 * Numbers.U * (size + Limit))));
    }

    protected override (double Value, double Variance) Slope(double y, double variance, double t)
    {
        (double d, double v) = Difference(y, variance, t);
        double slope = Limit == 0 ? Math.Sign(d) : Math.Clamp(d / Limit, -1, 1);
        if (Limit == 0)
        {
            return (slope, v > 0 && Math.Abs(d) <= Numbers.KinkReach * Math.Sqrt(v) ? Numbers.EitherWay(2) : 0);
        }

        bool bends = Math.Abs(d) <= Limit + (Numbers.Accepted * Math.Sqrt(v));
        return (Scale * slope, bends ? Square(Scale) * ((v / Square(Limit)) + Square(2 * Numbers.U * slope)) : 0);
    }
}

/// <summary>Binary cross-entropy of logits.</summary>
internal sealed record BinaryCrossEntropyObjective() : ElementObjective("BinaryCrossEntropy")
{
    public override bool IsFusedWith(Layer layer) => layer is Sigmoid;

    /// <summary>Every third answer is certain.</summary>
    public override Target Suit(Target target, Extents output) => target with
    {
        Values = [.. target.Values.Select((v, i) => i % 3 == 0 ? (v > 0 ? 1 : 0) : (v + 1) / 2)],
    };

    protected override (double Value, double Variance) Value(double y, double variance, double t)
    {
        double tail = Math.Log(1 + Math.Exp(-Math.Abs(y))), positive = Math.Max(y, 0);
        double value = positive - (y * t) + tail;
        double rounding = Numbers.U * ((2 * Math.Abs(y) * t) + (t is 0 or 1 ? 0 : 2 * positive) + (4 * tail) + value);
        return (value, (Square(Probability(y) - t) * variance) + Square(rounding));
    }

    protected override (double Value, double Variance) Slope(double y, double variance, double t)
    {
        double p = Probability(y);
        return (p - t, (Square(p * (1 - p)) * variance) + Square(Numbers.U * ((4 * p) + t)));
    }

    private static double Probability(double y) => 1 / (1 + Math.Exp(-y));
}

internal sealed record CrossEntropyObjective(double LabelSmoothing = 0, params double[] ClassWeights) : Objective("CrossEntropy")
{
    public override bool TakesClasses => true;

    protected override string Options => string.Join(", ", new[]
    {
        LabelSmoothing == 0 ? "" : $"LabelSmoothing = {Text(LabelSmoothing)}", WeightsText(ClassWeights),
        IgnoreIndex == -100 ? "" : $"IgnoreIndex = {Text(IgnoreIndex)}",
    }.Where(o => o.Length > 0));

    private bool IsPlain => LabelSmoothing == 0 && ClassWeights.Length == 0;

    public static string WeightsText(double[] weights) => weights.Length == 0
        ? "" : $"ClassWeights = new double[] {{ {string.Join(", ", weights.Select(Text))} }}";

    public override bool IsFusedWith(Layer layer) => layer is Softmax;

    public int IgnoreIndex { get; init; } = -100;

    /// <summary>For a map, a class for each pixel, and some that do not count.</summary>
    public override Target Suit(Target target, Extents output) => output.Rank == 1 ? target : target with
    {
        Classes =
        [
            .. target.Values.Take(output.Positions)
                .Select((v, i) => i % 7 == 4 || v > 0.75 ? IgnoreIndex : (int)((v + 1) / 2 * output.Channels)),
        ],
    };

    public override double Divisor(IEnumerable<Target> targets) => Sum ? 1 : targets.SelectMany(t => t.Classes).Where(c => c != IgnoreIndex)
        .Sum(c => ClassWeights.Length == 0 ? 1 : ClassWeights[c]);

    public override (double Loss, double Variance) Loss(Numbers y, Target target)
    {
        var sums = new Sums(1);
        for (int pixel = 0; pixel < target.Classes.Length; pixel++)
        {
            if (target.Classes[pixel] != IgnoreIndex)
            {
                (double value, double variance) = Loss(Pixel(y, pixel, target.Classes.Length), target.Classes[pixel]);
                sums.Add(0, value, variance);
            }
        }

        var loss = new Numbers(1);
        sums.Store(loss);
        return (loss.Value[0], loss.Variance[0]);
    }

    public override Numbers Gradient(Numbers y, Target target)
    {
        int pixels = target.Classes.Length;
        var gradient = new Numbers(y.Length);
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            if (target.Classes[pixel] != IgnoreIndex)
            {
                Numbers own = Gradient(Pixel(y, pixel, pixels), target.Classes[pixel]);
                for (int c = 0; c < own.Length; c++)
                {
                    gradient.Value[(c * pixels) + pixel] = own.Value[c];
                    gradient.Variance[(c * pixels) + pixel] = own.Variance[c];
                }
            }
        }

        return gradient;
    }

    private static Numbers Pixel(Numbers y, int pixel, int pixels)
    {
        var logits = new Numbers(y.Length / pixels);
        for (int c = 0; c < logits.Length; c++)
        {
            logits.Value[c] = y.Value[(c * pixels) + pixel];
            logits.Variance[c] = y.Variance[(c * pixels) + pixel];
        }

        return logits;
    }

    private (double Loss, double Variance) Loss(Numbers y, int target)
    {
        double[] q = Expected(y.Length, target), p = Probabilities(y).Value;
        double max = y.Value.Max(), total = q.Sum();
        double logarithm = Math.Log(y.Value.Sum(v => Math.Exp(v - max)));
        double value = 0, carried = 0, magnitude = 0;
        for (int c = 0; c < y.Length; c++)
        {
            value += q[c] * (max + logarithm - y.Value[c]);
            magnitude += q[c] * (Math.Abs(max) + Math.Abs(y.Value[c]));
            carried += (Square((total * p[c]) - q[c]) * y.Variance[c]) + (Square(total * p[c]) * Softmax.OfExponential(y.Value[c] - max));
        }

        // max + logarithm and the differences are rounded, at their own magnitudes; the general form has more of them.
        double roundings = IsPlain ? 1 : 2 + Math.Sqrt(y.Length);
        return (value, carried + Square(roundings * Numbers.U * ((4 * total) + magnitude + Math.Abs(value))));
    }

    private Numbers Gradient(Numbers y, int target)
    {
        double[] q = Expected(y.Length, target);
        double total = q.Sum();
        Numbers p = Probabilities(y);
        var gradient = new Numbers(y.Length);
        for (int c = 0; c < y.Length; c++)
        {
            double value = (total * p.Value[c]) - q[c];
            double rounding = IsPlain ? 3 * value : 4 * ((total * p.Value[c]) + q[c]);
            gradient.Value[c] = value;
            gradient.Variance[c] = (Square(total) * p.Variance[c]) + Square(Numbers.U * rounding);
        }

        return gradient;
    }

    private static Numbers Probabilities(Numbers logits)
    {
        var output = new Numbers(logits.Length);
        new Softmax().Forward(new PassContext(), Extents.Vector(logits.Length), logits, output, []);
        return output;
    }

    /// <summary>What each class's −ln p is multiplied with.</summary>
    private double[] Expected(int classes, int target)
    {
        double[] q = new double[classes];
        for (int c = 0; c < classes; c++)
        {
            double weight = ClassWeights.Length == 0 ? 1 : ClassWeights[c];
            q[c] = weight * (((c == target ? 1 : 0) * (1 - LabelSmoothing)) + (LabelSmoothing / classes));
        }

        return q;
    }
}

/// <summary>PyTorch's MultiMarginLoss with p = 1.</summary>
internal sealed record HingeObjective(double Margin = 1, params double[] ClassWeights) : Objective("Hinge")
{
    public override bool TakesClasses => true;

    protected override string Options => string.Join(", ", new[]
    {
        Margin == 1 ? "" : $"Margin = {Text(Margin)}", CrossEntropyObjective.WeightsText(ClassWeights),
    }.Where(o => o.Length > 0));

    public override (double Loss, double Variance) Loss(Numbers y, Target target)
    {
        double sum = 0, variance = 0, magnitude = 0;
        int active = 0;
        for (int c = 0; c < y.Length; c++)
        {
            (double excess, double spread) = Excess(y, target, c);
            if (c != target.Class && excess > -Numbers.Accepted * spread)
            {
                sum += Math.Max(excess, 0);
                variance += y.Variance[c];
                magnitude += Math.Abs(y.Value[c]) + Math.Abs(y.Value[target.Class]) + Margin;
                active++;
            }
        }

        double factor = Factor(y, target);
        variance += (Square(active) * y.Variance[target.Class]) + Square(2 * Numbers.U * magnitude);
        return (factor * sum, Square(factor) * (variance + (y.Length * Square(Numbers.U * sum))));
    }

    public override Numbers Gradient(Numbers y, Target target)
    {
        var gradient = new Numbers(y.Length);
        double factor = Factor(y, target);
        int active = 0, doubtful = 0;
        for (int c = 0; c < y.Length; c++)
        {
            (double excess, double spread) = Excess(y, target, c);
            if (c == target.Class)
            {
                continue;
            }

            bool either = spread > 0 && Math.Abs(excess) <= Numbers.KinkReach * spread;
            gradient.Value[c] = excess > 0 ? factor : 0;
            gradient.Variance[c] = Square(2 * Numbers.U * factor) + (either ? Numbers.EitherWay(factor) : 0);
            active += excess > 0 ? 1 : 0;
            doubtful += either ? 1 : 0;
        }

        gradient.Value[target.Class] = -active * factor;
        gradient.Variance[target.Class] = (y.Length * Square(2 * Numbers.U * active * factor)) + Numbers.EitherWay(doubtful * factor);
        return gradient;
    }

    private (double Value, double Spread) Excess(Numbers y, Target target, int c)
    {
        double value = Margin + y.Value[c] - y.Value[target.Class];
        double rounding = Numbers.U * (Margin + Math.Abs(y.Value[c]) + Math.Abs(y.Value[target.Class]));
        return (value, Math.Sqrt(y.Variance[c] + y.Variance[target.Class] + Square(rounding)));
    }

    private double Factor(Numbers y, Target target) => (ClassWeights.Length == 0 ? 1 : ClassWeights[target.Class]) / y.Length;
}
