using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>
/// One residue class of the input's rows (or columns, or planes) modulo the stride of a convolution: which taps reach these rows, and from
/// where. Row y gets gradient from output row o through tap k if o·S + k·D − P = y. For rows y ≡ q (mod S), these are the taps with q + P −
/// k·D ≡ 0 (mod S), which are evenly spaced. So each q is a convolution of stride 1, without zeros inserted between rows.
/// </summary>
/// <param name="First">The first row.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="Taps">Number of taps.</param>
/// <param name="FirstTap">The first tap. Since the filter is rotated, this is the last of the filter's taps that count.</param>
/// <param name="TapStep">The distance from one tap to the next, which is negative.</param>
/// <param name="Start">The row of the output's gradient that the first tap reads for the first row.</param>
/// <param name="StartStep">The distance between the rows that two taps in a row read, which is positive.</param>
internal readonly record struct StrideResidue(int First, int Count, int Taps, int FirstTap, int TapStep, int Start, int StartStep)
{
    /// <summary>These rows as outputs of a window that slides over the output's gradient.</summary>
    public WindowAxis Window => new(Taps, 1, Math.Max(1, StartStep), -Start, 0);

    /// <summary>A range of the rows, with the taps that meet the output's gradient.</summary>
    /// <param name="stride">The stride of the convolution.</param>
    public StrideResidue Part(MetRange range, int stride) => this with
    {
        First = First + (range.First * stride),
        Count = range.Count,
        Taps = range.Taps,
        FirstTap = FirstTap + (range.FirstTap * TapStep),
        Start = Start + range.First + (range.FirstTap * StartStep),
    };

    private int Highest => Taps == 0 ? 0 : Start + ((Taps - 1) * StartStep) + Count - 1;

    /// <summary>All residues of an axis.</summary>
    public static IEnumerable<StrideResidue> All(WindowAxis axis, int extent)
    {
        // Solves k·D ≡ q + P (mod S) by the inverse of D modulo S, after division by their common divisor. This avoids trying each tap.
        int divisor = Arithmetic.GreatestCommonDivisor(axis.Stride, axis.Dilation), period = axis.Stride / divisor;
        long inverse = Arithmetic.Inverse(axis.Dilation / divisor, period);
        for (int q = 0; q < Math.Min(axis.Stride, extent); q++)
        {
            int sum = q + axis.PadBefore, count = Arithmetic.CeilingDivide(extent - q, axis.Stride);
            int first = sum % divisor == 0 ? (int)(Mod(sum / divisor, period) * inverse % period) : axis.Kernel;
            if (first >= axis.Kernel)
            {
                yield return new StrideResidue(q, count, 0, 0, 0, 0, 0);
                continue;
            }

            int taps = Arithmetic.CeilingDivide(axis.Kernel - first, period), step = taps > 1 ? period : 0,
                last = first + ((taps - 1) * period);
            yield return new StrideResidue(
                q, count, taps, last, -step,
                WindowAxis.FloorDivide(q + axis.PadBefore - (last * axis.Dilation), axis.Stride),
                (int)((long)step * axis.Dilation / axis.Stride));
        }
    }

    /// <summary>The zeros that the input's gradient reads around the output's gradient.</summary>
    public static Halo ZerosAroundGradient(WindowAxes window, Shape input, Shape output) =>
        ProgramBuilder.HaloOf(window, input, output, (axis, extent, outputs) => (
            Math.Max(0, -All(axis, extent).Min(r => r.Start)), Math.Max(0, All(axis, extent).Max(r => r.Highest) - (outputs - 1))));

    private static int Mod(int dividend, int divisor) => dividend % divisor is >= 0 and var rest ? rest : (dividend % divisor) + divisor;
}
