using System;

namespace Strata;

/// <summary>
/// Makes a partial class a neural network. Its layers are the attributes below this one; the code that computes them is
/// generated when the project is built.
/// </summary>
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
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
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
    /// Whether instances can store the weights of dense layers as bfloat16 (<see cref="NetworkOptions.WeightStorage"/>); false
    /// by default.
    /// </summary>
    /// <remarks>
    /// <para>
    /// This is faster if reading the weights of dense layers takes most of the time, as in AlexNet and VGG. Filters of
    /// convolutions, transformed by Winograd's algorithm or not, remain 32-bit floats.
    /// </para>
    /// <para>
    /// The generator writes the inference programs a second time, with kernels that read bfloat16. Other instances never run
    /// them. These programs never place the samples of a batch side by side in a vector, which would be faster for small
    /// networks.
    /// </para>
    /// </remarks>
    public bool BFloat16 { get; set; }

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
    /// Backward computes normalizations, activations, dropout, sums and concatenations again, instead of keeping their results
    /// from forward. Results of convolutions, dense layers and pooling are kept, and so are results that are smaller than their
    /// input. This is PyTorch's <c>torch.utils.checkpoint</c>, applied to cheap layers (Chen et al. 2016, Training deep nets
    /// with sublinear memory cost). <see cref="MemoryUse"/> tells how much memory a trainer takes.
    /// </para>
    /// <para>
    /// A chain of sums or concatenations, each reading the one before, is computed again as a whole when backward reaches the
    /// last of them. Each result is kept until backward has passed it. So a long chain of residual blocks saves only the memory
    /// inside the blocks.
    /// </para>
    /// </remarks>
    public bool Recompute { get; set; }

    /// <summary>
    /// Whether Winograd's transforms may compute convolutions, which then take fewer multiplications; true by default. With
    /// false the convolutions are sums of products, in the order of the taps.
    /// </summary>
    /// <remarks>
    /// The transforms round more than sums of products: a few times as much on data like uniform numbers, more on others.
    /// OPERATORS.md states bounds that hold for all data. A tile of up to 4 rows and columns of outputs shares its errors, and
    /// in strips, which images of fewer than 16 channels go in, so do 4 rows. Say <c>false</c>
    /// <list type="bullet">
    /// <item>where outliers stand among small numbers that matter, such as a no-data value in a picture: an input of 10⁶ puts
    /// other outputs of its tile off by about 1;</item>
    /// <item>where inputs are above 10³⁷: the transforms add up to 28 times the largest input, and what overflows becomes ±∞ or
    /// NaN;</item>
    /// <item>where an infinite input, or one that is not a number, must not reach outputs whose windows do not hold it.</item>
    /// </list>
    /// With a dilation of d a tile has each d-th row and column.
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
