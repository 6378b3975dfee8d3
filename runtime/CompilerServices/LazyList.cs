using System;
using System.Collections;
using System.Collections.Generic;
using System.ComponentModel;
using System.Threading;

namespace Strata.CompilerServices;

/// <summary>
/// A list that is made when it is first read: a process that never reads it need not even compile what makes it.
/// </summary>
/// <typeparam name="T">Of its items.</typeparam>
/// <param name="make">
/// Makes the items. Where several threads read the list first, it may run more than once; all see the same items.
/// </param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class LazyList<T>(Func<T[]> make) : IReadOnlyList<T>
{
    private T[]? _items;

    /// <inheritdoc/>
    public int Count => Items.Length;

    private T[] Items => LazyInitializer.EnsureInitialized(ref _items, make);

    /// <inheritdoc/>
    public T this[int index] => Items[index];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)Items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
