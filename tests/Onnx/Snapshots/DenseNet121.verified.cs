using Strata;

namespace App.Models;

// These layers are the file's: warnings that advise how to design a network are off.
#pragma warning disable STRATA035, STRATA039, STRATA052, STRATA053, STRATA054, STRATA055

/// <summary>DenseNet121, from an ONNX file. 7,978,856 parameters. Written by PyTorch 2.1, operator set 17.</summary>
[Network]
[Input(3, 224, 224)]
[Conv2D(64, 7, Stride = 2, Padding = 3, Bias = false, Name = "features.conv0"), BatchNorm(Name = "features.norm0"), ReLU]
[MaxPool2D(3, Stride = 2, Padding = 1)]
[DenseLayer(Name = "features.denseblock1.denselayer{1}", Repeat = 6)]
[Transition(128, Name = "features.transition1"), AveragePool2D(2)]
[DenseLayer(Name = "features.denseblock2.denselayer{1}", Repeat = 12)]
[Transition(256, Name = "features.transition2"), AveragePool2D(2)]
[DenseLayer(Name = "features.denseblock3.denselayer{1}", Repeat = 24)]
[Transition(512, Name = "features.transition3"), AveragePool2D(2)]
[DenseLayer(Name = "features.denseblock4.denselayer{1}", Repeat = 16)]
[BatchNorm(Name = "features.norm5"), ReLU]
[AdaptiveAveragePool2D(1), Flatten]
[Dense(1000, Name = "classifier")]
public partial class DenseNet121;

/// <summary>Its output is its input with new channels behind it.</summary>
[Branch]
[Branch, BatchNorm(Name = "norm1"), ReLU, Conv2D(128, 1, Bias = false), BatchNorm(Name = "norm2"), ReLU,
         Conv2D(32, 3, Padding = 1, Bias = false)]
[Concat]
internal sealed class DenseLayerAttribute : BlockAttribute;

/// <summary>Batch norm, rectifier, convolution.</summary>
[BatchNorm(Name = "norm"), ReLU, Conv2D(Filters, 1, Bias = false, Name = "conv")]
internal sealed class TransitionAttribute : BlockAttribute
{
    private const int Filters = 128;
    public TransitionAttribute(int filters) { }
}
