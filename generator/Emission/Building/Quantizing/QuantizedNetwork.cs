using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Strata;

/// <summary>A network whose convolutions and dense layers read and have numbers of 8 bits, and what this costs.</summary>
public sealed class QuantizedNetwork : IDisposable
{
    internal QuantizedNetwork(
        CompiledNetwork network, IReadOnlyList<QuantizedLayer> layers, IReadOnlyList<string> kept, double outputNoise, double cosine) =>
        (Network, Layers, Kept, OutputNoise, Cosine) = (network, layers, kept, outputNoise, cosine);

    /// <summary>
    /// The network with <c>[FakeQuantize]</c> before each rounded layer, and rounded weights. Where it can, it multiplies integers
    /// (<see cref="CompileOptions.Int8"/>). It can be saved, trained and written as ONNX like any other.
    /// </summary>
    public CompiledNetwork Network { get; }

    /// <summary>The rounded layers, in the network's order.</summary>
    public IReadOnlyList<QuantizedLayer> Layers { get; }

    /// <summary>The names of convolutions and dense layers that stay as they were.</summary>
    public IReadOnlyList<string> Kept { get; }

    /// <summary>
    /// The signal-to-noise ratio of the network's outputs over all samples, in decibels: 10·log₁₀(Σ y²/Σ (y − rounded y)²), y being the
    /// original's. 20 dB are an error of a tenth. Infinite if they are the same, as where no layer is rounded.
    /// </summary>
    public double OutputNoise { get; }

    /// <summary>The least cosine, over the samples, between the outputs of the original and those of the rounded network.</summary>
    public double Cosine { get; }

    /// <summary>A table of the layers, those with the noisiest outputs first.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        int integers = Layers.Count(layer => layer.MultipliesIntegers);
        text.Append(CultureInfo.InvariantCulture, $"output {OutputNoise:F1} dB, cosine {Cosine:F5}; {Layers.Count} layers are rounded, ")
            .Append(CultureInfo.InvariantCulture, $"{Kept.Count} are not; {integers} multiply integers\n");
        int width = Layers.Select(layer => layer.Name.Length).Append("layer".Length).Max();
        text.Append("layer".PadRight(width)).Append("  output dB  weights dB  clamped  scale       zero  multiplies\n");
        foreach (QuantizedLayer layer in Layers.OrderBy(layer => layer.OutputNoise))
        {
            text.Append(layer.Name.PadRight(width)).Append(
                CultureInfo.InvariantCulture,
                $"  {layer.OutputNoise,9:F1}  {layer.WeightNoise,10:F1}  {layer.Clamped,7:P2}  {layer.Scale,-10:G4}  {layer.ZeroPoint,4}  ")
                .Append(layer.MultipliesIntegers ? "integers\n" : "floats\n");
        }

        return text.ToString();
    }

    /// <summary>Disposes of the network.</summary>
    public void Dispose() => Network.Dispose();
}
