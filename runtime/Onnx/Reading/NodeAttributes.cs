using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Schema;
using AttributeType = Strata.Onnx.Schema.AttributeProto.Types.AttributeType;

namespace Strata.Onnx.Reading;

/// <summary>The attributes of a node as the file has them.</summary>
internal sealed class NodeAttributes
{
    private readonly Dictionary<string, AttributeProto> _attributes = [];

    /// <param name="node">The node.</param>
    /// <param name="call">The attributes of the function's call in whose body the node stands; null outside of functions.</param>
    public NodeAttributes(NodeProto node, IReadOnlyDictionary<string, AttributeProto>? call)
    {
        foreach (AttributeProto attribute in node.Attribute)
        {
            AttributeProto? actual = attribute;
            if (attribute.RefAttrName.Length > 0 && (call is null || !call.TryGetValue(attribute.RefAttrName, out actual)))
            {
                // The call leaves it out: the operator's default holds.
                continue;
            }

            _attributes[attribute.Name] = actual!;
        }
    }

    public IReadOnlyDictionary<string, AttributeProto> All => _attributes;

    public bool Has(string name) => _attributes.ContainsKey(name);

    public long Integer(string name, long without = 0) => Find(name, AttributeType.Int)?.I ?? without;

    public float Float(string name, float without = 0) => Find(name, AttributeType.Float)?.F ?? without;

    public string Text(string name, string without = "") => Find(name, AttributeType.String)?.S.ToStringUtf8() ?? without;

    /// <summary>A text that is one of several; the first one by default.</summary>
    public string Choice(string name, params string[] choices)
    {
        string text = Text(name, choices[0]);
        return choices.Contains(text) ? text
            : throw new ReadingException($"the attribute '{name}' is '{NodeNames.Short(text)}', none of {string.Join(", ", choices)}");
    }

    /// <summary>The list, or null if the attribute is left out.</summary>
    public long[]? Integers(string name) => Find(name, AttributeType.Ints) is { } attribute ? [.. attribute.Ints] : null;

    /// <summary>The list, or null if the attribute is left out.</summary>
    public float[]? Floats(string name) => Find(name, AttributeType.Floats) is { } attribute ? [.. attribute.Floats] : null;

    /// <summary>A list of words; null if it is left out.</summary>
    public string[]? Strings(string name) =>
        Find(name, AttributeType.Strings) is { } attribute ? [.. attribute.Strings.Select(one => one.ToStringUtf8())] : null;

    public TensorProto? Tensor(string name) => Find(name, AttributeType.Tensor)?.T;

    public SparseTensorProto? SparseTensor(string name) => Find(name, AttributeType.SparseTensor)?.SparseTensor;

    public GraphProto? Graph(string name) => Find(name, AttributeType.Graph)?.G;

    /// <summary>Numbers, texts and lists of them.</summary>
    public Dictionary<string, object> Plain()
    {
        Dictionary<string, object> plain = [];
        foreach ((string name, AttributeProto attribute) in _attributes)
        {
            object? value = attribute.Type switch
            {
                AttributeType.Float => attribute.F,
                AttributeType.Int => attribute.I,
                AttributeType.String => attribute.S.ToStringUtf8(),
                AttributeType.Floats => attribute.Floats.ToArray(),
                AttributeType.Ints => attribute.Ints.ToArray(),
                AttributeType.Strings => attribute.Strings.Select(text => text.ToStringUtf8()).ToArray(),
                _ => null,
            };
            if (value is not null)
            {
                plain[name] = value;
            }
        }

        return plain;
    }

    /// <summary>Files of the first versions do not say an attribute's type.</summary>
    private AttributeProto? Find(string name, AttributeType type)
    {
        if (!_attributes.TryGetValue(name, out AttributeProto? attribute))
        {
            return null;
        }

        return attribute.Type == type || attribute.Type == AttributeType.Undefined
            ? attribute
            : throw new ReadingException($"the attribute '{name}' is {attribute.Type}, not {type}");
    }
}
