namespace Strata.Zoo;

/// <summary>
/// DINOv2's ViT-S/14 (Oquab et al. 2023) with Meta's keys: 384 features of a picture. 22,056,192 parameters at 3×518×518, where
/// <c>pos_embed</c> has the published shape, and 21,628,800 at 3×224×224. Nothing here reads the published <c>mask_token</c>: load it with
/// <c>Strict = false</c>.
/// </summary>
[Conv2D(384, 14, Stride = 14, Name = "patch_embed.proj"), Reshape(384, -1)]
[Branch, Param(1, 384, BatchAxis = true, Deviation = 1e-6, Name = "cls_token"), Transpose(2, 1)]
[Branch]
[Concat(Axis = Axes.Width)]
[Branch]
[Branch, Param(Tokens, 384, BatchAxis = true, Deviation = 0.02, Name = "pos_embed"), Transpose(2, 1)]
[Add, DinoEncoderLayer(384, 6, Name = "blocks", Repeat = 12)]
[Slice(0, 1, Axis = Axes.Width), LayerNorm(OverChannels = true, Epsilon = 1e-6, Name = "norm"), Flatten]
public sealed class DinoV2SmallAttribute : BlockAttribute
{
    private const int Size = 224, Tokens = (Size / 14 * (Size / 14)) + 1;

    /// <summary>Sets the parameter.</summary>
    /// <param name="size">The height and the width of the input, a multiple of 14.</param>
    public DinoV2SmallAttribute(int size = Size) { }
}

/// <summary>Attention, then a perceptron of four times the features, each with a learned scale; the input is added to both.</summary>
[Branch]
[Branch, LayerNorm(OverChannels = true, Epsilon = 1e-6, Name = "norm1"), Dense(3 * Features, OverChannels = true, Name = "attn.qkv")]
[Split(0, 3, Name = "q"), Split(1, 3, From = "attn.qkv", Name = "k"), Split(2, 3, From = "attn.qkv", Name = "v")]
[ScaledDotProductAttention("q", "k", "v", Heads = Heads), Dense(Features, OverChannels = true, Name = "attn.proj")]
[Scale(Bias = false, Initial = 1e-5, Name = "ls1", Key = "gamma"), Add]
[Branch]
[Branch, LayerNorm(OverChannels = true, Epsilon = 1e-6, Name = "norm2"), Dense(4 * Features, OverChannels = true, Name = "mlp.fc1"), GELU,
         Dense(Features, OverChannels = true, Name = "mlp.fc2"), Scale(Bias = false, Initial = 1e-5, Name = "ls2", Key = "gamma")]
[Add]
public sealed class DinoEncoderLayerAttribute : BlockAttribute
{
    private const int Features = 384, Heads = 6;

    /// <summary>Sets the parameters.</summary>
    /// <param name="features">The features of a token.</param>
    /// <param name="heads">The number of heads, which must divide the features.</param>
    public DinoEncoderLayerAttribute(int features, int heads) { }
}
