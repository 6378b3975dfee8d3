using System;
using System.Collections.Generic;

namespace Strata.Training;

/// <summary>
/// The collective operations of processes that train a network together. As in MPI, each process has a rank. All ranks begin the same
/// operations in the same order, with the same lengths.
/// </summary>
/// <remarks>
/// Operations run one after the other, on a thread of their own, while the caller goes on. An operation owns its memory from its beginning
/// until <see cref="Wait"/> returns. One thread at a time may call these methods. Beginning and waiting allocate nothing.
/// </remarks>
public interface ICollectives
{
    /// <summary>The number of this process, from 0 to <see cref="Size"/> − 1.</summary>
    int Rank { get; }

    /// <summary>The number of processes, 1 or more.</summary>
    int Size { get; }

    /// <summary>Begins to replace the values by their sums over all ranks. All ranks receive the same bits.</summary>
    /// <param name="values">This rank's values, then the sums.</param>
    /// <returns>The operation, for <see cref="Wait"/>.</returns>
    long BeginAllReduce(Memory<float> values);

    /// <summary>Begins to replace the values by their sums over all ranks. All ranks receive the same bits.</summary>
    /// <param name="values">This rank's values, then the sums.</param>
    /// <returns>The operation, for <see cref="Wait"/>.</returns>
    long BeginAllReduce(Memory<double> values);

    /// <summary>Begins to copy the bytes of one rank to all others.</summary>
    /// <param name="values">What the root sends, and where the others receive it.</param>
    /// <param name="root">The rank that sends.</param>
    /// <returns>The operation, for <see cref="Wait"/>.</returns>
    long BeginBroadcast(Memory<byte> values, int root);

    /// <summary>Waits for the end of an operation and of all that were begun before it.</summary>
    /// <param name="operation">What the method that began it has returned.</param>
    void Wait(long operation);

    /// <summary>Returns when all ranks have called it.</summary>
    void Barrier();

    /// <summary>
    /// Waits until all ranks have called it, but no longer than a limit. After that, the only thing left to do is <see cref="Abort"/>. This
    /// implementation waits without a limit; <c>MpiWorld</c> has one that knows which ranks are missing.
    /// </summary>
    /// <param name="place">What the ranks wait in, for messages: a method's name.</param>
    /// <param name="limit">How long to wait.</param>
    /// <returns>The ranks that have not come; none if all have.</returns>
    IReadOnlyList<int> Meet(string place, TimeSpan limit)
    {
        Barrier();
        return [];
    }

    /// <summary>Prints the message with this process's rank and host, and ends all processes of the job. Does not return.</summary>
    /// <param name="message">What has gone wrong here.</param>
    void Abort(string message);
}
