using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Operators;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>Attention of one sample, whose queries are in the lanes of vectors.</summary>
/// <param name="heads">The number of heads.</param>
/// <param name="parts">How many of queries, keys and values lie in one tensor: all three, or one.</param>
/// <param name="isCausal">Whether a query weights no key behind it.</param>
/// <param name="hasMask">Whether the last tensor is added to the products of queries and keys.</param>
/// <param name="windows">The windows of the tokens, whose biases are derived values; null for a sequence.</param>
internal sealed class AttentionInTiles(int heads, int parts, bool isCausal, bool hasMask, WindowGrid? windows) : Algorithm
{
    public override GroupLayout Arrange(LayoutRequest at) => at.Planar();

    public override TensorBuffer Forward(ForwardContext at)
    {
        TensorBuffer y = at.ResultToClear();
        Add(at, y);
        at.Builder.ClearHalo(y);
        return y;
    }

    /// <summary>Adds the step.</summary>
    /// <param name="logarithms">Gets the logarithm of each query's sum, for the gradients; null if they are not needed.</param>
    public void Add(ForwardContext at, TensorBuffer y, TensorBuffer? logarithms = null)
    {
        List<TensorBuffer> inputs = at.ReadAll();
        Shape shape = at.Group.Head.Shape;
        AttentionKernel kernel = KernelOf(at.Tier, inputs, y, logarithms);
        at.Builder.Add(
            MethodName(at.Group), $"{at.Group.Label}: {Arithmetic.Count(heads, "head")} of {shape}", kernel,
            CyclesOf(at.Tier, kernel),
            [
                .. inputs.Select(x => Read(x)), Write(y), .. logarithms is null ? Array.Empty<BufferOperand>() : [Write(logarithms)],
                Scratch("scores", kernel.Scratch),
                .. hasMask ? [Scratch("panel", kernel.Scratch)] : Array.Empty<BufferOperand>(),
                .. isCausal ? [Scratch("steps", kernel.Steps)] : Array.Empty<BufferOperand>(),
                .. windows is null ? Array.Empty<Operand>() : [at.Builder.Derived(at.Group.Head, WindowBias.Derived)],
            ]);
        BufferOperand Scratch(string what, int length) => at.Builder.Scratch(at.Group.Head, what, length);
    }

    /// <summary>The kernel for tensors.</summary>
    public AttentionKernel KernelOf(Tier tier, List<TensorBuffer> inputs, TensorBuffer y, TensorBuffer? logarithms) => new(
        tier, heads, TokensOf(inputs, 0), TokensOf(inputs, 1), TokensOf(inputs, 2), parts > 1, y.ChannelPitch, isCausal,
        hasMask ? MatrixPlaces.OfMask(inputs[inputs.Count - 1]) : null, logarithms?.ChannelPitch ?? 0,
        windows is null ? null : new AttentionKernel.TokenWindows(
            windows.Rows, windows.Columns, windows.KindRows > 1, windows.KindColumns > 1, WindowBias.OfKey(windows),
            WindowBias.OfWindow(windows), y.RowPitch));

    public Cost CyclesOf(Tier tier, AttentionKernel kernel) =>
        StepCosts.Tiles(tier, kernel.MultiplyAdds, kernel.ProductTiles)
        + StepCosts.Softmax(tier, (long)heads * (windows?.Count ?? 1) * kernel.Keys.Count * kernel.Vectors);

    /// <summary>The tokens of q (0), k (1) or v (2).</summary>
    private AttentionKernel.Tokens TokensOf(List<TensorBuffer> inputs, int number)
    {
        TensorBuffer x = inputs[parts > 1 ? 0 : number];
        return new AttentionKernel.Tokens(x.Shape.Channels / parts / heads, x.Shape.Width, x.ChannelPitch, x.RowPitch);
    }
}
