namespace Strata.Weights;

/// <summary>A tensor as a safetensors file has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its numbers.</param>
internal abstract record NamedTensor(string Name, ElementType Type)
{
    /// <summary>Its extents.</summary>
    public abstract long[] Shape { get; }

    /// <summary>Its bytes.</summary>
    public abstract long Length { get; }

    /// <summary>The bytes that reading it takes, from the file or in memory.</summary>
    public abstract long Cost { get; }

    /// <summary>Where its first byte is in the file, if its bytes are there in this order; otherwise null.</summary>
    public abstract long? Place { get; }

    /// <summary>All of its bytes, if they have no <see cref="Place"/>.</summary>
    /// <param name="file">The file.</param>
    public abstract byte[] Gather(SourceFile file);
}
