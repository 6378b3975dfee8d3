using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Declarations;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Generator.Printing.DescriptionWriter;
using static Strata.Generator.Printing.Literals;

namespace Strata.Generator.Printing;

/// <summary>
/// Writes the user's part of a network: constants, constructors, layers, and the trainer where a loss stands. A network that cannot be
/// compiled has all of them too, so that the rest of the program compiles and one mistake shows as one error; whoever
/// runs it is told the rule.
/// </summary>
internal sealed class SurfaceWriter
{
    /// <summary>Its constant by which the analyzer knows a network that could not be compiled.</summary>
    public const string Marker = "Problem";

    /// <summary>
    /// A length that is not known while a layer is wrong. Other code computes with it at compile time, so it is no 0 and no 1: it divides
    /// by small numbers, is more than what might be taken from it, and times a batch still an int.
    /// </summary>
    private const int UnknownLength = 5040;

    private readonly SourceWriter _writer = new();
    private readonly NetworkTarget _target;
    private readonly NetworkSurface _surface;
    private readonly NetworkGraph? _graph;
    private readonly NetworkDescription? _description;
    private readonly EquatableArray<Tier> _tiers;
    private readonly EquatableArray<Problem> _errors;
    private EquatableArray<SizedGraph> _sizes;
    private SeparateKernels? _separate;
    private readonly string _generated;

    /// <summary>What members do where there is no graph; otherwise null.</summary>
    private readonly string? _throws;

    private string Interface => $"global::Strata.INetwork<{_target.Name}>";

    private bool _hasMembers;

    /// <summary>
    /// Members that are left out, or stand there already: the compiler would report that they clash with the user's instead of the rule.
    /// </summary>
    private readonly HashSet<string> _leftOut;

    private SurfaceWriter(
        NetworkTarget target, NetworkSurface surface, NetworkGraph? graph, EquatableArray<Tier> tiers, EquatableArray<Problem> errors)
    {
        (_target, _surface, _graph, _tiers, _errors) = (target, surface, graph, tiers, errors);
        _description = graph is null ? null : new NetworkDescription(graph);
        _generated = "global::" + target.GeneratedNamespace;
        _throws = graph is null ? $"throw new global::System.InvalidOperationException({_generated}.{Description}.{Marker})" : null;
        _leftOut = [.. surface.LeftOut,
            .. errors.Select(ClassProblems.ClashingMember).OfType<string>()];
        if (errors.Any(error => error.Rule == ClassProblems.NameClashRule))
        {
            // A constructor is no method of that name.
            _leftOut.Add(target.PlainName);
        }

        // Where a name is another kind of member, no method can have it.
        _leftOut.UnionWith(
            SurfaceNames.SignaturesOf(surface).Where(signature => _leftOut.Contains(SurfaceNames.NameOf(signature))).ToList());
    }

    public static string Write(
        NetworkTarget target, NetworkGraph graph, NetworkSurface surface, EquatableArray<Tier> tiers,
        CancellationToken cancellationToken, EquatableArray<SizedGraph> sizes = default, SeparateKernels? separate = null) =>
        new SurfaceWriter(target, surface, graph, tiers, EquatableArray<Problem>.Empty) { _sizes = sizes, _separate = separate }
            .Write(cancellationToken);

    /// <summary>The members of a network that cannot be compiled, because of these errors.</summary>
    public static string Write(NetworkTarget target, NetworkSurface surface, EquatableArray<Problem> errors) =>
        new SurfaceWriter(target, surface, null, EquatableArray<Tier>.Empty, errors).Write(CancellationToken.None);

    private string Write(CancellationToken cancellationToken)
    {
        GeneratedHeader.Write(_writer);
        if (_graph is null)
        {
            WriteProblems();
        }

        _separate?.WriteText(_writer);
        var types = new SurfaceTypes();
        WriteClass(types, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();

        // What the members need stands apart from them: whatever the user's class declares, no name can clash.
        _writer.Line();
        using (_writer.Block("namespace " + _target.GeneratedNamespace))
        {
            if (_graph is not null)
            {
                WriteDescription(_writer, _target, _description!, _tiers, _sizes, _separate);
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

    private void WriteProblems()
    {
        _writer.Line("// This network cannot be compiled:");
        foreach (Problem error in _errors)
        {
            _writer.Line("// " + NetworkErrors.TextOf(error));
        }

        _writer.Line();
    }

    /// <summary>Writes the user's part of the class, inside of the namespace and the types that contain it.</summary>
    /// <param name="types">Receives the types of the layers' properties.</param>
    private void WriteClass(SurfaceTypes types, CancellationToken cancellationToken)
    {
        var scopes = new Stack<SourceWriter.Scope>();
        if (_target.Namespace.Length > 0)
        {
            scopes.Push(_writer.Block("namespace " + _target.Namespace));
        }

        foreach (string type in _target.ContainingTypes)
        {
            scopes.Push(_writer.Block(type));
        }

        if (_graph is not null)
        {
            WriteRemarks(_writer, _target, _description!);
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
            WriteRefusedTrainer();
            WriteStatics();
        }

        while (scopes.Count > 0)
        {
            scopes.Pop().Dispose();
        }
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
        _writer.Line(
            $"/// <summary>{summary}{(known ? "" : " Not known while the network cannot be compiled: this is a "
                + "number for other code to compile with.")}</summary>");
        _writer.Line($"public {hides}const int {name} = {Arithmetic.Number(known ? value!.Value : UnknownLength)};");
    }

    private void WriteExtents(string summary, string name, EquatableArray<TensorSurface> tensors)
    {
        if (Begin(name))
        {
            _writer.Line($"/// <summary>{summary}</summary>");
            string extents = _throws ?? $"[{Extents(NetworkDescription.Whole(tensors.Select(tensor => tensor.Shape!.Value)))}]";
            _writer.Line($"public static global::System.ReadOnlySpan<int> {name} => {extents};");
        }
    }

    private void WriteConstructors()
    {
        const string Options = "global::Strata.NetworkOptions";
        WriteConstructor("", "Creates a network with fresh parameters, drawn from seed 0, in the processor's best tier.", "", "",
            $"this(new {Options}())");
        WriteConstructor(
            "ulong", "Creates a network with fresh parameters.", "ulong seed", "The same seed gives the same parameters on every machine.",
            $"this(new {Options} {{ Seed = seed }})");
        WriteConstructor(
            "Strata.NetworkOptions", "Creates a network with fresh parameters.", $"{Options} options", "Tier, threads and seed.",
            $"base({_generated}.{Description}.Info, {_generated}.{Description}.CreateProgram, options"
            + $"{(_sizes.Count > 0 ? $", {_generated}.{Description}.Sizes" : "")})");
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
            string sample = _surface.Inputs[0].Shape is { } shape
                ? $", {shape} each, one after the other: a multiple of {Number(shape.Length)} bytes" : "";
            _writer.Line(
                "/// <summary>Computes the outputs of any number of byte images, whose values are divided by 255 first.</summary>");
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
        List<Node> parametric = _graph?.Nodes.Where(node => NetworkDescription.ParametersOf(_graph, node).Count > 0).ToList() ?? [];
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
                    first += NetworkDescription.ParametersOf(_graph, parametric[layer]).Count;
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
            string purpose = trainer == TrainerName.Plain ? "a loss that the caller computes" : "this network's loss"
                + (losses.Length > 1 ? $"es, {string.Join(" and ", losses)}" : string.Concat(losses.Select(loss => ", " + loss)));
            string cast = trainer == TrainerName.Plain ? "" : $"({Training}{trainer})";
            _writer.Line($"/// <summary>Creates a trainer for {purpose}.</summary>");
            _writer.Line("/// <param name=\"batchSize\">Most samples of a step, at least 1.</param>");
            _writer.Line("/// <param name=\"optimizer\">Turns gradients into steps.</param>");
            _writer.Line(
                $"public {Training}{trainer} CreateTrainer(int batchSize, {Training}Optimizer optimizer) => "
                + $"{_throws ?? $"{cast}{Training}Trainer.For(this, batchSize, optimizer)"};");
        }
    }

    /// <summary>
    /// Without a loss: editors do not offer it, and a call is an error whose message names the loss. The linker drops it.
    /// </summary>
    private void WriteRefusedTrainer()
    {
        if (_graph is null || !_surface.RefusesTrainer || !Begin(SurfaceNames.TrainerSignature))
        {
            return;
        }

        string message = $"{_target.PlainName} has no loss, so that it cannot be trained. "
            + "Put [CrossEntropy], or another loss, behind its last layer.";
        _writer.Line("/// <summary>Not for use: the network has no loss.</summary>");
        _writer.Line($"[global::System.Obsolete({Literal(message)}, error: true)]");
        _writer.Line("[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]");
        _writer.Line(
            $"public {Training}{TrainerName.Classification} CreateTrainer(int batchSize, {Training}Optimizer optimizer) => "
            + "throw new global::System.NotSupportedException();");
    }

    /// <summary>
    /// What code that takes any network by its type asks of it. Implemented explicitly: whatever the class declares, no name can clash.
    /// </summary>
    private void WriteStatics()
    {
        string create = _throws ?? (_target.HasRequiredMembers
            ? $"throw new global::System.NotSupportedException({Literal($"{_target.PlainName} has required members, "
                + "which its creator must set.")})"
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
}
