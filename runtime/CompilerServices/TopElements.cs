using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Strata.CompilerServices;

/// <summary>
/// Finds the largest or the smallest of several floats, which generated kernels call. A heap of those found so far (Williams 1964) has the
/// last of them at its root: nearly all floats are only compared with it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TopElements
{
    /// <summary>The largest floats, in order. Of equal ones the first comes first, and NaN counts as the largest.</summary>
    /// <param name="from">The first float.</param>
    /// <param name="count">How many there are: at most 2²⁴, up to which each index is a float.</param>
    /// <param name="step">The distance from one to the next, in floats.</param>
    /// <param name="values">Gets the floats.</param>
    /// <param name="places">Gets their indices, counted from 0.</param>
    /// <param name="most">How many are found: at least 1, and at most all.</param>
    /// <param name="resultStep">The distance from a result to the next, in both.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Largest(ref float from, int count, int step, ref float values, ref float places, int most, int resultStep) =>
        Find<Descending>(ref from, count, step, new Heap<Descending>(ref values, ref places, resultStep), most);

    /// <summary>The smallest floats, in order. Of equal ones the first comes first, and NaN counts as the largest.</summary>
    /// <inheritdoc cref="Largest"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Smallest(ref float from, int count, int step, ref float values, ref float places, int most, int resultStep) =>
        Find<Ascending>(ref from, count, step, new Heap<Ascending>(ref values, ref places, resultStep), most);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Find<TOrder>(ref float from, int count, int step, Heap<TOrder> heap, int most)
        where TOrder : struct, IOrder
    {
        for (int i = 0; i < most; i++)
        {
            heap.Set(i, Unsafe.Add(ref from, (nint)i * step), i);
        }

        for (int i = (most / 2) - 1; i >= 0; i--)
        {
            heap.Sink(i, heap.Value(i), heap.Place(i), most);
        }

        // Later ones come behind equal ones.
        float last = heap.Value(0);
        for (int i = most; i < count; i++)
        {
            float value = Unsafe.Add(ref from, (nint)i * step);
            if (TOrder.IsBefore(value, last))
            {
                heap.Sink(0, value, i, most);
                last = heap.Value(0);
            }
        }

        for (int end = most - 1; end > 0; end--)
        {
            (float value, float place) = (heap.Value(end), heap.Place(end));
            heap.Set(end, heap.Value(0), heap.Place(0));
            heap.Sink(0, value, place, end);
        }
    }

    private interface IOrder
    {
        static abstract bool IsBefore(float value, float other);
    }

    private readonly struct Descending : IOrder
    {
        public static bool IsBefore(float value, float other) => value > other || (float.IsNaN(value) && !float.IsNaN(other));
    }

    private readonly struct Ascending : IOrder
    {
        public static bool IsBefore(float value, float other) => value < other || (float.IsNaN(other) && !float.IsNaN(value));
    }

    /// <summary>Floats and their indices. No child comes behind its parent.</summary>
    private readonly ref struct Heap<TOrder>(ref float values, ref float places, int step)
        where TOrder : struct, IOrder
    {
        private readonly ref float _values = ref values, _places = ref places;

        public float Value(int i) => Unsafe.Add(ref _values, (nint)i * step);

        public float Place(int i) => Unsafe.Add(ref _places, (nint)i * step);

        public void Set(int i, float value, float place) =>
            (Unsafe.Add(ref _values, (nint)i * step), Unsafe.Add(ref _places, (nint)i * step)) = (value, place);

        /// <summary>Puts a float where a place is free, or below it, where it comes behind its children.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Sink(int free, float value, float place, int count)
        {
            while ((2 * free) + 1 < count)
            {
                int child = (2 * free) + 1;
                if (child + 1 < count && IsBefore(Value(child), Place(child), Value(child + 1), Place(child + 1)))
                {
                    child++;
                }

                if (!IsBefore(value, place, Value(child), Place(child)))
                {
                    break;
                }

                Set(free, Value(child), Place(child));
                free = child;
            }

            Set(free, value, place);
        }

        private static bool IsBefore(float value, float place, float other, float otherPlace) =>
            TOrder.IsBefore(value, other) || (!TOrder.IsBefore(other, value) && place < otherPlace);
    }
}
