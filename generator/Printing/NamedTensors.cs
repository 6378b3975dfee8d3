using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Compiler.Declarations;
using Strata.Compiler.Graph;
using static Strata.Generator.Printing.Literals;

namespace Strata.Generator.Printing;

/// <summary>
/// The members of a network with several inputs or outputs: a length and a shape for each, and a <c>Forward</c> that takes each tensor as
/// an argument.
/// </summary>
internal sealed class NamedTensors
{
    private const string Batch = "global::Strata.CompilerServices.TensorBatch";

    private readonly List<Named> _inputs, _outputs;

    /// <summary>Locals of <c>Forward</c>. Their names differ from each other and from its parameters.</summary>
    private readonly string _samples, _allInputs, _allOutputs;

    public NamedTensors(NetworkSurface surface)
    {
        var taken = new HashSet<string>();
        _inputs = Name(surface.Inputs, "inputs", taken);
        _outputs = Name(surface.Outputs, "outputs", taken);
        (_samples, _allInputs, _allOutputs) = (Free("samples", taken), Free("allInputs", taken), Free("allOutputs", taken));
    }

    private string Parameters => string.Join(
        ", ",
        _inputs.Select(input => $"global::System.ReadOnlySpan<float> {input.Parameter}")
            .Concat(_outputs.Select(output => $"global::System.Span<float> {output.Parameter}")));

    /// <summary>The tensors that have members of their own, by the names that these members begin with.</summary>
    public IEnumerable<(string Identifier, TensorSurface Tensor)> Several => new[] { _inputs, _outputs }
        .Where(tensors => tensors.Count > 1)
        .SelectMany(tensors => tensors.Where(tensor => tensor.Tensor.IsNamed).Select(tensor => (tensor.Identifier, tensor.Tensor)));

    /// <summary>Writes the <c>Forward</c> that takes each tensor as an argument.</summary>
    /// <param name="throws">The method's only statement if the network cannot be compiled; otherwise null.</param>
    public void WriteForward(SourceWriter writer, string? throws)
    {
        writer.Line();
        writer.Line("/// <summary>Computes the outputs of any number of samples, each tensor by itself.</summary>");
        writer.Line("/// <remarks>As the Forward that takes them one behind the other, for which this one copies them.</remarks>");
        foreach (Named tensor in _inputs.Concat(_outputs))
        {
            string role = _inputs.Contains(tensor) ? "samples" : "results", shape = tensor.Shape is { } known ? $", {known} each" : "";
            writer.Line($"/// <param name=\"{tensor.Parameter.TrimStart('@')}\">The {role}{shape}, one after the other.</param>");
        }

        writer.Line("/// <exception cref=\"global::System.ArgumentException\">The lengths do not fit.</exception>");
        string header = $"public void Forward({Parameters})";
        if (throws is not null)
        {
            writer.Line($"{header} => {throws};");
            return;
        }

        using SourceWriter.Scope scope = writer.Block(header);
        WriteBody(writer);
    }

    private static List<Named> Name(EquatableArray<TensorSurface> tensors, string only, HashSet<string> taken)
    {
        var named = new List<Named>();
        foreach (TensorSurface tensor in tensors)
        {
            string identifier = tensors.Count == 1 ? only : LayerNames.Identifier(tensor.Name, out _) ?? only;
            string parameter = Free(char.ToLowerInvariant(identifier[0]) + identifier.Substring(1), taken);
            bool isKeyword = SyntaxFacts.GetKeywordKind(parameter) != SyntaxKind.None
                || SyntaxFacts.GetContextualKeywordKind(parameter) != SyntaxKind.None;
            named.Add(new Named(identifier, isKeyword ? "@" + parameter : parameter, tensor));
        }

        return named;
    }

    /// <summary>A tensor's name in exceptions. It is not written with nameof, since a member of the class may have that name.</summary>
    private static string Quoted(Named tensor) => QuotedText.Of(tensor.Parameter.TrimStart('@'));

    private static string Free(string name, HashSet<string> taken)
    {
        while (!taken.Add(name))
        {
            name += "_";
        }

        return name;
    }

    private void WriteBody(SourceWriter writer)
    {
        // One tensor alone has the right form already.
        bool gathers = _inputs.Count > 1, scatters = _outputs.Count > 1;
        int inputLength = _inputs.Sum(input => input.Length), outputLength = _outputs.Sum(output => output.Length);
        writer.Line($"int {_samples} = {Batch}.Count({_inputs[0].Parameter}.Length, {Number(_inputs[0].Length)}, {Quoted(_inputs[0])});");
        foreach (Named tensor in _inputs.Skip(1).Concat(_outputs))
        {
            writer.Line($"{Batch}.Check({tensor.Parameter}.Length, {_samples}, {Number(tensor.Length)}, {Quoted(tensor)});");
        }

        if (gathers)
        {
            writer.Line($"float[] {_allInputs} = {Batch}.Rent({_samples}, {Number(inputLength)});");
        }

        if (scatters)
        {
            writer.Line($"float[] {_allOutputs} = {Batch}.Rent({_samples}, {Number(outputLength)});");
        }

        using (writer.Block("try"))
        {
            int offset = 0;
            foreach (Named input in gathers ? _inputs : [])
            {
                writer.Line(
                    $"{Batch}.Gather({input.Parameter}, {Number(input.Length)}, {_allInputs}, {Number(offset)}, {Number(inputLength)});");
                offset += input.Length;
            }

            string from = gathers
                ? $"global::System.MemoryExtensions.AsSpan({_allInputs}, 0, unchecked({_samples} * {Number(inputLength)}))"
                : _inputs[0].Parameter;
            string to = scatters
                ? $"global::System.MemoryExtensions.AsSpan({_allOutputs}, 0, unchecked({_samples} * {Number(outputLength)}))"
                : _outputs[0].Parameter;
            writer.Line($"base.Forward({from}, {to});");
            offset = 0;
            foreach (Named output in scatters ? _outputs : [])
            {
                writer.Line(
                    $"{Batch}.Scatter({_allOutputs}, {Number(offset)}, {Number(outputLength)}, {output.Parameter}, "
                    + $"{Number(output.Length)});");
                offset += output.Length;
            }
        }

        using (writer.Block("finally"))
        {
            foreach (string memory in new[] { gathers ? _allInputs : "", scatters ? _allOutputs : "" }.Where(memory => memory.Length > 0))
            {
                writer.Line($"{Batch}.Return({memory});");
            }
        }
    }

    private sealed record Named(string Identifier, string Parameter, TensorSurface Tensor)
    {
        public Shape? Shape => Tensor.Shape;

        public int Length => Shape!.Value.Length;
    }
}
