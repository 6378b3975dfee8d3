namespace Strata.Zoo;

/// <summary>
/// ResNet-20 (He, Zhang, Ren and Sun 2015, section 4.2), with projections where the shape changes, for 3×32×32. 272,474 parameters for 10
/// classes.
/// </summary>
[Conv2D(16, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
[BasicStage(16, 3, Name = "layer1")]
[BasicStage(32, 3, stride: 2, Name = "layer2")]
[BasicStage(64, 3, stride: 2, Name = "layer3")]
[AdaptiveAveragePool2D(1), Flatten]
[Dense(Classes, Name = "fc")]
public sealed class ResNet20Attribute : BlockAttribute
{
    private const int Classes = 10;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public ResNet20Attribute(int classes = Classes)
    {
    }
}
