using System;
using System.Collections.Generic;
using System.Globalization;

namespace Strata.Compiler.Declarations;

/// <summary>Gives names to the layers of one scope.</summary>
internal sealed class ScopeNames
{
    private string? _lastStem;

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private string? _sequence;
    private int _next;

    /// <summary>Begins a sequence: the following layers get the numbers of its modules.</summary>
    public void Begin(string sequence) => (_sequence, _next) = (sequence.Length > 0 ? sequence + "." : "", 0);

    /// <summary>The next name in the scope. Layers with a chosen name count, too: naming a layer does not rename the others.</summary>
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

    /// <summary>The same for layers of which there is usually one: the first has no number, as in PyTorch.</summary>
    public string Next(string? name, string stem)
    {
        string next = Next(name, stem, isModule: false);
        return name is null && next == stem + "1" ? stem : next;
    }

    /// <summary>Takes back the last name, so that its number is free again. An empty name has none.</summary>
    public void TakeBack(string name)
    {
        if (name.Length == 0)
        {
            return;
        }

        if (_lastStem is null)
        {
            _next--;
        }
        else
        {
            _counts[_lastStem]--;
        }
    }

    /// <summary>Enters another block. When the result is disposed, the current sequence continues.</summary>
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
