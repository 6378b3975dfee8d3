using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Generator.Declarations;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Operators;
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
    public static void WriteRemarks(SourceWriter writer, NetworkTarget target, NetworkGraph graph)
    {
        if (!target.HasSummary)
        {
            writer.Line($"/// <summary>A network from {Text(InputsOf(graph))} to {Text(OutputsOf(graph))}.</summary>");
        }

        writer.Line("/// <remarks>");
        writer.Line("/// <list type=\"table\">");
        writer.Line(
            "/// <listheader><term>layer</term><description>output, shape rule, parameters, multiply-adds</description></listheader>");
        foreach (Node node in graph.Layers)
        {
            long work = MultiplyAddsOf(graph, node);
            int parameters = Trained(graph, node);
            string formula = node.Formula.Length > 0 ? "; " + node.Formula : "";
            string counts = parameters > 0
                ? string.Format(CultureInfo.InvariantCulture, "; {0:N0} parameters; {1:N0} multiply-adds", parameters, work) : "";
            writer.Line(
                $"/// <item><term>{node.Name}: {node.Kind}</term><description>{node.Shape}{formula}{counts}</description></item>");
        }

        writer.Line("/// </list>");
        writer.Line("/// </remarks>");
    }

    /// <summary>What is the same for all instances, and the choice of a tier's program.</summary>
    public static void WriteDescription(SourceWriter writer, NetworkTarget target, NetworkGraph graph, EquatableArray<Tier> tiers)
    {
        writer.Line($"/// <summary>What {target.PlainName} tells the runtime about itself.</summary>");
        writer.Line(GeneratedHeader.Attribute);
        using SourceWriter.Scope scope = writer.Block($"internal static class {Description}");
        writer.Line("public static readonly global::Strata.NetworkInfo Info = new(");
        writer.Line($"    {Literal(target.PlainName)},");
        writer.Line($"    [{Extents(Whole(InputsOf(graph)))}],");
        writer.Line($"    [{Extents(Whole(OutputsOf(graph)))}],");
        WriteLayers(writer, graph);
        WriteParameters(writer, graph);
        long cost = graph.Layers.Sum(node => MultiplyAddsOf(graph, node) + node.Shape.Length);
        string external = graph.HasExternalLoss ? ", HasExternalLoss = true" : "";
        writer.Line(
            $"    [{string.Join(", ", graph.Losses.Select(l => Loss(graph, l)))}]) {{ SampleCost = "
            + $"{cost.ToString(CultureInfo.InvariantCulture)}{external}{TensorsOf(graph)}{ConstantsOf(graph)}{TiersOf(tiers)} }};");
        writer.Line();
        writer.Line("// NativeAOT knows the conditions, and leaves out the tiers that its processors do not have.");
        writer.Line("public static global::Strata.CompilerServices.NetworkProgram CreateProgram(global::Strata.Isa isa) => isa switch");
        writer.Line("{");
        foreach (Tier tier in tiers)
        {
            writer.Line($"    global::Strata.Isa.{tier.Name}{Condition(tier)} => new {tier.Name}Program(),");
        }

        writer.Line("    _ => throw new global::System.PlatformNotSupportedException(),");
        writer.Line("};");
    }

    private static void WriteLayers(SourceWriter writer, NetworkGraph graph)
    {
        writer.Line("    // Made when first read.");
        writer.Line("    new global::Strata.CompilerServices.LazyList<global::Strata.LayerInfo>(static () =>");
        writer.Line("    [");
        HashSet<int> inferred = graph.Needed(training: false);
        IReadOnlyList<int[]> fields = ReceptiveField.Of(graph);
        Node? before = graph.Inputs.Count() == 1 ? graph.Input : null;
        foreach (Node node in graph.Layers)
        {
            string work = MultiplyAddsOf(graph, node).ToString(CultureInfo.InvariantCulture);
            string field = fields[node.Index].Length == 0 ? "" : $", [{Extents(fields[node.Index])}]";
            writer.Line(
                $"        new({Literal(node.Name)}, {Literal(node.Kind)}, [{Extents(node.Shape.Extents)}], {Literal(node.Formula)}, "
                + $"{Number(Trained(graph, node))}, {work}{field}){Properties(graph, node, before, inferred.Contains(node.Index))},");
            before = node;
        }

        writer.Line("    ]),");
    }

    private static void WriteParameters(SourceWriter writer, NetworkGraph graph)
    {
        writer.Line("    new global::Strata.ParameterInfo[]");
        writer.Line("    {");
        foreach (Node node in graph.Nodes)
        {
            foreach (ParameterSpec parameter in ParametersOf(graph, node))
            {
                writer.Line(
                    $"        new({Literal(parameter.KeyOf(node.Name))}, [{Extents(parameter.Extents)}], "
                    + (parameter.Initializer == Initializer.PyTorchUniform ? "" : $"global::Strata.Initializer.{parameter.Initializer}, ")
                    + $"{Number(parameter.FanIn)}, {Number(parameter.FanOut)}){Properties(node, parameter)},");
            }
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
    private static string TiersOf(EquatableArray<Tier> tiers) => tiers.Equals(Tier.All)
        ? "" : $", Tiers = [{string.Join(", ", tiers.Select(tier => $"global::Strata.Isa.{tier.Name}"))}]";

    /// <summary>The inputs and the outputs, where the runtime would not guess them from the layers.</summary>
    private static string TensorsOf(NetworkGraph graph)
    {
        Node[] inputs = [.. graph.Inputs];
        HashSet<int> inferred = graph.Needed(training: false);
        Node? last = graph.Layers.LastOrDefault(node => inferred.Contains(node.Index));
        string text = inputs.Length == 1 && inputs[0].Name.Length == 0
            ? "" : $", Inputs = [{string.Join(", ", inputs.Select(node => Tensor(node.Name, node)))}]";
        bool isLast = graph.Outputs.Count == 1 && graph.Outputs[0].Name.Length == 0
            && SkipParts(graph, graph.Output).Index == last?.Index;
        return isLast ? text : text + $", Outputs = [{string.Join(", ", graph.Outputs.Select(output => Tensor(
                output.Name.Length > 0 ? output.Name : "output", graph.Nodes[output.Node])))}]";

        string Tensor(string name, Node node) =>
            $"new({Literal(name)}, [{Extents(node.Shape.Extents)}], {Literal(NameOf(SkipParts(graph, node)))})";
    }

    /// <summary>By which constants the only input is normalised, if it is.</summary>
    private static string ConstantsOf(NetworkGraph graph)
    {
        Node? first = graph.Inputs.Count() == 1
            ? graph.Nodes.FirstOrDefault(node =>
                node.Operation.ChannelConstants is not null && node.Inputs.Count == 1 && node.Inputs[0] == graph.Input.Index) : null;
        return first?.Operation.ChannelConstants is not var (means, deviations) ? ""
            : $", InputNormalization = new([{Doubles(means)}], [{Doubles(deviations)}])";

        static string Doubles(IEnumerable<double> values) =>
            string.Join(", ", values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
    }

    /// <summary>What the runtime would not guess of a layer.</summary>
    /// <param name="before">What it reads where nothing else is said; null where something has to be said.</param>
    private static string Properties(NetworkGraph graph, Node node, Node? before, bool isInferred)
    {
        var properties = new List<string>();
        if (node.Arguments.Length > 0)
        {
            properties.Add($"Arguments = {Literal(node.Arguments)}");
        }

        if (node.Values.Count > 0)
        {
            properties.Add($"Values = [{string.Join(", ", node.Values.Select(one => $"new({Literal(one.Name)}, {ValueOf(one.Value)})"))}]");
        }

        if (node.Windows.Count > 0)
        {
            properties.Add($"Windows = [{string.Join(", ", node.Windows.Select(WindowOf))}]");
        }

        if (node.IsDeclared && FunctionOf(node) is { Length: > 0 } function)
        {
            properties.Add($"Function = {Literal(function)}");
        }

        List<Node> inputs = node.Inputs.Select(input => SkipParts(graph, graph.Nodes[input])).ToList();
        if (inputs.Count != 1 || inputs[0].Index != before?.Index)
        {
            properties.Add(
                $"Inputs = [{string.Join(", ", inputs.Select(input => Literal(NameOf(input))))}]");
        }

        if (!isInferred)
        {
            properties.Add("TrainingOnly = true");
        }

        return properties.Count == 0 ? "" : $" {{ {string.Join(", ", properties)} }}";
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

    /// <summary>The value of an argument as an object of the runtime's type.</summary>
    private static string ValueOf(object value) => value switch
    {
        int number => Number(number),
        double number => Double(number),
        bool truth => truth ? "true" : "false",
        string text => Literal(text),
        EquatableArray<double> numbers => $"new double[] {{ {string.Join(", ", numbers.Select(Double))} }}",
        Enum member => EnumText.Of(member.GetType(), Convert.ToInt32(member, CultureInfo.InvariantCulture), "global::Strata."),
        _ => throw new ArgumentException($"An argument of the type {value.GetType()}.", nameof(value)),
    };

    /// <summary>
    /// The formula of a layer that a project declares. Its tensors are <c>x</c> and <c>y</c>, and its trained numbers <c>trained.KEY</c>.
    /// </summary>
    private static string FunctionOf(Node node)
    {
        Expression? value = node.Operation.FormulaOf([new("x"), new("y")], suffix => new Variable("trained." + suffix));
        return value is null ? "" : FormulaText.Write(value).ToString();
    }

    private static string NameOf(Node node) => node.Name.Length > 0 ? node.Name : "input";

    /// <summary>What users know as the layer whose output a node is: the padding in front of a layer is a part of that layer.</summary>
    private static Node SkipParts(NetworkGraph graph, Node node) =>
        node.PartOf is null ? node : SkipParts(graph, graph.Nodes[node.Inputs[0]]);

    /// <summary>What the runtime would not guess of a parameter.</summary>
    private static string Properties(Node node, ParameterSpec parameter)
    {
        var properties = new List<string>();
        if (parameter.Role is not (ParameterRole.Weight or ParameterRole.Bias))
        {
            properties.Add($"Role = global::Strata.ParameterRole.{parameter.Role}");
        }

        if (node.Frozen)
        {
            properties.Add("Frozen = true");
        }

        if (parameter.OwnKey is { Length: 0 })
        {
            properties.Add($"Layer = {Literal(node.Name)}");
        }

        if (parameter.Gain != 1)
        {
            properties.Add($"Gain = {Single(parameter.Gain)}");
        }

        return properties.Count == 0 ? "" : $" {{ {string.Join(", ", properties)} }}";
    }

    private static string Loss(NetworkGraph graph, NetworkLoss networkLoss)
    {
        Loss loss = networkLoss.Loss;
        Shape shape = graph.Nodes[networkLoss.Node].Shape;
        string options = loss.Reduction == Reduction.Mean ? "" : $", global::Strata.Reduction.{loss.Reduction}";
        options += loss.MeanWeights.Count == 0 ? "" : $", MeanWeights: [{string.Join(", ", loss.MeanWeights.Select(Single))}]";
        string properties = $"TargetLength = {Number(loss.TargetLength(shape))}"
            + (networkLoss.TargetOffset > 0 ? $", TargetOffset = {Number(networkLoss.TargetOffset)}" : "")
            + (loss.IgnoreIndex is { } index ? $", IgnoreIndex = {Number(index)}" : "")
            + $", Tensor = {Literal(graph.Nodes[networkLoss.Node].Name)}"
            + (networkLoss.Weight == 1 ? "" : $", Weight = {networkLoss.Weight.ToString("R", CultureInfo.InvariantCulture)}")
            + (graph.Outputs.FirstOrDefault(o => o.Node == networkLoss.Node) is { } output
                ? $", OutputOffset = {Number(graph.OffsetOf(output))}" : "")
            + (loss.TakesClasses ? $", Classes = {Number(shape.Channels)}" : "");
        return $"new {Training}LossInfo({Literal(loss.Name)}, {Training}TargetKind.{loss.Targets}{options}) {{ {properties} }}";
    }

    private static List<Shape> InputsOf(NetworkGraph graph) => graph.Inputs.Select(node => node.Shape).ToList();

    private static List<Shape> OutputsOf(NetworkGraph graph) => graph.Outputs.Select(output => graph.Nodes[output.Node].Shape).ToList();

    public static string Text(IEnumerable<Shape> shapes) => string.Join(" and ", shapes);

    /// <summary>The extents of what stands one behind the other in a sample.</summary>
    public static int[] Whole(List<Shape> shapes) => shapes.Count == 1 ? shapes[0].Extents : [shapes.Sum(shape => shape.Length)];

    private static Shape InputOf(NetworkGraph graph, Node node) => graph.Nodes[node.Inputs[0]].Shape;

    private static long MultiplyAddsOf(NetworkGraph graph, Node node) => node.Operation.MultiplyAdds(InputOf(graph, node), node.Shape);

    /// <summary>What a layer reads, before parts of it without a name have changed it.</summary>
    public static Shape ReadBy(NetworkGraph graph, Node node)
    {
        Node input = graph.Nodes[node.Inputs[0]];
        return input.PartOf is null ? input.Shape : ReadBy(graph, input);
    }

    public static EquatableArray<ParameterSpec> ParametersOf(NetworkGraph graph, Node node) =>
        node.Inputs.Count == 0 ? EquatableArray<ParameterSpec>.Empty : node.Operation.Parameters(InputOf(graph, node));

    /// <summary>Elements of a layer's parameters; running statistics are none.</summary>
    private static int Trained(NetworkGraph graph, Node node) =>
        ParametersOf(graph, node).Where(p => p.Role != ParameterRole.Buffer).Sum(p => p.Length);

    /// <summary><c>weight (6, 1, 5, 5), bias (6)</c>.</summary>
    public static string ParametersText(NetworkGraph graph, Node node) => string.Join(
        ", ", ParametersOf(graph, node).Select(parameter => $"<c>{parameter.Suffix}</c> ({Extents(parameter.Extents)})"));

    public static string Extents(IEnumerable<int> extents) => string.Join(", ", extents.Select(Number));

    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
