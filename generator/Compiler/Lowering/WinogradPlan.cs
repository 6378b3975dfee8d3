using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>How Winograd's algorithm goes through an image.</summary>
/// <param name="Tile">How many blocks of channels and tiles of the image are in registers.</param>
/// <param name="BlockTiles">
/// How many tiles are transformed, multiplied and transformed back together. 0 means all tiles, in three steps.
/// </param>
internal sealed record WinogradPlan(Tile Tile, int BlockTiles, Cost InputCycles, Cost ProductCycles, Cost OutputCycles)
{
    public Cost Cycles => InputCycles + ProductCycles + OutputCycles;
}
