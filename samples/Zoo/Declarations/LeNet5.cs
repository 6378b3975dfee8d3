using Strata;
using Strata.Zoo;

namespace Zoo.Networks;

/// <summary>LeNet-5 with rectifiers and max pooling (LeCun, Bottou, Bengio and Haffner 1998).</summary>
[Network(Observable = true), Input(1, 28, 28), LeNet5(Name = ""), Softmax, CrossEntropy]
public partial class LeNet5;

/// <summary>The same as first published: sigmoids, and average pooling.</summary>
[Network, Input(1, 28, 28), LeNetSigmoid(Name = ""), Softmax, CrossEntropy]
public partial class LeNetSigmoid;
