using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Kernels;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// Rounds a tensor. If all layers that read it multiply integers, it becomes integers, and there are no floats. Otherwise it becomes
/// floats, and those that multiply integers round once more, to the same ones.
/// </summary>
internal sealed class RoundedTensor(LoopOperation operation) : Algorithm
{
    private readonly WrittenLoops _floats = new(operation);

    public override GroupLayout Arrange(LayoutRequest at) => _floats.Arrange(at);

    public override TensorBuffer Forward(ForwardContext at) => IsReadAsIntegers(at)
        ? at.Builder.Round(at.Read(), at.Group.Head, at.Layout.Result.Halo) : _floats.Forward(at);

    private static bool IsReadAsIntegers(ForwardContext at)
    {
        LayerGroup group = at.Group;
        List<LayerGroup> readers = [.. at.Plan.Fusion.ReadersOf(group.Last)];
        return group.Last == group.Head && at.Plan.Kind.Fuses && readers.Count > 0
            && !at.Builder.Graph.Exits(training: false).Contains(group.Last.Index)
            && at.Layout.Result.Layout is Layout.Blocked or Layout.Flat
            && readers.TrueForAll(reader => at.Plan.Algorithms[reader].ReadsIntegers
                && reader.Input == group.Last && !reader.Inputs.Skip(1).Contains(group.Last));
    }
}
