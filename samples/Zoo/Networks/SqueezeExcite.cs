namespace Strata.Zoo;

/// <summary>Each channel gets a factor from 0 to 1 that depends on the means of all (Hu, Shen and Sun 2018, figure 2).</summary>
[Branch]
[Branch, GlobalAveragePool2D, Conv2D(Squeeze, 1, Name = "fc1"), ReLU, Conv2D(Channels, 1, Name = "fc2"), Sigmoid]
[Multiply]
public sealed class SqueezeExciteAttribute : BlockAttribute
{
    private const int Channels = 64, Squeeze = 16;

    /// <summary>Sets the parameters.</summary>
    /// <param name="channels">Channels of the input and of the output.</param>
    /// <param name="squeeze">Channels between the two convolutions, at least 1.</param>
    public SqueezeExciteAttribute(int channels, int squeeze) { }
}

/// <summary>The same with SiLU, as in EfficientNet.</summary>
[Branch]
[Branch, GlobalAveragePool2D, Conv2D(Squeeze, 1, Name = "fc1"), SiLU, Conv2D(Channels, 1, Name = "fc2"), Sigmoid]
[Multiply]
public sealed class SqueezeExciteSiLUAttribute : BlockAttribute
{
    private const int Channels = 64, Squeeze = 16;

    /// <summary>Sets the parameters.</summary>
    /// <param name="channels">Channels of the input and of the output.</param>
    /// <param name="squeeze">Channels between the two convolutions, at least 1.</param>
    public SqueezeExciteSiLUAttribute(int channels, int squeeze) { }
}

/// <summary>The same with a piecewise linear sigmoid, as in MobileNetV3.</summary>
[Branch]
[Branch, GlobalAveragePool2D, Conv2D(Squeeze, 1, Name = "fc1"), ReLU, Conv2D(Channels, 1, Name = "fc2"), HardSigmoid]
[Multiply]
public sealed class SqueezeExciteHardAttribute : BlockAttribute
{
    private const int Channels = 64, Squeeze = 16;

    /// <summary>Sets the parameters.</summary>
    /// <param name="channels">Channels of the input and of the output.</param>
    /// <param name="squeeze">Channels between the two convolutions, at least 1.</param>
    public SqueezeExciteHardAttribute(int channels, int squeeze) { }
}
