using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Samples;
using Strata.Pictures;
using Strata.Samples.Tests;
using Xunit;
using Zoo;

namespace Strata.Zoo.Tests;

public sealed class CommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("zoo").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("help")]
    [InlineData("list", "--help")]
    [InlineData("summary", "--help")]
    [InlineData("run", "--help")]
    [InlineData("train", "-h")]
    [InlineData("fashion", "--help")]
    [InlineData("kernels", "--help")]
    [InlineData("maps", "--help")]
    [InlineData("why", "--help")]
    [InlineData("help", "draw")]
    public void Help_is_no_error_and_fits_on_a_screen(params string[] args)
    {
        (int code, string output, string error) = Run(args);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("\n\nUsage:\n  Zoo", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 96));
    }

    [Theory]
    [InlineData("Unrecognized command or argument 'fetch'.", "fetch")]
    [InlineData("Unrecognized command or argument '--fast'.", "list", "--fast")]
    [InlineData("unknown option '--fast'", "summary", "--fast")]
    [InlineData("Required argument 'NAME' missing for command: 'summary'.", "summary")]
    [InlineData("Unrecognized command or argument 'net'.", "run", "lenet5", "net")]
    [InlineData("--steps takes a whole number from 1 to 1000000, not '0'", "train", "lenet5", "--steps", "0")]
    [InlineData("--rate takes a number above 0, not 'fast'", "train", "lenet5", "--rate", "fast")]
    [InlineData("Option '--output' is required.", "kernels", "lenet5", "conv1")]
    [InlineData("--output writes a PNG file, whose name ends in .png, not 'a.jpg'", "kernels", "lenet5", "conv1", "--output", "a.jpg")]
    [InlineData("--output writes a PNG file, whose name ends in .png, not 'a'", "maps", "lenet5", "conv1", "--output", "a")]
    [InlineData("--batch is 65536, but at most 14266 samples of 150528 numbers fit into an array", "run", "vgg16", "--batch", "65536")]
    [InlineData("Required argument 'LAYER' missing for command: 'maps'.", "maps", "lenet5", "--output", "a.png")]
    [InlineData("lenet5 has no layer 'relu1' with kernels; there are conv1, conv2, dense1, dense2, dense3", "kernels", "lenet5", "relu1", "--output", "a.png")]
    [InlineData("lenet5 has no layer 'conv3' with maps; there are conv1, relu1, pool1, conv2, relu2, pool2, flatten1, dense1, relu3, dense2, relu4, dense3, … (summary lenet5 shows all)", "maps", "lenet5", "conv3", "--output", "a.png")]
    [InlineData("the layers of net cannot be looked at, since it is not declared with [Network(Observable = true)]; those of lenet5, alexnet, resnet20 can", "maps", "net", "conv1", "--output", "a.png")]
    [InlineData("--output writes a drawing, whose name ends in .svg or .mmd, not 'a.png'", "draw", "net", "--output", "a.png")]
    [InlineData("Option '--input' is required.", "why", "net", "--output", "a.png")]
    [InlineData("--class is 10, but net has the classes 0 to 9", "why", "net", "--input", "a.png", "--output", "a.png", "--class", "10")]
    [InlineData("vgg16 cannot be explained, since there is no variant of it with gradients of its input; there are those of net, alexnet, squeezenet1_1, resnet18", "why", "vgg16", "--input", "a.png", "--output", "a.png")]
    [InlineData("--sample is 1, but there is 1 sample, counted from 0", "maps", "lenet5", "conv1", "--output", "a.png", "--sample", "1")]
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
    public void Tables_fit_80_columns_and_break_no_number()
    {
        foreach (string[] args in (string[][])[["list"], ["summary", "lenet5"], ["summary", "resnet50"], ["summary", "inception_v3"], ["summary", "voxnet"]])
        {
            using StringWriter output = new() { NewLine = "\n" };
            Assert.Equal(0, Program.Run(args, new Terminal(output, TextWriter.Null, interactive: true, width: 80)));
            string[] lines = output.ToString().Split('\n');
            Assert.All(lines.Where(line => !line.StartsWith("paper: ", StringComparison.Ordinal)), line => Assert.InRange(line.TrimEnd().Length, 0, 80));
            if (args[0] == "list")
            {
                Assert.Contains(lines, line => line.Contains(" lenet5 ", StringComparison.Ordinal) && line.Contains(" 61,706 ", StringComparison.Ordinal));
                Assert.Equal(Catalog.All.Count, lines.Count(line => Catalog.All.Any(n => line.StartsWith($"  {n.Name} ", StringComparison.Ordinal))));
            }
            else
            {
                ZooNetwork zoo = ZooNetwork.Find(args[1])!;
                Assert.All(zoo.Info.Layers.Where(l => l.MultiplyAdds > 0), layer => Assert.Contains(
                    lines, line => line.Contains($" {Tables.Number(layer.MultiplyAdds)} ", StringComparison.Ordinal)));
            }
        }
    }

    [Fact]
    public void Long_names_give_way_before_numbers_do()
    {
        using StringWriter output = new() { NewLine = "\n" };
        var table = new Tables("layer", "kind", "output", "rule?", ">parameters", ">multiply-adds", ">bytes?");
        table.Add("Mixed_7b.branch3x3dbl_3a.conv.and.more.of.it", "AdaptiveAveragePool2D", "2048×17×17", "(28 + 2·2 − 5)/1 + 1 = 28", "102,764,544", "1,849,688,064", "12,845,056");
        table.Write(new Terminal(output, TextWriter.Null, interactive: true, width: 80));
        string[] lines = output.ToString().Split('\n');
        Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 0, 80));
        Assert.All(["102,764,544", "1,849,688,064"], number => Assert.Contains(lines, line => line.Contains(number, StringComparison.Ordinal)));
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
    public void Run_takes_a_picture_as_maps_does()
    {
        string input = Path.Combine(_directory, "in.png"), result = Path.Combine(_directory, "out.npy");
        var picture = new Picture(28, 28);
        picture[9, 13] = new Rgb(255, 128, 0);
        picture.Save(input);
        (int code, _, string error) = Run("run", "lenet5", "--input", input, "--output", result);
        Assert.Equal((0, ""), (code, error));
        using CompiledNetwork network = ZooNetwork.Find("lenet5")!.Create(new NetworkOptions { Seed = 1 });
        float[] expected = new float[10];
        network.Forward(picture.ToTensor(1), expected);
        Assert.Equal(expected, NpyFile.Read(result).Values);
        Assert.Equal((1, "", $"error: {input}: 28×28 pixels; net takes 3×32×32\n"), Run("run", "net", "--input", input));
        Assert.StartsWith($"error: --batch is 2, but '{input}' holds 1 sample\n", Run("run", "lenet5", "--input", input, "--batch", "2").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_that_diverges_says_so_with_code_1()
    {
        string save = Path.Combine(_directory, "net.safetensors");
        (int code, _, string error) = Run("train", "net", "--steps", "100", "--rate", "1000", "--save", save);
        Assert.Equal(1, code);
        Assert.Matches(@"^error: step \d+: .+\nA lower --rate than 1000 may help\. Nothing was saved\.\n$", error);
        Assert.False(File.Exists(save));
    }

    [Fact]
    public void Train_saves_the_weights_if_wanted()
    {
        string save = Path.Combine(_directory, "net.safetensors");
        (int code, string output, string error) = Run("train", "net", "--steps", "2", "--save", save);
        Assert.Equal((0, ""), (code, error));
        Assert.EndsWith($"\nweights saved to {save}\n", output, StringComparison.Ordinal);
        using CompiledNetwork trained = ZooNetwork.Find("net")!.Create(new NetworkOptions { Weights = save });
        using CompiledNetwork fresh = ZooNetwork.Find("net")!.Create(new NetworkOptions { Seed = 1 });
        float[] a = new float[trained.Parameters[0].Length], b = new float[a.Length];
        trained.Parameters[0].CopyTo(a);
        fresh.Parameters[0].CopyTo(b);
        Assert.NotEqual(a, b);
    }

    [Fact]
    public async Task Ctrl_C_ends_training_with_code_130_and_saves_what_it_has()
    {
        if (!CtrlC.IsPossible)
        {
            return;
        }

        string save = Path.Combine(_directory, "net.safetensors"), program = Path.Combine(AppContext.BaseDirectory, "Zoo.dll");
        (int code, string rest) = await CtrlC.PressAsync("step 2", program, "train", "net", "--steps", "1000000", "--save", save);
        Assert.Equal(130, code);
        Assert.Matches(@"(?m)^interrupted after [\d,]+ steps\nweights saved to ", rest);
        Assert.True(File.Exists(save));
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

    [Fact]
    public void Kernels_draws_the_weights_of_a_file()
    {
        string weights = Path.Combine(_directory, "net.safetensors"), file = Path.Combine(_directory, "kernels.png");
        using CompiledNetwork network = ZooNetwork.Find("net")!.Create(new NetworkOptions { Seed = 7 });
        network.Save(weights);
        (int code, string output, string error) = Run("kernels", "net", "conv1", "--weights", weights, "--output", file);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal($"net: conv1.weight, 6×3×5×5\n272×184 pixels written to {file}\n", output);
        AssertSame(Picture.OfKernels(network.FindParameter("conv1.weight")!), file);

        Assert.Equal(0, Run("kernels", "net", "conv2", "--weights", weights, "--output", file, "--each", "--enlarge", "3").Code);
        var options = new PictureOptions { ScaleEach = true, Enlargement = 3 };
        AssertSame(Picture.OfKernels(network.FindParameter("conv2.weight")!, options), file);
        Assert.Equal([weights, file], Directory.GetFiles(_directory).OrderDescending(StringComparer.Ordinal));
        Assert.Equal(1, Run("kernels", "net", "conv1", "--weights", file, "--output", file).Code);
        (code, _, error) = Run("kernels", "net", "dense1", "--output", file, "--enlarge", "256");
        Assert.Equal(2, code);
        Assert.Contains("a picture has 32000000 at most", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("png")]
    [InlineData("npy")]
    public void Maps_draws_what_a_layer_computes(string? kind)
    {
        string file = Path.Combine(_directory, "maps.png"), input = Path.Combine(_directory, "input." + kind);
        using CompiledNetwork network = ZooNetwork.Find("lenet5")!.Create(new NetworkOptions { Seed = 1, Observe = ["relu1"] });
        float[] image = ZonePlate.Draw([1, 28, 28]);
        if (kind == "png")
        {
            var picture = Picture.OfActivation(image, [1, 28, 28], new PictureOptions { Colors = ColorMap.Grey, Gap = 0, Enlargement = 1 });
            picture.Save(input);
            image = picture.ToTensor(1);
        }
        else if (kind == "npy")
        {
            NpyFile.Write(input, [2, 1, 28, 28], [.. new float[784], .. image]);
        }

        string[] given = kind is null ? [] : ["--input", input, "--sample", kind == "npy" ? "1" : "0"];
        (int code, string output, string error) = Run(["maps", "lenet5", "relu1", "--output", file, .. given]);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal($"lenet5: relu1, 6×28×28\n944×631 pixels written to {file}\n", output);
        network.Forward(image, new float[10]);
        AssertSame(Picture.OfActivation(network, "relu1"), file);
    }

    [Fact]
    public void A_picture_of_another_size_is_refused()
    {
        string input = Path.Combine(_directory, "input.png");
        new Picture(28, 27).Save(input);
        Assert.Equal(
            (1, "", $"error: {input}: 27×28 pixels; lenet5 takes 1×28×28\n"), Run("maps", "lenet5", "conv1", "--output", "a.png", "--input", input));
    }

    private static void AssertSame(Picture expected, string file)
    {
        var actual = Picture.Load(file);
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        Assert.Equal(expected.ToTensor(), actual.ToTensor());
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int code = Program.Run(args, new Terminal(output, error, interactive: false));
        return (code, output.ToString().ReplaceLineEndings("\n"), error.ToString());
    }
}
