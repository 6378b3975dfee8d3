using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;
using LayerWeights = System.Collections.Generic.IReadOnlyList<(string Name, int[] Shape, float[] Values)>;

namespace Strata.Weights.Tests;

/// <summary>Which layer of a file is which of a network; what is not sure is refused by its names and shapes.</summary>
public sealed class MatchTests
{
    [Fact]
    public void A_layer_with_another_shape_is_named_with_what_is_expected()
    {
        using var net = new Chain(seed: 1);
        string message = Refusal(net, ("a", [Kernel(3, 3, 1, 2), Bias(2)]), ("b", [Kernel(3, 3, 2, 3), Bias(3)]));
        Assert.StartsWith("stream: tensor 'b.weight': expected (2, 2, 3, 3), found (3, 2, 3, 3) in the file's layer 'b' "
            + "(kernel (3, 3, 2, 3), bias (3)).", message);
        float[] before = KerasGolden.Values(net.FindParameter("b.weight")!);
        WeightsLoadReport report = net.LoadKeras(
            File(("a", [Kernel(3, 3, 1, 2), Bias(2)]), ("b", [Kernel(3, 3, 2, 3), Bias(3)])),
            new WeightsLoadOptions { Strict = false, SkipMismatched = true });
        Assert.Equal(["a.weight", "a.bias"], report.Loaded);
        Assert.Equal(["b.weight", "b.bias"], report.Mismatched);
        Assert.Equal(before, KerasGolden.Values(net.FindParameter("b.weight")!));
    }

    [Fact]
    public void Layers_that_do_not_fit_in_order_are_named()
    {
        using var net = new Chain(seed: 1);
        string message = Refusal(net, ("conv2d", [Kernel(3, 3, 1, 2), Bias(2)]), ("conv2d_1", [Kernel(3, 3, 2, 3), Bias(3)]));
        Assert.Contains("the file has 0 layers with bias (2), weight (2, 2, 3, 3), where the network has 1: b; in the file: none. Its "
            + "layers were matched by their order, since it has none of the names a, b.", message);
        Assert.Contains("the file has layers that the network has no counterpart for; in the file: 'x' (gamma (2), beta (2))", Refusal(
            net, ("p", [Kernel(3, 3, 1, 2), Bias(2)]), ("q", [Kernel(3, 3, 2, 2), Bias(2)]),
            ("x", [Vector("gamma", 2), Vector("beta", 2)])));
        Assert.Contains("gamma has no counterpart in such a layer", Refusal(
            net, ("a", [Kernel(3, 3, 1, 2), Vector("gamma", 2)]), ("b", [Kernel(3, 3, 2, 2), Bias(2)])));
        Assert.Contains("it has no kernel", Refusal(net, ("a", [Bias(2)]), ("b", [Kernel(3, 3, 2, 2), Bias(2)])));
    }

    /// <summary>The shapes are those of the network, but not their order.</summary>
    [Fact]
    public void Another_order_of_layers_is_refused()
    {
        using var net = new Chain(seed: 1);
        Assert.Contains("the file's layers have another order: 'q' (kernel (3, 3, 1, 2), bias (2)) behind 'p'",
            Refusal(net, ("p", [Kernel(3, 3, 2, 2), Bias(2)]), ("q", [Kernel(3, 3, 1, 2), Bias(2)])));
    }

    /// <summary>Keras writes the weights of a model within the model that are trained before the others.</summary>
    [Fact]
    public void Layers_of_the_same_shapes_in_a_model_within_the_model_are_refused()
    {
        using var net = new Twins(seed: 1);
        LayerWeights own = [Kernel(3, 3, 2, 2), Bias(2)];
        net.LoadKeras(File(("p", own), ("q", own)));
        Assert.Contains("the file does not tell the order of the layers 'model.p' (", Refusal(net, ("model",
        [
            .. own.Select(weight => ("p/" + weight.Name, weight.Shape, weight.Values)),
            .. own.Select(weight => ("q/" + weight.Name, weight.Shape, weight.Values)),
        ])));
    }

    /// <summary>Dense layers of a model with images may stand behind Flatten, or before Reshape.</summary>
    [Fact]
    public void Conversions_of_dense_layers_beside_convolutions_are_refused()
    {
        string folder = Directory.CreateTempSubdirectory("strata-keras-").FullName;
        try
        {
            string input = Path.Combine(folder, "x.h5"), output = Path.Combine(folder, "x.safetensors");
            System.IO.File.WriteAllBytes(input, Hdf5Writer.Legacy(
                [("c", [Kernel(3, 3, 1, 2), Bias(2)]), ("d", [Kernel(2, 24), Bias(24)])]));
            Assert.Contains("it may stand behind Flatten", Assert.Throws<WeightsFormatException>(
                () => KerasWeights.ConvertToSafetensors(input, output)).Message);
            System.IO.File.WriteAllBytes(input, Hdf5Writer.Legacy([("c", [Kernel(3, 2), Bias(2)]), ("d", [Kernel(2, 24), Bias(24)])]));
            Assert.Contains("the order of the features of its layer 'c'", Assert.Throws<WeightsFormatException>(
                () => KerasWeights.ConvertToSafetensors(input, output)).Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Parts_are_loaded_by_name_and_the_rest_is_reported()
    {
        using var net = new Chain(seed: 1);
        WeightsLoadReport report = net.LoadKeras(
            File(("x.b", [Kernel(3, 3, 2, 2), Bias(2)]), ("x.c", [Kernel(3, 3, 2, 2), Bias(2)]), ("d", [Bias(1)])),
            new WeightsLoadOptions { Strict = false, Prefix = "x." });
        Assert.Equal(["b.weight", "b.bias"], report.Loaded);
        Assert.Equal(["a.weight", "a.bias"], report.Missing);
        Assert.Equal(["x.c/kernel", "x.c/bias", "d/bias"], report.Unexpected);
        Assert.Contains("tensor 'x.c/kernel': Chain has no such parameter", Refusal(
            net, new WeightsLoadOptions { Prefix = "x." },
            ("x.a", [Kernel(3, 3, 1, 2), Bias(2)]), ("x.b", [Kernel(3, 3, 2, 2), Bias(2)]), ("x.c", [Kernel(3, 3, 2, 2), Bias(2)])));
    }

    [Fact]
    public void Rename_gives_keys_for_PyTorchs_names()
    {
        using var net = new Chain(seed: 1);
        var asked = new List<string>();
        LayerWeights own = [Kernel(3, 3, 2, 2), Bias(2)];
        net.LoadKeras(File(("one", [Kernel(3, 3, 1, 2), Bias(2)]), ("two", own), ("three", own)), new WeightsLoadOptions
        {
            Strict = false,
            Rename = name =>
            {
                asked.Add(name);
                return name.StartsWith("one", StringComparison.Ordinal) ? "a" + name[3..] : name.StartsWith("two", StringComparison.Ordinal)
                    ? "b" + name[3..] : null;
            },
        });
        Assert.Equal(["one.weight", "one.bias", "two.weight", "two.bias", "three.weight", "three.bias"], asked);
        Assert.Contains("another layer's key for its bias", Refusal(
            net, new WeightsLoadOptions { Rename = name => name.EndsWith("bias", StringComparison.Ordinal) ? "b.bias" : "a.weight" },
            ("one", own)));
        Assert.Contains("the network has no such key that ends with weight", Refusal(
            net, new WeightsLoadOptions { Rename = name => "z.weight" }, ("one", own)));
        Assert.Contains("of the file are both for the layer 'b'", Refusal(
            net, new WeightsLoadOptions { Rename = name => "b" + name[name.IndexOf('.')..] }, ("one", own), ("two", own)));
    }

    [Fact]
    public void Features_whose_order_cannot_be_decided_are_refused()
    {
        using var joined = new JoinedFeatures(seed: 1);
        Assert.Contains("the order that the features of 'head' ([Dense]) have in Keras cannot be decided: 'concat1' ([Concat]) changes it",
            Refusal(joined, ("head", [("kernel", [16, 2], new float[32]), Bias(2)])));
        using var turned = new TurnedFeatures(seed: 1);
        Assert.Contains("'transpose1' ([Transpose]) changes it", Refusal(turned, ("head", [("kernel", [8, 2], new float[16]), Bias(2)])));
    }

    [Fact]
    public void Channels_that_are_planes_for_a_while_keep_their_order()
    {
        using var added = new AddedChannels(seed: 1);
        added.LoadKeras(File(("stats", [Vector("gamma", 3), Vector("beta", 3), Vector("moving_mean", 3), Vector("moving_variance", 3)])));
        Assert.All(added.Parameters, parameter => Assert.Equal(new float[3], KerasGolden.Values(parameter)));
        using var convolved = new ConvolvedChannels(seed: 1);
        Assert.Contains(
            "'reshape1' ([Reshape]) changes it", Refusal(convolved, ("cubes", [("kernel", [2, 2, 2, 1, 1], new float[8]), Bias(1)])));
    }

    [Fact]
    public void Factors_of_ConvNeXt_are_loaded_by_name_by_order_and_renamed()
    {
        (string, int[], float[]) Factors(float first) => ("Variable", [2], [first, first + 1]);
        (string[] Names, WeightsLoadOptions Options)[] files =
        [
            (["block.layer_scale", "other"], new WeightsLoadOptions()),
            (["a_layer_scale", "b_layer_scale"], new WeightsLoadOptions()),
            (["a_layer_scale", "b_layer_scale"], new WeightsLoadOptions
            {
                Rename = name => name == "a_layer_scale.weight" ? "block.layer_scale" : "other.weight",
            }),
        ];
        foreach ((string[] names, WeightsLoadOptions options) in files)
        {
            using var net = new Scaled(seed: 1);
            net.LoadKeras(File((names[0], [Factors(3)]), (names[1], [Factors(5)])), options);
            Assert.Equal(["block.layer_scale", "other.weight"], net.Parameters.Select(parameter => parameter.Key));
            Assert.Equal([3, 4, 5, 6], net.Parameters.SelectMany(KerasGolden.Values));
        }

        using var other = new Scaled(seed: 1);
        Assert.Contains("expected (2, 1, 1), found (3)", Refusal(
            other, ("block.layer_scale", [("Variable", [3], new float[3])]), ("other", [Factors(1)])));
    }

    [Fact]
    public void A_gated_unit_that_computes_something_else_is_refused()
    {
        using var net = new Gated(seed: 1);
        Assert.Contains("with reset_after = False, or two biases of an LSTM, it computes something else", Refusal(
            net, ("gates", [("kernel", [2, 6], new float[12]), ("recurrent_kernel", [2, 6], new float[12]), Bias(6)])));
        Assert.Contains("without biases, the file does not tell whether reset_after is True", Refusal(
            net, ("gates", [("kernel", [2, 6], new float[12]), ("recurrent_kernel", [2, 6], new float[12])])));
    }

    private static (string, int[], float[]) Kernel(params int[] shape) =>
        ("kernel", shape, [.. Enumerable.Range(1, shape.Aggregate(1, (a, b) => a * b)).Select(i => (float)i)]);

    private static (string, int[], float[]) Bias(int count) => Vector("bias", count);

    private static (string, int[], float[]) Vector(string name, int count) => (name, [count], new float[count]);

    private static MemoryStream File(params (string, LayerWeights)[] layers) => new(Hdf5Writer.Legacy(layers));

    private static string Refusal(CompiledNetwork network, params (string, LayerWeights)[] layers) =>
        Refusal(network, new WeightsLoadOptions(), layers);

    private static string Refusal(CompiledNetwork network, WeightsLoadOptions options, params (string, LayerWeights)[] layers) =>
        Assert.Throws<WeightsFormatException>(() => network.LoadKeras(File(layers), options)).Message;
}
