using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// What the page of operators says of Winograd for all data: bounds on the errors of outputs and gradients, what an outlier does to its
/// neighbours, and how large inputs may be. The data are those that hurt most, and the constants come from the interpolation points.
/// </summary>
public class WinogradBoundTests(ITestOutputHelper log)
{
    /// <summary>
    /// What measured errors reach of the bounds, at least: a bound that is far above all errors says nothing. That of the data
    /// themselves has all roundings to one side, where those of C products make √C of it; that of the largest alone has the largest
    /// everywhere, too.
    /// </summary>
    private const double LeastOfSharp = 0.01, LeastOfSimple = 0.001;

    private static readonly string[] Kinds = ["uniform", "checkerboard", "outlier", "alternating", "worst window", "no data"];

    private static readonly Case[] Cases =
    [
        new("F(2×2, 3×3)", "F(2×2, 3×3)", Extents.Image(48, 2, 8), 32, 3, 3, 2, 2),
        new("F(4×4, 3×3)", "F(4×4, 3×3)", Extents.Image(64, 12, 12), 48, 3, 3, 4, 4),
        new("F(4×4, 3×3) of 512 channels", "F(4×4, 3×3)", Extents.Image(512, 16, 16), 64, 3, 3, 4, 4),
        new("F(3×3, 4×4)", "F(3×3, 4×4)", Extents.Image(48, 12, 9), 40, 4, 4, 3, 3),
        new("F(2×2, 5×5)", "F(2×2, 5×5)", Extents.Image(48, 16, 16), 48, 5, 5, 2, 2),
        new("F(1×4, 1×3)", "F(1×4, 1×3)", Extents.Image(64, 8, 48), 64, 1, 3, 1, 4),
        new("F(3×1, 4×1)", "F(3×1, 4×1)", Extents.Image(48, 24, 4), 48, 4, 1, 3, 1),
        new("F(1×4, 1×5)", "F(1×4, 1×5)", Extents.Image(48, 5, 16), 48, 1, 5, 1, 4),
        new("F(1×4, 1×7)", "F(1×4, 1×7)", Extents.Image(64, 9, 16), 48, 1, 7, 1, 4),
        new("strips of 3×3", "F(4×1, 3×1) in strips", Extents.Image(15, 24, 24), 9, 3, 3, 4, 0),
        new("strips of 4×4", "F(3×1, 4×1) in strips", Extents.Image(15, 24, 24), 9, 4, 4, 3, 0),
        new("strips of 5×5", "F(4×1, 5×1) in strips", Extents.Image(15, 24, 24), 9, 5, 5, 4, 0),
        new("strips of 7×7", "F(4×1, 7×1) in strips", Extents.Image(15, 24, 24), 9, 7, 7, 4, 0),
    ];

    private static readonly ConcurrentDictionary<(string, bool), Lazy<CompiledType>> Compiled = new();

    public static TheoryData<string> Forward => [.. Cases.Select(c => c.Name)];

    public static TheoryData<string> Backward => [.. Cases.Where(c => !c.IsInStrips).Select(c => c.Name)];

    /// <summary>Filters of no more than five taps in a row.</summary>
    public static TheoryData<string> OfWeights => [.. Cases.Where(c => !c.IsInStrips && Math.Max(c.Rows, c.Columns) <= 5 && c.Input.Channels < 512).Select(c => c.Name)];

    /// <summary>Images in which a tile's window fits.</summary>
    public static TheoryData<string> WithWholeWindows =>
        [.. Cases.Where(c => c.Input.Width >= c.Columns && (c.IsInStrips || c.Input.Width >= c.Along + c.Columns - 1) && c.Input.Height >= c.Down + c.Rows - 1).Select(c => c.Name)];

    public static TheoryData<Isa> AllTiers => Tiers.All;

    /// <summary>Each line of the page's table, from the interpolation points alone.</summary>
    [Fact]
    public void The_page_has_the_constants_of_the_transforms()
    {
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "OPERATORS.md"));
        foreach ((int outputs, int taps) in new[] { (2, 3), (4, 3), (3, 4), (2, 5), (4, 5), (2, 7), (4, 7) })
        {
            var line = new WinogradLine(outputs, taps);
            Check($"F({outputs}, {taps})", new(line, WinogradLine.None), taps <= 5);
            if (line.Elements <= 6 && outputs <= 4)
            {
                Check($"F({outputs}×{outputs}, {taps}×{taps})", new(line, line), true);
            }
        }

        void Check(string form, WinogradBound bound, bool hasWeights)
        {
            // Bounds are rounded upwards, the largest input downwards.
            int power = (int)Math.Floor(Math.Log10(float.MaxValue / bound.GainOfInput));
            double largest = Math.Floor(float.MaxValue / bound.GainOfInput / Math.Pow(10, power - 2)) / 100;
            string ofWeights = hasWeights ? $" {Up(bound.GainOfWeights, 1).ToString("F1", CultureInfo.InvariantCulture)} |" : " |";
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"| {form} | {Up(bound.Gain, 1):F1} |{ofWeights} {Up(bound.GainOfInput, 5):0.#####} | {largest:F2}·10{(power == 38 ? "³⁸" : "³⁷")} |");
            log.WriteLine(line);
            Assert.Contains(line, page, StringComparison.Ordinal);
        }

        static double Up(double value, int digits) => Math.Ceiling((value * Math.Pow(10, digits)) - 1e-6) / Math.Pow(10, digits);
    }

    [Theory]
    [MemberData(nameof(Forward))]
    public void Outputs_are_within_the_bounds(string name)
    {
        Case test = Cases.Single(c => c.Name == name);
        using var networks = new Networks(test);
        networks.AssertAllHave("Winograd " + test.Form);
        var shares = new Shares(log, name);
        for (int number = 0; number < test.Rounds; number++)
        {
            (string kind, float[] x, float[] weight) = test.Data(number, isBackward: false);
            double[] exact = test.Convolve(x, weight);
            (double[] sharp, double[] simple) = test.Bounds(x, weight);
            foreach ((Isa isa, CompiledNetwork network) in networks.All)
            {
                network.Parameters[0].CopyFrom(weight);
                float[] actual = new float[exact.Length];
                network.Forward(x, actual);
                shares.Add($"{kind}, {isa}", exact, actual, sharp, simple);
            }
        }

        shares.Check();
    }

    [Theory]
    [MemberData(nameof(Backward))]
    public void Gradients_of_inputs_are_within_the_bounds(string name)
    {
        Case test = Cases.Single(c => c.Name == name), back = test.Transposed();
        using var networks = new Networks(test);
        networks.AssertAllHave("gradient of the input");
        var shares = new Shares(log, name);
        for (int number = 0; number < test.Rounds; number++)
        {
            // As data of the convolution with transposed filters, whose channels are the filters of the one forward.
            (string kind, float[] dy, float[] turned) = back.Data(number, isBackward: true);
            double[] exact = back.Convolve(dy, turned);
            (double[] sharp, double[] simple) = back.Bounds(dy, turned);
            foreach ((Isa isa, CompiledNetwork network) in networks.All)
            {
                network.Parameters[0].CopyFrom(back.Turn(turned));
                using Trainer trainer = Trainer.For(network, 1, new Sgd(0.1));
                float[] actual = new float[exact.Length];
                trainer.Forward(new float[test.Input.Length], new float[test.Output.Length]);
                trainer.Backward(dy, actual);
                shares.Add($"{kind}, {isa}", exact, actual, sharp, simple);
            }
        }

        shares.Check();
    }

    [Theory]
    [MemberData(nameof(OfWeights))]
    public void Gradients_of_weights_are_within_the_bounds(string name)
    {
        Case test = Cases.Single(c => c.Name == name);
        using var networks = new Networks(test);
        networks.AssertAllHave("transform of the output's gradient");
        var shares = new Shares(log, name);
        foreach (int batch in new[] { 1, 5, 17 })
        {
            for (int number = 0; number < Kinds.Length; number++)
            {
                float[] x = [.. Enumerable.Range(0, batch).SelectMany(sample => test.Data(number, false, (ulong)sample).X)];
                float[] dy = [.. Enumerable.Range(0, batch).SelectMany(sample => test.Transposed().Data(number, true, (ulong)sample + 100).X)];
                double[] exact = test.Gradient(x, dy);
                (double[] sharp, double[] simple) = test.MagnitudesOfWeights(x, dy);
                foreach ((Isa isa, CompiledNetwork network) in networks.All)
                {
                    using Trainer trainer = Trainer.For(network, batch, new Sgd(0.1));
                    trainer.Forward(x, new float[dy.Length]);
                    trainer.Backward(dy);
                    float[] actual = new float[exact.Length];
                    trainer.CopyGradientTo(network.Parameters[0], actual);
                    double factor = test.FactorOfWeights(batch, isa.Lanes());
                    shares.Add($"{Kinds[number]}, batch of {batch}, {isa}", exact, actual, [.. sharp.Select(v => v * factor)], [.. simple.Select(v => v * factor)]);
                }
            }
        }

        shares.Check();
    }

    /// <summary>
    /// A no-data value in a picture does that: all outputs of its tile have its rounding errors, also those whose windows do not hold
    /// it.
    /// </summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void An_outlier_spoils_its_tile_unless_the_network_refuses_the_transforms(Isa isa)
    {
        const int Row = 5;
        Case test = Cases.Single(c => c.Name.Contains("512", StringComparison.Ordinal));
        float[] x = Formula.Uniforms(1, test.Input.Length), weight = Formula.Uniforms(2, test.Weights);
        x[test.Input.At(0, 0, Row, Row)] = 1e6f;
        double[] expected = test.Convolve(x, weight);
        double Beside(bool winograd)
        {
            using CompiledNetwork network = TypeOf(test, winograd).Create(isa);
            network.Parameters[0].CopyFrom(weight);
            float[] actual = new float[expected.Length];
            network.Forward(x, actual);

            // Windows of 3×3 at a distance of 2 do not hold it.
            return Enumerable.Range(0, expected.Length)
                .Where(i => Math.Abs((i % test.Input.Width) - Row) > 1 || Math.Abs((i / test.Input.Width % test.Input.Height) - Row) > 1)
                .Max(i => Math.Abs(actual[i] - expected[i]));
        }

        (double transforms, double sums) = (Beside(true), Beside(false));
        log.WriteLine($"{isa}: beside an outlier of 1e6, off by {transforms:G3}; sums of products by {sums:G3}");
        Assert.InRange(transforms, 0.03, 10);
        Assert.InRange(sums, 0, 1e-4);
    }

    /// <summary>The largest float divided by b is the largest input; with such a window, one that is a little larger overflows.</summary>
    [Theory]
    [MemberData(nameof(WithWholeWindows))]
    public void Inputs_may_be_as_large_as_the_page_says_and_no_larger(string name)
    {
        Case test = Cases.Single(c => c.Name == name);
        double limit = float.MaxValue / test.Bound.GainOfInput;
        log.WriteLine($"{name}: {limit:G4}");
        double[] window = test.Bound.LargestWindow();
        using var networks = new Networks(test);
        float[] weight = Formula.Uniforms(3, test.Weights, 1e-4f), none = new float[test.Input.Length], y = new float[test.Output.Length];
        foreach ((Isa isa, CompiledNetwork network) in networks.All)
        {
            network.Parameters[0].CopyFrom(weight);
            foreach ((double part, bool isFinite) in new[] { (0.99999, true), (1.00001, false) })
            {
                float[] x = [.. test.WithWindow(none, window, 7).Select(v => (float)(v * limit * part))];
                network.Forward(x, y);
                Assert.True(y.All(float.IsFinite) == isFinite, $"{name}, {isa}: inputs of {limit * part:G6} give {string.Join(", ", y.Take(5))}");
            }
        }
    }

    /// <summary>
    /// The sum of all channels' magnitudes, a·Σ max|x|·max|w|, is within the range of floats, too; sums of products need less.
    /// </summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Inputs_of_3e37_are_right_where_the_network_refuses_the_transforms(Isa isa)
    {
        Case test = Cases.Single(c => c.Name == "F(4×4, 3×3)");
        float[] weight = Formula.Uniforms(4, test.Weights, 1e-4f);
        float[] x = test.WithWindow(new float[test.Input.Length], [.. test.Bound.LargestWindow().Select(v => v * 3e37)], 7);
        foreach (bool winograd in new[] { true, false })
        {
            using CompiledNetwork network = TypeOf(test, winograd).Create(isa);
            network.Parameters[0].CopyFrom(weight);
            float[] y = new float[test.Output.Length];
            network.Forward(x, y);
            Assert.Equal(winograd, y.Any(v => !float.IsFinite(v)));
        }
    }

    private static CompiledType TypeOf(Case test, bool winograd = true) => Compiled.GetOrAdd((test.Name, winograd), key => new(() =>
    {
        string name = ClassOf(test, winograd);
        return NetworkCompiler.Compile([test.Declare(name, winograd)], name)[name];
    })).Value;

    private static string ClassOf(Case test, bool winograd = true) => (winograd ? "Bounded" : "Direct") + Array.IndexOf(Cases, test);

    /// <summary>One for each tier.</summary>
    private sealed class Networks(Case test) : IDisposable
    {
        public (Isa Isa, CompiledNetwork Network)[] All { get; } = [.. Tiers.Supported.Select(isa => (isa, TypeOf(test).Create(isa)))];

        /// <summary>Asserts that each of them has a step or kernel that is called so.</summary>
        public void AssertAllHave(string kernel) =>
            Assert.All(All, own => Assert.Contains(kernel, TypeOf(test).Comments(own.Isa), StringComparison.Ordinal));

        public void Dispose() => Array.ForEach(All, own => own.Network.Dispose());
    }

    /// <summary>Errors as parts of their bounds.</summary>
    private sealed class Shares(ITestOutputHelper log, string what)
    {
        private double _sharp, _simple;

        public void Add(string kind, double[] exact, float[] actual, double[] bounds, double[] simpleBounds)
        {
            (double sharp, double simple) = (0, 0);
            for (int i = 0; i < exact.Length; i++)
            {
                double error = Math.Abs(actual[i] - exact[i]);
                if (error > 0)
                {
                    sharp = Math.Max(sharp, error / bounds[i]);
                    simple = Math.Max(simple, error / simpleBounds[i]);
                }
            }

            Assert.True(sharp <= 1 && simple <= 1, $"{what}, {kind}: {sharp:F3} of the bound, {simple:F3} of the simple one");
            (_sharp, _simple) = (Math.Max(_sharp, sharp), Math.Max(_simple, simple));
            log.WriteLine($"{what}, {kind}: {sharp:F4} of the bound, {simple:F4} of the simple one");
        }

        public void Check()
        {
            log.WriteLine($"= {what}: {_sharp:F4}, {_simple:F4}");
            Assert.True(_sharp >= LeastOfSharp && _simple >= LeastOfSimple, $"{what}: no error is above {_sharp:F4} of the bound, {_simple:F4} of the simple one");
        }
    }

    /// <summary>
    /// A convolution whose output has the extents of its input. Its tiles have <c>Down</c> × <c>Along</c> outputs; <c>Along</c> is 0 in
    /// strips, where rows of filters are sums of products.
    /// </summary>
    private sealed record Case(string Name, string Form, Extents Input, int Filters, int Rows, int Columns, int Down, int Along)
    {
        public bool IsInStrips => Along == 0;

        /// <summary>Of its data.</summary>
        public int Rounds => Input.Channels > 100 ? Kinds.Length : 2 * Kinds.Length;

        public int Weights => Filters * Input.Channels * Rows * Columns;

        public Extents Output => Extents.Image(Filters, Input.Height, Input.Width);

        /// <summary>PyTorch's and ONNX's SAME_UPPER: of an even number of taps, the larger part stands behind.</summary>
        public (int Top, int Left) Before { get; init; } = ((Rows - 1) / 2, (Columns - 1) / 2);

        public WinogradBound Bound => new(new(Down, Rows), IsInStrips || Columns == 1 ? WinogradLine.None : new(Along, Columns));

        public string Declare(string name, bool winograd) =>
            $"[Network({(IsInStrips ? "" : "InputGradient = true, TrainingLayout = TrainingLayout.Blocked, ")}Winograd = {(winograd ? "true" : "false")})]"
            + $"[Input({Input.Channels}, {Input.Height}, {Input.Width}), Conv2D({Filters}, {Rows}, KernelWidth = {Columns}, AutoPad = AutoPad.Same, Bias = false)]"
            + $"{(IsInStrips ? "" : "[ExternalLoss]")} public partial class {name};";

        /// <summary>The convolution that the gradient of the input is.</summary>
        public Case Transposed() => this with
        {
            Input = Output,
            Filters = Input.Channels,
            Before = (Rows - 1 - Before.Top, Columns - 1 - Before.Left),
        };

        /// <summary>Its filters, as those of the other.</summary>
        public float[] Turn(float[] weight)
        {
            float[] turned = new float[weight.Length];
            int taps = Rows * Columns;
            for (int i = 0; i < weight.Length; i++)
            {
                (int pair, int tap) = (i / taps, i % taps);
                turned[((((pair % Input.Channels) * Filters) + (pair / Input.Channels)) * taps) + (taps - 1 - tap)] = weight[i];
            }

            return turned;
        }

        public (string Kind, float[] X, float[] Weight) Data(int number, bool isBackward, ulong sample = 0)
        {
            ulong stream = (ulong)((number * 1000) + (isBackward ? 500_000 : 0)) + sample;
            string kind = number < Kinds.Length ? Kinds[number] : $"search {number}";
            float[] x = Formula.Uniforms(stream, Input.Length), weight = Formula.Uniforms(stream + 200, Weights);
            for (int i = 0; i < x.Length; i++)
            {
                (int channel, int row, int column) = (i / Input.Positions, i / Input.Width % Input.Height, i % Input.Width);
                double normal = Math.Sqrt(-2 * Math.Log(1 - Math.Abs(x[i] * 0.999))) * Math.Cos(Math.PI * Formula.Uniform(stream + 400, i));
                x[i] = kind switch
                {
                    "uniform" or "outlier" or "worst window" => x[i],
                    "checkerboard" => (float)(((row + column) % 2 == 0 ? 100 : -100) + normal),
                    "alternating" => (1 + (0.25f * x[i])) * (column % 2 == 0 ? 1 : -1),
                    "no data" => row > 2 && column > 2 ? -9999 : x[i],

                    // Signs by row and column that each search draws, sizes by channel, and mostly no more than a little noise.
                    _ => (1 + (0.3f * x[i])) * (float)Math.Pow(2, 8 * Formula.Uniform(stream + 600, channel))
                        * MathF.Sign(Formula.Uniform(stream + 700, (row * 64) + column)),
                };
            }

            if (kind == "outlier")
            {
                x[Input.At(0, 0, Input.Height / 2, Input.Width / 2)] = 1e6f;
            }
            else if (kind == "worst window" || number % 2 == 1)
            {
                (double[] window, double[] filter) = Bound.Worst();
                x = WithWindow(x, window, stream);
                for (int i = 0; i < weight.Length; i++)
                {
                    int tap = i % (Rows * Columns);
                    double sign = filter[IsInStrips ? tap / Columns : tap] * (IsInStrips && tap % Columns % 2 == 1 ? -1 : 1);
                    weight[i] = (float)(sign * (1 + (0.3 * weight[i])));
                }
            }

            return (kind, x, weight);
        }

        /// <summary>Windows of all channels that the first tiles read, times 0.7 to 1.3 where they are of ±1.</summary>
        public float[] WithWindow(float[] x, double[] window, ulong stream)
        {
            float[] changed = [.. x];
            (int down, int along) = (Down + Rows - 1, IsInStrips ? 1 : Math.Max(1, Along) + Columns - 1);
            bool isExact = x.All(v => v == 0);

            // The first tile that reads no zeros before the image, or the first one where all of them do.
            int top = Start(Down, Before.Top, Input.Height), left = IsInStrips ? 0 : Start(Along, Before.Left, Input.Width);
            for (int channel = 0; channel < Input.Channels; channel++)
            {
                for (int i = 0; i < down * along; i++)
                {
                    int row = top + (i / along);
                    foreach (int column in IsInStrips ? Enumerable.Range(0, Input.Width) : [left + (i % along)])
                    {
                        if (Input.Holds(0, row, column))
                        {
                            int at = Input.At(channel, 0, row, column);
                            double sign = IsInStrips && column % 2 == 1 ? -1 : 1;
                            changed[at] = (float)(sign * window[i] * (isExact ? 1 : 1 + (0.3 * Formula.Uniform(stream + 900, at))));
                        }
                    }
                }
            }

            return changed;

            static int Start(int outputs, int before, int extent) => (outputs < extent && before > 0 ? Math.Min(outputs, extent - outputs) : 0) - before;
        }

        public double[] Convolve(float[] x, float[] weight)
        {
            double[] y = new double[Output.Length];
            int taps = Rows * Columns;
            for (int filter = 0; filter < Filters; filter++)
            {
                for (int channel = 0; channel < Input.Channels; channel++)
                {
                    for (int tap = 0; tap < taps; tap++)
                    {
                        double w = weight[(((filter * Input.Channels) + channel) * taps) + tap];
                        (int down, int along) = ((tap / Columns) - Before.Top, (tap % Columns) - Before.Left);
                        (int first, int count) = (int.Max(0, -along), Input.Width - Math.Abs(along));
                        for (int row = int.Max(0, -down); count > 0 && row < int.Min(Input.Height, Input.Height - down); row++)
                        {
                            Products.Add(
                                y.AsSpan(Output.At(filter, 0, row, first), count), w,
                                x.AsSpan(Input.At(channel, 0, row + down, first + along), count));
                        }
                    }
                }
            }

            return y;
        }

        public double[] Gradient(float[] x, float[] dy)
        {
            double[] gradient = new double[Weights];
            int taps = Rows * Columns;
            for (int i = 0; i < gradient.Length; i++)
            {
                (int pair, int tap) = (i / taps, i % taps);
                (int down, int along) = ((tap / Columns) - Before.Top, (tap % Columns) - Before.Left);
                (int first, int count) = (int.Max(0, -along), Input.Width - Math.Abs(along));
                for (int n = 0; count > 0 && n < x.Length / Input.Length; n++)
                {
                    for (int row = int.Max(0, -down); row < int.Min(Input.Height, Input.Height - down); row++)
                    {
                        gradient[i] += Products.Sum(
                            x.AsSpan((n * Input.Length) + Input.At(pair % Input.Channels, 0, row + down, first + along), count),
                            dy.AsSpan((n * Output.Length) + Output.At(pair / Input.Channels, 0, row, first), count));
                    }
                }
            }

            return gradient;
        }

        public (double[] Sharp, double[] Simple) Bounds(float[] x, float[] weight)
        {
            if (!IsInStrips)
            {
                return Bound.Of(Input, Output, Before.Top, Before.Left, Doubles(x), Doubles(weight));
            }

            // Each tap of a row is a channel of its own, of the columns that it reads.
            var wide = Extents.Image(Input.Channels * Columns, Input.Height, Input.Width);
            double[] columns = new double[wide.Length], taps = new double[weight.Length];
            for (int i = 0; i < columns.Length; i++)
            {
                (int channel, int row, int column) = (i / wide.Positions, i / wide.Width % wide.Height, i % wide.Width);
                int from = column + (channel % Columns) - Before.Left;
                columns[i] = from >= 0 && from < Input.Width ? x[Input.At(channel / Columns, 0, row, from)] : 0;
            }

            for (int i = 0; i < taps.Length; i++)
            {
                (int pair, int row, int column) = (i / (Rows * Columns), i / Columns % Rows, i % Columns);
                taps[(((pair * Columns) + column) * Rows) + row] = weight[i];
            }

            return Bound.Of(wide, Output, Before.Top, 0, columns, taps);
        }

        public (double[] Sharp, double[] Simple) MagnitudesOfWeights(float[] x, float[] dy) =>
            Bound.OfWeights(Input, Output, Before.Top, Before.Left, Doubles(x), Doubles(dy));

        public double FactorOfWeights(int samples, int lanes) => WinogradBound.FactorOfWeights(Input.Height / Down * (Input.Width / Along), samples, lanes);

        private static double[] Doubles(float[] values) => [.. values.Select(v => (double)v)];
    }
}
