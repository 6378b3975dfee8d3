namespace Strata.Tensors.Tests;

/// <summary>A network of pictures that classifies.</summary>
[Network(Observable = true), Input(2, 6, 5)]
[Conv2D(3, 3, Padding = 1), ReLU]
[Flatten, Dense(4), Softmax, CrossEntropy]
public partial class Small;

/// <summary>A network whose output has axes.</summary>
[Network, Input(2, 6, 5)]
[Conv2D(3, 3, Padding = 1), ReLU]
public partial class Maps;

/// <summary>A network with two inputs and two outputs.</summary>
[Network]
[Input(2, 6, 5, Name = "image")]
[Input(3, Name = "facts")]
[Conv2D(3, 3, Padding = 1, Name = "conv", From = "image"), Flatten(Name = "flat")]
[Concat("flat", "facts", Name = "both"), Dense(4, Name = "scores")]
[Output("maps", From = "conv")]
[Output("scores", From = "scores")]
public partial class Two;
