using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Layers;

/// <summary>y = a·x + b with constants: for all elements, for each channel, or for each element of a sample.</summary>
/// <param name="Factors">a: one, or one for each channel, or one for each element.</param>
/// <param name="Shifts">b, as many or one.</param>
/// <param name="Factor">The constant in the file that a is; null if it is 1 or was computed.</param>
/// <param name="Shift">The constant in the file that b is; null if it is 0 or was computed.</param>
internal sealed record AffineMap(float[] Factors, float[] Shifts, OnnxConstant? Factor = null, OnnxConstant? Shift = null)
{
    /// <summary>Whether there is something to multiply by: a parameter counts, even if all of it is 1 now.</summary>
    public bool Multiplies => MultipliesByParameter || Factors.Any(factor => factor != 1);

    /// <summary>Whether there is something to add: a parameter counts, even if all of it is 0 now.</summary>
    public bool Adds => AddsParameter || Shifts.Any(shift => shift != 0);

    public bool MultipliesByParameter => IsParameter(Factor);

    public bool AddsParameter => IsParameter(Shift);

    public bool IsScalar => Factors.Length == 1 && Shifts.Length == 1;

    public float FactorAt(int index) => Factors[Factors.Length == 1 ? 0 : index];

    public float ShiftAt(int index) => Shifts[Shifts.Length == 1 ? 0 : index];

    /// <summary>Whether all constants are those of channels.</summary>
    public bool IsPerChannel(int channels) => IsOneOf(Factors, channels) && IsOneOf(Shifts, channels);

    /// <summary>This map, and then another one.</summary>
    public AffineMap Then(AffineMap next)
    {
        int count = Math.Max(Math.Max(Factors.Length, Shifts.Length), Math.Max(next.Factors.Length, next.Shifts.Length));
        float[] factors = [.. Enumerable.Range(0, count).Select(i => FactorAt(i) * next.FactorAt(i))];
        float[] shifts = [.. Enumerable.Range(0, count).Select(i => (ShiftAt(i) * next.FactorAt(i)) + next.ShiftAt(i))];
        return new AffineMap(factors, shifts, next.Multiplies ? next.Factor : Factor, next.Shift ?? (next.Multiplies ? null : Shift));
    }

    /// <summary>A constant as it is broadcast to a tensor: one number, one for each channel, or one for each element.</summary>
    public static float[] Broadcast(View view, OnnxConstant constant)
    {
        float[] values = constant.Floats;
        if (values.Length == 1 || (!IsParameter(constant) && Array.TrueForAll(values, value => value.Equals(values[0]))))
        {
            return [values[0]];
        }

        // By how much an index of each of the tensor's axes moves in the constant.
        IReadOnlyList<int> extents = view.Tensor.Shape;
        int[] strides = new int[extents.Count];
        int stride = 1;
        for (int i = constant.Shape.Count - 1; i >= 0; i--)
        {
            if (constant.Shape[i] != 1)
            {
                int at = view.Axes.Count - constant.Shape.Count + i;
                if (at < 0 || view.Axes[at] < 0 || extents[view.Axes[at]] != constant.Shape[i])
                {
                    throw new UnsupportedException("a constant repeats the tensor, which has fewer elements");
                }

                strides[view.Axes[at]] = stride;
            }

            stride *= constant.Shape[i];
        }

        bool isPerChannel = strides.Skip(1).All(one => one == 0);
        int count = isPerChannel ? extents[0] : Extents.Product(extents);
        float[] result = new float[count];
        for (int element = 0; element < count; element++)
        {
            int rest = element, place = 0;
            for (int axis = isPerChannel ? 0 : extents.Count - 1; axis >= 0; axis--)
            {
                place += rest % extents[axis] * strides[axis];
                rest /= extents[axis];
            }

            result[element] = values[place];
        }

        return result;
    }

    /// <summary>Whether a constant is a parameter of the exported module.</summary>
    public static bool IsParameter(OnnxConstant? constant) => constant is not null && ModulePath.IsGiven(constant.Key);

    private static bool IsOneOf(float[] values, int channels) => values.Length == 1 || values.Length == channels;
}
