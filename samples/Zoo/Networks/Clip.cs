namespace Strata.Zoo;

/// <summary>
/// The image half of CLIP ViT-B/32 (Radford et al. 2021) for 3×224×224: 512 features, not divided by their length. 87,849,216 parameters.
/// <c>Name = "visual"</c> gives OpenAI's keys. If the file has the text half, too, load it with <c>Strict = false</c>.
/// </summary>
[Conv2D(768, 32, Stride = 32, Bias = false, Name = "conv1"), Reshape(768, -1)]
[Branch, Param(768, Deviation = 0.036, Name = "class_embedding"), Reshape(768, 1)]
[Branch]
[Concat(Axis = Axes.Width)]
[Branch]
[Branch, Param(Tokens, 768, Deviation = 0.036, Name = "positional_embedding"), Transpose(2, 1)]
[Add, LayerNorm(OverChannels = true, Name = "ln_pre"), ClipEncoderLayer(768, 12, Name = "transformer.resblocks", Repeat = 12)]
[Slice(0, 1, Axis = Axes.Width), LayerNorm(OverChannels = true, Name = "ln_post")]
[Param(768, 512, Deviation = 0.036, Name = "proj"), MatMul("ln_post", "proj", TransposeA = true), Flatten]
public sealed class ClipImageEncoderAttribute : BlockAttribute
{
    private const int Size = 224, Tokens = (Size / 32 * (Size / 32)) + 1;

    /// <summary>Sets the parameter.</summary>
    /// <param name="size">The height and the width of the input, a multiple of 32: 224 for published weights.</param>
    public ClipImageEncoderAttribute(int size = Size) { }
}

/// <summary>Attention, then a perceptron of four times the features for each token; the input is added to both.</summary>
[Branch]
[Branch, LayerNorm(OverChannels = true, Name = "ln_1"), Attention(Heads, Name = "attn")]
[Add]
[Branch]
[Branch, LayerNorm(OverChannels = true, Name = "ln_2"), Dense(4 * Features, OverChannels = true, Name = "mlp.c_fc"), QuickGELU,
         Dense(Features, OverChannels = true, Name = "mlp.c_proj")]
[Add]
public sealed class ClipEncoderLayerAttribute : BlockAttribute
{
    private const int Features = 768, Heads = 12;

    /// <summary>Sets the parameters.</summary>
    /// <param name="features">The features of a token.</param>
    /// <param name="heads">The number of heads, which must divide the features.</param>
    public ClipEncoderLayerAttribute(int features, int heads) { }
}
