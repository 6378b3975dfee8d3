using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>What a network's description says of the arguments of its layers.</summary>
public class LayerInfoTests
{
    private static readonly CompiledNetworks Types = NetworkCompiler.CompileClasses(
        [
            """
            [Network, Input(4, 9, 7), Conv2D(6, 3, AutoPad = AutoPad.Same, StrideHeight = 2), MaxPool2D(2, CeilMode = true), LeakyReLU(0.2)]
            [Crop2D(0, Left = 1), Upsample2D(Height = 6, ScaleWidth = 2, Mode = UpsampleMode.Bilinear)]
            [ConvTranspose2D(3, 3, Stride = 2, OutputPadding = 1), BatchNorm, Normalize(new[] { 0.1, 0.2, 0.3 }, new[] { 1.0, 2.0, 3.0 })]
            [Softmax(Axes = Axes.Height | Axes.Width)]
            public partial class Described;
            """,
        ],
        "Descriptions");

    private static IReadOnlyList<LayerInfo> Layers
    {
        get
        {
            using CompiledNetwork network = Types["Described"].Create();
            return network.Info.Layers;
        }
    }

    [Fact]
    public void Arguments_that_are_left_out_have_their_defaults()
    {
        Assert.Equal(
            [("filters", 6), ("AutoPad", AutoPad.Same), ("Groups", 1), ("Bias", true), ("PaddingMode", PaddingMode.Zeros)],
            Layers[0].Values.Select(argument => (argument.Name, argument.Value)));
        Assert.Equal(0.2, Layers[2].Argument<double>("slope"));
        Assert.Equal(1e-5, Layers[6].Argument<double>("Epsilon"));
        Assert.Equal([1, 2, 3], Layers[7].Argument<double[]>("deviations"));
        Assert.Equal(Axes.Height | Axes.Width, Layers[8].Argument<Axes>("Axes"));
    }

    [Fact]
    public void Arguments_without_a_default_are_there_only_where_they_are_written()
    {
        string[] names = [.. Layers[4].Values.Select(argument => argument.Name)];
        Assert.Equal(["ScaleWidth", "Height", "Mode", "AlignCorners", "Coordinates", "Rounding", "CubicCoefficient"], names);
        Assert.Equal(UpsampleMode.Linear, Layers[4].Argument<UpsampleMode>("Mode"));
    }

    [Fact]
    public void Windows_have_the_padding_that_AutoPad_stands_for()
    {
        Assert.Equal([new(3, 2, 1, 1, 1), new(3, 1, 1, 1, 1)], Layers[0].Windows);
        Assert.Equal([new(2, 2), new(2, 2)], Layers[1].Windows);
        Assert.Empty(Layers[2].Windows);
        Assert.Equal([new(1), new(1, PaddingBefore: -1)], Layers[3].Windows);
        Assert.Equal([new(3, 2, OutputPadding: 1), new(3, 2, OutputPadding: 1)], Layers[5].Windows);
    }

    [Fact]
    public void A_value_that_a_layer_does_not_have_is_an_error_that_names_the_layer_and_its_values()
    {
        ArgumentException missing = Assert.Throws<ArgumentException>(() => Layers[0].Argument<int>("kernel"));
        Assert.StartsWith(
            "The layer 'conv1' ([Conv2D]) has no value 'kernel'. It has: filters, AutoPad, Groups, Bias, PaddingMode.", missing.Message,
            StringComparison.Ordinal);
        ArgumentException other = Assert.Throws<ArgumentException>(() => Layers[0].Argument<double>("filters"));
        Assert.StartsWith(
            "The value 'filters' of the layer 'conv1' ([Conv2D]) is a Int32, not a Double.", other.Message, StringComparison.Ordinal);
    }
}
