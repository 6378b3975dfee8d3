using System;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Lowering;

/// <summary>
/// Cycles of steps that are not sums of products. They are rough, since they only decide two things: whether a partly filled block is
/// faster than one sample after the other, and whether a conversion of layouts pays. If lanes hold samples, an element counts as a vector.
/// </summary>
internal static class StepCosts
{
    /// <summary>The share of the peak rate of multiply-adds that a loop over long sums reaches.</summary>
    private const double SustainedShare = 0.95;

    /// <summary>Instructions to multiply by a vector of 16-bit weights: load, shift and multiply-add.</summary>
    private const double WideningInstructions = 3;

    /// <summary>Instructions around a tile of products: addresses, and for each accumulator its beginning and a store.</summary>
    private const double TileInstructions = 160;

    /// <summary>
    /// Arithmetic instructions for a vector. Softmax: maximum, exponential, sum and scale. Dropout: twenty rounds of Threefry and the
    /// comparison. Rounding to integers: a division, which counts as several, rounding, clamping and narrowing.
    /// </summary>
    private const double SoftmaxOperations = 16, DropoutOperations = 80, RoundingOperations = 14;

    /// <summary>Moves the elements of one sample to another layout one by one. The limit is the number of instructions.</summary>
    public static Cost Move(Tier tier, int elements) => Cost.PerFamily(tier, f => CostModel.MoveInstructions / f.Instructions) * elements;

    /// <summary>Moves elements one by one between addresses that need no arithmetic: a load and a store each.</summary>
    public static Cost ElementMoves(Tier tier, long elements) =>
        Cost.PerFamily(tier, f => Math.Max(2 / f.Instructions, 1 / f.Stores)) * elements;

    /// <summary>Transposing samples into lanes, or back.</summary>
    public static Cost Transposition(Tier tier, int elementsPerSample) => Cost.PerFamily(tier, f => f.LaneMove) * elementsPerSample;

    /// <summary>
    /// Loops over elements, or vectors of them, that an operator writes itself: addresses from indices, a load, a little arithmetic and a
    /// store.
    /// </summary>
    public static Cost Loops(Tier tier, int elements) =>
        Cost.PerFamily(tier, f => CostModel.WrittenInstructions / f.Instructions) * elements;

    /// <summary>What such loops compute besides. One product of a sum is computed after the other.</summary>
    public static Cost Loops(Tier tier, LoopWork work) => work == default ? 0 : Cost.PerFamily(
        tier, f => (work.Products * f.MultiplyAddLatency) + (work.Exponentials * SoftmaxOperations / f.MultiplyAdds));

    /// <summary>
    /// A load for each operand and a store, in the same pipes, with little arithmetic. Stores without operands are assumed to overlap with
    /// the next step, as far as there are pipes.
    /// </summary>
    public static Cost Elementwise(Tier tier, int vectors, int operands = 1) =>
        Cost.PerFamily(tier, f => Math.Max((operands + 1) / f.Loads, operands > 0 ? 1 / f.Stores : 0)) * vectors;

    /// <summary>Rounding to integers: a division, and some arithmetic.</summary>
    public static Cost Rounding(Tier tier, int vectors) => Cost.PerFamily(tier, f => RoundingOperations / f.MultiplyAdds) * vectors;

    /// <summary>
    /// Sums of products of integers, with tiles in registers. The limit is the products, or the latency of the sums, each of which waits
    /// for its last product.
    /// </summary>
    /// <param name="steps">Steps of all tiles. In each, all sums of a tile get a product.</param>
    /// <param name="sums">Sums of a tile.</param>
    public static Cost IntegerProducts(Tier tier, long tiles, long steps, int sums) => Cost.PerFamily(
        tier, f => (steps * Math.Max(sums / f.IntegerProducts, f.IntegerLatency)) + (tiles * (f.TileStart + (sums * f.AccumulatorEnd))));

    /// <summary>The limit is the arithmetic, in the pipes of the multiply-adds.</summary>
    public static Cost Softmax(Tier tier, long vectors) => Cost.PerFamily(tier, f => SoftmaxOperations / f.MultiplyAdds) * vectors;

    /// <summary>The same along rows, whose elements are transposed to be added.</summary>
    public static Cost SoftmaxOfRows(Tier tier, long rows, int width) =>
        Softmax(tier, rows * Arithmetic.CeilingDivide(width, tier.Lanes))
        + (Cost.PerFamily(tier, f => f.LaneMove / tier.Lanes) * (rows * width));

    /// <inheritdoc cref="Softmax"/>
    public static Cost Dropout(Tier tier, int vectors) => Cost.PerFamily(tier, f => DropoutOperations / f.MultiplyAdds) * vectors;

    /// <summary>A load for each tap, and a comparison that waits for it.</summary>
    public static Cost WindowPooling(Tier tier, int outputs, int area) =>
        Cost.PerFamily(tier, f => f.WindowStart + (area * ((1 / f.Loads) + (1 / f.MultiplyAdds)))) * outputs;

    /// <summary>For each row, a store and a loop end on both sides.</summary>
    public static Cost ClearHalo(Tier tier, int rows) => Cost.PerFamily(tier, f => 2 * ((1 / f.Loads) + CostModel.LoopEnd(f))) * rows;

    /// <summary>
    /// Each weight is read once, and takes twice as long as from the first-level cache. With 16-bit weights half as many bytes are read,
    /// but the instructions that widen them to floats may take longer.
    /// </summary>
    public static Cost VectorTimesMatrix(Tier tier, long weightVectors, ElementType weights) =>
        Cost.PerFamily(tier, f => weights == ElementType.Float ? 2 / f.Loads : Math.Max(1 / f.Loads, WideningInstructions / f.Instructions))
            * weightVectors;

    /// <summary>Tiles of products: multiply-adds of vectors, and the beginning and the end of each tile.</summary>
    public static Cost Tiles(Tier tier, long multiplyAdds, long tiles) =>
        LaneDense(tier, multiplyAdds) + (Cost.PerFamily(tier, f => TileInstructions / f.Instructions) * tiles);

    /// <summary>The limit is nearly the multiply-adds.</summary>
    public static Cost LaneDense(Tier tier, long multiplyAdds) =>
        Cost.PerFamily(tier, f => multiplyAdds / (SustainedShare * f.MultiplyAdds));
}
