using Strata.Generator.Printing;

namespace Strata.Generator.Kernels;

/// <summary>
/// A loop nest with every extent and address resolved. Two steps whose kernels write the same text share one method.
/// </summary>
internal abstract record Kernel(Tier Tier)
{
    /// <summary>What it does, in a line above the method.</summary>
    public abstract string Summary { get; }

    /// <summary>The parameters of the method, in the order of the step's arguments.</summary>
    public abstract string Parameters { get; }

    /// <summary>The body of the method. <c>Vector</c> and <c>Simd</c> are the tier's vector type and its class of operations.</summary>
    public abstract void WriteBody(SourceWriter writer);
}
