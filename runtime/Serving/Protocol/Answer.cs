namespace Strata.Serving.Protocol;

/// <summary>An output to answer with.</summary>
/// <param name="Tensor">The output.</param>
/// <param name="Offset">Where it begins in a sample's outputs.</param>
/// <param name="IsBinary">Whether the client wants bytes behind the JSON.</param>
/// <param name="Classes">How many of the likeliest classes the client wants in place of the numbers; 0 for the numbers.</param>
internal readonly record struct Answer(TensorInfo Tensor, int Offset, bool IsBinary, int Classes)
{
    /// <summary>The type of the elements.</summary>
    public string DataType => Classes > 0 ? ClassificationOutput.DataType : Tensors.DataType;

    /// <summary>The extents behind the batch.</summary>
    public int[] Shape => Classes > 0 ? [Classes] : [.. Tensor.Shape];
}
