using System;
using System.Linq;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Graph;

/// <summary>
/// What a node computes, after every option of the surface (AutoPad, one-axis arguments, ceil
/// mode, …) has been resolved to numbers. Lowering and the kernels know operations, not attributes.
/// </summary>
internal abstract record Operation
{
    /// <summary>Parameters in PyTorch's order (weight, bias).</summary>
    public virtual EquatableArray<ParameterSpec> Parameters(Shape input) => EquatableArray<ParameterSpec>.Empty;

    /// <summary>Multiply-accumulates of one sample, counted for the direct form.</summary>
    public virtual long MultiplyAdds(Shape input, Shape output) => 0;
}

/// <summary>How fresh values of a parameter are drawn (PyTorch's defaults).</summary>
internal enum Initializer
{
    /// <summary>U(−1/√fan_in, 1/√fan_in): what <c>nn.Conv2d</c> and <c>nn.Linear</c> use for weight and bias.</summary>
    PyTorchUniform,
    HeNormal,
    HeUniform,
    GlorotNormal,
    GlorotUniform,
    LeCunNormal,
    LeCunUniform,
    Zeros,
    Ones,
}

/// <summary>What a parameter is for. The order is that of the runtime's enum.</summary>
internal enum ParameterRole
{
    Weight,
    Bias,

    /// <summary>The scale of a normalisation, or the slope of an activation.</summary>
    NormWeight,
    NormBias,

    /// <summary>A value that training updates without a gradient: running statistics.</summary>
    Buffer,
}

/// <param name="Suffix">The last part of the state_dict key: <c>weight</c>, <c>bias</c>.</param>
/// <param name="Extents">PyTorch's shape: (O, I/groups, kH, kW) or (O, I).</param>
internal sealed record ParameterSpec(string Suffix, EquatableArray<int> Extents, Initializer Initializer, int FanIn, int FanOut)
{
    public ParameterRole Role { get; init; } = Suffix == "bias" ? ParameterRole.Bias : ParameterRole.Weight;

    /// <summary>By which fresh values are multiplied.</summary>
    public double Gain { get; init; } = 1;

    public int Length => Extents.Aggregate(1, (product, extent) => checked(product * extent));
}

/// <summary>The network's input.</summary>
internal sealed record InputOperation : Operation;

/// <summary>Cross-correlation along the axes of its input: one, two or three.</summary>
internal sealed record Convolution(
    int Filters,
    WindowAxis Vertical,
    WindowAxis Horizontal,
    int Groups,
    bool Bias,
    Initializer WeightInitializer = Initializer.PyTorchUniform) : Operation
{
    public WindowAxis Depth { get; init; } = WindowAxis.One;

    /// <summary>
    /// For a transposed convolution the tensor whose elements it spreads, before zeros were put between them. Its weights are those
    /// of a convolution the other way round: (I, O/groups, …), and turned by 180°.
    /// </summary>
    public Shape? Spread { get; init; }

    /// <summary>Weights for each pair of an input and an output channel.</summary>
    public int Area => checked(Depth.Kernel * Vertical.Kernel * Horizontal.Kernel);

    public override EquatableArray<ParameterSpec> Parameters(Shape input)
    {
        (int first, int second) = Spread is null ? (Filters, input.Channels / Groups) : (input.Channels, Filters / Groups);
        int fanIn = second * Area, fanOut = first * Area;
        EquatableArray<int> extents = input.Rank switch
        {
            2 => EquatableArray.Of(first, second, Horizontal.Kernel),
            3 => EquatableArray.Of(first, second, Vertical.Kernel, Horizontal.Kernel),
            _ => EquatableArray.Of(first, second, Depth.Kernel, Vertical.Kernel, Horizontal.Kernel),
        };
        var weight = new ParameterSpec("weight", extents, WeightInitializer, fanIn, fanOut);
        return Bias
            ? EquatableArray.Of(weight, new ParameterSpec("bias", EquatableArray.Of(Filters), Initializer.PyTorchUniform, fanIn, fanOut))
            : EquatableArray.Of(weight);
    }

    public override long MultiplyAdds(Shape input, Shape output) =>
        Spread is { } spread ? (long)spread.Length * (Filters / Groups) * Area : (long)output.Length * (input.Channels / Groups) * Area;
}

internal enum PoolingKind
{
    Max,
    Average,
}

/// <param name="CountIncludePad">Average only: whether zeros of the padding count in the divisor (PyTorch's default: yes).</param>
/// <remarks>
/// With ceil mode the output extent (which stands in the node's shape) is larger than
/// <see cref="WindowAxis.OutputExtent"/>, and the last window hangs over the padded input. It is
/// clipped, for averages too: the divisor counts rows up to extent + padding (count_include_pad)
/// or rows inside the input.
/// </remarks>
internal sealed record Pooling(PoolingKind Kind, WindowAxis Vertical, WindowAxis Horizontal, bool CountIncludePad) : Operation
{
    public WindowAxis Depth { get; init; } = WindowAxis.One;
}

/// <summary>A function of each element by itself: its formula is all that lowering and the kernels know of it.</summary>
/// <param name="Name">An identifier, the same only for the same function.</param>
/// <param name="Value">Of the input <see cref="X"/>.</param>
/// <param name="Gradient">
/// The gradient in front of it: from the gradient behind it, <see cref="G"/>, and its output <see cref="Y"/> or its input, not both. What is
/// written in terms of the output can be fused in training, since the output is kept anyway.
/// </param>
/// <param name="IsIncreasing">Whether it increases with x, so that it may be applied behind a maximum instead of before it.</param>
internal sealed record Activation(string Name, Expression Value, Expression Gradient, bool IsIncreasing) : Operation
{
    /// <summary>The input.</summary>
    public static readonly Variable X = new("x");

    /// <summary>The output.</summary>
    public static readonly Variable Y = new("y");

    /// <summary>The gradient behind the function.</summary>
    public static readonly Variable G = new("g");

    public bool NeedsInput => Gradient.Reads(X);

    /// <summary>A function whose derivative is derived.</summary>
    /// <param name="derivative">Its derivative where a form is better than the derived one, by the input.</param>
    /// <param name="derivativeOfOutput">The same by the output.</param>
    public static Activation Of(
        string name, Func<Expression, Expression> value, bool isIncreasing = true, Func<Expression, Expression>? derivative = null,
        Func<Expression, Expression>? derivativeOfOutput = null)
    {
        Expression formula = value(X);
        return new Activation(
            name, formula,
            derivativeOfOutput is not null ? Simplification.Product(G, derivativeOfOutput(Y))
            : derivative is not null ? Simplification.Product(G, derivative(X))
            : Derive(formula),
            isIncreasing);
    }

    /// <summary>The derived gradient, in terms of the output if it reads nothing else.</summary>
    public static Expression Derive(Expression value)
    {
        Expression gradient = Differentiation.Gradient(value, X, G), ofOutput = gradient.Replace(value, Y);
        return ofOutput.Reads(X) ? gradient : ofOutput;
    }
}

/// <summary>y = xWᵀ + b on a flat tensor.</summary>
internal sealed record Dense(int Units, bool Bias, Initializer WeightInitializer = Initializer.PyTorchUniform) : Operation
{
    public override EquatableArray<ParameterSpec> Parameters(Shape input)
    {
        var weight = new ParameterSpec("weight", EquatableArray.Of(Units, input.Length), WeightInitializer, input.Length, Units);
        return Bias
            ? EquatableArray.Of(weight, new ParameterSpec("bias", EquatableArray.Of(Units), Initializer.PyTorchUniform, input.Length, Units))
            : EquatableArray.Of(weight);
    }

    public override long MultiplyAdds(Shape input, Shape output) => (long)input.Length * Units;
}

/// <summary>Zeroes an element with probability <paramref name="Rate"/> in training and scales the rest by 1/(1 − rate).</summary>
/// <param name="WholeChannels">Whether that happens to all elements of a channel together.</param>
internal sealed record Dropout(double Rate, bool WholeChannels = false) : Operation
{
    /// <summary>Elements that are dropped together.</summary>
    public int ElementsOf(Shape shape) => WholeChannels ? shape.Length / shape.Channels : 1;
}

/// <summary>Softmax along the channels.</summary>
internal sealed record Softmax : Operation;

/// <summary>C×H×W to C·H·W features, in PyTorch's order.</summary>
internal sealed record Flatten : Operation;

/// <summary>The sum of all inputs, which have one shape: the join of a residual block (He et al. 2016).</summary>
internal sealed record Add : Operation;

/// <summary>All inputs one behind the other along the channels (Szegedy et al. 2015); their other extents agree.</summary>
internal sealed record Concatenation : Operation;
