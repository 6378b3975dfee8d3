using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>A kernel whose nest was recorded by an operator.</summary>
/// <param name="Items">Channels, or rows of all channels, by which threads can divide it; 0 if they cannot.</param>
internal sealed record LoopKernel(Tier Tier, string Purpose, Nest Nest, int Items = 0) : Kernel(Tier)
{
    public override string Summary => Purpose;

    public override Work WorkOf(IReadOnlyList<int> extents) => Items > 0 ? new(WorkAxis.Channels, Items) : Work.Whole;

    public override Nest Build() => Nest;

    // Compare references only: the nest has already been recorded, and equal kernels are found by comparing nests.
    public bool Equals(LoopKernel? other) => ReferenceEquals(Nest, other?.Nest);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(Nest);

    protected override void Record(KernelBuilder k) => k.Add(Nest.Body);
}
