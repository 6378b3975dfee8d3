using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Reading;

/// <summary>The attributes of a node in normal form. Numbers are <see cref="long"/> or <see cref="float"/>.</summary>
internal sealed class Attributes : Dictionary<string, object>
{
    public void Add(string name, int value) => Add(name, (object)(long)value);

    public void Add(string name, long value) => Add(name, (object)value);

    public void Add(string name, bool value) => Add(name, (object)(value ? 1L : 0L));

    public void Add(string name, float value) => Add(name, (object)value);

    public void Add(string name, string value) => Add(name, (object)value);

    public void Add(string name, IEnumerable<int> values) => Add(name, (object)values.Select(value => (long)value).ToArray());

    public void Add(string name, long[] values) => Add(name, (object)values);

    public void Add(string name, float[] values) => Add(name, (object)values);
}
