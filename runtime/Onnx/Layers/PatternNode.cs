using System.Collections.Generic;
using Strata.Onnx.Model;

namespace Strata.Onnx.Layers;

/// <summary>
/// A node that stands for several nodes of a file, and that no file has. It knows by itself which layers it becomes. In messages it is the
/// last one of those nodes.
/// </summary>
/// <param name="last">The last one.</param>
/// <param name="form">The layers.</param>
internal sealed class PatternNode(OnnxNode last, NodeForm form) : OnnxNode(last.Operator, last.Name)
{
    public NodeForm Form => form;

    public override OnnxNode WithOutputs(params IReadOnlyList<OnnxValue> outputs) =>
        new PatternNode(this, form) { Inputs = Inputs, Outputs = outputs };
}
