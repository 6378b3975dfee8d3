using System;

namespace Strata.Weights;

/// <summary>A named tensor of a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its numbers.</param>
/// <param name="Storage">The bytes of its storage.</param>
/// <param name="Layout">Which of the storage's numbers are its own.</param>
internal sealed record StoredTensor(string Name, ElementType Type, FileRegion Storage, TensorLayout Layout) : NamedTensor(Name, Type)
{
    public override long[] Shape => Layout.Shape;

    public override long Length => Layout.Count * Type.Size;

    public override long Cost => long.Max(Layout.Count, Layout.Span) * Type.Size;

    public override long? Place => Layout.IsContiguous ? Begin : null;

    private long Begin => Storage.Begin + (Layout.Offset * Type.Size);

    public override byte[] Gather(SourceFile file)
    {
        if (long.Max(Length, Layout.Span * Type.Size) > Array.MaxLength)
        {
            throw new DamagedFileException($"it is not contiguous, and has {MessageText.Count(Cost, "byte")}; at most {Array.MaxLength} "
                + "can be put in order. In PyTorch, .contiguous() does so.", Name);
        }

        byte[] source = new byte[Layout.Span * Type.Size], target = new byte[Length];
        file.Read(Begin, source);
        Layout.Gather(source, Type.Size, target);
        return target;
    }
}
