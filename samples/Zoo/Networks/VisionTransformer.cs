namespace Strata.Zoo;

/// <summary>
/// ViT-B/16 (Dosovitskiy et al. 2021, table 1) with torchvision's keys, for 3×224×224. 86,567,656 parameters for 1000 classes.
/// </summary>
[Conv2D(768, 16, Stride = 16, Name = "conv_proj"), Reshape(768, -1)]
[Branch, Param(1, 768, BatchAxis = true, Name = "class_token"), Transpose(2, 1)]
[Branch]
[Concat(Axis = Axes.Width)]
[Branch]
[Branch, Param(Tokens, 768, BatchAxis = true, Deviation = 0.02, Name = "encoder.pos_embedding"), Transpose(2, 1)]
[Add]
[VitEncoderLayer(768, 12, Name = "encoder.layers.encoder_layer_{0}", Repeat = 12)]
[Slice(0, 1, Axis = Axes.Width), LayerNorm(OverChannels = true, Epsilon = 1e-6, Name = "encoder.ln")]
[Flatten, Dense(Classes, Name = "heads.head")]
public sealed class VitB16Attribute : BlockAttribute
{
    private const int Classes = 1000, Tokens = 197;

    /// <summary>Sets the parameters.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="tokens">The number of patches of 16×16 pixels, and one: 197 for 224×224 pixels.</param>
    public VitB16Attribute(int classes = Classes, int tokens = Tokens) { }
}

/// <summary>Attention, then a perceptron of four times the features for each token; the input is added to both.</summary>
[Branch]
[Branch, LayerNorm(OverChannels = true, Epsilon = 1e-6, Name = "ln_1"), Attention(Heads, Name = "self_attention")]
[Add]
[Branch]
[Branch, LayerNorm(OverChannels = true, Epsilon = 1e-6, Name = "ln_2"), Dense(4 * Features, OverChannels = true, Name = "mlp.0"), GELU,
         Dense(Features, OverChannels = true, Name = "mlp.3")]
[Add]
public sealed class VitEncoderLayerAttribute : BlockAttribute
{
    private const int Features = 768, Heads = 12;

    /// <summary>Sets the parameters.</summary>
    /// <param name="features">The features of a token.</param>
    /// <param name="heads">The number of heads, which must divide the features.</param>
    public VitEncoderLayerAttribute(int features, int heads) { }
}
