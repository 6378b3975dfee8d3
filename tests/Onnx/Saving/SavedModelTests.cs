using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.ML.OnnxRuntime;
using Strata.Onnx.Nodes;
using Strata.Onnx.Saving;
using Strata.Onnx.Schema;
using Strata.Onnx.Text;
using Strata.Tests;
using Xunit;

namespace Strata.Onnx.Tests.Saving;

/// <summary>What <see cref="OnnxFile"/> saves, and what ONNX Runtime computes from it.</summary>
public sealed class SavedModelTests
{
    /// <summary>Kinds that no network has as layers, and why.</summary>
    private static readonly Dictionary<string, string> WithoutForm = new()
    {
        ["LayersOf"] = "the layers of the other network stand in its place",
        ["Shortcut"] = "nothing, or a convolution and a batch norm, stand in its place",
    };

    private static readonly Lazy<Assembly> Compiled = new(() => ClassCompiler.Compile(
        $"#pragma warning disable CS1591, {ClassWriter.Advice}\nusing Strata;\n"
            + string.Concat(CatalogueCases.All.Select((one, i) => CatalogueCases.Declare(one, $"Case{i}")))
            + CatalogueCases.OthersOf(CatalogueCases.All) + Others));

    private const string Others =
        """
        [Network, Input(3, 8, 8, Name = "image"), Input(4, Name = "pose")]
        [Conv2D(4, 3, From = "image"), ReLU, GlobalAveragePool2D, Flatten(Name = "seen")]
        [Dense(6, From = "pose", Name = "moved"), Tanh(Name = "turned")]
        [Concat("seen", "turned", Name = "both"), Dense(5), CrossEntropy, Output("classes")]
        [Dense(2, From = "both", Name = "box"), MeanSquaredError, Output("box")]
        [Dense(2, From = "seen", Name = "helper"), MeanSquaredError(Weight = 0.3)]
        public partial class Several;

        [Network, Input(6), Dense(4), Dropout, Output("raw", From = "dense1"), Output("dropped", From = "dropout1")]
        public partial class Twice;

        [Network, Input(3, 8, 8), Conv2D(4, 3), BatchNorm, SiLU, Dropout, Sequential("head"), Flatten, Dense(5), Dropout]
        public partial class Plain;

        public sealed class GateAttribute : ElementwiseAttribute
        {
            public static float Value(float a, float b) => a * Functions.Sigmoid(b);
        }

        public sealed class SlopesAttribute : ElementwiseAttribute
        {
            [Trained(PerChannel = true)] private const double Slope = 0.25;
            [Trained] private const double Shift = 0.5;

            public static float Value(float x) => (x > 0 ? x : (float)Slope * x) + (float)Shift;
        }

        public sealed class BetaMishAttribute : ElementwiseAttribute
        {
            private const double Beta = 1;
            public BetaMishAttribute(double beta = Beta) { }
            public static float Value(float x) => x * System.MathF.Tanh(Functions.Softplus((float)Beta * x));
        }

        public sealed class MuchAttribute : ElementwiseAttribute
        {
            public static float Value(float x)
            {
                float positive = System.MathF.Abs(x) + 1;
                float waves = System.MathF.Sin(x) + System.MathF.Cos(2 * x) - System.MathF.Exp(-positive) / System.MathF.Sqrt(positive);
                float steps = System.MathF.Floor(x) + System.MathF.Ceiling(3 * x) + System.MathF.Round(2 * x)
                    + System.MathF.Truncate(5 * x);
                float known = Functions.GELU(x) + Functions.GELUTanh(x) + Functions.SiLU(x) + Functions.Mish(x) + Functions.HardSwish(x)
                    + Functions.HardSigmoid(x) + Functions.ELU(x, 0.5f) + Functions.LeakyReLU(x, 0.1f) + Functions.Erf(x)
                        + Functions.ReLU(x)
                    + Functions.LogSigmoid(x) + Functions.Expm1(x) + Functions.Log1p(positive);
                return waves + steps + known + System.MathF.Max(x, 0.5f) + System.MathF.Min(x, -0.5f) + System.Math.Clamp(x, -1, 1)
                    + System.MathF.Pow(positive, 1.5f) + System.MathF.Log(positive) + System.MathF.Pow(x, 3)
                    + (x > 1 && x < 1.5f || x == 0 ? 2 : 0) + (!(x >= 0.1f) ? x : x / 3);
            }
        }

        public sealed class SameAttribute : ElementwiseAttribute
        {
            public static float Value(float x) => x;
        }

        namespace Named
        {
            public sealed class MishAttribute : ElementwiseAttribute
            {
                public static float Value(float x) => x + 1;
            }
        }

        [Network, Input(3, 4, 4), Slopes, BetaMish(1.5), Branch, Branch, GlobalAveragePool2D, Gate]
        public partial class Own;

        [Network, Input(2, 5), Much]
        public partial class OwnWithMuch;

        [Network, Input(2, 5), Branch, Branch, Tanh, Plus]
        public partial class OwnSum;

        public sealed class PlusAttribute : ElementwiseAttribute
        {
            public static float Value(float a, float b) => a + b;
        }

        [Network, Input(2, 5), Named.Mish]
        public partial class OwnName;

        [Network, Input(2, 5), Same]
        public partial class Unchanged;

        [Network, Input(5), Tanh, Flatten]
        public partial class Flat;
        """;

    [Fact]
    public void The_momentum_of_batch_norms_is_saved()
    {
        using CompiledNetwork usual = Create("Plain"), slow = Case("BatchNorm(Momentum = 0.01)");
        Assert.Equal([0.9f, 0.99f], new[] { usual, slow }.Select(network =>
            Saved(network).Graph.Node.Single(node => node.OpType == "BatchNormalization")
                .Attribute.Single(attribute => attribute.Name == "momentum").F));
    }

    public static TheoryData<int, string> Cases() => [.. CatalogueCases.All.Select((one, i) => (i, one.Stack))];

    public static TheoryData<int> OtherVersions => [13, 15, 16, 18, 19, 20, 21, 22, 23];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Onnx_runtime_computes_the_same(int index, string declaration)
    {
        _ = declaration;
        using CompiledNetwork network = Case(index);
        SavedNetwork.Check(network, Options(index, new OnnxSaveOptions().OpsetVersion), 1, 3);
    }

    /// <summary>The options for a case: GridSample came with version 16, and that of volumes with 20.</summary>
    public static OnnxSaveOptions Options(int index, int version, int? batch = null)
    {
        Strata.Compiler.Catalogue.OperatorCase one = CatalogueCases.All[index];
        int least = !one.Layers.Contains("GridSample", StringComparison.Ordinal) ? OnnxSaveOptions.MinOpsetVersion
            : one.Input.Count(letter => letter == ',') == 3 ? 20 : 16;
        return new OnnxSaveOptions { OpsetVersion = Math.Max(version, least), BatchSize = batch };
    }

    [Fact]
    public void A_version_that_has_no_grids_is_refused()
    {
        int index = CatalogueCases.All.ToList().FindIndex(one => one.Layers.Contains("GridSample", StringComparison.Ordinal));
        using CompiledNetwork network = Case(index);
        NotSupportedException exception = Assert.Throws<NotSupportedException>(
            () => SavedNetwork.Save(network, new OnnxSaveOptions { OpsetVersion = 15 }));
        Assert.Equal("GridSample 'grid_sample1' needs operator set 16, but OpsetVersion is 15.", exception.Message);
    }

    [Theory]
    [MemberData(nameof(OtherVersions))]
    public void It_computes_the_same_from_every_version(int version)
    {
        for (int i = 0; i < CatalogueCases.All.Count; i++)
        {
            using CompiledNetwork network = Case(i);
            SavedNetwork.Check(network, Options(i, version), 2);
        }
    }

    [Fact]
    public void It_computes_the_same_from_files_with_a_fixed_batch()
    {
        for (int i = 0; i < CatalogueCases.All.Count; i++)
        {
            using CompiledNetwork network = Case(i);
            SavedNetwork.Check(network, Options(i, new OnnxSaveOptions().OpsetVersion, batch: 2), 2);
        }

        ModelProto model = Saved(Create("Plain"), new OnnxSaveOptions { BatchSize = 2 });
        Assert.Equal(2, model.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimValue);
        Assert.Equal([2, 5], model.Graph.Output[0].Type.TensorType.Shape.Dim.Select(extent => extent.DimValue));
    }

    [Fact]
    public void Every_kind_of_layer_is_saved_by_a_test()
    {
        string[] declared =
        [
            .. typeof(LayerAttribute).Assembly.GetExportedTypes()
                .Where(type => type.IsSubclassOf(typeof(LayerAttribute)) && !type.IsAbstract)
                .Select(type => KindOf(type.Name[..^"Attribute".Length])).Distinct(),
        ];
        HashSet<string> tested = [];
        for (int i = 0; i < CatalogueCases.All.Count; i++)
        {
            using CompiledNetwork network = Case(i);
            tested.UnionWith(network.Info.Layers.Select(layer => KindOf(layer.Kind)));
        }

        Assert.Empty(declared.Except(WithoutForm.Keys).Except(tested));
    }

    [Fact]
    public void Several_inputs_and_outputs_have_their_names()
    {
        using CompiledNetwork network = Create("Several");
        ModelProto model = Saved(network);
        Assert.Equal(["image", "pose"], model.Graph.Input.Select(input => input.Name));
        Assert.Equal(["classes", "box"], model.Graph.Output.Select(output => output.Name));
        Assert.Equal("N", model.Graph.Input[1].Type.TensorType.Shape.Dim[0].DimParam);
        SavedNetwork.Check(network, new OnnxSaveOptions(), 1, 3);
    }

    [Fact]
    public void What_only_training_computes_is_left_out()
    {
        using CompiledNetwork network = Create("Several");
        ModelProto model = Saved(network);
        Assert.Contains(network.Info.Layers, layer => layer is { Name: "helper", TrainingOnly: true });
        Assert.DoesNotContain(model.Graph.Node, node => node.Name == "helper");
        Assert.DoesNotContain(model.Graph.Initializer, tensor => tensor.Name == "helper.weight");
    }

    [Fact]
    public void Names_are_those_of_layers_and_parameters()
    {
        using CompiledNetwork network = Create("Plain");
        ModelProto model = Saved(network);
        Assert.Equal(
            ["conv1: Conv", "bn1: BatchNormalization", "silu1/Sigmoid: Sigmoid", "silu1: Mul", "head.0: Flatten", "head.1: Gemm"],
            model.Graph.Node.Select(node => $"{node.Name}: {node.OpType}"));
        Assert.Equal(["conv1", "bn1", "silu1/Sigmoid", "silu1", "head.0", "output"], model.Graph.Node.Select(node => node.Output[0]));
        Assert.Equal(
            network.Parameters.Select(parameter => parameter.Key).Order(StringComparer.Ordinal),
            model.Graph.Initializer.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        Assert.All(model.Graph.Initializer, tensor =>
            Assert.Equal(network.FindParameter(tensor.Name)!.Shape.Select(extent => (long)extent), tensor.Dims));
        Assert.Equal("Plain", model.Graph.Name);
        Assert.Equal("Strata", model.ProducerName);
        Assert.Matches(@"^\d+\.\d+\.\d+", model.ProducerVersion);
        Assert.Equal(17, model.OpsetImport.Single().Version);
    }

    [Fact]
    public void Two_outputs_may_be_one_tensor()
    {
        using CompiledNetwork network = Create("Twice");
        Assert.Equal(["dense1: raw", "dropped: dropped"], Saved(network).Graph.Node.Select(node => $"{node.Name}: {node.Output[0]}"));
        SavedNetwork.Check(network, new OnnxSaveOptions(), 1, 3);
    }

    [Fact]
    public void Weights_of_large_networks_go_into_a_file_of_their_own()
    {
        string folder = Directory.CreateTempSubdirectory("strata-onnx-").FullName;
        try
        {
            string path = Path.Combine(folder, "plain.onnx");
            using CompiledNetwork network = Create("Plain");
            OnnxFile.Save(network, path, new OnnxSaveOptions { MaxFileLength = 1000 });
            Assert.Equal(
                ["plain.onnx", "plain.onnx.data"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
            Assert.All(model.Graph.Initializer, tensor =>
            {
                Assert.Equal(TensorProto.Types.DataLocation.External, tensor.DataLocation);
                Assert.Equal("plain.onnx.data", tensor.ExternalData.Single(entry => entry.Key == "location").Value);
                Assert.True(tensor.RawData.IsEmpty);
            });
            using SessionOptions options = SavedNetwork.Quiet();
            using var runtime = new InferenceSession(path, options);
            SavedNetwork.Compare(network, runtime, 3);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Files_appear_complete_or_not_at_all()
    {
        string folder = Directory.CreateTempSubdirectory("strata-onnx-").FullName;
        try
        {
            string path = Path.Combine(folder, "plain.onnx");
            using CompiledNetwork network = Create("Plain");
            OnnxFile.Save(network, path);
            byte[] saved = File.ReadAllBytes(path);
            Assert.Equal(SavedNetwork.Save(network), saved);

            network.Dispose();
            Assert.Throws<ObjectDisposedException>(() => OnnxFile.Save(network, path));
            Assert.Equal(saved, File.ReadAllBytes(path));
            Assert.Equal([path], Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_layer_without_a_form_is_named()
    {
        using CompiledNetwork network = Create("Plain");
        NetworkInfo info = network.Info with
        {
            Layers = [.. network.Info.Layers.Select(layer => layer.Name == "silu1" ? layer with { Kind = "Step" } : layer)],
        };
        NotSupportedException exception = Assert.Throws<NotSupportedException>(
            () => new GraphWriter(new SavedGraph(info), 17, null).Write());
        Assert.Equal(
            "Plain cannot be saved as ONNX: layer 'silu1' ([Step]) has no form there. This version of Strata.Onnx does not know [Step].",
            exception.Message);
    }

    [Theory]
    [InlineData("Own")]
    [InlineData("OwnWithMuch")]
    [InlineData("OwnSum")]
    [InlineData("OwnName")]
    [InlineData("Unchanged")]
    [InlineData("Flat")]
    public void Operators_of_the_project_are_saved_by_their_formulas(string name)
    {
        using CompiledNetwork network = Create(name);
        SavedNetwork.Check(network, new OnnxSaveOptions(), 1, 3);
        SavedNetwork.Check(network, new OnnxSaveOptions { OpsetVersion = 13 }, 2);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(24)]
    public void Unknown_versions_are_refused(int version) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxSaveOptions { OpsetVersion = version });

    /// <summary>The network of a case of an operator.</summary>
    public static CompiledNetwork Case(int index) => Create($"Case{index}");

    /// <summary>The network of the first case with some layers.</summary>
    public static CompiledNetwork Case(string layers) =>
        Case(Enumerable.Range(0, CatalogueCases.All.Count).First(i => CatalogueCases.All[i].Layers == layers));

    private static CompiledNetwork Create(string name) => SavedNetwork.Create(Compiled.Value.GetType(name, throwOnError: true)!);

    private static ModelProto Saved(CompiledNetwork network, OnnxSaveOptions? options = null) =>
        ModelProto.Parser.ParseFrom(SavedNetwork.Save(network, options));

    private static string KindOf(string attribute) => attribute is [.., >= '1' and <= '3', 'D'] ? attribute[..^2] : attribute;
}
