using System.Collections.Generic;

namespace Strata;

// Written by BuilderTextTests from the attributes; STRATA_ACCEPT=1 writes it again.
#nullable enable
public sealed partial class NetworkBuilder
{
    /// <summary>The magnitude of each element: PyTorch's <c>torch.abs</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Abs(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Abs",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Average pooling to an output size that you choose, whatever the size of the input: PyTorch's
    /// <c>nn.AdaptiveAvgPool1d</c>.</summary>
    /// <param name="size">Length of the output, at least 1.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder AdaptiveAveragePool1D(
        int size, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "AdaptiveAveragePool1D",
        [("size", size), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Average pooling to an output size that you choose, whatever the size of the input: PyTorch's
    /// <c>nn.AdaptiveAvgPool2d</c>.</summary>
    /// <param name="size">Rows and columns of the output, at least 1.</param>
    /// <param name="height">Rows of the output, at least 1; Size by default.</param>
    /// <param name="width">Columns of the output, at least 1; Size by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder AdaptiveAveragePool2D(
        int size, int? height = null, int? width = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "AdaptiveAveragePool2D",
        [("size", size), ("Height", height), ("Width", width), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Average pooling to an output size that you choose, whatever the size of the input: PyTorch's
    /// <c>nn.AdaptiveAvgPool3d</c>.</summary>
    /// <param name="size">Planes, rows and columns of the output, at least 1.</param>
    /// <param name="depth">Planes of the output, at least 1; Size by default.</param>
    /// <param name="height">Rows of the output, at least 1; Size by default.</param>
    /// <param name="width">Columns of the output, at least 1; Size by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder AdaptiveAveragePool3D(
        int size, int? depth = null, int? height = null, int? width = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "AdaptiveAveragePool3D",
        [("size", size), ("Depth", depth), ("Height", height), ("Width", width), ("Name", name), ("From", from), ("Frozen", frozen),
        ("Weights", weights)]);

    /// <summary>Max pooling to an output size that you choose, whatever the size of the input: PyTorch's
    /// <c>nn.AdaptiveMaxPool1d</c>.</summary>
    /// <param name="size">Length of the output, at least 1.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder AdaptiveMaxPool1D(
        int size, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "AdaptiveMaxPool1D",
        [("size", size), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Max pooling to an output size that you choose, whatever the size of the input: PyTorch's
    /// <c>nn.AdaptiveMaxPool2d</c>.</summary>
    /// <param name="size">Rows and columns of the output, at least 1.</param>
    /// <param name="height">Rows of the output, at least 1; Size by default.</param>
    /// <param name="width">Columns of the output, at least 1; Size by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder AdaptiveMaxPool2D(
        int size, int? height = null, int? width = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "AdaptiveMaxPool2D",
        [("size", size), ("Height", height), ("Width", width), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Max pooling to an output size that you choose, whatever the size of the input: PyTorch's
    /// <c>nn.AdaptiveMaxPool3d</c>.</summary>
    /// <param name="size">Planes, rows and columns of the output, at least 1.</param>
    /// <param name="depth">Planes of the output, at least 1; Size by default.</param>
    /// <param name="height">Rows of the output, at least 1; Size by default.</param>
    /// <param name="width">Columns of the output, at least 1; Size by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder AdaptiveMaxPool3D(
        int size, int? depth = null, int? height = null, int? width = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "AdaptiveMaxPool3D",
        [("size", size), ("Depth", depth), ("Height", height), ("Width", width), ("Name", name), ("From", from), ("Frozen", frozen),
        ("Weights", weights)]);

    /// <summary>Adds the branches of a group, or tensors by name, as residual blocks do (He et al. 2016): PyTorch's <c>x + y</c>, Keras'
    /// <c>Add</c>.</summary>
    /// <param name="names">Two names or more, such as <c>"enc1", "up1"</c>. Without names, the branches are joined.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Add(
        IReadOnlyList<string>? names = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Add",
        [("names", names), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Multiplies each element by a number and adds another one: PyTorch's <c>a * x + b</c>, Keras' <c>Rescaling</c>. For numbers
    /// that are learned, see ScaleAttribute; for one of each channel, NormalizeAttribute.</summary>
    /// <param name="a">The factor, a finite number.</param>
    /// <param name="b">What is added, a finite number.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Affine(
        double a, double b, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Affine",
        [("a", a), ("b", b), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>1 where the elements of both tensors are not 0, else 0: PyTorch's <c>torch.logical_and</c>.</summary>
    /// <param name="names">Two names. Without names, the branches are joined.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder And(
        IReadOnlyList<string>? names = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "And",
        [("names", names), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>The index of the largest element along an axis: PyTorch's <c>torch.argmax</c>, with <c>keepdim=True</c>.</summary>
    /// <param name="axis">The axis along which the element is found: one of them. Channels by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder ArgMax(
        Axes? axis = null, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "ArgMax",
        [("Axis", axis), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>The index of the smallest element along an axis: PyTorch's <c>torch.argmin</c>, with <c>keepdim=True</c>.</summary>
    /// <param name="axis">The axis along which the element is found: one of them. Channels by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder ArgMin(
        Axes? axis = null, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "ArgMin",
        [("Axis", axis), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Multi-head attention over a sequence of tokens (Vaswani et al. 2017, section 3.2): PyTorch's
    /// <c>nn.MultiheadAttention</c>.</summary>
    /// <param name="heads">The number of heads, at least 1. It must divide the features of a token.</param>
    /// <param name="bias">Whether biases are added to q, k, v and the result; true by default.</param>
    /// <param name="causal">Whether a token attends to those before it and to itself only; false by default. This is a mask of −∞ above
    /// the diagonal.</param>
    /// <param name="context">The name of the tensor, C×M, whose tokens are the keys and the values; null by default: those of the tensor
    /// that the layer reads.</param>
    /// <param name="mask">The name of the tensor that is added to the products of queries and keys before the softmax; null by default:
    /// none. Its shape is L×M, 1×L×M, or heads×L×M with one mask for each head. With 1 in the place of L, its row is for all queries, as
    /// PyTorch's <c>key_padding_mask</c>. −∞ leaves a pair out; a query without any pair left is NaN. It may be a <c>[Buffer]</c>, or a
    /// <c>[Param]</c> such as a table of relative positions, or computed.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Attention(
        int heads, bool? bias = null, bool? causal = null, string? context = null, string? mask = null, string? name = null,
        string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Attention",
        [("heads", heads), ("Bias", bias), ("Causal", causal), ("Context", context), ("Mask", mask), ("Name", name), ("From", from),
        ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Average pooling, the mean over windows of each channel: PyTorch's <c>nn.AvgPool1d</c>, Keras'
    /// <c>AveragePooling1D</c>.</summary>
    /// <param name="kernel">Length of the window, at least 1; also the stride by default.</param>
    /// <param name="ceilMode">Whether the last window may extend past the end of the padded input, as in PyTorch's <c>ceil_mode</c>; false
    /// by default. It must begin inside the input or the padding before it. Writing <c>CeilMode = false</c> also turns off warning
    /// STRATA035, which reports elements that no window reads.</param>
    /// <param name="countIncludePad">Whether the divisor counts the zeros of the padding; true by default, as in PyTorch. Keras does not
    /// count them.</param>
    /// <param name="stride">Step from one window to the next, at least 1. The default is 1 for convolutions, and the kernel for
    /// pooling.</param>
    /// <param name="padding">Padding on each side of each axis, at least 0; 0 by default.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="autoPad">Padding by a rule instead of a number. It excludes all other padding arguments.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder AveragePool1D(
        int kernel, bool? ceilMode = null, bool? countIncludePad = null, int? stride = null, int? padding = null,
        int? paddingLeft = null, int? paddingRight = null, AutoPad? autoPad = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "AveragePool1D",
        [("kernel", kernel), ("CeilMode", ceilMode), ("CountIncludePad", countIncludePad), ("Stride", stride), ("Padding", padding),
        ("PaddingLeft", paddingLeft), ("PaddingRight", paddingRight), ("AutoPad", autoPad), ("Name", name), ("From", from),
        ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Average pooling, the mean over windows of each channel: PyTorch's <c>nn.AvgPool2d</c>, Keras'
    /// <c>AveragePooling2D</c>.</summary>
    /// <param name="kernel">Rows and columns of the window, at least 1; also the stride by default.</param>
    /// <param name="ceilMode">Whether the last window may extend past the end of the padded input, as in PyTorch's <c>ceil_mode</c>; false
    /// by default. It must begin inside the input or the padding before it. Writing <c>CeilMode = false</c> also turns off warning
    /// STRATA035, which reports elements that no window reads.</param>
    /// <param name="countIncludePad">Whether the divisor counts the zeros of the padding; true by default, as in PyTorch. Keras does not
    /// count them.</param>
    /// <param name="kernelHeight">Rows of the window, at least 1; Kernel by default.</param>
    /// <param name="kernelWidth">Columns of the window, at least 1; Kernel by default.</param>
    /// <param name="strideHeight">Vertical step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="strideWidth">Horizontal step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="paddingHeight">Rows added above, and as many below; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingWidth">Columns added on the left, and as many on the right; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingTop">Rows added above, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="paddingBottom">Rows added below, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="stride">Step from one window to the next, at least 1. The default is 1 for convolutions, and the kernel for
    /// pooling.</param>
    /// <param name="padding">Padding on each side of each axis, at least 0; 0 by default.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="autoPad">Padding by a rule instead of a number. It excludes all other padding arguments.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder AveragePool2D(
        int kernel, bool? ceilMode = null, bool? countIncludePad = null, int? kernelHeight = null, int? kernelWidth = null,
        int? strideHeight = null, int? strideWidth = null, int? paddingHeight = null, int? paddingWidth = null,
        int? paddingTop = null, int? paddingBottom = null, int? stride = null, int? padding = null, int? paddingLeft = null,
        int? paddingRight = null, AutoPad? autoPad = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "AveragePool2D",
        [("kernel", kernel), ("CeilMode", ceilMode), ("CountIncludePad", countIncludePad), ("KernelHeight", kernelHeight),
        ("KernelWidth", kernelWidth), ("StrideHeight", strideHeight), ("StrideWidth", strideWidth), ("PaddingHeight", paddingHeight),
        ("PaddingWidth", paddingWidth), ("PaddingTop", paddingTop), ("PaddingBottom", paddingBottom), ("Stride", stride),
        ("Padding", padding), ("PaddingLeft", paddingLeft), ("PaddingRight", paddingRight), ("AutoPad", autoPad), ("Name", name),
        ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Average pooling, the mean over windows of each channel: PyTorch's <c>nn.AvgPool3d</c>, Keras'
    /// <c>AveragePooling3D</c>.</summary>
    /// <param name="kernel">Planes, rows and columns of the window, at least 1; also the stride by default.</param>
    /// <param name="ceilMode">Whether the last window may extend past the end of the padded input, as in PyTorch's <c>ceil_mode</c>; false
    /// by default. It must begin inside the input or the padding before it. Writing <c>CeilMode = false</c> also turns off warning
    /// STRATA035, which reports elements that no window reads.</param>
    /// <param name="countIncludePad">Whether the divisor counts the zeros of the padding; true by default, as in PyTorch. Keras does not
    /// count them.</param>
    /// <param name="kernelDepth">Planes of the window, at least 1; Kernel by default.</param>
    /// <param name="strideDepth">Step from one window to the next along the depth, at least 1; Stride by default.</param>
    /// <param name="paddingDepth">Planes added in front, and as many behind; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingFront">Planes added in front, at least 0. Overrides <c>PaddingDepth</c>.</param>
    /// <param name="paddingBack">Planes added behind, at least 0. Overrides <c>PaddingDepth</c>.</param>
    /// <param name="kernelHeight">Rows of the window, at least 1; Kernel by default.</param>
    /// <param name="kernelWidth">Columns of the window, at least 1; Kernel by default.</param>
    /// <param name="strideHeight">Vertical step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="strideWidth">Horizontal step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="paddingHeight">Rows added above, and as many below; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingWidth">Columns added on the left, and as many on the right; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingTop">Rows added above, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="paddingBottom">Rows added below, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="stride">Step from one window to the next, at least 1. The default is 1 for convolutions, and the kernel for
    /// pooling.</param>
    /// <param name="padding">Padding on each side of each axis, at least 0; 0 by default.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="autoPad">Padding by a rule instead of a number. It excludes all other padding arguments.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder AveragePool3D(
        int kernel, bool? ceilMode = null, bool? countIncludePad = null, int? kernelDepth = null, int? strideDepth = null,
        int? paddingDepth = null, int? paddingFront = null, int? paddingBack = null, int? kernelHeight = null,
        int? kernelWidth = null, int? strideHeight = null, int? strideWidth = null, int? paddingHeight = null,
        int? paddingWidth = null, int? paddingTop = null, int? paddingBottom = null, int? stride = null, int? padding = null,
        int? paddingLeft = null, int? paddingRight = null, AutoPad? autoPad = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "AveragePool3D",
        [("kernel", kernel), ("CeilMode", ceilMode), ("CountIncludePad", countIncludePad), ("KernelDepth", kernelDepth),
        ("StrideDepth", strideDepth), ("PaddingDepth", paddingDepth), ("PaddingFront", paddingFront), ("PaddingBack", paddingBack),
        ("KernelHeight", kernelHeight), ("KernelWidth", kernelWidth), ("StrideHeight", strideHeight), ("StrideWidth", strideWidth),
        ("PaddingHeight", paddingHeight), ("PaddingWidth", paddingWidth), ("PaddingTop", paddingTop), ("PaddingBottom", paddingBottom),
        ("Stride", stride), ("Padding", padding), ("PaddingLeft", paddingLeft), ("PaddingRight", paddingRight), ("AutoPad", autoPad),
        ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Batch normalization of each channel: PyTorch's <c>nn.BatchNorm1d</c>, <c>nn.BatchNorm2d</c> and <c>nn.BatchNorm3d</c>,
    /// Keras' <c>BatchNormalization</c>.</summary>
    /// <param name="epsilon">ε, added to the variance; at least 0, 1e-5 by default as in PyTorch (Keras: 1e-3). With ε = 0, a channel of
    /// zeros becomes β, where PyTorch gives NaN.</param>
    /// <param name="momentum">Weight of a batch in the running statistics: running ← (1 − momentum)·running + momentum·batch. From 0 to 1;
    /// 0.1 by default, as in PyTorch. Keras' momentum is 1 minus this.</param>
    /// <param name="affine">Whether the layer has γ and β; true by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder BatchNorm(
        double? epsilon = null, double? momentum = null, bool? affine = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "BatchNorm",
        [("Epsilon", epsilon), ("Momentum", momentum), ("Affine", affine), ("Name", name), ("From", from), ("Frozen", frozen),
        ("Weights", weights)]);

    /// <summary>Binary cross-entropy, for outputs that each answer a yes-or-no question: PyTorch's <c>nn.BCEWithLogitsLoss</c> (after a
    /// sigmoid, <c>nn.BCELoss</c>), Keras' <c>BinaryCrossentropy</c>.</summary>
    /// <param name="reduction">Whether the loss is the mean over all values of all samples (the default) or their sum.</param>
    /// <param name="from">Name of the tensor that the loss compares with its target; by default the tensor before it.</param>
    /// <param name="weight">The loss's weight in the sum of all losses: a finite number, 1 by default.</param>
    /// <param name="target">Name of the target. Losses with the same name share one target; by default all do.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder BinaryCrossEntropy(
        Reduction? reduction = null, string? from = null, double? weight = null, string? target = null) => Append(
        "BinaryCrossEntropy",
        [("Reduction", reduction), ("From", from), ("Weight", weight), ("Target", target)]);

    /// <summary>A fixed tensor, which is the same for all samples and comes from the file of weights: the grid of a detector, a mask.
    /// PyTorch's <c>register_buffer</c>.</summary>
    /// <param name="features">Number of values, at least 1.</param>
    /// <param name="initial">The value of all elements until a file is loaded, a finite number; 0 by default.</param>
    /// <param name="batchAxis">Whether the tensor has a first axis of one element in files, for the samples of a batch: (1, C, L) rather
    /// than (C, L). False by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Buffer(
        int features, double? initial = null, bool? batchAxis = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "Buffer",
        [("features", features), ("Initial", initial), ("BatchAxis", batchAxis), ("Name", name), ("From", from), ("Frozen", frozen),
        ("Weights", weights)]);

    /// <summary>A fixed tensor, which is the same for all samples and comes from the file of weights: the grid of a detector, a mask.
    /// PyTorch's <c>register_buffer</c>.</summary>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="length">Number of steps, at least 1.</param>
    /// <param name="initial">The value of all elements until a file is loaded, a finite number; 0 by default.</param>
    /// <param name="batchAxis">Whether the tensor has a first axis of one element in files, for the samples of a batch: (1, C, L) rather
    /// than (C, L). False by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Buffer(
        int channels, int length, double? initial = null, bool? batchAxis = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "Buffer",
        [("channels", channels), ("length", length), ("Initial", initial), ("BatchAxis", batchAxis), ("Name", name), ("From", from),
        ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>A fixed tensor, which is the same for all samples and comes from the file of weights: the grid of a detector, a mask.
    /// PyTorch's <c>register_buffer</c>.</summary>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="height">Number of rows, at least 1.</param>
    /// <param name="width">Number of columns, at least 1.</param>
    /// <param name="initial">The value of all elements until a file is loaded, a finite number; 0 by default.</param>
    /// <param name="batchAxis">Whether the tensor has a first axis of one element in files, for the samples of a batch: (1, C, L) rather
    /// than (C, L). False by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Buffer(
        int channels, int height, int width, double? initial = null, bool? batchAxis = null, string? name = null,
        string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Buffer",
        [("channels", channels), ("height", height), ("width", width), ("Initial", initial), ("BatchAxis", batchAxis), ("Name", name),
        ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>A fixed tensor, which is the same for all samples and comes from the file of weights: the grid of a detector, a mask.
    /// PyTorch's <c>register_buffer</c>.</summary>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="depth">Number of planes, at least 1.</param>
    /// <param name="height">Number of rows, at least 1.</param>
    /// <param name="width">Number of columns, at least 1.</param>
    /// <param name="initial">The value of all elements until a file is loaded, a finite number; 0 by default.</param>
    /// <param name="batchAxis">Whether the tensor has a first axis of one element in files, for the samples of a batch: (1, C, L) rather
    /// than (C, L). False by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Buffer(
        int channels, int depth, int height, int width, double? initial = null, bool? batchAxis = null, string? name = null,
        string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Buffer",
        [("channels", channels), ("depth", depth), ("height", height), ("width", width), ("Initial", initial), ("BatchAxis", batchAxis),
        ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Continuously differentiable exponential linear unit (Barron 2017): PyTorch's <c>nn.CELU</c>.</summary>
    /// <param name="alpha">The function tends to −alpha as x goes to −∞. Any finite 32-bit float except 0; 1 by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder CELU(
        double alpha = 1, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "CELU",
        [("alpha", alpha), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>The smallest whole number from each element on: PyTorch's <c>torch.ceil</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Ceil(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Ceil",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Interleaves the channels of groups, so that each group of the next grouped convolution sees all of them (Zhang et al.
    /// 2018): PyTorch's <c>nn.ChannelShuffle</c>.</summary>
    /// <param name="groups">Number of groups G, at least 1. It must divide the number of channels.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder ChannelShuffle(
        int groups, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "ChannelShuffle",
        [("groups", groups), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Clamps values between two bounds, or on one side: PyTorch's <c>torch.clamp</c>. HardtanhAttribute and ReLU6Attribute have
    /// the same values. Their derivative is 0 at the bounds, and training fuses them.</summary>
    /// <param name="min">The smallest output, a finite number. Without it, there is none.</param>
    /// <param name="max">The largest output, a finite number greater than Min. Without it, there is none.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Clip(
        double? min = null, double? max = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Clip",
        [("Min", min), ("Max", max), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Concatenates the branches of a group along the channels, as inception modules do (Szegedy et al. 2015), or along another
    /// axis: PyTorch's <c>torch.cat(…, dim=1)</c>, Keras' <c>Concatenate</c>.</summary>
    /// <param name="names">Two names or more, such as <c>"enc1", "up1"</c>. Without names, the branches are joined.</param>
    /// <param name="axis">The axis along which the tensors are concatenated: one of them. Channels by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Concat(
        IReadOnlyList<string>? names = null, Axes? axis = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Concat",
        [("names", names), ("Axis", axis), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>One-dimensional convolution (a cross-correlation, as in all machine learning libraries): PyTorch's <c>nn.Conv1d</c>,
    /// Keras' <c>Conv1D</c>.</summary>
    /// <param name="filters">Number of filters, which is the number of output channels; at least 1.</param>
    /// <param name="kernel">Length of a filter, at least 1.</param>
    /// <param name="dilation">Distance between the elements that a filter reads; at least 1 (the default).</param>
    /// <param name="groups">Number of groups into which input and output channels are split; at least 1 (the default). It must divide both
    /// numbers of channels. With as many groups as input channels, the convolution is depthwise.</param>
    /// <param name="paddingMode">How padding is filled; with zeros by default.</param>
    /// <param name="bias">Whether a bias is added to each output channel; true by default.</param>
    /// <param name="initializer">How weights are initialized; as in PyTorch by default.</param>
    /// <param name="stride">Step from one window to the next, at least 1. The default is 1 for convolutions, and the kernel for
    /// pooling.</param>
    /// <param name="padding">Padding on each side of each axis, at least 0; 0 by default.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="autoPad">Padding by a rule instead of a number. It excludes all other padding arguments.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Conv1D(
        int filters, int kernel, int? dilation = null, int? groups = null, PaddingMode? paddingMode = null, bool? bias = null,
        Initializer? initializer = null, int? stride = null, int? padding = null, int? paddingLeft = null,
        int? paddingRight = null, AutoPad? autoPad = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Conv1D",
        [("filters", filters), ("kernel", kernel), ("Dilation", dilation), ("Groups", groups), ("PaddingMode", paddingMode),
        ("Bias", bias), ("Initializer", initializer), ("Stride", stride), ("Padding", padding), ("PaddingLeft", paddingLeft),
        ("PaddingRight", paddingRight), ("AutoPad", autoPad), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Two-dimensional convolution (a cross-correlation, as in all machine learning libraries): PyTorch's <c>nn.Conv2d</c>,
    /// Keras' <c>Conv2D</c>.</summary>
    /// <param name="filters">Number of filters, which is the number of output channels; at least 1.</param>
    /// <param name="kernel">Rows and columns of a filter, at least 1.</param>
    /// <param name="dilation">Distance between the rows and between the columns that a filter reads; at least 1 (the default).</param>
    /// <param name="dilationHeight">Distance between the rows that a filter reads, at least 1; Dilation by default.</param>
    /// <param name="dilationWidth">Distance between the columns that a filter reads, at least 1; Dilation by default.</param>
    /// <param name="groups">Number of groups into which input and output channels are split; at least 1 (the default). It must divide both
    /// numbers of channels. With as many groups as input channels, the convolution is depthwise.</param>
    /// <param name="paddingMode">How padding is filled; with zeros by default.</param>
    /// <param name="bias">Whether a bias is added to each output channel; true by default.</param>
    /// <param name="initializer">How weights are initialized; as in PyTorch by default.</param>
    /// <param name="kernelHeight">Rows of the window, at least 1; Kernel by default.</param>
    /// <param name="kernelWidth">Columns of the window, at least 1; Kernel by default.</param>
    /// <param name="strideHeight">Vertical step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="strideWidth">Horizontal step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="paddingHeight">Rows added above, and as many below; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingWidth">Columns added on the left, and as many on the right; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingTop">Rows added above, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="paddingBottom">Rows added below, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="stride">Step from one window to the next, at least 1. The default is 1 for convolutions, and the kernel for
    /// pooling.</param>
    /// <param name="padding">Padding on each side of each axis, at least 0; 0 by default.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="autoPad">Padding by a rule instead of a number. It excludes all other padding arguments.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Conv2D(
        int filters, int kernel, int? dilation = null, int? dilationHeight = null, int? dilationWidth = null,
        int? groups = null, PaddingMode? paddingMode = null, bool? bias = null, Initializer? initializer = null,
        int? kernelHeight = null, int? kernelWidth = null, int? strideHeight = null, int? strideWidth = null,
        int? paddingHeight = null, int? paddingWidth = null, int? paddingTop = null, int? paddingBottom = null,
        int? stride = null, int? padding = null, int? paddingLeft = null, int? paddingRight = null, AutoPad? autoPad = null,
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Conv2D",
        [("filters", filters), ("kernel", kernel), ("Dilation", dilation), ("DilationHeight", dilationHeight),
        ("DilationWidth", dilationWidth), ("Groups", groups), ("PaddingMode", paddingMode), ("Bias", bias), ("Initializer", initializer),
        ("KernelHeight", kernelHeight), ("KernelWidth", kernelWidth), ("StrideHeight", strideHeight), ("StrideWidth", strideWidth),
        ("PaddingHeight", paddingHeight), ("PaddingWidth", paddingWidth), ("PaddingTop", paddingTop), ("PaddingBottom", paddingBottom),
        ("Stride", stride), ("Padding", padding), ("PaddingLeft", paddingLeft), ("PaddingRight", paddingRight), ("AutoPad", autoPad),
        ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Three-dimensional convolution (a cross-correlation, as in all machine learning libraries): PyTorch's <c>nn.Conv3d</c>,
    /// Keras' <c>Conv3D</c>.</summary>
    /// <param name="filters">Number of filters, which is the number of output channels; at least 1.</param>
    /// <param name="kernel">Planes, rows and columns of a filter, at least 1.</param>
    /// <param name="dilation">Distance between the planes, rows and columns that a filter reads, along each axis; at least 1 (the
    /// default).</param>
    /// <param name="dilationDepth">Distance between the planes that a filter reads, at least 1; Dilation by default.</param>
    /// <param name="dilationHeight">Distance between the rows that a filter reads, at least 1; Dilation by default.</param>
    /// <param name="dilationWidth">Distance between the columns that a filter reads, at least 1; Dilation by default.</param>
    /// <param name="groups">Number of groups into which input and output channels are split; at least 1 (the default). It must divide both
    /// numbers of channels. With as many groups as input channels, the convolution is depthwise.</param>
    /// <param name="paddingMode">How padding is filled; with zeros by default.</param>
    /// <param name="bias">Whether a bias is added to each output channel; true by default.</param>
    /// <param name="initializer">How weights are initialized; as in PyTorch by default.</param>
    /// <param name="kernelDepth">Planes of the window, at least 1; Kernel by default.</param>
    /// <param name="strideDepth">Step from one window to the next along the depth, at least 1; Stride by default.</param>
    /// <param name="paddingDepth">Planes added in front, and as many behind; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingFront">Planes added in front, at least 0. Overrides <c>PaddingDepth</c>.</param>
    /// <param name="paddingBack">Planes added behind, at least 0. Overrides <c>PaddingDepth</c>.</param>
    /// <param name="kernelHeight">Rows of the window, at least 1; Kernel by default.</param>
    /// <param name="kernelWidth">Columns of the window, at least 1; Kernel by default.</param>
    /// <param name="strideHeight">Vertical step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="strideWidth">Horizontal step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="paddingHeight">Rows added above, and as many below; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingWidth">Columns added on the left, and as many on the right; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingTop">Rows added above, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="paddingBottom">Rows added below, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="stride">Step from one window to the next, at least 1. The default is 1 for convolutions, and the kernel for
    /// pooling.</param>
    /// <param name="padding">Padding on each side of each axis, at least 0; 0 by default.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="autoPad">Padding by a rule instead of a number. It excludes all other padding arguments.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Conv3D(
        int filters, int kernel, int? dilation = null, int? dilationDepth = null, int? dilationHeight = null,
        int? dilationWidth = null, int? groups = null, PaddingMode? paddingMode = null, bool? bias = null,
        Initializer? initializer = null, int? kernelDepth = null, int? strideDepth = null, int? paddingDepth = null,
        int? paddingFront = null, int? paddingBack = null, int? kernelHeight = null, int? kernelWidth = null,
        int? strideHeight = null, int? strideWidth = null, int? paddingHeight = null, int? paddingWidth = null,
        int? paddingTop = null, int? paddingBottom = null, int? stride = null, int? padding = null, int? paddingLeft = null,
        int? paddingRight = null, AutoPad? autoPad = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Conv3D",
        [("filters", filters), ("kernel", kernel), ("Dilation", dilation), ("DilationDepth", dilationDepth),
        ("DilationHeight", dilationHeight), ("DilationWidth", dilationWidth), ("Groups", groups), ("PaddingMode", paddingMode),
        ("Bias", bias), ("Initializer", initializer), ("KernelDepth", kernelDepth), ("StrideDepth", strideDepth),
        ("PaddingDepth", paddingDepth), ("PaddingFront", paddingFront), ("PaddingBack", paddingBack), ("KernelHeight", kernelHeight),
        ("KernelWidth", kernelWidth), ("StrideHeight", strideHeight), ("StrideWidth", strideWidth), ("PaddingHeight", paddingHeight),
        ("PaddingWidth", paddingWidth), ("PaddingTop", paddingTop), ("PaddingBottom", paddingBottom), ("Stride", stride),
        ("Padding", padding), ("PaddingLeft", paddingLeft), ("PaddingRight", paddingRight), ("AutoPad", autoPad), ("Name", name),
        ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>One-dimensional transposed convolution, which enlarges its input by the stride: PyTorch's <c>nn.ConvTranspose1d</c>,
    /// Keras' <c>Conv1DTranspose</c>.</summary>
    /// <param name="filters">Number of output channels; at least 1.</param>
    /// <param name="kernel">Length of a filter, at least 1.</param>
    /// <param name="outputPadding">Elements added at the end of each axis of the output; 0 by default. Less than the larger of stride and
    /// dilation.</param>
    /// <param name="dilation">Distance between the elements that a filter writes; at least 1 (the default).</param>
    /// <param name="groups">Number of groups into which input and output channels are split; at least 1 (the default). It must divide both
    /// numbers of channels.</param>
    /// <param name="bias">Whether a bias is added to each output channel; true by default.</param>
    /// <param name="initializer">How weights are initialized; as in PyTorch by default.</param>
    /// <param name="tied">Name of a convolution above it whose weight this layer uses in the opposite direction, as the decoder of a tied
    /// autoencoder does: <c>F.conv_transpose1d(h, conv.weight)</c>. Files have the weight once, under that layer's name, and its gradient
    /// is the sum of both uses. The bias is the layer's own. Both layers keep the weight in 32 bits. Only a frozen layer's weight can be
    /// used by a frozen one.</param>
    /// <param name="stride">Step from one window to the next, at least 1. The default is 1 for convolutions, and the kernel for
    /// pooling.</param>
    /// <param name="padding">Padding on each side of each axis, at least 0; 0 by default.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="autoPad">Padding by a rule instead of a number. It excludes all other padding arguments.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder ConvTranspose1D(
        int filters, int kernel, int? outputPadding = null, int? dilation = null, int? groups = null, bool? bias = null,
        Initializer? initializer = null, string? tied = null, int? stride = null, int? padding = null, int? paddingLeft = null,
        int? paddingRight = null, AutoPad? autoPad = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "ConvTranspose1D",
        [("filters", filters), ("kernel", kernel), ("OutputPadding", outputPadding), ("Dilation", dilation), ("Groups", groups),
        ("Bias", bias), ("Initializer", initializer), ("Tied", tied), ("Stride", stride), ("Padding", padding),
        ("PaddingLeft", paddingLeft), ("PaddingRight", paddingRight), ("AutoPad", autoPad), ("Name", name), ("From", from),
        ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Two-dimensional transposed convolution, which enlarges its input by the stride: PyTorch's <c>nn.ConvTranspose2d</c>,
    /// Keras' <c>Conv2DTranspose</c>.</summary>
    /// <param name="filters">Number of output channels; at least 1.</param>
    /// <param name="kernel">Rows and columns of a filter, at least 1.</param>
    /// <param name="outputPadding">Elements added at the end of each axis of the output; 0 by default. Less than the larger of stride and
    /// dilation.</param>
    /// <param name="outputPaddingHeight">Rows added at the end of the output, at least 0; OutputPadding by default.</param>
    /// <param name="outputPaddingWidth">Columns added at the end of the output, at least 0; OutputPadding by default.</param>
    /// <param name="dilation">Distance between the elements that a filter writes, along each axis; at least 1 (the default).</param>
    /// <param name="dilationHeight">Distance between the rows that a filter writes, at least 1; Dilation by default.</param>
    /// <param name="dilationWidth">Distance between the columns that a filter writes, at least 1; Dilation by default.</param>
    /// <param name="groups">Number of groups into which input and output channels are split; at least 1 (the default). It must divide both
    /// numbers of channels.</param>
    /// <param name="bias">Whether a bias is added to each output channel; true by default.</param>
    /// <param name="initializer">How weights are initialized; as in PyTorch by default.</param>
    /// <param name="tied">Name of a convolution above it whose weight this layer uses in the opposite direction, as the decoder of a tied
    /// autoencoder does: <c>F.conv_transpose2d(h, conv.weight)</c>. Files have the weight once, under that layer's name, and its gradient
    /// is the sum of both uses. The bias is the layer's own. Both layers keep the weight in 32 bits. Only a frozen layer's weight can be
    /// used by a frozen one.</param>
    /// <param name="kernelHeight">Rows of the window, at least 1; Kernel by default.</param>
    /// <param name="kernelWidth">Columns of the window, at least 1; Kernel by default.</param>
    /// <param name="strideHeight">Vertical step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="strideWidth">Horizontal step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="paddingHeight">Rows added above, and as many below; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingWidth">Columns added on the left, and as many on the right; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingTop">Rows added above, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="paddingBottom">Rows added below, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="stride">Step from one window to the next, at least 1. The default is 1 for convolutions, and the kernel for
    /// pooling.</param>
    /// <param name="padding">Padding on each side of each axis, at least 0; 0 by default.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="autoPad">Padding by a rule instead of a number. It excludes all other padding arguments.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder ConvTranspose2D(
        int filters, int kernel, int? outputPadding = null, int? outputPaddingHeight = null, int? outputPaddingWidth = null,
        int? dilation = null, int? dilationHeight = null, int? dilationWidth = null, int? groups = null, bool? bias = null,
        Initializer? initializer = null, string? tied = null, int? kernelHeight = null, int? kernelWidth = null,
        int? strideHeight = null, int? strideWidth = null, int? paddingHeight = null, int? paddingWidth = null,
        int? paddingTop = null, int? paddingBottom = null, int? stride = null, int? padding = null, int? paddingLeft = null,
        int? paddingRight = null, AutoPad? autoPad = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "ConvTranspose2D",
        [("filters", filters), ("kernel", kernel), ("OutputPadding", outputPadding), ("OutputPaddingHeight", outputPaddingHeight),
        ("OutputPaddingWidth", outputPaddingWidth), ("Dilation", dilation), ("DilationHeight", dilationHeight),
        ("DilationWidth", dilationWidth), ("Groups", groups), ("Bias", bias), ("Initializer", initializer), ("Tied", tied),
        ("KernelHeight", kernelHeight), ("KernelWidth", kernelWidth), ("StrideHeight", strideHeight), ("StrideWidth", strideWidth),
        ("PaddingHeight", paddingHeight), ("PaddingWidth", paddingWidth), ("PaddingTop", paddingTop), ("PaddingBottom", paddingBottom),
        ("Stride", stride), ("Padding", padding), ("PaddingLeft", paddingLeft), ("PaddingRight", paddingRight), ("AutoPad", autoPad),
        ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Three-dimensional transposed convolution, which enlarges its input by the stride: PyTorch's <c>nn.ConvTranspose3d</c>,
    /// Keras' <c>Conv3DTranspose</c>.</summary>
    /// <param name="filters">Number of output channels; at least 1.</param>
    /// <param name="kernel">Planes, rows and columns of a filter, at least 1.</param>
    /// <param name="outputPadding">Elements added at the end of each axis of the output; 0 by default. Less than the larger of stride and
    /// dilation.</param>
    /// <param name="outputPaddingDepth">Planes added at the end of the output, at least 0; OutputPadding by default.</param>
    /// <param name="outputPaddingHeight">Rows added at the end of the output, at least 0; OutputPadding by default.</param>
    /// <param name="outputPaddingWidth">Columns added at the end of the output, at least 0; OutputPadding by default.</param>
    /// <param name="dilation">Distance between the elements that a filter writes, along each axis; at least 1 (the default).</param>
    /// <param name="dilationDepth">Distance between the planes that a filter writes, at least 1; Dilation by default.</param>
    /// <param name="dilationHeight">Distance between the rows that a filter writes, at least 1; Dilation by default.</param>
    /// <param name="dilationWidth">Distance between the columns that a filter writes, at least 1; Dilation by default.</param>
    /// <param name="groups">Number of groups into which input and output channels are split; at least 1 (the default). It must divide both
    /// numbers of channels.</param>
    /// <param name="bias">Whether a bias is added to each output channel; true by default.</param>
    /// <param name="initializer">How weights are initialized; as in PyTorch by default.</param>
    /// <param name="tied">Name of a convolution above it whose weight this layer uses in the opposite direction, as the decoder of a tied
    /// autoencoder does: <c>F.conv_transpose3d(h, conv.weight)</c>. Files have the weight once, under that layer's name, and its gradient
    /// is the sum of both uses. The bias is the layer's own. Both layers keep the weight in 32 bits. Only a frozen layer's weight can be
    /// used by a frozen one.</param>
    /// <param name="kernelDepth">Planes of the window, at least 1; Kernel by default.</param>
    /// <param name="strideDepth">Step from one window to the next along the depth, at least 1; Stride by default.</param>
    /// <param name="paddingDepth">Planes added in front, and as many behind; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingFront">Planes added in front, at least 0. Overrides <c>PaddingDepth</c>.</param>
    /// <param name="paddingBack">Planes added behind, at least 0. Overrides <c>PaddingDepth</c>.</param>
    /// <param name="kernelHeight">Rows of the window, at least 1; Kernel by default.</param>
    /// <param name="kernelWidth">Columns of the window, at least 1; Kernel by default.</param>
    /// <param name="strideHeight">Vertical step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="strideWidth">Horizontal step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="paddingHeight">Rows added above, and as many below; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingWidth">Columns added on the left, and as many on the right; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingTop">Rows added above, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="paddingBottom">Rows added below, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="stride">Step from one window to the next, at least 1. The default is 1 for convolutions, and the kernel for
    /// pooling.</param>
    /// <param name="padding">Padding on each side of each axis, at least 0; 0 by default.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="autoPad">Padding by a rule instead of a number. It excludes all other padding arguments.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder ConvTranspose3D(
        int filters, int kernel, int? outputPadding = null, int? outputPaddingDepth = null, int? outputPaddingHeight = null,
        int? outputPaddingWidth = null, int? dilation = null, int? dilationDepth = null, int? dilationHeight = null,
        int? dilationWidth = null, int? groups = null, bool? bias = null, Initializer? initializer = null, string? tied = null,
        int? kernelDepth = null, int? strideDepth = null, int? paddingDepth = null, int? paddingFront = null,
        int? paddingBack = null, int? kernelHeight = null, int? kernelWidth = null, int? strideHeight = null,
        int? strideWidth = null, int? paddingHeight = null, int? paddingWidth = null, int? paddingTop = null,
        int? paddingBottom = null, int? stride = null, int? padding = null, int? paddingLeft = null, int? paddingRight = null,
        AutoPad? autoPad = null, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "ConvTranspose3D",
        [("filters", filters), ("kernel", kernel), ("OutputPadding", outputPadding), ("OutputPaddingDepth", outputPaddingDepth),
        ("OutputPaddingHeight", outputPaddingHeight), ("OutputPaddingWidth", outputPaddingWidth), ("Dilation", dilation),
        ("DilationDepth", dilationDepth), ("DilationHeight", dilationHeight), ("DilationWidth", dilationWidth), ("Groups", groups),
        ("Bias", bias), ("Initializer", initializer), ("Tied", tied), ("KernelDepth", kernelDepth), ("StrideDepth", strideDepth),
        ("PaddingDepth", paddingDepth), ("PaddingFront", paddingFront), ("PaddingBack", paddingBack), ("KernelHeight", kernelHeight),
        ("KernelWidth", kernelWidth), ("StrideHeight", strideHeight), ("StrideWidth", strideWidth), ("PaddingHeight", paddingHeight),
        ("PaddingWidth", paddingWidth), ("PaddingTop", paddingTop), ("PaddingBottom", paddingBottom), ("Stride", stride),
        ("Padding", padding), ("PaddingLeft", paddingLeft), ("PaddingRight", paddingRight), ("AutoPad", autoPad), ("Name", name),
        ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>The cosine of each element, in radians: PyTorch's <c>torch.cos</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Cos(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Cos",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Removes both ends of a sequence: PyTorch's <c>x[:, :, a:b:s]</c>, Keras' <c>Cropping1D</c>.</summary>
    /// <param name="crop">Number of elements, at least 0; 0 by default.</param>
    /// <param name="left">Elements removed at the beginning of a sequence or of each row, at least 0; Crop by default.</param>
    /// <param name="right">Elements removed at the end of a sequence or of each row, at least 0; Crop by default.</param>
    /// <param name="stride">Step from one element that is kept to the next, along each axis; at least 1 (the default). The first element
    /// is always kept.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Crop1D(
        int crop = 0, int? left = null, int? right = null, int? stride = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "Crop1D",
        [("crop", crop), ("Left", left), ("Right", right), ("Stride", stride), ("Name", name), ("From", from), ("Frozen", frozen),
        ("Weights", weights)]);

    /// <summary>Removes the margins of an image: PyTorch's <c>x[:, :, a:b:s, c:d:t]</c>, Keras' <c>Cropping2D</c>. With a stride, it takes
    /// every n-th row and column of the rest.</summary>
    /// <param name="crop">Number of elements, at least 0; 0 by default.</param>
    /// <param name="cropHeight">Rows removed above, and as many below; at least 0. Overrides <c>Crop</c>.</param>
    /// <param name="cropWidth">Columns removed on the left, and as many on the right; at least 0. Overrides <c>Crop</c>.</param>
    /// <param name="top">Rows removed above, at least 0. Overrides <c>CropHeight</c>.</param>
    /// <param name="bottom">Rows removed below, at least 0. Overrides <c>CropHeight</c>.</param>
    /// <param name="strideHeight">Step from one row that is kept to the next, at least 1; <c>Stride</c> by default.</param>
    /// <param name="strideWidth">Step from one column that is kept to the next, at least 1; <c>Stride</c> by default.</param>
    /// <param name="left">Elements removed at the beginning of a sequence or of each row, at least 0; Crop by default.</param>
    /// <param name="right">Elements removed at the end of a sequence or of each row, at least 0; Crop by default.</param>
    /// <param name="stride">Step from one element that is kept to the next, along each axis; at least 1 (the default). The first element
    /// is always kept.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Crop2D(
        int crop = 0, int? cropHeight = null, int? cropWidth = null, int? top = null, int? bottom = null,
        int? strideHeight = null, int? strideWidth = null, int? left = null, int? right = null, int? stride = null,
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Crop2D",
        [("crop", crop), ("CropHeight", cropHeight), ("CropWidth", cropWidth), ("Top", top), ("Bottom", bottom),
        ("StrideHeight", strideHeight), ("StrideWidth", strideWidth), ("Left", left), ("Right", right), ("Stride", stride),
        ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Removes the margins of a volume: PyTorch's <c>x[:, :, a:b, c:d, e:f]</c>, Keras' <c>Cropping3D</c>. With a stride, it
    /// takes every n-th plane, row and column of the rest.</summary>
    /// <param name="crop">Number of elements, at least 0; 0 by default.</param>
    /// <param name="cropHeight">Rows removed above, and as many below; at least 0. Overrides <c>Crop</c>.</param>
    /// <param name="cropWidth">Columns removed on the left, and as many on the right; at least 0. Overrides <c>Crop</c>.</param>
    /// <param name="cropDepth">Planes removed in front, and as many behind; at least 0. Overrides <c>Crop</c>.</param>
    /// <param name="top">Rows removed above, at least 0. Overrides <c>CropHeight</c>.</param>
    /// <param name="bottom">Rows removed below, at least 0. Overrides <c>CropHeight</c>.</param>
    /// <param name="front">Planes removed in front, at least 0. Overrides <c>CropDepth</c>.</param>
    /// <param name="back">Planes removed behind, at least 0. Overrides <c>CropDepth</c>.</param>
    /// <param name="strideHeight">Step from one row that is kept to the next, at least 1; <c>Stride</c> by default.</param>
    /// <param name="strideWidth">Step from one column that is kept to the next, at least 1; <c>Stride</c> by default.</param>
    /// <param name="strideDepth">Step from one plane that is kept to the next, at least 1; <c>Stride</c> by default.</param>
    /// <param name="left">Elements removed at the beginning of a sequence or of each row, at least 0; Crop by default.</param>
    /// <param name="right">Elements removed at the end of a sequence or of each row, at least 0; Crop by default.</param>
    /// <param name="stride">Step from one element that is kept to the next, along each axis; at least 1 (the default). The first element
    /// is always kept.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Crop3D(
        int crop = 0, int? cropHeight = null, int? cropWidth = null, int? cropDepth = null, int? top = null, int? bottom = null,
        int? front = null, int? back = null, int? strideHeight = null, int? strideWidth = null, int? strideDepth = null,
        int? left = null, int? right = null, int? stride = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Crop3D",
        [("crop", crop), ("CropHeight", cropHeight), ("CropWidth", cropWidth), ("CropDepth", cropDepth), ("Top", top), ("Bottom", bottom),
        ("Front", front), ("Back", back), ("StrideHeight", strideHeight), ("StrideWidth", strideWidth), ("StrideDepth", strideDepth),
        ("Left", left), ("Right", right), ("Stride", stride), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Cross-entropy against class indices, for classifiers and segmenters: PyTorch's <c>nn.CrossEntropyLoss</c>, Keras'
    /// <c>SparseCategoricalCrossentropy</c>.</summary>
    /// <param name="labelSmoothing">Label smoothing ε (Szegedy et al. 2016), from 0 to 1; 0 by default. This share of each target is
    /// spread equally over all classes.</param>
    /// <param name="classWeights">One weight for each class, at least 0; all 1 by default. Example: <c>new[] { 1.0, 2.5 }</c> if the
    /// second class is rare. As in PyTorch, the mean then divides by the sum of the weights of the batch's targets. If that sum is 0, the
    /// loss is 0.</param>
    /// <param name="ignoreIndex">Targets with this value are ignored, such as 255 for pixels without a label; −100 by default, as in
    /// PyTorch. The mean divides by the number of remaining targets. If none remain, the loss is 0.</param>
    /// <param name="reduction">Whether the loss is the mean over the targets (the default) or their sum.</param>
    /// <param name="from">Name of the tensor that the loss compares with its target; by default the tensor before it.</param>
    /// <param name="weight">The loss's weight in the sum of all losses: a finite number, 1 by default.</param>
    /// <param name="target">Name of the target. Losses with the same name share one target; by default all do.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder CrossEntropy(
        double? labelSmoothing = null, IReadOnlyList<double>? classWeights = null, int? ignoreIndex = null,
        Reduction? reduction = null, string? from = null, double? weight = null, string? target = null) => Append(
        "CrossEntropy",
        [("LabelSmoothing", labelSmoothing), ("ClassWeights", classWeights), ("IgnoreIndex", ignoreIndex), ("Reduction", reduction),
        ("From", from), ("Weight", weight), ("Target", target)]);

    /// <summary>Fully connected layer: PyTorch's <c>nn.Linear</c>, Keras' <c>Dense</c>.</summary>
    /// <param name="units">Number of outputs, at least 1.</param>
    /// <param name="bias">Whether a bias is added to each output; true by default.</param>
    /// <param name="overChannels">Whether the layer is applied to the channels of each pixel, as in ConvNeXt (Liu et al. 2022): PyTorch's
    /// <c>nn.Linear</c>, or Keras' <c>Dense</c>, of a tensor with channels last. False by default. A 1×1 convolution computes the same;
    /// its weights have the shape (units, C, 1, 1), while those of this layer have (units, C).</param>
    /// <param name="initializer">How weights are initialized; as in PyTorch by default.</param>
    /// <param name="tied">Name of a dense layer above it whose weight this layer uses transposed, as the decoder of a tied autoencoder
    /// does: <c>F.linear(h, fc.weight.t())</c>. Files have the weight once, under that layer's name, and its gradient is the sum of both
    /// uses. The bias is the layer's own. Both layers keep the weight in 32 bits. Only a frozen layer's weight can be used by a frozen
    /// one.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Dense(
        int units, bool? bias = null, bool? overChannels = null, Initializer? initializer = null, string? tied = null,
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Dense",
        [("units", units), ("Bias", bias), ("OverChannels", overChannels), ("Initializer", initializer), ("Tied", tied), ("Name", name),
        ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Divides the first branch of a group by the second, or a tensor by another one by name: PyTorch's <c>x / y</c>, Keras'
    /// <c>ops.divide</c>.</summary>
    /// <param name="names">Two names, such as <c>"x", "norm"</c>. Without names, the branches are joined.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Divide(
        IReadOnlyList<string>? names = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Divide",
        [("names", names), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Sets values to zero at random during training (Srivastava et al. 2014): PyTorch's <c>nn.Dropout</c>. In inference it does
    /// nothing.</summary>
    /// <param name="rate">Probability that a value becomes 0: 0 ≤ rate &lt; 1; 0.5 by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Dropout(
        double rate = 0.5, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Dropout",
        [("rate", rate), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Exponential linear unit (Clevert et al. 2015): PyTorch's <c>nn.ELU</c>.</summary>
    /// <param name="alpha">The function tends to −alpha as x goes to −∞. Any finite number; 1 by default. In training, a layer with a
    /// negative alpha is not fused with pooling.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder ELU(
        double alpha = 1, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "ELU",
        [("alpha", alpha), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>A learned row of numbers for each index: PyTorch's <c>nn.Embedding</c>, Keras' <c>Embedding</c>.</summary>
    /// <param name="count">The number of rows, such as the words of a vocabulary: from 1 to 2²⁴, up to which each index is a float.</param>
    /// <param name="features">The numbers of a row, at least 1.</param>
    /// <param name="deviation">The standard deviation of initial values, which are normally distributed around 0: at least 0, and 1 by
    /// default, as in PyTorch.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Embedding(
        int count, int features, double? deviation = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Embedding",
        [("count", count), ("features", features), ("Deviation", deviation), ("Name", name), ("From", from), ("Frozen", frozen),
        ("Weights", weights)]);

    /// <summary>1 where an element of the first tensor is equal to that of the second one, else 0: PyTorch's <c>torch.eq</c>.</summary>
    /// <param name="names">Two names. Without names, the branches are compared.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Equal(
        IReadOnlyList<string>? names = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Equal",
        [("names", names), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>The error function of each element: PyTorch's <c>torch.erf</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Erf(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Erf",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>The exponential function of each element: PyTorch's <c>torch.exp</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Exp(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Exp",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Rounds each number to the nearest one that an integer of few bits can stand for: PyTorch's <c>FakeQuantize</c>, ONNX's
    /// <c>QuantizeLinear</c> and <c>DequantizeLinear</c>.</summary>
    /// <param name="quantMin">The smallest integer, from −32768 to 0: PyTorch's <c>quant_min</c>; 0 by default.</param>
    /// <param name="quantMax">The largest integer, from 1 to 65535: PyTorch's <c>quant_max</c>; 255 by default.</param>
    /// <param name="scale">The initial distance between two neighbours, a finite number above 0; 1 by default.</param>
    /// <param name="zeroPoint">The initial integer that stands for 0, from QuantMin to QuantMax; 0 by default.</param>
    /// <param name="perChannel">Whether each channel has its own scale and zero point. False by default: all channels share one.</param>
    /// <param name="learned">Whether training learns the scale. False by default. Nothing but a small learning rate keeps it above 0:
    /// begin with a Scale that suits the numbers.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder FakeQuantize(
        int? quantMin = null, int? quantMax = null, double? scale = null, int? zeroPoint = null, bool? perChannel = null,
        bool? learned = null, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "FakeQuantize",
        [("QuantMin", quantMin), ("QuantMax", quantMax), ("Scale", scale), ("ZeroPoint", zeroPoint), ("PerChannel", perChannel),
        ("Learned", learned), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Applies a classic filter with fixed numbers to each channel separately: edges, blur, sharpening.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="padding">Elements added on each side before filtering, at least 0. 0 by default; 1 keeps the size.</param>
    /// <param name="paddingMode">How padding is filled; with zeros by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Filter2D(
        Filter filter, int? padding = null, PaddingMode? paddingMode = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "Filter2D",
        [("filter", filter), ("Padding", padding), ("PaddingMode", paddingMode), ("Name", name), ("From", from), ("Frozen", frozen),
        ("Weights", weights)]);

    /// <summary>Flattens a sample to one dimension: PyTorch's <c>nn.Flatten</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Flatten(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Flatten",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>The largest whole number up to each element: PyTorch's <c>torch.floor</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Floor(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Floor",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Gaussian error linear unit (Hendrycks and Gimpel 2016): PyTorch's <c>nn.GELU</c>.</summary>
    /// <param name="approximate">Whether to compute the approximation y = ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))): PyTorch's
    /// <c>approximate='tanh'</c>, Keras' <c>approximate=True</c>. False by default. Use it for networks that were trained with it; it is
    /// no faster.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder GELU(
        bool? approximate = null, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "GELU",
        [("Approximate", approximate), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>A gated recurrent unit along a sequence (Cho et al. 2014): PyTorch's <c>nn.GRU</c>.</summary>
    /// <param name="hidden">The features of the state, at least 1.</param>
    /// <param name="layers">The number of layers, from 1 to 100; 1 by default. Each reads the states of the one before.</param>
    /// <param name="bidirectional">Whether the sequence is also read from its end; false by default.</param>
    /// <param name="bias">Whether biases are added; true by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder GRU(
        int hidden, int? layers = null, bool? bidirectional = null, bool? bias = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "GRU",
        [("hidden", hidden), ("Layers", layers), ("Bidirectional", bidirectional), ("Bias", bias), ("Name", name), ("From", from),
        ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Elements along an axis at indices that another tensor holds: PyTorch's <c>torch.gather</c>.</summary>
    /// <param name="names">Two names. Without names, the branches are read.</param>
    /// <param name="axis">The axis along which elements are taken: one of them. Channels by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Gather(
        IReadOnlyList<string>? names = null, Axes? axis = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Gather",
        [("names", names), ("Axis", axis), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Global average pooling, the mean of each channel: Keras' <c>GlobalAveragePooling1D</c> with <c>keepdims=True</c>,
    /// PyTorch's <c>nn.AdaptiveAvgPool1d(1)</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder GlobalAveragePool1D(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "GlobalAveragePool1D",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Global average pooling, the mean of each channel: Keras' <c>GlobalAveragePooling2D</c> with <c>keepdims=True</c>,
    /// PyTorch's <c>nn.AdaptiveAvgPool2d(1)</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder GlobalAveragePool2D(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "GlobalAveragePool2D",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Global average pooling, the mean of each channel: Keras' <c>GlobalAveragePooling3D</c> with <c>keepdims=True</c>,
    /// PyTorch's <c>nn.AdaptiveAvgPool3d(1)</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder GlobalAveragePool3D(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "GlobalAveragePool3D",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Global max pooling, the maximum of each channel: Keras' <c>GlobalMaxPooling1D</c> with <c>keepdims=True</c>, PyTorch's
    /// <c>nn.AdaptiveMaxPool1d(1)</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder GlobalMaxPool1D(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "GlobalMaxPool1D",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Global max pooling, the maximum of each channel: Keras' <c>GlobalMaxPooling2D</c> with <c>keepdims=True</c>, PyTorch's
    /// <c>nn.AdaptiveMaxPool2d(1)</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder GlobalMaxPool2D(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "GlobalMaxPool2D",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Global max pooling, the maximum of each channel: Keras' <c>GlobalMaxPooling3D</c> with <c>keepdims=True</c>, PyTorch's
    /// <c>nn.AdaptiveMaxPool3d(1)</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder GlobalMaxPool3D(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "GlobalMaxPool3D",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>1 where an element of the first tensor is greater than that of the second one, else 0: PyTorch's <c>torch.gt</c>.</summary>
    /// <param name="names">Two names. Without names, the branches are compared.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Greater(
        IReadOnlyList<string>? names = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Greater",
        [("names", names), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>1 where an element of the first tensor is greater than that of the second one or equal to it, else 0: PyTorch's
    /// <c>torch.ge</c>.</summary>
    /// <param name="names">Two names. Without names, the branches are compared.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder GreaterOrEqual(
        IReadOnlyList<string>? names = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "GreaterOrEqual",
        [("names", names), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Elements between those of a tensor, at points that another one holds: PyTorch's <c>F.grid_sample</c>.</summary>
    /// <param name="names">Two names. Without names, the branches are read.</param>
    /// <param name="mode">How values between elements are computed; Bilinear by default.</param>
    /// <param name="paddingMode">What is read outside of the tensor; Zeros by default.</param>
    /// <param name="alignCorners">Whether −1 and 1 are the centres of the outermost elements, and not their edges; false by
    /// default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder GridSample(
        IReadOnlyList<string>? names = null, GridSampleMode? mode = null, GridPaddingMode? paddingMode = null,
        bool? alignCorners = null, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "GridSample",
        [("names", names), ("Mode", mode), ("PaddingMode", paddingMode), ("AlignCorners", alignCorners), ("Name", name), ("From", from),
        ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Normalises each group of channels of each sample (Wu and He 2018): PyTorch's <c>nn.GroupNorm</c>, Keras'
    /// <c>GroupNormalization</c>.</summary>
    /// <param name="groups">Number of groups, at least 1: PyTorch's <c>num_groups</c>.</param>
    /// <param name="epsilon">ε, added to the variance; at least 0, 1e-5 by default. With ε = 0, an input of zeros becomes β, or 0 without
    /// β, where PyTorch gives NaN.</param>
    /// <param name="affine">Whether the layer has γ and β; true by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder GroupNorm(
        int groups, double? epsilon = null, bool? affine = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "GroupNorm",
        [("groups", groups), ("Epsilon", epsilon), ("Affine", affine), ("Name", name), ("From", from), ("Frozen", frozen),
        ("Weights", weights)]);

    /// <summary>Piecewise linear sigmoid (Howard et al. 2019): PyTorch's <c>nn.Hardsigmoid</c>, and ONNX' <c>HardSigmoid</c>.</summary>
    /// <param name="alpha">The slope, a finite number; 1/6 by default, as in PyTorch. ONNX has 0.2.</param>
    /// <param name="beta">The value at 0, a finite number; 0.5 by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder HardSigmoid(
        double alpha = 0.16666666666666666, double beta = 0.5, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "HardSigmoid",
        [("alpha", alpha), ("beta", beta), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Piecewise quadratic swish (Howard et al. 2019): PyTorch's <c>nn.Hardswish</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder HardSwish(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "HardSwish",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Sets values near 0 to 0: PyTorch's <c>nn.Hardshrink</c>.</summary>
    /// <param name="lambda">Values from −lambda to lambda become 0. At least 0; 0.5 by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Hardshrink(
        double lambda = 0.5, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Hardshrink",
        [("lambda", lambda), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Clamps values between two bounds: PyTorch's <c>nn.Hardtanh</c>.</summary>
    /// <param name="min">The smallest output, a finite number; −1 by default.</param>
    /// <param name="max">The largest output, a finite number greater than Min; 1 by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Hardtanh(
        double? min = null, double? max = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Hardtanh",
        [("Min", min), ("Max", max), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Multi-class hinge loss (Crammer and Singer) against class indices: PyTorch's <c>nn.MultiMarginLoss</c>.</summary>
    /// <param name="margin">The margin by which the target class's score should exceed all others; at least 0, 1 by default.</param>
    /// <param name="classWeights">One weight for each class, at least 0; all 1 by default. It multiplies the losses of the class's
    /// samples. As in PyTorch, the mean still divides by the number of samples.</param>
    /// <param name="reduction">Whether the loss is the mean over the samples (the default) or their sum.</param>
    /// <param name="from">Name of the tensor that the loss compares with its target; by default the tensor before it.</param>
    /// <param name="weight">The loss's weight in the sum of all losses: a finite number, 1 by default.</param>
    /// <param name="target">Name of the target. Losses with the same name share one target; by default all do.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Hinge(
        double? margin = null, IReadOnlyList<double>? classWeights = null, Reduction? reduction = null, string? from = null,
        double? weight = null, string? target = null) => Append(
        "Hinge",
        [("Margin", margin), ("ClassWeights", classWeights), ("Reduction", reduction), ("From", from), ("Weight", weight),
        ("Target", target)]);

    /// <summary>Squared error for small differences and absolute error for large ones, for regression with outliers: PyTorch's
    /// <c>nn.HuberLoss</c>, Keras' <c>Huber</c>.</summary>
    /// <param name="delta">δ, the difference from which the error is absolute; greater than 0, 1 by default.</param>
    /// <param name="reduction">Whether the loss is the mean over all values of all samples (the default) or their sum.</param>
    /// <param name="from">Name of the tensor that the loss compares with its target; by default the tensor before it.</param>
    /// <param name="weight">The loss's weight in the sum of all losses: a finite number, 1 by default.</param>
    /// <param name="target">Name of the target. Losses with the same name share one target; by default all do.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Huber(
        double? delta = null, Reduction? reduction = null, string? from = null, double? weight = null, string? target = null) => Append(
        "Huber",
        [("Delta", delta), ("Reduction", reduction), ("From", from), ("Weight", weight), ("Target", target)]);

    /// <summary>Normalises each channel of each sample (Ulyanov et al. 2016): PyTorch's <c>nn.InstanceNorm1d</c>, <c>nn.InstanceNorm2d</c>
    /// and <c>nn.InstanceNorm3d</c>, without running statistics.</summary>
    /// <param name="epsilon">ε, added to the variance; at least 0, 1e-5 by default. With ε = 0, an input of zeros becomes β, or 0 without
    /// β, where PyTorch gives NaN.</param>
    /// <param name="affine">Whether the layer has γ and β; false by default, as in PyTorch.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder InstanceNorm(
        double? epsilon = null, bool? affine = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "InstanceNorm",
        [("Epsilon", epsilon), ("Affine", affine), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>The sum of absolute errors: PyTorch's <c>nn.L1Loss(reduction="sum")</c>. PyTorch's default, the mean, is
    /// MeanAbsoluteErrorAttribute.</summary>
    /// <param name="reduction">Whether the loss is the sum over all values of all samples (the default) or their mean.</param>
    /// <param name="from">Name of the tensor that the loss compares with its target; by default the tensor before it.</param>
    /// <param name="weight">The loss's weight in the sum of all losses: a finite number, 1 by default.</param>
    /// <param name="target">Name of the target. Losses with the same name share one target; by default all do.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder L1(
        Reduction? reduction = null, string? from = null, double? weight = null, string? target = null) => Append(
        "L1",
        [("Reduction", reduction), ("From", from), ("Weight", weight), ("Target", target)]);

    /// <summary>The sum of squared errors: PyTorch's <c>nn.MSELoss(reduction="sum")</c>. The mean is MeanSquaredErrorAttribute.</summary>
    /// <param name="reduction">Whether the loss is the sum over all values of all samples (the default) or their mean.</param>
    /// <param name="from">Name of the tensor that the loss compares with its target; by default the tensor before it.</param>
    /// <param name="weight">The loss's weight in the sum of all losses: a finite number, 1 by default.</param>
    /// <param name="target">Name of the target. Losses with the same name share one target; by default all do.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder L2(
        Reduction? reduction = null, string? from = null, double? weight = null, string? target = null) => Append(
        "L2",
        [("Reduction", reduction), ("From", from), ("Weight", weight), ("Target", target)]);

    /// <summary>L2 pooling, the Euclidean norm of windows of each channel: PyTorch's <c>nn.LPPool1d</c> with norm type 2.</summary>
    /// <param name="kernel">Length of the window, at least 1; also the stride by default.</param>
    /// <param name="ceilMode">Whether the last window may extend past the end of the padded input, as in PyTorch's <c>ceil_mode</c>; false
    /// by default. It must begin inside the input or the padding before it. Writing <c>CeilMode = false</c> also turns off warning
    /// STRATA035, which reports elements that no window reads.</param>
    /// <param name="stride">Step from one window to the next, at least 1. The default is 1 for convolutions, and the kernel for
    /// pooling.</param>
    /// <param name="padding">Padding on each side of each axis, at least 0; 0 by default.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="autoPad">Padding by a rule instead of a number. It excludes all other padding arguments.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder L2Pool1D(
        int kernel, bool? ceilMode = null, int? stride = null, int? padding = null, int? paddingLeft = null,
        int? paddingRight = null, AutoPad? autoPad = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "L2Pool1D",
        [("kernel", kernel), ("CeilMode", ceilMode), ("Stride", stride), ("Padding", padding), ("PaddingLeft", paddingLeft),
        ("PaddingRight", paddingRight), ("AutoPad", autoPad), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>L2 pooling, the Euclidean norm of windows of each channel: PyTorch's <c>nn.LPPool2d</c> with norm type 2.</summary>
    /// <param name="kernel">Rows and columns of the window, at least 1; also the stride by default.</param>
    /// <param name="ceilMode">Whether the last window may extend past the end of the padded input, as in PyTorch's <c>ceil_mode</c>; false
    /// by default. It must begin inside the input or the padding before it. Writing <c>CeilMode = false</c> also turns off warning
    /// STRATA035, which reports elements that no window reads.</param>
    /// <param name="kernelHeight">Rows of the window, at least 1; Kernel by default.</param>
    /// <param name="kernelWidth">Columns of the window, at least 1; Kernel by default.</param>
    /// <param name="strideHeight">Vertical step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="strideWidth">Horizontal step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="paddingHeight">Rows added above, and as many below; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingWidth">Columns added on the left, and as many on the right; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingTop">Rows added above, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="paddingBottom">Rows added below, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="stride">Step from one window to the next, at least 1. The default is 1 for convolutions, and the kernel for
    /// pooling.</param>
    /// <param name="padding">Padding on each side of each axis, at least 0; 0 by default.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="autoPad">Padding by a rule instead of a number. It excludes all other padding arguments.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder L2Pool2D(
        int kernel, bool? ceilMode = null, int? kernelHeight = null, int? kernelWidth = null, int? strideHeight = null,
        int? strideWidth = null, int? paddingHeight = null, int? paddingWidth = null, int? paddingTop = null,
        int? paddingBottom = null, int? stride = null, int? padding = null, int? paddingLeft = null, int? paddingRight = null,
        AutoPad? autoPad = null, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "L2Pool2D",
        [("kernel", kernel), ("CeilMode", ceilMode), ("KernelHeight", kernelHeight), ("KernelWidth", kernelWidth),
        ("StrideHeight", strideHeight), ("StrideWidth", strideWidth), ("PaddingHeight", paddingHeight), ("PaddingWidth", paddingWidth),
        ("PaddingTop", paddingTop), ("PaddingBottom", paddingBottom), ("Stride", stride), ("Padding", padding),
        ("PaddingLeft", paddingLeft), ("PaddingRight", paddingRight), ("AutoPad", autoPad), ("Name", name), ("From", from),
        ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>L2 pooling, the Euclidean norm of windows of each channel: PyTorch's <c>nn.LPPool3d</c> with norm type 2.</summary>
    /// <param name="kernel">Planes, rows and columns of the window, at least 1; also the stride by default.</param>
    /// <param name="ceilMode">Whether the last window may extend past the end of the padded input, as in PyTorch's <c>ceil_mode</c>; false
    /// by default. It must begin inside the input or the padding before it. Writing <c>CeilMode = false</c> also turns off warning
    /// STRATA035, which reports elements that no window reads.</param>
    /// <param name="kernelDepth">Planes of the window, at least 1; Kernel by default.</param>
    /// <param name="strideDepth">Step from one window to the next along the depth, at least 1; Stride by default.</param>
    /// <param name="paddingDepth">Planes added in front, and as many behind; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingFront">Planes added in front, at least 0. Overrides <c>PaddingDepth</c>.</param>
    /// <param name="paddingBack">Planes added behind, at least 0. Overrides <c>PaddingDepth</c>.</param>
    /// <param name="kernelHeight">Rows of the window, at least 1; Kernel by default.</param>
    /// <param name="kernelWidth">Columns of the window, at least 1; Kernel by default.</param>
    /// <param name="strideHeight">Vertical step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="strideWidth">Horizontal step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="paddingHeight">Rows added above, and as many below; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingWidth">Columns added on the left, and as many on the right; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingTop">Rows added above, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="paddingBottom">Rows added below, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="stride">Step from one window to the next, at least 1. The default is 1 for convolutions, and the kernel for
    /// pooling.</param>
    /// <param name="padding">Padding on each side of each axis, at least 0; 0 by default.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="autoPad">Padding by a rule instead of a number. It excludes all other padding arguments.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder L2Pool3D(
        int kernel, bool? ceilMode = null, int? kernelDepth = null, int? strideDepth = null, int? paddingDepth = null,
        int? paddingFront = null, int? paddingBack = null, int? kernelHeight = null, int? kernelWidth = null,
        int? strideHeight = null, int? strideWidth = null, int? paddingHeight = null, int? paddingWidth = null,
        int? paddingTop = null, int? paddingBottom = null, int? stride = null, int? padding = null, int? paddingLeft = null,
        int? paddingRight = null, AutoPad? autoPad = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "L2Pool3D",
        [("kernel", kernel), ("CeilMode", ceilMode), ("KernelDepth", kernelDepth), ("StrideDepth", strideDepth),
        ("PaddingDepth", paddingDepth), ("PaddingFront", paddingFront), ("PaddingBack", paddingBack), ("KernelHeight", kernelHeight),
        ("KernelWidth", kernelWidth), ("StrideHeight", strideHeight), ("StrideWidth", strideWidth), ("PaddingHeight", paddingHeight),
        ("PaddingWidth", paddingWidth), ("PaddingTop", paddingTop), ("PaddingBottom", paddingBottom), ("Stride", stride),
        ("Padding", padding), ("PaddingLeft", paddingLeft), ("PaddingRight", paddingRight), ("AutoPad", autoPad), ("Name", name),
        ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>A long short-term memory along a sequence (Hochreiter and Schmidhuber 1997; Gers, Schmidhuber and Cummins 2000): PyTorch's
    /// <c>nn.LSTM</c>.</summary>
    /// <param name="hidden">The features of the state, at least 1.</param>
    /// <param name="layers">The number of layers, from 1 to 100; 1 by default. Each reads the states of the one before.</param>
    /// <param name="bidirectional">Whether the sequence is also read from its end; false by default.</param>
    /// <param name="bias">Whether biases are added; true by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder LSTM(
        int hidden, int? layers = null, bool? bidirectional = null, bool? bias = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "LSTM",
        [("hidden", hidden), ("Layers", layers), ("Bidirectional", bidirectional), ("Bias", bias), ("Name", name), ("From", from),
        ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Normalises each sample (Ba et al. 2016): PyTorch's <c>nn.LayerNorm</c> over all axes of a sample, Keras'
    /// <c>LayerNormalization</c>.</summary>
    /// <param name="epsilon">ε, added to the variance; at least 0, 1e-5 by default. With ε = 0, an input of zeros becomes β, or 0 without
    /// β, where PyTorch gives NaN.</param>
    /// <param name="affine">Whether the layer has γ and β; true by default: PyTorch's <c>elementwise_affine</c>.</param>
    /// <param name="axes">The axes along which mean and variance are computed; all axes of a sample by default. <c>Axes.Height |
    /// Axes.Width</c> is PyTorch's <c>nn.LayerNorm([H, W])</c>, and Keras has <c>axis</c>. <c>Axes.Channels</c> is OverChannels.</param>
    /// <param name="overChannels">Whether each pixel is normalised on its own, over its channels, as in ConvNeXt (Liu et al. 2022):
    /// PyTorch's <c>nn.LayerNorm(C)</c> of a tensor with channels last. γ and β then have C elements. False by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder LayerNorm(
        double? epsilon = null, bool? affine = null, Axes? axes = null, bool? overChannels = null, string? name = null,
        string? from = null, bool? frozen = null, string? weights = null) => Append(
        "LayerNorm",
        [("Epsilon", epsilon), ("Affine", affine), ("Axes", axes), ("OverChannels", overChannels), ("Name", name), ("From", from),
        ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Rectified linear unit with a small slope for negative inputs (Maas et al. 2013): PyTorch's <c>nn.LeakyReLU</c>.</summary>
    /// <param name="slope">Slope for x &lt; 0: PyTorch's <c>negative_slope</c>. Any finite number; 0.01 by default. In training, a layer
    /// with a negative slope is not fused with pooling.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder LeakyReLU(
        double slope = 0.01, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "LeakyReLU",
        [("slope", slope), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>1 where an element of the first tensor is less than that of the second one, else 0: PyTorch's <c>torch.lt</c>.</summary>
    /// <param name="names">Two names. Without names, the branches are compared.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Less(
        IReadOnlyList<string>? names = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Less",
        [("names", names), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>1 where an element of the first tensor is less than that of the second one or equal to it, else 0: PyTorch's
    /// <c>torch.le</c>.</summary>
    /// <param name="names">Two names. Without names, the branches are compared.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder LessOrEqual(
        IReadOnlyList<string>? names = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "LessOrEqual",
        [("names", names), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Local response normalisation across channels (Krizhevsky et al. 2012, §3.3), as in AlexNet and GoogLeNet: PyTorch's
    /// <c>nn.LocalResponseNorm</c>.</summary>
    /// <param name="size">Number of channels n of the window, at least 1.</param>
    /// <param name="alpha">α, at least 0; 10⁻⁴ by default.</param>
    /// <param name="beta">β, at least 0; 0.75 by default.</param>
    /// <param name="k">k, at least 0; 1 by default. With k = 0, a window of zeros gives 0, where PyTorch gives NaN.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder LocalResponseNorm(
        int size, double? alpha = null, double? beta = null, double? k = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "LocalResponseNorm",
        [("size", size), ("Alpha", alpha), ("Beta", beta), ("K", k), ("Name", name), ("From", from), ("Frozen", frozen),
        ("Weights", weights)]);

    /// <summary>The natural logarithm of each element: PyTorch's <c>torch.log</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Log(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Log",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Logarithm of the logistic function: PyTorch's <c>nn.LogSigmoid</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder LogSigmoid(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "LogSigmoid",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Logarithm of softmax along the channels, or along other axes, computed in a numerically stable way: PyTorch's
    /// <c>nn.LogSoftmax(dim=1)</c>.</summary>
    /// <param name="axes">The axes along which the exponentials of the output sum to 1; the channels by default: PyTorch's <c>dim</c>,
    /// Keras' <c>axis</c>.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder LogSoftmax(
        Axes? axes = null, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "LogSoftmax",
        [("Axes", axes), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Log-sum-exp pooling, a smooth maximum over windows of each channel (Pinheiro and Collobert 2015, section 3.2):
    /// <c>torch.logsumexp</c> of windows.</summary>
    /// <param name="kernel">Length of the window, at least 1; also the stride by default.</param>
    /// <param name="sharpness">r in the formula: a positive number that a 32-bit float can hold; 1 by default.</param>
    /// <param name="ceilMode">Whether the last window may extend past the end of the padded input, as in PyTorch's <c>ceil_mode</c>; false
    /// by default. It must begin inside the input or the padding before it. Writing <c>CeilMode = false</c> also turns off warning
    /// STRATA035, which reports elements that no window reads.</param>
    /// <param name="stride">Step from one window to the next, at least 1. The default is 1 for convolutions, and the kernel for
    /// pooling.</param>
    /// <param name="padding">Padding on each side of each axis, at least 0; 0 by default.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="autoPad">Padding by a rule instead of a number. It excludes all other padding arguments.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder LogSumExpPool1D(
        int kernel, double? sharpness = null, bool? ceilMode = null, int? stride = null, int? padding = null,
        int? paddingLeft = null, int? paddingRight = null, AutoPad? autoPad = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "LogSumExpPool1D",
        [("kernel", kernel), ("Sharpness", sharpness), ("CeilMode", ceilMode), ("Stride", stride), ("Padding", padding),
        ("PaddingLeft", paddingLeft), ("PaddingRight", paddingRight), ("AutoPad", autoPad), ("Name", name), ("From", from),
        ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Log-sum-exp pooling, a smooth maximum over windows of each channel (Pinheiro and Collobert 2015, section 3.2):
    /// <c>torch.logsumexp</c> of windows.</summary>
    /// <param name="kernel">Rows and columns of the window, at least 1; also the stride by default.</param>
    /// <param name="sharpness">r in the formula: a positive number that a 32-bit float can hold; 1 by default.</param>
    /// <param name="ceilMode">Whether the last window may extend past the end of the padded input, as in PyTorch's <c>ceil_mode</c>; false
    /// by default. It must begin inside the input or the padding before it. Writing <c>CeilMode = false</c> also turns off warning
    /// STRATA035, which reports elements that no window reads.</param>
    /// <param name="kernelHeight">Rows of the window, at least 1; Kernel by default.</param>
    /// <param name="kernelWidth">Columns of the window, at least 1; Kernel by default.</param>
    /// <param name="strideHeight">Vertical step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="strideWidth">Horizontal step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="paddingHeight">Rows added above, and as many below; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingWidth">Columns added on the left, and as many on the right; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingTop">Rows added above, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="paddingBottom">Rows added below, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="stride">Step from one window to the next, at least 1. The default is 1 for convolutions, and the kernel for
    /// pooling.</param>
    /// <param name="padding">Padding on each side of each axis, at least 0; 0 by default.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="autoPad">Padding by a rule instead of a number. It excludes all other padding arguments.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder LogSumExpPool2D(
        int kernel, double? sharpness = null, bool? ceilMode = null, int? kernelHeight = null, int? kernelWidth = null,
        int? strideHeight = null, int? strideWidth = null, int? paddingHeight = null, int? paddingWidth = null,
        int? paddingTop = null, int? paddingBottom = null, int? stride = null, int? padding = null, int? paddingLeft = null,
        int? paddingRight = null, AutoPad? autoPad = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "LogSumExpPool2D",
        [("kernel", kernel), ("Sharpness", sharpness), ("CeilMode", ceilMode), ("KernelHeight", kernelHeight),
        ("KernelWidth", kernelWidth), ("StrideHeight", strideHeight), ("StrideWidth", strideWidth), ("PaddingHeight", paddingHeight),
        ("PaddingWidth", paddingWidth), ("PaddingTop", paddingTop), ("PaddingBottom", paddingBottom), ("Stride", stride),
        ("Padding", padding), ("PaddingLeft", paddingLeft), ("PaddingRight", paddingRight), ("AutoPad", autoPad), ("Name", name),
        ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Log-sum-exp pooling, a smooth maximum over windows of each channel (Pinheiro and Collobert 2015, section 3.2):
    /// <c>torch.logsumexp</c> of windows.</summary>
    /// <param name="kernel">Planes, rows and columns of the window, at least 1; also the stride by default.</param>
    /// <param name="sharpness">r in the formula: a positive number that a 32-bit float can hold; 1 by default.</param>
    /// <param name="ceilMode">Whether the last window may extend past the end of the padded input, as in PyTorch's <c>ceil_mode</c>; false
    /// by default. It must begin inside the input or the padding before it. Writing <c>CeilMode = false</c> also turns off warning
    /// STRATA035, which reports elements that no window reads.</param>
    /// <param name="kernelDepth">Planes of the window, at least 1; Kernel by default.</param>
    /// <param name="strideDepth">Step from one window to the next along the depth, at least 1; Stride by default.</param>
    /// <param name="paddingDepth">Planes added in front, and as many behind; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingFront">Planes added in front, at least 0. Overrides <c>PaddingDepth</c>.</param>
    /// <param name="paddingBack">Planes added behind, at least 0. Overrides <c>PaddingDepth</c>.</param>
    /// <param name="kernelHeight">Rows of the window, at least 1; Kernel by default.</param>
    /// <param name="kernelWidth">Columns of the window, at least 1; Kernel by default.</param>
    /// <param name="strideHeight">Vertical step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="strideWidth">Horizontal step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="paddingHeight">Rows added above, and as many below; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingWidth">Columns added on the left, and as many on the right; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingTop">Rows added above, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="paddingBottom">Rows added below, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="stride">Step from one window to the next, at least 1. The default is 1 for convolutions, and the kernel for
    /// pooling.</param>
    /// <param name="padding">Padding on each side of each axis, at least 0; 0 by default.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="autoPad">Padding by a rule instead of a number. It excludes all other padding arguments.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder LogSumExpPool3D(
        int kernel, double? sharpness = null, bool? ceilMode = null, int? kernelDepth = null, int? strideDepth = null,
        int? paddingDepth = null, int? paddingFront = null, int? paddingBack = null, int? kernelHeight = null,
        int? kernelWidth = null, int? strideHeight = null, int? strideWidth = null, int? paddingHeight = null,
        int? paddingWidth = null, int? paddingTop = null, int? paddingBottom = null, int? stride = null, int? padding = null,
        int? paddingLeft = null, int? paddingRight = null, AutoPad? autoPad = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "LogSumExpPool3D",
        [("kernel", kernel), ("Sharpness", sharpness), ("CeilMode", ceilMode), ("KernelDepth", kernelDepth), ("StrideDepth", strideDepth),
        ("PaddingDepth", paddingDepth), ("PaddingFront", paddingFront), ("PaddingBack", paddingBack), ("KernelHeight", kernelHeight),
        ("KernelWidth", kernelWidth), ("StrideHeight", strideHeight), ("StrideWidth", strideWidth), ("PaddingHeight", paddingHeight),
        ("PaddingWidth", paddingWidth), ("PaddingTop", paddingTop), ("PaddingBottom", paddingBottom), ("Stride", stride),
        ("Padding", padding), ("PaddingLeft", paddingLeft), ("PaddingRight", paddingRight), ("AutoPad", autoPad), ("Name", name),
        ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>The product of two tensors of matrices: PyTorch's <c>torch.matmul</c>, and its <c>bmm</c>.</summary>
    /// <param name="names">Two names. Without names, the branches are multiplied.</param>
    /// <param name="transposeA">Whether rows and columns of the first tensor's matrices are exchanged; false by default.</param>
    /// <param name="transposeB">Whether rows and columns of the second tensor's matrices are exchanged; false by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder MatMul(
        IReadOnlyList<string>? names = null, bool? transposeA = null, bool? transposeB = null, string? name = null,
        string? from = null, bool? frozen = null, string? weights = null) => Append(
        "MatMul",
        [("names", names), ("TransposeA", transposeA), ("TransposeB", transposeB), ("Name", name), ("From", from), ("Frozen", frozen),
        ("Weights", weights)]);

    /// <summary>The maximum along some axes: PyTorch's <c>x.amax(dim)</c>, Keras' <c>ops.max</c>.</summary>
    /// <param name="axes">The axes, such as <c>Axes.Pixels</c> or <c>Axes.Channels | Axes.Width</c>.</param>
    /// <param name="keepAxes">Whether these axes stay, with an extent of 1: PyTorch's <c>keepdim</c>, Keras' <c>keepdims</c>. False by
    /// default: the axes are removed. The first axis that is left then counts as the channels; if none is left, the output is one
    /// feature.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Max(
        Axes axes, bool? keepAxes = null, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Max",
        [("axes", axes), ("KeepAxes", keepAxes), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Max pooling, the maximum over windows of each channel: PyTorch's <c>nn.MaxPool1d</c>, Keras' <c>MaxPooling1D</c>.</summary>
    /// <param name="kernel">Length of the window, at least 1; also the stride by default.</param>
    /// <param name="dilation">Distance between the elements of a window, at least 1 (the default).</param>
    /// <param name="ceilMode">Whether the last window may extend past the end of the padded input, as in PyTorch's <c>ceil_mode</c>; false
    /// by default. It must begin inside the input or the padding before it. Writing <c>CeilMode = false</c> also turns off warning
    /// STRATA035, which reports elements that no window reads.</param>
    /// <param name="stride">Step from one window to the next, at least 1. The default is 1 for convolutions, and the kernel for
    /// pooling.</param>
    /// <param name="padding">Padding on each side of each axis, at least 0; 0 by default.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="autoPad">Padding by a rule instead of a number. It excludes all other padding arguments.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder MaxPool1D(
        int kernel, int? dilation = null, bool? ceilMode = null, int? stride = null, int? padding = null,
        int? paddingLeft = null, int? paddingRight = null, AutoPad? autoPad = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "MaxPool1D",
        [("kernel", kernel), ("Dilation", dilation), ("CeilMode", ceilMode), ("Stride", stride), ("Padding", padding),
        ("PaddingLeft", paddingLeft), ("PaddingRight", paddingRight), ("AutoPad", autoPad), ("Name", name), ("From", from),
        ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Max pooling, the maximum over windows of each channel: PyTorch's <c>nn.MaxPool2d</c>, Keras' <c>MaxPooling2D</c>.</summary>
    /// <param name="kernel">Rows and columns of the window, at least 1; also the stride by default.</param>
    /// <param name="dilation">Distance between the rows and between the columns of a window; at least 1 (the default).</param>
    /// <param name="dilationHeight">Distance between the rows of a window, at least 1; Dilation by default.</param>
    /// <param name="dilationWidth">Distance between the columns of a window, at least 1; Dilation by default.</param>
    /// <param name="ceilMode">Whether the last window may extend past the end of the padded input, as in PyTorch's <c>ceil_mode</c>; false
    /// by default. It must begin inside the input or the padding before it. Writing <c>CeilMode = false</c> also turns off warning
    /// STRATA035, which reports elements that no window reads.</param>
    /// <param name="kernelHeight">Rows of the window, at least 1; Kernel by default.</param>
    /// <param name="kernelWidth">Columns of the window, at least 1; Kernel by default.</param>
    /// <param name="strideHeight">Vertical step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="strideWidth">Horizontal step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="paddingHeight">Rows added above, and as many below; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingWidth">Columns added on the left, and as many on the right; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingTop">Rows added above, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="paddingBottom">Rows added below, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="stride">Step from one window to the next, at least 1. The default is 1 for convolutions, and the kernel for
    /// pooling.</param>
    /// <param name="padding">Padding on each side of each axis, at least 0; 0 by default.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="autoPad">Padding by a rule instead of a number. It excludes all other padding arguments.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder MaxPool2D(
        int kernel, int? dilation = null, int? dilationHeight = null, int? dilationWidth = null, bool? ceilMode = null,
        int? kernelHeight = null, int? kernelWidth = null, int? strideHeight = null, int? strideWidth = null,
        int? paddingHeight = null, int? paddingWidth = null, int? paddingTop = null, int? paddingBottom = null,
        int? stride = null, int? padding = null, int? paddingLeft = null, int? paddingRight = null, AutoPad? autoPad = null,
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "MaxPool2D",
        [("kernel", kernel), ("Dilation", dilation), ("DilationHeight", dilationHeight), ("DilationWidth", dilationWidth),
        ("CeilMode", ceilMode), ("KernelHeight", kernelHeight), ("KernelWidth", kernelWidth), ("StrideHeight", strideHeight),
        ("StrideWidth", strideWidth), ("PaddingHeight", paddingHeight), ("PaddingWidth", paddingWidth), ("PaddingTop", paddingTop),
        ("PaddingBottom", paddingBottom), ("Stride", stride), ("Padding", padding), ("PaddingLeft", paddingLeft),
        ("PaddingRight", paddingRight), ("AutoPad", autoPad), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Max pooling, the maximum over windows of each channel: PyTorch's <c>nn.MaxPool3d</c>, Keras' <c>MaxPooling3D</c>.</summary>
    /// <param name="kernel">Planes, rows and columns of the window, at least 1; also the stride by default.</param>
    /// <param name="dilation">Distance between the planes, rows and columns of a window, along each axis; at least 1 (the default).</param>
    /// <param name="dilationDepth">Distance between the planes of a window, at least 1; Dilation by default.</param>
    /// <param name="dilationHeight">Distance between the rows of a window, at least 1; Dilation by default.</param>
    /// <param name="dilationWidth">Distance between the columns of a window, at least 1; Dilation by default.</param>
    /// <param name="ceilMode">Whether the last window may extend past the end of the padded input, as in PyTorch's <c>ceil_mode</c>; false
    /// by default. It must begin inside the input or the padding before it. Writing <c>CeilMode = false</c> also turns off warning
    /// STRATA035, which reports elements that no window reads.</param>
    /// <param name="kernelDepth">Planes of the window, at least 1; Kernel by default.</param>
    /// <param name="strideDepth">Step from one window to the next along the depth, at least 1; Stride by default.</param>
    /// <param name="paddingDepth">Planes added in front, and as many behind; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingFront">Planes added in front, at least 0. Overrides <c>PaddingDepth</c>.</param>
    /// <param name="paddingBack">Planes added behind, at least 0. Overrides <c>PaddingDepth</c>.</param>
    /// <param name="kernelHeight">Rows of the window, at least 1; Kernel by default.</param>
    /// <param name="kernelWidth">Columns of the window, at least 1; Kernel by default.</param>
    /// <param name="strideHeight">Vertical step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="strideWidth">Horizontal step from one window to the next, at least 1; Stride by default.</param>
    /// <param name="paddingHeight">Rows added above, and as many below; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingWidth">Columns added on the left, and as many on the right; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingTop">Rows added above, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="paddingBottom">Rows added below, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="stride">Step from one window to the next, at least 1. The default is 1 for convolutions, and the kernel for
    /// pooling.</param>
    /// <param name="padding">Padding on each side of each axis, at least 0; 0 by default.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="autoPad">Padding by a rule instead of a number. It excludes all other padding arguments.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder MaxPool3D(
        int kernel, int? dilation = null, int? dilationDepth = null, int? dilationHeight = null, int? dilationWidth = null,
        bool? ceilMode = null, int? kernelDepth = null, int? strideDepth = null, int? paddingDepth = null,
        int? paddingFront = null, int? paddingBack = null, int? kernelHeight = null, int? kernelWidth = null,
        int? strideHeight = null, int? strideWidth = null, int? paddingHeight = null, int? paddingWidth = null,
        int? paddingTop = null, int? paddingBottom = null, int? stride = null, int? padding = null, int? paddingLeft = null,
        int? paddingRight = null, AutoPad? autoPad = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "MaxPool3D",
        [("kernel", kernel), ("Dilation", dilation), ("DilationDepth", dilationDepth), ("DilationHeight", dilationHeight),
        ("DilationWidth", dilationWidth), ("CeilMode", ceilMode), ("KernelDepth", kernelDepth), ("StrideDepth", strideDepth),
        ("PaddingDepth", paddingDepth), ("PaddingFront", paddingFront), ("PaddingBack", paddingBack), ("KernelHeight", kernelHeight),
        ("KernelWidth", kernelWidth), ("StrideHeight", strideHeight), ("StrideWidth", strideWidth), ("PaddingHeight", paddingHeight),
        ("PaddingWidth", paddingWidth), ("PaddingTop", paddingTop), ("PaddingBottom", paddingBottom), ("Stride", stride),
        ("Padding", padding), ("PaddingLeft", paddingLeft), ("PaddingRight", paddingRight), ("AutoPad", autoPad), ("Name", name),
        ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Max unpooling: moves each element back to the position of its maximum in an earlier max pooling. This is PyTorch's
    /// <c>nn.MaxUnpool1d</c> with the indices of that pooling (Zeiler and Fergus 2014), as in SegNet and ENet.</summary>
    /// <param name="pool">The name of a MaxPool1DAttribute above.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder MaxUnpool1D(
        string pool, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "MaxUnpool1D",
        [("pool", pool), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Max unpooling: moves each element back to the position of its maximum in an earlier max pooling. This is PyTorch's
    /// <c>nn.MaxUnpool2d</c> with the indices of that pooling (Zeiler and Fergus 2014), as in SegNet and ENet.</summary>
    /// <param name="pool">The name of a MaxPool2DAttribute above.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder MaxUnpool2D(
        string pool, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "MaxUnpool2D",
        [("pool", pool), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Max unpooling: moves each element back to the position of its maximum in an earlier max pooling. This is PyTorch's
    /// <c>nn.MaxUnpool3d</c> with the indices of that pooling (Zeiler and Fergus 2014), as in SegNet and ENet.</summary>
    /// <param name="pool">The name of a MaxPool3DAttribute above.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder MaxUnpool3D(
        string pool, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "MaxUnpool3D",
        [("pool", pool), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>The largest of the branches' elements at each place: PyTorch's <c>torch.maximum</c>, Keras' <c>Maximum</c>.</summary>
    /// <param name="names">Two names or more, such as <c>"a", "b"</c>. Without names, the branches are joined.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Maximum(
        IReadOnlyList<string>? names = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Maximum",
        [("names", names), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>The mean along some axes: PyTorch's <c>x.mean(dim)</c>, Keras' <c>ops.mean</c>.</summary>
    /// <param name="axes">The axes, such as <c>Axes.Pixels</c> or <c>Axes.Channels | Axes.Width</c>.</param>
    /// <param name="keepAxes">Whether these axes stay, with an extent of 1: PyTorch's <c>keepdim</c>, Keras' <c>keepdims</c>. False by
    /// default: the axes are removed. The first axis that is left then counts as the channels; if none is left, the output is one
    /// feature.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Mean(
        Axes axes, bool? keepAxes = null, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Mean",
        [("axes", axes), ("KeepAxes", keepAxes), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Mean absolute error, for regression with outliers: PyTorch's <c>nn.L1Loss</c>, Keras' <c>MeanAbsoluteError</c>.</summary>
    /// <param name="reduction">Whether the loss is the mean over all values of all samples (the default) or their sum.</param>
    /// <param name="from">Name of the tensor that the loss compares with its target; by default the tensor before it.</param>
    /// <param name="weight">The loss's weight in the sum of all losses: a finite number, 1 by default.</param>
    /// <param name="target">Name of the target. Losses with the same name share one target; by default all do.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder MeanAbsoluteError(
        Reduction? reduction = null, string? from = null, double? weight = null, string? target = null) => Append(
        "MeanAbsoluteError",
        [("Reduction", reduction), ("From", from), ("Weight", weight), ("Target", target)]);

    /// <summary>Mean squared error, for regression: PyTorch's <c>nn.MSELoss</c>, Keras' <c>MeanSquaredError</c>.</summary>
    /// <param name="reduction">Whether the loss is the mean over all values of all samples (the default) or their sum.</param>
    /// <param name="from">Name of the tensor that the loss compares with its target; by default the tensor before it.</param>
    /// <param name="weight">The loss's weight in the sum of all losses: a finite number, 1 by default.</param>
    /// <param name="target">Name of the target. Losses with the same name share one target; by default all do.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder MeanSquaredError(
        Reduction? reduction = null, string? from = null, double? weight = null, string? target = null) => Append(
        "MeanSquaredError",
        [("Reduction", reduction), ("From", from), ("Weight", weight), ("Target", target)]);

    /// <summary>The smallest of the branches' elements at each place: PyTorch's <c>torch.minimum</c>, Keras' <c>Minimum</c>.</summary>
    /// <param name="names">Two names or more, such as <c>"a", "b"</c>. Without names, the branches are joined.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Minimum(
        IReadOnlyList<string>? names = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Minimum",
        [("names", names), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Mish (Misra 2019): PyTorch's <c>nn.Mish</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Mish(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Mish",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Multiplies the branches of a group element by element, as squeeze-and-excite blocks do (Hu et al. 2018). This is PyTorch's
    /// <c>x * y</c> and Keras' <c>Multiply</c>.</summary>
    /// <param name="names">Two names or more, such as <c>"x", "scale"</c>. Without names, the branches are joined.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Multiply(
        IReadOnlyList<string>? names = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Multiply",
        [("names", names), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Shifts and scales each channel by constants, such as the mean and deviation of a data set: torchvision's
    /// <c>transforms.Normalize</c>.</summary>
    /// <param name="means">The number that is subtracted from each channel; finite.</param>
    /// <param name="deviations">The number by which each channel is divided; greater than 0.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Normalize(
        IReadOnlyList<double> means, IReadOnlyList<double> deviations, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "Normalize",
        [("means", means), ("deviations", deviations), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>1 for each element that is 0, and 0 for the others: PyTorch's <c>torch.logical_not</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Not(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Not",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>1 where the element of at least one of two tensors is not 0, else 0: PyTorch's <c>torch.logical_or</c>.</summary>
    /// <param name="names">Two names. Without names, the branches are joined.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Or(
        IReadOnlyList<string>? names = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Or",
        [("names", names), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Rectified linear unit with a learned slope for negative inputs (He et al. 2015, §2.1): PyTorch's <c>nn.PReLU</c>.</summary>
    /// <param name="perChannel">Whether each channel has its own slope: PyTorch's <c>num_parameters</c>. False by default: all channels
    /// share one.</param>
    /// <param name="slope">The initial slope, a finite number: PyTorch's <c>init</c>; 0.25 by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder PReLU(
        bool? perChannel = null, double? slope = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "PReLU",
        [("PerChannel", perChannel), ("Slope", slope), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Pads a sequence: PyTorch's <c>nn.ZeroPad1d</c>, <c>nn.ReflectionPad1d</c>, <c>nn.ReplicationPad1d</c> and
    /// <c>nn.CircularPad1d</c>, Keras' <c>ZeroPadding1D</c>.</summary>
    /// <param name="padding">Number of elements, at least 0.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="mode">How padding is filled; with zeros by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Pad1D(
        int padding, int? paddingLeft = null, int? paddingRight = null, PaddingMode? mode = null, string? name = null,
        string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Pad1D",
        [("padding", padding), ("PaddingLeft", paddingLeft), ("PaddingRight", paddingRight), ("Mode", mode), ("Name", name),
        ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Pads an image: PyTorch's <c>nn.ZeroPad2d</c>, <c>nn.ReflectionPad2d</c>, <c>nn.ReplicationPad2d</c> and
    /// <c>nn.CircularPad2d</c>, Keras' <c>ZeroPadding2D</c>.</summary>
    /// <param name="padding">Number of elements, at least 0.</param>
    /// <param name="paddingHeight">Rows added above, and as many below; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingWidth">Columns added on the left, and as many on the right; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingTop">Rows added above, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="paddingBottom">Rows added below, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="mode">How padding is filled; with zeros by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Pad2D(
        int padding, int? paddingHeight = null, int? paddingWidth = null, int? paddingTop = null, int? paddingBottom = null,
        int? paddingLeft = null, int? paddingRight = null, PaddingMode? mode = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "Pad2D",
        [("padding", padding), ("PaddingHeight", paddingHeight), ("PaddingWidth", paddingWidth), ("PaddingTop", paddingTop),
        ("PaddingBottom", paddingBottom), ("PaddingLeft", paddingLeft), ("PaddingRight", paddingRight), ("Mode", mode), ("Name", name),
        ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Pads a volume: PyTorch's <c>nn.ZeroPad3d</c>, <c>nn.ReflectionPad3d</c>, <c>nn.ReplicationPad3d</c> and
    /// <c>nn.CircularPad3d</c>, Keras' <c>ZeroPadding3D</c>.</summary>
    /// <param name="padding">Number of elements, at least 0.</param>
    /// <param name="paddingHeight">Rows added above, and as many below; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingWidth">Columns added on the left, and as many on the right; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingTop">Rows added above, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="paddingBottom">Rows added below, at least 0. Overrides <c>PaddingHeight</c>.</param>
    /// <param name="paddingDepth">Planes added in front, and as many behind; at least 0. Overrides <c>Padding</c>.</param>
    /// <param name="paddingFront">Planes added in front, at least 0. Overrides <c>PaddingDepth</c>.</param>
    /// <param name="paddingBack">Planes added behind, at least 0. Overrides <c>PaddingDepth</c>.</param>
    /// <param name="paddingLeft">Elements added at the beginning of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="paddingRight">Elements added at the end of a sequence or of each row, at least 0; Padding by default.</param>
    /// <param name="mode">How padding is filled; with zeros by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Pad3D(
        int padding, int? paddingHeight = null, int? paddingWidth = null, int? paddingTop = null, int? paddingBottom = null,
        int? paddingDepth = null, int? paddingFront = null, int? paddingBack = null, int? paddingLeft = null,
        int? paddingRight = null, PaddingMode? mode = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Pad3D",
        [("padding", padding), ("PaddingHeight", paddingHeight), ("PaddingWidth", paddingWidth), ("PaddingTop", paddingTop),
        ("PaddingBottom", paddingBottom), ("PaddingDepth", paddingDepth), ("PaddingFront", paddingFront), ("PaddingBack", paddingBack),
        ("PaddingLeft", paddingLeft), ("PaddingRight", paddingRight), ("Mode", mode), ("Name", name), ("From", from), ("Frozen", frozen),
        ("Weights", weights)]);

    /// <summary>A learned tensor, which is the same for all samples: a class token, a position embedding, a learned query. PyTorch's
    /// <c>nn.Parameter</c>.</summary>
    /// <param name="features">Number of values, at least 1.</param>
    /// <param name="initial">The initial value of all elements, a finite number; 0 by default.</param>
    /// <param name="deviation">The standard deviation of initial values, which are drawn from a normal distribution with mean 0; at least
    /// 0. With 0, the default, all are Initial.</param>
    /// <param name="batchAxis">Whether the tensor has a first axis of one element in files, for the samples of a batch: (1, C, L) rather
    /// than (C, L). False by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Param(
        int features, double? initial = null, double? deviation = null, bool? batchAxis = null, string? name = null,
        string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Param",
        [("features", features), ("Initial", initial), ("Deviation", deviation), ("BatchAxis", batchAxis), ("Name", name), ("From", from),
        ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>A learned tensor, which is the same for all samples: a class token, a position embedding, a learned query. PyTorch's
    /// <c>nn.Parameter</c>.</summary>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="length">Number of steps, at least 1.</param>
    /// <param name="initial">The initial value of all elements, a finite number; 0 by default.</param>
    /// <param name="deviation">The standard deviation of initial values, which are drawn from a normal distribution with mean 0; at least
    /// 0. With 0, the default, all are Initial.</param>
    /// <param name="batchAxis">Whether the tensor has a first axis of one element in files, for the samples of a batch: (1, C, L) rather
    /// than (C, L). False by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Param(
        int channels, int length, double? initial = null, double? deviation = null, bool? batchAxis = null, string? name = null,
        string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Param",
        [("channels", channels), ("length", length), ("Initial", initial), ("Deviation", deviation), ("BatchAxis", batchAxis),
        ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>A learned tensor, which is the same for all samples: a class token, a position embedding, a learned query. PyTorch's
    /// <c>nn.Parameter</c>.</summary>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="height">Number of rows, at least 1.</param>
    /// <param name="width">Number of columns, at least 1.</param>
    /// <param name="initial">The initial value of all elements, a finite number; 0 by default.</param>
    /// <param name="deviation">The standard deviation of initial values, which are drawn from a normal distribution with mean 0; at least
    /// 0. With 0, the default, all are Initial.</param>
    /// <param name="batchAxis">Whether the tensor has a first axis of one element in files, for the samples of a batch: (1, C, L) rather
    /// than (C, L). False by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Param(
        int channels, int height, int width, double? initial = null, double? deviation = null, bool? batchAxis = null,
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Param",
        [("channels", channels), ("height", height), ("width", width), ("Initial", initial), ("Deviation", deviation),
        ("BatchAxis", batchAxis), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>A learned tensor, which is the same for all samples: a class token, a position embedding, a learned query. PyTorch's
    /// <c>nn.Parameter</c>.</summary>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="depth">Number of planes, at least 1.</param>
    /// <param name="height">Number of rows, at least 1.</param>
    /// <param name="width">Number of columns, at least 1.</param>
    /// <param name="initial">The initial value of all elements, a finite number; 0 by default.</param>
    /// <param name="deviation">The standard deviation of initial values, which are drawn from a normal distribution with mean 0; at least
    /// 0. With 0, the default, all are Initial.</param>
    /// <param name="batchAxis">Whether the tensor has a first axis of one element in files, for the samples of a batch: (1, C, L) rather
    /// than (C, L). False by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Param(
        int channels, int depth, int height, int width, double? initial = null, double? deviation = null,
        bool? batchAxis = null, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Param",
        [("channels", channels), ("depth", depth), ("height", height), ("width", width), ("Initial", initial), ("Deviation", deviation),
        ("BatchAxis", batchAxis), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Moves channels into pixels, a cheap way to enlarge an image (Shi et al. 2016): PyTorch's <c>nn.PixelShuffle</c>,
    /// TensorFlow's <c>depth_to_space</c>.</summary>
    /// <param name="factor">r, at least 1. Its square must divide the number of channels.</param>
    /// <param name="order">Which channels become the pixels of a square; as in PyTorch by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder PixelShuffle(
        int factor, PixelOrder? order = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "PixelShuffle",
        [("factor", factor), ("Order", order), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Moves pixels into channels, the inverse of PixelShuffleAttribute: PyTorch's <c>nn.PixelUnshuffle</c>, TensorFlow's
    /// <c>space_to_depth</c>.</summary>
    /// <param name="factor">r, at least 1. It must divide height and width.</param>
    /// <param name="order">Which channels get the pixels of a square; as in PyTorch by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder PixelUnshuffle(
        int factor, PixelOrder? order = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "PixelUnshuffle",
        [("factor", factor), ("Order", order), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>A power of each element: PyTorch's <c>torch.pow</c> with a number as exponent.</summary>
    /// <param name="exponent">The exponent p, a finite number other than 0.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Pow(
        double exponent, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Pow",
        [("exponent", exponent), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Rectified linear unit: PyTorch's <c>nn.ReLU</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder ReLU(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "ReLU",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Rectified linear unit, clipped at 6 (Krizhevsky 2010), as in MobileNetV2: PyTorch's <c>nn.ReLU6</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder ReLU6(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "ReLU6",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Gives the elements another shape: PyTorch's <c>reshape</c>, <c>view</c> and <c>nn.Unflatten</c>, Keras'
    /// <c>Reshape</c>.</summary>
    /// <param name="features">Number of features, at least 1, or −1.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Reshape(
        int features, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Reshape",
        [("features", features), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Gives the elements another shape: PyTorch's <c>reshape</c>, <c>view</c> and <c>nn.Unflatten</c>, Keras'
    /// <c>Reshape</c>.</summary>
    /// <param name="channels">Number of channels, at least 1, or −1.</param>
    /// <param name="length">Length of the sequence, at least 1, or −1.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Reshape(
        int channels, int length, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Reshape",
        [("channels", channels), ("length", length), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Gives the elements another shape: PyTorch's <c>reshape</c>, <c>view</c> and <c>nn.Unflatten</c>, Keras'
    /// <c>Reshape</c>.</summary>
    /// <param name="channels">Number of channels, at least 1, or −1.</param>
    /// <param name="height">Number of rows, at least 1, or −1.</param>
    /// <param name="width">Number of columns, at least 1, or −1.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Reshape(
        int channels, int height, int width, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Reshape",
        [("channels", channels), ("height", height), ("width", width), ("Name", name), ("From", from), ("Frozen", frozen),
        ("Weights", weights)]);

    /// <summary>Gives the elements another shape: PyTorch's <c>reshape</c>, <c>view</c> and <c>nn.Unflatten</c>, Keras'
    /// <c>Reshape</c>.</summary>
    /// <param name="channels">Number of channels, at least 1, or −1.</param>
    /// <param name="depth">Number of planes, at least 1, or −1.</param>
    /// <param name="height">Number of rows, at least 1, or −1.</param>
    /// <param name="width">Number of columns, at least 1, or −1.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Reshape(
        int channels, int depth, int height, int width, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Reshape",
        [("channels", channels), ("depth", depth), ("height", height), ("width", width), ("Name", name), ("From", from),
        ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Gives the elements another shape: PyTorch's <c>reshape</c>, <c>view</c> and <c>nn.Unflatten</c>, Keras'
    /// <c>Reshape</c>.</summary>
    /// <param name="first">The extent of the first axis, at least 1, or −1.</param>
    /// <param name="second">That of the second axis.</param>
    /// <param name="third">That of the third axis.</param>
    /// <param name="fourth">That of the fourth axis.</param>
    /// <param name="fifth">That of the fifth axis.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Reshape(
        int first, int second, int third, int fourth, int fifth, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Reshape",
        [("first", first), ("second", second), ("third", third), ("fourth", fourth), ("fifth", fifth), ("Name", name), ("From", from),
        ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Gives the elements another shape: PyTorch's <c>reshape</c>, <c>view</c> and <c>nn.Unflatten</c>, Keras'
    /// <c>Reshape</c>.</summary>
    /// <param name="first">The extent of the first axis, at least 1, or −1.</param>
    /// <param name="second">That of the second axis.</param>
    /// <param name="third">That of the third axis.</param>
    /// <param name="fourth">That of the fourth axis.</param>
    /// <param name="fifth">That of the fifth axis.</param>
    /// <param name="sixth">That of the sixth axis.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Reshape(
        int first, int second, int third, int fourth, int fifth, int sixth, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "Reshape",
        [("first", first), ("second", second), ("third", third), ("fourth", fourth), ("fifth", fifth), ("sixth", sixth), ("Name", name),
        ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Moves the elements along an axis; those that leave it at one end come back at the other: PyTorch's
    /// <c>torch.roll</c>.</summary>
    /// <param name="shift">By how many places; below 0 towards the first one. Any number: a whole turn changes nothing.</param>
    /// <param name="axis">The axis: one of them. Width by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Roll(
        int shift, Axes? axis = null, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Roll",
        [("shift", shift), ("Axis", axis), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>The whole number nearest to each element; of two, the even one: PyTorch's <c>torch.round</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Round(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Round",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Scaled exponential linear unit (Klambauer et al. 2017): PyTorch's <c>nn.SELU</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder SELU(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "SELU",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Multiplies each channel by a learned number and adds another one, as the affine part of a normalisation does, or the layer
    /// scale of ConvNeXt (Touvron et al. 2021, Liu et al. 2022).</summary>
    /// <param name="bias">Whether β is added. True by default.</param>
    /// <param name="perElement">Whether each element of a sample has its own γ and β. False by default: the pixels of a channel share
    /// them.</param>
    /// <param name="initial">The initial value of γ, a finite number; 1 by default. That of β is 0.</param>
    /// <param name="key">The last part of γ's key in files: <c>weight</c> by default, for <c>scale1.weight</c>. If it is empty, the key is
    /// the layer's name, and γ has the shape C×1×1 that PyTorch broadcasts: it is then a parameter of the module around the layer. Such a
    /// layer has no β.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Scale(
        bool? bias = null, bool? perElement = null, double? initial = null, string? key = null, string? name = null,
        string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Scale",
        [("Bias", bias), ("PerElement", perElement), ("Initial", initial), ("Key", key), ("Name", name), ("From", from),
        ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Attention of queries, keys and values that are tensors of their own (Vaswani et al. 2017, section 3.2.1): PyTorch's
    /// <c>nn.functional.scaled_dot_product_attention</c>.</summary>
    /// <param name="names">Three or four names of earlier layers, inputs or parameters. Empty: the branches.</param>
    /// <param name="heads">The number of heads; 1 by default.</param>
    /// <param name="causal">Whether query i weights the keys 0 to i only; false by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder ScaledDotProductAttention(
        IReadOnlyList<string>? names = null, int? heads = null, bool? causal = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "ScaledDotProductAttention",
        [("names", names), ("Heads", heads), ("Causal", causal), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Multi-head self-attention within windows of an image (Liu et al. 2021, section 3.2): torchvision's
    /// <c>ShiftedWindowAttention</c>.</summary>
    /// <param name="heads">The number of heads, at least 1. It must divide the channels.</param>
    /// <param name="window">The height and the width of a window in pixels, from 1 to 32.</param>
    /// <param name="shift">How many rows down and columns to the right windows begin; 0 by default. Along an axis with one window, nothing
    /// is shifted. From 0 to window − 1.</param>
    /// <param name="bias">Whether biases are added to q, k, v and the result; true by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder ShiftedWindowAttention(
        int heads, int window, int? shift = null, bool? bias = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "ShiftedWindowAttention",
        [("heads", heads), ("window", window), ("Shift", shift), ("Bias", bias), ("Name", name), ("From", from), ("Frozen", frozen),
        ("Weights", weights)]);

    /// <summary>Sigmoid linear unit or swish (Elfwing et al. 2017, Ramachandran et al. 2017): PyTorch's <c>nn.SiLU</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder SiLU(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "SiLU",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Logistic function: PyTorch's <c>nn.Sigmoid</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Sigmoid(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Sigmoid",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>The sign of each element: −1, 0 or 1: PyTorch's <c>torch.sign</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Sign(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Sign",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>The sine of each element, in radians: PyTorch's <c>torch.sin</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Sin(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Sin",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Takes some channels of a tensor, some features of a flat one, or some elements along another axis: PyTorch's <c>x[:,
    /// start:end]</c> and <c>x.narrow(1, start, n)</c>.</summary>
    /// <param name="start">The first channel, counted from 0; from the end if below 0.</param>
    /// <param name="axis">The axis of which some elements are taken: one of them. Channels by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Slice(
        int start, Axes? axis = null, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Slice",
        [("start", start), ("Axis", axis), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Takes some channels of a tensor, some features of a flat one, or some elements along another axis: PyTorch's <c>x[:,
    /// start:end]</c> and <c>x.narrow(1, start, n)</c>.</summary>
    /// <param name="start">The first channel, counted from 0; from the end if below 0.</param>
    /// <param name="end">The channel after the last one; from the end if below 0. It must be behind the start.</param>
    /// <param name="axis">The axis of which some elements are taken: one of them. Channels by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Slice(
        int start, int end, Axes? axis = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Slice",
        [("start", start), ("end", end), ("Axis", axis), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Squared error for small differences and absolute error for large ones, for regression with outliers: PyTorch's
    /// <c>nn.SmoothL1Loss</c>.</summary>
    /// <param name="beta">β, the difference from which the error is absolute; at least 0, 1 by default. With 0 the loss is the mean
    /// absolute error.</param>
    /// <param name="reduction">Whether the loss is the mean over all values of all samples (the default) or their sum.</param>
    /// <param name="from">Name of the tensor that the loss compares with its target; by default the tensor before it.</param>
    /// <param name="weight">The loss's weight in the sum of all losses: a finite number, 1 by default.</param>
    /// <param name="target">Name of the target. Losses with the same name share one target; by default all do.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder SmoothL1(
        double? beta = null, Reduction? reduction = null, string? from = null, double? weight = null, string? target = null) => Append(
        "SmoothL1",
        [("Beta", beta), ("Reduction", reduction), ("From", from), ("Weight", weight), ("Target", target)]);

    /// <summary>Softmax along the channels, or along other axes: positive numbers that sum to 1. This is PyTorch's
    /// <c>nn.Softmax(dim=1)</c>.</summary>
    /// <param name="axes">The axes along which the numbers sum to 1; the channels by default: PyTorch's <c>dim</c>, Keras' <c>axis</c>.
    /// With <c>Axes.Pixels</c>, the pixels of each channel sum to 1.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Softmax(
        Axes? axes = null, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Softmax",
        [("Axes", axes), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>A smooth version of ReLU (Dugas et al. 2001): PyTorch's <c>nn.Softplus</c>.</summary>
    /// <param name="beta">Sharpness of the bend at 0: a finite number greater than 0; 1 by default.</param>
    /// <param name="threshold">The function is x itself if Beta·x exceeds this number. A finite number, 20 by default. Thresholds of 20
    /// and more make no difference in 32-bit floats. With a smaller threshold the function jumps down a little there, as in
    /// PyTorch.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Softplus(
        double? beta = null, double? threshold = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Softplus",
        [("Beta", beta), ("Threshold", threshold), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Moves values towards 0 by a fixed amount: PyTorch's <c>nn.Softshrink</c>.</summary>
    /// <param name="lambda">The amount by which values move towards 0. At least 0; 0.5 by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Softshrink(
        double lambda = 0.5, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Softshrink",
        [("lambda", lambda), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Softsign (Bergstra et al. 2009): PyTorch's <c>nn.Softsign</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Softsign(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Softsign",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Sets whole channels to zero at random during training (Tompson et al. 2015): PyTorch's <c>nn.Dropout1d</c>,
    /// <c>nn.Dropout2d</c> and <c>nn.Dropout3d</c>, Keras' <c>SpatialDropout2D</c>. In inference it does nothing.</summary>
    /// <param name="rate">Probability that a channel becomes 0: 0 ≤ rate &lt; 1; 0.5 by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder SpatialDropout(
        double rate = 0.5, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "SpatialDropout",
        [("rate", rate), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Takes one of several equal parts of the channels, or of another axis: PyTorch's <c>torch.chunk(x, parts, 1)[part]</c>, one
    /// of Keras' <c>ops.split</c>. <c>[Branch, Split(0, 2)]</c> and <c>[Branch, Split(1, 2), …]</c> take both halves of a tensor.</summary>
    /// <param name="part">Which part, counted from 0.</param>
    /// <param name="parts">How many parts there are, at least 1. It must divide the channels.</param>
    /// <param name="axis">The axis that is split: one of them. Channels by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Split(
        int part, int parts, Axes? axis = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Split",
        [("part", part), ("parts", parts), ("Axis", axis), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>The square root of each element: PyTorch's <c>torch.sqrt</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Sqrt(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Sqrt",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Stochastic depth (Huang et al. 2016): during training, a sample skips at random the residual branch that ends with this
    /// layer. It is torchvision's <c>StochasticDepth(p, "row")</c> and timm's <c>DropPath</c>. In inference it does nothing.</summary>
    /// <param name="rate">Probability that a sample skips the branch: 0 ≤ rate &lt; 1.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder StochasticDepth(
        double rate, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "StochasticDepth",
        [("rate", rate), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Subtracts the second branch of a group from the first, or a tensor from another one by name: PyTorch's <c>x - y</c>,
    /// Keras' <c>Subtract</c>.</summary>
    /// <param name="names">Two names, such as <c>"x", "mean"</c>. Without names, the branches are joined.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Subtract(
        IReadOnlyList<string>? names = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Subtract",
        [("names", names), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>The sum along some axes: PyTorch's <c>x.sum(dim)</c>, Keras' <c>ops.sum</c>.</summary>
    /// <param name="axes">The axes, such as <c>Axes.Pixels</c> or <c>Axes.Channels | Axes.Width</c>.</param>
    /// <param name="keepAxes">Whether these axes stay, with an extent of 1: PyTorch's <c>keepdim</c>, Keras' <c>keepdims</c>. False by
    /// default: the axes are removed. The first axis that is left then counts as the channels; if none is left, the output is one
    /// feature.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Sum(
        Axes axes, bool? keepAxes = null, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Sum",
        [("axes", axes), ("KeepAxes", keepAxes), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Hyperbolic tangent: PyTorch's <c>nn.Tanh</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Tanh(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Tanh",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Subtracts the hyperbolic tangent: PyTorch's <c>nn.Tanhshrink</c>.</summary>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Tanhshrink(
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Tanhshrink",
        [("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Replaces values that do not exceed a threshold: PyTorch's <c>nn.Threshold</c>.</summary>
    /// <param name="threshold">Larger values stay as they are. Any finite 32-bit float.</param>
    /// <param name="value">All other values become this. Any finite 32-bit float.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Threshold(
        double threshold, double value, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Threshold",
        [("threshold", threshold), ("value", value), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>The largest elements along an axis, in order, or their indices: PyTorch's <c>torch.topk</c>.</summary>
    /// <param name="k">How many elements: from 1 to the extent of the axis.</param>
    /// <param name="axis">The axis along which elements are compared: one of them. Channels by default.</param>
    /// <param name="largest">Whether it takes the largest elements, and not the smallest, of which the smallest comes first; true by
    /// default.</param>
    /// <param name="indices">Whether the result are the indices of the elements, and not their values; false by default.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder TopK(
        int k, Axes? axis = null, bool? largest = null, bool? indices = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "TopK",
        [("k", k), ("Axis", axis), ("Largest", largest), ("Indices", indices), ("Name", name), ("From", from), ("Frozen", frozen),
        ("Weights", weights)]);

    /// <summary>Changes the order of the axes: PyTorch's <c>x.permute(0, 2, 3, 1)</c> and <c>x.transpose(1, 2)</c>, Keras' <c>Permute((2,
    /// 3, 1))</c>.</summary>
    /// <param name="first">The axis of the input that becomes the first: 1 or 2.</param>
    /// <param name="second">The axis that becomes the second.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Transpose(
        int first, int second, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Transpose",
        [("first", first), ("second", second), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Changes the order of the axes: PyTorch's <c>x.permute(0, 2, 3, 1)</c> and <c>x.transpose(1, 2)</c>, Keras' <c>Permute((2,
    /// 3, 1))</c>.</summary>
    /// <param name="first">The axis of the input that becomes the first: 1, 2 or 3.</param>
    /// <param name="second">The axis that becomes the second.</param>
    /// <param name="third">The axis that becomes the third.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Transpose(
        int first, int second, int third, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Transpose",
        [("first", first), ("second", second), ("third", third), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Changes the order of the axes: PyTorch's <c>x.permute(0, 2, 3, 1)</c> and <c>x.transpose(1, 2)</c>, Keras' <c>Permute((2,
    /// 3, 1))</c>.</summary>
    /// <param name="first">The axis of the input that becomes the first: 1, 2, 3 or 4.</param>
    /// <param name="second">The axis that becomes the second.</param>
    /// <param name="third">The axis that becomes the third.</param>
    /// <param name="fourth">The axis that becomes the fourth.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Transpose(
        int first, int second, int third, int fourth, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Transpose",
        [("first", first), ("second", second), ("third", third), ("fourth", fourth), ("Name", name), ("From", from), ("Frozen", frozen),
        ("Weights", weights)]);

    /// <summary>Changes the order of the axes: PyTorch's <c>x.permute(0, 2, 3, 1)</c> and <c>x.transpose(1, 2)</c>, Keras' <c>Permute((2,
    /// 3, 1))</c>.</summary>
    /// <param name="first">The axis of the input that becomes the first: 1 to 5.</param>
    /// <param name="second">The axis that becomes the second.</param>
    /// <param name="third">The axis that becomes the third.</param>
    /// <param name="fourth">The axis that becomes the fourth.</param>
    /// <param name="fifth">The axis that becomes the fifth.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Transpose(
        int first, int second, int third, int fourth, int fifth, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Transpose",
        [("first", first), ("second", second), ("third", third), ("fourth", fourth), ("fifth", fifth), ("Name", name), ("From", from),
        ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Changes the order of the axes: PyTorch's <c>x.permute(0, 2, 3, 1)</c> and <c>x.transpose(1, 2)</c>, Keras' <c>Permute((2,
    /// 3, 1))</c>.</summary>
    /// <param name="first">The axis of the input that becomes the first: 1 to 6.</param>
    /// <param name="second">The axis that becomes the second.</param>
    /// <param name="third">The axis that becomes the third.</param>
    /// <param name="fourth">The axis that becomes the fourth.</param>
    /// <param name="fifth">The axis that becomes the fifth.</param>
    /// <param name="sixth">The axis that becomes the sixth.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Transpose(
        int first, int second, int third, int fourth, int fifth, int sixth, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "Transpose",
        [("first", first), ("second", second), ("third", third), ("fourth", fourth), ("fifth", fifth), ("sixth", sixth), ("Name", name),
        ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Enlarges each channel: PyTorch's <c>nn.Upsample</c> and <c>F.interpolate</c>, Keras' <c>UpSampling1D</c>.</summary>
    /// <param name="length">Length of the output, at least 1. Use it instead of a scale.</param>
    /// <param name="mode">How values between the input's elements are computed; the nearest element by default.</param>
    /// <param name="alignCorners">For linear and cubic modes: whether the first and last elements of input and output have the same
    /// positions. False by default, as in PyTorch and Keras: an element then stands for an area.</param>
    /// <param name="coordinates">Where an output is between the input's elements; by default as in PyTorch. AlignCorners is the same as
    /// AlignCorners.</param>
    /// <param name="rounding">For Nearest: which element is the nearest; by default the one at or before the place. PyTorch's
    /// <c>nearest-exact</c> is HalfPixel with RoundPreferCeil. Halves are found exactly, also where single precision would miss
    /// them.</param>
    /// <param name="cubicCoefficient">For Cubic: the coefficient a of the weights; −0.75 by default, as in PyTorch. Pillow and TensorFlow
    /// have −0.5.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Upsample1D(
        int? length = null, UpsampleMode? mode = null, bool? alignCorners = null, UpsampleCoordinates? coordinates = null,
        UpsampleRounding? rounding = null, double? cubicCoefficient = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "Upsample1D",
        [("Length", length), ("Mode", mode), ("AlignCorners", alignCorners), ("Coordinates", coordinates), ("Rounding", rounding),
        ("CubicCoefficient", cubicCoefficient), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Enlarges each channel: PyTorch's <c>nn.Upsample</c> and <c>F.interpolate</c>, Keras' <c>UpSampling1D</c>.</summary>
    /// <param name="scale">The factor, greater than 0; 2 doubles every extent.</param>
    /// <param name="length">Length of the output, at least 1. Use it instead of a scale.</param>
    /// <param name="mode">How values between the input's elements are computed; the nearest element by default.</param>
    /// <param name="alignCorners">For linear and cubic modes: whether the first and last elements of input and output have the same
    /// positions. False by default, as in PyTorch and Keras: an element then stands for an area.</param>
    /// <param name="coordinates">Where an output is between the input's elements; by default as in PyTorch. AlignCorners is the same as
    /// AlignCorners.</param>
    /// <param name="rounding">For Nearest: which element is the nearest; by default the one at or before the place. PyTorch's
    /// <c>nearest-exact</c> is HalfPixel with RoundPreferCeil. Halves are found exactly, also where single precision would miss
    /// them.</param>
    /// <param name="cubicCoefficient">For Cubic: the coefficient a of the weights; −0.75 by default, as in PyTorch. Pillow and TensorFlow
    /// have −0.5.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Upsample1D(
        double scale, int? length = null, UpsampleMode? mode = null, bool? alignCorners = null,
        UpsampleCoordinates? coordinates = null, UpsampleRounding? rounding = null, double? cubicCoefficient = null,
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Upsample1D",
        [("scale", scale), ("Length", length), ("Mode", mode), ("AlignCorners", alignCorners), ("Coordinates", coordinates),
        ("Rounding", rounding), ("CubicCoefficient", cubicCoefficient), ("Name", name), ("From", from), ("Frozen", frozen),
        ("Weights", weights)]);

    /// <summary>Enlarges each channel: PyTorch's <c>nn.Upsample</c> and <c>F.interpolate</c>, Keras' <c>UpSampling2D</c>.</summary>
    /// <param name="height">Rows of the output, at least 1. Use it instead of a scale.</param>
    /// <param name="width">Columns of the output, at least 1. Use it instead of a scale.</param>
    /// <param name="scaleHeight">Factor of the height, greater than 0; Scale by default.</param>
    /// <param name="scaleWidth">Factor of the width, greater than 0; Scale by default.</param>
    /// <param name="mode">How values between the input's elements are computed; the nearest element by default.</param>
    /// <param name="alignCorners">For linear and cubic modes: whether the first and last elements of input and output have the same
    /// positions. False by default, as in PyTorch and Keras: an element then stands for an area.</param>
    /// <param name="coordinates">Where an output is between the input's elements; by default as in PyTorch. AlignCorners is the same as
    /// AlignCorners.</param>
    /// <param name="rounding">For Nearest: which element is the nearest; by default the one at or before the place. PyTorch's
    /// <c>nearest-exact</c> is HalfPixel with RoundPreferCeil. Halves are found exactly, also where single precision would miss
    /// them.</param>
    /// <param name="cubicCoefficient">For Cubic: the coefficient a of the weights; −0.75 by default, as in PyTorch. Pillow and TensorFlow
    /// have −0.5.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Upsample2D(
        int? height = null, int? width = null, double? scaleHeight = null, double? scaleWidth = null, UpsampleMode? mode = null,
        bool? alignCorners = null, UpsampleCoordinates? coordinates = null, UpsampleRounding? rounding = null,
        double? cubicCoefficient = null, string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Upsample2D",
        [("Height", height), ("Width", width), ("ScaleHeight", scaleHeight), ("ScaleWidth", scaleWidth), ("Mode", mode),
        ("AlignCorners", alignCorners), ("Coordinates", coordinates), ("Rounding", rounding), ("CubicCoefficient", cubicCoefficient),
        ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Enlarges each channel: PyTorch's <c>nn.Upsample</c> and <c>F.interpolate</c>, Keras' <c>UpSampling2D</c>.</summary>
    /// <param name="scale">The factor, greater than 0; 2 doubles every extent.</param>
    /// <param name="height">Rows of the output, at least 1. Use it instead of a scale.</param>
    /// <param name="width">Columns of the output, at least 1. Use it instead of a scale.</param>
    /// <param name="scaleHeight">Factor of the height, greater than 0; Scale by default.</param>
    /// <param name="scaleWidth">Factor of the width, greater than 0; Scale by default.</param>
    /// <param name="mode">How values between the input's elements are computed; the nearest element by default.</param>
    /// <param name="alignCorners">For linear and cubic modes: whether the first and last elements of input and output have the same
    /// positions. False by default, as in PyTorch and Keras: an element then stands for an area.</param>
    /// <param name="coordinates">Where an output is between the input's elements; by default as in PyTorch. AlignCorners is the same as
    /// AlignCorners.</param>
    /// <param name="rounding">For Nearest: which element is the nearest; by default the one at or before the place. PyTorch's
    /// <c>nearest-exact</c> is HalfPixel with RoundPreferCeil. Halves are found exactly, also where single precision would miss
    /// them.</param>
    /// <param name="cubicCoefficient">For Cubic: the coefficient a of the weights; −0.75 by default, as in PyTorch. Pillow and TensorFlow
    /// have −0.5.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Upsample2D(
        double scale, int? height = null, int? width = null, double? scaleHeight = null, double? scaleWidth = null,
        UpsampleMode? mode = null, bool? alignCorners = null, UpsampleCoordinates? coordinates = null,
        UpsampleRounding? rounding = null, double? cubicCoefficient = null, string? name = null, string? from = null,
        bool? frozen = null, string? weights = null) => Append(
        "Upsample2D",
        [("scale", scale), ("Height", height), ("Width", width), ("ScaleHeight", scaleHeight), ("ScaleWidth", scaleWidth), ("Mode", mode),
        ("AlignCorners", alignCorners), ("Coordinates", coordinates), ("Rounding", rounding), ("CubicCoefficient", cubicCoefficient),
        ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Enlarges each channel: PyTorch's <c>nn.Upsample</c> and <c>F.interpolate</c>, Keras' <c>UpSampling3D</c>.</summary>
    /// <param name="depth">Planes of the output, at least 1. Use it instead of a scale.</param>
    /// <param name="height">Rows of the output, at least 1. Use it instead of a scale.</param>
    /// <param name="width">Columns of the output, at least 1. Use it instead of a scale.</param>
    /// <param name="scaleDepth">Factor of the depth, greater than 0; Scale by default.</param>
    /// <param name="scaleHeight">Factor of the height, greater than 0; Scale by default.</param>
    /// <param name="scaleWidth">Factor of the width, greater than 0; Scale by default.</param>
    /// <param name="mode">How values between the input's elements are computed; the nearest element by default.</param>
    /// <param name="alignCorners">For linear and cubic modes: whether the first and last elements of input and output have the same
    /// positions. False by default, as in PyTorch and Keras: an element then stands for an area.</param>
    /// <param name="coordinates">Where an output is between the input's elements; by default as in PyTorch. AlignCorners is the same as
    /// AlignCorners.</param>
    /// <param name="rounding">For Nearest: which element is the nearest; by default the one at or before the place. PyTorch's
    /// <c>nearest-exact</c> is HalfPixel with RoundPreferCeil. Halves are found exactly, also where single precision would miss
    /// them.</param>
    /// <param name="cubicCoefficient">For Cubic: the coefficient a of the weights; −0.75 by default, as in PyTorch. Pillow and TensorFlow
    /// have −0.5.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Upsample3D(
        int? depth = null, int? height = null, int? width = null, double? scaleDepth = null, double? scaleHeight = null,
        double? scaleWidth = null, UpsampleMode? mode = null, bool? alignCorners = null,
        UpsampleCoordinates? coordinates = null, UpsampleRounding? rounding = null, double? cubicCoefficient = null,
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Upsample3D",
        [("Depth", depth), ("Height", height), ("Width", width), ("ScaleDepth", scaleDepth), ("ScaleHeight", scaleHeight),
        ("ScaleWidth", scaleWidth), ("Mode", mode), ("AlignCorners", alignCorners), ("Coordinates", coordinates), ("Rounding", rounding),
        ("CubicCoefficient", cubicCoefficient), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Enlarges each channel: PyTorch's <c>nn.Upsample</c> and <c>F.interpolate</c>, Keras' <c>UpSampling3D</c>.</summary>
    /// <param name="scale">The factor, greater than 0; 2 doubles every extent.</param>
    /// <param name="depth">Planes of the output, at least 1. Use it instead of a scale.</param>
    /// <param name="height">Rows of the output, at least 1. Use it instead of a scale.</param>
    /// <param name="width">Columns of the output, at least 1. Use it instead of a scale.</param>
    /// <param name="scaleDepth">Factor of the depth, greater than 0; Scale by default.</param>
    /// <param name="scaleHeight">Factor of the height, greater than 0; Scale by default.</param>
    /// <param name="scaleWidth">Factor of the width, greater than 0; Scale by default.</param>
    /// <param name="mode">How values between the input's elements are computed; the nearest element by default.</param>
    /// <param name="alignCorners">For linear and cubic modes: whether the first and last elements of input and output have the same
    /// positions. False by default, as in PyTorch and Keras: an element then stands for an area.</param>
    /// <param name="coordinates">Where an output is between the input's elements; by default as in PyTorch. AlignCorners is the same as
    /// AlignCorners.</param>
    /// <param name="rounding">For Nearest: which element is the nearest; by default the one at or before the place. PyTorch's
    /// <c>nearest-exact</c> is HalfPixel with RoundPreferCeil. Halves are found exactly, also where single precision would miss
    /// them.</param>
    /// <param name="cubicCoefficient">For Cubic: the coefficient a of the weights; −0.75 by default, as in PyTorch. Pillow and TensorFlow
    /// have −0.5.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Upsample3D(
        double scale, int? depth = null, int? height = null, int? width = null, double? scaleDepth = null,
        double? scaleHeight = null, double? scaleWidth = null, UpsampleMode? mode = null, bool? alignCorners = null,
        UpsampleCoordinates? coordinates = null, UpsampleRounding? rounding = null, double? cubicCoefficient = null,
        string? name = null, string? from = null, bool? frozen = null, string? weights = null) => Append(
        "Upsample3D",
        [("scale", scale), ("Depth", depth), ("Height", height), ("Width", width), ("ScaleDepth", scaleDepth),
        ("ScaleHeight", scaleHeight), ("ScaleWidth", scaleWidth), ("Mode", mode), ("AlignCorners", alignCorners),
        ("Coordinates", coordinates), ("Rounding", rounding), ("CubicCoefficient", cubicCoefficient), ("Name", name), ("From", from),
        ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>Elements of one tensor where a condition holds, and of another one elsewhere: PyTorch's <c>torch.where</c>.</summary>
    /// <param name="names">Three names: the condition, and what is chosen by it. Without names, the branches are joined.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Where(
        IReadOnlyList<string>? names = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Where",
        [("names", names), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);

    /// <summary>1 where the element of exactly one of two tensors is not 0, else 0: PyTorch's <c>torch.logical_xor</c>.</summary>
    /// <param name="names">Two names. Without names, the branches are joined.</param>
    /// <param name="name">The layer's name, which begins the keys of its parameters as in PyTorch's state_dict: <c>conv1</c> gives
    /// <c>conv1.weight</c>.</param>
    /// <param name="from">Name of the tensor that the layer reads: a layer, block or input above it. By default the layer reads the tensor
    /// before it. <c>"input"</c> is the input of the network, or of the surrounding block.</param>
    /// <param name="frozen">Whether training leaves the layer's parameters unchanged; false by default. No gradient is computed for them,
    /// and batch norm uses its running statistics. FreezeUntil freezes all layers before a given one.</param>
    /// <param name="weights">Name of a layer or block above it whose parameters this one uses instead of its own, as a module that is
    /// called twice does in PyTorch. Files have them once, under that name, and their gradients are the sums of those of all uses.</param>
    /// <returns>This builder.</returns>
    public NetworkBuilder Xor(
        IReadOnlyList<string>? names = null, string? name = null, string? from = null, bool? frozen = null,
        string? weights = null) => Append(
        "Xor",
        [("names", names), ("Name", name), ("From", from), ("Frozen", frozen), ("Weights", weights)]);
}
