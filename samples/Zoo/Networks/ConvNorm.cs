namespace Strata.Zoo;

/// <summary>Convolution and batch norm. At a stride of 1, height and width stay as they are.</summary>
[Sequential]
[Conv2D(Filters, Kernel, Stride = Stride, Padding = Dilation * (Kernel / 2), Dilation = Dilation, Groups = Groups, Bias = false)]
[BatchNorm(Epsilon = Epsilon, Momentum = Momentum)]
public sealed class ConvNormAttribute : BlockAttribute
{
    private const int Filters = 32, Kernel = 3, Stride = 1, Groups = 1, Dilation = 1;
    private const double Epsilon = 1e-5, Momentum = 0.1;

    /// <summary>Sets the parameters.</summary>
    /// <param name="filters">Output channels, at least 1.</param>
    /// <param name="kernel">Extent of the square kernel, at least 1 and odd.</param>
    /// <param name="stride">Stride, at least 1.</param>
    /// <param name="groups">Groups of channels that are convolved by themselves; they divide inputs and outputs.</param>
    /// <param name="epsilon">Batch norm's ε.</param>
    /// <param name="momentum">Weight of a batch in batch norm's running statistics.</param>
    /// <param name="dilation">Distance of the taps, at least 1.</param>
    public ConvNormAttribute(
        int filters, int kernel, int stride = Stride, int groups = Groups, double epsilon = Epsilon, double momentum = Momentum,
        int dilation = Dilation)
    {
    }
}
