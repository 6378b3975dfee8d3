using System;
using System.Collections.Generic;
using System.Globalization;

namespace Samples;

/// <summary>A mistake in the command line; its message is for the user.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>
/// The words of a command line. Commands take out what they know, by name or in order;
/// what remains in the end is a mistake.
/// </summary>
internal sealed class Arguments(IEnumerable<string> words)
{
    private readonly List<string> _words = [.. words];

    /// <summary>Takes an option without a value.</summary>
    public bool Flag(params ReadOnlySpan<string> names)
    {
        bool found = false;
        foreach (string name in names)
        {
            found |= _words.RemoveAll(word => word == name) > 0;
        }

        return found;
    }

    /// <summary>Takes <c>--name value</c> or <c>--name=value</c>.</summary>
    public string? Option(string name)
    {
        string? value = null;
        for (int i = _words.FindIndex(IsOption); i >= 0; i = _words.FindIndex(IsOption))
        {
            string word = _words[i];
            _words.RemoveAt(i);
            if (value is not null)
            {
                throw new UsageException($"{name} is given twice");
            }

            if (word.Length > name.Length)
            {
                value = word[(name.Length + 1)..];
            }
            else if (i < _words.Count && !_words[i].StartsWith("--", StringComparison.Ordinal))
            {
                value = _words[i];
                _words.RemoveAt(i);
            }

            if (string.IsNullOrEmpty(value))
            {
                throw new UsageException($"{name} needs a value");
            }
        }

        return value;

        bool IsOption(string word) => word == name || word.StartsWith(name + "=", StringComparison.Ordinal);
    }

    /// <summary>Takes <c>--output</c>, the name of a picture.</summary>
    public string? PictureOutput()
    {
        string? file = Option("--output");
        return file is null || file.EndsWith(".png", StringComparison.OrdinalIgnoreCase)
            ? file
            : throw new UsageException($"--output writes a PNG file, whose name ends in .png, not '{file}'");
    }

    /// <summary>Takes an option whose value is a whole number.</summary>
    public int Integer(string name, int fallback, int min, int max)
    {
        string? text = Option(name);
        if (text is null)
        {
            return fallback;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            && value >= min && value <= max
            ? value
            : throw new UsageException($"{name} takes a whole number from {min} to {max}, not '{text}'");
    }

    /// <summary>Takes the next word that is no option.</summary>
    public string? Next()
    {
        int i = _words.FindIndex(word => !word.StartsWith('-'));
        if (i < 0)
        {
            return null;
        }

        string word = _words[i];
        _words.RemoveAt(i);
        return word;
    }

    /// <summary>Refuses whatever nobody took.</summary>
    public void End()
    {
        if (_words.Count > 0)
        {
            throw new UsageException(_words[0].StartsWith('-') ? $"unknown option '{_words[0]}'" : $"unexpected argument '{_words[0]}'");
        }
    }
}
