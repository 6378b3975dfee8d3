using System;
using System.IO;
using System.Linq;
using System.Text;

namespace Strata.Imaging;

/// <summary>A drawing of a network: its layers and blocks as boxes, its tensors as arrows.</summary>
/// <remarks>
/// <code>
/// net.Diagram().Save("resnet18.svg");
/// net.Diagram(new DiagramOptions { Level = 2 }).ToMermaid();    // for Markdown
/// </code>
/// Two bars at the left of a box show its share of the network's parameters and multiply-adds.
/// </remarks>
public sealed class NetworkDiagram
{
    private readonly DiagramGraph _graph;

    internal NetworkDiagram(NetworkInfo network, DiagramOptions? options)
    {
        ArgumentNullException.ThrowIfNull(network);
        Title = options?.Block is { } block ? $"{network.Name} {block}" : network.Name;
        _graph = new DiagramGraph(network, options ?? new DiagramOptions());
    }

    /// <summary>The network's name, and the block's if only one is drawn.</summary>
    public string Title { get; }

    internal DiagramGraph Graph => _graph;

    /// <summary>The drawing as an SVG file. It has light colours, or dark ones where the reader prefers them.</summary>
    public string ToSvg() => DiagramSvg.Write(Title, _graph);

    /// <summary>
    /// The drawing as a Mermaid flow chart, which GitHub and many editors draw in Markdown, in a code block named <c>mermaid</c>.
    /// </summary>
    public string ToMermaid()
    {
        var text = new StringBuilder("flowchart TD\n");
        for (int i = 0; i < _graph.Nodes.Count; i++)
        {
            DiagramNode node = _graph.Nodes[i];
            string label = Escape(string.Join('\n', node.Lines().Prepend(node.Label))).Replace("\n", "<br/>", StringComparison.Ordinal);
            (string open, string close) = node.Kind switch
            {
                DiagramNodeKind.Input or DiagramNodeKind.Output => ("([", "])"),
                DiagramNodeKind.Block => ("[[", "]]"),
                _ => ("[", "]"),
            };
            text.Append($"    n{i}{open}\"{label}\"{close}\n");
        }

        foreach (DiagramEdge edge in _graph.Edges)
        {
            text.Append($"    n{edge.From} -->|{ShapeOf(edge)}| n{edge.To}\n");
        }

        return text.ToString();

        static string Escape(string label) => label.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("\"", "&quot;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
    }

    /// <summary>Writes the drawing: Mermaid if the name ends in <c>.mmd</c>, else SVG. The file appears complete or not at all.</summary>
    /// <param name="path">The file, which is replaced if it exists.</param>
    /// <exception cref="IOException">The file cannot be written. An existing file is unchanged.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicText.Write(path, path.EndsWith(".mmd", StringComparison.OrdinalIgnoreCase) ? ToMermaid() : ToSvg());
    }

    internal static string ShapeOf(DiagramEdge edge) => string.Join('×', edge.Shape);
}

/// <summary>Diagrams of networks.</summary>
public static class DiagramExtensions
{
    /// <summary>Draws a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">What to show; null for the defaults.</param>
    /// <exception cref="ArgumentException">The network has no such block.</exception>
    public static NetworkDiagram Diagram(this CompiledNetwork network, DiagramOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new NetworkDiagram(network.Info, options);
    }

    /// <summary>Draws a network of which there is no instance.</summary>
    /// <param name="network">Its description: <c>NetworkInfo.Of&lt;MyNetwork&gt;()</c>.</param>
    /// <param name="options">What to show; null for the defaults.</param>
    /// <exception cref="ArgumentException">The network has no such block.</exception>
    public static NetworkDiagram Diagram(this NetworkInfo network, DiagramOptions? options = null) => new(network, options);
}
