using System;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Strata.Serving.Tests;

/// <summary>Keeps what an app logs.</summary>
internal sealed class Logs : ILoggerProvider, ILogger
{
    public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = new();

    /// <summary>Whether an exception with its stack was logged.</summary>
    public bool HasExceptions { get; private set; }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        HasExceptions |= exception is not null;
        Lines.Enqueue((logLevel, formatter(state, exception)));
    }

    public void Dispose()
    {
    }
}
