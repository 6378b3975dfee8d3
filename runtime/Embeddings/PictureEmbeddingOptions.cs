using System;

namespace Strata.Embeddings;

/// <summary>How pictures become vectors.</summary>
public sealed record PictureEmbeddingOptions
{
    /// <summary>
    /// Whether each vector is divided by its Euclidean length, so that the product of two vectors is the cosine between them. Default true.
    /// </summary>
    public bool Normalize { get; init; } = true;

    /// <summary>
    /// The most pictures that a call of the network gets; default 16. Larger batches are seldom faster, and their inputs need more memory:
    /// 9.6 MB for 16 pictures of 3×224×224.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int BatchSize
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(BatchSize), value, "Must be 1 or more.");
    } = 16;

    /// <summary>
    /// What embeddings and metadata call the model. Default: the network's name. Vectors of different models or weights cannot be compared,
    /// so name the weights, too, if the vectors are kept.
    /// </summary>
    public string? ModelId { get; init; }

    /// <summary>The output that has the vector. Default: the network's only one.</summary>
    public string? Output { get; init; }

    /// <summary>Whether the generator disposes of the network, when it is disposed of. Default false.</summary>
    public bool OwnsNetwork { get; init; }
}
