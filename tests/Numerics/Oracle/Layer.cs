using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>
/// Whether dropout keeps an element of a sample; <paramref name="layer"/> is the layer's <see cref="OracleNode.Number"/>.
/// </summary>
internal delegate bool DropoutMask(int layer, int sample, int element);

/// <summary>What a layer may need to know about the pass that it takes part in.</summary>
internal sealed class PassContext
{
    public bool Training { get; init; }

    /// <summary>Whether Winograd's transforms may compute convolutions.</summary>
    public bool Winograd { get; init; }

    public int Sample { get; init; }

    public DropoutMask? Mask { get; init; }

    /// <summary>
    /// Whether single precision may have put a number elsewhere, so that what is computed of it is another function, of whose
    /// results there is no estimate.
    /// </summary>
    public bool IsAmbiguous { get; set; }

    /// <summary>Number of the layer that is computed: <see cref="OracleNode.Number"/>.</summary>
    public int Layer { get; set; }
}

/// <summary>One layer: its shape rule, both passes as plain loops, and its spelling as an attribute.</summary>
internal abstract record Layer
{
    /// <summary>Its name in its scope; null for the default one.</summary>
    public string? Name { get; init; }

    /// <summary>The prefix of the default name, for layers that have parameters.</summary>
    public virtual string Prefix => "";

    /// <summary>Without the name.</summary>
    public abstract string Attribute { get; }

    /// <summary>How many nodes the compiled network has in front of this layer's own that the language has no name for.</summary>
    public virtual int HiddenNodes(IReadOnlyList<Extents> inputs) => 0;

    /// <summary>Whether the arguments suit the inputs; extents that come out as 0 or less need not be looked for.</summary>
    public abstract bool Fits(IReadOnlyList<Extents> inputs);

    public abstract Extents Output(IReadOnlyList<Extents> inputs);

    /// <summary>Suffix and shape of each parameter, in PyTorch's order.</summary>
    public virtual IReadOnlyList<(string Suffix, int[] Shape)> Parameters(Extents input) => [];

    /// <summary>Whether a parameter is trained. Running statistics are not.</summary>
    public virtual bool Trains(string suffix) => !suffix.StartsWith("running_", StringComparison.Ordinal);

    public virtual long MultiplyAdds(Extents input) => 0;

    public abstract void Forward(
        PassContext context, IReadOnlyList<Extents> inputs, IReadOnlyList<Numbers> xs, Numbers y, IReadOnlyList<Numbers> parameters);

    /// <param name="context">The same as forward's.</param>
    /// <param name="inputs">Extents of the inputs.</param>
    /// <param name="xs">The inputs.</param>
    /// <param name="y">The output.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="dxs">Receive the inputs' gradients; one that is not written stays 0.</param>
    /// <param name="parameters">The layer's parameters.</param>
    /// <param name="gradients">To which the gradients of the parameters are added.</param>
    public abstract void Backward(
        PassContext context, IReadOnlyList<Extents> inputs, IReadOnlyList<Numbers> xs, Numbers y, Numbers dy, IReadOnlyList<Numbers> dxs,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients);

    protected static double Square(double value) => value * value;
}

/// <summary>A layer that reads one tensor.</summary>
internal abstract record UnaryLayer : Layer
{
    public virtual int HiddenNodes(Extents input) => 0;

    public sealed override int HiddenNodes(IReadOnlyList<Extents> inputs) => HiddenNodes(inputs[0]);

    public virtual bool Fits(Extents input) => true;

    public sealed override bool Fits(IReadOnlyList<Extents> inputs) => Fits(inputs[0]);

    public abstract Extents Output(Extents input);

    public sealed override Extents Output(IReadOnlyList<Extents> inputs) => Output(inputs[0]);

    public abstract void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters);

    public sealed override void Forward(
        PassContext context, IReadOnlyList<Extents> inputs, IReadOnlyList<Numbers> xs, Numbers y, IReadOnlyList<Numbers> parameters) =>
        Forward(context, inputs[0], xs[0], y, parameters);

    /// <param name="context">The same as forward's.</param>
    /// <param name="input">Extents of the input.</param>
    /// <param name="x">The input.</param>
    /// <param name="y">The output.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="dx">Receives the input's gradient.</param>
    /// <param name="parameters">The layer's parameters.</param>
    /// <param name="gradients">To which the gradients of the parameters are added.</param>
    public abstract void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients);

    public sealed override void Backward(
        PassContext context, IReadOnlyList<Extents> inputs, IReadOnlyList<Numbers> xs, Numbers y, Numbers dy, IReadOnlyList<Numbers> dxs,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients) =>
        Backward(context, inputs[0], xs[0], y, dy, dxs[0], parameters, gradients);
}

internal abstract record ActivationLayer : UnaryLayer
{
    /// <summary>
    /// The cases of those that list them beside their formula, in a static property Cases: what tests compare with PyTorch, and what random
    /// networks draw.
    /// </summary>
    public static IReadOnlyList<ActivationLayer[]> Listed { get; } =
    [
        .. typeof(ActivationLayer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ActivationLayer)))
            .Select(type => type.GetProperty("Cases")?.GetValue(null)).OfType<ActivationLayer[]>().OrderBy(cases => cases[0].Attribute),
    ];

    /// <summary>What becomes of a NaN.</summary>
    public virtual double OfNaN => double.NaN;

    public sealed override Extents Output(Extents input) => input;

    public sealed override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        for (int i = 0; i < x.Length; i++)
        {
            (y.Value[i], y.Variance[i]) = Function(x.Value[i], x.Variance[i]);
        }
    }

    public sealed override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        for (int i = 0; i < x.Length; i++)
        {
            (double slope, double variance) = Derivative(x.Value[i], x.Variance[i], y.Value[i], y.Variance[i]);
            dx.Value[i] = dy.Value[i] * slope;
            dx.Variance[i] = Numbers.OfProduct(slope, variance, dy.Value[i], dy.Variance[i]);
        }
    }

    protected abstract (double Value, double Variance) Function(double x, double variance);

    protected abstract (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY);

    /// <summary>Whether single precision may see x on the other side of a kink.</summary>
    protected static bool IsNear(double x, double kink, double variance) =>
        variance > 0 && Math.Abs(x - kink) <= Numbers.KinkReach * Math.Sqrt(variance);

    protected static double Logistic(double x) => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x));

    protected static double Expm1(double x) => Math.Abs(x) < 1e-5 ? x + (x * x * (0.5 + (x / 6))) : Math.Exp(x) - 1;

    protected static double Log1p(double x) => Math.Abs(x) < 1e-5 ? x - (x * x * (0.5 - (x / 3))) : Math.Log(1 + x);
}

internal sealed record ReLU : ActivationLayer
{
    public override string Attribute => "ReLU";

    protected override (double Value, double Variance) Function(double x, double variance) =>
        (Math.Max(x, 0), x > 0 || IsNear(x, 0, variance) ? variance : 0);

    /// <summary>
    /// PyTorch takes 0 at 0. Where single precision may see the other sign, either slope is accepted.
    /// </summary>
    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY) =>
        (x > 0 ? 1 : 0, IsNear(x, 0, varianceOfX) ? Numbers.EitherWay(1) : 0);
}

internal sealed record Sigmoid : ActivationLayer
{
    public override string Attribute => "Sigmoid";

    /// <summary>An exponential to 2 ulp, a sum and a quotient: 4 u.</summary>
    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double y = 1 / (1 + Math.Exp(-x));
        return (y, (Square(y * (1 - y)) * variance) + Square(4 * Numbers.U * y));
    }

    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY) =>
        (y * (1 - y), (Square(1 - (2 * y)) * varianceOfY) + Square(2 * Numbers.U * y));
}

internal sealed record Tanh : ActivationLayer
{
    public override string Attribute => "Tanh";

    /// <summary>Absolute, for forms such as 1 − 2/(e²ˣ + 1): 4 u of 1.</summary>
    protected override (double Value, double Variance) Function(double x, double variance)
    {
        double y = Math.Tanh(x);
        return (y, (Square(1 - (y * y)) * variance) + Square(4 * Numbers.U));
    }

    protected override (double Value, double Variance) Derivative(double x, double varianceOfX, double y, double varianceOfY) =>
        (1 - (y * y), (4 * y * y * varianceOfY) + Square(2 * Numbers.U));
}

internal record Dropout(double Rate) : UnaryLayer
{
    public override string Prefix => "dropout";

    public override string Attribute => FormattableString.Invariant($"Dropout({Rate:0.0###})");

    public override Extents Output(Extents input) => input;

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters) =>
        Apply(context, input, x, y);

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients) => Apply(context, input, dy, dx);

    /// <summary>What is drawn once for the elements that are dropped together.</summary>
    protected virtual int Draw(Extents input, int element) => element;

    private void Apply(PassContext context, Extents input, Numbers from, Numbers to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            double factor = 1, rounding = 0;
            if (context.Training)
            {
                DropoutMask mask = context.Mask ?? throw new InvalidOperationException("Training with dropout needs a mask.");
                factor = mask(context.Layer, context.Sample, Draw(input, i)) ? 1 / (1 - Rate) : 0;
                rounding = Rate == 0 ? 0 : 2 * Numbers.U;
            }

            to.Value[i] = factor * from.Value[i];
            to.Variance[i] = (factor * factor * from.Variance[i]) + Square(rounding * to.Value[i]);
        }
    }
}

internal sealed record Flatten : UnaryLayer
{
    public override string Attribute => "Flatten";

    public override Extents Output(Extents input) => Extents.Vector(input.Length);

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters) => Copy(x, y);

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients) => Copy(dy, dx);

    private static void Copy(Numbers from, Numbers to)
    {
        from.Value.CopyTo(to.Value, 0);
        from.Variance.CopyTo(to.Variance, 0);
    }
}

/// <summary>A fully connected layer, of a flat tensor or of the channels of each pixel by itself.</summary>
internal sealed record Dense(int Units, bool Bias = true, bool OverChannels = false) : UnaryLayer
{
    public override string Prefix => "dense";

    public override string Attribute => $"Dense({Units}{(Bias ? "" : ", Bias = false")}{(OverChannels ? ", OverChannels = true" : "")})";

    public override bool Fits(Extents input) => OverChannels || input.Rank == 1;

    public override Extents Output(Extents input) => input with { Channels = Units };

    public override long MultiplyAdds(Extents input) => (long)input.Length * Units;

    public override IReadOnlyList<(string Suffix, int[] Shape)> Parameters(Extents input) =>
        Bias ? [("weight", [Units, input.Channels]), ("bias", [Units])] : [("weight", [Units, input.Channels])];

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        var sums = new Sums(y.Length);
        foreach ((int w, int from, int to) in Products(input))
        {
            sums.Add(to, parameters[0].Value[w], parameters[0].Variance[w], x.Value[from], x.Variance[from]);
        }

        for (int i = 0; Bias && i < y.Length; i++)
        {
            int unit = i / (y.Length / Units);
            sums.Add(i, parameters[1].Value[unit], parameters[1].Variance[unit]);
        }

        sums.Store(y);
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        var sums = new Sums(x.Length);
        foreach ((int w, int from, int to) in Products(input))
        {
            sums.Add(from, parameters[0].Value[w], parameters[0].Variance[w], dy.Value[to], dy.Variance[to]);
            gradients[0].Add(w, x.Value[from], x.Variance[from], dy.Value[to], dy.Variance[to]);
        }

        for (int i = 0; Bias && i < y.Length; i++)
        {
            gradients[1].Add(i / (y.Length / Units), dy.Value[i], dy.Variance[i]);
        }

        sums.Store(dx);
    }

    /// <summary>Each product: of a weight and an element, and the element of the result that it is added to.</summary>
    private IEnumerable<(int Weight, int From, int To)> Products(Extents input)
    {
        for (int unit = 0; unit < Units; unit++)
        {
            for (int i = 0; i < input.Length; i++)
            {
                (int channel, int pixel) = (i / input.Positions, i % input.Positions);
                yield return ((unit * input.Channels) + channel, i, (unit * input.Positions) + pixel);
            }
        }
    }
}

/// <summary>Softmax along some axes, for each combination of indices along the others by itself.</summary>
internal sealed record Softmax(Axes Axes = Axes.Channels) : UnaryLayer
{
    public override string Attribute => Axes == Axes.Channels ? "Softmax" : $"Softmax(Axes = {AlongAxes.Spell(Axes)})";

    public override bool Fits(Extents input) => AlongAxes.Fit(Axes, input);

    public override Extents Output(Extents input) => input;

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        foreach (int[] part in AlongAxes.Parts(input, Axes))
        {
            double max = part.Max(i => x.Value[i]), sum = part.Sum(i => Math.Exp(x.Value[i] - max));

            // Many terms are summed without loss; a few dozen equal ones may round the same way each time.
            double shared = Square(4 * Numbers.U);
            foreach (int i in part)
            {
                y.Value[i] = Math.Exp(x.Value[i] - max) / sum;
                shared += Square(y.Value[i]) * (x.Variance[i] + OfExponential(x.Value[i] - max));
            }

            foreach (int i in part)
            {
                double relative = x.Variance[i] + OfExponential(x.Value[i] - max) + shared;
                y.Variance[i] = Square(y.Value[i]) * relative;
            }
        }
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        foreach (int[] part in AlongAxes.Parts(input, Axes))
        {
            var dot = new Sums(1);
            foreach (int i in part)
            {
                dot.Add(0, y.Value[i], y.Variance[i], dy.Value[i], dy.Variance[i]);
            }

            var mean = new Numbers(1);
            dot.Store(mean);
            foreach (int i in part)
            {
                double difference = dy.Value[i] - mean.Value[0];
                double magnitude = Math.Abs(dy.Value[i]) + Math.Abs(mean.Value[0]);
                dx.Value[i] = y.Value[i] * difference;
                dx.Variance[i] = (Square(y.Value[i]) * (dy.Variance[i] + mean.Variance[0] + Square(2 * Numbers.U * magnitude)))
                    + (Square(difference) * y.Variance[i]);
            }
        }
    }

    /// <summary>Relative: the argument was rounded once, the exponential is good to 4 u.</summary>
    internal static double OfExponential(double argument) => Square((4 + Math.Abs(argument)) * Numbers.U);
}
