using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Nodes;

/// <summary>Makes attributes of nodes.</summary>
internal static class NodeAttribute
{
    public static AttributeProto Create(string name, int value) =>
        new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static AttributeProto Create(string name, bool value) => Create(name, value ? 1 : 0);

    public static AttributeProto Create(string name, double value) =>
        new() { Name = name, F = (float)value, Type = AttributeProto.Types.AttributeType.Float };

    public static AttributeProto Create(string name, string value) =>
        new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.AttributeType.String };

    public static AttributeProto Create(string name, IEnumerable<int> values) =>
        new() { Name = name, Ints = { values.Select(value => (long)value) }, Type = AttributeProto.Types.AttributeType.Ints };
}
