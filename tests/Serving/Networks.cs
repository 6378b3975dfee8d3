namespace Strata.Serving.Tests;

/// <summary>A small network of one input and one output.</summary>
[Network, Input(1, 6, 6), Conv2D(4, 3), ReLU, Flatten, Dense(3), Softmax, CrossEntropy]
public sealed partial class Small;

/// <summary>A network of four sizes, whose output is as large as its input.</summary>
[Network, Input(3, 16, 16), Sizes(Height = new[] { 8 }, Width = new[] { 8, 16, 24 }), Conv2D(4, 3, Padding = 1), ReLU, Conv2D(2, 1)]
public sealed partial class Mapped;

/// <summary>Two inputs and two outputs.</summary>
[Network]
[Input(2, 3, 3, Name = "map"), Input(4, Name = "features")]
[Flatten(From = "map"), Concat("flatten1", "features"), Dense(5, Name = "shared"), ReLU]
[Dense(2, Name = "first"), Output("scores")]
[Dense(3, Name = "second", From = "relu1"), Output("boxes")]
public sealed partial class Several;
