using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Strata.Onnx.Reading;
using Strata.Onnx.Schema;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Tests;

/// <summary>One of the tests that ONNX publishes for backends: a model, mostly of one node, with its inputs and what they give.</summary>
/// <param name="Folder">Holds <c>model.onnx</c> and <c>test_data_set_0</c>.</param>
internal sealed record PublishedTest(string Folder)
{
    /// <summary>Where Debian's package <c>libonnx-testdata</c> has the tests.</summary>
    public const string Root = "/usr/share/libonnx-testdata/data";

    /// <summary>Tests of a dropout that drops: the numbers are those of NumPy's generator with a seed.</summary>
    private static readonly string[] Random = ["test_training_dropout", "test_training_dropout_default"];

    /// <summary>The folders of tests whose data stand beside their models.</summary>
    private static readonly string[] Kinds = ["node", "simple", "pytorch-operator", "pytorch-converted"];

    public string Name => $"{Path.GetFileName(Path.GetDirectoryName(Folder))}/{Path.GetFileName(Folder)}";

    public string ModelPath => Path.Combine(Folder, "model.onnx");

    /// <summary>All tests with numbers to compare, in the order of their names; none without the package.</summary>
    public static IReadOnlyList<PublishedTest> All() =>
    [
        .. Kinds.Select(kind => Path.Combine(Root, kind)).Where(Directory.Exists)
            .SelectMany(folder => Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
            .Where(folder => !Random.Contains(Path.GetFileName(folder)))
            .Select(folder => new PublishedTest(folder)).Where(one => File.Exists(one.ModelPath)),
    ];

    public ModelProto Model() => ModelProto.Parser.ParseFrom(File.ReadAllBytes(ModelPath));

    public TensorProto Input(int index, ValueInfoProto declared) => Tensor($"input_{index}.pb", declared);

    public TensorProto Output(int index, ValueInfoProto declared) => Tensor($"output_{index}.pb", declared);

    public static float[] Floats(TensorProto tensor)
    {
        var budget = new Budget(1L << 30);
        return new Tensors(new ExternalData(null, budget), budget).Read(tensor, tensor.Name).Constant is { } constant ? constant.Floats
            : throw new InvalidDataException($"'{tensor.Name}' has no numbers.");
    }

    public override string ToString() => Name;

    private TensorProto Tensor(string name, ValueInfoProto declared)
    {
        var tensor = TensorProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(Folder, "test_data_set_0", name)));
        if ((DataType)declared.Type.TensorType.ElemType == DataType.Bfloat16 && (DataType)tensor.DataType == DataType.Uint16)
        {
            // NumPy has no such type: the script that wrote these tests had the bits.
            tensor.DataType = (int)DataType.Bfloat16;
        }

        return tensor;
    }
}
