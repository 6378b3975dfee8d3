namespace Strata.Embeddings.Tests;

/// <summary>A network whose output is a vector.</summary>
[Network, Input(3, 32, 32)]
[Conv2D(16, 5, Stride = 2, Padding = 2), ReLU]
[Conv2D(32, 3, Stride = 2, Padding = 1), ReLU]
[MaxPool2D(2), Flatten, Dense(24)]
public partial class Encoder;

/// <summary>A network of grey pictures whose vector has axes of extent 1.</summary>
[Network, Input(1, 16, 20)]
[Conv2D(6, 3), ReLU, GlobalAveragePool2D]
public partial class GreyEncoder;

/// <summary>A network whose output is no vector.</summary>
[Network, Input(3, 32, 32)]
[Conv2D(4, 3)]
public partial class Maps;

/// <summary>A network whose second output is a vector.</summary>
[Network, Input(3, 32, 32)]
[Conv2D(4, 3, Name = "conv"), GlobalAveragePool2D, Flatten(Name = "vector")]
[Output("maps", From = "conv")]
[Output("features", From = "vector")]
public partial class TwoOutputs;
