using System;
using System.Threading;

namespace Strata;

/// <summary>
/// Counts the calls that use an object's native memory. The memory is freed when the object was disposed of and the last call has ended. A
/// call takes a <see cref="Share"/> before it uses the memory, and gives it back when it ends. A call that changes the memory must be
/// alone. It is refused while another call runs, and other calls are refused while it runs. Otherwise a call could see old and new values
/// mixed.
/// </summary>
/// <remarks>
/// Only calls hold shares. If nobody disposes of the object, the garbage collector collects it, and the memory's finalizer frees the
/// memory.
/// </remarks>
/// <param name="owner">The object; a call keeps it alive.</param>
/// <param name="free">Frees the memory. Called once, on the thread of the last call or of <see cref="End"/>.</param>
internal sealed class Lifetime(object owner, Action free)
{
    private const int Ended = int.MinValue;

    /// <summary>The share of a call that must be alone. It is larger than the shares of any number of other calls.</summary>
    private const int Whole = 1 << 30;

    // The number of calls in flight, plus Ended after the object was disposed of.
    private int _shares;

    /// <summary>Begins a call that reads.</summary>
    /// <exception cref="ObjectDisposedException">The object was disposed of.</exception>
    /// <exception cref="InvalidOperationException">A call that must be alone is running.</exception>
    public Share Enter()
    {
        int shares = Volatile.Read(ref _shares);
        while ((uint)shares < Whole)
        {
            int seen = Interlocked.CompareExchange(ref _shares, shares + 1, shares);
            if (seen == shares)
            {
                return new Share(this, 1);
            }

            shares = seen;
        }

        ObjectDisposedException.ThrowIf(shares < 0, owner);
        throw new InvalidOperationException(
            $"Another thread is changing this {owner.GetType().Name}. Wait for the end of that call (training, Load, CopyFrom or the "
            + "like), or use an instance of your own.");
    }

    /// <summary>Begins a call that changes something.</summary>
    /// <exception cref="ObjectDisposedException">The object was disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another call is running.</exception>
    public Share EnterAlone()
    {
        int seen = Interlocked.CompareExchange(ref _shares, Whole, 0);
        if (seen == 0)
        {
            return new Share(this, Whole);
        }

        ObjectDisposedException.ThrowIf(seen < 0, owner);
        throw new InvalidOperationException(
            $"Another thread is using this {owner.GetType().Name}, which this call would change. Wait for the end of that call, or "
            + "change an instance of your own.");
    }

    /// <summary>Refuses further calls, and frees the memory when those in flight have ended. May be called more than once.</summary>
    public void End()
    {
        int shares = Volatile.Read(ref _shares);
        while (shares >= 0)
        {
            int seen = Interlocked.CompareExchange(ref _shares, Ended + shares, shares);
            if (seen == shares)
            {
                if (shares == 0)
                {
                    free();
                }

                return;
            }

            shares = seen;
        }
    }

    private void Leave(int share)
    {
        if (Interlocked.Add(ref _shares, -share) == Ended)
        {
            free();
        }
    }

    /// <summary>A call's share. The call gives it back with <see cref="Dispose"/>, once.</summary>
    public readonly ref struct Share(Lifetime lifetime, int size)
    {
        /// <summary>Ends the call.</summary>
        public void Dispose() => lifetime.Leave(size);
    }
}
