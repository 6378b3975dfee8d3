using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Strata.Compiler.Foundation;

/// <summary>Compares objects by reference, also those that compare by content otherwise.</summary>
internal sealed class ReferenceComparer<T> : IEqualityComparer<T>
    where T : class
{
    public static readonly ReferenceComparer<T> Instance = new();

    public bool Equals(T x, T y) => ReferenceEquals(x, y);

    public int GetHashCode(T obj)
    {
        Cancellation.ThrowIfRequested();
        return RuntimeHelpers.GetHashCode(obj);
    }
}
