using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Digits;
using Samples;
using Strata.Pictures;
using Strata.Training;
using Xunit;

namespace Strata.Samples.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("digits").FullName;

    private string Weights => Path.Combine(_directory, "weights", "lenet5.safetensors");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("train", "--help")]
    [InlineData("predict", "--help")]
    [InlineData("look", "--help")]
    [InlineData("why", "--help")]
    [InlineData("inspect", "--help")]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    [InlineData("help", "why")]
    public void Help_is_no_error_and_fits_on_a_screen(params string[] args)
    {
        (int code, string output, string error) = Run(args);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("\n\nUsage:\n  Digits", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 96));
    }

    [Theory]
    [InlineData("Unrecognized command or argument 'learn'.", "learn")]
    [InlineData("Unrecognized command or argument '--fast'.", "--fast")]
    [InlineData("Unrecognized command or argument '--fast'.", "inspect", "--fast")]
    [InlineData("unknown option '--fast'", "predict", "--fast")]
    [InlineData("--epochs takes a whole number from 1 to 10000, not 'many'", "train", "--epochs", "many")]
    [InlineData("--epochs takes a whole number from 1 to 10000, not '0'", "--epochs", "0")]
    [InlineData("Required argument 'FILE|INDEX' missing for command: 'predict'.", "predict")]
    [InlineData("Unrecognized command or argument '8'.", "predict", "7", "8")]
    [InlineData("Unrecognized command or argument 'predict'.", "--epochs", "3", "predict", "7")]
    [InlineData("the test set has images 0 to 1999", "predict", "2000")]
    [InlineData("Unrecognized command or argument '8'.", "look", "7", "8")]
    [InlineData("the test set has images 0 to 1999", "look", "2000")]
    [InlineData("the test set has images 0 to 1999", "why", "2000")]
    [InlineData("--output writes a PNG file, whose name ends in .png, not 'x.jpg'", "look", "--output", "x.jpg")]
    public void Wrong_usage_is_code_2_and_says_what_is_wrong(string message, params string[] args)
    {
        (int code, string output, string error) = Run(args);
        Assert.Equal((2, ""), (code, output));
        Assert.Equal(["error: " + message, "Try --help.", ""], error.Split('\n'));
    }

    [Fact]
    public void Predicting_without_weights_says_which_command_makes_them()
    {
        (int code, _, string error) = Run("predict", "7", "--weights", Weights);
        Assert.Equal(1, code);
        Assert.Contains("dotnet run -c Release --project samples/Digits", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_image_is_named()
    {
        string file = Path.Combine(_directory, "digit.png");
        File.WriteAllText(file, "not an image");
        (int code, _, string error) = Run("predict", file);
        Assert.Equal(1, code);
        Assert.StartsWith($"error: {file}: text that begins with 'not an image'; only PNG files are read", error,
            StringComparison.Ordinal);
        File.WriteAllBytes(file, [0xFF, 0xD8, 0xFF, 0xE0]);
        Assert.StartsWith($"error: {file}: a JPEG file; only PNG files are read", Run("predict", file).Error, StringComparison.Ordinal);
        Assert.Contains("missing.png", Run("predict", "missing.png").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_another_kind_are_refused()
    {
        string file = Path.Combine(_directory, "weights.safetensors");
        File.WriteAllText(file, "no weights");
        (int code, _, string error) = Run("predict", "7", "--weights", file);
        Assert.Equal(1, code);
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_writes_a_picture_of_the_digit_the_kernels_and_their_maps()
    {
        string weights = Path.Combine(_directory, "any.safetensors"), file = Path.Combine(_directory, "look.png");
        using (var network = new LeNet5(seed: 3))
        {
            network.Save(weights);
        }

        (int code, string output, string error) = Run("look", "7", "--weights", weights, "--output", file);
        Assert.Equal((0, ""), (code, error));
        Assert.Matches(@"^test image 7, labelled \d; read as \d\npicture written to ", output);
        var picture = Picture.Load(file);
        DigitSet test = DigitSet.Test();

        // The digit in the middle of the top, ten pixels for one.
        int left = ((picture.Width - 296) / 2) + 8;
        for (int i = 0; i < Digit.Pixels; i++)
        {
            byte ink = test[7][i];
            Assert.Equal(new Rgb(ink, ink, ink), picture[left + (i % 28 * 10) + 9, 8 + (i / 28 * 10)]);
        }

        Assert.Equal([file, weights], [.. Directory.GetFiles(_directory).OrderDescending(StringComparer.Ordinal)]);
        Assert.Equal(1, Run("look", "--weights", Weights).Code);
    }

    [Fact]
    public void Why_draws_the_digit_and_four_maps_for_the_two_best_digits()
    {
        string weights = Path.Combine(_directory, "any.safetensors"), file = Path.Combine(_directory, "why.png");
        using (var network = new LeNet5(seed: 3))
        {
            network.Save(weights);
        }

        (int code, string output, string error) = Run("why", "7", "--weights", weights, "--output", file);
        Assert.Equal((0, ""), (code, error));
        Assert.Matches(@"^test image 7, labelled \d; read as (\d) \([\d.]+ %\), second (?!\1)\d \([\d.]+ %\)\npicture written to ", output);
        var picture = Picture.Load(file);
        DigitSet test = DigitSet.Test();
        for (int i = 0; i < Digit.Pixels; i++)
        {
            byte ink = test[7][i];
            Assert.Equal(new Rgb(ink, ink, ink), picture[8 + (i % 28 * 7) + 6, 8 + (i / 28 * 7)]);
        }

        // Eight maps, no two of which are the same.
        string[] tiles = [.. Enumerable.Range(0, 5).SelectMany(x => Enumerable.Range(0, 2), (x, y) => (x, y)).Where(tile => tile.x > 0)
            .Select(tile => Colors(picture.Crop(8 + (tile.x * 204), 8 + (tile.y * 216), 196, 196)))];
        Assert.Equal(8, tiles.Distinct().Count());
        Assert.Equal(1, Run("why", "--weights", Weights).Code);

        static string Colors(Picture tile) =>
            string.Join(' ', Enumerable.Range(0, Digit.Pixels).Select(i => tile[i % 28 * 7, i / 28 * 7]));
    }

    [Theory]
    [InlineData(10, 149)]
    [InlineData(10_000, 9_500)]
    public void The_training_display_fits_80_columns(int epochs, int steps)
    {
        using StringWriter output = new() { NewLine = "\n" };
        var terminal = new Terminal(output, TextWriter.Null, interactive: true, width: 80);
        Spectre.Console.Table table = TrainingDisplay.CreateTable();
        var display = new TrainingDisplay.LiveTable(table, terminal.Width, () => { });
        display.Report(new FitProgress(1, epochs, steps, steps, 0.1234, 0.1, 123_456, null, 1, true));
        terminal.Rich.Write(table);
        string[] lines = output.ToString().TrimEnd().Split('\n');
        Assert.Equal(5, lines.Length);
        Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 1, 80));
        Assert.All(["1/" + epochs, $"{steps}/{steps}", "123,456", "0.1234", "100.00 %"],
            text => Assert.Contains(text, lines[3], StringComparison.Ordinal));
    }

    [Fact]
    public void Inspect_shows_the_layers_and_the_generated_source()
    {
        (int code, string output, _) = Run("inspect");
        Assert.Equal(0, code);
        Assert.All(["conv1", "conv2", "dense3", "48,120", "61,706"], word => Assert.Contains(word, output, StringComparison.Ordinal));
        Assert.Contains("LeNet5", output[output.IndexOf("generated source:", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public void Training_reaches_97_percent_and_predict_reads_digits_with_the_saved_weights()
    {
        (int code, string output, string error) = Run("train", "--weights", Weights);
        Assert.Equal((0, ""), (code, error));
        Assert.DoesNotContain('\e', output);
        string[] lines = output.Split('\n');
        Assert.Contains(lines, line => line.StartsWith("epoch 10/10", StringComparison.Ordinal));
        string accuracy = Assert.Single(lines, line => line.StartsWith("test accuracy: ", StringComparison.Ordinal));
        Assert.Matches(@"^test accuracy: \d\d\.\d\d %$", accuracy);
        Assert.InRange(double.Parse(accuracy.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture), 97, 100);
        Assert.Equal($"weights saved to {Weights}", lines[^2]);

        DigitSet test = DigitSet.Test();
        int right = 0;
        for (int i = 0; i < 20; i++)
        {
            string picture = Path.Combine(_directory, $"{i}.png");
            Photograph(test[i]).Save(picture);
            (code, output, error) = Run("predict", picture, "--weights", Weights);
            Assert.Equal((0, ""), (code, error));
            right += output.EndsWith($"read as {test.Labels[i]}\n", StringComparison.Ordinal) ? 1 : 0;
            Assert.StartsWith($"test image {i}, labelled {test.Labels[i]}\n", Run("predict", $"{i}", "--weights", Weights).Output,
                StringComparison.Ordinal);
        }

        Assert.InRange(right, 18, 20);
    }

    [Fact]
    public async Task Ctrl_C_ends_training_with_code_130_and_saves_what_it_has()
    {
        if (!CtrlC.IsPossible)
        {
            return;
        }

        string program = Path.Combine(AppContext.BaseDirectory, "Digits.dll");
        (int code, string rest) = await CtrlC.PressAsync("epoch", program, "train", "--epochs", "10000", "--weights", Weights);
        Assert.Equal(130, code);
        Assert.Matches(@"(?m)^interrupted after [\d,]+ steps; weights saved to ", rest);
        Assert.True(File.Exists(Weights));
    }

    /// <summary>Twice the size, dark on light, and not in the middle.</summary>
    private static Picture Photograph(ReadOnlySpan<byte> digit)
    {
        var photograph = new Picture(56, 56);
        for (int i = 0; i < 56 * 56; i++)
        {
            int x = i % 56 / 2 + 2, y = i / 56 / 2 - 1;
            byte light = (byte)(x < 28 && y >= 0 ? 230 - digit[y * 28 + x] * 4 / 5 : 230);
            photograph[i % 56, i / 56] = new Rgb(light, light, light);
        }

        return photograph;
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int code = Program.Run(args, new Terminal(output, error, interactive: false));
        return (code, output.ToString().ReplaceLineEndings("\n"), error.ToString());
    }
}
