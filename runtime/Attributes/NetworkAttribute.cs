using System;

namespace Strata;

/// <summary>
/// Makes a partial class a neural network. Its layers are the attributes below this one; the code that computes them is
/// generated when the project is built.
/// </summary>
/// <remarks>
/// A struct is no network. It may have the attributes all the same, so that rule STRATA002 can say so: the C# compiler's own error
/// would hide all other rules.
/// </remarks>
/// <example>
/// <code>
/// [Network]
/// [Input(1, 28, 28)]
/// [Conv2D(6, 5, Padding = 2), ReLU, MaxPool2D(2)]
/// [Flatten]
/// [Dense(10), Softmax]
/// [CrossEntropy]
/// public partial class Digits;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = false, Inherited = false)]
public sealed class NetworkAttribute : Attribute
{
    /// <summary>
    /// Whether training also computes the gradient of the network's input, for <c>Backward(outputGradient, inputGradient)</c>.
    /// False by default: the backward pass is then shorter, since the first layer needs no input gradient.
    /// </summary>
    public bool InputGradient { get; set; }

    /// <summary>
    /// Whether instances can give you the activations of inner layers (<see cref="NetworkOptions.Observe"/>); false by default.
    /// </summary>
    /// <remarks>
    /// The generator then writes an additional program that computes every layer separately. Instances that observe nothing
    /// never run it.
    /// </remarks>
    public bool Observable { get; set; }

    /// <summary>
    /// How instances can store the weights of dense layers besides as floats (<see cref="NetworkOptions.WeightStorage"/>); as floats only
    /// by default.
    /// </summary>
    /// <remarks>
    /// <para>
    /// <see cref="WeightStorage.BFloat16"/> is faster if reading the weights of dense layers takes most of the time, as in AlexNet and VGG.
    /// Filters of convolutions remain 32-bit floats, transformed by Winograd's algorithm or not.
    /// </para>
    /// <para>
    /// The generator writes the inference programs a second time, with kernels that read such weights. Instances with float weights never
    /// run them. These programs never place the samples of a batch side by side in a vector, which would be faster for small networks.
    /// </para>
    /// </remarks>
    public WeightStorage WeightStorage { get; set; }

    /// <summary>
    /// Whether inference multiplies 8-bit integers; false by default. It does so in convolutions and dense layers directly behind a
    /// <see cref="FakeQuantizeAttribute"/> layer of one scale and at most 256 integers. Training is not changed.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The weights of these layers are rounded to 8 bits, after each change of them: each output channel has its own scale, by which its
    /// largest weight becomes ±127. The sums are exact, and each result is scaled to a float. Such a layer gives the same bits in each
    /// tier. NaN counts as zero where integers are read, and a zero point that a file has is made an integer of the range.
    /// </para>
    /// <para>
    /// A layer remains in floats, with weights that are not rounded, if integers are expected to be slower, as beside Winograd's algorithm.
    /// This may differ between tiers and between sizes. Convolutions with groups, transposed ones, and those in three dimensions always
    /// remain in floats.
    /// </para>
    /// <para>
    /// The tier AVX-512 multiplies four bytes in an instruction of AVX-VNNI. Processors without it use the tier AVX2, which multiplies
    /// two numbers of 16 bits.
    /// </para>
    /// </remarks>
    public bool Int8 { get; set; }

    /// <summary>
    /// Whether trainers measure the time of each layer (<c>Trainer.Profile</c>); false by default. Each step of training is
    /// then called separately, which changes the total time by a few per cent at most.
    /// </summary>
    public bool Profile { get; set; }

    /// <summary>
    /// Whether training computes cheap layers twice to use less memory; false by default. No bit of a gradient changes.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Backward computes normalizations, activations, dropout, sums and concatenations again, instead of keeping their results from
    /// forward. It keeps results of convolutions, dense layers and pooling, and results that are smaller than their input. This is
    /// PyTorch's <c>torch.utils.checkpoint</c>, applied to cheap layers (Chen et al. 2016, Training deep nets with sublinear memory cost).
    /// <see cref="MemoryUse"/> tells how much memory a trainer takes.
    /// </para>
    /// <para>
    /// In a chain of sums or concatenations, each reads the one before. When backward reaches the last of them, it computes the whole chain
    /// again. It keeps each result until backward has passed it. So a long chain of residual blocks saves only the memory inside the
    /// blocks.
    /// </para>
    /// </remarks>
    public bool Recompute { get; set; }

    /// <summary>
    /// Whether convolutions may be computed by Winograd's algorithm, which takes fewer multiplications; true by default. With false,
    /// convolutions are sums of products, in the order of the taps.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Winograd's transforms round more than sums of products: a few times as much on data like uniform numbers, more on other data.
    /// OPERATORS.md states bounds that hold for all data. The outputs of a tile share their errors. A tile has up to 4 rows and columns of
    /// outputs; with a dilation of d, it has every d-th row and column. Images of fewer than 16 channels are computed in strips, in which 4
    /// rows share their errors.
    /// </para>
    /// <para>
    /// Set it to <c>false</c> in these cases:
    /// <list type="bullet">
    /// <item><description>Outliers stand among small numbers that matter, such as a no-data value in a picture. An input of 10⁶ changes
    /// other outputs of its tile by about 1.</description></item>
    /// <item><description>Inputs are above 10³⁷. The transforms add up to 28 times the largest input, and what overflows becomes ±∞ or
    /// NaN.</description></item>
    /// <item><description>An infinite input or NaN must not reach outputs whose windows do not contain it.</description></item>
    /// </list>
    /// </para>
    /// </remarks>
    public bool Winograd { get; set; } = true;

    /// <summary>
    /// How the samples of a batch are laid out in memory during training. By default the generator takes the layout that it
    /// expects to be faster.
    /// </summary>
    public TrainingLayout TrainingLayout { get; set; }

    /// <summary>
    /// Name of the first layer or block that is trained. All layers before it are frozen (<see cref="LayerAttribute.Frozen"/>).
    /// By default all layers are trained.
    /// </summary>
    public string? FreezeUntil { get; set; }
}
