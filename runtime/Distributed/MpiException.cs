using System;

namespace Strata.Distributed;

/// <summary>MPI could not be started, or one of its functions failed.</summary>
public sealed class MpiException : Exception
{
    /// <summary>An exception without a message.</summary>
    public MpiException()
    {
    }

    /// <summary>An exception with a message.</summary>
    /// <param name="message">What went wrong.</param>
    public MpiException(string message) : base(message)
    {
    }

    /// <summary>An exception with a message and a cause.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">The cause.</param>
    public MpiException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
