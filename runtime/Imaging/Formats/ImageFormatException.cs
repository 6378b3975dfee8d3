using System;

namespace Strata.Imaging;

/// <summary>A file is not the image that it should be: damaged, cut off, of another format, or beyond a limit.</summary>
/// <param name="message">What is wrong: the file, what was expected and what was found.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class ImageFormatException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether the file ends too early. <see cref="ImageReadOptions.AllowTruncated"/> reads what there is.</summary>
    public bool IsCutOff { get; init; }
}
