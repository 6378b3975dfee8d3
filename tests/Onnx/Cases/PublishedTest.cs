using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Strata.Onnx.Model;
using Strata.Onnx.Reading;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Tests;

/// <summary>One of the tests that ONNX publishes for backends: a model, mostly of one node, with its inputs and what they give.</summary>
/// <param name="Folder">Holds <c>model.onnx</c> and <c>test_data_set_0</c>.</param>
internal sealed record PublishedTest(string Folder)
{
    /// <summary>Where Debian's package <c>libonnx-testdata</c> has the tests.</summary>
    public const string Root = "/usr/share/libonnx-testdata/data";

    /// <summary>The folders of tests whose data stand beside their models.</summary>
    private static readonly string[] Kinds = ["node", "simple", "pytorch-operator", "pytorch-converted"];

    public string Name => $"{Path.GetFileName(Path.GetDirectoryName(Folder))}/{Path.GetFileName(Folder)}";

    public string ModelPath => Path.Combine(Folder, "model.onnx");

    /// <summary>All tests, in the order of their names; none without the package.</summary>
    public static IReadOnlyList<PublishedTest> All() =>
    [
        .. Kinds.Select(kind => Path.Combine(Root, kind)).Where(Directory.Exists)
            .SelectMany(folder => Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
            .Select(folder => new PublishedTest(folder)).Where(one => File.Exists(one.ModelPath)),
    ];

    public ModelProto Model() => ModelProto.Parser.ParseFrom(File.ReadAllBytes(ModelPath));

    public TensorProto Input(int index) => Tensor($"input_{index}.pb");

    public TensorProto Output(int index) => Tensor($"output_{index}.pb");

    public static float[] Floats(TensorProto tensor)
    {
        var budget = new Budget(1L << 30);
        return new Tensors(new ExternalData(null, budget), budget).Read(tensor, tensor.Name).Constant is { } constant ? constant.Floats
            : throw new InvalidDataException($"'{tensor.Name}' has no numbers.");
    }

    public override string ToString() => Name;

    private TensorProto Tensor(string name) =>
        TensorProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(Folder, "test_data_set_0", name)));
}
