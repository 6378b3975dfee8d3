using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Printing;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Kernels;

/// <summary>
/// The vectors of a tensor: channels × rows × vectors of a row. A tensor without gaps is one long row.
/// </summary>
/// <param name="ValidLanes">Lanes of a row's last vector that exist; the others become zero. 0: all.</param>
internal readonly record struct VectorGrid(int Channels, int Rows, int Columns, int ValidLanes)
{
    public static VectorGrid Of(TensorBuffer buffer, params TensorBuffer[] others)
    {
        bool compact = buffer.IsCompact;
        foreach (TensorBuffer other in others)
        {
            compact &= other.IsCompact;
        }

        int lanes = buffer.Lanes;
        return buffer.Layout switch
        {
            Layout.Flat => new(1, 1, (buffer.Shape.Length + lanes - 1) / lanes, buffer.Shape.Length % lanes),
            Layout.Planar => new(
                buffer.Shape.Channels, buffer.Shape.Rows, (buffer.Shape.Width + lanes - 1) / lanes, buffer.Shape.Width % lanes),
            _ when compact => new(1, 1, buffer.ChannelUnits * buffer.Shape.Rows * buffer.Shape.Width, 0),
            _ => new(buffer.ChannelUnits, buffer.Shape.Rows, buffer.Shape.Width, 0),
        };
    }

    /// <summary>Strides of a buffer over this grid.</summary>
    public static Walk WalkOf(TensorBuffer buffer) => new(buffer.ChannelPitch, buffer.RowPitch, buffer.Lanes);

    /// <summary>Opens the loops; the variables are <c>channel</c>, <c>row</c> and <c>column</c>, empty where there is no loop.</summary>
    public void Write(SourceWriter writer, int lanes, System.Action<string, string, string> body)
    {
        if (ValidLanes > 0)
        {
            writer.Line($"Vector tail = Simd.LessThan(Simd.CreateSequence(0f, 1f), Simd.Create({Single(ValidLanes)}));");
        }

        using (writer.For(("channel", Channels, 1), ("row", Rows, 1), ("column", Columns, 1)))
        {
            body(Channels > 1 ? "channel" : "", Rows > 1 ? "row" : "", Columns > 1 ? "column" : "");
        }
    }

    /// <summary>The value with the lanes that do not exist made zero.</summary>
    public string Mask(string value) => ValidLanes == 0 ? value
        : Columns == 1 ? $"tail & {value}" : $"column == {Number(Columns - 1)} ? tail & {value} : {value}";

    public static string At(string array, Walk walk, string channel, string row, string column) =>
        Ref(array, Sum((channel, walk.Channel), (row, walk.Row), (column, walk.Column)));
}

/// <summary>An activation that could not be fused with the step before it; without one, a copy.</summary>
internal sealed record ActivationKernel(Tier Tier, Activation? Activation, VectorGrid Grid, Walk Input, Walk Output) : Kernel(Tier)
{
    public override string Summary => Activation is null ? "Copies rows" : Activation.Name;

    public override string Parameters => "ref float input, ref float output";

    public override void WriteBody(SourceWriter writer) => Grid.Write(writer, Tier.Lanes, (channel, row, column) =>
    {
        writer.Line($"Vector x = Simd.LoadUnsafe({VectorGrid.At("input", Input, channel, row, column)});");
        writer.Line($"x = {Activate(writer, Activation, "x")};");
        writer.Line($"({Grid.Mask("x")}).StoreUnsafe({VectorGrid.At("output", Output, channel, row, column)});");
    });
}

/// <summary>The sum of several tensors, and an activation of it.</summary>
/// <param name="Inputs">Strides of each.</param>
internal sealed record SumKernel(Tier Tier, VectorGrid Grid, EquatableArray<Walk> Inputs, Walk Output, Activation? Activation) : Kernel(Tier)
{
    public override string Summary => $"Sum of {Inputs.Count} tensors";

    public override string Parameters => string.Concat(Inputs.Select((_, i) => $"ref float input{i}, ")) + "ref float output";

    public override void WriteBody(SourceWriter writer) => Grid.Write(writer, Tier.Lanes, (channel, row, column) =>
    {
        IEnumerable<string> terms = Inputs.Select((walk, i) => $"Simd.LoadUnsafe({VectorGrid.At($"input{i}", walk, channel, row, column)})");
        writer.Line($"Vector sum = {string.Join(" + ", terms)};");
        if (Activation is not null)
        {
            writer.Line($"sum = {Activate(writer, Activation, "sum")};");
        }

        writer.Line($"({Grid.Mask("sum")}).StoreUnsafe({VectorGrid.At("output", Output, channel, row, column)});");
    });
}

/// <summary>Backward of an activation: the gradient behind it becomes the one in front of it, in place.</summary>
internal sealed record ActivationGradientKernel(Tier Tier, Activation Activation, VectorGrid Grid, Walk Kept, Walk Gradient) : Kernel(Tier)
{
    public override string Summary => $"Gradient of {Activation.Name}, in place";

    public override string Parameters => "ref float activation, ref float gradient";

    public override void WriteBody(SourceWriter writer) => Grid.Write(writer, Tier.Lanes, (channel, row, column) =>
    {
        writer.Line($"Vector kept = Simd.LoadUnsafe({VectorGrid.At("activation", Kept, channel, row, column)});");
        writer.Line($"ref float target = {VectorGrid.At("gradient", Gradient, channel, row, column)};");
        writer.Line("Vector g = Simd.LoadUnsafe(ref target);");
        writer.Line($"({ActivationGradient(writer, Activation, "kept", "g")}).StoreUnsafe(ref target);");
    });
}

/// <summary>
/// Dropout of one block: an element survives with probability 1 − rate and is scaled by 1/(1 − rate) (Srivastava et al. 2014, in
/// the inverted form). The decision is a function of seed, step, layer, sample and element, so that backward draws it again
/// instead of keeping it, and every tier and number of threads drops the same elements.
/// </summary>
/// <param name="Layer">Number of the layer, the stream of random numbers.</param>
/// <param name="Elements">Elements of one sample.</param>
/// <param name="Together">Neighbouring elements that share a decision: 1, or those of a channel.</param>
internal sealed record DropoutKernel(Tier Tier, double Rate, int Layer, int Elements, int Together) : Kernel(Tier)
{
    public override string Summary => $"Dropout; the random bits depend on seed, step, layer, sample and {(Together == 1 ? "element" : "channel")} only";

    public override string Parameters => "ref float input, ref float output, in StepContext step";

    public override void WriteBody(SourceWriter writer)
    {
        uint threshold = (uint)System.Math.Min(System.Math.Round(Rate * 4294967296.0), uint.MaxValue);
        writer.Line($"Vector scale = Simd.Create({Single(1 / (1 - Rate))});");
        writer.Line($"var threshold = Simd.Create({threshold.ToString(System.Globalization.CultureInfo.InvariantCulture)}u);");
        string element = Together == 1 ? "element" : "channel", position = "element";
        using (writer.Block($"for (int {element} = 0; {element} < {Number(Elements / Together)}; {element}++)"))
        {
            writer.Line($"var bits = RandomLanes.Bits{Number(Tier.Lanes * 32)}(in step, {Number(Layer)}, {element});");
            writer.Line("Vector keep = Simd.GreaterThanOrEqual(bits, threshold).AsSingle();");
            using (writer.For("pixel", Together))
            {
                if (Together > 1)
                {
                    position = $"((channel * {Number(Together)}) + pixel)";
                }

                writer.Line($"Vector x = Simd.LoadUnsafe(ref input, (nuint)({position} * {Number(Tier.Lanes)}));");
                writer.Line($"(keep & (x * scale)).StoreUnsafe(ref output, (nuint)({position} * {Number(Tier.Lanes)}));");
            }
        }
    }
}
