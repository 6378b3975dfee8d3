using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Declarations;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Training;

namespace Strata.Compiler.Emission;

/// <summary>What a network tells about itself, as objects of the runtime. A generated class writes the same as text.</summary>
internal static class RuntimeInfo
{
    public static NetworkInfo Create(string name, NetworkGraph graph)
    {
        var network = new NetworkDescription(graph);
        var info = new NetworkInfo(
            name, NetworkDescription.Whole(network.InputShapes), NetworkDescription.Whole(network.OutputShapes),
            [.. network.Layers.Select(Layer)], [.. network.Parameters.Select(one => Parameter(one.Node, one.Parameter))],
            [.. network.Losses.Select(Loss)])
        {
            SampleCost = network.SampleCost,
            HasExternalLoss = network.HasExternalLoss,
            Int8 = network.Int8,
            Tiers = [.. Tier.All.Select(tier => Enum.Parse<Isa>(tier.Name))],
            InputNormalization = network.InputNormalization is var (means, deviations)
                ? new InputNormalization([.. means], [.. deviations]) : null,
        };
        info = network.Inputs is { } inputs ? info with { Inputs = Tensors(inputs) } : info;
        return network.Outputs is { } outputs ? info with { Outputs = Tensors(outputs) } : info;
    }

    private static TensorInfo[] Tensors(IEnumerable<TensorDescription> tensors) =>
        [.. tensors.Select(tensor => new TensorInfo(tensor.Name, tensor.Shape.Extents, tensor.Layer))];

    private static LayerInfo Layer(LayerDescription layer)
    {
        Node node = layer.Node;
        return new LayerInfo(
            node.Name, node.Kind, node.Shape.Extents, node.Formula, layer.ParameterCount, layer.MultiplyAdds,
            layer.ReceptiveField.Count == 0 ? null : layer.ReceptiveField)
        {
            Arguments = node.Arguments,
            Values = Values(node.Values),
            Windows = [.. node.Windows.Select(Window)],
            Function = layer.Function,
            Inputs = layer.Inputs ?? [],
            TrainingOnly = layer.TrainingOnly,
            Weights = layer.Weights,
            Tied = layer.Tied,
        };
    }

    private static WindowInfo Window(LayerWindow window) => new(
        window.Axis.Kernel, window.Axis.Stride, window.Axis.Dilation, window.Axis.PadBefore, window.Axis.PadAfter, window.OutputPadding);

    private static ArgumentInfo[] Values(IEnumerable<ArgumentValue> values) =>
        [.. values.Select(one => new ArgumentInfo(one.Name, Value(one.Value)))];

    /// <summary>The value of an argument in the runtime's type, whose enums have the compiler's names.</summary>
    private static object Value(object value) => value switch
    {
        EquatableArray<double> numbers => numbers.ToArray(),
        Enum member => RuntimeEnum.Find(member),
        _ => value,
    };

    private static ParameterInfo Parameter(Node node, ParameterSpec parameter)
    {
        var info = new ParameterInfo(
            parameter.KeyOf(node.Layer), [.. parameter.Extents], RuntimeEnum.Named<Initializer>(parameter.Initializer), parameter.FanIn,
            parameter.FanOut)
        {
            Frozen = node.Frozen,
            Gain = (float)parameter.Gain,
            Role = RuntimeEnum.Named<ParameterRole>(parameter.Role),
            Layer = node.Layer,
        };
        return info;
    }

    private static LossInfo Loss(LossDescription loss) => new(
        loss.Loss.Name, RuntimeEnum.Named<Strata.Training.TargetKind>(loss.Loss.Targets), RuntimeEnum.Named<Reduction>(loss.Loss.Reduction),
        loss.Loss.MeanWeights.Count == 0 ? null : [.. loss.Loss.MeanWeights.Select(weight => (float)weight)])
    {
        TargetLength = loss.TargetLength,
        TargetOffset = loss.TargetOffset,
        IgnoreIndex = loss.Loss.IgnoreIndex,
        Tensor = loss.Tensor,
        Weight = loss.Weight,
        OutputOffset = loss.OutputOffset,
        Classes = loss.Classes ?? 0,
        Values = Values(loss.Values),
        Function = loss.Function,
    };
}
