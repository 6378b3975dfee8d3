using System;

namespace Strata;

/// <summary>
/// Makes a partial class a neural network: its layers are the attributes below this one, and the code that computes them
/// is written when the project is built.
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
    /// The default is false: the first layer's share of the backward pass is then left out.
    /// </summary>
    public bool InputGradient { get; set; }

    /// <summary>
    /// Whether instances can keep the activations of layers readable (<see cref="NetworkOptions.Observe"/>); false by default. The
    /// generator then writes one more program, which computes every layer by itself; instances that observe nothing never run it.
    /// </summary>
    public bool Observable { get; set; }

    /// <summary>
    /// Whether instances can keep the weights of dense layers as bfloat16 (<see cref="NetworkOptions.WeightStorage"/>); false by default. The generator then
    /// writes the programs of inference once more, with kernels that read such weights; other instances never run them.
    /// </summary>
    /// <remarks>
    /// It pays where dense layers are so large that reading their weights takes most of the time, as in AlexNet and VGG. Filters of convolutions stay 32-bit floats, and so
    /// does what Winograd's algorithm makes of them. Such programs do not put the samples of a batch side by side into lanes, which is faster for small networks.
    /// </remarks>
    public bool BFloat16 { get; set; }

    /// <summary>
    /// Whether trainers measure what each layer takes (<c>Trainer.Profile</c>); false by default. Each step of training is then called by itself, and the
    /// generated code says which layer it belongs to; times change by a few per cent at most.
    /// </summary>
    public bool Profile { get; set; }

    /// <summary>
    /// Whether training uses less memory and computes more: false by default. Backward then computes normalizations, activations, dropout, sums and concatenations a
    /// second time, instead of reading what forward left; results of convolutions, dense and pooling layers are kept, and what is smaller than its input. No bit of a gradient changes.
    /// </summary>
    /// <remarks>
    /// It is PyTorch's <c>torch.utils.checkpoint</c> for what takes little time (Chen et al. 2016, Training deep nets with sublinear memory cost). <see cref="MemoryUse"/> tells
    /// what a trainer takes. Sums and concatenations that build on one another are computed again together, when backward comes to the last of them, and each stays until backward has gone
    /// past it: a long chain of residual blocks saves what is inside of the blocks.
    /// </remarks>
    public bool Recompute { get; set; }

    /// <summary>
    /// Whether Winograd's transforms may compute convolutions, which then take fewer multiplications; true by default. With false the
    /// convolutions are sums of products, in the order of the taps.
    /// </summary>
    /// <remarks>
    /// The transforms round differently: with up to 256 input channels the error is up to a few times that of a sum of products, and with filters of seven taps
    /// in a row up to seven times. It grows with the channels. Gradients of weights, which filters of seven taps do not get from the transforms, are off by up to 2·10⁻⁶ of their own root mean
    /// square for batches of any size, where sums of products are by up to 0.6·10⁻⁶.
    /// And where an input is infinite or not a number, so may be all outputs of the tiles of 4, 3 or 2 rows and columns that read it, instead of those whose
    /// windows it is in. With a dilation of d a tile has each d-th row and column. In inference, images of fewer than 16 channels may go in strips of 4, 3 or 2 rows of outputs instead of
    /// tiles: only rows are transformed, and such an input reaches all rows of its strip, in the columns whose windows hold it.
    /// </remarks>
    public bool Winograd { get; set; } = true;

    /// <summary>
    /// How the samples of a batch lie in memory while the network is trained. By default the generator takes what it expects to be faster.
    /// </summary>
    public TrainingLayout TrainingLayout { get; set; }

    /// <summary>
    /// Name of the first layer or block that is trained: all before it keep their parameters, as if each were
    /// <see cref="LayerAttribute.Frozen"/>. By default all are trained.
    /// </summary>
    public string? FreezeUntil { get; set; }
}
