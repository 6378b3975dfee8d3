using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Operators;

namespace Strata.Onnx.Tests.Saving;

/// <summary>Small networks: every kind of layer with its main options. Each is an input and layers.</summary>
internal static class SavedCases
{
    private const string Sequence = "Input(3, 11)", Image = "Input(4, 9, 7)", Volume = "Input(2, 5, 6, 4)", Flat = "Input(10)";

    public static IReadOnlyList<(string Input, string Layers)> All { get; } =
    [
        .. Activations, .. Convolutions, .. Poolings, .. AdaptivePoolings, .. Normalizations, .. Moves, .. Resizing, .. Joins,
        .. Others,
    ];

    /// <summary>
    /// Those that are tried to come back: activations, poolings and what moves elements. A softplus with a threshold cannot.
    /// </summary>
    public static IReadOnlyList<(string Input, string Layers)> Returning { get; } =
    [
        .. Activations.Where(one => !one.Layers.StartsWith("Softplus", StringComparison.Ordinal)
            || !one.Layers.Contains("Threshold", StringComparison.Ordinal)),
        .. Poolings, .. AdaptivePoolings, .. Moves,
    ];

    public static int IndexOf(string layers) => All.ToList().FindIndex(network => network.Layers == layers);

    private static IEnumerable<(string Input, string Layers)> In(string input, params IEnumerable<string> layers) =>
        layers.Select(layer => (input, layer));

    private static IEnumerable<(string Input, string Layers)> Activations =>
    [
        // Functions that are not defined for all numbers stand with others below.
        .. In(Image, OperatorSet.BuiltIn.All
            .Where(one => one.Family == OperatorFamily.Activation && one.Kind is not ("Log" or "Sqrt" or "Pow"))
            .SelectMany(one => one.Cases)),
        .. In(Flat, "PReLU(PerChannel = true)", "Softmax", "LogSoftmax", "GELU"),
        .. In(Sequence, "PReLU(PerChannel = true)", "Softmax"),
        .. In(Volume, "PReLU(PerChannel = true)", "LogSoftmax"),
    ];

    private static IEnumerable<(string Input, string Layers)> Convolutions =>
    [
        .. In(Sequence, "Conv1D(5, 3)", "Conv1D(6, 3, Padding = 2, PaddingMode = PaddingMode.Reflect, Groups = 3)",
            "ConvTranspose1D(5, 3, Stride = 2, OutputPadding = 1)"),
        .. In(Image, "Conv2D(5, 3)", "Conv2D(5, 3, Bias = false, Stride = 2, Padding = 1)", "Conv2D(8, 3, Groups = 4)",
            "Conv2D(6, 3, Groups = 2, Dilation = 2, Padding = 2)", "Conv2D(3, 3, AutoPad = AutoPad.Same, Stride = 2)",
            "Conv2D(3, 3, AutoPad = AutoPad.Full)", "Conv2D(3, 3, AutoPad = AutoPad.Valid, Stride = 2)",
            "Conv2D(3, 1, KernelHeight = 3, KernelWidth = 2, StrideWidth = 2, PaddingTop = 1, PaddingRight = 1)",
            "Conv2D(3, 3, Padding = 2, PaddingMode = PaddingMode.Reflect)",
            "Conv2D(3, 3, PaddingHeight = 1, PaddingLeft = 2, PaddingMode = PaddingMode.Replicate)",
            "Conv2D(3, 3, PaddingHeight = 1, PaddingRight = 2, PaddingMode = PaddingMode.Circular)",
            "ConvTranspose2D(3, 3)", "ConvTranspose2D(6, 3, Stride = 2, Padding = 1, OutputPadding = 1, Groups = 2, Bias = false)",
            "ConvTranspose2D(3, 4, Stride = 3, AutoPad = AutoPad.Same)", "ConvTranspose2D(3, 2, Stride = 3, AutoPad = AutoPad.Same)",
            "ConvTranspose2D(3, 3, DilationHeight = 2, PaddingTop = 1, StrideWidth = 2)",
            "ConvTranspose2D(3, 2, Dilation = 3, OutputPadding = 2)",
            "ConvTranspose2D(3, 2, Stride = 2, Dilation = 4, PaddingWidth = 1, OutputPadding = 3)",
            "Filter2D(Filter.Edge)", "Filter2D(Filter.SobelX, Padding = 1)", "Filter2D(Filter.SobelY)", "Filter2D(Filter.BoxBlur)",
            "Filter2D(Filter.GaussianBlur, Padding = 1, PaddingMode = PaddingMode.Reflect)", "Filter2D(Filter.Sharpen)",
            "Filter2D(Filter.Emboss)"),
        .. In(Volume, "Conv3D(4, 3, Padding = 1, StrideHeight = 2)", "Conv3D(4, 3, Padding = 1, PaddingMode = PaddingMode.Circular)",
            "ConvTranspose3D(3, 3, Stride = 2, Padding = 1)"),
        .. In(Flat, "Dense(4)", "Dense(4, Bias = false)", "Dense(4, OverChannels = true)"),
        .. In(Sequence, "Dense(4, OverChannels = true)"),
        .. In(Image, "Dense(4, OverChannels = true)", "Dense(4, Bias = false, OverChannels = true)",
            "LayerNorm(OverChannels = true), Dense(4, OverChannels = true), GELU"),
        .. In(Volume, "Dense(4, OverChannels = true)"),
    ];

    private static IEnumerable<(string Input, string Layers)> Poolings =>
    [
        .. In(Sequence, "MaxPool1D(3)", "AveragePool1D(3, Padding = 1, CeilMode = true)", "L2Pool1D(2, CeilMode = true)",
            "LogSumExpPool1D(3)", "GlobalAveragePool1D", "GlobalMaxPool1D", "MaxPool1D(2, Name = \"pool\"), MaxUnpool1D(\"pool\")"),
        .. In(Image, "MaxPool2D(2)", "MaxPool2D(3, Stride = 2, Padding = 1)", "MaxPool2D(2, CeilMode = true)",
            "MaxPool2D(3, Stride = 3, Padding = 1, CeilMode = true)", "MaxPool2D(2, StrideWidth = 3, CeilMode = true)",
            "MaxPool2D(3, Stride = 2, AutoPad = AutoPad.Same)",
            "AveragePool2D(2)", "AveragePool2D(3, Stride = 2, Padding = 1)",
            "AveragePool2D(3, Stride = 2, Padding = 1, CountIncludePad = false)", "AveragePool2D(2, CeilMode = true)",
            "AveragePool2D(3, Stride = 3, Padding = 1, CeilMode = true)",
            "AveragePool2D(4, Stride = 3, Padding = 1, CeilMode = true, CountIncludePad = false)",
            "AveragePool2D(3, Stride = 2, AutoPad = AutoPad.Same)",
            "L2Pool2D(2)", "L2Pool2D(3, Stride = 2, Padding = 1)", "L2Pool2D(4, Stride = 3, Padding = 1, CeilMode = true)",
            "LogSumExpPool2D(2)", "LogSumExpPool2D(3, Stride = 2, Padding = 1, Sharpness = 4)",
            "LogSumExpPool2D(2, CeilMode = true, Sharpness = 0.5)", "GlobalAveragePool2D", "GlobalMaxPool2D",
            "MaxPool2D(2, Name = \"pool\"), Conv2D(4, 1), MaxUnpool2D(\"pool\")",
            "MaxPool2D(3, Stride = 2, Padding = 1, Name = \"pool\"), Sigmoid, MaxUnpool2D(\"pool\")"),
        .. In(Volume, "MaxPool3D(2)", "AveragePool3D(2, CeilMode = true)", "L2Pool3D(2)", "LogSumExpPool3D(2)", "GlobalAveragePool3D",
            "GlobalMaxPool3D", "MaxPool3D(2, Name = \"pool\"), MaxUnpool3D(\"pool\")"),
    ];

    private static IEnumerable<(string Input, string Layers)> AdaptivePoolings =>
    [
        .. In(Sequence, "AdaptiveAveragePool1D(4)", "AdaptiveMaxPool1D(4)", "AdaptiveMaxPool1D(1)"),
        .. In(Image, "AdaptiveAveragePool2D(1)", "AdaptiveAveragePool2D(3, Width = 7)", "AdaptiveAveragePool2D(4)",
            "AdaptiveAveragePool2D(12, Width = 7)", "AdaptiveMaxPool2D(4)", "AdaptiveMaxPool2D(3, Width = 1)", "AdaptiveMaxPool2D(1)"),
        .. In(Volume, "AdaptiveAveragePool3D(3)", "AdaptiveMaxPool3D(3)", "AdaptiveAveragePool3D(5, Height = 3, Width = 2)"),
    ];

    private static IEnumerable<(string Input, string Layers)> Normalizations =>
    [
        .. In(Flat, "BatchNorm", "LayerNorm", "GroupNorm(2)", "LocalResponseNorm(3)", "LayerNorm(OverChannels = true)"),
        .. In(Sequence, "BatchNorm", "LayerNorm", "InstanceNorm", "LayerNorm(OverChannels = true)", "LocalResponseNorm(3)"),
        .. In(Image, "BatchNorm(Momentum = 0.01)"),
        .. In(Image, "BatchNorm", "BatchNorm(Epsilon = 0.1, Affine = false)", "LayerNorm(Epsilon = 0.1)", "LayerNorm(Affine = false)",
            "LayerNorm(OverChannels = true)", "LayerNorm(OverChannels = true, Affine = false)", "GroupNorm(2)",
            "GroupNorm(4, Epsilon = 0.1, Affine = false)", "InstanceNorm", "InstanceNorm(Affine = true, Epsilon = 0.1)",
            "LocalResponseNorm(3)", "LocalResponseNorm(4, Alpha = 0.5, Beta = 0.5, K = 2)", "LocalResponseNorm(5, Alpha = 0.5)",
            "Normalize(new[] { 0.5, 0.25, -0.5, 0.1 }, new[] { 0.2, 0.5, 2, 1 })"),
        .. In(Flat, "Scale", "Scale(PerElement = true)"),
        .. In(Image, "Scale", "Scale(Bias = false)", "Scale(PerElement = true)", "Scale(Bias = false, Name = \"layer_scale\", Key = \"\")",
            "Scale(Key = \"gamma\")", "Conv2D(3, 3), Scale"),
        .. In(Volume, "Scale(PerElement = true)", "BatchNorm", "LayerNorm", "GroupNorm(2)", "InstanceNorm(Affine = true)",
            "LayerNorm(OverChannels = true)",
            "LocalResponseNorm(2)"),
    ];

    private static IEnumerable<(string Input, string Layers)> Moves =>
    [
        .. In(Sequence, "Flatten", "Pad1D(2, Mode = PaddingMode.Circular)", "ChannelShuffle(3)", "Reshape(11, 3)"),
        .. In(Image, "Flatten", "Reshape(252)", "Reshape(14, -1)", "Reshape(2, 3, -1)", "Reshape(2, 3, 6, 7)", "Pad2D(1)",
            "Pad2D(2, Mode = PaddingMode.Reflect)", "Pad2D(1, PaddingLeft = 3, Mode = PaddingMode.Replicate)",
            "Pad2D(2, PaddingTop = 0, Mode = PaddingMode.Circular)", "PixelShuffle(2)", "ChannelShuffle(2)",
                "ReLU, Flatten, Dropout, Dense(3)",
            "Conv2D(4, 3), SpatialDropout, ReLU", "Conv2D(4, 3), StochasticDepth(0.1)"),
        .. In("Input(8, 4, 6)", "PixelUnshuffle(2)", "PixelShuffle(2)"),
        .. In(Volume, "Flatten", "Pad3D(1)", "Pad3D(2, Mode = PaddingMode.Reflect)",
            "Pad3D(1, PaddingBack = 2, Mode = PaddingMode.Replicate)",
            "Pad3D(1, Mode = PaddingMode.Circular)", "Reshape(20, 12)", "ChannelShuffle(2)"),
        .. In(Flat, "Reshape(2, 5)", "Flatten, Dense(2)"),
    ];

    private static IEnumerable<(string Input, string Layers)> Resizing =>
    [
        .. In(Sequence, "Upsample1D(2)", "Upsample1D(Length = 7)", "Upsample1D(2.5, Mode = UpsampleMode.Linear)",
            "Upsample1D(Length = 20, Mode = UpsampleMode.Linear, AlignCorners = true)"),
        .. In(Sequence, "Upsample1D(2.5, Mode = UpsampleMode.Cubic)", "Upsample1D(1.3, Mode = UpsampleMode.Cubic)"),
        .. In(Volume, "Upsample3D(Depth = 7, Height = 8, Width = 9, Mode = UpsampleMode.Cubic)",
            "Upsample3D(1.3, Mode = UpsampleMode.Cubic, AlignCorners = true)", "Upsample3D(Depth = 7, Height = 13, Width = 3)"),
        .. In("Input(2, 7, 9)", "Upsample2D(Height = 10, Width = 13)", "Upsample2D(Height = 10, Width = 13, Mode = UpsampleMode.Linear)",
            "Upsample2D(1.3, ScaleWidth = 1.5)"),
        .. In("Input(2, 5, 10)", "Upsample2D(1.4)", "Upsample2D(1.3, Mode = UpsampleMode.Linear)",
            "Upsample2D(Height = 7, Width = 10), Upsample2D(1)"),
        .. In("Input(1, 14, 7)", "Upsample2D(Height = 2, Width = 39, Coordinates = UpsampleCoordinates.HalfPixel)",
            "Upsample2D(Height = 2, Width = 20)"),
        .. In("Input(2, 9)", "Upsample1D(1.1, Mode = UpsampleMode.Linear)", "Upsample1D(1.05)"),
        .. In(Image, "Upsample2D(1.05, ScaleWidth = 1.1, Mode = UpsampleMode.Cubic)"),
        .. In(Sequence, "LayerNorm(Axes = Axes.Width)", "LogSumExpPool1D(3, Stride = 2, Padding = 1, CeilMode = true)"),
        .. In(Image, "LayerNorm(Axes = Axes.Channels | Axes.Width)", "LayerNorm(Axes = Axes.Height)"),
        .. In(Image, "ChannelShuffle(2), ChannelShuffle(4), PixelShuffle(2)", "ChannelShuffle(2), Flatten"),
        .. In("Input(8, 4, 6)", "PixelUnshuffle(2), PixelShuffle(2), ChannelShuffle(2)"),
        .. In(Image, "Upsample2D(2)", "Upsample2D(1.5)", "Upsample2D(Height = 13, Width = 5)",
            "Upsample2D(2, Mode = UpsampleMode.Bilinear)",
            "Upsample2D(2, ScaleWidth = 3, Mode = UpsampleMode.Bilinear)", "Upsample2D(1.3, Mode = UpsampleMode.Bilinear)",
            "Upsample2D(Height = 13, Width = 5, Mode = UpsampleMode.Bilinear)",
            "Upsample2D(Height = 13, Width = 5, Mode = UpsampleMode.Bilinear, AlignCorners = true)"),
        .. In(Volume, "Upsample3D(2)", "Upsample3D(2, Mode = UpsampleMode.Trilinear)",
            "Upsample3D(1.5, Mode = UpsampleMode.Trilinear, AlignCorners = true)"),
    ];

    private static IEnumerable<(string Input, string Layers)> Joins =>
    [
        .. In(Image, "Branch, Conv2D(4, 1), Branch, Add", "Branch, Conv2D(4, 1), Branch, Conv2D(4, 1), Branch, ReLU, Add",
            "Branch, Branch, GlobalAveragePool2D, Sigmoid, Multiply", "Branch, ReLU, Branch, Conv2D(4, 1), Multiply",
            "Branch, Conv2D(3, 1), Branch, ReLU, Branch, Conv2D(2, 1), Concat", "Shortcut(8, Stride = 2)",
            "Conv2D(4, 1, Name = \"a\"), ReLU, Add(\"a\", \"relu1\")", "Sequential(\"features\"), Conv2D(3, 3), ReLU"),
        .. In(Flat, "Branch, Dense(3), Branch, Dense(4), Concat"),
    ];

    private static IEnumerable<(string Input, string Layers)> Others =>
    [
        (Image, "Exp"),
        (Image, "Abs, Affine(1, 0.5), Log"),
        (Image, "Abs, Sqrt"),
        (Image, "Abs"),
        (Image, "Pow(3)"),
        (Image, "Abs, Pow(1.5)"),
        (Image, "Clip(Min = -0.5)"),
        (Image, "Clip(Max = 0.5)"),
        (Image, "Clip(Min = -0.5, Max = 1)"),
        (Image, "Affine(2, -1)"),
        (Image, "HardSigmoid(0.2, 0.5)"),
        (Image, "Branch, Conv2D(4, 1), Branch, Subtract"),
        (Image, "Branch, Branch, Exp, Divide"),
        (Image, "Branch, Conv2D(4, 1), Branch, Maximum"),
        (Image, "Branch, Conv2D(4, 1), Branch, ReLU, Minimum"),
        (Image, "Branch, Branch, GlobalAveragePool2D, Subtract"),
        (Image, "Slice(1, 3)"),
        (Image, "Slice(-2)"),
        (Flat, "Slice(2, -3)"),
        (Sequence, "Slice(1)"),
        (Image, "Split(1, 2)"),
        (Volume, "Split(0, 2)"),
        (Sequence, "Crop1D(2, Right = 1)"),
        (Image, "Crop2D(1, Stride = 2)"),
        (Image, "Crop2D(Top = 2, CropWidth = 1)"),
        (Image, "Crop2D(1, Left = 0, StrideHeight = 3)"),
        (Volume, "Crop3D(1, Front = 0)"),
        (Sequence, "Transpose(2, 1)"),
        (Image, "Transpose(2, 3, 1)"),
        (Volume, "Transpose(4, 2, 1, 3)"),
        (Image, "PixelShuffle(2, Order = PixelOrder.PixelsFirst)"),
        ("Input(8, 4, 6)", "PixelUnshuffle(2, Order = PixelOrder.PixelsFirst)"),
        (Image, "MaxPool2D(2, Dilation = 2, Stride = 1)"),
        (Image, "MaxPool2D(3, DilationHeight = 2, Stride = 2, Padding = 1)"),
        (Image, "Mean(Axes.Pixels)"),
        (Image, "Mean(Axes.Pixels, KeepAxes = true)"),
        (Image, "Mean(Axes.Channels)"),
        (Volume, "Mean(Axes.Channels | Axes.Height)"),
        (Flat, "Mean(Axes.All)"),
        (Image, "Max(Axes.Height)"),
        (Sequence, "Max(Axes.Width, KeepAxes = true)"),
        (Image, "Max(Axes.All)"),
        (Image, "Sum(Axes.Channels, KeepAxes = true)"),
        (Volume, "Sum(Axes.Depth | Axes.Width)"),
        (Image, "Softmax(Axes = Axes.Pixels)"),
        (Image, "Softmax(Axes = Axes.Width)"),
        (Volume, "LogSoftmax(Axes = Axes.Channels | Axes.Height)"),
        (Image, "LogSoftmax(Axes = Axes.All)"),
        (Image, "LayerNorm(Axes = Axes.Width)"),
        (Image, "LayerNorm(Axes = Axes.Pixels)"),
        (Volume, "LayerNorm(Axes = Axes.Channels | Axes.Height)"),
        (Image, "Upsample2D(2, Mode = UpsampleMode.Cubic)"),
        (Image, "Upsample2D(Height = 13, Width = 5, Mode = UpsampleMode.Cubic, CubicCoefficient = -0.5)"),
        (Image, "Upsample2D(2, Mode = UpsampleMode.Linear, Coordinates = UpsampleCoordinates.Asymmetric)"),
        (Image, "Upsample2D(2, Mode = UpsampleMode.Cubic, AlignCorners = true)"),
        (Image, "Upsample2D(2, Mode = UpsampleMode.Linear, Coordinates = UpsampleCoordinates.PytorchHalfPixel)"),
        (Image,
            "Upsample2D(2, Coordinates = UpsampleCoordinates.HalfPixel, Rounding = UpsampleRounding.RoundPreferFloor)"),
        (Image,
            "Upsample2D(Height = 13, Width = 5, Coordinates = UpsampleCoordinates.HalfPixel, Rounding = UpsampleRounding.RoundPreferCeil)"),
        (Image,
            "Upsample2D(2, Coordinates = UpsampleCoordinates.AlignCorners, Rounding = UpsampleRounding.Ceil)"),
    ];
}
