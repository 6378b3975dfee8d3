using System;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// How the gates of a recurrent layer are computed: lanes hold neighbouring units, and a panel has as many vectors of units as fit into
/// the registers with all of their gates.
/// </summary>
/// <param name="Gates">The gates of a unit.</param>
/// <param name="Units">The units of one direction.</param>
/// <param name="Panels">The panels of one direction.</param>
/// <param name="Vectors">The vectors of units in a panel. The last panel may have more than there are units.</param>
internal readonly record struct GatePanels(Tier Tier, int Gates, int Units, int Panels, int Vectors)
{
    /// <summary>The floats of all units, with those behind the last one.</summary>
    public int Padded => Panels * Vectors * Tier.Lanes;

    /// <summary>The sums of all gates.</summary>
    public int Sums => Gates * Padded;

    /// <summary>The weights of a panel for one number.</summary>
    public int Width => Gates * Vectors * Tier.Lanes;

    /// <summary>The weights of the state.</summary>
    public int StateWeights => NetworkTooLargeException.Check((long)Units * Sums, "transposed weights of a recurrent layer");

    /// <summary>The panels of some units. They may be smaller than the registers allow, if fewer lanes are left empty then.</summary>
    public static GatePanels Of(Tier tier, int gates, int units)
    {
        int all = Arithmetic.CeilingDivide(units, tier.Lanes), most = Math.Max(1, Math.Min(all, tier.Accumulators / gates));
        int least = Arithmetic.CeilingDivide(most, 2);
        int vectors = Enumerable.Range(least, most - least + 1).Reverse().OrderBy(size => Arithmetic.RoundUp(all, size)).First();
        return new GatePanels(tier, gates, units, Arithmetic.CeilingDivide(all, vectors), vectors);
    }
}

/// <summary>Copies the weights or biases of a recurrent layer, so that neighbouring units lie side by side.</summary>
/// <param name="Panels">The panels.</param>
/// <param name="Columns">The numbers that are multiplied; 1 for biases.</param>
/// <param name="OfGate">The distance of two gates.</param>
/// <param name="OfVector">The distance of two vectors of units in a panel.</param>
/// <param name="OfPanel">The distance of two panels.</param>
/// <param name="OfColumn">The distance of two columns.</param>
internal sealed record GatePacking(GatePanels Panels, int Columns, int OfGate, int OfVector, int OfPanel, int OfColumn)
    : Kernel(Panels.Tier)
{
    public override string Summary => "Weights of gates, with units in lanes";

    public int Copied => Panels.Sums * Columns;

    protected override void Record(KernelBuilder k)
    {
        Pointer weights = k.Parameter("weights"), packed = k.Parameter("packed");
        using (k.Loops(out Index[] at, ("gate", Panels.Gates, 1), ("panel", Panels.Panels, 1), ("vector", Panels.Vectors, 1)))
        {
            Pointer ofGate = k.PointTo("ofGate", weights[Index.Sum((at[0], Panels.Units * Columns))]);
            Pointer target = k.PointTo("target", packed[Index.Sum((at[0], OfGate), (at[1], OfPanel), (at[2], OfVector))]);
            TransposedPanel.Record(
                k, target, ofGate, Columns, Panels.Units, Index.Sum((at[1], Panels.Vectors)) + at[2], Columns, OfColumn);
        }
    }
}
