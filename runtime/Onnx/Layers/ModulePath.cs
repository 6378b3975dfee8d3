using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Strata.Onnx.Model;

namespace Strata.Onnx.Layers;

/// <summary>Where a layer stood in the module that was exported, as far as the file tells.</summary>
internal static partial class ModulePath
{
    /// <summary>What the keys of PyTorch, Keras and Paddle end with.</summary>
    private static readonly HashSet<string> Suffixes = new(StringComparer.Ordinal)
    {
        "weight", "bias", "running_mean", "running_var", "kernel", "gamma", "beta", "moving_mean", "moving_variance", "alpha",
        "w_0", "b_0", "w_1", "w_2", "W", "B", "depthwise_kernel", Variable,
    };

    /// <summary>How TensorFlow calls the node that reads a parameter.</summary>
    private const string Variable = "ReadVariableOp";

    /// <summary>The path by the keys of a layer's parameters, else by the name of its node; empty if neither says it.</summary>
    public static string Find(OnnxNode node, params IEnumerable<OnnxConstant?> constants) =>
        constants.Select(constant => constant is null ? "" : OfKey(constant.Key))
            .FirstOrDefault(path => path.Length > 0 && !MadeUp().IsMatch(path))
            ?? OfName(node.Name, node.Operator is "MatMul" && constants.Any() ? node.Operator : "");

    /// <summary>Whether a constant is a parameter: its name is one that a person gave, and not one that an exporter made up.</summary>
    public static bool IsGiven(string key) => HasSuffix(key) || Own().IsMatch(key);

    /// <summary>
    /// Whether a constant that is joined with tensors is a parameter: as above, or a name of words that a model has of its own, such as
    /// <c>class_token</c>.
    /// </summary>
    public static bool IsOwn(string key) => IsGiven(key) || Words().IsMatch(key);

    /// <summary>Whether a name ends as the parameters of layers do.</summary>
    public static bool HasSuffix(string key) => OfKey(key).Length > 0;

    private static string OfKey(string key)
    {
        if (key.Contains("::", StringComparison.Ordinal))
        {
            return "";
        }

        int colon = key.IndexOf(':', StringComparison.Ordinal);
        string[] parts = (colon < 0 ? key : key[..colon]).Split('.', '/');
        int count = parts.Length;
        while (count > 1 && Suffixes.Contains(parts[count - 1]))
        {
            count--;
        }

        if (count == parts.Length || !parts.Take(count).All(IsPart))
        {
            return "";
        }

        // model/conv1/Conv2D/ReadVariableOp: TensorFlow names the model, the layer, and the operator.
        int start = 0;
        if (parts[^1] == Variable)
        {
            while (count > 1 && (char.IsAsciiLetterUpper(parts[count - 1][0]) || parts[count - 1] == "depthwise"))
            {
                count--;
            }

            start = Math.Min(count - 1, parts[0] == "StatefulPartitionedCall" ? 2 : 1);
        }

        return string.Join('.', parts[start..count]);
    }

    /// <summary>
    /// PyTorch's scopes: <c>/layer1/layer1.0/conv1/Conv</c> is <c>layer1.0.conv1</c>. A container's children repeat its name. What no
    /// module computes has its operator's name: <c>/layer1/layer1.0/Add</c> is <c>layer1.0.Add</c>.
    /// </summary>
    /// <param name="name">The node's name.</param>
    /// <param name="own">What the node is called if it is all of its module, such as the product of a linear layer.</param>
    private static string OfName(string name, string own)
    {
        if (!name.StartsWith('/'))
        {
            return "";
        }

        string[] scopes = name[1..].Split('/');
        if (!scopes.All(scope => scope.Split('.').All(IsPart)))
        {
            return "";
        }

        var path = new List<string>();
        for (int i = 0; i < scopes.Length - 1; i++)
        {
            if (path.Count > 0 && scopes[i].StartsWith(path[^1] + ".", StringComparison.Ordinal))
            {
                path.RemoveAt(path.Count - 1);
            }

            path.Add(scopes[i]);
        }

        // A module has one node, as a rule; then its name is the path.
        string last = scopes[^1];
        return path.Count > 0 && (last == own || IsOperatorOf(path[^1], last)) ? string.Join('.', path) : string.Join('.', [.. path, last]);
    }

    /// <summary>Whether a node's last name only repeats its module's kind: <c>relu/Relu</c>, <c>conv1/Conv</c>.</summary>
    private static bool IsOperatorOf(string module, string node)
    {
        string plain = module.Split('.')[^1].TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '_');
        string kind = node.Split('_')[0];
        return plain.Length == 0 || plain.StartsWith(kind, StringComparison.OrdinalIgnoreCase)
            || kind.StartsWith(plain, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsPart(string part) =>
        part.Length > 0 && part.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-');

    /// <summary>
    /// Parameters of modules that are no layers, such as <c>features.1.0.layer_scale</c>. Of the buffers that have such names, these words
    /// are known.
    /// </summary>
    [GeneratedRegex(@"^(?!.*(anchor|grid|stride|prior|mask|mean|std|index|buffer))(\w[\w-]*\.)+[a-z]\w*$", RegexOptions.IgnoreCase)]
    private static partial Regex Own();

    /// <summary>
    /// Parameters of the model itself, whose name has no dot: words with underscores between them. Exporters number what they name, or call
    /// it what it is.
    /// </summary>
    [GeneratedRegex(
        @"^(?!.*(anchor|grid|stride|prior|mask|mean|std|index|buffer|const|tensor|scalar|default|val|shape|size|output))[a-z]+(_[a-z]+)+$")]
    private static partial Regex Words();

    /// <summary>Names that Keras makes up where nobody gave one: <c>conv2d_12</c>. They only count.</summary>
    [GeneratedRegex(@"^((depthwise_|separable_)?conv[123]d(_transpose)?|batch_normalization|layer_normalization|dense|p_re_lu)(_\d+)?$")]
    private static partial Regex MadeUp();
}
