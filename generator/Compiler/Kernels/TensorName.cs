using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Kernels;

/// <summary>The name of a tensor in memory: in comments, and as a constant of the generated code.</summary>
/// <param name="Text"><c>conv1's gradient</c>.</param>
/// <param name="Identifier"><c>Conv1Gradient</c>: the layer's identifier and the role of the tensor.</param>
internal sealed record TensorName(string Text, string Identifier)
{
    /// <summary>The output of a layer, or an input.</summary>
    public static TensorName Of(Node node) => new(node.Name.Length > 0 ? node.Name : "input", node.Identifier);

    /// <summary>Another tensor of a layer, by its role: <c>gradient</c>.</summary>
    public static TensorName Of(Node node, string role) => Of(node).With("'s ", role);

    public TensorName With(string separator, string role) => new(Text + separator + role, Identifier + Pascal(role));

    /// <summary>For the arguments of comments.</summary>
    public override string ToString() => Text;

    /// <summary>gradient moments → GradientMoments.</summary>
    private static string Pascal(string words) =>
        string.Concat(words.Split(' ').Where(word => word.Length > 0).Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1)));
}
