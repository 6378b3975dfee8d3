using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Onnx.Model;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Reading;

/// <summary>
/// Walks through the nodes in order and brings each into normal form. Functions and branches are walked where they are used.
/// </summary>
internal sealed class GraphWalk(ModelProto model, Tensors tensors, Emitter emitter, int fileBatch)
{
    private const int MaximumDepth = 24;

    private readonly Dictionary<NodeProto, string[]> _reads = new(ReferenceEqualityComparer.Instance);

    private readonly Dictionary<(string Domain, string Name, string Overload), FunctionProto> _functions = FunctionsOf(model);

    /// <summary>What is written out where it is used.</summary>
    public static IEnumerable<string> Gone => ["functions (inlined)"];

    public Scope MainScope { get; } = new(null, Opsets.Read(model.OpsetImport, model.IrVersion), "");

    /// <summary>Defines the initializers that are read, then walks through the nodes.</summary>
    /// <param name="scope">The graph's names.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="nodes">Those of its nodes that are needed.</param>
    /// <param name="outputs">The names that are read from outside.</param>
    public void Walk(Scope scope, GraphProto graph, IReadOnlyList<NodeProto> nodes, IEnumerable<string> outputs)
    {
        emitter.Budget.CountNodes(nodes.Count + graph.Initializer.Count + graph.SparseInitializer.Count);
        HashSet<string> read = NamesRead(nodes, outputs);
        foreach (TensorProto tensor in graph.Initializer.Where(tensor => read.Contains(tensor.Name)))
        {
            Place.Run($"initializer '{tensor.Name}'", () => scope.Define(tensor.Name, Named(tensors.Read(tensor, tensor.Name), scope)));
        }

        foreach (SparseTensorProto sparse in graph.SparseInitializer)
        {
            string name = sparse.Values?.Name ?? "";
            if (read.Contains(name))
            {
                Place.Run($"initializer '{name}'", () => scope.Define(name, Named(tensors.Read(sparse, name), scope)));
            }
        }

        Walk(scope, Sorting.Sort(nodes, Reads, name => scope.Find(name) is not null), read);
    }

    private void Walk(Scope scope, IReadOnlyList<NodeProto> nodes, HashSet<string> read)
    {
        foreach (NodeProto node in nodes)
        {
            Place.Run(NodeNames.Describe(node), () => Walk(scope, node, read));
        }
    }

    private OnnxValue Named(OnnxValue value, Scope scope)
    {
        value.Name = emitter.Unique(NodeNames.Within(scope.Prefix, value.Name));
        return value;
    }

    private void Walk(Scope scope, NodeProto node, HashSet<string> read)
    {
        OnnxValue?[] inputs = [.. node.Input.Select(name => name.Length == 0 || scope.IsAbsent(name) ? null
            : scope.Find(name) ?? throw new ReadingException($"it reads '{name}', which nothing computes"))];
        var attributes = new NodeAttributes(node, scope.CallAttributes);
        string domain = Opsets.IsStandard(node.Domain) ? "" : node.Domain;
        if (_functions.TryGetValue((domain, node.OpType, node.Overload), out FunctionProto? function))
        {
            Define(scope, node, Call(scope, node, function, inputs, attributes), read);
            return;
        }

        var reading = new NodeReading
        {
            Operator = node.OpType,
            Domain = domain,
            Name = NodeNames.Within(scope.Prefix, node.Name),
            Comment = node.DocString,
            OutputName = node.Output.FirstOrDefault() ?? "",
            Opset = scope.Opsets.Standard,
            Inputs = inputs,
            IsRead = [.. node.Output.Select(read.Contains)],
            Attributes = attributes,
            Emitter = emitter,
            Tensors = tensors,
            FileBatch = fileBatch,
            Walk = (graph, values, trip) => Inner(scope, node, graph, values, trip),
        };
        if (inputs.Any(input => input is { IsUnknown: true }))
        {
            reading.Keep(node.Output.Count);
        }
        else if (inputs.Any(input => input is { Items: not null }) && !(domain.Length == 0 && SequenceRules.Reads(node.OpType)))
        {
            reading.Refuse("it reads a sequence of tensors");
            reading.Keep(node.Output.Count);
        }
        else if (Rules.Find(domain, node.OpType) is not { } rule || !rule(reading))
        {
            reading.Keep(node.Output.Count);
        }

        reading.NameResults([.. node.Output.Select(name => name.Length == 0 ? "" : NodeNames.Within(scope.Prefix, name))]);
        Define(scope, node, reading.Results, read);
    }

    /// <summary>Names what a node gives. Exporters list outputs that nothing reads; these need not exist.</summary>
    private static void Define(Scope scope, NodeProto node, IReadOnlyList<OnnxValue?> results, HashSet<string> read)
    {
        for (int index = 0; index < node.Output.Count; index++)
        {
            string name = node.Output[index];
            if (name.Length > 0 && results.ElementAtOrDefault(index) is { } value)
            {
                scope.Define(name, value);
            }
            else if (name.Length > 0 && read.Contains(name))
            {
                throw new ReadingException($"its output '{name}' does not exist");
            }
        }
    }

    /// <summary>Walks through a graph that stands in a node.</summary>
    /// <param name="scope">Where the node stands.</param>
    /// <param name="node">The node.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">What its inputs are.</param>
    /// <param name="trip">The number of its trip; −1 if there is one.</param>
    private OnnxValue[] Inner(Scope scope, NodeProto node, GraphProto graph, OnnxValue[] inputs, int trip)
    {
        string prefix = Prefix(scope, node);
        var inner = new Scope(scope, scope.Opsets, trip < 0 ? prefix : string.Create(CultureInfo.InvariantCulture, $"{prefix}{trip}/"))
        {
            Depth = Deeper(scope),
            Calls = scope.Calls,
            CallAttributes = scope.CallAttributes,
        };
        emitter.Budget.CountNodes(1 + graph.Node.Sum(one => one.Input.Count + one.Output.Count));
        foreach ((ValueInfoProto input, OnnxValue value) in graph.Input.Zip(inputs))
        {
            inner.Define(input.Name, value);
        }

        Walk(inner, graph, graph.Node, graph.Output.Select(output => output.Name));
        return [.. graph.Output.Select(output => inner.Find(output.Name)
            ?? throw new ReadingException($"nothing computes '{output.Name}'"))];
    }

    private List<OnnxValue?> Call(Scope scope, NodeProto node, FunctionProto function, OnnxValue?[] inputs, NodeAttributes attributes)
    {
        emitter.Budget.CountNodes(function.Node.Count + function.AttributeProto.Count + function.Input.Count + function.Output.Count);
        if (scope.Calls.Any(call => ReferenceEquals(call, function)))
        {
            throw new ReadingException($"the function '{function.Name}' calls itself");
        }

        Dictionary<string, AttributeProto> call = [];
        foreach (AttributeProto attribute in function.AttributeProto)
        {
            call[attribute.Name] = attribute;
        }

        foreach ((string name, AttributeProto attribute) in attributes.All)
        {
            call[name] = attribute;
        }

        Opsets opsets = Opsets.Read(function.OpsetImport, model.IrVersion);
        var inner = new Scope(null, opsets, Prefix(scope, node))
        {
            Depth = Deeper(scope),
            Calls = [.. scope.Calls, function],
            CallAttributes = call,
        };
        if (inputs.Length > function.Input.Count)
        {
            throw new ReadingException($"the function '{function.Name}' has {function.Input.Count} inputs, not {inputs.Length}");
        }

        for (int index = 0; index < function.Input.Count; index++)
        {
            if (index < inputs.Length && inputs[index] is { } value)
            {
                inner.Define(function.Input[index], value);
            }
            else
            {
                inner.Absent.Add(function.Input[index]);
            }
        }

        emitter.CountFolded("function");
        HashSet<string> parameters = [.. function.Input];
        Walk(inner, Sorting.Sort(function.Node, Reads, parameters.Contains), NamesRead(function.Node, function.Output));
        return [.. function.Output.Select(inner.Find)];
    }

    private static int Deeper(Scope scope) => scope.Depth < MaximumDepth
        ? scope.Depth + 1
        : throw new ReadingException($"functions and branches nest deeper than {MaximumDepth} levels");

    private static string Prefix(Scope scope, NodeProto node) => $"{scope.Prefix}{NodeNames.Of(node)}/";

    private HashSet<string> NamesRead(IEnumerable<NodeProto> nodes, IEnumerable<string> outputs)
    {
        HashSet<string> names = [.. outputs];
        foreach (NodeProto node in nodes)
        {
            names.UnionWith(Reads(node));
        }

        return names;
    }

    /// <summary>Remembered, since a node of a function is asked at each call.</summary>
    private string[] Reads(NodeProto node)
    {
        if (!_reads.TryGetValue(node, out string[]? names))
        {
            names = _reads[node] = [.. NodeNames.Reads(node)];
        }

        return names;
    }

    private static Dictionary<(string Domain, string Name, string Overload), FunctionProto> FunctionsOf(ModelProto model)
    {
        Dictionary<(string Domain, string Name, string Overload), FunctionProto> functions = [];
        foreach (FunctionProto function in model.Functions)
        {
            string domain = Opsets.IsStandard(function.Domain) ? "" : function.Domain;
            if (!functions.TryAdd((domain, function.Name, function.Overload), function))
            {
                throw new ReadingException($"the function '{function.Name}' stands twice in the file");
            }
        }

        return functions;
    }
}
