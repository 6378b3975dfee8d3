using System;

namespace Strata;

/// <summary>Piecewise linear sigmoid (Howard et al. 2019): PyTorch's <c>nn.Hardsigmoid</c>, and ONNX' <c>HardSigmoid</c>.</summary>
/// <remarks>
/// <para>
/// Shape: unchanged. Formula: y = min(max(alpha·x + beta, 0), 1); its derivative is 0 where y is 0 or 1. By default that is
/// min(max(x + 3, 0), 6)/6.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class HardSigmoidAttribute : LayerAttribute
{
    /// <summary>A piecewise linear sigmoid.</summary>
    /// <param name="alpha">The slope, a finite number; 1/6 by default, as in PyTorch. ONNX has 0.2.</param>
    /// <param name="beta">The value at 0, a finite number; 0.5 by default.</param>
    public HardSigmoidAttribute(double alpha = 1.0 / 6, double beta = 0.5)
    {
        Alpha = alpha;
        Beta = beta;
    }

    /// <summary>The slope.</summary>
    public double Alpha { get; }

    /// <summary>The value at 0.</summary>
    public double Beta { get; }
}
