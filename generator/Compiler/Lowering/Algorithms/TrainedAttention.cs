using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Operators;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// Attention in training, if samples are apart. The kernels of one sample read rows of tokens; the layers around it have blocks of
/// channels.
/// </summary>
internal sealed class TrainedAttention(int heads, bool hasMask, WindowGrid? windows, AttentionInTiles tiles) : Algorithm
{
    /// <summary>What forward saves: the logarithm of each query's sum, and the result in rows.</summary>
    private const string Logarithms = "logarithms", Rows = "rows";

    /// <summary>
    /// Whether it can compute a group. Many heads or queries do not add to the gradient of one mask without errors of rounding, nor many
    /// windows to that of the same biases.
    /// </summary>
    public static bool Takes(LayerGroup group, int heads, bool hasMask, WindowGrid? windows) => windows is not null
        ? windows.Columns <= SumCut.Terms
        : !hasMask || group.FixedInputs.Contains(group.Inputs.Count - 1)
            || TakesMask(heads, group.Inputs[0].Shape.Width, group.Inputs[group.Inputs.Count - 1].Shape);

    private static bool TakesMask(int heads, int queries, Shape mask) => (mask.MatrixRows > 1 || queries == 1)
        && (heads <= SumCut.Terms || mask is { Rank: > 2, Channels: > 1 });

    public override bool? GivesBlocks => true;

    public override GroupLayout Arrange(LayoutRequest at) =>
        at.Planar(result: Layout.Blocked);

    public override SavedForBackward Saves(GradientStep step) => SavedForBackward.Input | SavedForBackward.Output;

    public override TensorBuffer Forward(ForwardContext at)
    {
        Node head = at.Group.Head;
        TensorBuffer rows = at.Builder.Buffer(TensorName.Of(head, Rows), head.Shape, Layout.Planar);
        TensorBuffer logarithms = at.Builder.Buffer(
            TensorName.Of(head, Logarithms), Shape.Image(heads, windows?.Count ?? 1, head.Shape.Width), Layout.Planar);
        tiles.Add(at, rows, logarithms);
        (at.LoopTensors[Rows], at.LoopTensors[Logarithms]) = (rows, logarithms);
        TensorBuffer y = at.Result();
        at.Builder.Move(("Convert", $"{y.Name} from rows to blocks"), rows, Write(y));
        return y;
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardContext at)
    {
        LayerGroup group = at.Group;
        ProgramBuilder builder = at.Builder;
        List<TensorBuffer> inputs = [.. at.Saved.Read];
        TensorBuffer y = at.Saved.LoopTensors[Rows], logarithms = at.Saved.LoopTensors[Logarithms];
        TensorBuffer dy = builder.Convert(at.Gradient, new TensorLayout(group.Head.Shape, Layout.Planar));
        TensorBuffer?[] targets = [.. group.Inputs.Select((node, i) => at.Wants(i)
            ? builder.Buffer(BackwardContext.GradientOf(node).With(" ", Rows), node.Shape, Layout.Planar) : null)];
        TensorBuffer? ofMask = hasMask ? targets[targets.Length - 1] : null;
        TensorBuffer? ofBiases = windows is null || !builder.Parameters.IsTrained(group.Head.Index, WindowBias.Table) ? null
            : builder.Buffer(
                TensorName.Of(group.Head, "biasGradients"), Shape.Image(heads * windows.Rows, windows.Tokens, windows.Tokens),
                Layout.Planar);
        if (ofBiases is null && targets.All(target => target is null))
        {
            return targets;
        }

        AttentionKernel forward = tiles.KernelOf(at.Tier, inputs, y, logarithms);
        int? Pitch(int number) => targets[forward.IsPacked ? 0 : number]?.ChannelPitch;
        var kernel = new AttentionGradientKernel(
            forward, dy.ChannelPitch, Pitch(0), Pitch(1), Pitch(2),
            ofMask is null ? null : MatrixPlaces.Of(ofMask),
            windows is null ? null
                : new AttentionGradientKernel.WindowGradients(dy.RowPitch, targets[0]?.RowPitch ?? 0, ofBiases is not null));
        if (kernel.ClearsMask)
        {
            builder.Clear(ofMask!, $"{ofMask!.Name}: zeros, of pairs that are not seen");
        }

        if (ofBiases is not null)
        {
            builder.Clear(ofBiases, $"{ofBiases.Name}: zeros to add to");
        }

        const double Products = 5 / 2d;
        BufferOperand Scratch(string what, int length) => builder.Scratch(group.Head, what, length);
        builder.Add(
            MethodName(group, "Gradient"), $"backward of {group.Label}: {Arithmetic.Count(heads, "head")} of {group.Head.Shape}", kernel,
            tiles.CyclesOf(at.Tier, forward) * Products,
            [
                .. inputs.Select(x => Read(x)), Read(y), Read(dy), Read(logarithms),
                .. targets.Where((target, i) => target is not null && !(hasMask && i == targets.Length - 1)).Select(x => Write(x!)),
                .. ofMask is null ? Array.Empty<BufferOperand>() : [kernel.ClearsMask ? Update(ofMask) : Write(ofMask)],
                .. ofBiases is null ? Array.Empty<BufferOperand>() : [Update(ofBiases)],
                Scratch("weights", kernel.Pairs), Scratch("scores", kernel.Pairs), Scratch("panel", kernel.Panel),
                .. hasMask ? [Scratch("maskPanel", forward.Scratch)] : Array.Empty<BufferOperand>(),
                .. forward.IsCausal ? [Scratch("steps", forward.Steps)] : Array.Empty<BufferOperand>(),
                .. windows is null ? Array.Empty<Operand>() : [builder.Derived(group.Head, WindowBias.Derived)],
            ]);
        if (ofBiases is not null)
        {
            AddTable(builder, group.Head, windows!, ofBiases);
        }

        return targets;
    }

    /// <summary>Adds the gradients of all pairs to those of the table: first of each sample, then of all.</summary>
    private void AddTable(ProgramBuilder builder, Node head, WindowGrid grid, TensorBuffer ofBiases)
    {
        LoopTensor pairs = ProgramPass.Tensor("biasGradients", ofBiases, LaneAxis.None);
        var pass = new ProgramPass(builder, head, LaneAxis.None, training: true, [])
        {
            OutputGradient = pairs,
            CostOfStep = StepCosts.Loops(builder.Tier, ofBiases.Shape.Length),
        };
        LoopTensor sums = pass.OfSample("tableSums", grid.Distances * grid.Distances * heads);
        var row = new SumLoop(new IndexVariable("row"), 0, grid.Rows, grid.Rows);
        WindowBias.SumPairs(
            pass, grid, heads, (of, query, key) => pairs[(of * grid.Rows) + row.Variable, 0, key, query], sums.SetFloat, row);
        LoopParameter table = pass.ParameterGradient(WindowBias.Table);
        pass.AddSamples($"gradient of {WindowBias.Table}", "AllTables", k => k.Run(RuntimeApi.SumSamples.Call(
            sums.Address(Access.Read), k.SampleStride, k.Samples, Number.Named(sums.Shape.Length, "values"),
            table.Address(Access.Write))));
    }
}
