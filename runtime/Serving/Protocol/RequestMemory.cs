using System;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;

namespace Strata.Serving.Protocol;

/// <summary>Counts the bytes of all requests that are being read: clients that begin long ones and do not end them get no more.</summary>
internal sealed class RequestMemory(ServingOptions options)
{
    private long _used;

    /// <summary>Takes or gives back bytes.</summary>
    /// <exception cref="RequestMemoryException">There are not as many.</exception>
    public void Add(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) > options.MaxRequestMemory && bytes > 0)
        {
            Interlocked.Add(ref _used, -bytes);
            throw new RequestMemoryException(options.MaxRequestMemory);
        }
    }
}

/// <summary>The requests that are being read are too many and too long.</summary>
internal sealed class RequestMemoryException(long bytes) : Exception(
    $"The requests that are being read have {bytes} bytes already, as many as this server keeps. Try again later.");

/// <summary>Counts what a reader keeps of a request's body.</summary>
/// <param name="inner">The reader.</param>
/// <param name="memory">Where it is counted.</param>
internal sealed class CountedReader(PipeReader inner, RequestMemory memory) : PipeReader, IDisposable
{
    /// <summary>
    /// What Kestrel reads of each request before it is asked is not counted. So requests of the usual lengths are answered even while long
    /// ones have all the memory.
    /// </summary>
    private const long Free = 1024 * 1024;

    private long _counted;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        Counted(await inner.ReadAsync(cancellationToken).ConfigureAwait(false));

    public override bool TryRead(out ReadResult result)
    {
        bool isRead = inner.TryRead(out result);
        result = isRead ? Counted(result) : result;
        return isRead;
    }

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    /// <summary>Nothing of the request is kept any more.</summary>
    public void Dispose() => memory.Add(-Interlocked.Exchange(ref _counted, 0));

    private ReadResult Counted(ReadResult result)
    {
        long counted = Math.Max(0, result.Buffer.Length - Free);
        try
        {
            memory.Add(counted - _counted);
        }
        catch (RequestMemoryException)
        {
            inner.AdvanceTo(result.Buffer.End);
            throw;
        }

        _counted = counted;
        return result;
    }
}
