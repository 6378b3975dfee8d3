using System;

namespace Strata;

/// <summary>A weights file is damaged, or its tensors do not fit the network. The network's parameters are unchanged.</summary>
public sealed class WeightsFormatException : FormatException
{
    /// <summary>Creates the exception. Its message cuts long texts and shows control characters as escapes.</summary>
    /// <param name="file">The file's path; "stream" or "memory" if there is none.</param>
    /// <param name="tensor">The tensor at fault; null for the file as a whole.</param>
    /// <param name="problem">What was expected and what was found.</param>
    /// <param name="innerException">The cause, if any.</param>
    public WeightsFormatException(string file, string? tensor, string problem, Exception? innerException = null)
        : base(Format(file, tensor, MessageText.Show(problem, MessageText.SentenceLength)), innerException)
    {
        File = file;
        Tensor = tensor;
    }

    /// <summary>The file's path; "stream" or "memory" if there is none.</summary>
    public string File { get; }

    /// <summary>The name of the tensor at fault; null for the file as a whole.</summary>
    public string? Tensor { get; }

    private static string Format(string file, string? tensor, string problem) => tensor is null
        ? $"{MessageText.Show(file, int.MaxValue)}: {problem}"
        : $"{MessageText.Show(file, int.MaxValue)}: tensor '{MessageText.Show(tensor)}': {problem}";
}
