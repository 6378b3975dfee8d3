using System;
using System.Threading;

namespace Strata;

/// <summary>
/// Counts the calls that use an object's native memory. The memory is freed when the object was disposed of and the last call has ended. A
/// call takes a <see cref="Hold"/> before it uses the memory, and gives it back when it ends. A call that changes the memory must be
/// alone. It is refused while another call runs, and other calls are refused while it runs. Otherwise a call could see old and new values
/// mixed.
/// </summary>
/// <remarks>
/// Only calls have holds. If nobody disposes of the object, the garbage collector collects it, and the memory's finalizer frees the
/// memory.
/// </remarks>
/// <param name="owner">The object; a call keeps it alive.</param>
/// <param name="free">Frees the memory. Called once, on the thread of the last call or of <see cref="End"/>.</param>
/// <param name="whole">
/// If the object is a part of another one: the lifetime of that one. Calls of all its parts count as its own, and it alone can end.
/// </param>
internal sealed class Lifetime(object owner, Action free, Lifetime? whole = null)
{
    private const int Ended = int.MinValue;

    /// <summary>The size of the hold of a call that must be alone. It is larger than those of all other calls together.</summary>
    private const int Whole = 1 << 30;

    // The number of calls in flight, plus Ended after the object was disposed of.
    private int _holds;

    private ref int Holds => ref whole is null ? ref _holds : ref whole._holds;

    /// <summary>Begins a call that reads.</summary>
    /// <exception cref="ObjectDisposedException">The object was disposed of.</exception>
    /// <exception cref="InvalidOperationException">A call that must be alone is running.</exception>
    public Hold Enter()
    {
        int holds = Volatile.Read(ref Holds);
        while ((uint)holds < Whole)
        {
            int seen = Interlocked.CompareExchange(ref Holds, holds + 1, holds);
            if (seen == holds)
            {
                return new Hold(this, 1);
            }

            holds = seen;
        }

        ObjectDisposedException.ThrowIf(holds < 0, owner);
        throw new InvalidOperationException(
            $"Another thread is changing this {owner.GetType().Name}. Wait for the end of that call (training, Load, CopyFrom or the "
            + "like), or use an instance of your own.");
    }

    /// <summary>Begins a call that changes something.</summary>
    /// <exception cref="ObjectDisposedException">The object was disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another call is running.</exception>
    public Hold EnterAlone()
    {
        int seen = Interlocked.CompareExchange(ref Holds, Whole, 0);
        if (seen == 0)
        {
            return new Hold(this, Whole);
        }

        ObjectDisposedException.ThrowIf(seen < 0, owner);
        throw new InvalidOperationException(
            $"Another thread is using this {owner.GetType().Name}, which this call would change. Wait for the end of that call, or "
            + "change an instance of your own.");
    }

    /// <summary>Throws if the object was disposed of.</summary>
    /// <exception cref="ObjectDisposedException">It was.</exception>
    public void ThrowIfEnded() => ObjectDisposedException.ThrowIf(Volatile.Read(ref Holds) < 0, owner);

    /// <summary>Refuses further calls, and frees the memory when those in flight have ended. May be called more than once.</summary>
    /// <remarks>Nothing happens to a part, which ends with its whole.</remarks>
    public void End()
    {
        if (whole is not null)
        {
            return;
        }

        int holds = Volatile.Read(ref _holds);
        while (holds >= 0)
        {
            int seen = Interlocked.CompareExchange(ref _holds, Ended + holds, holds);
            if (seen == holds)
            {
                if (holds == 0)
                {
                    free();
                }

                return;
            }

            holds = seen;
        }
    }

    private void Free() => free();

    private void Leave(int size)
    {
        if (Interlocked.Add(ref Holds, -size) == Ended)
        {
            (whole ?? this).Free();
        }
    }

    /// <summary>A call's hold. The call gives it back with <see cref="Dispose"/>, once.</summary>
    public readonly ref struct Hold(Lifetime lifetime, int size)
    {
        /// <summary>Ends the call.</summary>
        public void Dispose() => lifetime.Leave(size);
    }
}
