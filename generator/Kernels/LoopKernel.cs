using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Kernels;

/// <summary>A nest that an operator has recorded itself.</summary>
/// <param name="Items">Channels, or rows of all channels, that threads may share; 0 where it stays whole.</param>
internal sealed record LoopKernel(Tier Tier, string Purpose, Nest Nest, int Items = 0) : Kernel(Tier)
{
    public override string Summary => Purpose;

    public override Work WorkOf(IReadOnlyList<int> extents) => Items > 0 ? new(WorkAxis.Channels, Items) : Work.Whole;

    public override Nest Build() => Nest;

    // The nest is there: nothing is saved by finding out that two are alike before it is compared.
    public bool Equals(LoopKernel? other) => ReferenceEquals(Nest, other?.Nest);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(Nest);

    protected override void Record(KernelBuilder k) => k.Add(Nest.Body);
}
