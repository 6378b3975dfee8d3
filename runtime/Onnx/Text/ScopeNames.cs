using System;
using System.Collections.Generic;
using System.Globalization;

namespace Strata.Onnx.Text;

/// <summary>Counts the default names of a scope as the compiler does.</summary>
internal sealed class ScopeNames
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private string? _sequence;
    private int _next;

    /// <summary>Begins a sequence, whose modules are numbered.</summary>
    public void Begin(string sequence) => (_sequence, _next) = (sequence.Length > 0 ? sequence + "." : "", 0);

    /// <summary>The default name of the next layer. Layers with a name of their own count, too.</summary>
    public string Next(string stem, bool isModule)
    {
        if (isModule && _sequence is not null)
        {
            return _sequence + (_next++).ToString(CultureInfo.InvariantCulture);
        }

        int count = _counts.GetValueOrDefault(stem) + 1;
        _counts[stem] = count;
        return stem + count.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The same for layers of which there is usually one: the first has no number.</summary>
    public string NextWithoutFirst(string stem)
    {
        string next = Next(stem, isModule: false);
        return next == stem + "1" ? stem : next;
    }
}
