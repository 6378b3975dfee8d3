using System.Linq;
using Strata.Numerics.Tests.Oracle;

namespace Strata.Numerics.Tests.Drawing;

/// <summary>Poolings.</summary>
internal sealed partial class RandomLayers
{
    public MaxPool MaxPooling(int dimensions)
    {
        (Axis[] axes, bool ceil, Auto auto) = PoolingAxes(dimensions);
        return MaxPooling(axes, ceil, auto);
    }

    /// <summary>Without padding, behind which a window could have no element inside.</summary>
    private MaxPool DilatedMaxPooling(int dimensions) => MaxPooling(
        random.Axes(dimensions, () => PoolingAxis(padded: false) with { Dilation = random.Between(1, 3) }), random.Chance(3), Auto.None);

    private static MaxPool MaxPooling(Axis[] axes, bool ceil, Auto auto) => axes switch
    {
        [Axis x] => new MaxPool1D(x, ceil, auto),
        [Axis y, Axis x] => new MaxPool2D(y, x, ceil, auto),
        _ => new MaxPool3D(axes[0], axes[1], axes[2], ceil, auto),
    };

    private AveragePool AveragePooling(int dimensions)
    {
        (Axis[] axes, bool ceil, Auto auto) = PoolingAxes(dimensions);
        return AveragePooling(axes, ceil, random.Chance(2), auto);
    }

    private static AveragePool AveragePooling(Axis[] axes, bool ceil, bool countIncludePad, Auto auto) => axes switch
    {
        [Axis x] => new AveragePool1D(x, ceil, countIncludePad, auto),
        [Axis y, Axis x] => new AveragePool2D(y, x, ceil, countIncludePad, auto),
        _ => new AveragePool3D(axes[0], axes[1], axes[2], ceil, countIncludePad, auto),
    };

    private EvenPool SmoothPooling(int dimensions)
    {
        int kernel = random.Between(1, 3), stride = random.Between(1, 3);
        bool ceil = random.Chance(3);
        return random.Chance(2)
            ? new L2Pool(dimensions, kernel, stride, ceil) : new LogSumExpPool(dimensions, kernel, stride, random.Pick(1, 0.5, 3), ceil);
    }

    private Layer AdaptivePooling(int dimensions)
    {
        int[] sizes = random.Chance(3) ? [] : Sizes(dimensions);
        return random.Chance(2) ? new AdaptiveAveragePool(dimensions, sizes) : new AdaptiveMaxPool(dimensions, sizes);
    }

    private int[] Sizes(int dimensions) => [.. Enumerable.Range(0, dimensions).Select(_ => random.Between(1, dimensions == 3 ? 4 : 7))];

    private (Axis[] Axes, bool Ceil, Auto Auto) PoolingAxes(int dimensions)
    {
        bool padded = random.Chance(3);
        Axis[] axes = random.Axes(dimensions, () => PoolingAxis(padded));
        Auto auto = !padded && random.Chance(6) ? Auto.Same : Auto.None;
        return (axes, auto == Auto.None && random.Chance(3), auto);
    }

    private Axis PoolingAxis(bool padded)
    {
        int kernel = random.Chance(2) ? 2 : random.Between(1, 4);
        int padding = padded ? random.Below((kernel / 2) + 1) : 0;
        return new Axis(kernel, random.Chance(2) ? kernel : random.Between(1, 3), padding, padding);
    }
}
