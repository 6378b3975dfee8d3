using System;

namespace Strata.Onnx;

/// <summary>A file is not the ONNX model that it should be: damaged, of another format, or beyond a limit.</summary>
/// <param name="message">What is wrong: the file, the place in it, what was expected and what was found.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class OnnxFormatException(string message, Exception? innerException = null) : Exception(message, innerException);
