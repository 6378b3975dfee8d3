using System;

namespace Strata;

/// <summary>
/// Rounds each number to the nearest one that an integer of few bits can stand for: PyTorch's <c>FakeQuantize</c>, ONNX's
/// <c>QuantizeLinear</c> and <c>DequantizeLinear</c>.
/// </summary>
/// <remarks>
/// <para>
/// Shape: unchanged. Formula: q = min(max(round(x/scale) + zero_point, <see cref="QuantMin"/>), <see cref="QuantMax"/>) and
/// y = (q − zero_point)·scale. Of two nearest whole numbers, <c>round</c> takes the even one. The numbers stay 32-bit floats, so a network
/// with these layers shows what its integers would compute. With <see cref="NetworkAttribute.Int8"/>, inference multiplies integers where
/// it can.
/// </para>
/// <para>
/// The parameters <c>scale</c> and <c>zero_point</c> have one element each, or with <see cref="PerChannel"/> one for each channel (for each
/// feature of a flat tensor). <c>scale</c> is more than 0; <c>zero_point</c> is a whole number, which stands for 0.
/// </para>
/// <para>
/// The gradient goes straight through: rounding counts as the identity (Bengio et al. 2013, §4), so that of x is that of y where q was not
/// clamped, and 0 elsewhere. PyTorch multiplies by 1/scale; in the middle of two numbers this may lead to the other one.
/// </para>
/// <para>
/// With <see cref="Learned"/>, <c>scale</c> is trained (Esser et al. 2020, "Learned step size quantization", equation 3): its gradient is
/// the sum of g·(round(x/scale) − x/scale) where q was not clamped, and of g·(q − zero_point) elsewhere, times
/// 1/√(N·<see cref="QuantMax"/>) (§2.2). N is the number of elements of one sample that share a scale. Else both are buffers: files have
/// them, and training leaves them as they are.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class FakeQuantizeAttribute : LayerAttribute
{
    /// <summary>The smallest integer, from −32768 to 0: PyTorch's <c>quant_min</c>; 0 by default.</summary>
    public int QuantMin { get; set; }

    /// <summary>The largest integer, from 1 to 65535: PyTorch's <c>quant_max</c>; 255 by default.</summary>
    public int QuantMax { get; set; } = 255;

    /// <summary>The initial distance between two neighbours, a finite number above 0; 1 by default.</summary>
    public double Scale { get; set; } = 1;

    /// <summary>The initial integer that stands for 0, from <see cref="QuantMin"/> to <see cref="QuantMax"/>; 0 by default.</summary>
    public int ZeroPoint { get; set; }

    /// <summary>Whether each channel has its own scale and zero point. False by default: all channels share one.</summary>
    public bool PerChannel { get; set; }

    /// <summary>
    /// Whether training learns the scale. False by default. Nothing but a small learning rate keeps it above 0: begin with a
    /// <see cref="Scale"/> that suits the numbers.
    /// </summary>
    public bool Learned { get; set; }
}
