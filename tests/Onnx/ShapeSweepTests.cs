using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Windows, slices, pads and so on with random attributes. What ONNX Runtime accepts is read, and computes the same.</summary>
public class ShapeSweepTests
{
    private const int Count = 60;

    private static readonly string[] AutoPads = ["NOTSET", "NOTSET", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"];

    private static readonly Dictionary<string, Func<Random, ModelBuilder>> Sweeps = new()
    {
        ["Conv"] = random => Windows(random, "Conv", dilated: true),
        ["ConvTranspose"] = random => Windows(random, "ConvTranspose", dilated: true),
        ["MaxPool"] = random => Windows(random, "MaxPool", dilated: true),
        ["AveragePool"] = random => Windows(random, "AveragePool", dilated: true),
        ["LpPool"] = random => Windows(random, "LpPool", dilated: true),
        ["Slice"] = Slice,
        ["Pad"] = Pad,
        ["Resize"] = Resize,
        ["Gather"] = Gather,
        ["Split"] = Split,
        ["Reduce"] = Reduce,
        ["Broadcast"] = Broadcast,
    };

    public static TheoryData<string> Kinds => [.. Sweeps.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_ONNX_Runtime_computes_is_read(string kind)
    {
        int accepted = 0;
        List<string> failures = [];
        for (int number = 0; number < Count; number++)
        {
            ModelBuilder builder = Sweeps[kind](new Random((1000 * number) + kind.Length));
            try
            {
                if (AgainstOnnxRuntime.Run(builder.ToBytes()).Any(result => result.Values.Length == 0))
                {
                    continue;
                }
            }
            catch (OnnxRuntimeException)
            {
                continue;
            }

            accepted++;
            if (Record.Exception(() => AgainstOnnxRuntime.Check(builder)) is { } exception)
            {
                failures.Add($"{number}: {builder.Graph.Input[0]} {builder.Graph.Node[0]} {exception.Message}");
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {accepted}\n{string.Join("\n", failures.Take(4))}");
        Assert.InRange(accepted, Count / 3, Count);
    }

    private static int[] Numbers(Random random, int count, int from, int to) => [.. Enumerable.Range(0, count)
        .Select(_ => random.Next(from, to))];

    private static long[] Longs(Random random, int count, int from, int to) =>
        Array.ConvertAll(Numbers(random, count, from, to), one => (long)one);

    private static ModelBuilder Windows(Random random, string @operator, bool dilated)
    {
        int rank = random.Next(1, 4), channels = 2 * random.Next(1, 3);
        // The largest window, 3·3 + 1, fits.
        int[] kernel = Numbers(random, rank, 1, 5), pixels = Numbers(random, rank, 10, 15);
        var builder = new ModelBuilder(@operator is "AveragePool" or "LpPool" ? 22 : 13);
        builder.Input("x", [1, channels, .. pixels.Cast<object>()]).Output("y");
        List<(string Name, object Value)> attributes = [("strides", Numbers(random, rank, 1, 4)), ("auto_pad", AutoPads[random.Next(6)])];
        if ((string)attributes[1].Value == "NOTSET")
        {
            attributes.Add(("pads", Numbers(random, 2 * rank, 0, 3)));
        }

        else if (@operator.EndsWith("Pool", StringComparison.Ordinal))
        {
            // With a stride beyond the kernel, or with dilations, ONNX Runtime's auto_pad leaves the specification.
            kernel = [.. kernel.Zip((int[])attributes[0].Value, Math.Max)];
            dilated = false;
        }

        if (dilated && random.Next(2) == 0)
        {
            attributes.Add(("dilations", Numbers(random, rank, 1, 4)));
        }

        if (@operator is "Conv" or "ConvTranspose")
        {
            int groups = random.Next(1, 3);
            long[] shape = @operator == "Conv" ? [2 * groups, channels / groups] : [channels, 3];
            builder.Noise("w", [.. shape, .. kernel.Select(extent => (long)extent)]);
            attributes.Add(("group", groups));
            if (@operator == "ConvTranspose" && random.Next(2) == 0)
            {
                attributes.Add(random.Next(2) == 0
                    ? ("output_padding", Numbers(random, rank, 0, 2))
                    : ("output_shape", Numbers(random, rank, 10, 30)));
            }

            return builder.Node(@operator, "x,w", "y", [.. attributes]);
        }

        attributes.Add(("kernel_shape", kernel));
        attributes.Add(("ceil_mode", random.Next(2)));
        if (@operator == "AveragePool")
        {
            attributes.Add(("count_include_pad", random.Next(2)));
        }

        return builder.Node(@operator, "x", "y", [.. attributes]);
    }

    private static ModelBuilder Slice(Random random)
    {
        int[] extents = Numbers(random, 3, 1, 9);
        long[] steps = [.. Numbers(random, 2, -3, 4).Select(step => step == 0 ? 1L : step)];
        long[] starts = Array.ConvertAll(steps, step => (long)(step > 0 ? random.Next(-12, 2) : random.Next(2, 12)));
        long[] ends = Array.ConvertAll(steps, step => (long)(step > 0 ? random.Next(1, 12) : random.Next(-12, 1)));
        return new ModelBuilder(13).Input("x", 1, extents[0], extents[1], extents[2]).Output("y")
            .List("s", starts).List("e", ends)
            .List("a", random.Next(2) == 0 ? [1, 3] : [-1, 2]).List("t", steps).Node("Slice", "x,s,e,a,t", "z").Node("Relu", "z", "y");
    }

    private static ModelBuilder Pad(Random random)
    {
        string mode = new[] { "constant", "reflect", "edge", "wrap" }[random.Next(4)];
        int lowest = mode == "constant" ? -1 : 0;
        return new ModelBuilder(19).Input("x", 1, 3, 4, 5).Output("y")
            .List("p", [0, 0, .. Longs(random, 2, lowest, 4), 0, 0, .. Longs(random, 2, lowest, 4)])
            .Node("Pad", "x,p", "y", ("mode", mode));
    }

    private static ModelBuilder Resize(Random random)
    {
        string mode = new[] { "nearest", "linear", "cubic" }[random.Next(3)];
        string[] transformations = ["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "half_pixel_symmetric"];
        ModelBuilder builder = new ModelBuilder(19).Input("x", 1, 2, random.Next(2, 9), random.Next(2, 9)).Output("y");
        (string Name, object Value)[] attributes =
        [
            ("mode", mode),
            ("coordinate_transformation_mode", transformations[random.Next(5)]),
            ("nearest_mode", new[] { "round_prefer_floor", "round_prefer_ceil", "floor", "ceil" }[random.Next(4)]),
            ("keep_aspect_ratio_policy", new[] { "stretch", "stretch", "not_larger", "not_smaller" }[random.Next(4)]),
            ("axes", new[] { 2, 3 }),
        ];
        return random.Next(2) == 0
            ? builder.Floats("s", [2], 0.3f + (3 * random.NextSingle()), 0.3f + (3 * random.NextSingle()))
            .Node("Resize", "x,,s", "y", [.. attributes[..3], attributes[4]])
            : builder.List("z", random.Next(1, 12), random.Next(1, 12)).Node("Resize", "x,,,z", "y", attributes);
    }

    private static ModelBuilder Gather(Random random)
    {
        int axis = random.Next(1, 4), count = random.Next(1, 5), step = random.Next(-2, 3), start = random.Next(-6, 6);
        long[] indices = [.. Enumerable.Range(0, count).Select(index => (long)(start + (random.Next(4) == 0 ? 0 : index * step)))];
        return new ModelBuilder(13).Input("x", 1, 6, 6, 6).Output("y").Integers("i", random.Next(2) == 0 ? [count] : [1, count], indices)
            .Node("Gather", "x,i", "y", ("axis", axis));
    }

    private static ModelBuilder Split(Random random)
    {
        int extent = random.Next(2, 9), first = random.Next(1, extent);
        ModelBuilder builder = new ModelBuilder(18).Input("x", 1, 3, extent).Output("y", "a");
        return random.Next(2) == 0
            ? builder.Node("Split", "x", "y,a", ("axis", -1), ("num_outputs", 2))
            : builder.List("s", first, extent - first).Node("Split", "x,s", "y,a", ("axis", 2));
    }

    private static ModelBuilder Reduce(Random random)
    {
        string @operator = new[] { "ReduceMean", "ReduceSum", "ReduceMax", "ReduceL2", "ReduceSumSquare" }[random.Next(5)];
        long[] axes = [.. Enumerable.Range(-2, 4).Where(_ => random.Next(2) == 0)
            .Select(axis => (long)axis).DistinctBy(axis => (axis + 4) % 4)];
        return new ModelBuilder(18).Input("x", 1, random.Next(1, 4), random.Next(1, 4), random.Next(1, 4)).Output("y").List("a", axes)
            .Node(@operator, "x,a", "y", ("keepdims", random.Next(2)), ("noop_with_empty_axes", random.Next(2)));
    }

    private static ModelBuilder Broadcast(Random random)
    {
        string @operator = new[] { "Add", "Sub", "Mul", "Div", "Max", "PRelu" }[random.Next(6)];
        int[] extents = Numbers(random, 3, 1, 5);
        long[] shape = [.. extents.Skip(random.Next(3)).Select(extent => random.Next(3) == 0 ? 1L : extent)];
        ModelBuilder builder = new ModelBuilder(16).Input("x", 1, extents[0], extents[1], extents[2]).Output("y").Noise("c", shape);
        return builder.Node(@operator, @operator != "PRelu" && random.Next(2) == 0 ? "c,x" : "x,c", "y");
    }
}
