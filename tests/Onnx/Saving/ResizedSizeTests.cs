using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Strata.Onnx.Nodes;
using Strata.Onnx.Saving;
using Strata.Onnx.Schema;
using Xunit;

namespace Strata.Onnx.Tests.Saving;

/// <summary>Resizing between any two sizes: ONNX Runtime gives exactly the shape that the network has, and the same numbers.</summary>
public sealed class ResizedSizeTests
{
    private const int LargestInput = 35, LargestOutput = 57;

    /// <summary>1,995 pairs of sizes.</summary>
    private static readonly (int From, int To)[] Pairs =
    [
        .. Enumerable.Range(1, LargestInput).SelectMany(from => Enumerable.Range(1, LargestOutput).Select(to => (from, to))),
    ];

    [Theory]
    [InlineData(17)]
    [InlineData(18)]
    public void The_nearest_elements_of_all_pairs_of_sizes_are_exact(int opset) =>
        Check(opset, Pairs, "", (i, from, to) => [(int.Min((int)(i * (float)((double)from / to)), from - 1), 1)]);

    [Theory]
    [InlineData("Mode = UpsampleMode.Linear", 17)]
    [InlineData("Mode = UpsampleMode.Linear, AlignCorners = true", 18)]
    public void Interpolation_between_all_pairs_of_sizes_has_their_shapes(string options, int opset)
    {
        bool aligns = options.Contains("Align", StringComparison.Ordinal);
        Check(opset, Pairs, options, (i, from, to) =>
        {
            double at = aligns ? (to == 1 ? 0 : i * (from - 1.0) / (to - 1)) : Math.Max(((i + 0.5) * from / to) - 0.5, 0);
            int first = int.Min((int)at, from - 1);
            return [(first, 1 - (at - first)), (int.Min(first + 1, from - 1), at - first)];
        });
    }

    [Theory]
    [InlineData("HalfPixel", "Floor")]
    [InlineData("HalfPixel", "Ceil")]
    [InlineData("HalfPixel", "RoundPreferFloor")]
    [InlineData("HalfPixel", "RoundPreferCeil")]
    [InlineData("Asymmetric", "Ceil")]
    [InlineData("Asymmetric", "RoundPreferFloor")]
    [InlineData("Asymmetric", "RoundPreferCeil")]
    [InlineData("AlignCorners", "Floor")]
    [InlineData("AlignCorners", "RoundPreferCeil")]
    [InlineData("PytorchHalfPixel", "RoundPreferFloor")]
    public void The_nearest_elements_are_exact_for_all_coordinates_and_roundings(string place, string rounding) =>
        Check(17, Pairs.Where((_, i) => i % 5 == 0), $"Coordinates = UpsampleCoordinates.{place}, Rounding = UpsampleRounding.{rounding}",
            (i, from, to) =>
            {
                bool isFirst = to == 1 && (place is "AlignCorners" or "PytorchHalfPixel");
                double at = isFirst ? 0 : place switch
                {
                    "AlignCorners" => (double)i * (from - 1) / (to - 1),
                    "Asymmetric" => (double)i * from / to,
                    _ => ((i + 0.5) * from / to) - 0.5,
                };
                double nearest = rounding switch
                {
                    "Floor" => Math.Floor(at),
                    "Ceil" => Math.Ceiling(at),
                    "RoundPreferFloor" => Math.Ceiling(at - 0.5),
                    _ => Math.Floor(at + 0.5),
                };
                return [((int)Math.Clamp(nearest, 0, from - 1), 1)];
            });

    /// <summary>Saves images that are resized, two pairs of sizes at a time, and compares what ONNX Runtime computes.</summary>
    private static void Check(
        int opset, IEnumerable<(int From, int To)> pairs, string options, Func<int, int, int, (int Index, double Weight)[]> tapsOf)
    {
        (int From, int To)[] all = [.. pairs];
        List<string> failures = [];
        for (int i = 0; i < (all.Length + 1) / 2; i++)
        {
            (int From, int To) rows = all[i], columns = all[all.Length - 1 - i];
            string arguments = $"Height = {rows.To}, Width = {columns.To}{(options.Length > 0 ? ", " : "")}{options}";
            try
            {
                double error = Error(Model(opset, arguments, rows, columns), rows, columns, tapsOf);
                if (error > (options.Contains("Linear", StringComparison.Ordinal) ? 1e-5 : 0))
                {
                    failures.Add($"{rows.From}×{columns.From}, {arguments}: {error:E1}");
                }
            }
            catch (OnnxRuntimeException exception)
            {
                failures.Add($"{rows.From}×{columns.From}, {arguments}: {exception.Message}");
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {all.Length / 2} differ:\n{string.Join('\n', failures.Take(10))}");
    }

    private static byte[] Model(int opset, string arguments, (int From, int To) rows, (int From, int To) columns)
    {
        using CompiledNetwork network = SavedModelTests.Case("Upsample2D(Height = 10, Width = 13)");
        int[] from = [1, rows.From, columns.From], to = [1, rows.To, columns.To];
        NetworkInfo info = network.Info with
        {
            Inputs = [network.Info.Inputs[0] with { Shape = from }],
            Outputs = [network.Info.Outputs[0] with { Shape = to }],
            Layers = [network.Info.Layers[0] with { Values = Values(network.Info.Layers[0], arguments), OutputShape = to }],
        };
        return new ModelProto
        {
            IrVersion = 8,
            OpsetImport = { new OperatorSetIdProto { Version = opset } },
            Graph = new GraphWriter(new SavedGraph(info), opset, null).Write(),
        }.ToByteArray();
    }

    /// <summary>The values of a layer's arguments with others in their place, in C#'s words.</summary>
    private static ArgumentInfo[] Values(LayerInfo layer, string arguments)
    {
        Dictionary<string, object> values = layer.Values.ToDictionary(argument => argument.Name, argument => argument.Value);
        foreach (string[] argument in arguments.Split(", ").Select(argument => argument.Split(" = ")))
        {
            values[argument[0]] = values[argument[0]] switch
            {
                int => int.Parse(argument[1], CultureInfo.InvariantCulture),
                bool => bool.Parse(argument[1]),
                var member => Enum.Parse(member.GetType(), argument[1].Split('.')[1]),
            };
        }

        return [.. values.Select(value => new ArgumentInfo(value.Key, value.Value))];
    }

    private static double Error(
        byte[] model, (int From, int To) rows, (int From, int To) columns, Func<int, int, int, (int Index, double Weight)[]> tapsOf)
    {
        const int Samples = 2;
        using SessionOptions quiet = SavedNetwork.Quiet();
        using var session = new InferenceSession(model, quiet);
        float[] image = ModelBuilder.NoiseValues(Samples * rows.From * columns.From, 1);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(image, [Samples, 1, rows.From, columns.From]);
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results =
            session.Run(run, session.InputNames, [input], session.OutputNames);
        Assert.Equal([Samples, 1, rows.To, columns.To], results[0].GetTensorTypeAndShape().Shape);
        float[] actual = results[0].GetTensorDataAsSpan<float>().ToArray();
        double worst = 0;
        for (int n = 0, at = 0; n < Samples; n++)
        {
            for (int y = 0; y < rows.To; y++)
            {
                for (int x = 0; x < columns.To; x++, at++)
                {
                    double expected = tapsOf(y, rows.From, rows.To).Sum(row => row.Weight * tapsOf(x, columns.From, columns.To).Sum(
                        column => column.Weight * image[(((n * rows.From) + row.Index) * columns.From) + column.Index]));
                    worst = Math.Max(worst, Math.Abs(expected - actual[at]));
                }
            }
        }

        return worst;
    }
}
