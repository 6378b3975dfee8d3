using System;

namespace Strata.Onnx.Layers;

/// <summary>A node cannot be said in Strata's language. The translator reports all of them together.</summary>
/// <param name="reason">Why, as the end of a sentence.</param>
internal sealed class UnsupportedException(string reason) : Exception(reason);
