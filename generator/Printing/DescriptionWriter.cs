using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Compiler.Declarations;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Generator.Printing.Literals;

namespace Strata.Generator.Printing;

/// <summary>
/// Writes what a network tells about itself: the table of its layers for the reader, and its description for the runtime.
/// </summary>
internal static class DescriptionWriter
{
    /// <summary>The class behind the members, in the network's generated namespace.</summary>
    public const string Description = "Description";

    /// <summary>What the names of trainers, optimizers and losses begin with.</summary>
    public const string Training = "global::Strata.Training.";

    /// <summary>The layer table, where an editor shows it. A summary is the user's own.</summary>
    public static void WriteRemarks(SourceWriter writer, NetworkTarget target, NetworkDescription network)
    {
        if (!target.HasSummary)
        {
            writer.Line($"/// <summary>A network from {Text(network.InputShapes)} to {Text(network.OutputShapes)}.</summary>");
        }

        writer.Line("/// <remarks>");
        writer.Line("/// <list type=\"table\">");
        writer.Line(
            "/// <listheader><term>layer</term><description>output, shape rule, parameters, multiply-adds, bytes of the output"
            + "</description></listheader>");
        foreach (LayerDescription layer in network.Layers)
        {
            Node node = layer.Node;
            writer.Line($"/// <item><term>{node.Name}: {node.Kind}</term><description>{layer.Text}</description></item>");
        }

        writer.Line("/// </list>");
        string parameters = Arithmetic.Grouped(network.Layers.Sum(layer => (long)layer.ParameterCount));
        string multiplyAdds = Arithmetic.Grouped(network.Layers.Sum(layer => layer.MultiplyAdds));
        string bytes = Arithmetic.Grouped(network.InputBytes + network.Layers.Sum(layer => layer.Bytes));
        writer.Line(
            $"/// Together: {parameters} parameters; for one sample {multiplyAdds} multiply-adds and {bytes} bytes of activations.");
        writer.Line("/// </remarks>");
    }

    /// <summary>What is the same for all instances, and the choice of a tier's program.</summary>
    public static void WriteDescription(
        SourceWriter writer, NetworkTarget target, NetworkDescription network, EquatableArray<Tier> tiers, EquatableArray<SizedGraph> sizes,
        SeparateKernels? separate)
    {
        writer.Line($"/// <summary>What {target.PlainName} tells the runtime about itself.</summary>");
        writer.Line(GeneratedHeader.Attribute);
        using SourceWriter.Scope scope = writer.Block($"internal static class {Description}");
        writer.Line("public static readonly global::Strata.NetworkInfo Info = new(");
        writer.Line($"    {Literal(target.PlainName)},");
        writer.Line($"    [{Extents(NetworkDescription.Whole(network.InputShapes))}],");
        writer.Line($"    [{Extents(NetworkDescription.Whole(network.OutputShapes))}],");
        WriteLayers(writer, network);
        WriteParameters(writer, network);
        string external = network.HasExternalLoss ? ", HasExternalLoss = true" : "", integers = network.Int8 ? ", Int8 = true" : "";
        writer.Line(
            $"    [{string.Join(", ", network.Losses.Select(Loss))}]) {{ SampleCost = "
            + $"{Number(network.SampleCost)}{external}{integers}{TensorsOf(network)}{ConstantsOf(network)}{TiersOf(tiers)} }};");
        writer.Line();
        if (separate is not null)
        {
            separate.WriteCreateProgram(writer);
            return;
        }

        writer.Line("// NativeAOT knows the conditions, and leaves out the tiers that its processors do not have.");
        WriteCreateProgram(writer, tiers, "", tier => $"new {tier.Name}Program()");
        if (sizes.Count > 0)
        {
            writer.Line();
            WriteCreateProgram(writer, tiers, ", int size", tier => $"{tier.Name}Program.OfSize(size)");
            writer.Line();
            new SizedDescriptionWriter(writer, network).Write(sizes);
        }
    }

    /// <summary>What the generated class of a size is called.</summary>
    public static string NameOf(SizedGraph size) => "At" + string.Join("x", size.Extents.Select(Number));

    private static void WriteCreateProgram(SourceWriter writer, EquatableArray<Tier> tiers, string parameters, Func<Tier, string> program)
    {
        writer.Line(
            $"public static global::Strata.CompilerServices.NetworkProgram CreateProgram(global::Strata.Isa isa{parameters}) => "
            + "isa switch");
        writer.Line("{");
        foreach (Tier tier in tiers)
        {
            writer.Line($"    global::Strata.Isa.{tier.Name}{Condition(tier)} => {program(tier)},");
        }

        writer.Line("    _ => throw new global::System.PlatformNotSupportedException(),");
        writer.Line("};");
    }

    private static void WriteLayers(SourceWriter writer, NetworkDescription network)
    {
        writer.Line("    // Made when first read.");
        writer.Line("    new global::Strata.CompilerServices.LazyList<global::Strata.LayerInfo>(static () =>");
        writer.Line("    [");
        foreach (LayerDescription layer in network.Layers)
        {
            Node node = layer.Node;
            string field = layer.ReceptiveField.Count == 0 ? "" : $", [{Extents(layer.ReceptiveField)}]";
            writer.Line(
                $"        new({Literal(node.Name)}, {Literal(node.Kind)}, [{Extents(node.Shape.Extents)}], {Literal(node.Formula)}, "
                + $"{Number(layer.ParameterCount)}, {Number(layer.MultiplyAdds)}{field}){Properties(layer)},");
        }

        writer.Line("    ]),");
    }

    private static void WriteParameters(SourceWriter writer, NetworkDescription network)
    {
        writer.Line("    new global::Strata.ParameterInfo[]");
        writer.Line("    {");
        foreach ((Node node, ParameterSpec parameter) in network.Parameters)
        {
            writer.Line(
                $"        new({Literal(parameter.KeyOf(node.Layer))}, [{Extents(parameter.Extents)}], "
                + (parameter.Initializer == Initializer.PyTorchUniform ? "" : $"global::Strata.Initializer.{parameter.Initializer}, ")
                + $"{Number(parameter.FanIn)}, {Number(parameter.FanOut)}){Properties(node, parameter)},");
        }

        writer.Line("    },");
    }

    /// <summary>What the processor must have for a tier, as <c>IsaSelection.IsSupported</c> has it.</summary>
    private static string Condition(Tier tier)
    {
        const string Intrinsics = "global::System.Runtime.Intrinsics.";
        return tier.RunsEverywhere ? ""
            : $" when {Intrinsics}Vector{tier.Bits}.IsHardwareAccelerated"
            + string.Concat(tier.Needs.Select(set => $" && {Intrinsics}X86.{set}.IsSupported"));
    }

    /// <summary>The tiers, where they are not all.</summary>
    private static string TiersOf(EquatableArray<Tier> tiers) => tiers.Count == Tier.All.Count
        ? "" : $", Tiers = [{string.Join(", ", tiers.Select(tier => $"global::Strata.Isa.{tier.Name}"))}]";

    /// <summary>The inputs and the outputs, where the runtime would not guess them from the layers.</summary>
    private static string TensorsOf(NetworkDescription network) => Tensors("Inputs", network.Inputs) + Tensors("Outputs", network.Outputs);

    private static string Tensors(string property, IReadOnlyList<TensorDescription>? tensors) =>
        tensors is null ? "" : $", {property} = {Tensors(tensors)}";

    public static string Tensors(IReadOnlyList<TensorDescription>? tensors) => tensors is null ? ""
        : $"[{string.Join(", ", tensors.Select(tensor =>
            $"new({Literal(tensor.Name)}, [{Extents(tensor.Shape.Extents)}], {Literal(tensor.Layer)})"))}]";

    /// <summary>By which constants the only input is normalised, if it is.</summary>
    private static string ConstantsOf(NetworkDescription network)
    {
        return network.InputNormalization is not var (means, deviations) ? ""
            : $", InputNormalization = new([{Doubles(means)}], [{Doubles(deviations)}])";

        static string Doubles(IEnumerable<double> values) =>
            string.Join(", ", values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
    }

    /// <summary>What the runtime would not guess of a layer.</summary>
    private static string Properties(LayerDescription layer)
    {
        string[] properties = [.. PropertiesOf(layer).Where(one => one.Value.Length > 0).Select(one => $"{one.Name} = {one.Value}")];
        return properties.Length == 0 ? "" : $" {{ {string.Join(", ", properties)} }}";
    }

    /// <summary>The properties of a layer that the runtime would not guess. Those without a text have the value of the runtime.</summary>
    public static IEnumerable<(string Name, string Value)> PropertiesOf(LayerDescription layer)
    {
        Node node = layer.Node;
        string Unless(bool isDefault, Func<string> text) => isDefault ? "" : text();
        yield return ("Arguments", Unless(node.Arguments.Length == 0, () => Literal(node.Arguments)));
        yield return ("Values", Unless(node.Values.Count == 0, () => ValuesOf(node.Values)));
        yield return ("Windows", Unless(node.Windows.Count == 0, () => $"[{string.Join(", ", node.Windows.Select(WindowOf))}]"));
        yield return ("Function", Unless(layer.Function.Length == 0, () => Literal(layer.Function)));
        yield return ("Inputs", Unless(layer.Inputs is null, () => $"[{string.Join(", ", layer.Inputs!.Select(Literal))}]"));
        yield return ("TrainingOnly", Unless(!layer.TrainingOnly, () => "true"));
        yield return ("Weights", Unless(layer.Weights.Length == 0, () => Literal(layer.Weights)));
        yield return ("Tied", Unless(layer.Tied.Length == 0, () => Literal(layer.Tied)));
    }

    /// <summary>The numbers of one axis of a window, without those at the end that are the runtime's defaults.</summary>
    private static string WindowOf(LayerWindow window)
    {
        WindowAxis axis = window.Axis;
        int[] numbers = [axis.Kernel, axis.Stride, axis.Dilation, axis.PadBefore, axis.PadAfter, window.OutputPadding];
        int[] without = [0, 1, 1, 0, 0, 0];
        int count = numbers.Length;
        while (numbers[count - 1] == without[count - 1])
        {
            count--;
        }

        return $"new({Extents(numbers.Take(count))})";
    }

    private static string ValuesOf(IEnumerable<ArgumentValue> values) =>
        $"[{string.Join(", ", values.Select(one => $"new({Literal(one.Name)}, {ValueOf(one.Value)})"))}]";

    /// <summary>The value of an argument as an object of the runtime's type.</summary>
    private static string ValueOf(object value) => value switch
    {
        int number => Number(number),
        double number => Double(number),
        bool truth => truth ? "true" : "false",
        string text => Literal(text),
        EquatableArray<double> numbers => $"new double[] {{ {string.Join(", ", numbers.Select(Double))} }}",
        Enum member => EnumText.Format(member.GetType(), Convert.ToInt32(member, CultureInfo.InvariantCulture), "global::Strata."),
        _ => throw new ArgumentException($"An argument of the type {value.GetType()}.", nameof(value)),
    };

    /// <summary>What the runtime would not guess of a parameter.</summary>
    private static string Properties(Node node, ParameterSpec parameter)
    {
        var properties = new List<string>();
        bool isBias = parameter.KeyOf(node.Layer).EndsWith(".bias", StringComparison.Ordinal);
        if (parameter.Role != (isBias ? ParameterRole.Bias : ParameterRole.Weight))
        {
            properties.Add($"Role = global::Strata.ParameterRole.{parameter.Role}");
        }

        if (node.Frozen)
        {
            properties.Add("Frozen = true");
        }

        if (parameter.OwnKey is { } own && (own.Length == 0 || own.Contains('.')))
        {
            properties.Add($"Layer = {Literal(node.Layer)}");
        }

        if (parameter.Gain != 1)
        {
            properties.Add($"Gain = {Single(parameter.Gain)}");
        }

        return properties.Count == 0 ? "" : $" {{ {string.Join(", ", properties)} }}";
    }

    public static string Loss(LossDescription network)
    {
        Loss loss = network.Loss;
        string options = loss.Reduction == Reduction.Mean ? "" : $", global::Strata.Reduction.{loss.Reduction}";
        options += loss.MeanWeights.Count == 0 ? "" : $", MeanWeights: [{string.Join(", ", loss.MeanWeights.Select(Single))}]";
        string properties = $"TargetLength = {Number(network.TargetLength)}"
            + (network.TargetOffset > 0 ? $", TargetOffset = {Number(network.TargetOffset)}" : "")
            + (loss.IgnoreIndex is { } index ? $", IgnoreIndex = {Number(index)}" : "")
            + $", Tensor = {Literal(network.Tensor)}"
            + (network.Weight == 1 ? "" : $", Weight = {network.Weight.ToString("R", CultureInfo.InvariantCulture)}")
            + (network.OutputOffset is { } offset ? $", OutputOffset = {Number(offset)}" : "")
            + (network.Classes is { } classes ? $", Classes = {Number(classes)}" : "")
            + (network.Values.Count == 0 ? "" : $", Values = {ValuesOf(network.Values)}")
            + (network.Function.Length == 0 ? "" : $", Function = {Literal(network.Function)}");
        return $"new {Training}LossInfo({Literal(loss.Name)}, {Training}TargetKind.{loss.Targets}{options}) {{ {properties} }}";
    }

    public static string Text(IEnumerable<Shape> shapes) => string.Join(" and ", shapes);

    /// <summary>What a layer reads, before parts of it without a name have changed it.</summary>
    public static Shape ReadBy(NetworkGraph graph, Node node)
    {
        Node input = graph.Nodes[node.Inputs[0]];
        return input.PartOf is null ? input.Shape : ReadBy(graph, input);
    }

    /// <summary><c>weight (6, 1, 5, 5), bias (6)</c>.</summary>
    public static string ParametersText(NetworkGraph graph, Node node) => string.Join(
        ", ", NetworkDescription.ParametersOf(graph, node)
            .Select(parameter => $"<c>{parameter.Suffix}</c> ({Extents(parameter.Extents)})"));

    public static string Extents(IEnumerable<int> extents) => string.Join(", ", extents.Select(Number));

    public static string Literal(string text) => QuotedText.Of(text);
}
