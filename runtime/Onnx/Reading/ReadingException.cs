using System;

namespace Strata.Onnx.Reading;

/// <summary>What is wrong with a file. On its way up it gets the place, and <see cref="GraphReader"/> adds the file's name.</summary>
internal sealed class ReadingException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether the message says where the error is.</summary>
    public bool HasPlace { get; private init; }

    /// <summary>The same error with its place, if it has none yet.</summary>
    public ReadingException At(string place) => HasPlace ? this : new ReadingException($"{place}: {Message}", this) { HasPlace = true };
}
