namespace Strata.Zoo;

/// <summary>
/// Inception-v4 (Szegedy, Ioffe, Vanhoucke and Alemi 2016, figure 9), with the keys of the PyTorch checkpoints in circulation, for
/// 3×299×299. 42,679,816 parameters for 1000 classes.
/// </summary>
[Sequential("features")]
[ConvUnit(32, 3, stride: 2, valid: true), ConvUnit(32, 3, valid: true), ConvUnit(64, 3)]
[Stem3, Stem4, Stem5]
[InceptionA(Repeat = 4)]
[ReductionA]
[InceptionB(Repeat = 7)]
[ReductionB]
[InceptionC(Repeat = 3)]
[AdaptiveAveragePool2D(1), Flatten, Dropout(Dropout)]
[Dense(Classes, Name = "last_linear")]
public sealed class InceptionV4Attribute : BlockAttribute
{
    private const int Classes = 1000;
    private const double Dropout = 0.2;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="dropout">Rate of dropout before dense layers, at least 0 and less than 1.</param>
    public InceptionV4Attribute(int classes = Classes, double dropout = Dropout)
    {
    }
}

/// <summary>The part of the stem up to its first join (figure 3).</summary>
[Branch, MaxPool2D(3, Stride = 2)]
[Branch, ConvUnit(96, 3, stride: 2, valid: true, Name = "conv")]
[Concat]
public sealed class Stem3Attribute : BlockAttribute;

/// <summary>The part of the stem up to its second join (figure 3).</summary>
[Branch, Sequential("branch0"), ConvUnit(64, 1), ConvUnit(96, 3, valid: true)]
[Branch, Sequential("branch1"), ConvUnit(64, 1), ConvUnit(64, 1, 7), ConvUnit(64, 7, 1), ConvUnit(96, 3, valid: true)]
[Concat]
public sealed class Stem4Attribute : BlockAttribute;

/// <summary>The part of the stem up to its third join (figure 3).</summary>
[Branch, ConvUnit(192, 3, stride: 2, valid: true, Name = "conv")]
[Branch, MaxPool2D(3, Stride = 2)]
[Concat]
public sealed class Stem5Attribute : BlockAttribute;

/// <summary>The paper's Inception-A (figure 4): 1×1 and 3×3 convolutions, and average pooling.</summary>
[Branch, ConvUnit(96, 1, Name = "branch0")]
[Branch, Sequential("branch1"), ConvUnit(64, 1), ConvUnit(96, 3)]
[Branch, Sequential("branch2"), ConvUnit(64, 1), ConvUnit(96, 3), ConvUnit(96, 3)]
[Branch, Sequential("branch3"), AveragePool2D(3, Stride = 1, Padding = 1, CountIncludePad = false), ConvUnit(96, 1)]
[Concat]
public sealed class InceptionAAttribute : BlockAttribute;

/// <summary>The paper's Reduction-A (figure 7): halves the extents by convolutions and by pooling.</summary>
[Branch, ConvUnit(384, 3, stride: 2, valid: true, Name = "branch0")]
[Branch, Sequential("branch1"), ConvUnit(192, 1), ConvUnit(224, 3), ConvUnit(256, 3, stride: 2, valid: true)]
[Branch, MaxPool2D(3, Stride = 2)]
[Concat]
public sealed class ReductionAAttribute : BlockAttribute;

/// <summary>The paper's Inception-B (figure 5): 7×7 convolutions as rows and columns, and average pooling.</summary>
[Branch, ConvUnit(384, 1, Name = "branch0")]
[Branch, Sequential("branch1"), ConvUnit(192, 1), ConvUnit(224, 1, 7), ConvUnit(256, 7, 1)]
[Branch, Sequential("branch2"), ConvUnit(192, 1), ConvUnit(192, 7, 1), ConvUnit(224, 1, 7), ConvUnit(224, 7, 1), ConvUnit(256, 1, 7)]
[Branch, Sequential("branch3"), AveragePool2D(3, Stride = 1, Padding = 1, CountIncludePad = false), ConvUnit(128, 1)]
[Concat]
public sealed class InceptionBAttribute : BlockAttribute;

/// <summary>The paper's Reduction-B (figure 8): halves the extents once more.</summary>
[Branch, Sequential("branch0"), ConvUnit(192, 1), ConvUnit(192, 3, stride: 2, valid: true)]
[Branch, Sequential("branch1"), ConvUnit(256, 1), ConvUnit(256, 1, 7), ConvUnit(320, 7, 1), ConvUnit(320, 3, stride: 2, valid: true)]
[Branch, MaxPool2D(3, Stride = 2)]
[Concat]
public sealed class ReductionBAttribute : BlockAttribute;

/// <summary>The paper's Inception-C (figure 6): two of the branches split once more at their ends.</summary>
[ConvUnit(256, 1, Name = "branch0")]
[ConvUnit(384, 1, Name = "branch1_0", From = "input")]
[ConvUnit(256, 1, 3, Name = "branch1_1a")]
[ConvUnit(256, 3, 1, Name = "branch1_1b", From = "branch1_0")]
[ConvUnit(384, 1, Name = "branch2_0", From = "input"), ConvUnit(448, 3, 1, Name = "branch2_1"), ConvUnit(512, 1, 3, Name = "branch2_2")]
[ConvUnit(256, 1, 3, Name = "branch2_3a")]
[ConvUnit(256, 3, 1, Name = "branch2_3b", From = "branch2_2")]
[AveragePool2D(3, Stride = 1, Padding = 1, CountIncludePad = false, From = "input"), ConvUnit(256, 1, Name = "branch3.1")]
[Concat("branch0", "branch1_1a", "branch1_1b", "branch2_3a", "branch2_3b", "branch3.1")]
public sealed class InceptionCAttribute : BlockAttribute;
