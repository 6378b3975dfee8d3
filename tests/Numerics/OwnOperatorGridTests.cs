using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Operators of one's own whose gradients are 0, wholly or for some of what they read, in every place of a network: each compiles, and its
/// gradients are those of the same method in double precision. The suite takes every seventh place;
/// <code>STRATA_WHOLE_GRID=1 dotnet test tests/Numerics -c Release --filter FullyQualifiedName~OwnOperatorGrid</code>
/// takes all.
/// </summary>
public class OwnOperatorGridTests
{
    private const int Stride = 7, Channels = 16, Pixels = 4, Length = Channels * Pixels, Samples = 5;

    /// <summary>The initial value of trained numbers. No comparison or rounding of the formulas comes near its kink with it.</summary>
    private const double Initial = 641.0 / 2048;

    private static readonly string[] OfOne =
    [
        "x > 0.25f ? 1 : 0", "x > 0 ? x : 0", "x >= 0.5f || x < -0.5f ? 1f : x", "MathF.Round(2 * x)", "MathF.Sign(x)", "MathF.Floor(x)",
        "MathF.Truncate(3 * x) * x", "MathF.Ceiling(x) + x", "0 * x", "3f", "x * x",
    ];

    private static readonly string[] OfTwo =
    [
        "a > b ? 1 : 0", "a > 0 ? b : 0", "a > b ? a : b", "MathF.Round(a) * b", "MathF.Sign(a - b)", "MathF.Floor(a) + MathF.Floor(b)",
        "a * b", "a", "b", "MathF.Abs(a) > 0.5f ? a : 1f", "1f",
    ];

    private static readonly string[] OfOneTrained =
    [
        "x > (float)T ? x : 0", "MathF.Round((float)T * x)", "(float)T > 0 ? x : -x", "MathF.Floor(x) * (float)T", "(float)T * x",
        "x > (float)T ? 1 : 0", "MathF.Sign((float)T) + MathF.Floor(x)",
    ];

    private static readonly string[] OfTwoTrained =
    [
        "a > (float)T ? b : 0", "a > b ? (float)T : 0", "MathF.Round(a * (float)T) + MathF.Round(b)", "a * (float)T + b",
        "a > b + (float)T ? 1 : 0",
    ];

    private static readonly Formula[] Formulas =
    [
        .. OfOne.Select(text => new Formula(text, 1, null)), .. OfTwo.Select(text => new Formula(text, 2, null)),
        .. OfOneTrained.SelectMany(text => new[] { false, true }, (text, each) => new Formula(text, 1, each)),
        .. OfTwoTrained.SelectMany(text => new[] { false, true }, (text, each) => new Formula(text, 2, each)),
    ];

    /// <summary>What the operator reads: an input of the network, or a convolution of it. A small input has one pixel.</summary>
    private static readonly string[][] Reads =
        [["input"], ["conv"], ["input", "input"], ["input", "conv"], ["conv", "input"], ["conv", "conv"], ["conv", "small"],
        ["small", "conv"]];

    private static readonly Place[] Places = [.. AllPlaces().Where((_, i) => IsWhole || i % Stride == 0)];

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.CompileClasses(
        [
            .. Formulas.Select((formula, i) => formula.Declaration(i)), .. Places.Select(place => place.Declaration()),
        ],
        "Grid"));

    public static TheoryData<Isa> AllTiers => Tiers.All;

    private static bool IsWhole => Environment.GetEnvironmentVariable("STRATA_WHOLE_GRID") == "1";

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void An_operator_compiles_wherever_its_gradient_is_0_and_all_gradients_are_those_of_its_method(Isa isa)
    {
        foreach (Place place in Places)
        {
            using CompiledNetwork network = Compiled.Value[place.Name].Create(isa);
            var oracle = new GridOracle(place, network);
            using Trainer trainer = CompiledType.CreateTrainer(network, Samples, new Sgd(0.1));

            // The second pass has the memory that the first one has left.
            foreach (ulong seed in new ulong[] { 1, 2 })
            {
                oracle.Check(trainer, seed, $"{isa}, {place}");
            }
        }
    }

    private static IEnumerable<Place> AllPlaces()
    {
        int number = 0;
        for (int i = 0; i < Formulas.Length; i++)
        {
            foreach (string[] reads in Reads.Where(reads => reads.Length == Formulas[i].Inputs))
            {
                foreach (string layout in new[] { "SampleLanes", "Blocked" })
                {
                    foreach (bool givesInputGradient in new[] { true, false })
                    {
                        yield return new Place(number, Formulas[i], i, reads, layout, givesInputGradient, (After)(number++ % 3));
                    }
                }
            }
        }
    }

    private enum After
    {
        Nothing,
        Activation,
        Convolution,
    }

    /// <param name="Text">The formula as the method has it.</param>
    /// <param name="Inputs">How many tensors it reads.</param>
    /// <param name="IsPerChannel">Whether each channel has a trained number of its own; null where none is trained.</param>
    private sealed record Formula(string Text, int Inputs, bool? IsPerChannel)
    {
        private string Parameters => Inputs == 1 ? "float x" : "float a, float b";

        /// <summary>The operator, and the same method in double precision.</summary>
        public string Declaration(int number)
        {
            string trained = IsPerChannel is not { } each ? ""
                : $"[Trained(PerChannel = {(each ? "true" : "false")})] private const double T = 641.0 / 2048; ";
            string twin = Text.Replace("(float)T", "t").Replace("MathF.", "Math.");
            return $"public sealed class Grid{number}Attribute : ElementwiseAttribute {{ {trained}public static float Value({Parameters}) "
                + $"=> {Text.Replace("MathF.", "System.MathF.")}; }}\npublic static class Twin{number} {{ public static double Value("
                + $"{Parameters.Replace("float", "double")}{(Inputs == 1 ? ", double b" : "")}, double t) => "
                + $"{twin.Replace("Math.", "System.Math.")}; }}";
        }
    }

    private sealed record Place(
        int Number, Formula Formula, int FormulaNumber, string[] Reads, string Layout, bool GivesInputGradient, After After)
    {
        public string Name => $"Place{Number}";

        public override string ToString() =>
            $"{Formula.Text}{(Formula.IsPerChannel is true ? " per channel" : "")} of {string.Join(" and ", Reads)}, {Layout}, "
            + $"{(GivesInputGradient ? "with" : "without")} the inputs' gradients, before {After}";

        public string Declaration()
        {
            string inputs = string.Join(", ", Reads.Select((read, i) => $"Input(16, {(read == "small" ? "1, 1" : "2, 2")}, Name = \"i{i}\")"
                + (read == "conv" ? $", Conv2D(16, 1, Bias = false, Name = \"c{i}\")" : "")));
            string tensors = Reads.Length == 1 ? ""
                : $"(Tensors = [{string.Join(", ", Reads.Select((read, i) => $"\"{(read == "conv" ? "c" : "i")}{i}\""))}])";
            string after = After switch
            {
                After.Activation => ", ReLU",
                After.Convolution => ", Conv2D(16, 1, Bias = false, Name = \"after\")",
                _ => "",
            };
            return $"[Network(InputGradient = {(GivesInputGradient ? "true" : "false")}, TrainingLayout = TrainingLayout.{Layout})]\n"
                + $"[{inputs}, Grid{FormulaNumber}{tensors}{after}, ExternalLoss]\npublic partial class {Name};";
        }
    }

    /// <summary>A place in double precision.</summary>
    private sealed class GridOracle
    {
        private readonly Place _place;
        private readonly CompiledNetwork _network;
        private readonly Func<double, double, double, double> _value;
        private readonly Dictionary<string, double[]> _weights = [];
        private readonly Dictionary<string, double[]> _gradients = [];

        public GridOracle(Place place, CompiledNetwork network)
        {
            (_place, _network) = (place, network);
            _value = Compiled.Value[$"Twin{place.FormulaNumber}"].Type.GetMethod("Value", BindingFlags.Public | BindingFlags.Static)!
                .CreateDelegate<Func<double, double, double, double>>();
            foreach (Parameter parameter in network.Parameters)
            {
                float[] values = new float[parameter.Length];
                parameter.CopyTo(values);
                if (parameter.Key.EndsWith(".weight", StringComparison.Ordinal))
                {
                    // Each channel reads another one, so that every number is exact.
                    values = [.. values.Select((_, i) => i % Channels == (i / Channels * 5) % Channels
                        ? i / Channels % 2 == 0 ? 0.75f : -0.75f : 0)];
                    parameter.CopyFrom(values);
                }

                _weights.Add(parameter.Key, [.. values.Select(value => (double)value)]);
            }
        }

        private int LengthOf(int input) => _place.Reads[input] == "small" ? Channels : Length;

        private int OffsetOf(int input) => Enumerable.Range(0, input).Sum(LengthOf);

        /// <summary>Odd multiples of powers of two, of which no two tensors have the same.</summary>
        private float[] Inputs(ulong seed) =>
        [
            .. Enumerable.Range(0, Samples).SelectMany(sample => _place.Reads.SelectMany((_, i) => Enumerable.Range(0, LengthOf(i)).Select(
                at => (float)(((int)(Oracle.Formula.Bits(seed + (ulong)i, (ulong)((sample * Length) + at)) % 300) - 150 + 0.5)
                    / (i == 0 ? 64 : 128))))),
        ];

        public void Check(Trainer trainer, ulong seed, string what)
        {
            int stride = OffsetOf(_place.Reads.Length);
            float[] x = Inputs(seed), dy = Oracle.Formula.Uniforms(seed + 50, Samples * Length);
            float[] y = new float[dy.Length], dx = [.. x.Select(_ => 42f)];
            trainer.Forward(x, y);
            if (!_place.GivesInputGradient || !TryBackward(trainer, dy, dx))
            {
                trainer.Backward(dy);
                dx.AsSpan().Clear();
            }

            foreach (string key in _weights.Keys)
            {
                _gradients[key] = new double[_weights[key].Length];
            }

            for (int sample = 0; sample < Samples; sample++)
            {
                double[][] inputs = [.. _place.Reads.Select((_, i) => x.Skip((sample * stride) + OffsetOf(i)).Take(LengthOf(i))
                    .Select(value => (double)value).ToArray())];
                double[] gradient = [.. dy.Skip(sample * Length).Take(Length).Select(value => (double)value)];
                (double[] expected, double[][] ofInputs) = Sample(inputs, gradient);
                Close(expected, y.AsSpan(sample * Length, Length), what);
                for (int i = 0; _place.GivesInputGradient && i < inputs.Length; i++)
                {
                    Close(ofInputs[i], dx.AsSpan((sample * stride) + OffsetOf(i), LengthOf(i)), $"gradient of input {i} of {what}");
                }
            }

            foreach (Parameter parameter in _network.Parameters)
            {
                float[] actual = new float[parameter.Length];
                trainer.CopyGradientTo(parameter, actual);
                Close(_gradients[parameter.Key], actual, $"gradient of {parameter.Key} of {what}");
            }
        }

        /// <summary>A network whose outputs have no derivative with respect to its inputs says so.</summary>
        private static bool TryBackward(Trainer trainer, float[] dy, float[] dx)
        {
            try
            {
                trainer.Backward(dy, dx);
                return true;
            }
            catch (InvalidOperationException none) when (none.Message.Contains("have no derivative", StringComparison.Ordinal))
            {
                return false;
            }
        }

        /// <summary>Forward and backward of one sample.</summary>
        private (double[] Output, double[][] Gradients) Sample(double[][] inputs, double[] dy)
        {
            double[][] read = [.. inputs.Select((x, i) => _place.Reads[i] == "conv" ? Convolve($"c{i}", x) : x)];
            double At(int input, int i) =>
                input >= read.Length ? 0 : read[input].Length == Length ? read[input][i] : read[input][i / Pixels];
            double[] numbers = _weights.GetValueOrDefault(_network.Parameters.Select(p => p.Key)
                .FirstOrDefault(key => key.EndsWith(".t", StringComparison.Ordinal)) ?? "", [0]);
            double NumberOf(int i) => numbers.Length == 1 ? numbers[0] : numbers[i / Pixels];
            double[] value = [.. Enumerable.Range(0, Length).Select(i => _value(At(0, i), At(1, i), NumberOf(i)))];
            double[] output = _place.After switch
            {
                After.Activation => [.. value.Select(v => Math.Max(v, 0))],
                After.Convolution => Convolve("after", value),
                _ => value,
            };
            double[] g = _place.After switch
            {
                After.Activation => [.. dy.Select((d, i) => value[i] > 0 ? d : 0)],
                After.Convolution => ConvolveBack("after", value, dy),
                _ => dy,
            };
            double[][] ofRead = [.. read.Select(x => new double[x.Length])];
            for (int i = 0; i < Length; i++)
            {
                (double a, double b, double t) = (At(0, i), At(1, i), NumberOf(i));
                double[] slopes = [Slope(h => _value(a + h, b, t)), Slope(h => _value(a, b + h, t))];
                for (int k = 0; k < read.Length; k++)
                {
                    ofRead[k][read[k].Length == Length ? i : i / Pixels] += g[i] * slopes[k];
                }

                if (_place.Formula.IsPerChannel is not null)
                {
                    double[] ofNumbers = _gradients.First(pair => pair.Key.EndsWith(".t", StringComparison.Ordinal)).Value;
                    ofNumbers[ofNumbers.Length == 1 ? 0 : i / Pixels] += g[i] * Slope(h => _value(a, b, t + h));
                }
            }

            return (output, [.. ofRead.Select((d, i) => _place.Reads[i] == "conv" ? ConvolveBack($"c{i}", inputs[i], d) : d)]);
        }

        private double[] Convolve(string layer, double[] x) =>
        [
            .. Enumerable.Range(0, Length).Select(i => Enumerable.Range(0, Channels).Sum(
                c => _weights[layer + ".weight"][(i / Pixels * Channels) + c] * x[(c * Pixels) + (i % Pixels)])),
        ];

        /// <summary>Adds to the gradient of the weights. The result is that of the input.</summary>
        private double[] ConvolveBack(string layer, double[] x, double[] dy)
        {
            double[] weights = _weights[layer + ".weight"], gradient = _gradients[layer + ".weight"], dx = new double[Length];
            for (int i = 0; i < Length; i++)
            {
                for (int c = 0; c < Channels; c++)
                {
                    int from = (c * Pixels) + (i % Pixels), weight = (i / Pixels * Channels) + c;
                    gradient[weight] += dy[i] * x[from];
                    dx[from] += dy[i] * weights[weight];
                }
            }

            return dx;
        }

        /// <summary>Formulas are products at most, so differences have only the rounding error of doubles.</summary>
        private static double Slope(Func<double, double> f)
        {
            const double Step = 1e-8;
            return (f(Step) - f(-Step)) / (2 * Step);
        }

        /// <summary>Sums of at most 320 terms, each of a few units in the last place, and the error of the differences.</summary>
        private static void Close(double[] expected, ReadOnlySpan<float> actual, string what)
        {
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(
                    Math.Abs(expected[i] - actual[i]) <= 1e-5 * (1 + Math.Abs(expected[i])),
                    string.Create(CultureInfo.InvariantCulture, $"{what}, {i}: {actual[i]:R} instead of {expected[i]:R}"));
            }
        }
    }
}
