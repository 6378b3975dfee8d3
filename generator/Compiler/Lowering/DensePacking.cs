using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>The packing of a dense layer's weights: [panel][I][P·v]. A panel is what one pass over the inputs computes.</summary>
internal sealed record DensePacking(int Inputs, int Panels, int PanelVectors, int Lanes)
{
    public int PanelWidth => PanelVectors * Lanes;

    public int PanelPitch => checked(Inputs * PanelWidth);

    public int Width => Panels * PanelWidth;

    public int Length => checked(Panels * PanelPitch);

    /// <summary>The address of the weights of an output feature.</summary>
    public ChannelAddress Output => Panels == 1 ? new ChannelAddress(1) : new ChannelAddress(PanelPitch, PanelWidth);

    /// <summary>The weights of a vector of output features.</summary>
    public ChannelAddress OutputVector => Panels == 1 ? new ChannelAddress(Lanes) : new ChannelAddress(PanelPitch, PanelVectors, Lanes);

    /// <summary>
    /// Panels are made equal, since the last one would otherwise be mostly padding.
    /// </summary>
    public static DensePacking Create(int outputs, int inputs, Tier tier)
    {
        int vectors = Arithmetic.CeilingDivide(outputs, tier.Lanes);
        int panels = Arithmetic.CeilingDivide(vectors, tier.PanelVectors);
        return new DensePacking(inputs, panels, Arithmetic.CeilingDivide(vectors, panels), tier.Lanes);
    }

    public EquatableArray<EquatableArray<PackedDimension>> Axes() => EquatableArray.Of(
        EquatableArray.Of(new PackedDimension(Panels, PanelPitch), new PackedDimension(PanelWidth, 1)),
        EquatableArray.Of(new PackedDimension(Inputs, PanelWidth)));
}
