using Strata.Generator.Printing;

namespace Strata.Generator.Kernels;

/// <summary>A kernel whose text an operator has written by itself.</summary>
/// <param name="Helpers">Methods that the text calls.</param>
internal sealed record LoopKernel(Tier Tier, string Purpose, string ParameterList, string Text, EquatableArray<string> Helpers) : Kernel(Tier)
{
    public override string Summary => Purpose;

    public override string Parameters => ParameterList;

    public override void WriteBody(SourceWriter writer)
    {
        foreach (string helper in Helpers)
        {
            writer.Require(helper);
        }

        writer.Lines(Text);
    }
}
