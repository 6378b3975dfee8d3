using System;

namespace Strata.Weights;

/// <summary>A function or type that a pickle may call. Nothing of Python's is behind it: it makes plain data.</summary>
/// <param name="Name">Its name in Python.</param>
/// <param name="Result">Makes the value of a call from its arguments.</param>
internal sealed record PickleCall(string Name, Func<object?[], object?> Result);
