using System;

namespace Strata.Benchmarks.Networks;

/// <summary>The peer has no form for a network; the message says for what of it.</summary>
internal sealed class NoPeerException(string message) : Exception(message);
