using System;
using System.Collections.Generic;
using System.Globalization;

namespace Strata.Generator.Declarations;

/// <summary>Gives the layers of one scope their names.</summary>
internal sealed class ScopeNames
{
    private string? _lastStem;

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private string? _sequence;
    private int _next;

    /// <summary>Numbers the following items as modules of a sequence.</summary>
    public void Begin(string sequence) => (_sequence, _next) = (sequence.Length > 0 ? sequence + "." : "", 0);

    /// <summary>The name in the scope. A chosen name is counted, too, so that naming one layer does not rename others.</summary>
    public string Next(string? name, string stem, bool isModule)
    {
        if (isModule && _sequence is not null)
        {
            int number = _next++;
            _lastStem = null;
            return name ?? _sequence + number.ToString(CultureInfo.InvariantCulture);
        }

        _counts.TryGetValue(stem, out int count);
        _counts[stem] = ++count;
        _lastStem = stem;
        return name ?? stem + count.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Where there is usually one, as in PyTorch: the first has no number.</summary>
    public string Next(string? name, string stem)
    {
        string next = Next(name, stem, isModule: false);
        return name is null && next == stem + "1" ? stem : next;
    }

    /// <summary>Takes the last name back.</summary>
    public void TakeBack()
    {
        if (_lastStem is null)
        {
            _next--;
        }
        else
        {
            _counts[_lastStem]--;
        }
    }

    /// <summary>Layers of another block follow, whose sequence ends with it.</summary>
    public Sequence Enter() => new(this, _sequence, _next);

    public readonly struct Sequence(ScopeNames names, string? sequence, int next) : IDisposable
    {
        public void Dispose()
        {
            if (names._sequence != sequence)
            {
                (names._sequence, names._next) = (sequence, next);
            }
        }
    }
}
