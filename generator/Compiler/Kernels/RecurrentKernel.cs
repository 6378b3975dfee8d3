using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Kernels;

/// <summary>
/// The steps of a recurrent layer for one sample, whose products with the input are known. Each step multiplies the state before it by the
/// weights, panel by panel, with the sums of all gates of a panel in registers. Then the cell makes the next state of the sums.
/// </summary>
/// <param name="Operation">The cell.</param>
/// <param name="Panels">The units of one direction.</param>
/// <param name="Length">The number of steps.</param>
/// <param name="OutputPitch">The distance of two units in the output.</param>
internal sealed record RecurrentKernel(RecurrentOperation Operation, GatePanels Panels, int Length, int OutputPitch) : Kernel(Panels.Tier)
{
    public override string Summary => "Steps of a recurrent layer, with units in lanes";

    /// <summary>The floats of the states of one direction.</summary>
    public int States => NetworkTooLargeException.Check((long)Length * Panels.Padded, "states of a recurrent layer");

    /// <summary>The vectors of weights that are read.</summary>
    public long WeightVectors => (long)Directions * (Length - 1) * Panels.StateWeights / Tier.Lanes;

    /// <summary>The vectors of exponentials.</summary>
    public long Exponentials => (long)Directions * Length * Vectors * (Panels.Gates + 1);

    /// <summary>The sums of a panel: for each gate, those of its vectors.</summary>
    private Variable[] Accumulators =>
        [.. Enumerable.Range(0, Panels.Gates * Panels.Vectors).Select(i => new Variable($"sum{i / Panels.Vectors}_{i % Panels.Vectors}"))];

    private int Directions => Operation.Cell.Directions;

    private int Vectors => Arithmetic.CeilingDivide(Panels.Units, Tier.Lanes);

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Channels, Directions);

    protected override void Record(KernelBuilder k)
    {
        Pointer ofInput = k.Parameter("ofInput"), weights = k.Parameter("weights");
        Pointer? biases = Operation.Cell.Bias ? k.Parameter("biases") : null;
        Pointer output = k.Parameter("output"), states = k.Parameter("states"), ofState = k.Parameter("ofState");
        Pointer? memory = Operation.Memory is null ? null : k.Parameter("memory");
        var sums = new TileSums(SumCut.IntoBlocks(SumCut.Products, [Panels.Units]), Accumulators);
        sums.Declare(k);
        using (k.Items(out Index[] at, ("direction", Directions, 1)))
        {
            Index direction = at[0], last = Number.OfSizes(Length - 1, "lastStep");
            Pointer ofDirection = k.PointTo("ofDirection", weights[Index.Sum((direction, Panels.StateWeights))]);
            Pointer? b = biases is null ? null : k.PointTo("b", biases[Index.Sum((direction, 2 * Panels.Sums))]);
            using (k.Braces())
            {
                RecordUnits(k, SumsAt(Place(0)), ofState, b, states, null, memory);
            }

            using (k.For("step", 1, Length, 1, out IndexVariable step))
            {
                Pointer before = k.PointTo("before", states[Index.Sum((step - 1, Panels.Padded))]);
                RecordProducts(k, sums, before, ofDirection, ofState);
                Pointer after = k.PointTo("after", before[Panels.Padded]);
                RecordUnits(k, SumsAt(k.LetInt("place", Place(step))), ofState, b, after, before, memory);
            }

            using (k.Loops(out Index[] unit, ("unit", Panels.Units, 1)))
            {
                Pointer y = k.PointTo("y", output[Index.Sum((direction, Panels.Units * OutputPitch), (unit[0], OutputPitch))]);
                using (k.For("t", 0, Length, 1, out IndexVariable t))
                {
                    k.Store(y[Place(t)], states[Index.Sum((t, Panels.Padded)) + unit[0]].Value);
                }
            }

            // The way back begins at the last place.
            Index Place(Index step) => step + (direction * (last - (step * 2)));
            Pointer SumsAt(Index place) =>
                k.PointTo("x", ofInput[Index.Sum((place, Directions * Panels.Sums), (direction, Panels.Sums))]);
        }
    }

    /// <summary>Records the products of the state with the weights, for the gates of all units.</summary>
    private void RecordProducts(KernelBuilder k, TileSums sums, Pointer state, Pointer weights, Pointer products)
    {
        Variable[] accumulators = Accumulators;
        using (k.Loops(out Index[] panel, ("panel", Panels.Panels, 1)))
        {
            Pointer w = k.PointTo("w", weights[Index.Sum((panel[0], Panels.Units * Panels.Width))]);
            sums.Begin(k);
            sums.Loop(k, 0, [("unit", Panels.Units, 1)], unit =>
            {
                Variable h = k.Let("h", state[unit[0]].Broadcast);
                k.Group(() =>
                {
                    for (int i = 0; i < accumulators.Length; i++)
                    {
                        k.Set(accumulators[i], k.MultiplyAdd(h, w[i * Tier.Lanes].Vector, accumulators[i]));
                    }
                });
                k.Advance((w, Panels.Width));
            });
            using KernelBuilder.Scope whole = sums.End(k);
            Pointer target = k.PointTo("target", products[Index.Sum((panel[0], Panels.Vectors * Tier.Lanes))]);
            for (int i = 0; i < accumulators.Length; i++)
            {
                k.Store(target[(i / Panels.Vectors * Panels.Padded) + (i % Panels.Vectors * Tier.Lanes)], accumulators[i]);
            }
        }
    }

    /// <summary>Records the cells of all units.</summary>
    /// <param name="x">The products with the input.</param>
    /// <param name="products">Those with the state.</param>
    /// <param name="after">Gets the states.</param>
    /// <param name="before">The states before; null at the first step.</param>
    private void RecordUnits(
        KernelBuilder k, Pointer x, Pointer products, Pointer? biases, Pointer after, Pointer? before, Pointer? memory)
    {
        using (k.Loops(out Index[] vector, ("vector", Vectors, 1)))
        {
            Index at = Index.Sum((vector[0], Tier.Lanes));
            Pointer ofInput = k.PointTo("ofInputs", x[at]), ofState = k.PointTo("ofStates", products[at]);
            Pointer? b = biases is null ? null : k.PointTo("ofUnits", biases[at]);
            Expression Biased(Expression? sum, int place) => b is null ? sum ?? 0
                : sum is null ? b[place].Vector : sum + b[place].Vector;
            int[] gates = [.. Enumerable.Range(0, Panels.Gates).Select(gate => gate * Panels.Padded)];
            RecurrentStep step = Operation.RecordStep(
                k,
                [.. gates.Select(gate => Biased(ofInput[gate].Vector, gate))],
                [.. gates.Select(gate => Biased(before is null ? null : ofState[gate].Vector, Panels.Sums + gate))],
                before is null ? null : new UnitBefore(() => before[at].Vector, () => memory![at].Vector));
            if (memory is not null)
            {
                k.Store(memory[at], step.Kept[Operation.Memory!.Value]);
            }

            k.Store(after[at], step.State);
        }
    }
}
