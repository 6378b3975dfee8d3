using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Generator.Graph;
using Strata.Generator.Operators;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Emission;

/// <summary>Writes the user's part of a network: constants, constructors, layers, and the trainer where a loss stands.</summary>
internal static class SurfaceWriter
{
    public static string Write(NetworkTarget target, NetworkGraph graph, NetworkSurface surface, CancellationToken cancellationToken)
    {
        var writer = new SourceWriter();
        GeneratedHeader.Write(writer);
        var scopes = new Stack<SourceWriter.Scope>();
        if (target.Namespace.Length > 0)
        {
            scopes.Push(writer.Block("namespace " + target.Namespace));
        }

        foreach (string type in target.ContainingTypes)
        {
            scopes.Push(writer.Block(type));
        }

        var types = new SurfaceTypes(throws: null);
        WriteRemarks(writer, target, graph);
        cancellationToken.ThrowIfCancellationRequested();
        writer.Line(GeneratedHeader.Attribute);
        using (writer.Block($"partial class {target.Name} : global::Strata.CompiledNetwork"))
        {
            WriteMembers(writer, target, graph, surface, types);
        }

        cancellationToken.ThrowIfCancellationRequested();
        while (scopes.Count > 0)
        {
            scopes.Pop().Dispose();
        }

        // What the members need stands apart from them: whatever the user's class declares, no name can clash.
        writer.Line();
        using (writer.Block("namespace " + TierWriter.NamespaceOf(target)))
        {
            WriteDescription(writer, target, graph);
            foreach (List<string> type in types.Types)
            {
                writer.Line();
                foreach (string line in type)
                {
                    writer.Line(line);
                }
            }
        }

        return writer.ToString();
    }

    /// <summary>The trainer whose Step takes such targets.</summary>
    public static string TrainerOf(TargetKind targets) =>
        "global::Strata." + (targets == TargetKind.Classes ? "ClassificationTrainer" : "RegressionTrainer");

    private static string Loss(NetworkGraph graph, NetworkLoss networkLoss)
    {
        Loss loss = networkLoss.Loss;
        Shape shape = graph.Nodes[networkLoss.Node].Shape;
        const string Space = "global::Strata.";
        string options = loss.Reduction == Reduction.Mean ? "" : $", {Space}Reduction.{loss.Reduction}";
        options += loss.MeanWeights.Count == 0 ? "" : $", MeanWeights: [{string.Join(", ", loss.MeanWeights.Select(Single))}]";
        string properties = $"TargetLength = {Number(loss.TargetLength(shape))}"
            + (networkLoss.TargetOffset > 0 ? $", TargetOffset = {Number(networkLoss.TargetOffset)}" : "")
            + (loss.IgnoreIndex is { } index ? $", IgnoreIndex = {Number(index)}" : "")
            + $", Tensor = {Literal(graph.Nodes[networkLoss.Node].Name)}"
            + (networkLoss.Weight == 1 ? "" : $", Weight = {networkLoss.Weight.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}")
            + (graph.Outputs.FirstOrDefault(o => o.Node == networkLoss.Node) is { } output ? $", OutputOffset = {Number(graph.OffsetOf(output))}" : "")
            + (loss.Targets == TargetKind.Classes ? $", Classes = {Number(shape.Channels)}" : "");
        return $"new {Space}CompilerServices.LossInfo({Literal(loss.Name)}, {Space}CompilerServices.TargetKind.{loss.Targets}{options}) {{ {properties} }}";
    }

    private static IEnumerable<Node> Layers(NetworkGraph graph) => graph.Nodes.Where(node => node.Operation is not InputOperation);

    private static List<Shape> InputsOf(NetworkGraph graph) => graph.Inputs.Select(node => node.Shape).ToList();

    private static List<Shape> OutputsOf(NetworkGraph graph) => graph.Outputs.Select(output => graph.Nodes[output.Node].Shape).ToList();

    private static string Text(IEnumerable<Shape> shapes) => string.Join(" and ", shapes);

    /// <summary>The extents of what stands one behind the other in a sample.</summary>
    private static int[] Whole(List<Shape> shapes) => shapes.Count == 1 ? shapes[0].Extents : [shapes.Sum(shape => shape.Length)];

    private static Shape InputOf(NetworkGraph graph, Node node) => graph.Nodes[node.Inputs[0]].Shape;

    private static EquatableArray<ParameterSpec> ParametersOf(NetworkGraph graph, Node node) =>
        node.Inputs.Count == 0 ? EquatableArray<ParameterSpec>.Empty : node.Operation.Parameters(InputOf(graph, node));

    /// <summary>Elements of a layer's parameters; running statistics are none.</summary>
    private static int Trained(NetworkGraph graph, Node node) =>
        ParametersOf(graph, node).Where(p => p.Role != ParameterRole.Buffer).Sum(p => p.Length);

    /// <summary><c>weight (6, 1, 5, 5), bias (6)</c>.</summary>
    private static string ParametersText(NetworkGraph graph, Node node) => string.Join(
        ", ", ParametersOf(graph, node).Select(parameter => $"<c>{parameter.Suffix}</c> ({Extents(parameter.Extents)})"));

    private static string Extents(IEnumerable<int> extents) => string.Join(", ", extents.Select(Number));

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>The layer table, where an editor shows it. A summary is the user's own.</summary>
    private static void WriteRemarks(SourceWriter writer, NetworkTarget target, NetworkGraph graph)
    {
        if (!target.HasSummary)
        {
            writer.Line($"/// <summary>A network from {Text(InputsOf(graph))} to {Text(OutputsOf(graph))}.</summary>");
        }

        writer.Line("/// <remarks>");
        writer.Line("/// <list type=\"table\">");
        writer.Line("/// <listheader><term>layer</term><description>output, shape rule, parameters, multiply-adds</description></listheader>");
        foreach (Node node in Layers(graph))
        {
            long work = node.Operation.MultiplyAdds(InputOf(graph, node), node.Shape);
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

    private static void WriteMembers(
        SourceWriter writer, NetworkTarget target, NetworkGraph graph, NetworkSurface surface, SurfaceTypes types)
    {
        const string Options = "global::Strata.NetworkOptions";
        string generated = "global::" + TierWriter.NamespaceOf(target);
        int total = graph.Nodes.Sum(n => Trained(graph, n));
        List<Shape> inputs = InputsOf(graph), outputs = OutputsOf(graph);
        writer.Line($"/// <summary>Floats of one input: {Text(inputs)}.</summary>");
        writer.Line($"public const int InputLength = {Number(graph.InputLength)};");
        writer.Line();
        writer.Line($"/// <summary>Floats of one output: {Text(outputs)}.</summary>");
        writer.Line($"public const int OutputLength = {Number(graph.OutputLength)};");
        writer.Line();
        writer.Line("/// <summary>Number of trainable parameters.</summary>");
        writer.Line($"public const int ParameterCount = {Number(total)};");
        writer.Line();
        writer.Line("/// <summary>Extents of one input.</summary>");
        writer.Line($"public static global::System.ReadOnlySpan<int> InputShape => [{Extents(Whole(inputs))}];");
        writer.Line();
        writer.Line("/// <summary>Extents of one output.</summary>");
        writer.Line($"public static global::System.ReadOnlySpan<int> OutputShape => [{Extents(Whole(outputs))}];");
        writer.Line();
        writer.Line("/// <summary>Creates a network with fresh parameters, drawn from seed 0, in the processor's best tier.</summary>");
        using (writer.Block($"public {target.Name}() : this(new {Options}())"))
        {
        }

        writer.Line();
        writer.Line("/// <summary>Creates a network with fresh parameters.</summary>");
        writer.Line("/// <param name=\"seed\">The same seed gives the same parameters on every machine.</param>");
        using (writer.Block($"public {target.Name}(ulong seed) : this(new {Options} {{ Seed = seed }})"))
        {
        }

        writer.Line();
        writer.Line("/// <summary>Creates a network with fresh parameters.</summary>");
        writer.Line("/// <param name=\"options\">Tier, threads and seed.</param>");
        using (writer.Block($"public {target.Name}({Options} options) : base({generated}.Description.Info, {generated}.Description.CreateProgram, options)"))
        {
        }

        new NamedTensors(surface).Write(writer);
        if (inputs.Count == 1 && graph.Nodes.Any(node => node.Operation is Normalization && node.Inputs[0] == 0))
        {
            writer.Line();
            writer.Line("/// <summary>Computes the outputs of any number of byte images, whose values are divided by 255 first.</summary>");
            writer.Line($"/// <param name=\"images\">The samples, {Text(inputs)} each, one after the other: a multiple of {Number(graph.InputLength)} bytes.</param>");
            writer.Line("/// <param name=\"outputs\">Receives as many outputs, one after the other.</param>");
            writer.Line("/// <exception cref=\"global::System.ArgumentException\">The lengths do not fit.</exception>");
            writer.Line(
                "public void Forward(global::System.ReadOnlySpan<byte> images, global::System.Span<float> outputs) => "
                + "global::Strata.CompilerServices.TensorBatch.Forward(this, images, outputs);");
        }

        int first = 0;
        List<Node> parametric = graph.Nodes.Where(node => ParametersOf(graph, node).Count > 0).ToList();
        int layer = 0;
        foreach (SurfaceMember member in surface.Members)
        {
            int count = SurfaceTypes.ParametersOf(member);
            if (count == 0)
            {
                continue;
            }

            // Members and nodes are in one order.
            Node head = parametric[layer];
            int before = first;
            for (; first < before + count; layer++)
            {
                first += ParametersOf(graph, parametric[layer]).Count;
            }

            writer.Line();
            writer.Line(member is BlockSurface
                ? $"/// <summary>{member.Kind}, from {head.Name} to {parametric[layer - 1].Name}.</summary>"
                : $"/// <summary>{head.Name}: {head.Kind}, {InputOf(graph, head)} → {head.Shape}; {ParametersText(graph, head)}.</summary>");
            writer.Line($"public {generated}.{types.TypeOf(member)} {member.Property} => new(this, {Number(before)});");
        }

        if (graph.Loss is { } trained)
        {
            writer.Line();
            writer.Line($"/// <summary>Creates a trainer for this network's loss, {trained.Name}.</summary>");
            writer.Line("/// <param name=\"batchSize\">Most samples of a step, at least 1.</param>");
            writer.Line("/// <param name=\"optimizer\">Turns gradients into steps.</param>");
            writer.Line($"public {TrainerOf(trained.Targets)} CreateTrainer(int batchSize, global::Strata.Optimizer optimizer) => new(this, batchSize, optimizer);");
        }
    }

    /// <summary>What is the same for all instances, and the choice of a tier's program.</summary>
    private static void WriteDescription(SourceWriter writer, NetworkTarget target, NetworkGraph graph)
    {
        const string Info = "global::Strata.CompilerServices.NetworkInfo", Layer = "global::Strata.CompilerServices.LayerInfo";
        const string Parameter = "global::Strata.CompilerServices.ParameterInfo";
        writer.Line($"/// <summary>What {target.Name} tells the runtime about itself.</summary>");
        writer.Line(GeneratedHeader.Attribute);
        using SourceWriter.Scope scope = writer.Block("internal static class Description");
        writer.Line($"public static readonly {Info} Info = new(");
        writer.Line($"    {Literal(target.Name)},");
        writer.Line($"    [{Extents(Whole(InputsOf(graph)))}],");
        writer.Line($"    [{Extents(Whole(OutputsOf(graph)))}],");
        writer.Line($"    new {Layer}[]");
        writer.Line("    {");
        HashSet<int> inferred = graph.Needed(training: false);
        IReadOnlyList<int[]> fields = ReceptiveField.Of(graph);
        foreach (Node node in Layers(graph))
        {
            long work = node.Operation.MultiplyAdds(InputOf(graph, node), node.Shape);
            string field = fields[node.Index].Length == 0 ? "" : $", [{Extents(fields[node.Index])}]";
            string properties = inferred.Contains(node.Index) ? "" : " { TrainingOnly = true }";
            writer.Line(
                $"        new({Literal(node.Name)}, {Literal(node.Kind)}, [{Extents(node.Shape.Extents)}], {Literal(node.Formula)}, "
                + $"{Number(Trained(graph, node))}, {work.ToString(CultureInfo.InvariantCulture)}{field}){properties},");
        }

        writer.Line("    },");
        writer.Line($"    new {Parameter}[]");
        writer.Line("    {");
        foreach (Node node in graph.Nodes)
        {
            foreach (ParameterSpec parameter in ParametersOf(graph, node))
            {
                writer.Line(
                    $"        new({Literal(node.Name + "." + parameter.Suffix)}, [{Extents(parameter.Extents)}], "
                    + $"global::Strata.Initializer.{parameter.Initializer}, {Number(parameter.FanIn)}, {Number(parameter.FanOut)}){Properties(node, parameter)},");
            }
        }

        writer.Line("    },");
        writer.Line($"    [{string.Join(", ", graph.Losses.Select(l => Loss(graph, l)))}]);");
        writer.Line();
        writer.Line();
        writer.Line("public static global::Strata.CompilerServices.NetworkProgram CreateProgram(global::Strata.Isa isa) => isa switch");
        writer.Line("{");
        writer.Line("    global::Strata.Isa.Avx512 => new Avx512Program(),");
        writer.Line("    global::Strata.Isa.Avx2 => new Avx2Program(),");
        writer.Line("    _ => new Vector128Program(),");
        writer.Line("};");
    }

    /// <summary>What the runtime would not guess of a parameter.</summary>
    private static string Properties(Node node, ParameterSpec parameter)
    {
        var properties = new List<string>();
        if (parameter.Role is not (ParameterRole.Weight or ParameterRole.Bias))
        {
            properties.Add($"Role = global::Strata.CompilerServices.ParameterRole.{parameter.Role}");
        }

        if (node.Frozen)
        {
            properties.Add("Frozen = true");
        }

        if (parameter.Gain != 1)
        {
            properties.Add($"Gain = {Single(parameter.Gain)}");
        }

        return properties.Count == 0 ? "" : $" {{ {string.Join(", ", properties)} }}";
    }
}
