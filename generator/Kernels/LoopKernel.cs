using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Kernels;

/// <summary>A nest that an operator has recorded by itself.</summary>
internal sealed record LoopKernel(Tier Tier, string Purpose, Nest Nest) : Kernel(Tier)
{
    public override string Summary => Purpose;

    public override Nest Build() => Nest;

    protected override void Record(KernelBuilder k) => k.Add(Nest.Body);
}
