namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>How often a kernel computes, reads and writes. Arithmetic of offsets is not counted.</summary>
/// <param name="MultiplyAdds">Fused or not.</param>
/// <param name="Others">Operations that are no multiply-adds; a function is one.</param>
/// <param name="Loads">From memory.</param>
/// <param name="Stores">To memory.</param>
internal readonly record struct Operations(long MultiplyAdds, long Others, long Loads, long Stores)
{
    public static readonly Operations MultiplyAdd = new(1, 0, 0, 0), Other = new(0, 1, 0, 0), Load = new(0, 0, 1, 0),
        Store = new(0, 0, 0, 1);

    public static Operations operator +(Operations a, Operations b) =>
        new(a.MultiplyAdds + b.MultiplyAdds, a.Others + b.Others, a.Loads + b.Loads, a.Stores + b.Stores);

    public static Operations operator *(Operations a, long times) =>
        new(a.MultiplyAdds * times, a.Others * times, a.Loads * times, a.Stores * times);
}
