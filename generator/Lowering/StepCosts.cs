using System;
using Strata.Generator.KernelLanguage;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>
/// Cycles of steps other than sums of products. They are rough: they only decide when a partly filled block beats one sample after the
/// other, and whether a conversion is worth it. Where lanes are samples, elements are counted as vectors.
/// </summary>
internal static class StepCosts
{
    /// <summary>The share of the peak multiply-adds that a loop over long sums reaches.</summary>
    private const double SustainedShare = 0.95;

    /// <summary>Instructions to multiply by a vector of weights of 16 bits: load, shift and multiply-add.</summary>
    private const double WideningInstructions = 3;

    /// <summary>Arithmetic for a vector: maximum, exponential, sum and scale; twenty rounds of Threefry and the comparison.</summary>
    private const double SoftmaxOperations = 16, DropoutOperations = 80;

    /// <summary>Moving elements of one sample from one layout to another, one by one: bound by the instructions.</summary>
    public static Cost Move(Tier tier, int elements) => Cost.Of(tier, f => CostModel.MoveInstructions / f.Instructions) * elements;

    /// <summary>Moving elements one by one between places that need no arithmetic: a load and a store.</summary>
    public static Cost ElementMoves(Tier tier, int elements) => Cost.Of(tier, f => Math.Max(2 / f.Instructions, 1 / f.Stores)) * elements;

    /// <summary>Transposing samples into lanes, or back.</summary>
    public static Cost Transposition(Tier tier, int elementsPerSample) => Cost.Of(tier, f => f.LaneMove) * elementsPerSample;

    /// <summary>
    /// Loops over elements, or vectors of them, that an operator writes itself: addresses from indices, a load, a little
    /// arithmetic and a store.
    /// </summary>
    public static Cost Loops(Tier tier, int elements) => Cost.Of(tier, f => CostModel.WrittenInstructions / f.Instructions) * elements;

    /// <summary>
    /// A load for each operand and a store, in the same pipes, and little arithmetic. Stores alone (no operands) are taken to overlap with
    /// the next step, as far as there are pipes.
    /// </summary>
    public static Cost Elementwise(Tier tier, int vectors, int operands = 1) =>
        Cost.Of(tier, f => Math.Max((operands + 1) / f.Loads, operands > 0 ? 1 / f.Stores : 0)) * vectors;

    /// <summary>Bound by the arithmetic, in the pipes of the multiply-adds.</summary>
    public static Cost Softmax(Tier tier, int vectors) => Cost.Of(tier, f => SoftmaxOperations / f.MultiplyAdds) * vectors;

    /// <inheritdoc cref="Softmax"/>
    public static Cost Dropout(Tier tier, int vectors) => Cost.Of(tier, f => DropoutOperations / f.MultiplyAdds) * vectors;

    /// <summary>For each tap a load and a comparison that waits for it.</summary>
    public static Cost WindowPooling(Tier tier, int outputs, int area) =>
        Cost.Of(tier, f => f.WindowStart + (area * ((1 / f.Loads) + (1 / f.MultiplyAdds)))) * outputs;

    /// <summary>A store and a loop's end at both ends of each row.</summary>
    public static Cost ClearHalo(Tier tier, int rows) => Cost.Of(tier, f => 2 * ((1 / f.Loads) + CostModel.LoopEnd(f))) * rows;

    /// <summary>
    /// Each weight is read once, and takes twice as long as from the first-level cache. In 16 bits it is half as much to read, unless the
    /// instructions that make a float of it take longer.
    /// </summary>
    public static Cost VectorTimesMatrix(Tier tier, int weightVectors, ElementType weights) =>
        Cost.Of(tier, f => weights == ElementType.Float ? 2 / f.Loads : Math.Max(1 / f.Loads, WideningInstructions / f.Instructions))
            * weightVectors;

    /// <summary>Nearly bound by the multiply-adds.</summary>
    public static Cost LaneDense(Tier tier, long multiplyAdds) => Cost.Of(tier, f => multiplyAdds / (SustainedShare * f.MultiplyAdds));
}
