using System.Linq;
using System.Threading;
using Strata.Compiler.Declarations;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Arguments near the largest int give a rule or a network. No sum of them overflows, and no loop runs that far.</summary>
public sealed class ExtremeArgumentTests
{
    private static readonly string[] Values = ["int.MaxValue", "int.MaxValue - 1", "1 << 30", "65536"];

    [Theory]
    [InlineData("8, 8, 8", "Conv2D({0}, 1)", "Conv2D(4, {0})", "Conv2D(4, 1, Stride = {0})", "Conv2D(4, 3, Padding = {0})",
        "Conv2D(4, 3, Dilation = {0})")]
    [InlineData("8, 8, 8", "Conv2D(4, 1, Groups = {0})", "Conv2D(4, 1, Stride = {0}, Dilation = {0})",
        "Conv2D(4, 1, Stride = {0}, Dilation = 2)", "Conv2D(4, 3, Stride = {0}, Padding = {0})")]
    [InlineData("8, 8, 8", "Conv2D(4, 1, Stride = {0}, AutoPad = AutoPad.Same)",
        "Conv2D(4, 2, Stride = {0}, Dilation = 2, AutoPad = AutoPad.Full)", "Conv2D(8, 1, Stride = {0}, Groups = 8)")]
    [InlineData("3, 9, 9", "Conv2D(4, 1), Conv2D(4, 1, Stride = {0})", "Conv2D(16, 1), Conv2D(16, 3, Stride = {0}), BatchNorm, ReLU",
        "Conv2D(4, 1), Conv2D(4, 2, Stride = {0}, Dilation = 2)", "Conv2D(4, 1), Conv2D(4, 3, Stride = {0}, Padding = 1)")]
    [InlineData("8, 8, 8", "ConvTranspose2D({0}, 2)", "ConvTranspose2D(4, {0})", "ConvTranspose2D(4, 2, Stride = {0})",
        "ConvTranspose2D(4, 3, Padding = {0})", "ConvTranspose2D(4, 3, OutputPadding = {0})", "ConvTranspose2D(4, 2, Dilation = {0})")]
    [InlineData("4, 1, 1", "ConvTranspose2D(4, 1, Stride = {0})", "Conv2D(4, 1), ConvTranspose2D(4, 1, Stride = {0})",
        "Conv2D(16, 1), Conv2D(16, 1, Stride = {0})")]
    [InlineData("8, 8, 8", "MaxPool2D({0})", "MaxPool2D(2, Stride = {0})", "MaxPool2D(2, Padding = {0})", "MaxPool2D(2, Dilation = {0})",
        "MaxPool2D(2, Stride = {0}, Padding = 1, CeilMode = true)", "Conv2D(16, 1), MaxPool2D(3, Stride = {0})")]
    [InlineData("8, 8, 8", "AveragePool2D({0})", "AveragePool2D(2, Stride = {0})", "AveragePool2D(2, Stride = {0}, CeilMode = true)",
        "L2Pool2D({0})", "L2Pool2D(2, Stride = {0})", "AdaptiveAveragePool2D({0})", "AdaptiveAveragePool2D(2, {0})")]
    [InlineData("8, 8, 8", "Pad({0})", "Upsample({0})", "PixelShuffle({0})", "PixelUnshuffle({0})", "ChannelShuffle({0})", "GroupNorm({0})",
        "LocalResponseNorm({0})", "Reshape({0})", "Reshape({0}, {0})", "Reshape(8, 8, {0})", "Dense({0})")]
    [InlineData("8, 8, 8", "Crop2D({0})", "Crop2D(Stride = {0})", "Slice({0})", "Slice(0, {0})", "Slice(-{0})", "Split({0}, {0})",
        "Crop2D(Bottom = {0}, Left = {0})", "Transpose({0}, 1, 2)",
        "PixelShuffle({0}, Order = PixelOrder.PixelsFirst)", "PixelUnshuffle({0}, Order = PixelOrder.PixelsFirst)",
        "MaxPool2D(3, Dilation = {0}, Padding = {0})")]
    [InlineData("1, 60000", "Conv1D(2, 3, Stride = {0}, Padding = 1)", "MaxPool1D(3, Stride = {0})", "Conv1D(2, {0})")]
    [InlineData("4, 8", "LSTM({0})", "LSTM(2, Layers = {0})", "GRU({0}, Bidirectional = true)", "GRU(2, Layers = {0})", "Attention({0})",
        "Param({0}, 8, Name = \"p\"), Add(\"input\", \"p\")", "Buffer({0}, 8, Name = \"b\"), Add(\"input\", \"b\")")]
    [InlineData("2, 6, 6, 6", "Conv3D(4, 1, Stride = {0})", "MaxPool3D(2, Stride = {0})", "Conv3D(4, 1), Conv3D(4, 2, Stride = {0})")]
    [InlineData("8", "Dense(4, Name = \"a\"), Reshape({0}, From = \"a\")", "Dense({0})")]
    public void Extreme_arguments_are_a_rule_or_a_network(string input, params string[] layers)
    {
        foreach (string layer in layers)
        {
            foreach (string value in Values)
            {
                string declaration =
                    $"[Network, Input({input}), {string.Format(System.Globalization.CultureInfo.InvariantCulture, layer, value)}, "
                    + "Flatten, Dense(2), CrossEntropy]";
                NetworkModel model = Graphs.ModelOf($"using Strata;\n{declaration}\npartial class Net;");
                string[] ids = [.. model.Problems.Select(problem => problem.Id)];
                if (model.Graph is not null)
                {
                    ids = [.. ids,
                        .. StrataGenerator.Write(model, TierSelection.All, CancellationToken.None).Errors.Select(problem => problem.Id)];
                }

                Assert.True(!ids.Contains("STRATA099"), declaration);
                Assert.True(model.Graph is not null || ids.Length > 0, declaration);
            }
        }
    }
}
