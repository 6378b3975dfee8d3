using Strata;

namespace Samples.Transfer;

/// <summary>Reads the digits 0 to 4, of which there are many examples.</summary>
[Network, Input(1, 28, 28), Normalize([0.1307], [0.3081])]
[Conv2D(12, 5, Padding = 2), ReLU, MaxPool2D(2)]
[Conv2D(24, 5), ReLU, MaxPool2D(2)]
[Flatten, Dense(64, Name = "dense"), ReLU]
[Dense(5), Softmax]
[CrossEntropy]
public partial class ZeroToFour;

/// <summary>
/// Reads the digits 5 to 9, of which there are few examples. It has the other network's convolutions, which know strokes and corners of any
/// digit, and stay as they are. Where its layers are for zeros to fours only, it has new ones.
/// </summary>
[Network(FreezeUntil = "head1"), Input(1, 28, 28), LayersOf(typeof(ZeroToFour), Until = "dense")]
[Dense(64, Name = "head1"), ReLU]
[Dense(5, Name = "head2"), Softmax]
[CrossEntropy]
public partial class NewHead;

/// <summary>The same layers, all of them trained: for fine-tuning, and to compare with training from scratch.</summary>
[Network, Input(1, 28, 28), LayersOf(typeof(ZeroToFour), Until = "dense")]
[Dense(64, Name = "head1"), ReLU]
[Dense(5, Name = "head2"), Softmax]
[CrossEntropy]
public partial class FiveToNine;
