using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Generator.Declarations;
using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;
using static Strata.Generator.Printing.Literals;

namespace Strata.Generator.Printing;

/// <summary>
/// Writes the user's part of a network: constants, constructors, layers, and the trainer where a loss stands. A network that cannot be compiled has
/// all of them too, so that the rest of the program compiles and one mistake shows as one error; whoever runs it is told the rule.
/// </summary>
internal sealed class SurfaceWriter
{
    /// <summary>The class behind the members, in the network's generated namespace.</summary>
    public const string Description = "Description";

    /// <summary>What the names of trainers, optimizers and losses begin with.</summary>
    private const string Training = "global::Strata.Training.";

    /// <summary>Its constant by which the analyzer knows a network that could not be compiled.</summary>
    public const string Marker = "Problem";

    /// <summary>
    /// A length that is not known while a layer is wrong. Other code computes with it at compile time, so it is no 0 and no 1: it divides by small
    /// numbers, is more than what might be taken from it, and times a batch still an int.
    /// </summary>
    private const int UnknownLength = 5040;

    private readonly SourceWriter _writer = new();
    private readonly NetworkTarget _target;
    private readonly NetworkSurface _surface;
    private readonly NetworkGraph? _graph;
    private readonly EquatableArray<Problem> _errors;
    private readonly string _generated;

    /// <summary>What members do where there is no graph; otherwise null.</summary>
    private readonly string? _throws;

    private string Interface => $"global::Strata.INetwork<{_target.Name}>";

    private bool _hasMembers;

    /// <summary>Members that are left out, or stand there already: the compiler would report that they clash with the user's instead of the rule.</summary>
    private readonly HashSet<string> _leftOut;

    private SurfaceWriter(NetworkTarget target, NetworkSurface surface, NetworkGraph? graph, EquatableArray<Problem> errors)
    {
        (_target, _surface, _graph, _errors) = (target, surface, graph, errors);
        _generated = "global::" + target.GeneratedNamespace;
        _throws = graph is null ? $"throw new global::System.InvalidOperationException({_generated}.{Description}.{Marker})" : null;
        _leftOut = [.. surface.LeftOut, .. errors.Where(error => error.Id == Rules.GeneratedMemberClash.Id).Select(error => error.Arguments[1])];
        if (errors.Any(error => error.Id == Rules.ClassClash.Id))
        {
            // A constructor is no method of that name.
            _leftOut.Add(target.PlainName);
        }

        // Where a name is another kind of member, no method can have it.
        _leftOut.UnionWith(SurfaceNames.SignaturesOf(surface).Where(signature => _leftOut.Contains(SurfaceNames.NameOf(signature))).ToList());
    }

    public static string Write(NetworkTarget target, NetworkGraph graph, NetworkSurface surface, CancellationToken cancellationToken) =>
        new SurfaceWriter(target, surface, graph, EquatableArray<Problem>.Empty).Write(cancellationToken);

    /// <summary>The members of a network that cannot be compiled, because of these errors.</summary>
    public static string Write(NetworkTarget target, NetworkSurface surface, EquatableArray<Problem> errors) =>
        new SurfaceWriter(target, surface, null, errors).Write(CancellationToken.None);

    private string Write(CancellationToken cancellationToken)
    {
        GeneratedHeader.Write(_writer);
        if (_graph is null)
        {
            _writer.Line("// This network cannot be compiled:");
            foreach (Problem error in _errors)
            {
                _writer.Line("// " + NetworkErrors.TextOf(error));
            }

            _writer.Line();
        }

        var scopes = new Stack<SourceWriter.Scope>();
        if (_target.Namespace.Length > 0)
        {
            scopes.Push(_writer.Block("namespace " + _target.Namespace));
        }

        foreach (string type in _target.ContainingTypes)
        {
            scopes.Push(_writer.Block(type));
        }

        var types = new SurfaceTypes();
        if (_graph is not null)
        {
            WriteRemarks(_writer, _target, _graph);
        }

        cancellationToken.ThrowIfCancellationRequested();
        _writer.Line(GeneratedHeader.Attribute);
        using (_writer.Block($"partial class {_target.Name} : global::Strata.CompiledNetwork, {Interface}"))
        {
            WriteLengths();
            WriteConstructors();
            WriteTensors();
            WriteLayers(types);
            WriteTrainer();
            WriteStatics();
        }

        cancellationToken.ThrowIfCancellationRequested();
        while (scopes.Count > 0)
        {
            scopes.Pop().Dispose();
        }

        // What the members need stands apart from them: whatever the user's class declares, no name can clash.
        _writer.Line();
        using (_writer.Block("namespace " + _target.GeneratedNamespace))
        {
            if (_graph is not null)
            {
                WriteDescription(_writer, _target, _graph);
            }
            else
            {
                WriteRefusal();
            }

            foreach (List<string> type in types.Types)
            {
                _writer.Line();
                foreach (string line in type)
                {
                    _writer.Line(line);
                }
            }
        }

        return _writer.ToString();
    }

    /// <summary>Begins a member, unless it is left out.</summary>
    private bool Begin(string member)
    {
        if (_leftOut.Contains(member))
        {
            return false;
        }

        _leftOut.Add(member);
        if (_hasMembers)
        {
            _writer.Line();
        }

        _hasMembers = true;
        return true;
    }

    /// <summary>The constants of the sample as a whole.</summary>
    private void WriteLengths()
    {
        WriteLength("Floats of one input", "InputLength", _surface.Inputs);
        WriteLength("Floats of one output", "OutputLength", _surface.Outputs);
        WriteConstant("Number of trainable parameters.", "ParameterCount", _surface.ParameterCount);
        WriteExtents("Extents of one input.", "InputShape", _surface.Inputs);
        WriteExtents("Extents of one output.", "OutputShape", _surface.Outputs);
    }

    private void WriteLength(string summary, string name, EquatableArray<TensorSurface> tensors)
    {
        // Where one is not known, neither is their sum.
        bool known = tensors.Count > 0 && tensors.All(tensor => tensor.Shape is not null);
        string shapes = known ? ": " + Text(tensors.Select(tensor => tensor.Shape!.Value)) : "";
        WriteConstant($"{summary}{shapes}.", name, known ? tensors.Sum(tensor => (long)tensor.Shape!.Value.Length) : null);
    }

    private void WriteConstant(string summary, string name, long? value)
    {
        if (!Begin(name))
        {
            return;
        }

        bool known = value is >= 0 and <= int.MaxValue;
        string hides = name is "InputLength" or "OutputLength" ? "new " : "";
        _writer.Line($"/// <summary>{summary}{(known ? "" : " Not known while the network cannot be compiled: this is a number for other code to compile with.")}</summary>");
        _writer.Line($"public {hides}const int {name} = {Arithmetic.Number(known ? value!.Value : UnknownLength)};");
    }

    private void WriteExtents(string summary, string name, EquatableArray<TensorSurface> tensors)
    {
        if (Begin(name))
        {
            _writer.Line($"/// <summary>{summary}</summary>");
            string extents = _throws ?? $"[{Extents(Whole(tensors.Select(tensor => tensor.Shape!.Value).ToList()))}]";
            _writer.Line($"public static global::System.ReadOnlySpan<int> {name} => {extents};");
        }
    }

    private void WriteConstructors()
    {
        const string Options = "global::Strata.NetworkOptions";
        WriteConstructor("", "Creates a network with fresh parameters, drawn from seed 0, in the processor's best tier.", "", "", $"this(new {Options}())");
        WriteConstructor(
            "ulong", "Creates a network with fresh parameters.", "ulong seed", "The same seed gives the same parameters on every machine.",
            $"this(new {Options} {{ Seed = seed }})");
        WriteConstructor(
            "Strata.NetworkOptions", "Creates a network with fresh parameters.", $"{Options} options", "Tier, threads and seed.",
            $"base({_generated}.{Description}.Info, {_generated}.{Description}.CreateProgram, options)");
    }

    private void WriteConstructor(string signature, string summary, string parameter, string purpose, string initializer)
    {
        if (!Begin($"{_target.PlainName}({signature})"))
        {
            return;
        }

        _writer.Line($"/// <summary>{summary}</summary>");
        if (parameter.Length > 0)
        {
            _writer.Line($"/// <param name=\"{parameter.Substring(parameter.LastIndexOf(' ') + 1)}\">{purpose}</param>");
        }

        using (_writer.Block($"public {_target.Name}({parameter}) : {initializer}"))
        {
        }
    }

    /// <summary>What there is for several inputs or outputs, and for images.</summary>
    private void WriteTensors()
    {
        var tensors = new NamedTensors(_surface);
        foreach ((string identifier, TensorSurface tensor) in tensors.Several)
        {
            EquatableArray<TensorSurface> one = EquatableArray.Of(tensor);
            WriteLength($"Floats of one sample of {identifier}", identifier + "Length", one);
            WriteExtents($"Extents of one sample of {identifier}.", identifier + "Shape", one);
        }

        if (SurfaceNames.NamedSignature(_surface) is { } signature && Begin(signature))
        {
            tensors.WriteForward(_writer, _throws);
        }

        if (_surface.TakesBytes && Begin(SurfaceNames.BytesSignature))
        {
            string sample = _surface.Inputs[0].Shape is { } shape ? $", {shape} each, one after the other: a multiple of {Number(shape.Length)} bytes" : "";
            _writer.Line("/// <summary>Computes the outputs of any number of byte images, whose values are divided by 255 first.</summary>");
            _writer.Line($"/// <param name=\"images\">The samples{sample}.</param>");
            _writer.Line("/// <param name=\"outputs\">Receives as many outputs, one after the other.</param>");
            _writer.Line("/// <exception cref=\"global::System.ArgumentException\">The lengths do not fit.</exception>");
            _writer.Line(
                "public void Forward(global::System.ReadOnlySpan<byte> images, global::System.Span<float> outputs) => "
                + $"{_throws ?? "global::Strata.CompilerServices.TensorBatch.Forward(this, images, outputs)"};");
        }
    }

    /// <summary>A property for each layer and block that has parameters.</summary>
    private void WriteLayers(SurfaceTypes types)
    {
        int first = 0, layer = 0;
        List<Node> parametric = _graph?.Nodes.Where(node => ParametersOf(_graph, node).Count > 0).ToList() ?? [];
        foreach (SurfaceMember member in _surface.Members.Where(member => SurfaceTypes.ParametersOf(member) > 0))
        {
            // What cannot be compiled has no instance whose layers somebody could ask for.
            string summary = member.Kind + ".", value = _graph is null ? "default" : $"new(this, {Number(first)})";
            if (_graph is not null)
            {
                // Members and nodes are in one order.
                Node head = parametric[layer];
                for (int behind = first + SurfaceTypes.ParametersOf(member); first < behind; layer++)
                {
                    first += ParametersOf(_graph, parametric[layer]).Count;
                }

                summary = member is BlockSurface
                    ? $"{member.Kind}, from {head.Name} to {parametric[layer - 1].Name}."
                    : $"{head.Name}: {head.Kind}, {ReadBy(_graph, head)} → {head.Shape}; {ParametersText(_graph, head)}.";
            }

            Begin(member.Property);
            _writer.Line($"/// <summary>{summary}</summary>");
            _writer.Line($"public {_generated}.{types.TypeOf(member)} {member.Property} => {value};");
        }
    }

    private void WriteTrainer()
    {
        if (_surface.Trainer is { } trainer && Begin(SurfaceNames.TrainerSignature))
        {
            string[] losses = _graph?.Losses.Select(loss => loss.Loss.Name).Distinct().ToArray() ?? [];
            string purpose = trainer == NetworkEnds.PlainTrainer ? "a loss that the caller computes" : "this network's loss"
                + (losses.Length > 1 ? $"es, {string.Join(" and ", losses)}" : string.Concat(losses.Select(loss => ", " + loss)));
            string cast = trainer == NetworkEnds.PlainTrainer ? "" : $"({Training}{trainer})";
            _writer.Line($"/// <summary>Creates a trainer for {purpose}.</summary>");
            _writer.Line("/// <param name=\"batchSize\">Most samples of a step, at least 1.</param>");
            _writer.Line("/// <param name=\"optimizer\">Turns gradients into steps.</param>");
            _writer.Line(
                $"public {Training}{trainer} CreateTrainer(int batchSize, {Training}Optimizer optimizer) => "
                + $"{_throws ?? $"{cast}{Training}Trainer.For(this, batchSize, optimizer)"};");
        }
    }

    /// <summary>
    /// What code that takes any network by its type asks of it. Implemented explicitly: whatever the class declares, no name can clash.
    /// </summary>
    private void WriteStatics()
    {
        string create = _throws ?? (_target.HasRequiredMembers
            ? $"throw new global::System.NotSupportedException({Literal($"{_target.PlainName} has required members, which its creator must set.")})"
            : "new(options)");
        Begin(Interface + ".Info");
        _writer.Line($"static global::Strata.NetworkInfo {Interface}.Info => {_generated}.{Description}.Info;");
        Begin(Interface + ".Create");
        _writer.Line($"static {_target.Name} {Interface}.Create(global::Strata.NetworkOptions options) => {create};");
    }

    /// <summary>What stands in for the description of a network that cannot be compiled: every constructor asks for it.</summary>
    private void WriteRefusal()
    {
        _writer.Line(GeneratedHeader.Attribute);
        using SourceWriter.Scope scope = _writer.Block($"internal static class {Description}");
        _writer.Line($"public const string {Marker} = {Literal(string.Join(" ", _errors.Select(NetworkErrors.TextOf)))};");
        _writer.Line();
        _writer.Line($"public static global::Strata.NetworkInfo Info => {_throws};");
        _writer.Line();
        _writer.Line($"public static global::Strata.CompilerServices.NetworkProgram CreateProgram(global::Strata.Isa isa) => {_throws};");
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
            + (networkLoss.Weight == 1 ? "" : $", Weight = {networkLoss.Weight.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}")
            + (graph.Outputs.FirstOrDefault(o => o.Node == networkLoss.Node) is { } output ? $", OutputOffset = {Number(graph.OffsetOf(output))}" : "")
            + (loss.TakesClasses ? $", Classes = {Number(shape.Channels)}" : "");
        return $"new {Training}LossInfo({Literal(loss.Name)}, {Training}TargetKind.{loss.Targets}{options}) {{ {properties} }}";
    }

    private static List<Shape> InputsOf(NetworkGraph graph) => graph.Inputs.Select(node => node.Shape).ToList();

    private static List<Shape> OutputsOf(NetworkGraph graph) => graph.Outputs.Select(output => graph.Nodes[output.Node].Shape).ToList();

    private static string Text(IEnumerable<Shape> shapes) => string.Join(" and ", shapes);

    /// <summary>The extents of what stands one behind the other in a sample.</summary>
    private static int[] Whole(List<Shape> shapes) => shapes.Count == 1 ? shapes[0].Extents : [shapes.Sum(shape => shape.Length)];

    private static Shape InputOf(NetworkGraph graph, Node node) => graph.Nodes[node.Inputs[0]].Shape;

    /// <summary>What a layer reads, before parts of it without a name have changed it.</summary>
    private static Shape ReadBy(NetworkGraph graph, Node node)
    {
        Node input = graph.Nodes[node.Inputs[0]];
        return input.PartOf is null ? input.Shape : ReadBy(graph, input);
    }

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
        foreach (Node node in graph.Layers)
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

    /// <summary>What is the same for all instances, and the choice of a tier's program.</summary>
    private static void WriteDescription(SourceWriter writer, NetworkTarget target, NetworkGraph graph)
    {
        const string Info = "global::Strata.NetworkInfo", Layer = "global::Strata.LayerInfo";
        const string Parameter = "global::Strata.ParameterInfo";
        writer.Line($"/// <summary>What {target.PlainName} tells the runtime about itself.</summary>");
        writer.Line(GeneratedHeader.Attribute);
        using SourceWriter.Scope scope = writer.Block($"internal static class {Description}");
        writer.Line($"public static readonly {Info} Info = new(");
        writer.Line($"    {Literal(target.PlainName)},");
        writer.Line($"    [{Extents(Whole(InputsOf(graph)))}],");
        writer.Line($"    [{Extents(Whole(OutputsOf(graph)))}],");
        writer.Line($"    new {Layer}[]");
        writer.Line("    {");
        HashSet<int> inferred = graph.Needed(training: false);
        IReadOnlyList<int[]> fields = ReceptiveField.Of(graph);
        Node? before = graph.Inputs.Count() == 1 ? graph.Input : null;
        foreach (Node node in graph.Layers)
        {
            long work = node.Operation.MultiplyAdds(InputOf(graph, node), node.Shape);
            string field = fields[node.Index].Length == 0 ? "" : $", [{Extents(fields[node.Index])}]";
            writer.Line(
                $"        new({Literal(node.Name)}, {Literal(node.Kind)}, [{Extents(node.Shape.Extents)}], {Literal(node.Formula)}, "
                + $"{Number(Trained(graph, node))}, {work.ToString(CultureInfo.InvariantCulture)}{field}){Properties(graph, node, before, inferred.Contains(node.Index))},");
            before = node;
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
        string external = graph.HasExternalLoss ? " { HasExternalLoss = true }" : "";
        writer.Line($"    [{string.Join(", ", graph.Losses.Select(l => Loss(graph, l)))}]){external};");
        writer.Line();
        writer.Line("public static global::Strata.CompilerServices.NetworkProgram CreateProgram(global::Strata.Isa isa) => isa switch");
        writer.Line("{");
        writer.Line("    global::Strata.Isa.Avx512 => new Avx512Program(),");
        writer.Line("    global::Strata.Isa.Avx2 => new Avx2Program(),");
        writer.Line("    _ => new Vector128Program(),");
        writer.Line("};");
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

        List<Node> inputs = node.Inputs.Select(input => SkipParts(graph, graph.Nodes[input])).ToList();
        if (inputs.Count != 1 || inputs[0].Index != before?.Index)
        {
            properties.Add($"Inputs = [{string.Join(", ", inputs.Select(input => Literal(input.Name.Length > 0 ? input.Name : "input")))}]");
        }

        if (!isInferred)
        {
            properties.Add("TrainingOnly = true");
        }

        return properties.Count == 0 ? "" : $" {{ {string.Join(", ", properties)} }}";
    }

    /// <summary>What users know as the layer whose output a node is: the padding in front of a layer is a part of that layer.</summary>
    private static Node SkipParts(NetworkGraph graph, Node node) => node.PartOf is null ? node : SkipParts(graph, graph.Nodes[node.Inputs[0]]);

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

        if (parameter.Gain != 1)
        {
            properties.Add($"Gain = {Single(parameter.Gain)}");
        }

        return properties.Count == 0 ? "" : $" {{ {string.Join(", ", properties)} }}";
    }
}
