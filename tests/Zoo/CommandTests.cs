using System;
using System.IO;
using System.Linq;
using Samples;
using Xunit;
using Zoo;

namespace Strata.Zoo.Tests;

public sealed class CommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("zoo").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("--help")]
    [InlineData("help")]
    [InlineData("list", "--help")]
    [InlineData("summary", "--help")]
    [InlineData("run", "--help")]
    [InlineData("train", "-h")]
    public void Help_is_no_error_and_fits_on_a_screen(params string[] args)
    {
        (int code, string output, string error) = Run(args);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("\n\nUsage: Zoo", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 96));
    }

    [Theory]
    [InlineData("unknown command 'fetch'", "fetch")]
    [InlineData("unknown option '--fast'", "list", "--fast")]
    [InlineData("summary needs the name of a network; list shows them", "summary")]
    [InlineData("unexpected argument 'net'", "run", "lenet5", "net")]
    [InlineData("--steps takes a whole number from 1 to 1000000, not '0'", "train", "lenet5", "--steps", "0")]
    [InlineData("--rate takes a number above 0, not 'fast'", "train", "lenet5", "--rate", "fast")]
    public void Wrong_usage_is_code_2_and_says_what_is_wrong(string message, params string[] args)
    {
        (int code, string output, string error) = Run(args);
        Assert.Equal((2, ""), (code, output));
        Assert.Equal(["error: " + message, "Try --help.", ""], error.Split('\n'));
    }

    [Fact]
    public void An_unknown_network_is_named_and_the_known_ones_are_listed()
    {
        (int code, _, string error) = Run("summary", "lenet6");
        Assert.Equal(2, code);
        Assert.StartsWith("error: unknown network 'lenet6'; there are lenet5, ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void List_shows_every_network_with_its_parameters_and_paper()
    {
        (int code, string output, string error) = Run("list");
        Assert.Equal((0, ""), (code, error));
        string[] lines = output.Split('\n');
        Assert.All(Catalog.All, network => Assert.Contains(
            lines,
            line => line.StartsWith($"  {network.Name} ", StringComparison.Ordinal) && line.Contains(Tables.Number(network.Parameters), StringComparison.Ordinal)
                && line.Contains(network.Paper, StringComparison.Ordinal)));
    }

    [Fact]
    public void Summary_shows_the_layers_and_ends_with_the_number_of_parameters()
    {
        (int code, string output, string error) = Run("summary", "lenet5", "--batch", "64");
        Assert.Equal((0, ""), (code, error));
        Assert.All(["conv1", "6×28×28", "117,600", "48,120", "dense3", " 16×16 ", ", batch 64: weights ", "  inference adds "], word => Assert.Contains(word, output, StringComparison.Ordinal));
        Assert.EndsWith("\nparameters: 61706\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_computes_from_files_what_the_network_computes()
    {
        string weights = Path.Combine(_directory, "net.safetensors"), input = Path.Combine(_directory, "in.npy"), result = Path.Combine(_directory, "out.npy");
        ZooNetwork zoo = ZooNetwork.Find("net")!;
        using CompiledNetwork network = zoo.Create(new NetworkOptions { Seed = 7 });
        network.Save(weights);
        float[] inputs = ZooGolden.Uniforms("any", 2 * zoo.InputLength), outputs = new float[2 * zoo.OutputLength];
        network.Forward(inputs, outputs);
        NpyFile.Write(input, [2, 3, 32, 32], inputs);

        (int code, string output, string error) = Run("run", "net", "--weights", weights, "--input", input, "--output", result, "--threads", "1");
        Assert.Equal((0, ""), (code, error));
        Assert.EndsWith($"outputs written to {result}\n", output, StringComparison.Ordinal);
        NpyArray written = NpyFile.Read(result);
        Assert.Equal([2, 10], written.Shape);
        Assert.Equal(outputs, written.Values);
        Assert.Equal([result, weights, input], Directory.GetFiles(_directory).OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public void Run_without_files_shows_the_greatest_outputs()
    {
        (int code, string output, string error) = Run("run", "lenet5", "--batch", "2");
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("lenet5: 2 × 1×28×28 → 10\n", output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^sample 1, greatest outputs: \[\d\] 0\.", output);
        Assert.Equal(output.Split('\n')[2..], Run("run", "lenet5", "--batch", "2").Output.Split('\n')[2..]);
    }

    [Fact]
    public void Inputs_of_another_shape_are_refused()
    {
        string input = Path.Combine(_directory, "in.npy");
        NpyFile.Write(input, [1, 28, 27], new float[28 * 27]);
        (int code, _, string error) = Run("run", "lenet5", "--input", input);
        Assert.Equal((1, $"error: {input}: shape (1, 28, 27); lenet5 takes (1, 28, 28) or (N, 1, 28, 28)\n"), (code, error));
        NpyFile.Write(input, [1, 28, 28], new float[28 * 28]);
        Assert.Equal(2, Run("run", "lenet5", "--input", input, "--batch", "2").Code);
        Assert.Equal(1, Run("run", "lenet5", "--input", Path.Combine(_directory, "missing.npy")).Code);
        Assert.Equal(1, Run("run", "lenet5", "--weights", input).Code);
    }

    [Fact]
    public void Train_prints_the_loss_of_each_step_which_falls()
    {
        (int code, string output, string error) = Run("train", "net", "--steps", "40", "--rate", "0.05");
        Assert.Equal((0, ""), (code, error));
        double[] losses = [.. output.Split('\n').Where(line => line.StartsWith("step ", StringComparison.Ordinal)).Select(line =>
            double.Parse(line.Split(' ')[3].TrimEnd(','), System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(40, losses.Length);
        Assert.InRange(losses[^1], 0, losses[0] / 2);
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int code = Program.Run(args, new Terminal(output, error, interactive: false));
        return (code, output.ToString().ReplaceLineEndings("\n"), error.ToString());
    }
}
