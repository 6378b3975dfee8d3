using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Graph;

/// <summary>
/// What a node computes. Every option of the attribute, such as AutoPad, one-axis arguments and ceil mode, has been resolved to numbers.
/// Lowering and the kernels know operations, not attributes.
/// </summary>
internal abstract record Operation
{
    /// <summary>The parameters in PyTorch's order (weight, bias).</summary>
    public virtual EquatableArray<ParameterSpec> Parameters(Shape input) => EquatableArray<ParameterSpec>.Empty;

    /// <summary>The weight, if another layer has it, and this one uses it in the opposite direction; else null.</summary>
    public virtual TiedWeight? TiedWeight(Shape input) => null;

    /// <summary>Names and lengths of the values that are computed from the parameters after each change of them.</summary>
    public virtual IEnumerable<(string Name, int Length)> Derived(Shape input) => [];

    /// <summary>Multiply-adds for one sample, counted for the direct algorithm.</summary>
    public virtual long MultiplyAdds(IReadOnlyList<Shape> inputs, Shape output) => 0;

    /// <summary>
    /// Which elements of an input an element of the output depends on. There is no default: an operation without its own answer would have
    /// a wrong receptive field, and nobody would notice.
    /// </summary>
    /// <param name="input">The index of an input.</param>
    public abstract Reach ReachOf(Shape input, Shape output);

    /// <summary>What its weight connects; null if kernels read its parameters in PyTorch's order.</summary>
    public virtual WeightKind? WeightKindOf(Shape input) => null;

    /// <summary>
    /// Whether the gradient of its weight is computed over the whole batch at once. Its input must then outlive the pass of a block.
    /// </summary>
    public virtual bool TrainsOverWholeBatch => false;

    /// <summary>
    /// Whether the output is the same for all samples. The operation has one input for their number, and reads none of its elements.
    /// </summary>
    public virtual bool IsSource => false;

    /// <summary>
    /// The activation, if the operation is a function of each element. The operation before it can then apply it, and it may overwrite its
    /// input.
    /// </summary>
    public virtual Activation? AsActivation => null;

    /// <summary>
    /// What an element of the result is, in terms of variables for the elements of at most two inputs and for the trained numbers, which
    /// are asked for by their suffixes; null if the operation is no such function.
    /// </summary>
    public virtual Expression? FormulaOf(IReadOnlyList<Variable> inputs, Func<string, Variable> number) => null;

    /// <summary>
    /// The integers that the elements of its result stand for, times a scale; null if they stand for none, or have several scales.
    /// </summary>
    public virtual RoundedRange? AsRounding => null;

    /// <summary>The pooling, if the operation is one. A tiled operation before it can then pool its tiles in registers.</summary>
    public virtual Pooling? AsPooling => null;

    /// <summary>
    /// The names of the scale and the shift of each channel, if the operation does nothing else in inference. A tiled operation can then
    /// apply them in registers. They are parameters or values that are derived from them.
    /// </summary>
    public virtual (string Scale, string Shift)? AsChannelScale => null;

    /// <summary>Whether it concatenates its inputs along the channels. Inputs may then be computed directly in their places.</summary>
    public virtual bool JoinsChannels => false;

    /// <summary>
    /// From which channel of which input each channel of the result is copied, pixel by pixel, if the operation does nothing else; null if
    /// it does.
    /// </summary>
    public virtual EquatableArray<ChannelSource>? ChannelSources(IReadOnlyList<Shape> inputs, Shape output) => null;

    /// <summary>The order of axes, if the operation does nothing but move them; null if it does.</summary>
    public virtual AxisOrder? AxisOrder(Shape input, Shape output) => null;

    /// <summary>The move of a row of layers, if lowering made the operation of them; null for other operations.</summary>
    public virtual AxisMove? AsAxisMove => null;

    /// <summary>
    /// How it joins two tensors of one shape, element by element; null if it does something else. A tiled operation that computes one of
    /// them can then apply the function in registers.
    /// </summary>
    /// <param name="own">The index of the input that the tiled operation computes.</param>
    public virtual JoinFunction? JoinOf(int own) => null;

    /// <summary>Whether it multiplies its inputs. One of them can then be a gate for the others.</summary>
    public virtual bool MultipliesInputs => false;

    /// <summary>
    /// Whether it computes tiles in registers. While they are there, channels can be scaled, another tensor added, and elements pooled.
    /// </summary>
    public virtual bool ComputesTiles => false;

    /// <summary>
    /// Whether an activation may be applied before the output is stored. Forward must store each element of the output once, and backward
    /// must not read the output.
    /// </summary>
    public virtual bool TakesActivation => false;

    /// <summary>Whether the output is the input with another shape. The elements keep their logical order.</summary>
    public virtual bool IsView => false;

    /// <summary>Whether it does something in training only. In inference its output is its input.</summary>
    public virtual bool IsForTraining => false;

    /// <summary>The window that reads zeros around the input, which must be in memory; null if it reads none.</summary>
    public virtual WindowAxes? WindowOverZeros(Shape input) => null;

    /// <summary>Whether kernels read the input's elements one after the other, so that there must be no gaps between them.</summary>
    public virtual bool ReadsInSequence(Shape input, bool training) => false;

    /// <summary>The layout of the result for a single sample, if the operation can choose it at no cost.</summary>
    public virtual ResultLayout ResultLayout => ResultLayout.Rows;

    /// <summary>Whether it is a non-linearity. Two in a row, without weights between them, are a likely mistake.</summary>
    public virtual bool IsActivation => false;

    /// <summary>Whether it turns the channels of each pixel into probabilities. Losses on logits do this themselves.</summary>
    public virtual bool GivesProbabilities => false;

    /// <summary>
    /// Whether training normalises each channel by the statistics of the batch. The mean then cancels a bias of the layer before it. A
    /// dropout before it makes the running variance wrong for inference, since dropout acts in training only.
    /// </summary>
    public virtual bool NormalizesBatch => false;

    /// <summary>Whether it adds a learned bias to all pixels of a channel. The argument <c>Bias</c> turns it off.</summary>
    public virtual bool AddsBiasToChannels => false;

    /// <summary>
    /// The constants by which it shifts and scales the channels of its input, such as a data set's statistics; null for other operations.
    /// </summary>
    public virtual (EquatableArray<double> Means, EquatableArray<double> Deviations)? ChannelConstants => null;
}

/// <summary>A weight that another layer has.</summary>
/// <param name="Spec">What it would be as a parameter of its own.</param>
/// <param name="Axes">For each of its axes, that of the other layer's weight.</param>
internal sealed record TiedWeight(ParameterSpec Spec, EquatableArray<int> Axes)
{
    /// <summary>The extents that the other layer's weight must have.</summary>
    public EquatableArray<int> OwnerExtents =>
        Enumerable.Range(0, Axes.Count).Select(axis => Spec.Extents[System.Array.IndexOf([.. Axes], axis)]).ToEquatableArray();
}

/// <summary>The layout of the result for a single sample.</summary>
internal enum ResultLayout
{
    /// <summary>By rows; for a flat tensor, by features.</summary>
    Rows,

    /// <summary>The layout of the first input.</summary>
    OfInput,

    /// <summary>In blocks of channels if at least one input is.</summary>
    OfSomeInput,

    /// <summary>In blocks of channels.</summary>
    Channels,
}

/// <summary>What a weight connects, which decides how it is packed for kernels.</summary>
internal abstract record WeightKind;

/// <summary>A filter for each output channel: a number for each input channel of its group and each tap of the window.</summary>
/// <param name="Inputs">Input channels per group.</param>
/// <param name="IsTransposed">
/// Whether the layer is a transposed convolution. Its weight is that of the convolution in the opposite direction, rotated by 180°.
/// </param>
/// <param name="Window">
/// The taps that are computed. Taps that read only zeros of the padding, for all outputs, are left out.
/// </param>
internal sealed record FilterWeight(int Filters, int Inputs, int Groups, WindowAxes Window, bool IsTransposed) : WeightKind
{
    /// <summary>All taps, which are in memory and in files.</summary>
    public WindowAxes AllTaps { get; init; } = Window;

    /// <summary>How many taps of each axis come before those of <see cref="Window"/>.</summary>
    public (int Planes, int Rows, int Columns) TapsBefore { get; init; }

    /// <summary>Whether some taps are left out.</summary>
    public bool LeavesOutTaps => Window.Area < AllTaps.Area;

    /// <summary>Output channels per group.</summary>
    public int Outputs => Filters / Groups;

    /// <summary>Whether each output channel is computed from one input channel.</summary>
    public bool IsDepthwise => Groups > 1 && Groups == Filters && Inputs == 1;
}

/// <summary>A number for each pair of an output feature and an input feature.</summary>
internal sealed record MatrixWeight(int Outputs, int Inputs) : WeightKind;

/// <summary>How initial values of a parameter are drawn. The defaults are PyTorch's.</summary>
internal enum Initializer
{
    /// <summary>U(−1/√fan_in, 1/√fan_in), as <c>nn.Conv2d</c> and <c>nn.Linear</c> use for weight and bias.</summary>
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

/// <summary>What a parameter is for. The order of values is that of the runtime's enum.</summary>
internal enum ParameterRole
{
    Weight,
    Bias,

    /// <summary>The scale of a normalisation, or the slope of an activation.</summary>
    NormWeight,
    NormBias,

    /// <summary>A value that training updates without a gradient, such as running statistics.</summary>
    Buffer,
}

/// <summary>One of several parts of a parameter, of as many rows each. Each belongs to a node of its own.</summary>
internal readonly record struct ParameterSlice(int Index, int Count);

/// <param name="Suffix">What the layer calls it: <c>weight</c>, <c>bias</c>. It is the last part of the state_dict key, too.</param>
/// <param name="Extents">PyTorch's shape: (O, I/groups, kH, kW) or (O, I).</param>
internal sealed record ParameterSpec(string Suffix, EquatableArray<int> Extents, Initializer Initializer, int FanIn, int FanOut)
{
    public ParameterRole Role { get; init; } = Suffix == "bias" ? ParameterRole.Bias : ParameterRole.Weight;

    /// <summary>The last part of the state_dict key, if that is not the suffix. If it is empty, the key is the layer's name.</summary>
    public string? OwnKey { get; init; }

    /// <summary>Which rows of the parameter of this key it is; null if it is all of them.</summary>
    public ParameterSlice? Slice { get; init; }

    /// <summary>The factor that initial values are multiplied by.</summary>
    public double Gain { get; init; } = 1;

    /// <summary>
    /// Whether kernels read the elements of a row as vectors. The last vector of the last row may then reach beyond the last element.
    /// </summary>
    public bool IsReadInRows { get; init; }

    public int Length => Extents.Aggregate(1, (product, extent) => checked(product * extent));

    /// <summary>The parameter as files have it: all of its slices.</summary>
    public ParameterSpec Whole => Slice is not { } slice ? this
        : this with { Extents = Extents.Select((extent, axis) => axis == 0 ? checked(extent * slice.Count) : extent).ToEquatableArray() };

    /// <summary>The state_dict key of the parameter of a layer.</summary>
    /// <param name="layer">The layer's name. If the parameter is one of a part of a layer, that of the layer.</param>
    public string KeyOf(string layer) => OwnKey is { Length: 0 } ? layer : layer + "." + (OwnKey ?? Suffix);
}
