using System;

namespace Strata.Benchmarks;

/// <summary>The command line asks for something that there is not; the message is for the user.</summary>
internal sealed class UsageException(string message) : Exception(message);
