using System.Collections.Generic;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>Adds floats to others that lie in the same order.</summary>
/// <param name="Vectors">The number of vectors.</param>
internal sealed record AddingKernel(Tier Tier, int Vectors) : Kernel(Tier)
{
    public override string Summary => "Adds to sums";

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Tiles, Vectors);

    protected override void Record(KernelBuilder k)
    {
        Pointer terms = k.Parameter("terms"), sums = k.Parameter("sums");
        using (k.Items(out Index[] vector, ("vector", Vectors, 1)))
        {
            Index at = Index.Sum((vector[0], Tier.Lanes));
            k.Store(sums[at], sums[at].Vector + terms[at].Vector);
        }
    }
}
