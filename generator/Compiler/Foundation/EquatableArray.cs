using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace Strata.Compiler.Foundation;

/// <summary>
/// An immutable array that compares by content. Every model that crosses a step of the
/// incremental pipeline holds its lists in this form: with reference equality each keystroke
/// would look like a change, and everything downstream would run again.
/// </summary>
internal readonly struct EquatableArray<T> : IEquatable<EquatableArray<T>>, IReadOnlyList<T>
    where T : IEquatable<T>
{
    public static readonly EquatableArray<T> Empty = new(ImmutableArray<T>.Empty);

    private readonly ImmutableArray<T> _items;

    public EquatableArray(ImmutableArray<T> items) => _items = items;

    public EquatableArray(IEnumerable<T> items)
    {
        Cancellation.ThrowIfRequested();
        _items = items.ToImmutableArray();
    }

    private ImmutableArray<T> Items => _items.IsDefault ? ImmutableArray<T>.Empty : _items;

    public int Count => Items.Length;

    public T this[int index]
    {
        get
        {
            Cancellation.ThrowIfRequested();
            return Items[index];
        }
    }

    /// <summary>Whether both are the same array in memory, so that no item needs to be compared.</summary>
    public bool IsSameAs(EquatableArray<T> other) => _items == other._items;

    public bool Equals(EquatableArray<T> other)
    {
        if (IsSameAs(other))
        {
            return true;
        }

        ImmutableArray<T> left = Items, right = other.Items;
        if (left.Length != right.Length)
        {
            return false;
        }

        for (int i = 0; i < left.Length; i++)
        {
            Cancellation.ThrowIfRequested();
            if (!EqualityComparer<T>.Default.Equals(left[i], right[i]))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is EquatableArray<T> other && Equals(other);

    public override int GetHashCode()
    {
        int hash = 17;
        foreach (T item in this)
        {
            hash = unchecked((hash * 31) + (item?.GetHashCode() ?? 0));
        }

        return hash;
    }

    public Enumerator GetEnumerator() => new(Items);

    IEnumerator<T> IEnumerable<T>.GetEnumerator()
    {
        foreach (T item in this)
        {
            yield return item;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<T>)this).GetEnumerator();

    /// <summary>Looks at the token before each item, so that loops over a list need not do it themselves.</summary>
    public struct Enumerator(ImmutableArray<T> items)
    {
        private ImmutableArray<T>.Enumerator _items = items.GetEnumerator();

        public readonly T Current => _items.Current;

        public bool MoveNext()
        {
            Cancellation.ThrowIfRequested();
            return _items.MoveNext();
        }
    }
}

internal static class EquatableArray
{
    public static EquatableArray<T> Of<T>(params T[] items)
        where T : IEquatable<T> => new(ImmutableArray.Create(items));

    public static EquatableArray<T> ToEquatableArray<T>(this IEnumerable<T> items)
        where T : IEquatable<T> => new(items);
}
