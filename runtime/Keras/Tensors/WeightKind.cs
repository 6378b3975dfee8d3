namespace Strata.Weights;

/// <summary>Kinds of layers whose weights have names and orders of their own in Keras.</summary>
internal enum WeightKind
{
    /// <summary>A convolution, or a transposed one: Keras' two last axes become the first ones, in the other order.</summary>
    Convolution,

    /// <summary>A convolution of each channel by itself.</summary>
    Depthwise,

    /// <summary>A dense layer.</summary>
    Dense,

    /// <summary>Batch normalisation.</summary>
    BatchNorm,

    /// <summary>Another normalisation.</summary>
    Norm,

    /// <summary>Slopes of an activation.</summary>
    Slopes,

    /// <summary>A table of rows.</summary>
    Embedding,

    /// <summary>A long short-term memory.</summary>
    LSTM,

    /// <summary>A gated recurrent unit.</summary>
    GRU,

    /// <summary>Multi-head attention.</summary>
    Attention,

    /// <summary>A factor for each channel.</summary>
    Scale,
}
