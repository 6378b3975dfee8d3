namespace Strata.Weights.Tests;

/// <summary>The networks whose weights models.py has. Their layers have the names that the files have.</summary>
[Network, Input(3, 6, 6)]
[Conv2D(4, 3, Name = "conv"), PReLU(PerChannel = true, Name = "slope"), BatchNorm(Name = "bn", Epsilon = 1e-3), MaxPool2D(2)]
[Flatten, Dense(5, Name = "fc1"), Dropout(0.5), Dense(3, Name = "fc2")]
public partial class Picture;

/// <summary>All kinds of convolutions.</summary>
[Network, Input(2, 4, 4)]
[Conv2D(6, 3, Groups = 2, Name = "deep"), Conv2D(4, 1, Groups = 2, Name = "grouped")]
[ConvTranspose2D(5, 3, KernelWidth = 2, Name = "up"), GroupNorm(1, Name = "groups")]
[LayerNorm(OverChannels = true, Name = "pixels")]
public partial class Grids;

/// <summary>Features that become an image.</summary>
[Network, Input(3)]
[Dense(24, Name = "first"), BatchNorm(Name = "spread"), ReLU, Reshape(6, 2, 2), ConvTranspose2D(2, 3, Name = "draw")]
public partial class Generator;

/// <summary>Normalisation and slopes of flattened features.</summary>
[Network, Input(2, 3, 2)]
[Flatten, BatchNorm(Name = "stats"), PReLU(PerChannel = true, Name = "slopes"), Dense(2, Name = "head")]
public partial class Flat;

/// <summary>A table, recurrent layers and attention.</summary>
[Network, Input(1, 5)]
[Embedding(7, 4, Name = "words"), LSTM(3, Name = "memory"), GRU(2, Name = "gates"), LSTM(3, Bidirectional = true, Name = "both")]
[Attention(2, Name = "heads"), LayerNorm(OverChannels = true, Name = "norm"), Conv1D(2, 3, Name = "steps")]
public partial class Tokens;

/// <summary>Volumes.</summary>
[Network, Input(2, 3, 4, 3)]
[Conv3D(3, 3, KernelDepth = 2, KernelWidth = 1, Name = "cubes")]
[ConvTranspose3D(2, 2, KernelDepth = 1, Name = "grow")]
public partial class Volume;

/// <summary>A dense layer whose weights are bfloat16 in the file.</summary>
[Network, Input(2), Dense(3, Name = "fc")]
public partial class Shortened;

/// <summary>A normalisation that has no scale in the file.</summary>
[Network, Input(3, 2, 2), BatchNorm(Name = "bn")]
public partial class Shifted;

/// <summary>Two convolutions, one after the other.</summary>
[Network, Input(1, 6, 6), Conv2D(2, 3, Name = "a"), ReLU, Conv2D(2, 3, Name = "b")]
public partial class Chain;

/// <summary>Two convolutions of the same shapes.</summary>
[Network, Input(2, 6, 6), Conv2D(2, 3, Name = "a"), ReLU, Conv2D(2, 3, Name = "b")]
public partial class Twins;

/// <summary>Two flattened images beside each other.</summary>
[Network, Input(2, 2, 2), Branch, Flatten, Branch, Flatten, Concat, Dense(2, Name = "head")]
public partial class JoinedFeatures;

/// <summary>An image whose axes change places before it is flattened.</summary>
[Network, Input(2, 2, 2), Transpose(2, 3, 1), Flatten, Dense(2, Name = "head")]
public partial class TurnedFeatures;

/// <summary>Channels that are planes while others are added, as in ENet.</summary>
[Network, Input(2, 3, 2), Reshape(1, 2, 3, 2), Pad3D(0, PaddingBack = 1), Reshape(3, 3, 2), BatchNorm(Name = "stats")]
public partial class AddedChannels;

/// <summary>A convolution while channels are planes: Keras has them as the last axis of places.</summary>
[Network, Input(2, 3, 2), Reshape(1, 2, 3, 2), Conv3D(1, 2, Name = "cubes")]
public partial class ConvolvedChannels;

/// <summary>Factors as ConvNeXt has them, and others.</summary>
[Network, Input(2, 3, 2), Scale(Bias = false, Name = "block.layer_scale", Key = ""), ReLU, Scale(Bias = false, Name = "other")]
public partial class Scaled;

/// <summary>A gated recurrent unit.</summary>
[Network, Input(2, 3), GRU(2, Name = "gates")]
public partial class Gated;
