using System.Runtime.CompilerServices;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Kernels;

/// <summary>A nest that an operator has recorded itself.</summary>
internal sealed record LoopKernel(Tier Tier, string Purpose, Nest Nest) : Kernel(Tier)
{
    public override string Summary => Purpose;

    public override Nest Build() => Nest;

    // The nest is there: nothing is saved by finding out that two are alike before it is compared.
    public bool Equals(LoopKernel? other) => ReferenceEquals(Nest, other?.Nest);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(Nest);

    protected override void Record(KernelBuilder k) => k.Add(Nest.Body);
}
