using System;
using System.Collections.Generic;
using System.Threading;

namespace Strata.Numerics.Tests;

/// <summary>
/// Keeps those emitted programs that were used last. Each has a dozen memory maps, of which Linux gives a process 65,530. A program that is
/// gone is emitted again if a test asks for it.
/// </summary>
internal static class KeptPrograms
{
    private const int Most = 1000, BetweenCollections = 250;

    private static readonly Lock Gate = new();
    private static readonly LinkedList<object> Order = [];
    private static readonly Dictionary<object, LinkedListNode<object>> Places = new(ReferenceEqualityComparer.Instance);
    private static int _dropped;

    /// <summary>Notes that a program is used.</summary>
    public static void Use(object program)
    {
        bool collects = false;
        lock (Gate)
        {
            if (Places.TryGetValue(program, out LinkedListNode<object>? place))
            {
                Order.Remove(place);
                Order.AddFirst(place);
                return;
            }

            Places.Add(program, Order.AddFirst(program));
            if (Order.Count > Most)
            {
                Places.Remove(Order.Last!.Value);
                Order.RemoveLast();
                collects = ++_dropped % BetweenCollections == 0;
            }
        }

        // Its maps are no memory of the managed heap, which alone would not ask for a collection.
        if (collects)
        {
            GC.Collect();
        }
    }
}
