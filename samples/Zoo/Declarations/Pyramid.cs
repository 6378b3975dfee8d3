using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>
/// A fully convolutional segmenter (Long, Shelhamer and Darrell 2015) with a pyramid of dilated convolutions and an image-wide branch
/// (Chen, Papandreou, Schroff and Adam 2017). Pixels of class 255 are ignored.
/// </summary>
[Network, Input(3, 96, 96), Pyramid(Name = ""), CrossEntropy(IgnoreIndex = 255)]
public partial class Pyramid;
