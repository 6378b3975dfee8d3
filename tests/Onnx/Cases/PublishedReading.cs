using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using Strata.Onnx.Schema;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Tests;

/// <summary>
/// A way to read a published test. Its tensors have any axes, and its parameters are inputs, which in files of networks are constants.
/// </summary>
/// <param name="IsWhole">Whether the inputs have no batch; else their first axis is the batch.</param>
/// <param name="HasConstants">Whether all inputs but the first one of floats are constants, with the numbers of the test.</param>
internal sealed record PublishedReading(bool IsWhole, bool HasConstants)
{
    public static readonly PublishedReading[] All = [new(false, false), new(true, false), new(false, true), new(true, true)];

    /// <summary>The file, the options with which it is imported, and the numbers of its inputs; null if this way is no other one.</summary>
    public (byte[] Model, OnnxImportOptions Options, IReadOnlyList<(string Name, TensorProto Tensor)> Inputs)? Of(PublishedTest test)
    {
        ModelProto model = test.Model();
        ValueInfoProto[] inputs =
            [.. model.Graph.Input.ExceptBy(model.Graph.Initializer.Select(tensor => tensor.Name), input => input.Name)];
        bool isNumeric = inputs.All(input => input.Type?.ValueCase is null or TypeProto.ValueOneofCase.TensorType);
        if (HasConstants && (inputs.Length < 2 || !isNumeric))
        {
            return null;
        }

        (string Name, TensorProto Tensor)[] given = isNumeric ? [.. inputs.Select((input, k) => (input.Name, test.Input(k, input)))] : [];
        if (HasConstants)
        {
            string kept = inputs.FirstOrDefault(input => (DataType)input.Type.TensorType.ElemType is DataType.Float or DataType.Float16
                or DataType.Double or DataType.Bfloat16)?.Name ?? inputs[0].Name;
            foreach ((string name, TensorProto tensor) in given.Where(one => one.Name != kept))
            {
                TensorProto constant = tensor.Clone();
                constant.Name = name;
                model.Graph.Initializer.Add(constant);
                model.Graph.Input.Remove(model.Graph.Input.Single(input => input.Name == name));
            }

            given = [.. given.Where(one => one.Name == kept)];
        }

        (string Name, TensorProto Tensor)[] whole = IsWhole ? [.. given.Where(one => one.Tensor.Dims is [> 1, ..])] : [];
        return IsWhole && whole.Length == 0 ? null : (model.ToByteArray(), new OnnxImportOptions
        {
            Inputs = whole.ToDictionary(one => one.Name, one => (IReadOnlyList<int>)[.. one.Tensor.Dims.Select(extent => (int)extent)]),
        }, given);
    }

    public override string ToString() => (IsWhole ? "no batch" : "first axis the batch") + (HasConstants ? ", others constant" : "");
}
