using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Strata.Serving.Batching;

/// <summary>Makes batches of calls, and computes them one after the other on a thread of its own.</summary>
internal sealed class Batcher
{
    /// <summary>To hand a call over to another thread and back takes about this long, in seconds.</summary>
    private const double Handover = 50e-6;

    private readonly string _name;
    private readonly ModelOptions _options;
    private readonly ModelMetrics _metrics;
    private readonly ModelTraces _traces;
    private readonly TimeProvider _time;
    private readonly CallQueue _queue;
    private readonly Thread _thread;
    private readonly Action<InferenceCall, CancellationToken> _cancel;
    private readonly List<InferenceCall> _batch = [];
    private float[] _inputs;
    private float[] _outputs;
    private IBatchEngine _engine;
    private Exchange? _exchange;
    private volatile bool _isClosed;

    public Batcher(string name, ModelOptions options, IBatchEngine engine, ModelMetrics metrics, TimeProvider time)
    {
        (_name, _options, _engine, _metrics, _time) = (name, options, engine, metrics, time);
        _traces = new ModelTraces(name, time);
        _queue = new CallQueue(options.QueueCapacity, options.MaxBatch, options.MaxDelay, time);
        _inputs = Floats(options.MaxBatch * engine.InputLength);
        _outputs = Floats(options.MaxBatch * engine.OutputLength);
        _cancel = Cancel;
        _thread = new Thread(Run) { IsBackground = true, Name = $"Strata {name}" };
        _thread.Start();
    }

    /// <summary>The samples that wait.</summary>
    public int Waiting => _queue.Waiting;

    public BatchCosts Costs => Volatile.Read(ref _engine).Costs;

    /// <summary>Puts a call in line. Its lengths have been checked.</summary>
    /// <exception cref="QueueFullException">Too many samples wait.</exception>
    /// <exception cref="ModelUnavailableException">The batcher ends.</exception>
    public ValueTask InferAsync(ReadOnlyMemory<float> inputs, Memory<float> outputs, int samples, InferenceOptions options,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        BatchCosts? costs = options.Size.IsEmpty ? null : With(options.Size.Span, static engine => engine.Costs);
        if ((costs ?? Costs).SecondsOf(samples) < Handover && !_isClosed)
        {
            ComputeNow(inputs.Span, outputs.Span, samples, options.Size.Span);
            return ValueTask.CompletedTask;
        }

        var call = InferenceCall.Rent(inputs, outputs, samples, options.Priority, _time.GetTimestamp(), options.Size, costs);
        ValueTask task = call.Task;
        if (!_queue.TryAdd(call))
        {
            throw _queue.IsClosed ? new ModelUnavailableException(_name, "it is being unloaded")
                : new QueueFullException(
                    _name, _options.QueueCapacity, TimeSpan.FromSeconds(_queue.Waiting * Costs.SecondsOfSample));
        }

        TimeSpan? timeout = options.Timeout ?? _options.Timeout;
        if (cancellation.CanBeCanceled || timeout is not null)
        {
            // The call may have ended by now. It is not used again before the caller has awaited it.
            call.EndEarly(_cancel, timeout is null ? null : Timer(call, timeout.Value), cancellation);
        }

        return task;
    }

    /// <summary>Exchanges the engine between two batches.</summary>
    /// <returns>The old engine. No batch uses it any more. A call on its caller's thread may, until it ends.</returns>
    public Task<IBatchEngine> ExchangeAsync(IBatchEngine engine)
    {
        var exchange = new Exchange(engine);
        if (Interlocked.CompareExchange(ref _exchange, exchange, null) is not null)
        {
            throw new InvalidOperationException("Another exchange is under way.");
        }

        _queue.Interrupt();
        return exchange.Old.Task;
    }

    /// <summary>Computes what waits, and ends.</summary>
    /// <returns>The engine, which no batch uses any more.</returns>
    public IBatchEngine Close()
    {
        _isClosed = true;
        _queue.Close();
        _thread.Join();
        return _engine;
    }

    private void Run()
    {
        while (_queue.Take(_batch, _engine.Costs))
        {
            if (Interlocked.Exchange(ref _exchange, null) is { } exchange)
            {
                exchange.Old.SetResult(Interlocked.Exchange(ref _engine, exchange.New));
            }

            if (_batch.Count > 0)
            {
                Compute();
                _batch.Clear();
            }
        }
    }

    /// <summary>Asks the engine at a size. Any number of threads may use an engine.</summary>
    /// <exception cref="ModelUnavailableException">The batcher ends.</exception>
    public T With<T>(ReadOnlySpan<int> size, Func<IBatchEngine, T> ask)
    {
        while (true)
        {
            IBatchEngine engine = Volatile.Read(ref _engine);
            try
            {
                return ask(engine.At(size));
            }
            catch (ObjectDisposedException) when (!ReferenceEquals(engine, Volatile.Read(ref _engine)))
            {
                // It was exchanged just now.
            }
            catch (ObjectDisposedException)
            {
                throw new ModelUnavailableException(_name, "it is being unloaded");
            }
        }
    }

    /// <summary>Computes a small call on the caller's thread.</summary>
    private void ComputeNow(ReadOnlySpan<float> inputs, Span<float> outputs, int samples, ReadOnlySpan<int> size)
    {
        long start = _time.GetTimestamp();
        try
        {
            ForwardNow(inputs, outputs, size);
        }
        catch (Exception e)
        {
            _traces.Call(samples, start, e);
            throw;
        }

        _metrics.Call(samples, start, _time);
        _traces.Call(samples, start, error: null);
    }

    private void ForwardNow(ReadOnlySpan<float> inputs, Span<float> outputs, ReadOnlySpan<int> size)
    {
        while (true)
        {
            IBatchEngine engine = Volatile.Read(ref _engine);
            try
            {
                engine.At(size).Forward(inputs, outputs);
                return;
            }
            catch (ObjectDisposedException) when (!ReferenceEquals(engine, Volatile.Read(ref _engine)))
            {
                // It was exchanged just now.
            }
            catch (ObjectDisposedException)
            {
                throw new ModelUnavailableException(_name, "it is being unloaded");
            }
        }
    }

    private void Compute()
    {
        long start = _time.GetTimestamp();
        Exception? exception = null;
        try
        {
            IBatchEngine engine = _engine.At(_batch[0].Size.Span);
            if (_batch.Count == 1)
            {
                engine.Forward(_batch[0].Inputs.Span, _batch[0].Outputs.Span);
            }
            else
            {
                ComputeTogether(engine);
            }
        }
        catch (Exception e)
        {
            exception = e;
        }

        if (exception is not null && _batch.Count > 1)
        {
            // One of them may be at fault: each is computed alone.
            foreach (InferenceCall call in _batch)
            {
                ComputeAlone(call, start);
            }

            return;
        }

        _metrics.Batch(_batch, start, _time);
        _traces.Batch(_batch, start, exception);
        foreach (InferenceCall call in _batch)
        {
            call.End(exception);
        }
    }

    private void ComputeTogether(IBatchEngine engine)
    {
        int inputs = 0, outputs = 0;
        foreach (InferenceCall call in _batch)
        {
            inputs += call.Inputs.Length;
            outputs += call.Outputs.Length;
        }

        _inputs = _inputs.Length < inputs ? Floats(inputs) : _inputs;
        _outputs = _outputs.Length < outputs ? Floats(outputs) : _outputs;
        inputs = 0;
        foreach (InferenceCall call in _batch)
        {
            call.Inputs.Span.CopyTo(_inputs.AsSpan(inputs));
            inputs += call.Inputs.Length;
        }

        engine.Forward(_inputs.AsSpan(0, inputs), _outputs.AsSpan(0, outputs));
        outputs = 0;
        foreach (InferenceCall call in _batch)
        {
            _outputs.AsSpan(outputs, call.Outputs.Length).CopyTo(call.Outputs.Span);
            outputs += call.Outputs.Length;
        }
    }

    private void ComputeAlone(InferenceCall call, long batch)
    {
        long start = _time.GetTimestamp();
        Exception? exception = null;
        try
        {
            _engine.At(call.Size.Span).Forward(call.Inputs.Span, call.Outputs.Span);
        }
        catch (Exception e)
        {
            exception = e;
        }

        _traces.Apart(call, batch, start, exception);
        call.End(exception);
    }

    private void Cancel(InferenceCall call, CancellationToken cancellation)
    {
        if (_queue.TryRemove(call))
        {
            call.End(new OperationCanceledException(cancellation));
        }
    }

    /// <summary>Apart, since the closure would be allocated for calls without a timeout, too.</summary>
    private ITimer Timer(InferenceCall call, TimeSpan timeout) =>
        _time.CreateTimer(state => Expire((InferenceCall)state!, timeout), call, timeout, Timeout.InfiniteTimeSpan);

    private void Expire(InferenceCall call, TimeSpan timeout)
    {
        if (_queue.TryRemove(call))
        {
            call.End(new InferenceTimeoutException(_name, timeout));
        }
    }

    private static float[] Floats(int length) => GC.AllocateUninitializedArray<float>(length, pinned: true);

    private sealed record Exchange(IBatchEngine New)
    {
        public TaskCompletionSource<IBatchEngine> Old { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What computes batches.</summary>
internal interface IBatchEngine
{
    int InputLength { get; }

    int OutputLength { get; }

    BatchCosts Costs { get; }

    void Forward(ReadOnlySpan<float> inputs, Span<float> outputs);

    /// <summary>The engine for inputs of a size; this one if the size is empty.</summary>
    IBatchEngine At(ReadOnlySpan<int> size);
}
