using System;
using System.Threading;

namespace Strata;

/// <summary>
/// Counts the calls that use an object's native memory, which is freed when the object was disposed of and the last call has ended.
/// What takes a <see cref="Share"/> before it looks at the memory finds it there until it gives the share back.
/// </summary>
/// <remarks>Only calls hold shares. What nobody disposes of is collected, and the memory's own finalizer frees it.</remarks>
/// <param name="owner">The object; a call keeps it alive.</param>
/// <param name="free">Frees the memory. Called once, on the thread of the last call or of <see cref="End"/>.</param>
/// <param name="exclusive">Whether one call at a time is let in.</param>
internal sealed class Lifetime(object owner, Action free, bool exclusive = false)
{
    private const int Ended = int.MinValue;

    // Calls in flight, counted from Ended once the object was disposed of.
    private int _shares;

    /// <summary>Begins a call.</summary>
    /// <exception cref="ObjectDisposedException">The object was disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another call is at work, where one at a time is let in.</exception>
    public Share Enter()
    {
        int shares = Volatile.Read(ref _shares);
        while (true)
        {
            ObjectDisposedException.ThrowIf(shares < 0, owner);
            if (exclusive && shares > 0)
            {
                throw new InvalidOperationException($"The {owner.GetType().Name} is in use by another thread.");
            }

            int seen = Interlocked.CompareExchange(ref _shares, shares + 1, shares);
            if (seen == shares)
            {
                return new Share(this);
            }

            shares = seen;
        }
    }

    /// <summary>Lets no more calls in, and frees the memory when those in flight have ended. May be called more than once.</summary>
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

    private void Leave()
    {
        if (Interlocked.Decrement(ref _shares) == Ended)
        {
            free();
        }
    }

    /// <summary>A call's share, which it gives back by <see cref="Dispose"/>, once.</summary>
    public readonly ref struct Share(Lifetime lifetime)
    {
        /// <summary>Ends the call.</summary>
        public void Dispose() => lifetime.Leave();
    }
}
