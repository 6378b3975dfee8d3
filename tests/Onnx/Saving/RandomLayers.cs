using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Tests.Saving;

/// <summary>Layers with random arguments, most of which fit.</summary>
internal sealed class RandomLayers(int seed)
{
    private static readonly string[][] Axes = [[], [""], ["Height", "Width"], ["Depth", "Height", "Width"]];
    private static readonly string[] Sides = ["Front", "Back", "Top", "Bottom", "Left", "Right"];

    private readonly Random _random = new(seed);

    /// <summary>An input and a layer that reads it.</summary>
    public (string Input, string Layer) Next()
    {
        int rank = _random.Next(1, 4), channels = _random.Next(1, 3) * 2;
        string input = $"Input({channels}, {string.Join(", ", Enumerable.Range(0, rank).Select(_ => _random.Next(4, 10)))})";
        return (input, _random.Next(9) switch
        {
            0 => Layer($"Conv{rank}D", $"{channels}, {Kernel(rank)}", Window(rank), Maybe("Groups = 2"),
                Maybe($"PaddingMode = PaddingMode.{OneOf("Zeros", "Reflect", "Replicate", "Circular")}")),
            1 => Layer($"ConvTranspose{rank}D", $"{channels}, {_random.Next(1, 4)}", Window(rank)),
            2 or 3 => Pool(rank),
            4 => Layer(
                $"Adaptive{OneOf("Average", "Max")}Pool{rank}D", $"{_random.Next(1, 6)}",
                rank > 1 ? Maybe($"Width = {_random.Next(1, 8)}") : ""),
            5 or 6 => Upsample(rank),
            7 => Layer($"Crop{rank}D", $"{_random.Next(2)}", Maybe($"Stride = {_random.Next(1, 4)}"), rank > 1 ? Maybe("Left = 1") : ""),
            _ => OneOf(
                Layer($"Pad{rank}D", $"{_random.Next(1, 4)}", $"Mode = PaddingMode.{OneOf("Zeros", "Reflect", "Replicate", "Circular")}"),
                Layer("LocalResponseNorm", $"{_random.Next(1, 5)}", Maybe("Alpha = 0.5"), Maybe("K = 2")),
                Layer(OneOf("Softmax", "LogSoftmax"), $"Axes = {AxesOf(rank)}"),
                Layer(OneOf("Mean", "Max", "Sum"), AxesOf(rank), Maybe("KeepAxes = true")),
                Layer("LayerNorm", $"Axes = {AxesOf(rank)}", Maybe("Affine = false")),
                Layer("BatchNorm", Maybe("Momentum = 0.25"), Maybe("Epsilon = 0.01"), Maybe("Affine = false"))),
        });
    }

    private static string Layer(string kind, params IEnumerable<string> arguments) =>
        $"{kind}({string.Join(", ", arguments.Where(argument => argument.Length > 0))})";

    private string OneOf(params string[] choices) => choices[_random.Next(choices.Length)];

    private string Maybe(string argument) => _random.Next(2) == 0 ? argument : "";

    private string Kernel(int rank) => rank == 3 ? $"{_random.Next(1, 3)}" : $"{_random.Next(1, 5)}";

    private string Window(int rank)
    {
        string axis = Axes[rank][_random.Next(rank)];
        IEnumerable<string> all =
        [
            Maybe($"Stride = {_random.Next(1, 4)}"), Maybe($"Dilation = {_random.Next(1, 3)}"), Maybe($"Padding = {_random.Next(0, 3)}"),
            axis.Length > 0 ? Maybe($"Stride{axis} = {_random.Next(1, 4)}") : "",
            axis.Length > 0 ? Maybe($"Padding{Sides[^(_random.Next(2 * rank) + 1)]} = {_random.Next(0, 2)}") : "",
        ];
        return string.Join(", ", all.Where(argument => argument.Length > 0));
    }

    private string Pool(int rank)
    {
        string kind = OneOf("MaxPool", "AveragePool", "L2Pool", "LogSumExpPool");
        int kernel = _random.Next(1, 5);
        return Layer(
            $"{kind}{rank}D", $"{kernel}", Maybe($"Stride = {_random.Next(1, 5)}"), Maybe($"Padding = {_random.Next(0, (kernel / 2) + 1)}"),
            Maybe("CeilMode = true"), kind == "AveragePool" ? Maybe("CountIncludePad = false") : "",
            kind == "MaxPool" ? Maybe("Dilation = 2") : "", rank > 1 ? Maybe($"StrideWidth = {_random.Next(1, 4)}") : "",
            rank > 1 ? Maybe($"KernelHeight = {_random.Next(1, 4)}") : "");
    }

    private string Upsample(int rank)
    {
        string[] names = rank == 1 ? ["Length"] : Axes[rank];
        string extents = _random.Next(3) switch
        {
            0 => OneOf("2", "1.3", "1.4", "2.5", "0.7", "3"),
            1 when rank > 1 => $"{OneOf("1.3", "2", "0.6")}, Scale{names[_random.Next(rank)]} = {OneOf("1.1", "1.7", "2.25")}",
            _ => string.Join(", ", names.Select(name => $"{name} = {_random.Next(1, 14)}")),
        };
        string place = OneOf("HalfPixel", "AlignCorners", "Asymmetric", "PytorchHalfPixel");
        string mode = OneOf("Nearest", "Linear", "Cubic");
        return Layer(
            $"Upsample{rank}D", extents, $"Mode = UpsampleMode.{mode}", Maybe($"Coordinates = UpsampleCoordinates.{place}"),
            mode == "Nearest"
                ? Maybe($"Rounding = UpsampleRounding.{OneOf("Floor", "Ceil", "RoundPreferFloor", "RoundPreferCeil")}") : "",
            mode == "Cubic" ? Maybe("CubicCoefficient = -0.5") : "");
    }

    private string AxesOf(int rank)
    {
        string[] names = ["Channels", .. Axes[rank] is [""] ? ["Width"] : Axes[rank]];
        return string.Join(" | ", names.Where((name, i) => _random.Next(2) == 0 || i == names.Length - 1).Select(name => "Axes." + name));
    }
}
