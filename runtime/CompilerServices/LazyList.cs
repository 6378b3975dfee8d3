using System;
using System.Collections;
using System.Collections.Generic;
using System.ComponentModel;
using System.Threading;

namespace Strata.CompilerServices;

/// <summary>
/// A list whose items are created when it is first read. If a process never reads it, the JIT does not even compile the code that creates
/// them.
/// </summary>
/// <typeparam name="T">The type of the items.</typeparam>
/// <param name="make">
/// Creates the items. It may run more than once if several threads are the first to read; all of them see the same items.
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
