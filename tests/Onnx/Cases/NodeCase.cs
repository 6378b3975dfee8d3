using System;

namespace Strata.Onnx.Tests;

/// <summary>A model of one node, or of the few that make one layer.</summary>
/// <param name="Name">The operator, and then what is special.</param>
/// <param name="Opset">The operator set.</param>
/// <param name="Build">Adds inputs and nodes; the output is <c>y</c>.</param>
internal sealed record NodeCase(string Name, int Opset, Action<ModelBuilder> Build)
{
    public string Operator => Name.Split(' ')[0];

    public byte[] ToBytes()
    {
        var builder = new ModelBuilder(Opset);
        Build(builder);
        return builder.Output("y").ToBytes();
    }

    public override string ToString() => $"{Name}, opset {Opset}";
}
