using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

/// <summary>A tensor that is the same for all samples.</summary>
/// <param name="Extents">Its shape, slowest first.</param>
/// <param name="Initial">The initial value of all elements.</param>
/// <param name="Deviation">The standard deviation of initial values; null if the tensor is fixed.</param>
/// <param name="BatchAxis">Whether files have an axis of one element before the others.</param>
internal sealed record SourceDefinition(
    EquatableArray<Argument<int>> Extents, Argument<double> Initial, Argument<double>? Deviation, Argument<bool> BatchAxis)
    : LayerDefinition
{
    public override IEnumerable<string> ParameterSuffixes => [LearnedTensor.Suffix];

    public override LayerResult? Build(LayerContext layer)
    {
        int[] extents = [.. Extents.Select(extent => layer.AtLeast(1, extent))];
        double initial = layer.Finite(Initial), deviation = Deviation is { } drawn ? layer.Finite(drawn, 0, orEqual: true) : 0;
        if (deviation != 0 && Initial.IsSet)
        {
            layer.Report(ArgumentProblems.Conflicting(layer.At(Initial.Name), Initial.Name, Deviation!.Value.Name));
        }

        if (layer.HasErrors || extents.Length == 0)
        {
            return null;
        }

        var shape = Shape.Of(extents);
        var values = new LearnedTensor(shape, deviation == 0 ? initial : deviation, deviation != 0, Deviation is not null, BatchAxis.Value);
        return new LayerResult(values, shape);
    }
}
