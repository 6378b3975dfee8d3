using Strata.Generator.Printing;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Kernels;

/// <summary>
/// Softmax along the channels, for vectors whose lanes are samples or neighbouring pixels. The largest logit is subtracted
/// first, so that no exponential overflows.
/// </summary>
/// <param name="Channels">Number of classes.</param>
/// <param name="Grid">The pixels (its channels are 1).</param>
internal sealed record SoftmaxKernel(Tier Tier, int Channels, VectorGrid Grid, Walk Input, Walk Output) : Kernel(Tier)
{
    public override string Summary => "Softmax along the channels, vector by vector";

    public override string Parameters => "ref float input, ref float output";

    public override void WriteBody(SourceWriter writer) => Grid.Write(writer, Tier.Lanes, (_, row, column) =>
    {
        writer.Line($"ref float x = {VectorGrid.At("input", Input, "", row, column)};");
        writer.Line($"ref float y = {VectorGrid.At("output", Output, "", row, column)};");
        WriteShiftedExponentials(writer, Channels, Input.Channel, Output.Channel);
        writer.Line("Vector scale = Vector.One / sum;");
        using (writer.Block($"for (int c = 0; c < {Number(Channels)}; c++)"))
        {
            writer.Line($"ref float target = {Ref("y", Sum(("c", Output.Channel)))};");
            writer.Line("Vector probability = Simd.LoadUnsafe(ref target) * scale;");
            writer.Line($"({Grid.Mask("probability")}).StoreUnsafe(ref target);");
        }
    });

    /// <summary>Writes exp(x − max) to <c>y</c> and leaves <c>largest</c> and <c>sum</c>.</summary>
    public static void WriteShiftedExponentials(SourceWriter writer, int channels, int inputPitch, int outputPitch)
    {
        writer.Line("Vector largest = Simd.LoadUnsafe(ref x);");
        using (writer.Block($"for (int c = 1; c < {Number(channels)}; c++)"))
        {
            writer.Line($"largest = Simd.Max(largest, Simd.LoadUnsafe({Ref("x", Sum(("c", inputPitch)))}));");
        }

        var sum = new BlockedSum([new SumLoop("c", channels)], "sum");
        sum.Write(writer, () =>
        {
            writer.Line($"Vector term = VectorMath.Exp(Simd.LoadUnsafe({Ref("x", Sum(("c", inputPitch)))}) - largest);");
            writer.Line($"term.StoreUnsafe({Ref("y", Sum(("c", outputPitch)))});");
            writer.Line($"{sum["sum"]} += term;");
        });
    }
}

/// <summary>Softmax of one vector of features.</summary>
internal sealed record FlatSoftmaxKernel(Tier Tier, int Features) : Kernel(Tier)
{
    public override string Summary => "Softmax of one vector of features";

    public override string Parameters => "ref float input, ref float output";

    public override void WriteBody(SourceWriter writer)
    {
        int lanes = Tier.Lanes, whole = Features / lanes * lanes, rest = Features - whole;
        string tail = "";
        if (rest > 0)
        {
            writer.Line($"Vector tail = Simd.LessThan(Simd.CreateSequence(0f, 1f), Simd.Create({Single(rest)}));");
            writer.Line($"Vector last = Simd.ConditionalSelect(tail, {Load("input", whole)}, Simd.Create(float.NegativeInfinity));");
            tail = "last";
        }

        writer.Line($"Vector largest = {(rest > 0 ? tail : Load("input", 0))};");
        if (whole > 0)
        {
            using (writer.Block($"for (int i = 0; i < {Number(whole)}; i += {Number(lanes)})"))
            {
                writer.Line("largest = Simd.Max(largest, Simd.LoadUnsafe(ref input, (nuint)i));");
            }
        }

        for (int half = lanes / 2; half >= 1; half /= 2)
        {
            var order = new string[lanes];
            for (int i = 0; i < lanes; i++)
            {
                order[i] = Number(i ^ half);
            }

            writer.Line($"largest = Simd.Max(largest, Simd.Shuffle(largest, Simd.Create({string.Join(", ", order)})));");
        }

        if (whole > 0)
        {
            using (writer.Block($"for (int i = 0; i < {Number(whole)}; i += {Number(lanes)})"))
            {
                writer.Line("VectorMath.Exp(Simd.LoadUnsafe(ref input, (nuint)i) - largest).StoreUnsafe(ref output, (nuint)i);");
            }
        }

        if (rest > 0)
        {
            writer.Line("last = tail & VectorMath.Exp(last - largest);");
            writer.Line(Store("last", "output", whole));
        }

        // One feature after the other, as where samples are in lanes: a sample's result is the same to the bit.
        var sum = new BlockedSum([new SumLoop("i", Features)], "sum") { Element = ("float", "0f") };
        sum.Write(writer, () => writer.Line($"{sum["sum"]} += Unsafe.Add(ref output, i);"));
        writer.Line("Vector scale = Simd.Create(1f / sum);");
        if (whole > 0)
        {
            using (writer.Block($"for (int i = 0; i < {Number(whole)}; i += {Number(lanes)})"))
            {
                writer.Line("(Simd.LoadUnsafe(ref output, (nuint)i) * scale).StoreUnsafe(ref output, (nuint)i);");
            }
        }

        if (rest > 0)
        {
            writer.Line(Store("(last * scale)", "output", whole));
        }
    }
}

/// <summary>Backward of softmax, one sample per lane: dx = y (g − Σ g y), in place of the gradient.</summary>
internal sealed record SoftmaxGradientKernel(Tier Tier, int Channels, VectorGrid Grid, Walk Output, Walk Gradient) : Kernel(Tier)
{
    public override string Summary => "Gradient of softmax, in place: y (g − Σ g y)";

    public override string Parameters => "ref float probabilities, ref float gradient";

    public override void WriteBody(SourceWriter writer) => Grid.Write(writer, Tier.Lanes, (_, row, column) =>
    {
        writer.Line($"ref float y = {VectorGrid.At("probabilities", Output, "", row, column)};");
        writer.Line($"ref float g = {VectorGrid.At("gradient", Gradient, "", row, column)};");
        string yc = Ref("y", Sum(("c", Output.Channel))), gc = Ref("g", Sum(("c", Gradient.Channel)));
        var sum = new BlockedSum([new SumLoop("c", Channels)], "sum");
        sum.Write(writer, () => writer.Line($"{sum["sum"]} += Simd.LoadUnsafe({yc}) * Simd.LoadUnsafe({gc});"));

        using (writer.Block($"for (int c = 0; c < {Number(Channels)}; c++)"))
        {
            writer.Line($"ref float target = {gc};");
            writer.Line($"(Simd.LoadUnsafe({yc}) * (Simd.LoadUnsafe(ref target) - sum)).StoreUnsafe(ref target);");
        }
    });
}
