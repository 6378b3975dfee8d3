using System.Collections.Generic;
using System.Linq;

namespace Strata.Generator.Graph;

/// <summary>
/// What a node computes, after every option of the surface (AutoPad, one-axis arguments, ceil
/// mode, …) has been resolved to numbers. Lowering and the kernels know operations, not attributes.
/// </summary>
internal abstract record Operation
{
    /// <summary>Parameters in PyTorch's order (weight, bias).</summary>
    public virtual EquatableArray<ParameterSpec> Parameters(Shape input) => EquatableArray<ParameterSpec>.Empty;

    /// <summary>Values that are computed from the parameters after each change of them: name and length.</summary>
    public virtual IEnumerable<(string Name, int Length)> Derived(Shape input) => [];

    /// <summary>Multiply-accumulates of one sample, counted for the direct form.</summary>
    public virtual long MultiplyAdds(Shape input, Shape output) => 0;

    /// <summary>
    /// What elements of the output depend on. There is no default, since a forgotten answer would be a wrong receptive field that nobody
    /// would notice.
    /// </summary>
    /// <param name="input">The index of an input.</param>
    public abstract Reach ReachOf(Shape input, Shape output);

    /// <summary>What its weight connects; null for parameters that kernels read in PyTorch's order.</summary>
    public virtual WeightForm? WeightFormOf(Shape input) => null;

    /// <summary>
    /// Whether its weight's gradient is made over the whole batch at once, so that its input outlives the pass of a block.
    /// </summary>
    public virtual bool TrainsOverWholeBatch => false;

    /// <summary>
    /// The activation, if the operation is a function of each element: the operation before it can apply it, and
    /// it may overwrite its input.
    /// </summary>
    public virtual Activation? AsActivation => null;

    /// <summary>The pooling, if the operation is one: an operation that computes tiles can pool them in registers.</summary>
    public virtual Pooling? AsPooling => null;

    /// <summary>
    /// The names of the derived scale and shift of each channel, if that is all that the operation does in inference: an operation that
    /// computes tiles can apply them in registers.
    /// </summary>
    public virtual (string Scale, string Shift)? AsChannelScale => null;

    /// <summary>Whether it puts its inputs one behind the other along the channels, so that they may be computed in their places.</summary>
    public virtual bool JoinsChannels => false;

    /// <summary>
    /// Whether it adds up its inputs, element by element: an operation that computes tiles can add a tensor to them in registers.
    /// </summary>
    public virtual bool AddsInputs => false;

    /// <summary>Whether it multiplies its inputs, so that one of them can be a gate for the others.</summary>
    public virtual bool MultipliesInputs => false;

    /// <summary>
    /// Whether it is computed in tiles of registers, in which channels can be scaled, another tensor added and elements pooled.
    /// </summary>
    public virtual bool ComputesTiles => false;

    /// <summary>
    /// Whether forward stores each element of the output once and backward does not read the output, so that an activation may be
    /// applied before the store.
    /// </summary>
    public virtual bool TakesActivation => false;

    /// <summary>Whether the output is the input under another shape, element by element in the order of the surface.</summary>
    public virtual bool IsView => false;

    /// <summary>Whether it has an effect in training only; in inference the output is the input.</summary>
    public virtual bool IsForTraining => false;

    /// <summary>The windows that read zeros around the input, which have to be in memory; null where it reads none.</summary>
    public virtual WindowAxes? WindowOverZeros => null;

    /// <summary>Whether kernels read the input's elements in sequence, so that there must be no gaps between them.</summary>
    public virtual bool ReadsInSequence(Shape input, bool training) => false;

    /// <summary>The layout of a single sample's result, where it costs nothing to choose.</summary>
    public virtual ResultLayout ResultLayout => ResultLayout.Rows;

    /// <summary>Whether it is a non-linearity between layers with weights, of which one is enough.</summary>
    public virtual bool IsActivation => false;

    /// <summary>Whether it turns the channels of each pixel into probabilities, as losses on logits do themselves.</summary>
    public virtual bool GivesProbabilities => false;

    /// <summary>
    /// Whether training normalises each channel by the statistics of the batch. The mean then cancels a bias before it, and what has an
    /// effect in training only, such as dropout, makes the running variance wrong for inference.
    /// </summary>
    public virtual bool NormalizesBatch => false;

    /// <summary>Whether it adds a learned bias to all pixels of a channel, which the argument <c>Bias</c> turns off.</summary>
    public virtual bool AddsBiasToChannels => false;

    /// <summary>
    /// The constants by which it shifts and scales the channels of its input, as a data set's statistics say; null for another operation.
    /// </summary>
    public virtual (EquatableArray<double> Means, EquatableArray<double> Deviations)? ChannelConstants => null;
}

/// <summary>The layout of a single sample's result.</summary>
internal enum ResultLayout
{
    /// <summary>Row by row, or feature by feature.</summary>
    Rows,

    /// <summary>As the first input does.</summary>
    OfInput,

    /// <summary>In blocks of channels where some input is.</summary>
    OfSomeInput,

    /// <summary>In blocks of channels.</summary>
    Channels,
}

/// <summary>What a weight connects, which decides how it is packed for kernels.</summary>
internal abstract record WeightForm;

/// <summary>A filter for each output channel: numbers for each input channel of its group and each place of a window.</summary>
/// <param name="Inputs">Input channels of a group.</param>
/// <param name="IsTransposed">Whether the weight is that of the convolution in the opposite direction, turned by 180°.</param>
internal sealed record FilterWeight(int Filters, int Inputs, int Groups, WindowAxes Window, bool IsTransposed) : WeightForm
{
    /// <summary>Output channels of a group.</summary>
    public int Outputs => Filters / Groups;

    /// <summary>Whether each input channel makes an output channel by itself.</summary>
    public bool IsDepthwise => Groups > 1 && Groups == Filters && Inputs == 1;
}

/// <summary>A number for each pair of an output and an input feature.</summary>
internal sealed record MatrixWeight(int Outputs, int Inputs) : WeightForm;

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

    /// <summary>A factor of fresh values.</summary>
    public double Gain { get; init; } = 1;

    public int Length => Extents.Aggregate(1, (product, extent) => checked(product * extent));
}
