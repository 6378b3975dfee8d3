using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Generator.Graph;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Emission;

/// <summary>
/// The members for the inputs and outputs of a network that has several: a length and a shape for each, and the Forward that takes them
/// one by one.
/// </summary>
internal sealed class NamedTensors
{
    private const string Batch = "global::Strata.CompilerServices.TensorBatch";

    private readonly List<Named> _inputs, _outputs;

    public NamedTensors(NetworkSurface surface)
    {
        var taken = new HashSet<string>();
        _inputs = Name(surface.Inputs, "inputs", taken);
        _outputs = Name(surface.Outputs, "outputs", taken);
    }

    /// <summary>The parameters of Forward; null where the one that every network has is the same.</summary>
    public string? Parameters => _inputs.Count + _outputs.Count <= 2 ? null : string.Join(
        ", ",
        _inputs.Select(input => $"global::System.ReadOnlySpan<float> {input.Parameter}")
            .Concat(_outputs.Select(output => $"global::System.Span<float> {output.Parameter}")));

    /// <summary>The tensors that have members of their own, by the names with which these begin.</summary>
    public IEnumerable<(string Identifier, Shape? Shape)> Several => new[] { _inputs, _outputs }
        .Where(tensors => tensors.Count > 1)
        .SelectMany(tensors => tensors.Select(tensor => (tensor.Identifier, tensor.Shape)));

    public void Write(SourceWriter writer)
    {
        foreach ((string identifier, Shape? known) in Several)
        {
            Shape shape = known!.Value;
            writer.Line();
            writer.Line($"/// <summary>Floats of one sample of {identifier}: {shape}.</summary>");
            writer.Line($"public const int {identifier}Length = {Number(shape.Length)};");
            writer.Line();
            writer.Line($"/// <summary>Extents of one sample of {identifier}.</summary>");
            writer.Line($"public static global::System.ReadOnlySpan<int> {identifier}Shape => [{string.Join(", ", shape.Extents.Select(Number))}];");
        }

        if (Parameters is not { } parameters)
        {
            return;
        }

        writer.Line();
        writer.Line("/// <summary>Computes the outputs of any number of samples, each tensor by itself.</summary>");
        writer.Line("/// <remarks>As the Forward that takes them one behind the other, for which this one copies them.</remarks>");
        foreach (Named tensor in _inputs.Concat(_outputs))
        {
            string role = _inputs.Contains(tensor) ? "samples" : "results";
            writer.Line($"/// <param name=\"{tensor.Parameter.TrimStart('@')}\">The {role}, {tensor.Shape} each, one after the other.</param>");
        }

        writer.Line("/// <exception cref=\"global::System.ArgumentException\">The lengths do not fit.</exception>");
        using SourceWriter.Scope scope = writer.Block($"public void Forward({parameters})");
        WriteForward(writer);
    }

    private static List<Named> Name(EquatableArray<TensorSurface> tensors, string only, HashSet<string> taken)
    {
        var named = new List<Named>();
        foreach (TensorSurface tensor in tensors)
        {
            string identifier = tensors.Count == 1 ? only : LayerNames.Identifier(tensor.Name, out _) ?? only;
            string parameter = char.ToLowerInvariant(identifier[0]) + identifier.Substring(1);
            while (!taken.Add(parameter))
            {
                parameter += "_";
            }

            bool isKeyword = SyntaxFacts.GetKeywordKind(parameter) != SyntaxKind.None;
            named.Add(new Named(identifier, isKeyword ? "@" + parameter : parameter, tensor.Shape));
        }

        return named;
    }

    private void WriteForward(SourceWriter writer)
    {
        // One tensor alone has the right form already.
        bool gathers = _inputs.Count > 1, scatters = _outputs.Count > 1;
        int inputLength = _inputs.Sum(input => input.Length), outputLength = _outputs.Sum(output => output.Length);
        writer.Line($"int samples = {Batch}.Count({_inputs[0].Parameter}.Length, {Number(_inputs[0].Length)}, nameof({_inputs[0].Parameter}));");
        foreach (Named tensor in _inputs.Skip(1).Concat(_outputs))
        {
            writer.Line($"{Batch}.Check({tensor.Parameter}.Length, samples, {Number(tensor.Length)}, nameof({tensor.Parameter}));");
        }

        if (gathers)
        {
            writer.Line($"float[] allInputs = {Batch}.Rent(samples, {Number(inputLength)});");
        }

        if (scatters)
        {
            writer.Line($"float[] allOutputs = {Batch}.Rent(samples, {Number(outputLength)});");
        }

        using (writer.Block("try"))
        {
            int offset = 0;
            foreach (Named input in gathers ? _inputs : [])
            {
                writer.Line($"{Batch}.Gather({input.Parameter}, {Number(input.Length)}, allInputs, {Number(offset)}, {Number(inputLength)});");
                offset += input.Length;
            }

            string from = gathers
                ? $"global::System.MemoryExtensions.AsSpan(allInputs, 0, samples * {Number(inputLength)})" : _inputs[0].Parameter;
            string to = scatters
                ? $"global::System.MemoryExtensions.AsSpan(allOutputs, 0, samples * {Number(outputLength)})" : _outputs[0].Parameter;
            writer.Line($"Forward({from}, {to});");
            offset = 0;
            foreach (Named output in scatters ? _outputs : [])
            {
                writer.Line($"{Batch}.Scatter(allOutputs, {Number(offset)}, {Number(outputLength)}, {output.Parameter}, {Number(output.Length)});");
                offset += output.Length;
            }
        }

        using (writer.Block("finally"))
        {
            foreach (string memory in new[] { gathers ? "allInputs" : "", scatters ? "allOutputs" : "" }.Where(memory => memory.Length > 0))
            {
                writer.Line($"{Batch}.Return({memory});");
            }
        }
    }

    private sealed record Named(string Identifier, string Parameter, Shape? Shape)
    {
        public int Length => Shape!.Value.Length;
    }
}
